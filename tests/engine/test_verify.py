"""Policies that are each broken in one way: every fault is found with its code, its line and a witness that replays."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.adapters.cli.policies import _facts as read_facts
from guikou.adapters.cli.policies import _step as read_step
from guikou.engine import Organization, parse
from guikou.engine.decide import apply, machine
from guikou.engine.errors import GuikouError
from guikou.engine.trial import Fire, Tell, Trial, Wait
from guikou.engine.verify import CATALOGUE, Unsound, Witness, check, require
from guikou.engine.verify.flows import Flow
from guikou.engine.verify.prover import Prover

STAGES, BODIES, HEAD, TABLES = "workflows/stages.yaml", "bodies.yaml", "policy.yaml", "tables.yaml"
ROUTING, ORDER, ENTRY, HUBS = "tables/routing.csv", "tables/intake_order.csv", "tables/entry.csv", "tables/hubs.csv"
FOUNDATION, COMMUNITY, GROUP = (f"workflows/{name}.yaml" for name in ("foundation", "community_filed", "social_group"))


def edited(policy, file, old, new):
    """A policy's files with one change, and the line where it begins."""
    files = dict(policy.files)
    assert files[file].count(old) >= 1, f"{old} stands nowhere in {file}"
    at = files[file].index(old)
    files[file] = files[file][:at] + new + files[file][at + len(old) :]
    return files, files[file][:at].count("\n") + 1 + (len(new) - len(new.lstrip("\n")))


# --- what replays a witness ------------------------------------------------------------------------------------------


def context(policy, witness):
    facts = dict(witness.facts)
    if witness.area:
        facts = {**facts, **policy.context(Organization("-", "-", policy.area(witness.area).code, facts))}
    kind = apply(policy, policy.intake.type, facts)
    return facts if isinstance(kind, GuikouError) else {**facts, "type": next(iter(kind.outputs.values()))}


def fitting(policy, finding):
    table = policy.table(finding.details["table"])
    certain, _ = table.fits(context(policy, finding.witness))
    return [row.number for i, row in enumerate(table.rows) if certain >> i & 1]


def tried(policy, finding, steps=None):
    witness = finding.witness
    organization = Organization("-", "-", policy.area(witness.area).code, witness.facts)
    return Trial(policy, organization, witness.on or policy.effective).run(witness.steps if steps is None else steps)


def stands_in(trial, finding):
    return trial.refused is None and trial.case.state == finding.details["state"]


def before_last(policy, finding):
    """The trial up to the last trigger, and the ways of that trigger whose guards hold there."""
    trial = tried(policy, finding, finding.witness.steps[:-1])
    ways = policy.workflows[trial.case.workflow].from_state(trial.case.state)
    last = finding.witness.steps[-1]
    return trial, [one for one in ways if one.trigger == last.trigger and one.when.evaluate(trial.facts())]


def unreachable_row(policy, finding):
    table = policy.table(finding.details["table"])
    row = finding.details["a"]
    return row in fitting(policy, finding) and table.evaluate(context(policy, finding.witness)).rows != (row,)


def shadowed(policy, finding):
    trial, ways = before_last(policy, finding)
    taken = (
        machine(policy, trial.case.workflow)
        .fire(finding.witness.steps[-1].trigger, trial.case.state, trial.facts())
        .taken
    )
    return taken is not None and taken.line != finding.where.line and finding.where.line in [one.line for one in ways]


def stuck(policy, finding):
    trial = tried(policy, finding)
    workflow = policy.workflows[trial.case.workflow]
    open_ways = [one for one in workflow.from_state(trial.case.state) if one.when.evaluate(trial.facts())]
    return stands_in(trial, finding) and all(
        one.dest in ("same", trial.case.state) or workflow.states[one.dest].final for one in open_ways
    )


def no_escalation(policy, finding):
    trial = tried(policy, finding)
    trial.day = trial.case.due + timedelta(days=400)
    ways = policy.workflows[trial.case.workflow].from_state(trial.case.state)
    return stands_in(trial, finding) and not any(one.escalate and one.when.evaluate(trial.facts()) for one in ways)


