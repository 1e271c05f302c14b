"""What differs between two policies, and for whom the outcome changes."""

import itertools

from hypothesis import given, settings

from guikou.engine import parse
from guikou.engine.text import Title
from guikou.engine.versions.difference import difference

from ..edits import rewritten
from ..verify.broken import ROUTING, STAGES, TABLES
from ..verify.replay import context
from ..verify.small import POINTS, policy_of, rows


def changed(beijing, *edits):
    files = beijing.files
    for edit in edits:
        files, _ = rewritten(files, *edit)
    policy = parse(files)
    return policy, difference(beijing, policy)


def test_a_policy_does_not_differ_from_itself(beijing):
    assert difference(beijing, parse(beijing.files)) == ()


def test_what_the_head_says_is_told(published):
    files = dict(published.files)
    own = (
        files["policy.yaml"].replace("remind: [30, 7, 1]", "remind: [20]").replace("standard: cn.uscc", "pattern: '.+'")
    )
    files["policy.yaml"] = own + "\nretention: 10 years\nroll: next working day\n"
    changes = difference(published, parse(files))
    said = {one.what.en: (one.before, one.after) for one in changes if one.part == "policy"}
    assert said == {
        "moved off days off": (Title("否", "no"), Title("是", "yes")),
        "reminders (days before)": ("30, 7, 1", "20"),
        "retention of texts": (None, Title("10 年", "10 years")),
    }
    assert [one.part for one in changes].count("identity") == 2


def test_a_row_that_says_otherwise_is_told_as_a_rule_and_as_an_outcome(beijing):
    new, changes = changed(
        beijing, (ROUTING, "U,foundation,-,city,-,beijing-registration", "U,foundation,-,city,-,beijing-civil-affairs")
    )
    row, outcome = changes
    assert row.message() == (
        "table routing: type foundation, registered_at city -> beijing-civil-affairs instead of "
        "type foundation, registered_at city -> beijing-registration"
    )
    assert outcome.box == "registered_as foundation; registered_at city"
    assert "由 beijing-registration 改为 beijing-civil-affairs" in outcome.message("zh")
    for policy, body in ((beijing, "beijing-registration"), (new, "beijing-civil-affairs")):
        assert policy.table("routing").evaluate(context(policy, outcome.witness)).outputs == {"responsible": body}


def test_a_cell_that_moves_a_bound_changes_the_outcome_just_there(beijing):
    _, changes = changed(beijing, (TABLES, '"[3..50)"', '"[3..60)"'), (TABLES, '"[50..100)"', '"[60..100)"'))
    outcomes = [one for one in changes if one.part == "outcomes"]
    assert [(one.box, one.before, one.after) for one in outcomes] == [
        ("party_members [50..60)", ["general_branch"], ["branch"])
    ]


def test_what_workflows_inherit_is_said_once(beijing):
    _, changes = changed(
        beijing, (STAGES, "extend: 3 months", "extend: 2 months"), (STAGES, "grace: 15 days", "grace: 10 days")
    )
    assert [one.message() for one in changes] == [
        f"workflow {', '.join(name for name, one in beijing.workflows.items() if 'rectify' in one.stages)}: rectify.finding, rectify.planning, rectify.measures, rectify.reinspecting {what}"
        for what in ("grace: 10 days instead of 15 days", "extend.extend: 2 months instead of 3 months")
    ]


def test_bodies_facts_and_promises_that_come_and_go_are_told(beijing):
    _, changes = changed(
        beijing,
        ("policy.yaml", "  mass_organization:\n", "  mass_organisation:\n"),
        ("register.yaml", "  mass_organization: [", "  mass_organisation: ["),
        ("register.yaml", "  mass_organization: *", "  mass_organisation: *"),
        (STAGES, "sets: {mass_organization: true}", "sets: {mass_organisation: true}"),
        ("policy.yaml", "within: 1 year}", "within: 2 years}"),
        ("bodies.yaml", "id: chaoyang-private-schools", "id: chaoyang-schools"),
        ("tables/hubs.csv", "chaoyang-private-schools", "chaoyang-schools"),
    )
    told = [one.message() for one in changes]
    assert "fact: removed mass_organization (has mass organisations)" in told
    assert "fact: added mass_organisation (has mass organisations)" in told
    assert any(one.startswith("body: removed chaoyang-private-schools (") for one in told)
    assert any("property: added" in one and one.endswith("2 years") for one in told)
    assert any(
        "found_mass_organization.sets: mass_organisation=true instead of mass_organization=true" in one for one in told
    )


@settings(max_examples=60, deadline=None)
@given(rows(), rows())
def test_the_boxes_are_exactly_where_the_outcomes_differ(before, after):
    old, new = policy_of(before, "F"), policy_of(after, "F")
    tables = old.table("tried"), new.table("tried")
    boxes = [one for one in difference(old, new) if one.part == "outcomes"]
    differing = [point for point in POINTS if tables[0].evaluate(point).outputs != tables[1].evaluate(point).outputs]
    assert bool(boxes) == bool(differing)
    for one in boxes:
        point = {"n": 0, "c": None, "b": False, **one.witness.facts}
        was, now = (list(table.evaluate(point).outputs.values()) for table in tables)
        assert was != now
        assert (was or ["(nothing)"], now or ["(nothing)"]) == tuple(
            [x.en] if hasattr(x, "en") else x for x in (one.before, one.after)
        )
    pairs = {tuple(map(str, pair)) for pair in itertools.product([1, 2, 3, "-"], repeat=2)}
    assert len({(str(one.before), str(one.after)) for one in boxes}) <= len(pairs)


def test_what_registers_call_things_is_told_name_by_name(beijing):
    _, changes = changed(beijing, ("register.yaml", "  haidian: [海淀]", "  haidian: [海淀, 海]"))
    assert [one.message() for one in changes] == ["name in registers: added areas 110108: 海"]
