"""The caseload of the years to come, run by run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from guikou.engine.cases.case import Case, Organization
from guikou.engine.decide.intake import Placement, place
from guikou.engine.errors import GuikouError, UnknownArea, WrongUsage
from guikou.engine.policy.policy import Policy

from .arrays import numpy
from .counts import Forecast, Tally
from .rates import CLOSED, Rates, open_stages, stage_of

if TYPE_CHECKING:
    import numpy as np

    from .arrays import Real

#: The published growth of organisations a year: 10 to 15%.
GROWTH = (0.10, 0.15)
_DAYS = 365


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
    np = numpy()
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
    stages = {name: open_stages(policy.workflows[name]) for name in flows}
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
    tally = Tally(policy, routed_by, under, start, [desk for name in flows for desk in desks[name]], stages)
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
        stands = policy.places.body_on(case.responsible, day)
        body = stands.id if stands is not None else case.responsible
        routed = other(case) if other is not None else None
        unplaced += isinstance(routed, GuikouError)
        goes_to = routed.responsible.id if isinstance(routed, Placement) else None
        stood = (case.workflow, body, goes_to or body, case.stage)
        present[stood] += 1
        placed = own(case)
        if isinstance(placed, Placement):
            id = placed.responsible.id
            arriving[placed.workflow, id, goes_to or id, stage_of(placed.state)] += 1
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
        if case.area not in policy.places.areas:
            return UnknownArea(area=case.area, known="-", wider="")
        try:
            facts = policy.vocabulary.check({name: value for name, value in case.facts.items() if name in policy.facts})
        except GuikouError as error:  # another policy's facts may have other values
            return error
        return place(policy, Organization(case.organization, case.name, case.area, facts), self.day)


def _yearly(rates: Rates, workflow: str, stages: Sequence[str], draw: np.random.Generator, runs: int) -> Real:
    """With which probability a case is where after a year: [run, from, to], the last `to` being CLOSED."""
    np = numpy()
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
