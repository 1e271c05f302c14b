"""guikou's pure core. What stands in `__all__` is the public API; each name is imported when it is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calendar import Period
    from .case import Area, Body, Case, Event, Organization, RuleFired, Title, evolve, fold
    from .conditions import Condition, Kind, UnaryTest, parse_condition, parse_test
    from .decide import Advance, Block, Placement, Register, Report, Stamp, place
    from .errors import GuikouError, Refused, StoreError, UsageError
    from .policy import Policy, load, parse
    from .store import Query, Store, Transaction
    from .supervision import CaseView, Explanation, Supervision
    from .tables import DecisionTable, Outcome, Row
    from .trial import Fire, Tell, Trial, Wait
    from .verify import Finding, Proof, Unsound, Witness, check, difference

_HOME = {
    "calendar": ("Period",),
    "case": ("Area", "Body", "Case", "Event", "Organization", "RuleFired", "Title", "evolve", "fold"),
    "conditions": ("Condition", "Kind", "UnaryTest", "parse_condition", "parse_test"),
    "decide": ("Advance", "Block", "Placement", "Register", "Report", "Stamp", "place"),
    "errors": ("GuikouError", "Refused", "StoreError", "UsageError"),
    "policy": ("Policy", "load", "parse"),
    "store": ("Query", "Store", "Transaction"),
    "supervision": ("CaseView", "Explanation", "Supervision"),
    "tables": ("DecisionTable", "Outcome", "Row"),
    "trial": ("Fire", "Tell", "Trial", "Wait"),
    "verify": ("Finding", "Proof", "Unsound", "Witness", "check", "difference"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Advance", "Area", "Block", "Body", "Case", "CaseView", "Condition", "DecisionTable", "Event", "Explanation",
    "Finding", "Fire", "GuikouError", "Kind", "Organization", "Outcome", "Period", "Placement", "Policy", "Proof",
    "Query", "Refused", "Register", "Report", "Row", "RuleFired", "Stamp", "Store", "StoreError", "Supervision",
    "Tell", "Title", "Transaction", "Trial", "UnaryTest", "Unsound", "UsageError", "Wait", "Witness", "check",
    "difference", "evolve", "fold", "load", "parse", "parse_condition", "parse_test", "place",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value = getattr(importlib.import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value
    return value
