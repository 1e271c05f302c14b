"""What Supervision gives back as JSON has it (docs/json.md): of plain values, each with a `to_dict()` that says so.

Whoever prints or sends JSON takes it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..cases.events import Event
from ..policy.names import stages
from ..policy.policy import Policy
from ..text import Title, as_json, listed, with_title

if TYPE_CHECKING:
    from .correcting import Corrected
    from .explained import CellExplained, RuleExplained
    from .views import CaseView, Explanation, GateAnswer, GateView, Supported, Swept, VenueUse, YearReport

#: What of a case a group's list of members has.
_OF_MEMBER = ("case", "name", "type", "stage", "responsible", "area")


def case(view: CaseView) -> dict[str, Any]:
    """A case as every listing has it."""
    policy, one = view.policy, view.case
    workflow = policy.workflows[one.workflow]
    return _plain(
        case=view.id,
        name=one.name,
        type=workflow.title,
        stage=workflow.stages[one.stage].title,
        step=view.what,
        due=view.due,
        days_overdue=view.days_overdue,
        responsible=view.responsible,
        hub=view.hub,
        escalation=view.escalation,
        escalated_to=view.escalated_to,
        escalates_to=view.escalates_to,
        next=[to_meet(view)] if view.obligation is not None else [workflow.triggers[name] for name in view.next],
        triggers=[with_title(name, workflow.triggers[name]) for name in view.open_triggers],
        blockers=[policy.blockers[code] for code in one.blockers if code in policy.blockers],
        area=policy.places.areas.get(one.area),
        state=one.state,
        obligation=view.obligation,
        suspended=one.suspended,
        withdrawn=one.withdrawn,
    )


def whole_case(view: CaseView) -> dict[str, Any]:
    """A case with all that is known of it."""
    one = view.case
    return case(view) | _plain(
        since=one.stage_since,
        stage_due=one.stage_due,
        revision=one.revision,
        duties={name: duty.content() for name, duty in one.duties.items()},
        unscheduled=view.unscheduled,
        lacking={need.fact: need.test for need in view.lacking},
        next_evidence=list(view.next_evidence),
        next_lacks={need.fact: need.test for need in view.next_lacks},
        gates={name: passage.content() for name, passage in one.gates.items()},
        opened_as=one.id,
        groups={id: membership.content() for id, membership in one.groups.items()},
        members=one.members,
        records={name: tally.content() for name, tally in one.records.items()},
        continues=one.continues,
        continued_as=one.continued_as,
        facts=one.facts,
    )


def member(view: CaseView, group: str) -> dict[str, Any]:
    """A case as a member of a group, by the group's id."""
    every = case(view)
    return {name: every[name] for name in _OF_MEMBER} | _plain(since=view.case.groups[group].since)


def to_meet(view: CaseView) -> Title:
    """What is to be done for a duty."""
    for gate in view.policy.parts.gates.values():
        if gate.owes_in_step == view.obligation:
            left = listed([gate.told[name].title for name in view.left(gate.name)])
            return Title(f"回报{left.zh}", f"tell: {left.en}")
    return Title(f"办结{view.what.zh}", f"record the {view.what.en}")


def event(policy: Policy, one: Event, before: Mapping[str, Any], counts: bool = True) -> dict[str, Any]:
    """An event with its day, with its body's titles, with what the facts that it changes were before it, and whether
    it counts still."""
    return _event(policy, one) | {"facts_before": as_json(before), "counts": counts}


def _event(policy: Policy, one: Event) -> dict[str, Any]:
    return {
        "case": one.case, "seq": one.seq, "day": as_json(day(policy, one)), **one.to_dict(),
        "body": as_json(policy.places.bodies.get(one.body, one.body)),
    }  # fmt: skip


def day(policy: Policy, one: Event) -> date:
    """The day of an event: on which it took effect; of a correction, which goes back, on which it was made."""
    return policy.day(one.at if one.corrects is None else one.recorded_at)


def corrected(one: Corrected) -> dict[str, Any]:
    policy = one.after.policy
    return {
        "before": whole_case(one.before), "after": whole_case(one.after),
        "gone": [_event(policy, event) for event in one.gone], "anew": [_event(policy, event) for event in one.anew],
        "parted": whole_case(one.parted) if one.parted is not None else None,
    }  # fmt: skip


def swept(one: Swept) -> dict[str, Any]:
    return _plain(
        day=one.day,
        cases=one.cases,
        ahead=one.ahead,
        happened=[_happened(view, what) for view, what in one.happened],
        failed=[{"case": id, "error": error.as_json()} for id, error in one.failed],
    )


