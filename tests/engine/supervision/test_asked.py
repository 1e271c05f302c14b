"""What Supervision is given is looked at before anything is done with it."""

import contextlib
import inspect
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from guikou.engine import GuikouError, Organization, RowRead, Source, Supervision
from guikou.engine.errors import (
    BadArgument,
    NaiveDatetime,
    NotAFact,
    UnknownArea,
    UnknownBlocker,
    UnknownBody,
    UnknownCase,
    UnknownChoice,
    UnknownGate,
    UnknownImport,
    UnknownIndicator,
    UnknownObligation,
    UnknownSupport,
    UsageError,
    WrongUsage,
)
from guikou.engine.supervision import asked
from guikou.engine.supervision.intake import Intake

from ..told import BY, SCHOOL

DAY = date(2016, 1, 4)


@pytest.mark.parametrize(
    ("listing", "given", "error"),
    [
        ("cases", {"stage": "built"}, UnknownChoice),
        ("cases", {"stage": "build.nowhere"}, UnknownChoice),
        ("cases", {"stage": ""}, UnknownChoice),
        ("cases", {"type": "foundations"}, UnknownChoice),
        ("cases", {"order": "size"}, UnknownChoice),
        ("cases", {"under": "nobody"}, UnknownBody),
        ("cases", {"area": "nowhere"}, UnknownArea),
        ("cases", {"blocker": "none"}, UnknownBlocker),
        ("cases", {"after": "Z"}, UnknownCase),
        ("cases", {"limit": -1}, BadArgument),
        ("cases", {"limit": 0}, BadArgument),
        ("cases", {"limit": "5"}, BadArgument),
        ("cases", {"as_of": datetime(2016, 1, 4)}, BadArgument),
        ("cases", {"as_of": "2016-01-04"}, BadArgument),
        ("cases", {"closed": "yes"}, BadArgument),
        ("deadlines", {"what": "everything"}, UnknownChoice),
        ("deadlines", {"order": "size"}, UnknownChoice),
        ("deadlines", {"obligation": "dance"}, UnknownObligation),
        ("deadlines", {"stage": "built"}, UnknownChoice),
        ("deadlines", {"stage": "build", "what": "duties"}, WrongUsage),
        ("deadlines", {"stage": "build", "obligation": "inspection"}, WrongUsage),
        ("deadlines", {"what": "stages", "obligation": "inspection"}, WrongUsage),
        ("deadlines", {"escalation": -1}, BadArgument),
        ("deadlines", {"since": datetime(2016, 1, 4)}, BadArgument),
        ("overdue", {"days": -1}, BadArgument),
        ("overdue", {"days": 10**9}, BadArgument),
        ("overdue", {"type": "foundations"}, UnknownChoice),
        ("inbox", {"body": "nobody"}, UnknownBody),
        ("inbox", {"body": BY, "stage": "built"}, UnknownChoice),
        ("inbox", {"body": None}, BadArgument),
        ("gates", {"gate": "tor"}, UnknownGate),
        ("gates", {"type": "foundations"}, UnknownChoice),
        ("gates", {"under": "nobody"}, UnknownBody),
        ("members", {"group": "Z"}, UnknownCase),
        ("members", {"group": None}, BadArgument),
        ("records", {"case": "Z"}, UnknownCase),
        ("support", {"year": 2016, "what": "gold"}, UnknownSupport),
        ("support", {"year": "2016"}, BadArgument),
        ("support", {"year": 2016, "under": "nobody"}, UnknownBody),
        ("support", {"year": 2016, "case": "Z"}, UnknownCase),
        ("support", {"year": 2016, "limit": -1}, BadArgument),
        ("venues", {"year": 0}, BadArgument),
        ("venues", {"year": 2016, "area": "nowhere"}, UnknownArea),
        ("indicator", {"name": "gold"}, UnknownIndicator),
        ("indicator", {"name": "coverage", "type": "foundations"}, UnknownChoice),
        ("indicators", {"under": "nobody"}, UnknownBody),
        ("population", {"indicators": [], "type": "foundations"}, UnknownChoice),
        ("trend", {"name": "gold", "days": [DAY]}, UnknownIndicator),
        ("trend", {"name": "coverage", "days": ["2016-01-04"]}, BadArgument),
        ("trend", {"name": "coverage", "days": [datetime(2016, 1, 4)]}, BadArgument),
        ("scorecard", {"body": "nobody", "year": 2015}, UnknownBody),
        ("get", {"id": "A", "seen_by": "nobody"}, UnknownBody),
        ("get", {"id": None}, BadArgument),
        ("get", {"id": 7}, BadArgument),
        ("today", {"when": datetime(2016, 1, 4)}, NaiveDatetime),
        ("sweep", {"batch": 0}, BadArgument),
        ("sweep", {"when": "today"}, BadArgument),
    ],
)
def test_what_is_unknown_or_of_the_wrong_type_is_an_error_and_no_empty_list(supervision, school, listing, given, error):
    school()
    with pytest.raises(error) as refused:
        getattr(supervision, listing)(**given)
    assert refused.value.code != "error"
    assert refused.value.line("zh") != refused.value.line("en")


