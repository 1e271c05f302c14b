"""Intake as a set: of every organisation what `place` says, and what is due first as registering it has it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.adapters.bulk.dues import DUTY
from guikou.adapters.bulk.placement import PlacementSet
from guikou.adapters.bulk.sql import Relation
from guikou.engine import parse
from guikou.engine.cases.case import Organization
from guikou.engine.cases.fold import follow
from guikou.engine.decide.happening import Stamp
from guikou.engine.decide.intake import Register, place, register
from guikou.engine.errors import GuikouError, NoSet

from ...engine.edits import edited
from .engines import day as read_day

STAGES, HEAD, TABLES = "workflows/stages.yaml", "policy.yaml", "tables.yaml"
#: How likely what most organisations are is drawn, so that many are taken in.
_LIKELY = {
    "registered_as": ["private_non_enterprise"] * 4 + ["foundation", "social_group", "community_filed"],
    "registered_at": ["city", "district"],
    "registration": [None],
}


def as_published(policy):
    return policy


def otherwise_dated(policy):
    """Days off, days that facts say, working days, the latest of several days of which some count for some only."""
    rolled = edited(
        policy,
        HEAD,
        ("calendar: CN", "calendar: CN\nroll: next working day"),
        ("since: term_began", "since: [term_began, {fact: registered_on, when: {industry: health}}, opened]"),
        ("since: graded_on", "since: [graded_on, term_began]"),
    )
    return edited(
        rolled,
        STAGES,
        ("due: {within: 6 months, then: escalate, grace: 30 days}", "due: {within: 90 working days, from: term_began, then: escalate, grace: 30 days}"),
        ("due: {within: 1 year, then: escalate, grace: 30 days}", "due: {by: 05-31, then: escalate, grace: 30 days}"),
        ("title: {zh: 认定, en: finding}, due: {within: 30 days}", "title: {zh: 认定, en: finding}, due: {within: 31 days, from: confirm_finding}"),
    )  # fmt: skip


def otherwise_decided(policy):
    """A row that says no body and one of a fact's; a gap; rows that say different things; a way into the last state."""
    files = dict(policy.files)
    for file, *edits in (
        (TABLES, ("归口表, en: routing}\n    hit: U", "归口表, en: routing}\n    hit: A")),
        (
            "tables/routing.csv",
            ("\nU,", "\nA,"),
            ("A,private_non_enterprise,health,city,-,beijing-health", "A,private_non_enterprise,health,city,-,-"),
            ("A,private_non_enterprise,sports,city,-,beijing-sports,M10\n", ""),
            ("A,foundation,-,city,-,beijing-registration", "A,foundation,-,city,-,{supervising_unit}"),
        ),
        ("tables/entry.csv", ("F,-,true,true,-,-,-,rectify", "F,-,true,true,-,-,-,closed")),
    ):
        for old, new in edits:
            assert old in files[file], old
            files[file] = files[file].replace(old, new)
    files["tables/routing.csv"] += "A,private_non_enterprise,education,-,not(null),beijing,\n"
    return parse(files)


def drawn(policy, count, seed):
    """Organisations of every kind, some without what rules ask for."""
    choose = random.Random(seed)
    areas, bodies = list(policy.places.areas), list(policy.places.bodies)

    def value(spec):
        if spec.name in _LIKELY and choose.random() < 0.9:
            return choose.choice(_LIKELY[spec.name])
        if spec.nullable and choose.random() < 0.2:
            return None
        match spec.kind.name:
            case "boolean":
                return choose.random() < 0.5
            case "enumeration":
                return choose.choice(spec.kind.values)
            case "integer":
                return choose.choice([0, 1, 2, 3, 49, 50, 99, 100, 2**53 - 1])
            case "date":
                return choose.choice(
                    [
                        date(1900, 1, 1),
                        date(2999, 12, 31),
                        date(2012, 2, 29),
                        date(2015, 6, 30) + timedelta(choose.randrange(-900, 900)),
                    ]
                )
            case "body":
                return choose.choice(bodies)
            case _:
                return "x"

    for at in range(count):
        facts = {name: value(spec) for name, spec in policy.facts.items() if choose.random() < 0.9}
        yield Organization(
            f"o{at}",
            "x",
            choose.choice(areas),
            {name: one for name, one in facts.items() if one is not None or policy.facts[name].nullable},
        )


