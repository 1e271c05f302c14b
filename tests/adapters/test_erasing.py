"""Texts that are erased: gone from wherever they were kept, while the record stays what it was, on every store."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from guikou.adapters.keys import new_key, verified
from guikou.engine import GuikouError, Organization, Supervision, fold
from guikou.engine.cases.canonical import dumps
from guikou.engine.cases.texts import ERASED
from guikou.engine.errors import (
    MayNotAct,
    NoRetention,
    NotErasable,
    ReasonMissing,
    RequestErased,
    RequestReused,
)
from guikou.engine.policy.files.load import parse
from guikou.engine.supervision.imported import RowRead, Source

BY, ABOVE, REGISTRY = "chaoyang-education", "beijing-education", "chaoyang-registration"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip
SECRET = "张三的身份证"


@pytest.fixture
def office(policy, store):
    office = Supervision(policy, store)
    office.register(Organization("A", "学校A", "110105", FACTS))
    office.advance("A", "apply", by=BY, evidence={"application": SECRET}, request_id="r")
    office.remark("A", SECRET, by=BY)
    return office


def held(store):
    """All texts in a database, in whatever column."""
    if not hasattr(store, "database"):
        return ""
    found = []
    with store.database.whole() as connection:
        for table in (
            *("events", "texts", "requests", "cases", "organizations", "notices", "imports"),
            *("import_rows", "parked", "duties"),
        ):
            found += [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(found)


def audited(store):
    if not hasattr(store, "audit"):
        return []
    return [(one.code, one.case, one.seq) for one in store.audit(verified).findings()]


def test_it_is_gone_with_its_request_and_the_history_stays_what_it_was(office, store):
    before = store.events("A")
    case = office.erase("A", 2, reason="误写个人信息", by=BY).case
    office.erase("A", 3, reason="误写个人信息", by=ABOVE)
    after = store.events("A")
    assert [one.hash for one in after[:3]] == [one.hash for one in before]
    assert (after[1].evidence, after[2].reason) == ({"application": ERASED}, ERASED)
    assert [one.erases for one in after[3:]] == [((2, "/evidence/application"),), ((3, "/reason"),)]
    assert store.get("A") == fold(after)
    assert case.state == "build.approving"
    assert SECRET not in held(store)
    assert audited(store) == []
    if hasattr(store, "differences"):
        assert list(store.differences()) == []
    with pytest.raises(RequestErased):
        office.advance("A", "apply", by=BY, evidence={"application": SECRET}, request_id="r")


def test_nothing_of_it_is_left_in_the_file(policy, new_store):
    store = new_store("sqlite")
    office = Supervision(policy, store)
    office.register(Organization("A", "学校A", "110105", FACTS))
    office.remark("A", SECRET * 300, by=BY)  # it takes pages of its own
    office.remark("A", SECRET, by=BY)
    office.erase("A", 2, reason="x", by=BY)
    office.erase("A", 3, reason="x", by=BY)
    path = store.database._engine.url.database
    store.close()
    for one in (path, f"{path}-wal"):
        try:
            with open(one, "rb") as file:
                assert SECRET.encode() not in file.read(), one
        except FileNotFoundError:
            pass  # there is no log any more


def test_it_is_refused_where_there_is_nothing_to_erase_and_nothing_changes(office, store):
    office.erase("A", 3, reason="x", by=BY)
    before = store.events("A")
    for error, seq, more in (
        (NotErasable, 1, {"by": "beijing"}),
        (NotErasable, 3, {}),
        (NotErasable, 9, {}),
        (NotErasable, 2, {"texts": ["reason"]}),
        (MayNotAct, 2, {"by": "haidian-education"}),
        (ReasonMissing, 2, {"reason": " "}),
    ):
        with pytest.raises(error):
            office.erase("A", seq, **{"reason": "x", "by": BY} | more)
    assert store.events("A") == before


def test_the_same_request_erases_once(office, store):
    asked = {"reason": "x", "by": BY, "request_id": "e"}
    first = office.erase("A", 2, **asked)
    assert office.erase("A", 2, **asked).case == first.case
    assert len(store.events("A")) == 4


def test_what_was_decided_anew_loses_it_too_and_a_later_correction_stands(office, store):
    office.correct("A", 1, facts={"employees": 7}, reason="数错", by="beijing")
    assert [one.reason for one in store.events("A")].count(SECRET) == 2
    office.erase("A", 3, reason="x", by=BY)
    office.erase("A", 2, reason="x", by=BY)
    assert SECRET not in held(store)
    office.correct("A", 5, facts={"employees": 8}, reason="再数错", by="beijing")
    assert office.get("A").case.facts["employees"] == 8
    assert store.get("A") == fold(store.events("A"))
    assert audited(store) == []
    assert SECRET not in held(store)


def test_what_was_told_at_a_gate_goes_from_the_case_too_and_from_the_one_that_carries_it_on(policy, store):
    office = Supervision(policy, store)
    facts = {
        **FACTS, "registered_as": "applicant", "incubating": True, "party_members": 2, "guide_sent": False,
        "investigated": False,
    }  # fmt: skip
    office.register(Organization("P", "筹", "110105", facts))
    office.gate("P", "incubation", by=REGISTRY)
    office.tell("P", "incubation", "admitted", by=REGISTRY, evidence={"incubation_agreement": SECRET})
    office.advance("P", "graduate", by=REGISTRY, evidence={"incubation_report": "1"})
    office.gate("P", "registration", by=REGISTRY)
    office.tell("P", "registration", "registered", by=REGISTRY, evidence={"registration_decision": "1"})
    registered = {"registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education"}
    office.register(Organization("N", "N", "110105", registered), continues="P")
    before = {id: [one.hash for one in store.events(id)] for id in "PN"}
    told = next(one.seq for one in store.events("P") if one.outcome == "admitted")
    office.erase("P", told, reason="x", by=REGISTRY)
    assert SECRET not in held(store)
    for id, hashes in before.items():
        events = store.events(id)
        assert [one.hash for one in events[: len(hashes)]] == hashes
        assert SECRET not in str(events) + repr([one.changes for one in events])
        assert store.get(id) == fold(events)
    assert audited(store) == []


def test_seals_and_proofs_of_before_stay(office, sql_store, policy, tmp_path):
    office = Supervision(policy, sql_store)
    office.register(Organization("A", "学校A", "110105", FACTS))
    office.remark("A", SECRET, by=BY, request_id="q")
    key = new_key(tmp_path / "key.pem")
    sql_store.sealing.begin_key(key)
    sql_store.sealing.seal(key)
    proof = sql_store.audit(verified).prove("A", 2)
    assert list(proof["texts"]) == ["/reason"]
    office.erase("A", 2, reason="x", by=BY)
    sql_store.sealing.seal(key)
    assert audited(sql_store) == []
    again = sql_store.audit(verified).prove("A", 2)
    assert again["event"] == proof["event"]
    assert again["texts"] == {}


def test_a_text_that_goes_without_an_erasure_is_found_and_one_that_comes_back(office, sql_store, policy):
    office = Supervision(policy, sql_store)
    office.register(Organization("A", "学校A", "110105", FACTS))
    office.remark("A", SECRET, by=BY)
    office.remark("A", "好", by=BY)
    with sql_store.database.whole() as connection:
        (content,) = connection.execute(text("SELECT content FROM texts WHERE seq = 2")).one()
        connection.execute(text("DELETE FROM texts WHERE seq = 2"))
    assert audited(sql_store) == [("text-gone", "A", 2)]
    put = text("INSERT INTO texts VALUES ('A', 2, :content)")
    with sql_store.database.whole() as connection:
        connection.execute(put, {"content": content.replace("张三", "李四")})
    assert audited(sql_store) == [("text-changed", "A", 2)]
    assert [one.column for one in sql_store.differences()] == ["2"]
    with sql_store.database.whole() as connection:
        connection.execute(text("DELETE FROM texts WHERE seq = 2"))
        connection.execute(put, {"content": content})
    assert audited(sql_store) == []
    office.erase("A", 2, reason="x", by=BY)
    with sql_store.database.whole() as connection:
        connection.execute(put, {"content": content})
    assert audited(sql_store) == [("text-there", "A", 2)]
    with sql_store.database.whole() as connection:
        connection.execute(text("DELETE FROM texts WHERE seq = 2"))
        connection.execute(text("UPDATE requests SET command = NULL, salt = NULL WHERE kind = 'register'"))
    assert [code for code, *_ in audited(sql_store)] == ["request-changed"]


def test_why_an_import_was_undone_goes_with_it(policy, store):
    office = Supervision(policy, store)
    source = Source("名单.csv", "d", 1)
    assert len(list(office.intake.begin(source, 1).take([RowRead(2, "A", "民办园", "110105", FACTS)]))) == 1
    office.intake.undo(1, reason=SECRET)
    assert [one.kind for one in store.events("A")] == ["opened", "withdrawn"]
    office.erase("A", 2, reason="x", by="beijing")
    assert office.intake.imports()[0].undone_because == ERASED
    assert SECRET not in held(store)
    assert store.get("A").withdrawn is not None
    office.register(Organization("A", "学校A", "110105", FACTS))
    assert store.get("A") == fold(store.events("A"))


# --- retention -------------------------------------------------------------------------------------------------------


def kept_for(policy, years):
    files = dict(policy.files)
    files["policy.yaml"] += f"\nretention: {years} years\n"
    return parse(files)


@pytest.fixture
def closed(policy, store, monkeypatch):
    """A case that is closed, and one that is not, under a policy that keeps texts for three years."""
    own = kept_for(policy, 3)
    office = Supervision.activate(own, store)
    for id in "AB":
        office.register(Organization(id, f"学校{id}", "110105", FACTS))
        office.advance(id, "apply", by=BY, evidence={"application": SECRET})
    office.advance("A", "deregister", by=BY, evidence={"deregistration_record": SECRET})
    office.remark("A", SECRET, by=BY)
    monkeypatch.setattr(store, "now", lambda: datetime(2019, 1, 5, 4, tzinfo=UTC))
    return office


def test_what_is_kept_no_longer_is_listed_and_erased(closed, store):
    (one,) = closed.expire(dry_run=True).expired
    assert (one.view.id, one.closed, one.until, one.texts) == ("A", date(2016, 1, 4), date(2019, 1, 4), 3)
    assert closed.expire(dry_run=True, when=date(2019, 1, 4)).expired == ()
    before = store.events("A")
    assert before[1].evidence == {"application": SECRET}
    assert [one.texts for one in closed.expire().expired] == [3]
    after = store.events("A")
    assert (after[-1].kind, after[-1].retention, after[-1].reason) == ("erased", "3 years", "")
    assert SECRET not in repr([one.texts() for one in after])
    assert store.events("B")[1].evidence == {"application": SECRET}
    assert closed.expire().expired == ()
    assert audited(store) == []
    assert store.get("A") == fold(after)


def test_one_that_fails_says_so_and_hinders_no_other(closed, store, monkeypatch):
    closed.advance("B", "deregister", by=BY, evidence={"deregistration_record": "1"}, when=date(2016, 1, 4))
    if not hasattr(store, "database"):
        pytest.skip("memory has nothing to refuse")
    with store.database.whole() as connection:
        connection.execute(text("UPDATE texts SET content = '[' WHERE case_id = 'A' AND seq = 2"))
    found = closed.expire()
    assert [one.view.id for one in found.expired] == ["B"], found.failed
    assert [(id, error.code) for id, error in found.failed] == [("A", "damaged")]


def test_a_policy_that_says_nothing_of_it_keeps_them(office):
    with pytest.raises(NoRetention):
        office.expire(dry_run=True)


# --- whatever was written, by whoever may, wherever it went ----------------------------------------------------------


@pytest.fixture
def two(policy, store, monkeypatch):
    """Two schools, and a clock that goes on by a second with each look."""
    office = Supervision(policy, store)
    seconds = itertools.count()
    monkeypatch.setattr(store, "now", lambda: datetime(2016, 1, 4, 4, tzinfo=UTC) + timedelta(seconds=next(seconds)))
    for id in "AB":
        office.register(Organization(id, f"学校{id}", "110105", FACTS))
    return office


def of_kind(store, id, kind):
    return [one.seq for one in store.events(id) if one.kind == kind]


def nowhere(store, *ids):
    """That the secret is nowhere, and the record as sound as before."""
    assert SECRET not in held(store)
    for id in ids:
        events = store.events(id)
        assert SECRET not in repr([(one.reason, one.evidence, one.changes) for one in events])
        assert store.get(id) == fold(events)
    assert audited(store) == []
    if hasattr(store, "differences"):
        assert list(store.differences()) == []


def test_what_is_told_of_another_day_is_the_same_text(two, store):
    two.remark("A", SECRET, by=BY)
    two.report("A", {"employees": 7}, by=BY, reason=SECRET)
    two.correct("A", 3, facts={"employees": 8}, reason="数错", by=BY)
    two.erase("A", 2, reason="x", by=BY)
    two.erase("A", of_kind(store, "A", "reported")[-1], reason="x", by=BY)
    nowhere(store, "A")


def test_why_two_are_one_goes_from_both(two, store):
    two.same("A", "B", reason=SECRET, by=BY)
    two.erase("A", of_kind(store, "A", "same")[0], reason="x", by=BY)
    nowhere(store, "A", "B")


def test_why_two_were_one_by_mistake_goes_from_both_too(two, store):
    two.same("A", "B", reason=SECRET, by=BY)
    two.correct("A", of_kind(store, "A", "same")[0], never=True, reason="误并", by=BY)
    two.erase("B", of_kind(store, "B", "merged")[0], reason="x", by=BY)
    nowhere(store, "A", "B")


def test_what_one_command_says_of_several_goes_from_all(two, store):
    joint = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    two.found(Organization("J", "联合", "110105", joint), ["A", "B"], by=BY, evidence={"joint_agreement": SECRET})
    two.erase("B", of_kind(store, "B", "joined")[0], reason="x", by=BY)
    nowhere(store, "A", "B", "J")


def test_why_an_import_of_several_was_undone_goes_from_all(policy, store):
    office = Supervision(policy, store)
    rows = [RowRead(line, id, "园", "110105", FACTS) for line, id in enumerate("AB", 2)]
    assert len(list(office.intake.begin(Source("名单.csv", "d", 2), 2).take(rows))) == 2
    office.intake.undo(1, reason=SECRET)
    office.erase("A", 2, reason="x", by="beijing")
    nowhere(store, "A", "B")
    assert office.intake.imports()[0].undone_because == ERASED


def test_what_others_wrote_stays(two, store):
    two.remark("A", SECRET, by=BY)
    two.remark("A", SECRET, by=ABOVE)
    two.report("A", {"employees": 7}, by="beijing", evidence={"employees": SECRET})
    two.report("A", {"employees": 7}, by=BY, evidence={"employees": SECRET})
    two.erase("A", 2, reason="x", by=BY)
    assert store.events("A")[2].reason == SECRET
    with pytest.raises(MayNotAct):
        two.erase("A", 3, reason="x", by=BY)
    with pytest.raises(MayNotAct):
        two.erase("A", 4, reason="x", by=BY)
    two.erase("A", 5, reason="x", by=BY)
    assert store.events("A")[3].evidence == {"employees": SECRET}


def test_of_a_pair_that_is_told_together_each_erases_its_own(two, store):
    two.report(
        "A", {"registered_on": date(2010, 5, 1), "investigated": False, "inspection": "qualified", "penalised": False}
    )
    two.gate("A", "annual_inspection", by=REGISTRY)
    told = {"when": date(2016, 1, 4)}
    two.tell(
        "A",
        "annual_inspection",
        "organization_inspected",
        by=BY,
        evidence={"party_building_report": "他人之言"},
        **told,
    )
    first = store.events("A")[-1].seq
    two.tell(
        "A", "annual_inspection", "inspected", value="qualified", by=REGISTRY, evidence={"inspection_report": SECRET},
        **told,
    )  # fmt: skip
    second = next(one.seq for one in store.events("A") if one.outcome == "inspected")
    two.erase("A", second, reason="x", by=REGISTRY)
    nowhere(store, "A")
    assert store.events("A")[first - 1].evidence == {"party_building_report": "他人之言"}
    assert "他人之言" in repr(store.get("A").gates)


def test_what_is_only_said_again_is_erased_where_it_was_said_first(policy, store):
    test_what_was_told_at_a_gate_goes_from_the_case_too_and_from_the_one_that_carries_it_on(policy, store)
    office = Supervision(policy, store)
    with pytest.raises(NotErasable) as refused:
        office.erase("N", 1, reason="x", by="beijing")
    assert "erased" in refused.value.message("en")


def test_what_a_request_alone_says_goes_with_it(two, store):
    two.report("A", {"employees": 7}, by=BY, when=date(2016, 1, 4), request_id="r", late=SECRET)
    seq = store.events("A")[-1].seq
    with pytest.raises(NotErasable):
        two.erase("A", seq, reason="x", by=BY)
    two.erase("A", seq, texts=["request"], reason="x", by=BY)
    nowhere(store, "A")
    with pytest.raises(NotErasable):
        two.erase("A", seq, texts=["request"], reason="x", by=BY)


def test_a_request_that_changed_nothing_keeps_no_text_and_is_known_again(two, store):
    two.rename("A", "A", reason=SECRET, by=BY, request_id="n")
    nowhere(store, "A")
    assert two.rename("A", "A", reason=SECRET, by=BY, request_id="n").id == "A"
    with pytest.raises(RequestReused):
        two.rename("A", "A", reason="别的", by=BY, request_id="n")


def test_nothing_else_comes_out_otherwise(policy, two, store, monkeypatch):
    two.advance("A", "deregister", by=BY, evidence={"deregistration_record": "1"})
    two.remark("B", SECRET, by=BY)
    monkeypatch.setattr(store, "now", lambda: datetime(2016, 2, 1, 4, tzinfo=UTC))
    two.erase("A", 2, reason="x", by=BY)
    two.erase("B", 2, reason="x", by=BY)
    assert store.get("B").updated_at < datetime(2016, 1, 5, tzinfo=UTC)
    assert store.get("B", datetime(2016, 1, 20, tzinfo=UTC)) == store.get("B")
    assert two.sweep(when=date(2016, 1, 31)).ahead == 0
    assert two.reopen("A", reason="y", by=BY, when=date(2016, 1, 20)).case.closed is False
    nowhere(store, "A", "B")


def test_an_import_is_undone_whatever_was_erased_before(policy, store):
    office = Supervision(policy, store)
    said = {key: value for key, value in FACTS.items() if key != "industry"}
    for number, (digest, facts, park) in enumerate((("d1", FACTS, False), ("d2", said, True)), 1):
        run = office.intake.begin(Source("名单.csv", digest, 1), 1, park=park)
        assert len(list(run.take([RowRead(2, "A", "园", "110105", facts)]))) == 1
        if number == 1:
            office.intake.undo(1, reason=SECRET)
    office.intake.complete("A", {"industry": "education"})
    office.erase("A", 2, reason="x", by="beijing")
    done = office.intake.undo(2, reason="误")
    assert [case.id for case in done.withdrawn] == ["A"]
    assert [one.state for one in office.intake.parked(state=None)] == ["dropped"]
    nowhere(store, "A")


def test_a_note_of_the_policy_is_no_text_when_it_is_decided_anew(two, store):
    two.advance("A", "apply", by=BY, evidence={"application": "1"})
    two.correct("A", 2, evidence={"application": "2"}, reason="写错", by=BY)
    first, anew = store.events("A")[1], store.events("A")[-1]
    assert first.reason == anew.reason != ""
    assert set(first.salts) == set(anew.salts) == {"/evidence/application"}


# --- tampering -------------------------------------------------------------------------------------------------------


@pytest.fixture
def spoilt(policy, sql_store):
    office = Supervision(policy, sql_store)
    office.register(Organization("A", "学校A", "110105", FACTS))
    office.remark("A", "not approved", by=BY, request_id="q")

    def spoil(statement, **values):
        with sql_store.database.whole() as connection:
            connection.execute(text(statement), values)
        return audited(sql_store)

    spoil.office, spoil.store = office, sql_store
    return spoil


def kept(store, seq=2):
    with store.database.whole() as connection:
        return json.loads(connection.execute(text(f"SELECT content FROM texts WHERE seq = {seq}")).scalar_one())


def test_where_a_salt_ends_is_hashed_too(spoilt):
    salt, said = kept(spoilt.store)["/reason"]
    for moved in ([salt + said[:4], said[4:]], [salt[:-1], salt[-1] + said]):
        content = dumps({"/reason": moved})
        assert spoilt("UPDATE texts SET content = :content", content=content) == [("text-changed", "A", 2)]
    with spoilt.store.database.whole() as connection:
        row = connection.execute(text("SELECT salt, command FROM requests WHERE id = 'q'")).one()
    spoilt("UPDATE texts SET content = :content", content=dumps({"/reason": [salt, said]}))
    found = spoilt(
        "UPDATE requests SET salt = :salt, command = :command WHERE id = 'q'",
        salt=row.salt + row.command[:5], command=row.command[5:],
    )  # fmt: skip
    assert [code for code, *_ in found] == ["request-changed"]


def test_a_request_that_comes_back_is_told(spoilt):
    with spoilt.store.database.whole() as connection:
        row = connection.execute(text("SELECT salt, command FROM requests WHERE id = 'q'")).one()
    spoilt.office.erase("A", 2, reason="x", by=BY)
    assert audited(spoilt.store) == []
    given = {"salt": row.salt, "command": row.command}
    for change in ("salt = :salt, command = :command", "salt = :salt"):
        found = spoilt(f"UPDATE requests SET {change} WHERE id = 'q'", **given)
        assert [code for code, *_ in found] == ["request-changed"]
        spoilt("UPDATE requests SET salt = NULL, command = NULL WHERE id = 'q'")


def test_a_text_of_no_event_is_told(spoilt):
    assert spoilt("INSERT INTO texts VALUES ('A', 7, '{}')") == [("text-changed", "A", 7)]


@pytest.mark.parametrize(
    "content",
    [[5, 7], ["s", {}], ["s", ["x"]], ["s", None], ["s", ""], ["s", "[erased]"], ["s"], "s", None, 5],
    ids=str,
)
def test_what_nobody_wrote_is_one_of_our_errors(spoilt, content):
    assert spoilt("UPDATE texts SET content = :content", content=dumps({"/reason": content})) == [
        ("text-changed", "A", 2)
    ]
    office, store = spoilt.office, spoilt.store
    assert [one.case for one in store.differences()] == ["A"]
    for tried in (
        lambda: office.history("A"),
        lambda: office.erase("A", 2, reason="x", by=BY),
        lambda: office.correct("A", 1, facts={"employees": 8}, reason="x", by="beijing"),
        lambda: store.audit(verified).prove("A", 2),
    ):
        with pytest.raises(GuikouError):
            tried()


def test_what_is_erased_while_it_is_looked_at_is_no_finding(spoilt):
    audit = spoilt.store.audit(verified)

    def meanwhile(events):
        if len(spoilt.store.events("A")) == 2:
            spoilt.office.erase("A", 2, reason="x", by=BY)

    if spoilt.store.database.sqlite:  # elsewhere whoever reads all keeps nobody waiting either, but sees it as it was
        assert list(audit.findings(meanwhile)) == []
