"""How many cases there will be, by body and tier, over years: growth, observed moves between stages, chance.

Cases are counted, not followed one by one: a run moves the cases of each body, workflow and stage together, by
multinomials. Equal input and seed give equal numbers, in whatever order cases and events come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import expm1
from typing import TYPE_CHECKING, Any, Literal

from guikou.engine.calendar import day_end
from guikou.engine.case import Body, Case, Event, Organization, Title
from guikou.engine.decide import Placement, place
from guikou.engine.errors import GuikouError, NotInstalled, UnknownArea, WrongUsage
from guikou.engine.policy import Policy
from guikou.engine.workflow import ORIGIN, SAME, Workflow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]

#: The published growth of organisations a year: 10 to 15%.
GROWTH = (0.10, 0.15)
#: Where a case goes that closes, whatever its workflow calls that.
CLOSED = ""
#: How many case-years a prior counts for.
PRIOR = 1.0
#: What a band runs from, its middle, and what it runs to.
BAND = (0.1, 0.5, 0.9)

By = Literal["all", "tier", "body", "stage"]
_YEAR = timedelta(days=365.2425)
_DAYS = 365


# --- what was observed -----------------------------------------------------------------------------------------------


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
        moved = "stage_since" in event.changes or event.changes.get("closed")
        if moved and event.case in known and begins < event.at <= ends:
            entered.setdefault(event.case, []).append(event)
    spent: dict[tuple[str, str], timedelta] = {}
    moves: Counter[tuple[str, str, str]] = Counter()
    arrivals: Counter[str] = Counter()
    for id, case in known.items():
        own = sorted(entered.get(id, ()), key=lambda event: event.seq)
        at = max(begins, case.opened_at)
        stage: str | None = case.stage
        if own:
            stage = _stage(own[0].changes.get("origin") or case.state)
        elif case.closed:
            continue
        for event in own:
            closed = bool(event.changes.get("closed"))
            into = CLOSED if closed else _stage(event.changes["state"])
            if event.kind == "opened":
                arrivals[case.workflow] += 1
            else:
                assert stage is not None, "nothing happens to a case that has closed"
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


def _stage(state: str) -> str:
    return state.partition(".")[0]


def _open_stages(workflow: Workflow) -> tuple[str, ...]:
    """The stages in which a case is open."""
    final = {state.stage for state in workflow.states.values() if state.final}
    return tuple(name for name in workflow.stages if name not in final)


def _ways(workflow: Workflow) -> frozenset[tuple[str, str]]:
    """From which stage a case can get to which, CLOSED among the latter."""
    stages = _open_stages(workflow)
    into = {(_stage(one.source), _stage(one.dest)) for one in workflow.transitions if one.dest not in (SAME, ORIGIN)}
    back = {_stage(one.source) for one in workflow.transitions if one.dest == ORIGIN}
    into |= {(origin, came) for came, origin in into if origin in back}
    into |= {(name, CLOSED) for name, stage in workflow.stages.items() if stage.continued}
    return frozenset(
        (origin, dest if dest in stages else CLOSED) for origin, dest in into if origin in stages and origin != dest
    )


# --- what is to come -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """How many open cases a group (`key`) has in a year: `low` and `high` are the 10% and 90% quantiles of all runs,
    rounded (Hyndman & Fan, The American Statistician 50, 1996, definition 7)."""

    year: int
    key: str
    title: Title
    low: int
    median: int
    high: int


@dataclass(frozen=True)
class Counts:
    """The open cases of each group in every run: `runs[run, year, group]`, the start being year 0."""

    keys: tuple[str, ...]
    titles: tuple[Title, ...]
    runs: Whole

    def rows(self, first: int) -> list[Row]:
        """Group by group, year by year from `first` on."""
        np = _numpy()
        quantiles = np.rint(np.quantile(self.runs, BAND, axis=0))
        return [
            Row(first + year, key, title, *(int(one) for one in quantiles[:, year, at]))
            for at, (key, title) in enumerate(zip(self.keys, self.titles, strict=True))
            for year in range(self.runs.shape[1])
        ]


@dataclass(frozen=True)
class Forecast:
    """The caseload from the day `start` on: in year start.year + n, on the same day n years later.

    `counts`: every run's numbers, of all, by tier, by body and by stage. `unplaced`: how many of the present cases the
    rules refused to place. `routed`: the same runs with each organisation at the body that another policy routes it to;
    both have the same groups in the same order.
    """

    start: date
    counts: Mapping[By, Counts]
    unplaced: int
    routed: Forecast | None = None

    def rows(self, by: By) -> list[Row]:
        return self.counts[by].rows(self.start.year)

    def difference(self, by: By) -> list[Row]:
        """What the other routing adds (less than 0: takes away), with the band of the difference itself: both sides
        are compared run by run."""
        if self.routed is None:
            return []
        own, other = self.counts[by], self.routed.counts[by]
        return Counts(own.keys, own.titles, other.runs - own.runs).rows(self.start.year)


#: Cases that move alike: a workflow, the body, the body by the other routing.
_Desk = tuple[str, str, str]


def forecast(
    policy: Policy,
    cases: Iterable[Case],
    *,
    years: int,
    rates: Rates,
    seed: int,
    start: date,
    growth: tuple[float, float] = GROWTH,
    runs: int = 200,
    routed_by: Policy | None = None,
    under: str | None = None,
) -> Forecast:
    """How many of `cases` (as they stand on `start`; closed ones are left out) and of those to come there will be.

    In each of `runs` runs every rate is drawn from what is known of it (`Rates.gamma`), once, so that few observations
    make a wide band. Then, each year:

    - a growth rate is drawn evenly from `growth`, and growth times the cases at the start of the year arrive, by the
      year's end. Those that close are not made up for: growth is what comes in;
    - an arrival is a copy of an organisation drawn from the present cases (a bootstrap; Efron & Tibshirani, An
      Introduction to the Bootstrap, 1993), facts and all, and stands where the policy's rules place those facts on
      `start`; where they refuse, it stands where the drawn case stands;
    - the cases of each body, workflow and stage move by a multinomial. With constant rates, a day's probabilities are
      1 - exp(-rate / 365), shared among competing moves in proportion to their rates, and a year's follow from 365 such
      days, so that several moves within a year count (a Markov chain: how long a case has stood there plays no part).

    A case's body is the one that stands for it on `start`; later successions are not followed. `routed_by`: the same
    runs also with each organisation at the body that this policy routes it to; its stage, workflow and moves stay; one
    that it refuses stays with its body. `under`: only cases of this body and all below it are counted, though all take
    part. Growth, rates and moves each have random numbers of their own, by `seed`.

    Raises WrongUsage for a growth that is not from 0 to 1, NotInstalled without numpy.
    """
    np = _numpy()
    low, high = growth
    if not 0 <= low <= high <= 1:
        raise WrongUsage(
            reason_en="growth is a share of the caseload a year, from 0 to 1, the lower bound first: 0.10..0.15",
            reason_zh="增长率为每年占案件量的比例，在 0 至 1 之间，下限在前：0.10..0.15",
        )
    standing = [case for case in cases if not case.closed]
    present, arriving, refused, unplaced = _counted(policy, standing, start, routed_by)
    grow, uncertain, move = np.random.default_rng(seed).spawn(3)
    flows = sorted({cell[0] for cell in (*present, *arriving)})
    desks = {name: sorted({cell[:3] for cell in (*present, *arriving) if cell[0] == name}) for name in flows}
    stages = {name: _open_stages(policy.workflows[name]) for name in flows}
    state = {name: np.zeros((runs, len(desks[name]), len(stages[name])), dtype=np.int64) for name in flows}
    chances = {name: _yearly(rates, name, stages[name], uncertain, runs) for name in flows}
    places = {desk: (name, at) for name in flows for at, desk in enumerate(desks[name])}

    def place_of(cell: tuple[str, str, str, str]) -> tuple[str, int, int]:
        name, at = places[cell[:3]]
        return name, at, stages[name].index(cell[3])

    for cell, count in present.items():
        name, at, stage = place_of(cell)
        state[name][:, at, stage] = count
    entries = [place_of(cell) for cell in sorted(arriving)]
    shares = np.array([arriving[cell] for cell in sorted(arriving)], dtype=float) / max(1, arriving.total())
    tally = _Tally(policy, routed_by, under, [desk for name in flows for desk in desks[name]], stages)
    tally.add(state)
    for _ in range(years):
        load = sum((one.sum(axis=(1, 2)) for one in state.values()), np.zeros(runs, dtype=np.int64))
        new = np.rint(grow.uniform(low, high, runs) * load).astype(np.int64)
        for name in flows:
            before, chance = state[name], chances[name]
            state[name] = sum(
                move.multinomial(before[:, :, at], chance[:, None, at])[..., :-1] for at in range(len(stages[name]))
            )
        if entries:
            landed = move.multinomial(new, shares)
            for at, (name, desk, stage) in enumerate(entries):
                state[name][:, desk, stage] += landed[:, at]
        tally.add(state)
    routed = Forecast(start, tally.counts(1), unplaced) if routed_by is not None else None
    return Forecast(start, tally.counts(0), refused, routed)


def _counted(
    policy: Policy, cases: Sequence[Case], day: date, routed_by: Policy | None
) -> tuple[Counter[tuple[str, str, str, str]], Counter[tuple[str, str, str, str]], int, int]:
    """The present cases and where a copy of each arrives, by (workflow, body, other body, stage); and how many the
    policy, and the other one, refuse to place."""
    own = _Placing(policy, day)
    other = _Placing(routed_by, day) if routed_by is not None else None
    present: Counter[tuple[str, str, str, str]] = Counter()
    arriving: Counter[tuple[str, str, str, str]] = Counter()
    refused = unplaced = 0
    for case in cases:
        stands = policy.body_on(case.responsible, day)
        body = stands.id if stands is not None else case.responsible
        routed = other(case) if other is not None else None
        unplaced += isinstance(routed, GuikouError)
        goes_to = routed.responsible.id if isinstance(routed, Placement) else None
        stood = (case.workflow, body, goes_to or body, case.stage)
        present[stood] += 1
        placed = own(case)
        if isinstance(placed, Placement):
            id = placed.responsible.id
            arriving[placed.workflow, id, goes_to or id, _stage(placed.state)] += 1
        else:
            refused += 1
            arriving[stood] += 1
    return present, arriving, refused, unplaced


class _Placing:
    """Where a policy places organisations on a day; those with equal facts are placed once."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.day = policy, day
        self._known: dict[Any, Placement | GuikouError] = {}

    def __call__(self, case: Case) -> Placement | GuikouError:
        key = (case.area, tuple(sorted(case.facts.items())))
        if key not in self._known:
            self._known[key] = self._place(case)
        return self._known[key]

    def _place(self, case: Case) -> Placement | GuikouError:
        policy = self.policy
        if case.area not in policy.areas:
            return UnknownArea(area=case.area, known="-")
        try:
            facts = policy.check_facts({name: value for name, value in case.facts.items() if name in policy.facts})
        except GuikouError as error:  # another policy's facts may have other values
            return error
        return place(policy, Organization(case.organization, case.name, case.area, facts), self.day)


