"""What Supervision gives back: cases, gates, reports, as the policy and a day show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..cases.case import Case, Duty, Passage
from ..cases.events import Event
from ..decide.due.context import case_context
from ..decide.duties import not_open
from ..decide.transitions import offered
from ..errors import GuikouError
from ..indicators.entitlements import Entitlement
from ..indicators.measures import Measure
from ..policy.gates import Gate, Ground
from ..policy.indicators import Scorecard, Section
from ..policy.places import Area
from ..policy.policy import Policy
from ..policy.records import Venue
from ..policy.standing import Body
from ..policy.workflow import SAME, Transition
from ..rules.conditions import Need
from ..text import Title, brief
from . import plain
from .explained import RuleExplained
from .soundness import sound


@dataclass(slots=True)
class CaseView:
    """A case with what the policy says of it, on the day it was looked at; with `obligation` (a name), one of its
    duties: then due date, days overdue and escalation are the duty's."""

    case: Case
    policy: Policy
    today: date
    obligation: str | None = None

    __repr__ = brief("id", "name", "state", "obligation", "due", "today")

    def to_dict(self, whole: bool = False) -> dict[str, Any]:
        """As JSON has a case in every listing (docs/json.md); `whole`: with all that is known of it."""
        return plain.whole_case(self) if whole else plain.case(self)

    def __post_init__(self) -> None:
        """Raises Damaged."""
        sound(self.policy, self.case)

    @property
    def id(self) -> str:
        """The organisation's id; its case is found by any that it has had."""
        return self.case.organization

    @property
    def organization(self) -> str:
        return self.case.organization

    @property
    def name(self) -> str:
        return self.case.name

    @property
    def workflow(self) -> str:
        return self.case.workflow

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def stage(self) -> str:
        return self.case.stage

    @property
    def duty(self) -> Duty | None:
        return self.case.duties.get(self.obligation) if self.obligation is not None else None

    @property
    def due(self) -> date | None:
        return self.duty.due if self.duty is not None else self.case.due

    @property
    def days_overdue(self) -> int:
        if self.duty is not None and self.due is not None:
            return max(0, (self.today - self.due).days)
        return self.case.days_overdue(self.today)

    @property
    def what(self) -> Title:
        """What is due: the obligation's title, or the state's; of a case that was merged into another, that it was."""
        if self.obligation is not None:
            return self.policy.obligations[self.obligation].title
        if self.case.same_as is not None:
            return Title("已并入另案", "merged into another case")
        return self.policy.workflows[self.case.workflow].full_title(self.case.state)

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may do what is due: meet the duty, or tell what a gate still waits for."""
        if self.obligation is None:
            return tuple(dict.fromkeys(role for one in self.transitions for role in one.by))
        gates = [gate for gate in self.policy.parts.gates.values() if gate.owes_in_step == self.obligation]
        left = [gate.told[name] for gate in gates for name in self.left(gate.name)]
        return (
            tuple(dict.fromkeys(role for one in left for role in one.by)) or self.policy.obligations[self.obligation].by
        )

    def left(self, gate: str) -> tuple[str, ...]:
        """The outcomes that are still to be told of a gate before any takes effect; none once it is passed, and none
        while it is refused."""
        passage, found = self.case.gates.get(gate), self.policy.parts.gates[gate]
        if passage is None or passage.passed is not None or (passage.answer == "refused" and not passage.told):
            return ()
        return tuple(name for name in found.together(passage.grounds) if name not in passage.told)

    @property
    def escalation(self) -> int:
        """How many tiers it has climbed."""
        return self.duty.escalation if self.duty is not None else self.case.escalation

    @property
    def escalated_to(self) -> Body | None:
        """The body that it was escalated to, or its successor."""
        id = self.duty.escalated_to if self.duty is not None else self.case.escalated_to
        return self._standing(id)

    def _standing(self, id: str | None) -> Body | None:
        """Who stands for a body today; itself where nobody does."""
        places = self.policy.places
        return places.bodies.get(places.acting_id(id, self.today)) if id is not None else None

    @property
    def responsible(self) -> Body:
        """The one body that answers for it; its successor once it has been succeeded."""
        places = self.policy.places
        return places.bodies[places.acting_id(self.case.responsible, self.today)]

    @property
    def hub(self) -> Body | None:
        return self._standing(self.case.hub)

    @property
    def escalates_to(self) -> Body | None:
        """The body one above the one it has climbed to, or above the responsible one."""
        stands_at = self.escalated_to or self.responsible
        return self.policy.places.on(self.today).above(stands_at.id)

    @property
    def next(self) -> tuple[str, ...]:
        """What is to be done next: the trigger of the way that leads on, and, once overdue, the one that only
        escalates, while there is a body above. For a duty nothing but to meet it."""
        if self.obligation is not None:
            return ()
        climbs = self.days_overdue > 0 and self.escalates_to is not None
        late = [one.trigger for one in self.transitions if climbs and one.escalate and one.dest == SAME]
        way = self._leads_on
        return tuple(dict.fromkeys([way.trigger, *late] if way is not None else late))

    @property
    def _leads_on(self) -> Transition | None:
        """The first way that the policy writes for this state and that isn't done already: what stays where it is is
        done once all that it sets is so. Where its guard fails, it is the first that goes by what failed, or that
        stays; or else it is that way itself, once what it asks for is so."""
        facts = case_context(self.policy, self.case, self.today)
        first, failed = None, set[str]()
        workflow = self.policy.workflows[self.case.workflow]
        rests = workflow.stages[self.case.stage].rests
        for one in self.transitions:
            if rests and one.dest != SAME and workflow.states[one.dest].final:
                continue  # where it may rest for good, to end is no next step
            done = one.dest == SAME and one.sets and all(facts.get(name) == value for name, value in one.sets.items())
            aside = one.suspend or one.resume or one.extend is not None or (one.escalate and one.dest == SAME)
            if done or aside:
                continue
            if one.when.evaluate(facts) is False:
                first = first or one
                failed |= {need.fact for need in one.when.needs(facts) if need.met is False}
            elif not failed or one.dest == SAME or failed & one.when.facts:
                return one
        return first

    @property
    def next_lacks(self) -> tuple[Need, ...]:
        """What the next step asks for besides, and is not so or is not known: each fact with what it is and should
        be."""
        way = self._leads_on if self.obligation is None else None
        if way is None:
            return ()
        facts = case_context(self.policy, self.case, self.today)
        if way.when.evaluate(facts):
            return ()
        named = {need.fact for need in self.lacking}
        return tuple(need for need in way.when.needs(facts) if need.met is not True and need.fact not in named)

    @property
    def next_evidence(self) -> tuple[str, ...]:
        """What evidence the next step asks for."""
        way = self._leads_on if self.obligation is None else None
        return way.evidence if way is not None else ()

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Those by which an office can move it; none once it is closed."""
        if self.case.closed:
            return ()
        ways = self.policy.workflows[self.case.workflow].from_state(self.case.state)
        return tuple(one for one in ways if one.by_office)

    @property
    def lacking(self) -> tuple[Need, ...]:
        """What the state waits for and does not have yet: each fact with what it is and what it should be."""
        awaits = self.policy.workflows[self.case.workflow].states[self.case.state].awaits
        facts = case_context(self.policy, self.case, self.today)
        return tuple(need for need in awaits.needs(facts) if need.met is not True)

    @property
    def open_triggers(self) -> tuple[str, ...]:
        """The triggers that an office can fire today; none once it is closed."""
        return tuple(one.trigger for one in self.open_ways)

    @property
    def open_ways(self) -> tuple[Transition, ...]:
        """The ways of these triggers."""
        return offered(self.policy, self.case, self.today) if not self.case.closed else ()

    @property
    def coming(self) -> tuple[Transition, ...]:
        """The ways that the sweep takes as soon as it looks."""
        if self.case.closed:
            return ()
        ways = self.policy.workflows[self.case.workflow].automatic_from(self.case.state)
        facts = case_context(self.policy, self.case, self.today) if ways else {}
        return tuple(one for one in ways if one.when.evaluate(facts))[:1]

    @property
    def unscheduled(self) -> dict[str, tuple[str, ...]]:
        """The obligations that have no due date for want of facts: which ones would do."""
        if self.case.closed:
            return {}
        facts = case_context(self.policy, self.case, self.today)
        found: dict[str, tuple[str, ...]] = {}
        for name, one in self.policy.obligations.items():
            duty = self.case.duties.get(name)
            if (duty is not None and duty.due is not None) or one.within is not None:
                continue
            applies = one.when.evaluate(facts)
            if applies is None:
                found[name] = tuple(need.fact for need in one.when.needs(facts) if not need.known)
            elif applies:
                found[name] = one.since
        return found


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, or would have done: how many cases it looked at, what happened, and which cases it could not
    decide (their error; they are looked at again by the next sweep); `ahead`: how many were left as they are, since
    something happened to them on a later day."""

    day: date
    cases: int
    happened: tuple[tuple[CaseView, Event], ...]
    failed: tuple[tuple[str, GuikouError], ...]
    ahead: int = 0
    aside: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Swept({self.day}, cases={self.cases}, happened={len(self.happened)}, failed={len(self.failed)})"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.swept(self)


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What a gate answered: `answer` is 'allowed', 'conditional' (by `due`) or 'refused'; each of the `grounds` has its
    title and what to do, in both languages; `rules` are the rows that fitted, fact by fact; `event` keeps it."""

    gate: Gate
    answer: str
    grounds: tuple[Ground, ...]
    due: date | None
    rules: tuple[RuleExplained, ...]
    case: CaseView
    event: Event

    __repr__ = brief("id", "name", "answer", "due")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.gate_answer(self)

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def name(self) -> str:
        return self.gate.name

    @property
    def opens(self) -> date | None:
        """From when on what comes of it may be told: the obligation that it meets is not open before. None where
        nothing is waited for."""
        if self.answer == "refused":
            return None
        case, policy, day = self.case.case, self.case.policy, self.case.today
        effects = [one.effect for one in self.gate.told.values()]
        effects += [self.gate.in_step.effect] if self.gate.in_step is not None else []
        found = []
        for name in {name for effect in effects for name in effect.meets}:
            duty = case.duties.get(name)
            if duty is None or duty.due is None or duty.opens is None:
                continue
            if not_open(policy, policy.obligations[name], duty, day) is not None:
                found.append(duty.opens)
        return max(found, default=None)

    @property
    def allowed(self) -> bool:
        """Whether it may proceed without a condition."""
        return self.answer == "allowed"


