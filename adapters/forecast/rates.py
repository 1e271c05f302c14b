"""How cases moved between stages, as observed over a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import expm1

from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, EventKind, counting
from guikou.engine.dates.instants import day_end
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import ORIGIN, SAME, Workflow

#: Where a case goes that closes, whatever its workflow calls that.
CLOSED = ""
#: How many case-years a prior counts for.
PRIOR = 1.0
_YEAR = timedelta(days=365.2425)


@dataclass(frozen=True)
class Rates:
    """How cases moved from the end of the day `since` to the end of `until`.

    `exposure`: the case-years that were spent in each (workflow, stage). `moves`: how many went from one stage to
    another, by (workflow, from, to), `to` being CLOSED for those that closed. `arrivals`: how many were opened, by
    workflow. `ways`: the moves that each workflow has.

    A rate is an occurrence/exposure rate, moves / case-years: the maximum-likelihood estimate of a hazard that is
    constant over the period (piecewise-constant hazards; Aalen, Borgan & Gjessing, Survival and Event History Analysis,
    2008, ch. 5). Its prior is a gamma distribution (the conjugate one; Gelman et al., Bayesian Data Analysis, 3rd ed.,
    2.6) that counts for PRIOR case-years, with the rate of all other workflows together as its mean; to those PRIOR
    case-years without a move are added. So one move in a stage where hardly any time was spent gives no certainty, a
    stage without any takes after the same stage of other workflows, and a move that was seen in none has rate 0.
    """

    since: date
    until: date
    exposure: Mapping[tuple[str, str], float]
    moves: Mapping[tuple[str, str, str], int]
    arrivals: Mapping[str, int]
    ways: Mapping[str, frozenset[tuple[str, str]]]

    def gamma(self, workflow: str, origin: str, dest: str) -> tuple[float, float]:
        """What is known of a rate: the shape and the rate (in case-years) of a gamma distribution."""
        seen, spent = self.moves.get((workflow, origin, dest), 0), self.exposure.get((workflow, origin), 0.0)
        prior = 0.0
        if seen or (origin, dest) in self.ways.get(workflow, ()):
            moves, years = self._together
            others = max(0.0, years.get(origin, 0.0) - spent)
            prior = PRIOR * (moves[origin, dest] - seen) / (others + PRIOR)
        return seen + prior, spent + PRIOR

    def rate(self, workflow: str, origin: str, dest: str) -> float:
        """Moves per case and year: the mean of what is known."""
        shape, years = self.gamma(workflow, origin, dest)
        return shape / years

    def probabilities(self, workflow: str, origin: str) -> dict[str, float]:
        """Where a case that stands in a stage goes next, and with which probability it does within a year (what it does
        after that left aside): 1 - exp(-total rate), shared among competing moves in proportion to their rates."""
        dests = sorted({dest for name, ways in self.ways.items() if name == workflow for _, dest in ways})
        found = {dest: self.rate(workflow, origin, dest) for dest in dests if dest != origin}
        total = sum(found.values())
        return {dest: -expm1(-total) * rate / total for dest, rate in found.items() if rate > 0}

    @cached_property
    def _together(self) -> tuple[Counter[tuple[str, str]], dict[str, float]]:
        """Moves and case-years of all workflows, by the names of their stages."""
        moves: Counter[tuple[str, str]] = Counter()
        years: dict[str, float] = {}
        for (_, origin, dest), count in self.moves.items():
            moves[origin, dest] += count
        for (_, stage), spent in sorted(self.exposure.items()):
            years[stage] = years.get(stage, 0.0) + spent
        return moves, years


def rates(policy: Policy, events: Iterable[Event], cases: Iterable[Case], since: date, until: date) -> Rates:
    """The rates of a period, from the end of the day `since` to the end of `until`, in the policy's time zone.

    `cases` as they stood at the end of `until`, those that had closed by then among them; `events` those of the period
    (`store.happened`). Events of other cases and of other times are left out.
    """
    begins, ends = day_end(since, policy.zone), day_end(until, policy.zone)
    known = {case.id: case for case in cases if case.workflow in policy.workflows}
    entered: dict[str, list[Event]] = {}
    for event in events:
        moved = event.enters_stage or event.closes or event.kind == EventKind.REOPENED or event.back_to is not None
        if moved and event.case in known and begins < event.at <= ends:
            entered.setdefault(event.case, []).append(event)
    spent: dict[tuple[str, str], timedelta] = {}
    moves: Counter[tuple[str, str, str]] = Counter()
    arrivals: Counter[str] = Counter()
    for id, case in known.items():
        own = counting(sorted(entered.get(id, ()), key=lambda event: event.seq))
        at = max(begins, case.opened_at)
        stage: str | None = case.stage
        if own:
            reopened = own[0].kind == EventKind.REOPENED
            stage = None if reopened else stage_of(own[0].origin or case.state)
        elif case.closed:
            continue
        for event in own:
            closed = event.closes
            into = CLOSED if closed else stage_of(event.state or case.state)
            if event.kind == EventKind.OPENED:
                arrivals[case.workflow] += 1
            elif event.kind != EventKind.REOPENED:
                assert stage is not None, "nothing else happens to a case that has closed"
                key = (case.workflow, stage)
                spent[key] = spent.get(key, timedelta()) + (event.at - at)
                moves[case.workflow, stage, into] += 1
            stage, at = None if closed else into, event.at
        if stage is not None and at < ends:
            key = (case.workflow, stage)
            spent[key] = spent.get(key, timedelta()) + (ends - at)
    return Rates(
        since,
        until,
        {key: spent[key] / _YEAR for key in sorted(spent)},
        dict(sorted(moves.items())),
        dict(sorted(arrivals.items())),
        {name: _ways(workflow) for name, workflow in policy.workflows.items()},
    )


def stage_of(state: str) -> str:
    return state.partition(".")[0]


def open_stages(workflow: Workflow) -> tuple[str, ...]:
    """The stages in which a case is open."""
    final = {state.stage for state in workflow.states.values() if state.final}
    return tuple(name for name in workflow.stages if name not in final)


def _ways(workflow: Workflow) -> frozenset[tuple[str, str]]:
    """From which stage a case can get to which, CLOSED among the latter."""
    stages = open_stages(workflow)
    into = {
        (stage_of(one.source), stage_of(one.dest)) for one in workflow.transitions if one.dest not in (SAME, ORIGIN)
    }
    back = {stage_of(one.source) for one in workflow.transitions if one.dest == ORIGIN}
    into |= {(origin, came) for came, origin in into if origin in back}
    into |= {(name, CLOSED) for name, stage in workflow.stages.items() if stage.continued}
    return frozenset(
        (origin, dest if dest in stages else CLOSED) for origin, dest in into if origin in stages and origin != dest
    )
