"""What Supervision is given is looked at before anything is done with it."""

import contextlib
import inspect
from dataclasses import replace
from datetime import UTC, date, datetime
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
from guikou.engine.supervision.indicators import Scope
from guikou.engine.supervision.intake import Intake
from guikou.engine.supervision.office import By, ByAny, Which

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
    assert refused.value.line("en") == "limit: -3 is not what it takes; give a whole number from 1 to 2147483647"
    assert refused.value.exit_code == 2


HUGE = 10**5000


class Mute:
    """It can't say what it is."""

    def __repr__(self):
        raise ArithmeticError


def nested(depth=100_000):
    made = []
    for _ in range(depth):
        made = [made]
    return made


#: Of every type, and none that a parameter takes by chance.
WRONG = [
    None, 5, -1, 2.5, True, 10**30, "", "x", "\x00", "\ud800", "\u202e", b"x", [], [1], [None], {}, {1: 2}, object(), DAY,
    datetime(2016, 1, 4), date(1, 1, 1), date.max, datetime(1, 1, 1, tzinfo=UTC), Decimal(1), Decimal("NaN"), float("nan"),
    HUGE, Mute(), nested(),
]  # fmt: skip
#: What a method takes as keywords of a dictionary's type.
BESIDES = {"Unpack[By]": By, "Unpack[ByAny]": ByAny, "Unpack[Which]": Which, "Unpack[Scope]": Scope}
USUAL = {
    "organization": Organization("B", "学校", "110105", SCHOOL), "facts": {"employees": 3}, "members": ["A"], "by": BY,
    "year": 2016, "seq": 1, "days": [DAY], "indicators": [], "day": DAY, "reason": "x", "number": 1, "lines": 1,
    "source": Source("a.csv", "x", 1),
}  # fmt: skip


def methods():
    for cls in (Supervision, Intake):
        for name, method in vars(cls).items():
            if not name.startswith("_") and inspect.isfunction(method):
                yield pytest.param(cls, name, id=f"{cls.__name__}.{name}")


@pytest.mark.parametrize(("cls", "name"), [*methods()])
def test_whatever_a_method_is_given_python_says_nothing_of_its_own(supervision, school, cls, name):
    school()
    parameters = list(inspect.signature(getattr(cls, name)).parameters.values())[1:]
    every = {one.name for one in parameters if one.kind is not one.VAR_KEYWORD}
    needed = {one.name for one in parameters if one.default is one.empty and one.name in every}
    for one in parameters:
        if one.kind is one.VAR_KEYWORD:
            every |= BESIDES[one.annotation].__annotations__.keys()
            needed |= {"by"} if one.annotation == "Unpack[By]" else set()
    on = supervision if cls is Supervision else supervision.intake
    for parameter in sorted(every):
        for wrong in WRONG:
            given = {key: USUAL.get(key, "A") for key in needed} | {parameter: wrong}
            with contextlib.suppress(GuikouError):
                made = getattr(on, name)(**given)
                assert made is None or not isinstance(made, Exception)


@pytest.mark.parametrize("field", ["id", "name", "area", "facts"])
def test_of_an_organisation_that_can_be_none_python_says_nothing_of_its_own(supervision, field):
    for wrong in [*WRONG, {"employees": []}, {"employees": object()}, {5: 1}, {"industry": None}]:
        if field in ("id", "name") and wrong == "x":
            continue
        with pytest.raises(GuikouError):
            supervision.register(replace(USUAL["organization"], **{field: wrong}))


def test_none_is_for_what_may_be_left_out_alone(supervision, school):
    school()
    for call in (
        lambda: supervision.rename("A", "B", reason=None),
        lambda: supervision.sweep(batch=None),
        lambda: supervision.cases(order=None),
        lambda: supervision.deadlines(what=None),
        lambda: supervision.overdue(days=None),
        lambda: supervision.advance("A", "apply", by=None),
    ):
        with pytest.raises(BadArgument):
            call()
    assert supervision.cases(stage=None, limit=None, as_of=None) != []


@pytest.mark.parametrize("given", [{"area": ""}, {"under": ""}, {"type": ""}])
def test_an_empty_name_is_no_name_of_all(supervision, school, given):
    school()
    for listing in ("cases", "count_cases", "deadlines", "indicators"):
        with pytest.raises((UnknownArea, UnknownBody, UnknownChoice)):
            getattr(supervision, listing)(**given)
    with pytest.raises(UnknownCase):
        supervision.count_cases(group="nobody")


def test_every_parameter_of_a_plain_type_is_looked_at():
    named = {
        one.name
        for cls in (Supervision, Intake)
        for name, method in vars(cls).items()
        if not name.startswith("_") and inspect.isfunction(method)
        for one in list(inspect.signature(method).parameters.values())[1:]
    }
    assert named - asked.CHECKS.keys() <= {"telling", "which", "scope"}


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


@pytest.mark.parametrize("value", [HUGE, Mute(), nested(50_000)], ids=["huge", "mute", "nested"])
def test_what_can_not_be_shown_is_refused_all_the_same(supervision, school, value):
    school()
    for work in (
        lambda: supervision.get(value),
        lambda: supervision.cases(limit=value),
        lambda: supervision.report("A", {"employees": value}, by=BY),
        lambda: supervision.remark("A", "x", by=value),
        lambda: supervision.advance("A", "apply", evidence={"application": value}, by=BY),
    ):
        with pytest.raises(GuikouError) as refused:
            work()
        assert refused.value.line("zh").isprintable()


@pytest.mark.parametrize("text", ["a\x1b[31m", "\u202eabc", "a\nb", "x" * 201, ""])
@pytest.mark.parametrize("name", ["actor", "request_id"])
def test_an_account_and_a_request_are_named_in_one_plain_line(supervision, school, name, text):
    school()
    with pytest.raises(BadArgument, match="one line"):
        supervision.remark("A", "x", by=BY, **{name: text})


def test_a_day_on_record_is_no_instant(supervision):
    with pytest.raises(BadArgument):
        supervision.known_on(datetime(2016, 1, 1, tzinfo=UTC))


def test_a_refusal_can_be_written_anywhere(supervision):
    with pytest.raises(UnknownArea) as refused:
        supervision.cases(area="\ud800")
    refused.value.line("en").encode()


@pytest.mark.parametrize("name", ["gate", "tell", "join", "leave", "postpone", "reopen", "advance", "meet", "record"])
def test_who_acts_is_asked_for_by_its_name(supervision, school, name):
    school()
    parameters = [
        one for one in inspect.signature(getattr(supervision, name)).parameters.values() if one.default is one.empty
    ]
    given = {
        one.name: USUAL.get(one.name, "A") for one in parameters if one.kind is not one.VAR_KEYWORD and one.name != "by"
    }
    with pytest.raises(BadArgument, match=r"\Aby: "):
        getattr(supervision, name)(**given)
