"""What a check reports: findings with witnesses, and the bounds that it proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..errors import Where
from ..text import Lang, shown
from .bounds import Bound
from .catalogue import CATALOGUE, Severity
from .trial import Step


@dataclass(frozen=True, slots=True)
class Witness:
    """An organisation, and what happens to it: enough to see a finding for oneself by a trial."""

    facts: Mapping[str, Any]
    area: str | None = None
    steps: tuple[Step, ...] = ()
    table: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Finding:
    """One fault: its code, where it is written, and a witness (None where the fault is that there is nothing)."""

    code: str
    where: Where
    details: Mapping[str, Any] = field(default_factory=dict)
    witness: Witness | None = None

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code][0]

    def message(self, lang: Lang = "en") -> str:
        _, zh, en = CATALOGUE[self.code]
        values = {key: shown(value, lang) for key, value in self.details.items()}
        return (zh if lang == "zh" else en).format_map(values)

    def as_json(self) -> dict[str, Any]:
        where = self.where
        return {
            "code": self.code,
            "severity": self.severity,
            "file": where.file,
            "line": where.line,
            "row": where.row,
            "column": where.column,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
        }


@dataclass(frozen=True)
class Proof:
    """All that a check found. `counts` says how much was proved."""

    policy: str
    findings: tuple[Finding, ...]
    bounds: tuple[Bound, ...]
    counts: Mapping[str, int]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "error")
