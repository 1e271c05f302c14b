"""guikou inside another program: register an organisation, advance its case, list what is overdue.

Run it: python examples/embed.py
"""

from datetime import date

from guikou import workflows
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import GuardNotMet, GuikouError


def main(url: str = "sqlite://") -> None:
    policy = workflows.load("beijing-2015")
    store = SqlStore(url)
    store.create()
    office = Supervision.activate(policy, store)  # proves it first

    school = Organization(
        id="52110105MJ0123456N",
        name="朝阳区启明培训学校（样例）",
        area="110105",
        facts={
            "registered_as": "private_non_enterprise",
            "registered_at": "district",
            "industry": "education",
            "employees": 42,
            "party_members": 5,
            "has_organization": False,
        },
    )
    case = office.register(school, when=date(2016, 1, 4))
    print(case.responsible.name, case.stage, case.due)  # industry before territory

    by = "chaoyang-education"
    office.advance(case.id, "apply", by=by, evidence={"application": "2016-3"}, when=date(2016, 2, 1))
    case = office.advance(
        case.id, "establish", by=by, evidence={"approval_document": "2016-12"}, when=date(2016, 3, 1), request_id="a1"
    )
    print(case.state, case.due)

    office.report(
        case.id, {"regular_life": False, "terms_kept": True, "records_kept": True}, by=by, when=date(2016, 4, 1)
    )
    try:
        office.advance(case.id, "apply_review", by=by, when=date(2016, 5, 4))
    except GuardNotMet as refusal:
        print(refusal.code, "|", refusal.message("en"))
    try:
        office.advance(
            case.id, "find_weak", by="haidian-education", evidence={"finding_report": "x"}, when=date(2016, 5, 4)
        )
    except GuikouError as refusal:
        print(refusal.code, "|", refusal.message("zh"))

    office.advance(case.id, "find_weak", by=by, evidence={"finding_report": "2016-40"}, when=date(2016, 6, 1))
    for late in office.overdue(stage="rectify", under="beijing", as_of=date(2016, 12, 31)):
        print(late.name, late.state, late.days_overdue, "->", late.escalates_to.id if late.escalates_to else "-")
    for event in office.history(case.id):
        print(event.seq, event.kind, event.trigger or "", event.hash[:8])
    store.close()


if __name__ == "__main__":
    main()
