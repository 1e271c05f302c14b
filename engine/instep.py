"""Supervision in step with an organisation's own life: gates that other systems ask and tell, what is recorded, groups
that are joined and left, a case that another carries on. Command -> events, purely, as everything in `decide`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from .acting import (
    Decision,
    Stamp,
    allowed_bodies,
    check_evidence,
    fire,
    happened,
    meet,
    only_one,
    plays,
    unknown_outcome,
    values_set,
)
from .case import Case, Duty, Event, Membership, Passage, RuleFired, Tally, Title, evolve
from .conditions import Condition
from .errors import (
    AlreadyMember,
    AlreadyTold,
    BadRecord,
    GateRefused,
    GroupFull,
    GuikouError,
    MayNotAct,
    MissingFact,
    NotAGroup,
    NotAsked,
    NotContinued,
    NotEligible,
    NotForGate,
    NotMember,
    NotOpenYet,
    NotRecordable,
    UnknownGate,
    UnknownGroup,
    UnknownOutcome,
    UnknownRecord,
    UnknownVenue,
    shown,
)
from .obligations import Outcome
from .parts import ANSWERS, Effect, Gate, GroupKind, RecordKind
from .policy import Policy
from .timing import asked_context, holds, laid_on
from .workflow import GATE, GROUP

_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ask:
    """Another system asks whether the organisation may proceed."""

    gate: str


@dataclass(frozen=True, slots=True)
class TellGate:
    """What came of it: an outcome of the gate, with one of its values (None where it has none)."""

    gate: str
    outcome: str
    value: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """Something took place `on` a day (None: on the day of the event), for a `year` (None: that day's): for how many,
    how much (in the policy's currency, whole hundredths), at which venue."""

    kind: str
    on: date | None = None
    year: int | None = None
    amount: Decimal | None = None
    count: int | None = None
    venue: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strike:
    """A record was wrong: `struck` is its event, `left` are those of its kind that still stand, besides what was
    `carried` over from another case."""

    struck: Event
    left: Sequence[Event]
    reason: str
    carried: Tally | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """The organisation becomes a member of a group, whose case this is."""

    kind: str
    group: Case
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leave:
    """It is one no longer; without `by_office` because the group is dissolved, or because it closes itself."""

    kind: str
    group: Case
    reason: str = ""
    by_office: bool = True


@dataclass(frozen=True, slots=True)
class Continued:
    """Another case carries this one on."""

    by: str


InStepCommand = Ask | TellGate | Record | Strike | Join | Leave | Continued


def decide_in_step(policy: Policy, case: Case, command: InStepCommand, stamp: Stamp) -> Decision:
    """What follows from one of these commands on an open case."""
    match command:
        case Ask():
            return _ask(policy, case, command, stamp)
        case TellGate():
            return _tell(policy, case, command, stamp)
        case Record():
            return _record(policy, case, command, stamp)
        case Strike():
            return _strike(policy, case, command, stamp)
        case Join():
            return _join(policy, case, command, stamp)
        case Leave():
            return _leave(policy, case, command, stamp)
        case Continued():
            return _continued(policy, case, command, stamp)


class _Steps:
    """Events that follow one another."""

    def __init__(self, policy: Policy, case: Case, stamp: Stamp) -> None:
        self.policy, self.case, self.stamp = policy, case, stamp
        self.events: list[Event] = []

    def add(self, decision: Decision | Event) -> GuikouError | None:
        if isinstance(decision, GuikouError):
            return decision
        for event in (decision,) if isinstance(decision, Event) else decision:
            self.events.append(event)
            self.case = evolve(self.case, event)
        return None

    def bring_about(
        self, effect: Effect, role: str, outcome: str | None = None, evidence: Mapping[str, str] | None = None
    ) -> GuikouError | None:
        """Meet what is owed, and fire the trigger where it can be; facts are set by the event itself."""
        for name in effect.meets:
            duty, obligation = self.case.duties.get(name), self.policy.obligations[name]
            if duty is None or duty.due is None:
                continue
            given = {key: value for key, value in (evidence or {}).items() if key in obligation.evidence}
            ended = outcome if outcome in obligation.outcomes else None
            refused = self.add(meet(self.policy, self.case, name, ended, given, self.stamp, by_office=False))
            if refused:
                return refused
        if effect.fire is not None and not self.case.closed:
            return self.add(fire(self.policy, self.case, effect.fire, self.stamp, role))
        return None


def _may(policy: Policy, case: Case, by: tuple[str, ...], doing: Title, stamp: Stamp) -> GuikouError | None:
    day = policy.day(stamp.at)
    if plays(policy, case, by, stamp.body, day):
        return None
    return MayNotAct(body=policy.body(stamp.body).title, trigger=doing, allowed=allowed_bodies(policy, case, by, day))


def _written(policy: Policy, condition: Condition) -> Title:
    """A condition in words."""
    tests = [(fact, test.text) for fact, test in condition.tests]
    tests += [(fact, test.text) for way in condition.alternatives for fact, test in way.tests]
    return Title(
        "，".join(f"{policy.fact_title(fact).zh} {text}" for fact, text in tests) or "-",
        ", ".join(f"{policy.fact_title(fact).en} {text}" for fact, text in tests) or "-",
    )


def _unknown(policy: Policy, condition: Condition, facts: Mapping[str, Any], rule: Title) -> MissingFact:
    return _missing(policy, next(need for need in condition.needs(facts) if not need.known).fact, rule)


def _missing(policy: Policy, fact: str, rule: Title) -> MissingFact:
    """The fact that is missing; of months since a day, that day."""
    known = fact if fact in policy.facts else fact.removesuffix(".months")
    return MissingFact(fact=policy.fact_title(known), key=known, rule=rule)


def _listed(titles: Sequence[Title]) -> Title:
    return Title("、".join(one.zh for one in titles) or "-", ", ".join(one.en for one in titles) or "-")


# --- gates -----------------------------------------------------------------------------------------------------------


def judge(policy: Policy, gate: Gate, facts: Mapping[str, Any]) -> RuleFired | GuikouError:
    """What a gate answers with some facts: the rows that fit, with the `answer` and the `grounds`, the worst first.

    Facts that are missing matter only where they could make the answer worse.
    """
    table = policy.table(gate.table)
    certain, possible = table.fits(facts)
    rows = [row for at, row in enumerate(table.rows) if certain >> at & 1]
    if not rows and possible:
        return _missing(policy, table.lacking(facts, possible)[0], gate.title)
    names = list(dict.fromkeys(str(row.outputs[0]) for row in rows)) or [gate.otherwise]
    grounds = sorted((gate.grounds[name] for name in names), key=lambda one: -ANSWERS.index(one.answer))
    worst = ANSWERS.index(grounds[0].answer)
    if worst:  # what would have been allowed says nothing of what is refused
        grounds = [one for one in grounds if one.answer != ANSWERS[0]]
    graver = sum(
        1 << at
        for at, row in enumerate(table.rows)
        if (possible & ~certain) >> at & 1 and ANSWERS.index(gate.grounds[str(row.outputs[0])].answer) > worst
    )
    if graver:
        return _missing(policy, table.lacking(facts, graver)[0], gate.title)
    outputs = {"answer": grounds[0].answer, "grounds": [one.name for one in grounds]}
    return RuleFired(gate.table, tuple(row.number for row in rows), outputs)


def _gate(policy: Policy, name: str) -> Gate | GuikouError:
    return policy.parts.gates.get(name) or UnknownGate(gate=name, known=list(policy.parts.gates) or "-")


def _ask(policy: Policy, case: Case, command: Ask, stamp: Stamp) -> Decision:
    gate = _gate(policy, command.gate)
    if isinstance(gate, GuikouError):
        return gate
    refused = _may(policy, case, gate.by, Title(f"询问{gate.title.zh}", f"ask for {gate.title.en}"), stamp)
    if refused:
        return refused
    day = policy.day(stamp.at)
    facts = asked_context(policy, case, day)
    applies = gate.when.evaluate(facts)
    if applies is None:
        return _unknown(policy, gate.when, facts, gate.title)
    if not applies:
        return NotForGate(gate=gate.title, when=_written(policy, gate.when))
    rule = judge(policy, gate, facts)
    if isinstance(rule, GuikouError):
        return rule
    before = case.gates.get(gate.name)
    told = before.told if before is not None and before.passed is None else {}
    grounds = tuple(rule.outputs["grounds"])
    duties: dict[str, Any] = {}
    if (
        before is not None
        and told
        and (rule.outputs["answer"] == "refused" or gate.together(grounds) != gate.together(before.grounds))
    ):  # what was told was told of another answer
        told = {}
        if gate.in_step is not None and gate.in_step.owes in case.duties:
            duties = {gate.in_step.owes: None}
    passage = Passage(rule.outputs["answer"], grounds, day, told)
    due = [condition_due(policy, gate, name, day) for name in passage.grounds]
    changes = {
        "gate": gate.name,
        "answer": passage.answer,
        "due": min((one for one in due if one is not None), default=None),
        "gates": {gate.name: passage.content()},
        **({"duties": duties} if duties else {}),
    }
    return (happened("asked", case.id, case, changes, policy, stamp, rules=(rule,)),)


def condition_due(policy: Policy, gate: Gate, ground: str, asked: date) -> date | None:
    """By when the condition of a conditional ground is to be met."""
    owes = gate.grounds[ground].owes
    if owes is None:
        return None
    within = policy.obligations[owes].within
    assert within is not None, "what a ground owes has 'within'"
    return within.after(asked, policy.working)


def _tell(policy: Policy, case: Case, command: TellGate, stamp: Stamp) -> Decision:
    gate = _gate(policy, command.gate)
    if isinstance(gate, GuikouError):
        return gate
    passage = case.gates.get(gate.name)
    if passage is None or passage.passed is not None:
        return NotAsked(gate=gate.title, key=gate.name)
    if passage.answer == "refused":
        grounds = _listed([gate.grounds[one].title for one in passage.grounds if one in gate.grounds])
        return GateRefused(gate=gate.title, key=gate.name, day=passage.asked, grounds=grounds)
    together = gate.together(passage.grounds)
    alone = [name for name in gate.told if gate.in_step is None or name not in gate.in_step.outcomes]
    if command.outcome not in (*together, *alone):
        known = [f"{name} ({gate.told[name].title.en})" for name in (*together, *alone)]
        return UnknownOutcome(obligation=gate.title, outcome=command.outcome, known=known)
    outcome = gate.told[command.outcome]
    if command.outcome in passage.told:
        left = _listed([gate.told[name].title for name in together if name not in passage.told])
        return AlreadyTold(outcome=outcome.title, day=passage.told[command.outcome]["on"], left=left)
    refused = _may(policy, case, outcome.by, Title(f"回报{outcome.title.zh}", f"tell: {outcome.title.en}"), stamp)
    if refused:
        return refused
    value = only_one(command.value, outcome.values)
    refused = unknown_outcome(outcome.title, value, outcome.values)
    if refused:
        return refused
    refused = check_evidence(outcome.title, list(outcome.evidence), outcome.evidence, command.evidence)
    if refused:
        return refused
    day = policy.day(stamp.at)
    said = {"on": day, "value": value, "evidence": dict(command.evidence)}
    whole = {**passage.told, outcome.name: said}
    in_step = outcome.name in together
    complete = not in_step or all(name in whole for name in together)
    if not complete and gate.in_step is not None:  # none is told of what the others could not complete
        for name in gate.in_step.effect.meets:
            duty, obligation = case.duties.get(name), policy.obligations[name]
            if duty is not None and duty.opens is not None and obligation.rule is not None and day < duty.opens:
                return NotOpenYet(obligation=obligation.title, opens=duty.opens)
    after = replace(passage, told=whole, passed=day if complete else None)
    changes: dict[str, Any] = {"gate": gate.name, "outcome": outcome.name, "value": value}
    changes["gates"] = {gate.name: after.content()}
    facts: dict[str, Any] = {}
    if complete:
        for name in together if in_step else (outcome.name,):
            facts |= _sets(policy, gate, name, whole[name]["value"], case, day)
        if in_step and gate.in_step is not None:
            facts |= values_set(gate.in_step.effect.sets, case.facts, day)
    # An outcome that brings nothing about, such as that it was declined, lays nothing on.
    goes_on = in_step or (gate.in_step is None and (outcome.effect != Effect() or bool(outcome.values)))
    duties = _told_duties(policy, gate, case, after, complete, goes_on, facts, day)
    changes |= {"duties": duties} if duties else {}
    changes |= {"facts": facts} if facts else {}
    steps = _Steps(policy, case, stamp)
    steps.add(happened("told", case.id, case, changes, policy, stamp, evidence=dict(command.evidence)))
    if not complete:
        return tuple(steps.events)
    evidence: dict[str, str] = {}
    ended = value
    for name in together if in_step else (outcome.name,):
        evidence |= whole[name]["evidence"]
        ended = whole[name]["value"] or ended
    effects = [gate.told[name].effect for name in (together if in_step else (outcome.name,))]
    effects += [gate.in_step.effect] if in_step and gate.in_step is not None else []
    for effect in effects:
        refused = steps.bring_about(effect, GATE, ended, evidence)
        if refused:
            return refused
    return tuple(steps.events)


def _told_duties(
    policy: Policy,
    gate: Gate,
    case: Case,
    passage: Passage,
    complete: bool,
    goes_on: bool,
    facts: Mapping[str, Any],
    day: date,
) -> dict[str, Any]:
    """What a pair that is half told owes, and what a gate that is passed on a condition does."""
    duties: dict[str, Any] = {}
    if gate.in_step is not None:
        owed = case.duties.get(gate.in_step.owes)
        if not complete:
            duty = laid_on(policy, policy.obligations[gate.in_step.owes], owed, day, day)
            duties[gate.in_step.owes] = duty.content()
        elif owed is not None and owed.due is not None:
            duties[gate.in_step.owes] = replace(Duty(), done=day, ended=owed.nominal).content()
    if complete and goes_on:
        for ground in passage.grounds:
            owes = gate.grounds[ground].owes if ground in gate.grounds else None
            known = {**asked_context(policy, case, day), **facts}
            if owes is not None and not holds(policy.obligations[owes].until, known):
                duty = laid_on(policy, policy.obligations[owes], case.duties.get(owes), passage.asked, day)
                duties[owes] = duty.content()
    return duties


def _sets(policy: Policy, gate: Gate, outcome: str, value: str | None, case: Case, day: date) -> dict[str, Any]:
    told = gate.told[outcome]
    own: Outcome | None = told.values.get(value) if value is not None else None
    return {
        **values_set(told.effect.sets, case.facts, day),
        **(values_set(own.sets, case.facts, day) if own is not None else {}),
    }


# --- records ---------------------------------------------------------------------------------------------------------


def _record(policy: Policy, case: Case, command: Record, stamp: Stamp) -> Decision:
    kind = policy.parts.records.get(command.kind)
    if kind is None:
        return UnknownRecord(record=command.kind, known=list(policy.parts.records) or "-")
    day = policy.day(stamp.at)
    on = command.on or day
    wrong = _wrong(policy, kind, command, on, day)
    if wrong:
        return wrong
    refused = _may(policy, case, kind.by, Title(f"记录{kind.title.zh}", f"record: {kind.title.en}"), stamp)
    if refused:
        return refused
    facts = asked_context(policy, case, day)
    applies = kind.when.evaluate(facts)
    if applies is None:
        return _unknown(policy, kind.when, facts, kind.title)
    if not applies:
        return NotRecordable(record=kind.title, when=_written(policy, kind.when))
    refused = check_evidence(kind.title, list(kind.evidence), kind.evidence, command.evidence)
    if refused:
        return refused
    said: dict[str, Any] = {"record": kind.name, "on": on, "year": command.year or on.year}
    said |= {"amount": command.amount.quantize(_FEN)} if command.amount is not None else {}
    said |= {"count": command.count} if command.count is not None else {}
    said |= {"venue": command.venue} if command.venue is not None else {}
    tally = _added(case.records.get(kind.name), said)
    changes = {**said, "records": {kind.name: tally.content()}}
    if kind.effect.sets:
        changes["facts"] = values_set(kind.effect.sets, case.facts, on)
    steps = _Steps(policy, case, stamp)
    steps.add(happened("recorded", case.id, case, changes, policy, stamp, evidence=dict(command.evidence)))
    for name in kind.effect.meets:
        duty = steps.case.duties.get(name)
        if duty is not None and duty.opens is not None and duty.opens <= day:
            refused = steps.bring_about(Effect(meets=(name,)), GATE, None, command.evidence)
            if refused:
                return refused
    return tuple(steps.events)


def _wrong(policy: Policy, kind: RecordKind, command: Record, on: date, day: date) -> GuikouError | None:
    """What of a record is not as its kind asks."""
    amount, count = command.amount, command.count

    def bad(en: str, zh: str) -> BadRecord:
        return BadRecord(record=kind.title, reason_en=en, reason_zh=zh)

    if kind.amount != (amount is not None):
        return bad("give its amount", "请给出金额") if kind.amount else bad("it has no amount", "不含金额")
    if amount is not None and not isinstance(amount, Decimal):
        return bad("the amount must be a Decimal, as 200.00", "金额须为 Decimal，如 200.00")
    if amount is not None and (not amount.is_finite() or not 0 < amount < 10**13 or amount != amount.quantize(_FEN)):
        return bad(
            "the amount must be more than 0, in whole hundredths, and less than 10^13",
            "金额应大于 0，精确到分，并小于 10^13",
        )
    if (kind.count is not None) != (count is not None):
        if kind.count is not None:
            return bad(f"give its count ({kind.count.en})", f"请给出数量（{kind.count.zh}）")
        return bad("it has no count", "不含数量")
    if count is not None and (type(count) is not int or not 0 <= count < 10**9):
        return bad("the count must be a whole number from 0 to 999,999,999", "数量应为 0 至 999,999,999 的整数")
    if kind.venue != (command.venue is not None):
        return bad("give its venue", "请给出场所") if kind.venue else bad("it has no venue", "不含场所")
    if command.venue is not None and command.venue not in policy.parts.venues:
        near = difflib.get_close_matches(command.venue, policy.parts.venues, n=3, cutoff=0.4)
        return UnknownVenue(venue=command.venue, known=near or "-")
    if type(on) is not date or not (command.year is None or type(command.year) is int):
        return bad("the day must be a date, and the year a whole number", "日期应为 date，年度应为整数")
    if on > day:
        return bad(f"{on} is still to come on {day}", f"{on} 晚于 {day}")
    if command.year is not None and not 1900 <= command.year <= on.year:
        return bad(f"the year must be from 1900 to {on.year}", f"年度应在 1900 至 {on.year} 之间")
    return None


def _added(tally: Tally | None, said: Mapping[str, Any]) -> Tally:
    """A tally with one more record."""
    on, year = said["on"], said["year"]
    years = dict(tally.years) if tally is not None else {}
    times, count, amount = years.get(year, (0, 0, Decimal(0)))
    years[year] = (times + 1, count + said.get("count", 0), amount + said.get("amount", Decimal(0)))
    return Tally(max(on, tally.last) if tally is not None else on, years)


def _strike(policy: Policy, case: Case, command: Strike, stamp: Stamp) -> Decision:
    said = command.struck.changes
    kind = policy.parts.records.get(said["record"])
    if kind is None:
        return UnknownRecord(record=said["record"], known=list(policy.parts.records) or "-")
    refused = _may(policy, case, kind.by, Title(f"撤销{kind.title.zh}", f"strike: {kind.title.en}"), stamp)
    if refused:
        return refused
    tally = command.carried
    for event in command.left:
        tally = _added(tally, event.changes)
    changes = {key: said[key] for key in ("record", "year", "amount", "count") if key in said}
    changes |= {"struck": command.struck.seq, "records": {kind.name: tally.content() if tally is not None else None}}
    return (happened("struck", case.id, case, changes, policy, stamp, reason=command.reason),)


# --- groups ----------------------------------------------------------------------------------------------------------


def _kind(policy: Policy, name: str, group: Case) -> GroupKind | GuikouError:
    kind = policy.parts.groups.get(name)
    if kind is None:
        return UnknownGroup(group=name, known=list(policy.parts.groups) or "-")
    if group.workflow != kind.of:
        titles = policy.workflows
        return NotAGroup(
            case=group.id, workflow=titles[group.workflow].title, group=kind.title, of=titles[kind.of].title
        )
    return kind


def _join(policy: Policy, case: Case, command: Join, stamp: Stamp) -> Decision:
    kind = _kind(policy, command.kind, command.group)
    if isinstance(kind, GuikouError):
        return kind
    group, day = command.group, policy.day(stamp.at)
    refused = _may_join(policy, case, group, kind, stamp)
    if refused:
        return refused
    for id, one in case.groups.items():
        if id == group.id or (kind.exclusive and one.kind == kind.name):
            return AlreadyMember(case=case.id, of=id, since=one.since)
    facts = asked_context(policy, case, day)
    applies = kind.members.evaluate(facts)
    if applies is None:
        return _unknown(policy, kind.members, facts, kind.title)
    if not applies or case.id == group.id:
        return NotEligible(case=case.id, group=kind.title, failed=_failed(policy, kind.members, facts))
    if kind.most is not None and size(policy, kind, group) >= kind.most:
        return GroupFull(group=group.name, most=kind.most)
    refused = check_evidence(kind.title, list(kind.evidence), kind.evidence, command.evidence)
    if refused:
        return refused
    changes: dict[str, Any] = {"group": group.id, "of_group": kind.name}
    changes["groups"] = {group.id: Membership(kind.name, day).content()}
    return _changed(policy, case, "joined", kind.joined, changes, stamp, evidence=dict(command.evidence))


def _leave(policy: Policy, case: Case, command: Leave, stamp: Stamp) -> Decision:
    kind = _kind(policy, command.kind, command.group)
    if isinstance(kind, GuikouError):
        return kind
    refused = _may_join(policy, case, command.group, kind, stamp)
    if refused and command.by_office:
        return refused
    if command.group.id not in case.groups:
        return NotMember(case=case.id, of=command.group.id)
    changes: dict[str, Any] = {"group": command.group.id, "of_group": kind.name}
    changes["groups"] = {command.group.id: None}
    return _changed(policy, case, "left", kind.left, changes, stamp, reason=command.reason)


def _changed(
    policy: Policy, case: Case, what: str, effect: Effect, changes: dict[str, Any], stamp: Stamp, **more: Any
) -> Decision:
    if effect.sets:
        changes["facts"] = values_set(effect.sets, case.facts, policy.day(stamp.at))
    steps = _Steps(policy, case, stamp)
    steps.add(happened(what, case.id, case, changes, policy, stamp, **more))
    return steps.bring_about(effect, GROUP) or tuple(steps.events)


def _may_join(policy: Policy, case: Case, group: Case, kind: GroupKind, stamp: Stamp) -> GuikouError | None:
    """Whoever has one of the roles for the member or for the group may let it join or leave."""
    if plays(policy, group, kind.by, stamp.body, policy.day(stamp.at)):
        return None
    return _may(policy, case, kind.by, kind.title, stamp)


def _failed(policy: Policy, condition: Condition, facts: Mapping[str, Any]) -> Title:
    needs = [need for need in condition.needs(facts) if need.met is False]
    return Title(
        "，".join(f"{policy.fact_title(one.fact).zh}为 {shown(one.value)}，需要 {one.test}" for one in needs) or "-",
        ", ".join(f"{policy.fact_title(one.fact).en} is {shown(one.value)}, needed {one.test}" for one in needs) or "-",
    )


def counted(policy: Policy, group: Case, member: str, kind: str, by: int, stamp: Stamp) -> Event:
    """The group's own event of a member that has joined it (`by` 1) or left it (-1)."""
    changes = {"member": member, "of_group": kind, "members": group.members + by}
    return happened("member_joined" if by > 0 else "member_left", group.id, group, changes, policy, stamp)


def size(policy: Policy, kind: GroupKind, group: Case) -> int:
    """How many a group holds together: its members, and what its own fact adds."""
    more = group.facts.get(kind.also) if kind.also is not None else 0
    return group.members + (more or 0)


# --- a case that another carries on ----------------------------------------------------------------------------------


def may_be_continued(policy: Policy, case: Case) -> GuikouError | None:
    """Why another case may not carry a case on; None if it may."""
    workflow = policy.workflows[case.workflow]
    stage = workflow.stages[case.stage]
    if stage.continued and not case.closed:
        return None
    known = _listed([one.title for one in workflow.stages.values() if one.continued])
    return NotContinued(case=case.id, state=workflow.full_title(case.state), known=known)


def carried(policy: Policy, case: Case, facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What the case that carries another on takes over, as its first event keeps it: what was recorded, the gates that
    were passed, what was laid on it; and where its history goes on from."""
    known = {**asked_context(policy, case, day), **facts}
    duties = {
        name: replace(duty, escalation=0, escalated_to=None, escalated_on=day if duty.overdue else None).content()
        for name, duty in case.duties.items()
        if duty.due is not None
        and name in policy.obligations
        and policy.obligations[name].within is not None
        and not holds(policy.obligations[name].until, known)
    }
    found = {
        "gates": {name: one.content() for name, one in case.gates.items()},
        "records": {name: one.content() for name, one in case.records.items()},
        "duties": duties,
    }
    return {
        "continues": case.id,
        "continues_from": case.head,
        **{name: value for name, value in found.items() if value},
    }


def _continued(policy: Policy, case: Case, command: Continued, stamp: Stamp) -> Decision:
    refused = may_be_continued(policy, case)
    if refused:
        return refused
    changes = {"closed": True, "continued_as": command.by, "stage_due": None, "step_due": None}
    return (happened("continued", case.id, case, changes, policy, stamp),)
