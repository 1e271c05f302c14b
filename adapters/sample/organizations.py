"""Invented organisations, seeded: realistic, marked as generated, with valid check digits, never a real one's data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.errors import WrongUsage
from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy

from .draws import Drawn, Source, drawn, weighted
from .recipe import Class, Recipe, read


def organizations(
    policy: Policy, n: int, seed: int, *, day: date | None = None, recipe: Recipe | None = None
) -> Iterator[Organization]:
    """`n` organisations, the same for the same policy and seed; the first ones go round all areas of the home tier in
    turn. The days that are drawn lie before `day` (default: the day on which the policy takes effect). `recipe` is the
    policy's, where it was read before.

    Raises WrongUsage if the policy has no sample.yaml, PolicyError if it is wrong, NotInstalled without python-stdnum.
    """
    return _organizations(policy, recipe or read(policy), n, seed, day or policy.effective)


def hubs(
    policy: Policy, seed: int, *, among: int | None = None, recipe: Recipe | None = None
) -> Iterator[Organization]:
    """Hubs: as many at each tier as sample.yaml says or, `among` so many organisations, their part of them; at least
    one at each tier. A tier with fewer areas than hubs has several in some. Raises as `organizations` does."""
    return _hubs(policy, recipe or read(policy), seed, among)


def standing(drawn_: Drawn, facts: dict[str, Any], source: Source, recipe: Recipe) -> None:
    """Adds facts that are drawn for some, if these are of them."""
    if not drawn_.when(facts) or (drawn_.after is not None and not drawn_.after.passed(facts, source.day)):
        return
    if drawn_.chance is None or source.draw.random() < drawn_.chance:
        drawn(drawn_.facts, facts, source, recipe.limits)


def _organizations(policy: Policy, recipe: Recipe, n: int, seed: int, day: date) -> Iterator[Organization]:
    draw, places = random.Random(seed), _Places(policy, recipe.home_tier)
    classes, weights = recipe.classes, [one.weight for one in recipe.classes]
    used: set[str] = set()
    for i in range(n):
        # Each kind once in every home area before chance takes over, so that a small sample shows all of them.
        home = places.homes[i % len(places.homes)]
        every = i < len(classes) * len(places.homes) // 2
        kind: Class = classes[i % len(classes)] if every else draw.choices(classes, weights)[0]
        tier = weighted(draw, kind.at)
        within = places.within(home, tier)
        area = draw.choice(within) if within else home
        facts: dict[str, Any] = {}
        source = Source(draw, day, turn=i // len(places.homes))
        drawn(kind.facts, facts, source, recipe.limits)
        drawn(recipe.facts, facts, source, recipe.limits)
        if recipe.tier_fact is not None:
            facts[recipe.tier_fact] = tier
        if recipe.standing is not None:
            standing(recipe.standing, facts, Source(random.Random(f"{seed}:{i}"), day), recipe)
        name = draw.choice(kind.names).format(word=_words(draw, recipe), **places.titles(area))
        yield Organization(kind.code.drawn(draw, area, used), name + recipe.marker, area.code, facts)


def _hubs(policy: Policy, recipe: Recipe, seed: int, among: int | None) -> Iterator[Organization]:
    own, used = recipe.hubs, set[str]()
    if own is None:
        raise WrongUsage(reason_en="sample.yaml says nothing of hubs", reason_zh="sample.yaml 未写明枢纽")
    part = 1.0 if among is None else min(1.0, among / own.of)
    places = _Places(policy, recipe.home_tier)
    for tier, count in own.at.items():
        areas = [area for area in policy.places.areas.values() if area.tier == tier]
        for i in range(max(1, round(count * part))):
            draw, area = random.Random(f"{seed}:hub:{tier}:{i}"), areas[i % len(areas)]
            name = own.names[tier].format(word=_words(draw, recipe), **places.titles(area))
            facts: dict[str, Any] = {recipe.tier_fact: tier} if recipe.tier_fact is not None else {}
            drawn(own.facts, facts, Source(draw, policy.effective, turn=i // len(areas)), recipe.limits)
            yield Organization(own.code.drawn(draw, area, used), name + recipe.marker, area.code, facts)


def _words(draw: random.Random, recipe: Recipe) -> str:
    return draw.choice(recipe.words) + draw.choice(recipe.words)


class _Places:
    """Where organisations are: at home, or in an area within it of a lower tier."""

    def __init__(self, policy: Policy, home_tier: str) -> None:
        self.policy = policy
        self.homes = [area for area in policy.places.areas.values() if area.tier == home_tier]
        self._within: dict[tuple[str, str], list[Area]] = {}
        self._titles: dict[str, dict[str, str]] = {}
        lower = list(policy.places.tiers)[list(policy.places.tiers).index(home_tier) + 1 :]
        for area in policy.places.areas.values():
            home = policy.places.around(area.code).get(home_tier)
            if area.tier in lower and home is not None:
                self._within.setdefault((home.code, area.tier), []).append(area)

    def within(self, home: Area, tier: str) -> list[Area]:
        """The areas of a tier in a home area; none, if the tier is not below it or has none there."""
        return self._within.get((home.code, tier), [])

    def titles(self, area: Area) -> dict[str, str]:
        """What the areas around one are called, by tier; it stands for those that it has not."""
        if area.code not in self._titles:
            around = self.policy.places.around(area.code)
            self._titles[area.code] = {tier: around.get(tier, area).title.zh for tier in self.policy.places.tiers}
        return self._titles[area.code]