def broken_promise(policy, finding):
    trial = tried(policy, finding)
    promise = next(one for one in policy.properties if one.where == finding.where)
    ended = trial.refused is None and all(taken.refused is None for taken in trial.steps)
    stage = trial.case and promise.stage in (trial.case.state, trial.case.stage)
    return ended and stage and promise.when.evaluate(trial.facts()) is True


def exceeded(policy, finding):
    trial = tried(policy, finding)
    promise = next(one for one in policy.properties if one.where == finding.where)
    return trial.case.stage == promise.stage and trial.day > promise.within.after(trial.case.stage_since)


def refused_at_intake(*codes):
    def replay(policy, finding):
        trial = tried(policy, finding)
        return trial.refused is not None and trial.refused.code in codes

    return replay


def last_refused(code):
    def replay(policy, finding):
        trial = tried(policy, finding)
        return trial.refused is None and trial.steps[-1].refused is not None and trial.steps[-1].refused.code == code

    return replay


def all_taken(policy, finding):
    trial = tried(policy, finding)
    return trial.refused is None and trial.steps and not any(taken.refused for taken in trial.steps)


def too_early(policy, finding):
    fired = [step.trigger for step in finding.witness.steps if isinstance(step, Fire)]
    return all_taken(policy, finding) and not set(fired[:-1]) & set(finding.details["after"])


def goes_round(policy, finding):
    """Every step was taken, and the last one led to where the case had been."""
    trial = tried(policy, finding)
    states = [trial.placement.state, *(taken.case.state for taken in trial.steps)]
    return not any(taken.refused for taken in trial.steps) and states[-1] in states[:-1] and len(set(states)) > 1


def superior_gone(policy, finding):
    trial = tried(policy, finding)
    chain = policy.chain(trial.case.responsible)
    return any(policy.body_on(body.id, finding.witness.on) is None for body in chain)


REPLAY = {
    "rows-overlap": lambda p, f: {f.details["a"], f.details["b"]} <= set(fitting(p, f)),
    "rows-overlap-alike": lambda p, f: {f.details["a"], f.details["b"]} <= set(fitting(p, f)),
    "table-gap": lambda p, f: fitting(p, f) == [],
    "row-never-met": None,
    "row-unreachable": unreachable_row,
    "row-subsumed": lambda p, f: {f.details["a"], f.details["b"]} <= set(fitting(p, f)),
    "rows-mergeable": lambda p, f: f.details["b"] in fitting(p, f),
    "table-unused": None,
    "tier-missing": refused_at_intake("no-such-tier", "missing-fact"),
    "body-missing": refused_at_intake("no-such-body"),
    "body-gone": refused_at_intake("no-such-body"),
    "superior-gone": superior_gone,
    "tier-not-permitted": lambda p, f: (
        p.bodies[(t := tried(p, f)).case.responsible].tier not in p.workflows[t.case.workflow].tiers
    ),
    "no-responsible": refused_at_intake("no-rule"),
    "refusal-never": None,
    "entry-not-in-workflow": refused_at_intake("no-rule"),
    "entry-closed": lambda p, f: tried(p, f).case.closed,
    "workflow-unused": None,
    "obligation-never": None,
    "automatic-loop": lambda p, f: all(taken.refused is None for taken in tried(p, f).steps),
    "state-unreachable": lambda p, f: (t := tried(p, f)).refused is None and t.case.state != f.details["state"],
    "dead-end": lambda p, f: stands_in(tried(p, f), f),
    "no-exit": lambda p, f: stands_in(tried(p, f), f),
    "facts-stuck": stuck,
    "guard-never-holds": last_refused("guard-not-met"),
    "transition-shadowed": shadowed,
    "transitions-contend": lambda p, f: len(before_last(p, f)[1]) > 1,
    "triggers-alike": all_taken,
    "no-deadline": lambda p, f: stands_in(t := tried(p, f), f) and t.case.due is None,
    "no-escalation": no_escalation,
    "deadline-unbounded": all_taken,
    "nobody-may-act": last_refused("may-not-act"),
    "trigger-unfired": None,
    "ground-unused": None,
    "evidence-too-early": too_early,
    "evidence-unused": None,
    "trigger-unused": None,
    "property-broken": broken_promise,
    "property-exceeded": exceeded,
}

