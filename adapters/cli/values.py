"""What is typed of facts, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guikou.engine.errors import NotAFact
from guikou.engine.policy.names import meant
from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy
from guikou.engine.text import suggested, titles


def name_and_area(policy: Policy, given: Mapping[str, str]) -> tuple[str | None, str | None, dict[str, str]]:
    """What is told of an organisation's name, the code of its area, and the facts: to whoever types them all are
    facts. Raises UnknownArea and AmbiguousArea."""
    facts = dict(given)
    name, area = facts.pop("name", None), facts.pop("area", None)
    return name, policy.wording.area(area).code if area is not None else None, facts


def read_facts(policy: Policy, given: Mapping[str, str], area: str | None = None) -> dict[str, Any]:
    """Facts by name, their values as a person writes them, of an organisation in an area (by code). Raises NotAFact,
    BadFact, UnknownBody, Ambiguous."""
    for name in given:
        if name not in policy.facts:
            raise NotAFact(fact=name, known=suggested(name, titles(policy.facts)))
    within = policy.places.areas.get(area) if area is not None else None
    return {name: read_value(policy, name, text, within) for name, text in given.items()}


def read_value(policy: Policy, name: str, text: str, area: Area | None = None) -> Any:
    """A fact's value as a person writes it: one of an enumeration, or a body, also by its title or a beginning of it.
    Raises BadFact, UnknownBody and Ambiguous."""
    from ..spreadsheets.rows import read_fact

    spec = policy.facts[name]
    if spec.kind.name == "enumeration":
        text = meant(text.strip(), spec.titles) or text
    elif spec.kind.name == "body":
        text = meant(text.strip(), titles(policy.places.bodies)) or text
    return read_fact(policy, name, text, area)
