"""Examples in a policy's folder (examples/*.yaml): facts in; body, stage and path out, as an office expects them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import EventKind
from ..cases.fold import fold
from ..decide.continuation import may_be_continued
from ..decide.records import Record
from ..decide.roles import sees
from ..errors import BadValue, GuikouError, PolicyError, Where
from ..indicators.entitlements import counted_on, entitled, entitlements
from ..policy.files import models as f
from ..policy.files.documents import Document, read_yaml
from ..policy.policy import Policy
from ..rules.conditions import Need
from ..text import Title, shown
from .placements import placements
from .trial import (
    Asked,
    Fire,
    GateTold,
    Given,
    Group,
    JoinedTo,
    LeftFrom,
    Met,
    OpenedAgain,
    PutOff,
    Step,
    Swept,
    Tell,
    TookPlace,
    Trial,
    Wait,
)


@dataclass(frozen=True, slots=True)
class Example:
    """One example as it is written, with its place; `given` is complete."""

    written: f.ExampleFile
    given: dict[str, Any]
    document: Document
    place: tuple[str | int, ...]

    @property
    def name(self) -> Title:
        return Title(self.written.name.zh, self.written.name.en)

    @property
    def where(self) -> Where:
        return self.document.where(self.place)


@dataclass(frozen=True, slots=True)
class Miss:
    """What an example expects and what came instead (a refusal, as the error that it is), with the line that expects
    it."""

    where: Where
    key: str
    expected: Any
    got: Any

    @property
    def text(self) -> Title:
        expected, got = shown(self.expected), shown(self.got)
        return Title(f"{self.key} 应为 {expected}，实为 {got}", f"{self.key} should be {expected}, and is {got}")


@dataclass(frozen=True, slots=True)
class Result:
    """An example that was run: what it missed (nothing: it holds), and the trial that it was."""

    example: Example
    misses: tuple[Miss, ...]
    trial: Trial


def examples(policy: Policy) -> list[Example]:
    """All examples of a policy, in the order of their files. Raises PolicyError for one that is written wrongly."""
    found = []
    for name in sorted(policy.files):
        if not name.startswith("examples/"):
            continue
        if name.endswith(".csv"):
            rows = placements(policy.files[name], name, policy.places, policy.facts)
            found += [Example(one, dict(one.given), document, place) for one, document, place in rows]
        else:
            document = read_yaml(policy.files[name], name)
            written = f.validate(document, f.ExamplesFile)
            for i, one in enumerate(written.examples):
                found.append(Example(one, {**written.given, **one.given}, document, ("examples", i)))
    return found


def run(policy: Policy, example: Example) -> Result:
    """Try an example. Raises PolicyError where it names what the policy does not have."""
    written, place = example.written, example.place
    try:
        facts = policy.vocabulary.check({name: _value(policy, name, value) for name, value in example.given.items()})
        area = policy.places.area(written.area).code
        steps = [_step(policy, one, example, (*place, "path", i)) for i, one in enumerate(written.path)]
    except PolicyError:
        raise
    except GuikouError as error:
        raise BadValue(
            where=example.where, field="examples", reason_en=error.line("en"), reason_zh=error.line("zh")
        ) from error
    trial = Trial(policy, Organization("-", "-", area, facts), written.on or policy.effective)
    misses = list(_compared(policy, trial, written.expect, trial.refused, example, (*place, "expect")))
    if trial.refused is None:
        for i, (step, expected) in enumerate(zip(steps, written.path, strict=True)):
            misses += _terms(trial, step, written.path[i], example, (*place, "path", i))
            before = trial.case
            refused = trial.take(step).refused
            misses += _changed(policy, before, trial.case, written.path[i], example, (*place, "path", i))
            misses += _compared(policy, trial, expected, refused, example, (*place, "path", i))
            if misses:
                break
    elif written.path:
        misses.append(Miss(example.where, "path", len(written.path), trial.refused.code))
    return Result(example, tuple(misses), trial)


def _value(policy: Policy, name: str, value: Any) -> Any:
    if name not in policy.facts:
        return value  # check_facts says which facts there are
    spec = policy.facts[name]
    return spec.read(value) if isinstance(value, str) else spec.check(value)


_KINDS = ("do", "tell", "wait", "meet", "sweep", "ask", "told", "postpone", "join", "leave", "reopen", "record")


def _step(policy: Policy, one: f.ExampleStepFile, example: Example, place: tuple[str | int, ...]) -> Step:
    kinds = [kind for kind in _KINDS if getattr(one, kind) is not None]
    if len(kinds) != 1:
        raise BadValue(
            where=example.document.where(place),
            field="path",
            reason_en=f"a step is one of {', '.join(_KINDS)}",
            reason_zh=f"每一步应为 {'、'.join(_KINDS)} 之一",
        )
    by = policy.places.body(one.by).id if one.by else None
    given = Given(by, None if one.evidence is None else (*one.evidence,), one.reason)
    if one.do is not None:
        return Fire(one.do, given)
    if one.meet is not None:
        return Met(one.meet, one.outcome, given)
    if one.postpone is not None:
        return PutOff(one.postpone, given)
    if one.join is not None:
        return JoinedTo(one.join, given, _group(policy, one.group))
    if one.leave is not None:
        return LeftFrom(one.leave, given, _group(policy, one.group))
    if one.reopen:
        return OpenedAgain(given)
    if one.record is not None:
        return TookPlace(one.record, given, Record(one.record, None, None, one.amount, one.count, one.venue))
    if one.sweep is not None:
        return Swept(one.sweep)
    if one.wait is not None:
        return Wait(one.wait)
    if one.ask is not None:
        return Asked(one.ask, given)
    if one.told is not None:
        return GateTold(one.told.gate, one.told.outcome, one.told.value, given)
    told = dict(one.tell or {})
    area = told.pop("area", None)
    facts = policy.vocabulary.check({name: _value(policy, name, value) for name, value in told.items()})
    return Tell(facts, policy.places.area(area).code if area else None)


def _group(policy: Policy, written: f.GroupGivenFile | None) -> Group:
    if written is None:
        return Group()
    facts = policy.vocabulary.check({name: _value(policy, name, value) for name, value in written.facts.items()})
    return Group(written.type, written.members, facts)


def _terms(
    trial: Trial, step: Step, written: f.ExampleStepFile, example: Example, place: tuple[str | int, ...]
) -> Iterator[Miss]:
    """What an example says of who may take a step and what is asked for, and what is so."""
    for key, wanted, got in (
        ("may", written.may, () if written.may is None else trial.who(step)),
        ("asks", written.asks, trial.terms(step).evidence),
    ):
        if wanted is not None and sorted(wanted) != sorted(got):
            yield Miss(example.document.where((*place, key)), key, sorted(wanted), sorted(got))


def _changed(
    policy: Policy,
    before: Case | None,
    after: Case | None,
    written: f.ExampleStepFile,
    example: Example,
    place: tuple[str | int, ...],
) -> Iterator[Miss]:
    """What an example says of all the facts that a step changes, and what it changes."""
    if written.changes is None or before is None or after is None:
        return
    wanted = {name: _value(policy, name, value) for name, value in written.changes.items()}
    got = {name: value for name, value in after.facts.items() if before.facts.get(name, ...) != value}
    if wanted != got:
        yield Miss(example.document.where((*place, "changes")), "changes", wanted, got)


def _claimed(policy: Policy, trial: Trial, year: int) -> dict[str, Any]:
    """By support, what of it is outstanding in a year, or whether it was given."""
    assert trial.case is not None
    claimed: dict[str, Any] = {}
    for name, support in policy.parts.support.items():
        day = counted_on(support, year, trial.day)
        then = fold([event for event in trial.events if policy.day(event.at) <= day])
        for one in entitlements(policy, then, trial.case, year, day):
            if one.support.name == name:
                claimed[name] = one.outstanding if support.rate is not None else one.given
    return claimed


def _awaited(policy: Policy, trial: Trial) -> tuple[Need, ...]:
    """What the state in which a case stands waits for."""
    assert trial.case is not None
    return policy.workflows[trial.case.workflow].states[trial.case.state].awaits.needs(trial.facts())


def _answered(trial: Trial) -> dict[str, Any]:
    """What the gate that was asked last answered."""
    asked = [event for event in trial.events if event.kind == EventKind.ASKED]
    if not asked:
        return {"answer": None, "grounds": None}
    return {"answer": asked[-1].answer, "grounds": list(asked[-1].grounds)}


#: What is expected of each obligation: which of its duty's fields that is, and what is told where it has none.
_OF_DUTIES = {
    "duties": ("due", None),
    "opens": ("opens", None),
    "climbed": ("escalated_to", "-"),
    "reminders": ("reminded", None),
}


def _compared(
    policy: Policy,
    trial: Trial,
    expected: f.ExpectFile,
    refused: GuikouError | None,
    example: Example,
    place: tuple[str | int, ...],
) -> Iterator[Miss]:
    where = example.document.where(place)
    code = refused.code if refused else None
    if code != expected.refused:
        yield Miss(where, "refused", expected.refused or "-", refused or "-")
        return
    case = trial.case
    if case is None:
        return
    above = policy.places.on(trial.day).above(case.responsible)
    got = {
        "type": case.workflow,
        "responsible": case.responsible,
        "kind": policy.places.bodies[case.responsible].kind,
        "superior": above.id if above is not None else None,
        "hub": case.hub,
        "stage": case.stage,
        "state": case.state,
        "priority": case.priority,
        "weight": case.weight,
        "reminded": case.reminded,
        "due": case.due,
        "escalated_to": case.escalated_to,
        "overdue": case.overdue,
        "dissolved": trial.dissolved,
        "continued": may_be_continued(policy, case) is None,
        **_answered(trial),
    }
    for key in sorted(expected.model_fields_set & got.keys()):
        wanted = getattr(expected, key)
        if wanted != got[key]:
            yield Miss(example.document.where((*place, key)), key, wanted, got[key])
    for key, (of_duty, none) in _OF_DUTIES.items():
        for name, wanted in (getattr(expected, key) or {}).items():
            is_now = getattr(case.duties.get(name), of_duty, None)
            if is_now != wanted:
                yield Miss(example.document.where((*place, key, name)), name, wanted or none, is_now or none)
    if expected.lacks is not None:
        lacking = [need.fact for need in _awaited(policy, trial) if need.met is not True]
        if sorted(expected.lacks) != sorted(lacking):
            yield Miss(example.document.where((*place, "lacks")), "lacks", expected.lacks, lacking)
    if expected.seen_by is not None:
        seen = [one for one in policy.places.bodies if sees(policy, case, one, trial.day)]
        if sorted(expected.seen_by) != sorted(seen):
            yield Miss(example.document.where((*place, "seen_by")), "seen_by", sorted(expected.seen_by), sorted(seen))
    if expected.owes is not None and sorted(expected.owes) != sorted(case.duties):
        yield Miss(example.document.where((*place, "owes")), "owes", sorted(expected.owes), sorted(case.duties))
    for year, wanted in (expected.claims or {}).items():
        claimed = _claimed(policy, trial, year)
        for name, value in wanted.items():
            if claimed.get(name, "-") != value:
                yield Miss(
                    example.document.where((*place, "claims", str(year), name)), name, value, claimed.get(name, "-")
                )
    if expected.open is not None:
        ways = trial.ways()
        if expected.open != ways:
            yield Miss(example.document.where((*place, "open")), "open", expected.open, ways)
    for name, value in (expected.facts or {}).items():
        wanted, is_now = _value(policy, name, value), case.facts.get(name, ...)
        if wanted != is_now:
            place_of = example.document.where((*place, "facts", name))
            yield Miss(place_of, name, wanted, is_now if is_now is not ... else "-")
    if expected.support is not None:
        entitled_to = sorted(entitled(policy, trial.asked()))
        if entitled_to != sorted(expected.support):
            yield Miss(example.document.where((*place, "support")), "support", expected.support, entitled_to)
