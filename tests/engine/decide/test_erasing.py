"""Which texts are erased, and by whom."""

from dataclasses import replace

from guikou.engine.cases.fold import evolve
from guikou.engine.decide.erasing import all_of, chosen, code_of, erase, forbidden, to_erase
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
    assert chosen(event, []) == chosen(event, ["application"]) == ["/evidence/application"]
    assert code_of("/evidence/a~1b~0c") == "a/b~c"
    for wrong, events in ((["reason"], event), ([], event.without(["/evidence/application"]))):
        assert isinstance(chosen(events, wrong), NotErasable)


def test_an_older_event_and_one_without_texts_say_so(beijing):
    made = building(beijing)
    older = made.advance("apply", application="x").events[-1]
    refused = chosen(older, [])
    assert "chain" in refused.message("en")
    assert "holds no text" in chosen(made.events[0], []).message("en")


def test_the_same_evidence_goes_wherever_it_was_given_and_a_reason_alone(beijing):
    one = told(beijing).events[-1]
    again = replace(one, seq=5)
    other = replace(one, seq=6, evidence={"application": "y"})
    command = to_erase(one, ["/evidence/application"], [one, again, other], "why")
    assert command.erases == ((one.seq, "/evidence/application"), (5, "/evidence/application"))
    assert command.evidence == {("application", "x")}
    assert to_erase(one, ["/evidence/application"], [other], "why") is None


def test_the_case_stays_as_it_is_and_its_policy(beijing):
    made = told(beijing)
    event = made.events[-1]
    command = to_erase(event, chosen(event, []), made.events, "why")
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
    command = all_of(made.events, "10 years")
    assert command.erases == ((2, "/evidence/application"),)
    assert command.retention == "10 years"
    gone = [event.without(event.salts) for event in made.events]
    assert all_of(gone, "10 years") is None
