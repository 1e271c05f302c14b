"""A process among several that do what comes to their mind on the same cases: `python crowd.py URL SEED COMMANDS`.

What it prints is each code with which it was refused, and how often.
"""

import random
import sys
from collections import Counter
from datetime import date
from decimal import Decimal

from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import GuikouError, StoreError
from guikou.engine.supervision.imported import RowRead, Source
from guikou.engine.supervision.query import Query

BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
JOINT = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}


def begin(office, cases):
    for n in range(cases):
        office.register(Organization(f"A{n:03}", f"学校{n}", "110105", FACTS))
    for n in range(0, cases - 1, 10):
        joint = Organization(f"{'0' if n % 20 else 'Z'}{n}", "联合", "110105", JOINT)
        office.found(joint, [f"A{n:03}", f"A{n + 1:03}"], by=BY, evidence={"joint_agreement": "1"})


def work(office, draw, cases):
    """One command, of any kind."""
    id, other = (f"A{draw.randrange(cases):03}" for _ in range(2))
    group = draw.choice([case.id for case in office.store.cases(Query(types=frozenset(["joint"])))])
    facts = {draw.choice(["employees", "party_members", "weak"]): draw.randrange(4)}
    if "weak" in facts:
        facts = {"weak": draw.random() < 0.5}
    trigger, evidence = draw.choice([
        ("send_guide", {"guide_letter": "1"}), ("prepare", {}), ("join", {"joint_agreement": "1"}),
        ("establish", {"approval_document": "1"}), ("find_weak", {"finding_report": "1"}), ("confirm_finding", {}),
        ("return_application", {}), ("fall_back", {}),
        ("deregister", {"deregistration_record": "1"}) if draw.random() < 0.2 else ("prepare", {}),
    ])  # fmt: skip
    request = {"request_id": f"r{draw.randrange(400)}"} if draw.random() < 0.2 else {}
    choice = draw.randrange(24)
    if choice < 5:
        office.report(id, facts, by=BY, **request)
    elif choice < 8:
        office.advance(id, trigger, by=BY, evidence=evidence, **request)
    elif choice == 8:
        office.join(id, group, by=BY, evidence={"joint_agreement": "1"}, **request)
    elif choice == 9:
        office.leave(id, group, by=BY, reason="改组", **request)
    elif choice == 10:
        office.remark(id, f"与 {other} 同批", by=BY, **request)
    elif choice == 11:
        office.sweep()
    elif choice < 18:
        mend(office, draw, id, other, request)
    else:
        more(office, draw, id, request)


def more(office, draw, id, request):
    """One command of those that are seldom given."""
    match draw.randrange(12):
        case 0:
            office.gate(id, "annual_inspection", by="chaoyang-registration", **request)
        case 1:
            told = {"value": "qualified", "evidence": {"inspection_report": "1"}}
            office.tell(id, "annual_inspection", "inspected", by="chaoyang-registration", **told, **request)
        case 2:
            office.record(
                id, "allowance_paid", amount=Decimal(draw.randrange(1, 99)), evidence={"voucher": "1"}, by="beijing"
            )
        case 3:
            records = office.records(id)
            office.strike(id, draw.choice(records).seq if records else 1, reason="重复", by="beijing", **request)
        case 4:
            office.block(id, "coverage", clear=draw.random() < 0.5, by="beijing", **request)
        case 5:
            papers = {"inspection_report": "1", "party_building_report": "1"}
            office.meet(id, "inspection", by="beijing", outcome="qualified", evidence=papers, **request)
        case 6:
            given = {"evidence": {"postponement_approval": "1"}, "reason": "疫情"}
            office.postpone(id, "change_of_term", by="beijing", **given, **request)
        case 7:
            lacking = {name: value for name, value in FACTS.items() if name != "industry"}
            rows = [
                RowRead(line, f"I{draw.randrange(400)}", "新学校", "110105", draw.choice([FACTS, lacking]))
                for line in (2, 3, 4)
            ]
            run = office.intake.begin(Source("x.csv", str(draw.random()), 1), 3, park=True)
            list(run.take(rows))
        case 8:
            office.intake.undo(draw.randint(1, 20), reason="误导入")
        case 9:
            office.recount()
        case _:
            waiting = office.intake.parked()
            parked = draw.choice(waiting).id if waiting else id
            if draw.random() < 0.7:
                office.intake.complete(parked, {"industry": "education"}, by="beijing")
            else:
                office.intake.drop(parked, reason="已注销")


def mend(office, draw, id, other, request):
    """One command on what happened before."""
    seq = draw.randint(1, office.get(id).case.revision)
    by = draw.choice([BY, "beijing"])
    match draw.randrange(8):
        case 0:
            office.same(id, other, reason="重复登记", by="beijing", **request)
        case 1:
            office.rename(id, f"{id}-{draw.randrange(99)}", reason="换证", by="beijing", **request)
        case 2:
            office.correct(id, seq, never=True, reason="误报", by=by, **request)
        case 3:
            office.correct(id, seq, because="另有文件", reason="误写", by=by, **request)
        case 4:
            office.correct(id, seq, facts={"employees": draw.randrange(90)}, reason="误写", by=by, **request)
        case 5:
            office.reopen(id, reason="误注销", by=by, **request)
        case _:
            office.erase(id, seq, reason="含个人信息", by=by, **request)


def run(url, seed, commands):
    store = SqlStore(url, busy_timeout=30)
    office = Supervision.open(store)
    cases = sum(case.id.startswith("A") for case in store.cases(Query()))
    draw, codes = random.Random(seed), Counter()
    for _ in range(commands):
        try:
            work(office, draw, cases)
        except GuikouError as error:
            codes[error.code] += 1
            if isinstance(error, StoreError):
                sys.stderr.write(f"{error.line('en')}\n")
    store.close()
    return codes


if __name__ == "__main__":
    sys.stdout.write(repr(dict(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