def _happened(view: CaseView, what: Event) -> dict[str, Any]:
    return _plain(
        case=view.id,
        name=view.name,
        event=what.kind,
        what=view.what,
        due=what.of,
        body=view.policy.places.bodies.get(what.climbed_to or what.body),
        obligation=view.obligation,
    )


def gate_answer(one: GateAnswer) -> dict[str, Any]:
    return _plain(
        case=one.case.id,
        gate=one.gate.name,
        answer=one.answer,
        due=one.due,
        opens=one.opens,
        grounds=[ground.title for ground in one.grounds],
        do=[ground.do for ground in one.grounds if ground.do is not None],
        rules=[_rule(rule) for rule in one.rules],
        seq=one.event.seq,
    )


def _rule(rule: RuleExplained) -> dict[str, Any]:
    return {
        "table": rule.table,
        "row": rule.row,
        "file": rule.file,
        "line": rule.line,
        "note": rule.note,
        "cells": [
            {"fact": cell.fact, "needed": cell.test.text, "is": cell.value, "met": cell.met}
            for cell in rule.cells
            if not cell.test.everything
        ],
    }


def gate_view(one: GateView) -> dict[str, Any]:
    gate, passage = one.gate, one.passage
    return _plain(
        case=one.case.id,
        name=one.case.name,
        gate=gate.name,
        standing=one.standing,
        answer=passage.answer,
        asked=passage.asked,
        told=[name for name in passage.told if name in gate.told],
        left=one.left,
        due=one.due,
        days_overdue=one.days_overdue,
        grounds=[gate.grounds[name].title for name in passage.grounds if name in gate.grounds],
        responsible=one.case.responsible,
        passed=passage.passed,
    )


def explanation(one: Explanation) -> dict[str, Any]:
    policy = one.case.policy
    return {
        "case": one.case.id,
        "seq": one.event.seq,
        "rules": [row for rule in one.rules for row in _explained(policy, rule)],
        "entered": one.entered.seq,
    }


def _explained(policy: Policy, rule: RuleExplained) -> list[dict[str, Any]]:
    """A row for each fact that a row of a table asks for."""
    title = policy.tables[rule.table].title if rule.table in policy.tables else Title(rule.table, rule.table)
    asked: list[CellExplained | None] = [cell for cell in rule.cells if not cell.test.everything]
    return [
        _plain(
            table=title,
            row=rule.row,
            fact=policy.vocabulary.title(cell.fact) if cell is not None else None,
            needed=cell.test.text if cell is not None else "-",
            value=cell.value if cell is not None else None,
            met=cell.met if cell is not None else None,
            outcome=outcome(policy, rule.outputs),
            note=rule.note,
            file=rule.file,
            line=rule.line,
        )
        for cell in asked or [None]
    ]


def outcome(policy: Policy, outputs: Mapping[str, Any]) -> Title:
    """What a row says, a body, a type, a stage or a fact's value by its title."""
    name, value = next(iter(outputs.items()), ("", None))
    if name in policy.facts and policy.facts[name].titles and value is not None:
        return policy.vocabulary.value(name, value)
    text = "-" if value is None else str(value)
    known = policy.places.bodies.get(text) or policy.workflows.get(text)
    return known.title if known is not None else stages(policy).get(text) or Title(text, text)


def supported(one: Supported) -> dict[str, Any]:
    found = one.entitlement
    return _plain(
        case=one.case.id,
        name=one.case.name,
        support=found.support.title,
        due=found.due,
        paid=found.paid,
        outstanding=found.outstanding,
        overpaid=found.overpaid,
        given=found.given,
        responsible=one.case.responsible,
        code=found.support.name,
    )


def use_of_venue(one: VenueUse) -> dict[str, Any]:
    return _plain(
        id=one.venue.id,
        title=one.venue.title,
        area=one.area,
        organizations=len(one.users),
        times=one.times,
        cases=one.users,
        kind=one.venue.kind,
    )


def year_report(one: YearReport) -> dict[str, Any]:
    from ..indicators.measures import worst_first

    rows = [
        {
            "section": as_json(section.title), "indicator": as_json(measure.indicator.title),
            "group": as_json(measure.title), **measure.values(), "name": measure.indicator.name,
            "key": measure.key or "all",
        }
        for section, found in one.sections
        for measures in found
        for measure in worst_first(measures)
    ]  # fmt: skip
    return _plain(body=one.body, year=one.year, day=one.day, title=one.scorecard.title) | {"rows": rows}


def _plain(**values: Any) -> dict[str, Any]:
    return {name: as_json(value) for name, value in values.items()}
