"""guikou's pure core. What stands in `__all__` is the public API; each name is imported when it is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acting import Stamp
    from .calendar import Deadline, Period
    from .case import Area, Body, Case, Duty, Event, Organization, RuleFired, Title, evolve, fold
    from .conditions import Condition, Kind, UnaryTest, parse_condition, parse_test
    from .decide import Advance, Block, Meet, Placement, Postpone, Register, Report, place
    from .errors import GuikouError, Refused, StoreError, UsageError
    from .indicators import Measure, Population, measure
    from .instep import Ask, Join, Leave, Record, TellGate
    from .obligations import Obligation
    from .parts import Gate, GroupKind, Indicator, RecordKind, Support
    from .policy import Policy, load, parse
    from .store import Outgoing, Query, Store, Transaction
    from .supervision import Supervision
    from .supporting import Entitlement
    from .sweep import Notice, tick
    from .tables import DecisionTable, Outcome, Row
    from .timing import wake
    from .trial import Fire, Tell, Trial, Wait
    from .verify import Finding, Proof, Unsound, Witness, check, difference
    from .views import CaseView, Explanation, GateAnswer, GateView, Supported, Swept, YearReport
    from .working_days import WorkingCalendar, WorkingDays

_HOME = {
    "acting": ("Stamp",),
    "calendar": ("Deadline", "Period"),
    "case": ("Area", "Body", "Case", "Duty", "Event", "Organization", "RuleFired", "Title", "evolve", "fold"),
    "conditions": ("Condition", "Kind", "UnaryTest", "parse_condition", "parse_test"),
    "decide": ("Advance", "Block", "Meet", "Placement", "Postpone", "Register", "Report", "place"),
    "errors": ("GuikouError", "Refused", "StoreError", "UsageError"),
    "policy": ("Policy", "load", "parse"),
    "obligations": ("Obligation",),
    "store": ("Outgoing", "Query", "Store", "Transaction"),
    "supervision": ("Supervision",),
    "views": ("CaseView", "Explanation", "GateAnswer", "GateView", "Supported", "Swept", "YearReport"),
    "indicators": ("Measure", "Population", "measure"),
    "parts": ("Gate", "GroupKind", "Indicator", "RecordKind", "Support"),
    "supporting": ("Entitlement",),
    "instep": ("Ask", "Join", "Leave", "Record", "TellGate"),
    "sweep": ("Notice", "tick"),
    "timing": ("wake",),
    "working_days": ("WorkingCalendar", "WorkingDays"),
    "tables": ("DecisionTable", "Outcome", "Row"),
    "trial": ("Fire", "Tell", "Trial", "Wait"),
    "verify": ("Finding", "Proof", "Unsound", "Witness", "check", "difference"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Advance", "Area", "Ask", "Block", "Body", "Case", "CaseView", "Condition", "Deadline", "DecisionTable", "Duty",
    "Entitlement", "Event", "Explanation", "Finding", "Fire", "Gate", "GateAnswer", "GateView", "GroupKind",
    "GuikouError", "Indicator", "Join", "Kind", "Leave", "Measure", "Meet", "Notice", "Obligation", "Organization",
    "Outcome", "Outgoing", "Period", "Placement", "Policy", "Population", "Postpone", "Proof", "Query", "Record",
    "RecordKind", "Refused", "Register", "Report", "Row", "RuleFired", "Stamp", "Store", "StoreError", "Supervision",
    "Support", "Supported", "Swept", "Tell", "TellGate", "Title", "Transaction", "Trial", "UnaryTest", "Unsound",
    "UsageError", "Wait", "Witness", "WorkingCalendar", "WorkingDays", "YearReport", "check", "difference", "evolve",
    "fold", "load", "measure", "parse", "parse_condition", "parse_test", "place", "tick", "wake",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value = getattr(importlib.import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value
    return value