def wanted(policy, one, day):
    """What the engine says of an organisation, by the columns of the set."""
    placed = place(policy, one, day)
    if isinstance(placed, GuikouError):
        about = {"missing-fact": "key", "many-rules": "rows", "no-such-body": "body"}.get(placed.code)
        return {"error": placed.code, "about": placed.details[about] if about else None}
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    case = follow(None, register(policy, Register(one), Stamp(at, at, policy.places.top, "x")))
    found = {
        "error": None, "about": None, "type": placed.workflow, "responsible": placed.responsible.id,
        "hub": placed.hub.id if placed.hub else None, "state": placed.state, "priority": placed.priority,
        "weight": placed.weight, "stage_due": case.stage_due, "step_due": case.step_due,
    }  # fmt: skip
    tables = {name: key for key in ("type", "responsible", "hub", "entry", "priority") if (name := getattr(policy.intake, key))}  # fmt: skip
    found |= {f"{tables[rule.table]}.row": rule.rows[0] for rule in placed.rules}
    for name, obligation in policy.obligations.items():
        if obligation.within is None:
            duty = case.duties.get(name)
            found |= {f"{name}.{key}": getattr(duty, key) if duty is not None else None for key in DUTY}
    return found


def said(row, keys):
    """The same, as a row of the set says it."""
    dated = ("_due", ".nominal", ".due", ".opens")
    found = {key: read_day(row[key]) if key.endswith(dated) else row[key] for key in keys}
    if found["error"] == "missing-fact":
        found["about"] = found["about"].partition(",")[0]  # the engine names the first
    if found["error"] == "many-rules":
        found["about"] = [int(one) for one in found["about"].split(",")]
    if found["error"] == "no-such-tier":
        found["about"] = None
    return found


def held(engine, policy, day, organizations, **more):
    """The set of a policy, with all that its query reads in the engine."""
    one = PlacementSet(policy, day, engine.dialect, **more)
    rows = [one.row(each.id, each.area, each.facts) for each in organizations]
    days = {each.facts[name] for each in organizations for name in one.starts if each.facts.get(name) is not None}
    for relation in (Relation("organizations", one.organizations, rows), *one.relations, one.days(days)):
        engine.hold(relation)
    return one


@pytest.mark.parametrize("how", [as_published, otherwise_dated, otherwise_decided])
@pytest.mark.parametrize("day", [date(2016, 1, 4), date(2019, 7, 6)])
def test_the_set_says_of_each_organisation_what_the_engine_says(engine, published, how, day):
    policy = how(published)
    organizations = list(drawn(policy, 500, f"{how.__name__} {day}"))
    rows = {row["id"]: row for row in engine.ask(held(engine, policy, day, organizations).query)}
    codes = set()
    for one in organizations:
        expected = wanted(policy, one, day)
        codes.add(expected["error"])
        assert said(rows[one.id], expected) == expected, one
    assert {None, "not-admitted", "missing-fact"} <= codes
    if how is otherwise_decided:
        assert {"no-rule", "many-rules"} <= codes


def test_an_area_outside_the_policy_has_no_key_at_any_tier(engine, published):
    one = Organization("A", "x", "elsewhere", {"registered_as": "foundation", "registered_at": "district"})
    (row,) = engine.ask(held(engine, published, date(2016, 1, 4), [one]).query)
    assert (row["error"], row["refusal"]) == ("not-admitted", 4)
    assert place(published, one, date(2016, 1, 4)).details["rule"] == published.intake.refusals[4].where.text("en")


def test_only_what_is_asked_for_is_asked(engine, published):
    one = Organization("A", "x", "110108", {"registered_as": "foundation", "registered_at": "district"})
    set_of = held(engine, published, date(2016, 1, 4), [one], asked=("responsible",), dues=False)
    (row,) = engine.ask(set_of.query)
    assert (row["error"], row["type"], row["responsible"]) == (None, "foundation", "haidian-registration")
    assert row.keys() == {
        "id", "refusal", "error", "rule", "about", "type", "responsible", "weight", "type.row", "responsible.row",
    }  # fmt: skip
    assert place(published, one, date(2016, 1, 4)).code == "missing-fact"  # of the stage of entry


def test_a_name_that_postgresql_would_cut_off_is_refused(published):
    long = "f" * 60
    policy = edited(
        published, HEAD, ("\nfacts:\n", f"\nfacts:\n  {long}: {{title: {{zh: 长, en: long}}, type: boolean}}\n")
    )
    assert PlacementSet(policy, date(2016, 1, 4), "sqlite").query
    with pytest.raises(NoSet, match="PostgreSQL takes no name"):
        PlacementSet(policy, date(2016, 1, 4), "postgres")