def test_the_nearest_names_are_told(supervision):
    with pytest.raises(UnknownChoice) as refused:
        supervision.cases(stage="rectifi")
    assert "rectify" in refused.value.hint("en")
    with pytest.raises(BadArgument) as refused:
        supervision.cases(limit=-3)
    assert refused.value.line("en") == "limit: -3 is not what it takes; give a whole number from 1 on"
    assert refused.value.exit_code == 2


#: Of every type, and none that a parameter takes by chance.
WRONG = [None, 5, -1, 2.5, True, "x", b"x", [], [1], {}, {1: 2}, object(), DAY, datetime(2016, 1, 4), Decimal(1)]


def test_whatever_a_method_is_given_python_says_nothing_of_its_own(supervision, school):
    school()
    for name, method in vars(Supervision).items():
        if name.startswith("_") or not inspect.isfunction(method):
            continue
        needed = [
            one.name
            for one in list(inspect.signature(method).parameters.values())[1:]
            if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
        ]
        by = {"by": BY} if "telling" in inspect.signature(method).parameters else {}
        for parameter in needed:
            for wrong in WRONG:
                given = {**dict.fromkeys(needed, "A"), **by, parameter: wrong}
                usual = {"organization": Organization("B", "学校", "110105", {}), "facts": {}, "members": ["A"]}
                usual |= {"year": 2016, "seq": 1, "days": [DAY], "indicators": []}
                given |= {key: value for key, value in usual.items() if key in given and key != parameter}
                if parameter == "indicators":
                    continue
                with contextlib.suppress(GuikouError):
                    getattr(supervision, name)(**given)


def test_every_parameter_of_a_plain_type_is_looked_at():
    named = {
        one.name
        for cls in (Supervision, Intake)
        for name, method in vars(cls).items()
        if not name.startswith("_") and inspect.isfunction(method)
        for one in list(inspect.signature(method).parameters.values())[1:]
    }
    assert named - asked.CHECKS.keys() <= {"telling", "which", "scope", "indicators"}


@pytest.mark.parametrize(
    ("method", "given", "error"),
    [
        ("begin", {"source": "a.csv", "lines": 1}, BadArgument),
        ("begin", {"source": Source("a.csv", "x", 1), "lines": -1}, BadArgument),
        ("begin", {"source": Source("a.csv", "x", 1), "lines": 1, "park": "yes"}, BadArgument),
        ("begin", {"source": Source("a.csv", "x", 1), "lines": 1, "by": "nobody"}, UnknownBody),
        ("imports", {"digest": 5}, BadArgument),
        ("imports", {"limit": 0}, BadArgument),
        ("get", {"number": "1"}, BadArgument),
        ("get", {"number": 0}, UnknownImport),
        ("rows", {"number": 1}, UnknownImport),
        ("rows", {"number": 1, "outcome": "lost"}, UnknownChoice),
        ("undo", {"number": 1, "reason": None}, BadArgument),
        ("undo", {"number": 1, "reason": "wrong", "when": datetime(2016, 1, 4)}, NaiveDatetime),
        ("parked", {"state": "lost"}, UnknownChoice),
        ("parked", {"source": "1"}, BadArgument),
        ("complete", {"id": 5, "facts": {}}, BadArgument),
        ("complete", {"id": "A", "facts": []}, BadArgument),
        ("complete", {"id": "A", "facts": {"employed": 5}}, NotAFact),
        ("drop", {"id": "A", "reason": 5}, BadArgument),
    ],
)
def test_registers_are_no_exception(supervision, method, given, error):
    with pytest.raises(error):
        getattr(supervision.intake, method)(**given)


@pytest.mark.parametrize("field", ["id", "name", "area", "facts"])
def test_of_a_row_that_can_be_none_python_says_nothing_of_its_own(supervision, field):
    good = RowRead(2, "A", "学校", "110105", SCHOOL)
    for at, wrong in enumerate([*WRONG, {"employees": []}], start=3):
        row = replace(good, line=at, id=f"A{at}")
        run = supervision.intake.begin(Source("a.csv", "x", 1), 1)
        try:
            (became,) = run.take([replace(row, **{field: wrong})])
        except BadArgument:
            continue
        assert became.outcome == "rejected" or (field, wrong) == ("id", "x") or (field, wrong) == ("name", "x")
    with pytest.raises(BadArgument):
        list(run.take(["A"]))


def test_evidence_is_text_by_text(supervision, school):
    school()
    for wrong in ({"application": 1}, {1: "x"}, "application=1", ["application"]):
        with pytest.raises(UsageError):
            supervision.advance("A", "apply", by=BY, evidence=wrong)
