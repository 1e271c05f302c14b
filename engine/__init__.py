"""guikou's pure core. What stands in `__all__` is the public API; each name is imported when it is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cases.case import Case, Duty, Organization
    from .cases.events import Event, RuleFired
    from .cases.evidence import FileReference
    from .cases.fold import evolve, fold
    from .dates.deadlines import Deadline
    from .dates.periods import Period
    from .dates.working_days import WorkingCalendar, WorkingDays
    from .decide.advance import Advance, Block
    from .decide.due.wake import wake
    from .decide.duties import Meet, Postpone
    from .decide.gates import Ask, TellGate
    from .decide.groups import Join, Leave
    from .decide.happening import Stamp
    from .decide.intake import Placement, Register, Report, place
    from .decide.notices import Notice
    from .decide.records import Record
    from .decide.remarks import Remark
    from .decide.sweep import tick
    from .errors import GuikouError, Refused, StoreError, UsageError
    from .indicators.entitlements import Entitlement
    from .indicators.measures import Measure, measure
    from .indicators.population import Population
    from .policy.files.load import load, parse
    from .policy.gates import Gate
    from .policy.groups import GroupKind
    from .policy.indicators import Indicator
    from .policy.obligations import Obligation
    from .policy.places import Area
    from .policy.policy import Policy
    from .policy.records import RecordKind
    from .policy.standing import Body
    from .policy.support import Support
    from .rules.conditions import Condition
    from .rules.notation import parse_condition, parse_test
    from .rules.tables import DecisionTable, Outcome, Row
    from .rules.unary_tests import Kind, UnaryTest
    from .supervision.imported import Fault, Import, ImportedRow, Parked, RowRead, Source, Taken, Undone
    from .supervision.importing import Importing
    from .supervision.intake import Intake
    from .supervision.query import Query
    from .supervision.store import Outgoing, Store, Transaction
    from .supervision.supervision import Supervision
    from .supervision.views import CaseView, Explanation, GateAnswer, GateView, Supported, Swept, YearReport
    from .text import Title
    from .verify.check import Unsound, check
    from .verify.findings import Finding, Proof, Witness
    from .verify.trial import Fire, Tell, Trial, Wait
    from .versions.difference import difference

_HOME = {
    "text": ("Title",),
    "errors": (
        "GuikouError",
        "Refused",
        "StoreError",
        "UsageError",
    ),
    "rules.conditions": ("Condition",),
    "rules.notation": (
        "parse_condition",
        "parse_test",
    ),
    "rules.tables": (
        "DecisionTable",
        "Outcome",
        "Row",
    ),
    "rules.unary_tests": (
        "Kind",
        "UnaryTest",
    ),
    "dates.deadlines": ("Deadline",),
    "dates.periods": ("Period",),
    "dates.working_days": (
        "WorkingCalendar",
        "WorkingDays",
    ),
    "cases.case": (
        "Case",
        "Duty",
        "Organization",
    ),
    "cases.events": (
        "Event",
        "RuleFired",
    ),
    "cases.evidence": ("FileReference",),
    "cases.fold": (
        "evolve",
        "fold",
    ),
    "policy.files.load": (
        "load",
        "parse",
    ),
    "policy.gates": ("Gate",),
    "policy.groups": ("GroupKind",),
    "policy.indicators": ("Indicator",),
    "policy.obligations": ("Obligation",),
    "policy.places": ("Area",),
    "policy.policy": ("Policy",),
    "policy.standing": ("Body",),
    "policy.records": ("RecordKind",),
    "policy.support": ("Support",),
    "decide.advance": (
        "Advance",
        "Block",
    ),
    "decide.due.wake": ("wake",),
    "decide.duties": (
        "Meet",
        "Postpone",
    ),
    "decide.gates": (
        "Ask",
        "TellGate",
    ),
    "decide.groups": (
        "Join",
        "Leave",
    ),
    "decide.happening": ("Stamp",),
    "decide.intake": (
        "Placement",
        "Register",
        "Report",
        "place",
    ),
    "decide.notices": ("Notice",),
    "decide.records": ("Record",),
    "decide.remarks": ("Remark",),
    "decide.sweep": ("tick",),
    "indicators.entitlements": ("Entitlement",),
    "indicators.measures": (
        "Measure",
        "measure",
    ),
    "indicators.population": ("Population",),
    "verify.check": (
        "Unsound",
        "check",
    ),
    "verify.findings": (
        "Finding",
        "Proof",
        "Witness",
    ),
    "verify.trial": (
        "Fire",
        "Tell",
        "Trial",
        "Wait",
    ),
    "versions.difference": ("difference",),
    "supervision.imported": (
        "Fault",
        "Import",
        "ImportedRow",
        "Parked",
        "RowRead",
        "Source",
        "Taken",
        "Undone",
    ),
    "supervision.importing": ("Importing",),
    "supervision.intake": ("Intake",),
    "supervision.query": ("Query",),
    "supervision.store": (
        "Outgoing",
        "Store",
        "Transaction",
    ),
    "supervision.supervision": ("Supervision",),
    "supervision.views": (
        "CaseView",
        "Explanation",
        "GateAnswer",
        "GateView",
        "Supported",
        "Swept",
        "YearReport",
    ),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Advance", "Area", "Ask", "Block", "Body", "Case", "CaseView", "Condition", "Deadline", "DecisionTable", "Duty",
    "Entitlement", "Event", "Explanation", "Fault", "FileReference", "Finding", "Fire", "Gate", "GateAnswer",
    "GateView", "GroupKind", "GuikouError", "Import", "ImportedRow", "Importing", "Indicator", "Intake", "Join",
    "Kind", "Leave", "Measure", "Meet", "Notice", "Obligation", "Organization", "Outcome", "Outgoing", "Parked",
    "Period", "Placement", "Policy", "Population", "Postpone", "Proof", "Query", "Record", "RecordKind", "Refused",
    "Register", "Remark", "Report", "Row", "RowRead", "RuleFired", "Source", "Stamp", "Store", "StoreError",
    "Supervision", "Support", "Supported", "Swept", "Taken", "Tell", "TellGate", "Title", "Transaction", "Trial",
    "UnaryTest", "Undone", "Unsound", "UsageError", "Wait", "Witness", "WorkingCalendar", "WorkingDays",
    "YearReport", "check", "difference", "evolve", "fold", "load", "measure", "parse", "parse_condition",
    "parse_test", "place", "tick", "wake",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    value = getattr(importlib.import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value
    return value