APPLY = "  - {trigger: apply, from: build.preparing,"
NEW_TABLE = (
    "  spare:\n    title: {zh: 备用, en: spare}\n    hit: F\n    inputs: [party_members]\n"
    "    outputs: {organization_form: organization_form}\n    rows:\n"
    "      - {then: {organization_form: branch}}\n  form:\n"
)

BROKEN = [
    # --- tables ---
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[2..50)"}', "rows-overlap"),
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[3..51)"}', "rows-overlap", '  - {when: {party_members: "[50..100)"}'),
    (TABLES, 'when: {party_members: "[50..100)"}, then: {organization_form: general_branch}', 'when: {party_members: "[49..100)"}, then: {organization_form: branch}', "rows-overlap-alike"),
    (ROUTING, 'U,foundation,-,city,-,', 'U,foundation,-,"city, district",-,', "rows-overlap", 'U,foundation,-,"district, street"'),
    (ROUTING, "U,intermediary,law,", "U,intermediary,-,", "rows-overlap", "U,intermediary,accounting"),
    (ROUTING, '"not(law, accounting, internet, taxi)",-,not(null)', '"not(law, internet, taxi)",-,not(null)', "rows-overlap"),
    (TABLES, 'when: {party_members: "[3..50)"}', 'when: {party_members: "[4..50)"}', "table-gap", "  form:"),
    (TABLES, 'when: {party_members: ">= 100"}', 'when: {party_members: "> 100"}', "table-gap", "  form:"),
    (ROUTING, "U,intermediary,accounting,-,-,beijing-accountants,M12 M16 finance: accounting firms\n", "", "table-gap", "hit,type"),
    (ROUTING, "U,foundation,-,city,", "U,foundation,charity,city,", "table-gap", "hit,type"),
    (TABLES, '      - {when: {registered_as: social_group}, then: {type: social_group}, note: M14}\n', "", "table-gap", "  classification:"),
    (ENTRY, "F,-,false,-,-,0,-,build.guiding", "F,-,false,true,-,0,-,build.guiding", "table-gap", "hit,"),
    (ORDER, "F,-,-,-,4,M10", "F,-,-,< 50,4,M10", "table-gap", "hit,"),
    (HUBS, 'F,-,law,-,-,{district}-hub-law,M02\n', "", "table-gap", "hit,"),
    (TABLES, 'when: {party_members: "[1..3)"}, then', 'when: {party_members: "< 0"}, then', "row-never-met"),
    (ROUTING, "U,foundation,-,city,-,beijing-registration,M11\n", "U,foundation,-,city,-,beijing-registration,M11\nU,foundation,-,city,null,beijing-registration,M11\n", "rows-overlap-alike", "U,foundation,-,city,null"),
    (ORDER, "F,-,-,-,4,M10", "F,-,-,-,4,M10\nF,foundation,-,-,5,M11", "row-unreachable", "F,foundation"),
    (ORDER, "F,private_non_enterprise,-,>= 50,3,M10 many employees\n", "F,private_non_enterprise,-,>= 50,4,M10 many employees\n", "row-subsumed"),
    (ORDER, 'F,private_non_enterprise,"education, health",-,2,M10 strict entry conditions', 'F,private_non_enterprise,education,-,2,M10\nF,private_non_enterprise,health,-,2,M10', "rows-mergeable", "F,private_non_enterprise,health"),
    (TABLES, "  form:\n", NEW_TABLE, "table-unused"),
    # --- routing ---
    (ROUTING, "U,community_filed,-,-,-,{street}", "U,community_filed,-,-,-,{street}-party", "body-missing"),
    (ROUTING, 'U,private_non_enterprise,culture,city,-,beijing-culture', 'U,private_non_enterprise,culture,city,-,{street}', "tier-missing"),
    (ROUTING, "U,private_non_enterprise,culture,city,-,beijing-culture", "U,private_non_enterprise,culture,city,-,-", "no-responsible"),
    (ROUTING, "U,foundation,-,city,-,beijing-registration", "U,foundation,-,city,-,beijing-tax", "body-gone"),
    (BODIES, "parent: beijing, valid_until: 2018-06-15, succeeded_by: beijing-tax,", "parent: beijing, valid_until: 2018-06-15,", "superior-gone", None),
    (BODIES, "id: beijing-finance, kind: department, area: beijing, parent: beijing,", "id: beijing-finance, kind: department, area: beijing, parent: beijing, valid_until: 2020-01-01,", "superior-gone", None),
    (COMMUNITY, "tiers: street", "tiers: district", "tier-not-permitted", None),
    (FOUNDATION, "tiers: [city, district]", "tiers: city", "tier-not-permitted", None),
    (HUBS, "F,community_filed,-,-,-,{street}-hub", "F,community_filed,-,-,-,{street}-hubs", "body-missing"),
    (HEAD, 'registered_as: enterprise, industry: "not(internet, taxi)"', 'registered_as: enterprise, party_members: "< 0"', "refusal-never"),
    # --- intake ---
    (ENTRY, "F,-,true,-,true,-,-,innovate", "F,-,true,-,true,-,-,closed", "entry-closed"),
    (TABLES, "then: {type: social_group}", "then: {type: foundation}", "workflow-unused", None),
    (HEAD, "when: {type: hub}", "when: {type: hub, registered_as: foundation}", "obligation-never", "  hub_meeting:"),
    (STAGES, "  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: rectify, to: standardize, when: {weak: true}, automatic: true}\n  - {trigger: confirm_finding, from",
     "automatic-loop", "  - {trigger: turn_weak, from: [standardize"),
    # One that runs from what can happen again and again bounds nothing either.
    (STAGES, "    due: {within: 6 months, then: escalate, grace: 15 days}\n", "    due: {within: 6 months, from: record_innovation, then: escalate, grace: 15 days}\n", "no-deadline", "      measures:"),
    # A deadline that runs from an event bounds nothing where the event may not have been.
    (STAGES, "due: {within: 6 months, then: escalate, grace: 30 days}", "due: {within: 6 months, from: apply, then: escalate, grace: 30 days}", "no-deadline", "      guiding:"),
    # --- workflows ---
    (STAGES, "      approving: {title", "      waiting: {title: {zh: 等待, en: waiting}}\n      approving: {title", "state-unreachable"),
    (STAGES, "to: rectify.measures, evidence: rectification_plan", "to: rectify.planning, evidence: rectification_plan", "state-unreachable", "      measures:"),
    (STAGES, '      guiding: {title: {zh: 派员指导, en: a guide is sent}, awaits: {party_members: ">= 1"}}', "      guiding: {title: {zh: 派员指导, en: a guide is sent}}", "facts-stuck"),
    (STAGES, '  - {trigger: fall_back, from: [build.joining, build.preparing], to: build.guiding, when: {party_members: 0}, by: [responsible, superior, hub], note: M17}\n', "", "facts-stuck", "      joining:"),
    (STAGES, "to: same, by: superior, when: {case.extensions: \"< 1\"}", "to: same, by: superior, when: {case.extensions: \"< 0\"}", "guard-never-holds", "  - {trigger: extend"),
    (STAGES, "from: [build, standardize, rectify], to: same, when: {case.days_overdue", "from: [build, standardize, rectify, innovate], to: same, when: {case.days_overdue", "guard-never-holds", "  - {trigger: escalate"),
    (STAGES, 'to: build.joining, when: {party_members: "< 3"}}', 'to: build.joining, when: {party_members: ">= 3"}}', "transition-shadowed", "  - {trigger: return_application, from: build.approving, to: build.joining"),
    (STAGES, 'to: build.joining, when: {party_members: "< 3"}}', 'to: build.joining, when: {party_members: "< 4"}}', "transitions-contend", "  - {trigger: return_application, from: build.approving, to: build.joining"),
    (STAGES, "  - {trigger: confirm_finding,", "  - {trigger: adopt_plan, from: rectify.finding, to: rectify.planning, note: M20}\n  - {trigger: confirm_finding,", "triggers-alike", "  - {trigger: confirm_finding,"),
    (STAGES, "    rests: true\n", "", "no-deadline", "  innovate:"),
    (STAGES, "    due: {within: 6 months, then: escalate, grace: 30 days}\n", "", "no-deadline", "      guiding:"),
    (STAGES, ' when: {case.extensions: "< 1"},', "", "deadline-unbounded", "  - {trigger: extend"),
    (STAGES, ' when: {case.extensions: "< 1"},', ' when: {case.escalation: "< 1"},', "deadline-unbounded", "  - {trigger: extend"),
    ("gates.yaml", "owes: registration_in_step, fire: register}", "owes: registration_in_step}", "trigger-unfired", ("workflows/applicant.yaml", "  - {trigger: register, ")),
    ("groups.yaml", "    dissolves: dissolve\n", "", "trigger-unfired", ("workflows/joint.yaml", "  - {trigger: dissolve, ")),
    (HEAD, "{after: 3 months, fire: miss_inspection, sets", "{after: 3 months, sets", "trigger-unfired", (STAGES, "  - {trigger: miss_inspection, ")),
    ("tables/gates/registration.csv", "C,-,true,-,under_investigation,default\n", "", "ground-unused", ("gates.yaml", "  registration:")),
    (STAGES, "by: superior, when: {case.extensions", "by: hub, when: {case.extensions", "nobody-may-act", "  - {trigger: extend"),
    (STAGES, "by: superior, when: {case.extensions", "by: beijing-local-tax, when: {case.extensions", "nobody-may-act", "  - {trigger: extend"),
    (STAGES, "measures_report: {zh: 整顿情况报告, en: report on the measures, after: adopt_plan}", "measures_report: {zh: 整顿情况报告, en: report on the measures, after: fail_reinspection}", "evidence-too-early", "  - {trigger: complete_measures"),
    (STAGES, "approval_document: {zh: 批复文件, en: approval document, after: [apply, join]}", "approval_document: {zh: 批复文件, en: approval document, after: apply}", "evidence-too-early", "  - trigger: establish"),
    (STAGES, "  founding_record: {", "  minutes: {zh: 会议纪要, en: minutes}\n  founding_record: {", "evidence-unused"),
    (STAGES, "  prepare: {zh", "  praise: {zh: 表扬, en: praise}\n  prepare: {zh", "trigger-unused"),
    # --- properties ---
    (STAGES, "records_kept: true, weak: false}", "records_kept: true}", "property-broken", (HEAD, "  - title: {zh: 整顿后")),
    (STAGES, "evidence: review_report, sets: {standardized: true}", "evidence: review_report", "property-broken", (HEAD, "  - title: {zh: 未规范者")),
    (ENTRY, "F,-,true,true,-,-,-,rectify", "F,-,true,true,-,-,-,innovate", "property-broken", (HEAD, "  - title: {zh: 整顿后")),
    (STAGES, "to: standardize, evidence: reinspection_report, sets", "to: innovate, evidence: reinspection_report, sets", "property-broken", (HEAD, "  - title: {zh: 未规范者")),
    (COMMUNITY, 'when: {party_members: ">= 1"}', 'when: {party_members: ">= 0"}', "property-broken", (HEAD, "  - title: {zh: 没有党员")),
    (STAGES, "extend: 3 months", "extend: 9 months", "property-exceeded", (HEAD, "  - title: {zh: 整顿须在")),
    (STAGES, "due: {within: 6 months, then: escalate, grace: 15 days}", "due: {within: 6 months}", "property-exceeded", (HEAD, "  - title: {zh: 整顿须在")),
]  # fmt: skip

