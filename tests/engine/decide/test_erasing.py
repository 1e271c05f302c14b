"""Which texts are erased, and by whom."""

from dataclasses import replace
from datetime import timedelta

from guikou.engine.cases.events import Event
from guikou.engine.cases.fold import evolve
from guikou.engine.cases.texts import code_of
from guikou.engine.decide.erasing import all_of, chosen, erase, forbidden, to_erase
from guikou.engine.errors import MayNotAct, NotErasable

from ..told import ABOVE, BY, Told, building


class Salted(Told):
    def stamp(self, by):
        return replace(super().stamp(by), salt="s")


def told(beijing, **evidence):
    made = building(beijing)
    made.__class__ = Salted
    return made.advance("apply", application="x", **evidence)


def test_all_of_an_event_or_what_is_named(beijing):
    event = told(beijing).events[-1]
    for asked in (True, False):
        assert chosen(event, [], asked) == chosen(event, ["application"], asked) == ["/evidence/application"]
    assert chosen(event, ["request", "application"], True) == ["/evidence/application", "/request"]
    assert code_of("/evidence/a~1b~0c") == "a/b~c"
    for wrong, of, asked in (
        (["reason"], event, True),
        (["request"], event, False),
        ([], event.without(["/evidence/application"]), True),
    ):
        assert isinstance(chosen(of, wrong, asked), NotErasable)


def test_an_older_event_and_one_without_texts_say_so(beijing):
    made = building(beijing)
    older = made.advance("apply", application="x").events[-1]
    refused = chosen(older, [], True)
    assert "chain" in refused.message("en")
    assert "holds no text" in chosen(made.events[0], [], False).message("en")


def test_the_same_evidence_goes_wherever_the_same_body_gave_it(beijing):
    one = told(beijing).events[-1]
    again = replace(one, seq=5)
    others = [replace(one, seq=6, evidence={"application": "y"}), replace(one, seq=7, body=ABOVE)]
    command = to_erase(one, ["/evidence/application"], [one, again, *others], "why")
    assert command.erases == ((one.seq, "/evidence/application"), (5, "/evidence/application"))
    assert to_erase(one, ["/evidence/application"], others, "why") is None


def test_the_same_words_go_where_they_were_decided_anew_or_told_with_the_same_command(beijing):
    made = told(beijing)
    one = Event.sealed(
        salt="s", case="A", seq=9, kind="same", at=made.events[-1].at, recorded_at=made.events[-1].at, actor="a",
        body=BY, policy="p", changes={}, reason="x",
    )  # fmt: skip
    later = one.at + timedelta(days=1)
    again = replace(one, seq=10, recorded_at=later, at=one.at - timedelta(days=3))
    merged = replace(one, seq=1, case="B", kind="merged")
    elsewhere = replace(one, seq=11, kind="remarked", recorded_at=later)
    command = to_erase(one, ["/reason"], [one, again, merged, elsewhere], "why")
    assert [seq for seq, _ in command.erases] == [9, 10, 1]
    assert to_erase(one, ["/reason", "/request"], [one], "why").erases == ((9, "/reason"), (9, "/request"))


def test_the_case_stays_as_it_is_and_its_policy(beijing):
    made = told(beijing)
    event = made.events[-1]
    command = to_erase(event, chosen(event, [], True), made.events, "why")
    older = replace(made.case, policy="older")
    (erasure,) = erase(older, command, made.stamp(BY))
    assert (erasure.policy, erasure.erases) == ("older", command.erases)
    after = evolve(older, erasure)
    assert replace(after, head=older.head, revision=older.revision) == older


def test_who_told_it_and_who_is_above_may(beijing):
    made = told(beijing)
    event = made.events[-1]
    for by in (BY, ABOVE):
        assert forbidden(beijing, made.case, event, made.stamp(by)) is None
    for by in ("chaoyang", "haidian-education"):
        assert isinstance(forbidden(beijing, made.case, event, made.stamp(by)), MayNotAct)


def test_retention_takes_every_text(beijing):
    made = told(beijing)
    command = all_of(made.events, [1], "10 years")
    assert command.erases == ((2, "/evidence/application"), (1, "/request"))
    assert command.retention == "10 years"
    gone = [event.without(event.salts) for event in made.events]
    assert all_of(gone, [], "10 years") is None
