"""What of a policy its examples touch: rows of tables, ways and their guards, refusals, gates, obligations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..cases.case import Case
from ..cases.events import EventKind
from ..cases.fold import evolve
from ..decide.due.context import case_context
from ..errors import GuardNotMet, NotAdmitted, Where
from ..policy.gates import Gate
from ..policy.policy import Policy
from ..policy.workflow import Transition
from ..text import Title
from .examples import Result
from .trial import Fire, Trial

#: The kinds of what can be touched, with their titles.
KINDS: Mapping[str, Title] = {
    "rows": Title("表的行", "rows of tables"),
    "ways": Title("流转", "transitions"),
    "guards": Title("不满足的条件", "guards that do not hold"),
    "refusals": Title("不予受理", "refusals at intake"),
    "answers": Title("关口答复的理由", "grounds of gates"),
    "outcomes": Title("回报关口的结果", "outcomes told of gates"),
    "obligations": Title("办结的义务", "obligations met"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an example can touch: of which kind, what it is called, and where it is written."""

    kind: str
    name: Title
    where: Where


@dataclass(frozen=True)
class Coverage:
    """Every part of a policy, and those that were touched."""

    parts: tuple[Part, ...]
    touched: frozenset[Part]

    def of(self, kind: str) -> tuple[int, int]:
        """How many parts of a kind were touched, of how many."""
        own = [one for one in self.parts if one.kind == kind]
        return sum(one in self.touched for one in own), len(own)

    @property
    def untouched(self) -> tuple[Part, ...]:
        """The others, by kind and place."""
        return tuple(one for one in self.parts if one not in self.touched)


def covered(policy: Policy, results: Iterable[Result]) -> Coverage:
    """What a policy's examples touched of it. A way that several types have, or that leads from several states, is one;
    a guard is touched where its trigger was tried and it did not hold, a row of support where it was expected."""
    found: set[Part] = set()
    for one in results:
        found |= set(_touched(policy, one.trial))
        written = one.example.written
        if one.trial.case is not None and any(step.support is not None for step in (written.expect, *written.path)):
            found |= set(_supported(policy, one.trial))
    return Coverage(tuple(dict.fromkeys(_parts(policy))), frozenset(found))


def _parts(policy: Policy) -> Iterator[Part]:
    for name in policy.tables:
        for row in policy.table(name).rows:
            yield _row(policy, name, row.number)
    for workflow in policy.workflows.values():
        for way in workflow.transitions:
            yield _way(policy, workflow.name, "ways", way)
            if way.when.asks:
                yield _way(policy, workflow.name, "guards", way)
    for refusal in policy.intake.refusals:
        yield Part("refusals", refusal.because, refusal.where)
    for gate in policy.parts.gates.values():
        for ground in gate.grounds:
            yield _answer(gate, ground)
        for outcome, told in gate.told.items():
            for value in told.values or (None,):
                yield _outcome(gate, outcome, value)
    for obligation in policy.obligations.values():
        yield Part("obligations", obligation.title, obligation.where)


def _touched(policy: Policy, trial: Trial) -> Iterator[Part]:
    if isinstance(trial.refused, NotAdmitted):
        for refusal in policy.intake.refusals:
            if refusal.because == trial.refused.details["because"]:
                yield Part("refusals", refusal.because, refusal.where)
    stand: Case | None = None
    for event in trial.events:
        yield from (_row(policy, rule.table, number) for rule in event.rules for number in rule.rows)
        if stand is not None and event.trigger is not None:
            facts = case_context(policy, stand, policy.day(event.at))
            workflow = policy.workflows[stand.workflow]
            taken = workflow.open_from(stand.state, facts)
            yield from (_way(policy, stand.workflow, "ways", way) for way in taken if way.trigger == event.trigger)
            others = [way for way in workflow.from_state(stand.state) if way.trigger == event.trigger and way.when.asks]
            failed = [way for way in others if way.when.evaluate(facts) is False]
            yield from (_way(policy, stand.workflow, "guards", way) for way in failed)
        gate = policy.parts.gates.get(event.gate or "")
        if event.kind == EventKind.ASKED:
            yield from (_answer(gate, ground) for ground in event.grounds if gate is not None)
        elif gate is not None and event.outcome is not None:
            yield _outcome(gate, event.outcome, event.value)
        met = policy.obligations.get(event.concerns or "") if event.kind == EventKind.MET else None
        if met is not None:
            yield Part("obligations", met.title, met.where)
        stand = evolve(stand, event)
    for step in trial.steps:
        if isinstance(step.step, Fire) and isinstance(step.refused, GuardNotMet):
            ways = policy.workflows[step.case.workflow].from_state(step.case.state)
            asked = [way for way in ways if way.trigger == step.step.trigger and way.when.asks]
            yield from (_way(policy, step.case.workflow, "guards", way) for way in asked)


def _supported(policy: Policy, trial: Trial) -> Iterator[Part]:
    facts = trial.asked()
    for table in policy.intake.entitlements:
        certain, _ = policy.table(table).fits(facts)
        yield from (
            _row(policy, table, row.number) for at, row in enumerate(policy.table(table).rows) if certain >> at & 1
        )


def _row(policy: Policy, table: str, number: int) -> Part:
    own, title = policy.table(table), policy.tables[table].title
    row = own.rows[number - 1]
    name = Title(f"{title.zh}第 {number} 行", f"{title.en}, row {number}")
    return Part("rows", name, Where(own.file or policy.tables[table].where.file, row.line))


def _way(policy: Policy, workflow: str, kind: str, way: Transition) -> Part:
    return Part(kind, policy.workflows[workflow].triggers[way.trigger], Where(way.file, way.line))


def _answer(gate: Gate, ground: str) -> Part:
    return Part("answers", _of(gate, gate.grounds[ground].title), gate.where)


def _outcome(gate: Gate, outcome: str, value: str | None) -> Part:
    told = gate.told[outcome]
    own = [told.title, *([told.values[value].title] if value is not None and value in told.values else [])]
    return Part("outcomes", _of(gate, *own), gate.where)


def _of(gate: Gate, *more: Title) -> Title:
    parts = [gate.title, *more]
    return Title("：".join(one.zh for one in parts), ": ".join(one.en for one in parts))