LIMBO = "  limbo: {title: {zh: 搁置, en: limbo}, due: {within: 1 year, then: escalate}}\n"
SHELVE = "  - {trigger: shelve, from: build.guiding, to: limbo}\n"
TWICE = [
    ("dead-end", STAGES, "  limbo: {", [
        (STAGES, "  closed:\n", LIMBO + "  closed:\n"), (STAGES, "  prepare: {zh", "  shelve: {zh: 搁置, en: shelve}\n  prepare: {zh"),
        (STAGES, "  - {trigger: prepare,", SHELVE + "  - {trigger: prepare,"),
    ]),
    ("no-exit", STAGES, "  limbo: {", [
        (STAGES, "  closed:\n", LIMBO + LIMBO.replace("limbo:", "limbus:") + "  closed:\n"),
        (STAGES, "  prepare: {zh", "  shelve: {zh: 搁置, en: shelve}\n  prepare: {zh"),
        (STAGES, "  - {trigger: prepare,", SHELVE + "  - {trigger: shelve, from: limbo, to: limbus}\n  - {trigger: shelve, from: limbus, to: limbo}\n  - {trigger: prepare,"),
    ]),
    ("no-escalation", STAGES, "      planning:", [
        (STAGES, "due: {within: 6 months, then: escalate, grace: 15 days}", "due: {within: 6 months}"),
        (STAGES, "from: [build, standardize, rectify], to: same, when: {case.days_overdue", "from: [build, standardize], to: same, when: {case.days_overdue"),
    ]),
    ("deadline-unbounded", STAGES, "  rectify:", [
        (STAGES, "    due: {within: 6 months, then: escalate, grace: 15 days}\n", ""),
        (STAGES, "      measures: {title: {zh: 落实整顿措施, en: measures}}", "      measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 90 days}}"),
        (STAGES, "extend: 3 months, ", ""),
    ]),
    ("entry-not-in-workflow", ENTRY, "F,-,true,-,true,-,-,trial", [
        (FOUNDATION, "evidence:\n", "stages:\n  trial: {title: {zh: 试行, en: trial}, rests: true}\nevidence:\n"),
        (ENTRY, "F,-,true,-,true,-,-,innovate", "F,-,true,-,true,-,-,trial"),
    ]),
]  # fmt: skip


