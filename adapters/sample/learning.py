"""What becomes known of an invented organisation at one look."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from guikou.engine.cases.case import Case
from guikou.engine.decide.happening import values_set

from .draws import keep_within
from .rates import Change
from .world import World


def learned(world: World, draw: random.Random, case: Case, day: date, does: float) -> dict[str, Any]:
    """The facts of a case that become other than they are, by chance; what comes about by the office, only as often as
    it `does` its part."""
    news, known = dict[str, Any](), known_of(case)
    for one in world.learned(case):
        if not one.when(known):
            continue
        chance = one.chance * does if one.by_office else one.chance
        for name, value in (one.sets if one.constant else values_set(one.sets, case.facts, day)).items():
            if (name not in known or known[name] != value) and draw.random() < chance:
                news[name] = value
        if one.changes and all(known.get(name) is not None for name in one.changes) and draw.random() < chance:
            news |= {name: _changed(world, draw, case, name, how) for name, how in one.changes.items()}
            both = {**case.facts, **news}
            keep_within(both, world.recipe.limits)
            news |= {name: both[name] for name in one.changes}
    return news


def known_of(case: Case) -> dict[str, Any]:
    """What a condition of the recipe may ask of a case."""
    return {**case.facts, "type": case.workflow, "stage": case.stage}


def _changed(world: World, draw: random.Random, case: Case, name: str, how: Change) -> int:
    """What a number becomes: no less than is said, or than the fact may be."""
    number: int = case.facts[name]
    if how.times is not None:
        number = round(number * draw.uniform(*how.times))
    if how.plus is not None:
        number += draw.choice(how.plus)
    least = how.least if how.least is not None else world.policy.facts[name].minimum
    return number if least is None else max(int(least), number)
