"""How many cases each group has in each run and year, and the bands that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from guikou.engine.policy.policy import Policy
from guikou.engine.policy.standing import Body
from guikou.engine.text import Title

from .arrays import numpy

if TYPE_CHECKING:
    from .arrays import Whole

#: What a band runs from, its middle, and what it runs to.
BAND = (0.1, 0.5, 0.9)

By = Literal["all", "tier", "body", "stage"]
#: Cases that move alike: a workflow, the body, the body by the other routing.
Desk = tuple[str, str, str]


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
        np = numpy()
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


class Tally:
    """Sums each year's cases up by group, as they are routed now (side 0) and by the other policy (side 1)."""

    def __init__(
        self,
        policy: Policy,
        other: Policy | None,
        under: str | None,
        day: date,
        desks: Sequence[Desk],
        stages: Mapping[str, Sequence[str]],
    ) -> None:
        np = numpy()
        self.stages = stages
        self.policies = [policy, other or policy]
        self.sides: list[list[str | None]] = []
        for side, within in enumerate(self.policies):
            known = within if under is None or under in within.places.bodies else policy
            admitted = known.places.on(day).under(under) if under is not None else None
            bodies_of = (desk[1 + side] for desk in desks)
            self.sides.append([id if admitted is None or id in admitted else None for id in bodies_of])
        order = {name: at for one in reversed(self.policies) for at, name in enumerate(one.places.bodies)}
        ids = {id for side in self.sides for id in side if id is not None}
        bodies = sorted(ids, key=lambda id: (order.get(id, len(order)), id))
        tiers = {id: self._body(id).tier for id in bodies}
        ranks = {tier: at for one in reversed(self.policies) for at, tier in enumerate(one.places.tiers)}
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
        return next(one.places.bodies[id] for one in self.policies if id in one.places.bodies)

    def add(self, state: Mapping[str, Whole]) -> None:
        """Count a year: `state[workflow][run, desk, stage]`."""
        np = numpy()
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
        np = numpy()
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
                return next(one.places.tiers[key] for one in self.policies if key in one.places.tiers)
            case "body":
                return self._body(key).title
            case _:
                flows = self.policies[0].workflows
                return next(flows[name].stages[key].title for name in self.stages if key in self.stages[name])