def typed(policy, words):
    """A witness as the command line reads it."""
    given = [word for i, word in enumerate(words) if not word.startswith("--") and not words[i - 1].startswith("--")]
    options = [(name, words[i + 1]) for i, name in enumerate(words) if name.startswith("--")]
    table = dict(options).get("--table")
    area, facts = read_facts(policy, given, table is not None)
    on = dict(options).get("--as-of")
    steps = tuple(read_step(policy, text) for name, text in options if name == "--do")
    return Witness(
        facts, policy.areas[area].key if area else None, steps, table, date.fromisoformat(on) if on else None
    )


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    file, old, new, code, *place = case
    files, line = edited(beijing, file, old, new)
    if place and place[0] is not None:
        file, marker = place[0] if isinstance(place[0], tuple) else (file, place[0])
        line = files[file][: files[file].index(marker)].count("\n") + 1
    policy = parse(files)
    found = [one for one in check(policy).findings if one.code == code]
    assert found, [one.code for one in check(policy).findings]
    if not (place and place[0] is None):
        assert (file, line) in [(one.where.file, one.where.line) for one in found], [one.where for one in found]
    for one in found:
        if one.witness is not None:
            assert typed(policy, one.witness.arguments()) == one.witness
        assert one.message("zh") != one.message("en")
        assert one.where.file in files
        replay = REPLAY[code]
        if replay is None:
            continue
        assert one.witness is not None, one
        assert replay(policy, one), (one.message(), one.witness.arguments())


