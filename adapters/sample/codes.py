"""The ids of invented organisations: unified social credit codes with valid check digits, or numbers by a pattern."""

from __future__ import annotations

import random
import re
from typing import Annotated

from pydantic import Field, ValidationInfo, model_validator

from guikou.engine.errors import WrongUsage
from guikou.engine.policy.files.documents import Place
from guikou.engine.policy.places import Area

from .vocabulary import Model, bad, check_holes

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z

_TRIES = 1000


class Code(Model):
    """How an id is made: `uscc`, the first two characters of a credit code (department and kind, GB 32100-2015), or a
    `pattern` with {area}, {number} of so many `digits` and, where it follows another organisation, {id}."""

    uscc: Annotated[str, Field(min_length=2, max_length=2)] | None = None
    pattern: str | None = None
    digits: Annotated[int, Field(ge=1, le=12)] = 5

    @model_validator(mode="after")
    def _one(self, info: ValidationInfo) -> Code:
        if info.context is None:
            return self
        if (self.uscc is None) == (self.pattern is None):
            raise bad("code", "give 'uscc' or 'pattern'", "须写明 uscc 或 pattern 之一")
        if self.pattern is not None:
            check_holes(self.pattern, ("area", "number", "id"), ("pattern",))
            if "{number}" not in self.pattern and "{id}" not in self.pattern:
                en, zh = "without {number} or {id} all ids are the same", "没有 {number} 或 {id}，代码将全部相同"
                raise bad("pattern", en, zh, ("pattern",))
        if self.uscc is not None:
            if not set(self.uscc) <= set(_LETTERS):
                raise bad("uscc", "is no beginning of a credit code", "不是统一社会信用代码的前两位", ("uscc",))
            for area in info.context.policy.places.areas.values():
                if not re.match(r"[0-9]{6}", area.code):
                    en, zh = (
                        f"area '{area.code}' has no 6 digits to stand in it",
                        f"区域 “{area.code}” 没有 6 位数字代码",
                    )
                    raise bad("uscc", en, zh, ("uscc",))
        return self

    def needs(self, hole: str, place: Place = ()) -> None:
        """Raises Wrong where there is no such hole in the pattern, or no pattern."""
        if f"{{{hole}}}" not in (self.pattern or ""):
            raise bad("code", f"needs a pattern with {{{hole}}}", f"须为含 {{{hole}}} 的样式", (*place, "code"))

    def drawn(self, draw: random.Random, area: Area, used: set[str]) -> str:
        """One that was not used before, which it becomes. Raises WrongUsage where the pattern gives too
        few."""
        for _ in range(_TRIES):
            code = self.numbered(draw.randrange(10**self.digits), area.code) if self.pattern else self._uscc(draw, area)
            if code not in used:
                used.add(code)
                return code
        raise WrongUsage(
            reason_en=f"sample.yaml: {self.pattern} with {self.digits} digits gives too few ids for so many",
            reason_zh=f"sample.yaml：{self.pattern} 的 {self.digits} 位编号不够用",
        )

    def numbered(self, number: int = 0, area: str = "", id: str = "") -> str:
        """The one of a number, in an area, or that follows another."""
        return (self.pattern or "").format(area=area, number=f"{number:0{self.digits}d}", id=id)

    def _uscc(self, draw: random.Random, area: Area) -> str:
        from stdnum.cn import uscc

        organization = "".join(draw.choice(_LETTERS) for _ in range(8))
        body = f"{self.uscc}{area.code[:6]}{organization}{_mod11(organization)}"
        return body + str(uscc.calc_check_digit(body))


def _mod11(code: str) -> str:
    """The check digit of an organisation code (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        weight * (int(char) if char.isdigit() else ord(char) - 55) for weight, char in zip(weights, code, strict=True)
    )
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))
