"""Invented organisations, seeded: realistic, marked as generated, with valid check digits, never a real one's data.

What is drawn from is the policy's own sample.yaml. `lives` makes years of supervision of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from guikou.engine.case import Area, Organization
from guikou.engine.documents import read_yaml
from guikou.engine.errors import NotInstalled, WrongUsage
from guikou.engine.policy import Policy

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z


def specification(policy: Policy) -> dict[str, Any]:
    """The policy's sample.yaml, as it is written. Raises WrongUsage if it has none."""
    if "sample.yaml" not in policy.files:
        raise WrongUsage(reason_en="this policy has no sample.yaml", reason_zh="该政策没有 sample.yaml")
    spec: dict[str, Any] = read_yaml(policy.files["sample.yaml"], "sample.yaml").value
    return spec


def organizations(policy: Policy, n: int, seed: int, *, day: date | None = None) -> Iterator[Organization]:
    """`n` organisations, the same for the same policy and seed; the first ones go round all districts in turn. What
    they were registered and inspected on lies before `day` (default: the day on which the policy takes effect).

    Raises WrongUsage if the policy has no sample.yaml, NotInstalled without python-stdnum.
    """
    spec = specification(policy)
    draw = random.Random(seed)
    tiers = list(policy.tiers)
    by_tier = {tier: [area for area in policy.areas.values() if area.tier == tier] for tier in tiers}
    classes, weights = spec["classes"], [float(one["weight"]) for one in spec["classes"]]
    used: set[str] = set()
    for i in range(n):
        # Each kind once in every district before chance takes over, so that a small sample shows all of them.
        districts = by_tier[tiers[1]]
        kind = (
            classes[i % len(classes)] if i < len(classes) * len(districts) // 2 else draw.choices(classes, weights)[0]
        )
        district = districts[i % len(districts)]
        tier = draw.choices(list(kind["at"]), list(kind["at"].values()))[0]
        area = (
            draw.choice([one for one in by_tier[tiers[2]] if one.parent == district.code])
            if tier == tiers[2]
            else district
        )
        facts = _facts(draw, spec, kind["facts"])
        facts["registered_at"] = tier
        facts |= _standing(random.Random(f"{seed}:{i}"), spec, facts, day or policy.effective)
        name = draw.choice(kind["names"]).format(
            district=district.title.zh,
            street=area.title.zh,
            word=draw.choice(spec["words"]) + draw.choice(spec["words"]),
        )
        yield Organization(_code(draw, str(kind["code"]), area, used), name + spec["marker"], area.code, facts)


def hubs(policy: Policy, seed: int, *, among: int | None = None) -> Iterator[Organization]:
    """Hubs (M02): as many at each tier as sample.yaml says or, `among` so many organisations, their part of them; at
    least one at each tier. A tier with fewer areas than hubs has several in some. Raises as `organizations` does."""
    spec = specification(policy)
    own, used = spec.get("hubs"), set[str]()
    if own is None:
        raise WrongUsage(reason_en="sample.yaml says nothing of hubs", reason_zh="sample.yaml 未写明枢纽")
    part = 1.0 if among is None else min(1.0, among / int(own["of"]))
    for tier, count in own["at"].items():
        areas = [area for area in policy.areas.values() if area.tier == tier]
        for i in range(max(1, round(count * part))):
            draw = random.Random(f"{seed}:hub:{tier}:{i}")
            area = areas[i % len(areas)]
            around = {key: one.title.zh for key, one in policy.tier_areas(area.code).items()}
            name = own["names"][tier].format(word=draw.choice(spec["words"]) + draw.choice(spec["words"]), **around)
            items = ("work_committee", "joint_organization", "building_office")
            facts = {
                "registered_as": "hub",
                "registered_at": tier,
                "industry": own["industry"][i // len(areas) % len(own["industry"])],
                **{item: weighted(draw, own["items"]) for item in items},
                "regular_meeting": "held" if draw.random() < float(own["held"]) else "missed",
            }
            yield Organization(_code(draw, str(own["code"]), area, used), name + spec["marker"], area.code, facts)


def weighted(draw: random.Random, weights: Mapping[str, float]) -> str:
    """One of the names, by their weights."""
    return draw.choices(list(weights), list(weights.values()))[0]


def _standing(draw: random.Random, spec: Mapping[str, Any], facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Dates, conclusions and penalties of one that is registered with a registration office, as they stand on a day."""
    own = spec.get("registered")
    if own is None or facts["registered_as"] not in own["of"]:
        return {}
    registered = day - timedelta(days=draw.randrange(30, 365 * int(own["years"])))
    term = max(registered, day - timedelta(days=draw.randrange(1, 365 * int(own["term_years"]))))
    years = (day - registered).days // 365
    found: dict[str, Any] = {"registered_on": registered, "term_began": term}
    last, before = weighted(draw, own["inspection"]), weighted(draw, own["inspection"])
    found |= {"inspection": last} if years >= 1 else {}
    found["inspection_before"] = before if years >= 2 else None
    found["penalised"] = draw.random() < float(own["penalised"])
    found["investigated"] = draw.random() < float(own["investigated"])
    return found


def _facts(draw: random.Random, spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, list) and all(isinstance(one, int) for one in value):
            facts[name] = _skewed(draw, *value)
        else:
            facts[name] = draw.choice(value) if isinstance(value, list) else value
    facts["party_members"] = min(facts["party_members"], facts["employees"])
    organized = facts["party_members"] > 0 and draw.random() < float(spec["organized"])
    facts["has_organization"] = organized
    if organized:
        standardized = draw.random() < float(spec["standardized"])
        facts["standardized"] = standardized
        facts["weak"] = draw.random() < float(spec["weak"])
        for name in ("regular_life", "terms_kept", "records_kept"):
            facts[name] = standardized or draw.random() < 0.5
    return facts


def _skewed(draw: random.Random, low: int, high: int) -> int:
    """From low to high, evenly on a logarithmic scale."""
    return round(math.exp(draw.uniform(math.log(low + 1), math.log(high + 1)))) - 1


def _code(draw: random.Random, kind: str, area: Area, used: set[str]) -> str:
    """A filing number, or a credit code of GB 32100-2015 with both check digits right."""
    try:
        from stdnum.cn import uscc
    except ModuleNotFoundError as error:
        raise NotInstalled(library="python-stdnum", extra="sample") from error
    while True:
        if kind == "filing":
            code = f"BA{area.code}{draw.randrange(10**5):05d}"
        else:
            organization = "".join(draw.choice(_LETTERS) for _ in range(8))
            body = f"{kind}{area.code[:6]}{organization}{_mod11(organization)}"
            code = body + uscc.calc_check_digit(body)
        if code not in used:
            used.add(code)
            return code


def _mod11(code: str) -> str:
    """The check digit of an organisation code (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        weight * (int(char) if char.isdigit() else ord(char) - 55) for weight, char in zip(weights, code, strict=True)
    )
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))