@pytest.mark.parametrize("case", TWICE, ids=lambda case: case[0])
def test_a_policy_broken_in_several_places_is_found_broken(beijing, case):
    code, file, marker, edits = case
    files = beijing.files
    for one in edits:
        files, _ = edited(SimpleNamespace(files=files), *one)
    policy = parse(files)
    line = policy.files[file][: policy.files[file].index(marker)].count("\n") + 1
    found = [one for one in check(policy).findings if one.code == code]
    assert (file, line) in [(one.where.file, one.where.line) for one in found]
    replay = {"deadline-unbounded": goes_round}.get(code, REPLAY[code])
    for one in found:
        assert replay(policy, one), (one.message(), one.witness.arguments())


def test_at_least_forty_ways_of_being_broken_are_tried_and_every_code():
    assert len(BROKEN) >= 40
    tried_codes = {case[3] for case in BROKEN}
    assert set(CATALOGUE) == tried_codes | {case[0] for case in TWICE} | {"more-findings"}


def test_the_flagship_policy_has_no_findings(beijing):
    report = check(beijing)
    assert [one.message() for one in report.findings] == []
    assert {(one.stage, one.text()) for one in report.bounds} == {
        ("build", "6 months + 3 × 30 days + time suspended (at most 276 days)"),
        ("standardize", "1 year + 3 × 30 days + time suspended (at most 456 days)"),
        ("rectify", "6 months + 3 months + 3 × 15 days + time suspended (at most 324 days)"),
        ("setting_up", "1 year + 3 × 30 days (at most 456 days)"),
        ("incubate", "1 year + 3 × 30 days (at most 456 days)"),
        ("register", "60 days + 3 × 15 days (at most 105 days)"),
        ("registered", "30 days + 3 × 15 days (at most 75 days)"),
    }
    assert require(beijing) == report