@dataclass(frozen=True, slots=True)
class GateView:
    """How a case stands before a gate: `left` are the outcomes that are still to be told before any takes effect; `due`
    is by when, or by when a condition is to be met."""

    case: CaseView
    gate: Gate
    passage: Passage
    left: tuple[str, ...]
    due: date | None

    __repr__ = brief("id", "name", "standing", "due")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.gate_view(self)

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def name(self) -> str:
        return self.gate.name

    @property
    def standing(self) -> str:
        """'passed', 'refused', 'half-told' (some outcomes were told and others are due) or 'asked'."""
        if self.passage.passed is not None:
            return "passed"
        if self.passage.told:
            return "half-told"
        return "refused" if self.passage.answer == "refused" else "asked"

    @property
    def days_overdue(self) -> int:
        return max(0, (self.case.today - self.due).days) if self.due is not None else 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which rows placed a case, from the event `event` that recorded them, under the policy of that time; `entered`
    is the event that brought it to the state in which it stands."""

    case: CaseView
    event: Event
    rules: tuple[RuleExplained, ...]
    entered: Event

    def __repr__(self) -> str:
        return f"Explanation({self.case.id!r}, event {self.event.seq}, {len(self.rules)} rules)"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.explanation(self)


@dataclass(frozen=True, slots=True)
class Supported:
    """A support of one organisation in one year."""

    case: CaseView
    entitlement: Entitlement

    def __repr__(self) -> str:
        return f"Supported({self.case.id!r}, {self.entitlement!r})"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.supported(self)


@dataclass(frozen=True, slots=True)
class VenueUse:
    """A venue, with the organisations (cases) that used it in a year, and how often in all."""

    venue: Venue
    users: tuple[str, ...]
    times: int
    area: Area | None = None

    def __repr__(self) -> str:
        return f"VenueUse({self.venue.id!r}, organizations={len(self.users)}, times={self.times})"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.use_of_venue(self)


@dataclass(frozen=True, slots=True)
class YearReport:
    """A body's scorecard of a year, up to `day`: for each section of the policy's its indicators' measures, each of all
    and then by group. `territory`: of all organisations in the body's area, instead of those that are its business or
    of one below it."""

    scorecard: Scorecard
    body: Body
    year: int
    day: date
    sections: tuple[tuple[Section, tuple[tuple[Measure, ...], ...]], ...]
    territory: bool = False

    @property
    def of(self) -> Title:
        """Which organisations it is of."""
        if self.territory:
            return Title("区域内全部组织", "all organisations in its area")
        return Title("归口本机构及其下级的组织", "organisations that are its business or of one below")

    def __repr__(self) -> str:
        return f"YearReport({self.body.id!r}, {self.year}, up to {self.day})"

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return plain.year_report(self)