def _yearly(rates: Rates, workflow: str, stages: Sequence[str], draw: np.random.Generator, runs: int) -> Real:
    """With which probability a case is where after a year: [run, from, to], the last `to` being CLOSED."""
    np = _numpy()
    known = np.array(
        [[rates.gamma(workflow, origin, dest) if dest != origin else (0.0, 1.0) for dest in (*stages, CLOSED)]
         for origin in stages]
    )  # fmt: skip
    hazards = draw.gamma(known[..., 0], 1 / known[..., 1], (runs, *known.shape[:2]))
    total = hazards.sum(axis=2, keepdims=True)
    day = np.zeros((runs, len(stages) + 1, len(stages) + 1))
    day[:, :-1] = np.divide(-np.expm1(-total / _DAYS) * hazards, total, out=np.zeros_like(hazards), where=total > 0)
    day += np.eye(len(stages) + 1) * (1 - day.sum(axis=2, keepdims=True))
    year = np.linalg.matrix_power(day, _DAYS)[:, :-1]
    found: Real = year / year.sum(axis=2, keepdims=True)
    return found


class _Tally:
    """Sums each year's cases up by group, as they are routed now (side 0) and by the other policy (side 1)."""

    def __init__(
        self,
        policy: Policy,
        other: Policy | None,
        under: str | None,
        desks: Sequence[_Desk],
        stages: Mapping[str, Sequence[str]],
    ) -> None:
        np = _numpy()
        self.stages = stages
        self.policies = [policy, other or policy]
        self.sides: list[list[str | None]] = []
        for side, within in enumerate(self.policies):
            known = within if under is None or under in within.bodies else policy
            admitted = known.bodies_under(under) if under is not None else None
            bodies_of = (desk[1 + side] for desk in desks)
            self.sides.append([id if admitted is None or id in admitted else None for id in bodies_of])
        order = {name: at for one in reversed(self.policies) for at, name in enumerate(one.bodies)}
        ids = {id for side in self.sides for id in side if id is not None}
        bodies = sorted(ids, key=lambda id: (order.get(id, len(order)), id))
        tiers = {id: self._body(id).tier for id in bodies}
        ranks = {tier: at for one in reversed(self.policies) for at, tier in enumerate(one.tiers)}
        self.keys: dict[By, list[str]] = {
            "all": [""],
            "tier": sorted(set(tiers.values()), key=lambda tier: (ranks[tier], tier)),
            "body": bodies,
            "stage": list(dict.fromkeys(stage for name in stages for stage in stages[name])),
        }
        at_body = {id: at for at, id in enumerate(bodies)}
        self.body_at = [
            np.array([at_body[id] if id is not None else -1 for id in side], dtype=np.int64) for side in self.sides
        ]
        self.tier_of = np.array([self.keys["tier"].index(tiers[id]) for id in bodies], dtype=np.int64)
        self.by_body: list[list[Whole]] = [[], []]
        self.by_stage: list[list[Whole]] = [[], []]

    def _body(self, id: str) -> Body:
        return next(one.bodies[id] for one in self.policies if id in one.bodies)

    def add(self, state: Mapping[str, Whole]) -> None:
        """Count a year: `state[workflow][run, desk, stage]`."""
        np = _numpy()
        runs = next((len(one) for one in state.values()), 1)
        for side, body_at in enumerate(self.body_at):
            bodies = np.zeros((len(self.keys["body"]), runs), dtype=np.int64)
            by_stage = np.zeros((runs, len(self.keys["stage"])), dtype=np.int64)
            first = 0
            for name, one in state.items():
                at = body_at[first : first + one.shape[1]]
                first += one.shape[1]
                counted = one[:, at >= 0]
                np.add.at(bodies, at[at >= 0], counted.sum(axis=2).T)
                for column, stage in enumerate(self.stages[name]):
                    by_stage[:, self.keys["stage"].index(stage)] += counted[:, :, column].sum(axis=1)
            self.by_body[side].append(bodies.T)
            self.by_stage[side].append(by_stage)

    def counts(self, side: int) -> dict[By, Counts]:
        np = _numpy()
        body, stage = np.stack(self.by_body[side], axis=1), np.stack(self.by_stage[side], axis=1)
        tier = np.zeros((*body.shape[:2], len(self.keys["tier"])), dtype=np.int64)
        for at, which in enumerate(self.tier_of):
            tier[:, :, which] += body[:, :, at]
        sums: dict[By, Whole] = {"all": body.sum(axis=2, keepdims=True), "tier": tier, "body": body, "stage": stage}
        return {
            by: Counts(tuple(keys), tuple(self._title(by, key) for key in keys), sums[by])
            for by, keys in self.keys.items()
        }

    def _title(self, by: By, key: str) -> Title:
        match by:
            case "all":
                return Title("合计", "all")
            case "tier":
                return next(one.tiers[key] for one in self.policies if key in one.tiers)
            case "body":
                return self._body(key).title
            case _:
                flows = self.policies[0].workflows
                return next(flows[name].stages[key].title for name in self.stages if key in self.stages[name])


def _numpy() -> Any:
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise NotInstalled(library="numpy", extra="forecast") from error
    return numpy


__all__ = ["CLOSED", "GROWTH", "By", "Counts", "Forecast", "Rates", "Row", "forecast", "rates"]
