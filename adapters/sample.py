"""Invented organisations, seeded: realistic, marked as generated, with valid check digits, never a real one's data.

What is drawn from is the policy's own sample.yaml.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from typing import Any

from guikou.engine.case import Area, Organization
from guikou.engine.documents import read_yaml
from guikou.engine.errors import NotInstalled, WrongUsage
from guikou.engine.policy import Policy

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z


def organizations(policy: Policy, n: int, seed: int) -> Iterator[Organization]:
    """`n` organisations, the same for the same policy and seed; the first ones go round all districts in turn.

    Raises WrongUsage if the policy has no sample.yaml, NotInstalled without python-stdnum.
    """
    if "sample.yaml" not in policy.files:
        raise WrongUsage(reason_en="this policy has no sample.yaml", reason_zh="该政策没有 sample.yaml")
    spec = read_yaml(policy.files["sample.yaml"], "sample.yaml").value
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
        name = draw.choice(kind["names"]).format(
            district=district.title.zh,
            street=area.title.zh,
            word=draw.choice(spec["words"]) + draw.choice(spec["words"]),
        )
        yield Organization(_code(draw, str(kind["code"]), area, used), name + spec["marker"], area.code, facts)


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
