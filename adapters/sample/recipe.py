"""What a policy's sample.yaml says, as validated: which organisations are drawn, and how years go by for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidationInfo, model_validator

from guikou.engine.errors import GuikouError, WrongUsage
from guikou.engine.policy.files.documents import Document, read_yaml
from guikou.engine.policy.files.models import validate
from guikou.engine.policy.policy import Policy

from .codes import Code
from .draws import Drawn, Draws
from .rates import Rates
from .vocabulary import FactName, Model, Tier, Vocabulary, Weight, Wrong, bad, check_holes


class Class(Model):
    """Organisations of a kind: how many of all (`weight`), their `code`, `at` which tiers, and what they may be called.
    {word} stands for two of the words, the name of a tier for the area's title there."""

    weight: Weight
    code: Code
    at: dict[Tier, Weight]
    names: Annotated[list[str], Field(min_length=1)]
    facts: Draws = Field(default_factory=dict)


class Hubs(Model):
    """Organisations with a fixed number `at` each tier, as they go with so many others (`of`)."""

    of: Annotated[int, Field(ge=1)]
    at: dict[Tier, Annotated[int, Field(ge=0)]]
    code: Code
    names: dict[Tier, str]
    facts: Draws = Field(default_factory=dict)


class Recipe(Model):
    """sample.yaml: the organisations that are drawn, each kind of them first once in each area of the `home_tier`, in
    turn. All their names end with the `marker`. `limits` are facts that are no more than others; `facts` are drawn for
    all, after those of their class; then, from a source of chance of their own, those of `standing`, for some."""

    marker: Annotated[str, Field(min_length=1)]
    home_tier: Tier
    tier_fact: FactName | None = None
    limits: dict[FactName, FactName] = Field(default_factory=dict)
    classes: Annotated[list[Class], Field(min_length=1)]
    facts: Draws = Field(default_factory=dict)
    words: Annotated[list[str], Field(min_length=1)]
    standing: Drawn | None = None
    hubs: Hubs | None = None
    life: Rates | None = None

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> Recipe:
        if info.context is None:
            return self
        tiers, used = (
            list(info.context.policy.places.tiers),
            {area.tier for area in info.context.policy.places.areas.values()},
        )
        if self.home_tier not in used:
            raise bad(self.home_tier, "there is no area of this tier", "没有该层级的区域", ("home_tier",))
        for at, one in enumerate(self.classes):
            if not sum(one.at.values()) > 0:
                raise bad(
                    "at", "one of the weights must be more than 0", "至少须有一个权重大于 0", ("classes", at, "at")
                )
            if one.code.uscc is None:
                one.code.needs("number", ("classes", at))
            highest = min(tiers.index(max(tier, self.home_tier, key=tiers.index)) for tier in one.at)
            for n, name in enumerate(one.names):
                check_holes(name, ("word", *tiers[: highest + 1]), ("classes", at, "names", n))
        if self.hubs is not None:
            if self.hubs.code.uscc is None:
                self.hubs.code.needs("number", ("hubs",))
            for tier in self.hubs.at:
                if tier not in used:
                    raise bad(tier, "there is no area of this tier", "没有该层级的区域", ("hubs", "at", tier))
                if tier not in self.hubs.names:
                    raise bad("names", f"there is none for {tier}", f"缺少 {tier} 的名称", ("hubs", "names"))
                known = ("word", *tiers[: tiers.index(tier) + 1])
                check_holes(self.hubs.names[tier], known, ("hubs", "names", tier))
        return self


def read(policy: Policy, shown_as: str = "") -> Recipe:
    """The policy's recipe; `shown_as` stands before the file's name. Raises WrongUsage if it has none, PolicyError for
    the first fault, with file and line."""
    if "sample.yaml" not in policy.files:
        raise WrongUsage(reason_en="this policy has no sample.yaml", reason_zh="该政策没有 sample.yaml")
    document = read_yaml(policy.files["sample.yaml"], f"{shown_as}sample.yaml")
    validate(document, Recipe)
    try:
        return Recipe.model_validate(document.value, context=Vocabulary(policy))
    except ValidationError as error:
        raise _first(document, error) from error


def _first(document: Document, error: ValidationError) -> GuikouError:
    """The first fault in the file, with its place."""
    found: list[tuple[int, Any]] = []
    for one in error.errors():
        wrong = one.get("ctx", {}).get("error")
        assert isinstance(wrong, Wrong), one  # the shape was right before
        place = tuple(part for part in one["loc"] if part != "[key]")
        where = document.where((*place, *wrong.place))
        found.append((where.line or 0, wrong.error.at(where)))
    first: GuikouError = min(found, key=lambda one: one[0])[1]
    return first