MEASURES = "measures: {title: {zh: 落实整顿措施, en: measures}"


def test_a_bound_counts_on_the_longest_grace_of_a_stage_and_its_steps(beijing):
    files, _ = edited(beijing, STAGES, MEASURES, MEASURES + ", due: {within: 60 days, then: escalate, grace: 300 days}")
    report = check(parse(files))
    assert {one.code for one in report.findings} == {"property-exceeded"}
    (bound,) = {one.text() for one in report.bounds if one.stage == "rectify"}
    assert bound == "6 months + 3 months + 3 × 300 days + time suspended (at most 1179 days)"


def test_a_clock_that_can_be_started_again_and_again_bounds_nothing(beijing):
    again = "  - {trigger: adopt_plan, from: rectify.measures, to: same, evidence: rectification_plan}\n  - {trigger: complete_measures, from"
    files, _ = edited(beijing, STAGES, "  - {trigger: complete_measures, from", again)
    files, _ = edited(
        SimpleNamespace(files=files), STAGES, MEASURES, MEASURES + ", due: {within: 60 days, from: adopt_plan}"
    )
    assert "deadline-unbounded" in {one.code for one in check(parse(files)).findings}
    files, _ = edited(beijing, STAGES, MEASURES, MEASURES + ", due: {within: 60 days, from: adopt_plan}")
    assert check(parse(files)).findings == ()


def test_a_policy_with_errors_is_refused_with_its_first_error(beijing):
    files, line = edited(beijing, TABLES, '"[3..50)"', '"[2..50)"')
    with pytest.raises(Unsound) as refused:
        require(parse(files))
    assert refused.value.where.line == line
    assert "1 errors, the first: rows 1 and 2 of table form fit together" in refused.value.line("en")


STEPS = st.one_of(
    st.sampled_from(sorted({"apply", "establish", "join", "prepare", "fall_back", "apply_review", "recognize", "find_weak",
        "confirm_finding", "withdraw_finding", "adopt_plan", "complete_measures", "pass_reinspection", "fail_reinspection",
        "extend", "escalate", "lose_organization", "return_application", "return_review"})).map(Fire),
    st.fixed_dictionaries({}, optional={
        "party_members": st.integers(0, 120), "weak": st.booleans(), "standardized": st.booleans(),
        "regular_life": st.just(True), "terms_kept": st.just(True), "records_kept": st.just(True),
    }).map(Tell),
    st.integers(1, 400).map(Wait),
)  # fmt: skip
FLOWS = {}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["private_non_enterprise", "foundation", "social_group"]),
    st.integers(0, 60), st.booleans(), st.booleans(), st.booleans(), st.lists(STEPS, max_size=40),
)  # fmt: skip
def test_no_walk_leaves_what_was_proved(beijing, kind, members, organized, standardized, weak, steps):
    """Whatever is done and reported: only states that are reached, no promise broken by intake or a trigger."""
    if "prover" not in FLOWS:
        FLOWS["prover"] = Prover(beijing)
    if kind not in FLOWS:
        FLOWS[kind] = Flow(FLOWS["prover"], beijing.workflows[kind], climbs=3)
    facts = {
        "registered_as": kind, "registered_at": "district", "industry": "education", "employees": 20,
        "supervising_unit": None, "party_members": members, "has_organization": organized,
        "standardized": standardized, "weak": weak,
    }  # fmt: skip
    trial = Trial(beijing, Organization("-", "-", "110105", facts), beijing.effective)
    entered = trial.case.state
    for step in [None, *steps]:
        before = trial.case.state if step else None
        if step and trial.take(step).refused:
            continue
        case = trial.case
        assert case.state in FLOWS[kind].nodes_of
        assert case.extensions <= 1
        for promise in beijing.properties:
            into = promise.stage in (case.state, case.stage) and (before is None or case.state != before)
            if promise.within is None and into and not isinstance(step, Tell):
                assert promise.when.evaluate(trial.facts()) is not True, (promise.title.en, before, entered, step)
