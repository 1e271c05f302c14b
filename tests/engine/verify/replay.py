"""What replays a finding's witness, and checks that a fault is found."""

from datetime import date, timedelta

from guikou.adapters.cli.policy.steps import arguments, read_facts, read_step
from guikou.engine import Organization, parse
from guikou.engine.decide.due.context import facts_and_area
from guikou.engine.decide.transitions import apply, machine
from guikou.engine.errors import GuikouError
from guikou.engine.verify.check import check
from guikou.engine.verify.findings import Witness
from guikou.engine.verify.trial import Fire, Trial

from ..edits import rewritten


def context(policy, witness):
    facts = dict(witness.facts)
    if witness.area:
        facts = {**facts, **facts_and_area(policy, facts, policy.places.area(witness.area).code)}
    kind = apply(policy, policy.intake.type, facts)
    return facts if isinstance(kind, GuikouError) else {**facts, "type": next(iter(kind.outputs.values()))}


def fitting(policy, finding):
    table = policy.table(finding.details["table"])
    certain, _ = table.fits(context(policy, finding.witness))
    return [row.number for i, row in enumerate(table.rows) if certain >> i & 1]


def tried(policy, finding, steps=None):
    witness = finding.witness
    organization = Organization("-", "-", policy.places.area(witness.area).code, witness.facts)
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
        one.dest in ("same", trial.case.state)
        or (workflow.states[one.dest].final and not one.when.asks)
        or one.by == ("group",)
        for one in open_ways
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
    standing = policy.places.on(finding.witness.on)
    above = [body.parent for body in standing.chain(trial.case.responsible) if body.parent]
    return any(standing.acting(one) is None for one in above)


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
    "succession-circle": None,
    "superior-gone": superior_gone,
    "tier-not-permitted": lambda p, f: (
        p.places.bodies[(t := tried(p, f)).case.responsible].tier not in p.workflows[t.case.workflow].tiers
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
    "gate-excludes": lambda p, f: stands_in(tried(p, f), f),
    "group-excludes": lambda p, f: stands_in(tried(p, f), f),
    "awaits-nothing": lambda p, f: stands_in(tried(p, f), f),
    "group-stays": lambda p, f: stands_in(tried(p, f), f),
    "ground-unused": None,
    "evidence-too-early": too_early,
    "evidence-unused": None,
    "trigger-unused": None,
    "property-broken": broken_promise,
    "property-exceeded": exceeded,
}


def typed(policy, words):
    """A witness as the command line reads it."""
    given = [word for i, word in enumerate(words) if not word.startswith("--") and not words[i - 1].startswith("--")]
    options = [(name, words[i + 1]) for i, name in enumerate(words) if name.startswith("--")]
    table = dict(options).get("--table")
    area, facts = read_facts(policy, given, table is not None)
    on = dict(options).get("--as-of")
    steps = tuple(read_step(policy, text) for name, text in options if name == "--do")
    return Witness(
        facts, policy.places.areas[area].key if area else None, steps, table, date.fromisoformat(on) if on else None
    )


def check_broken(beijing, case):
    """It is found, in its place, with a witness that the command line can be given and that replays."""
    file, old, new, code, *place = case
    files, line = rewritten(beijing.files, file, old, new)
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
            assert typed(policy, arguments(one.witness)) == one.witness
        assert one.message("zh") != one.message("en")
        assert one.where.file in files
        replay = REPLAY[code]
        if replay is None:
            continue
        assert one.witness is not None, one
        assert replay(policy, one), (one.message(), arguments(one.witness))


def check_broken_twice(beijing, case):
    code, file, marker, edits = case
    files = beijing.files
    for one in edits:
        files, _ = rewritten(files, *one)
    policy = parse(files)
    line = policy.files[file][: policy.files[file].index(marker)].count("\n") + 1
    found = [one for one in check(policy).findings if one.code == code]
    assert (file, line) in [(one.where.file, one.where.line) for one in found]
    replay = {"deadline-unbounded": goes_round}.get(code, REPLAY[code])
    for one in found:
        assert replay(policy, one), (one.message(), arguments(one.witness))
