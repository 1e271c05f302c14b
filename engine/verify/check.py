"""Proofs over a policy, before it runs: `check` reads everything it says and reports where it fails, with witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..dates.working_days import CALENDARS
from ..errors import PolicyError
from ..policy.policy import Policy
from .bounds import Bound
from .durations import bounds
from .findings import Finding, Proof
from .flow import Flow
from .properties import property_findings
from .prover import Prover, capped
from .routing import Bodies, routing_findings, succession_findings
from .space import Box
from .tables import entry_findings, gate_findings, intake_findings, obligation_findings, table_findings
from .workflows import flow_findings, unused_findings


class Unsound(PolicyError):
    """The policy has errors: `findings`."""

    code = "policy-unsound"
    en = "the policy has {count} errors, the first: {first_en}"
    zh = "政策有 {count} 处错误，第一处：{first_zh}"
    hint_en = "see them all in the report of a check"
    hint_zh = "全部见检查报告"


def check(policy: Policy) -> Proof:
    """Prove a policy, or find where it fails.

    Tables: overlaps, gaps, rows that never decide, that are not needed, that can be one. Routing: exactly one existing
    body at a permitted tier, with a chain to the top, on every day. Workflows: reachability, dead ends, guards,
    deadlines, who may act, evidence. Intake: exactly one stage. And the policy's own properties.
    """
    prover = Prover(policy)
    bodies = Bodies(policy)
    findings: list[Finding] = []
    domains = _domains(prover)
    for name in policy.tables:
        findings += capped(table_findings(prover, name, domains.get(name)))
    findings += succession_findings(policy)
    findings += capped(routing_findings(prover, policy.intake.responsible, bodies, responsible=True))
    if policy.intake.hub is not None:
        findings += capped(routing_findings(prover, policy.intake.hub, bodies, responsible=False))
    findings += entry_findings(prover)
    findings += intake_findings(prover)
    stands = [policy.places.on(day) for day in bodies.days]
    climbs = max((len(standing.chain(id)) for standing in stands for id in policy.places.bodies), default=1) - 1
    flows = [Flow(prover, workflow, climbs) for workflow in policy.workflows.values()]
    proved: list[Bound] = []
    for flow in flows:
        findings += flow_findings(flow, hubs=policy.intake.hub is not None)
        proved += bounds(flow)
        for promise in policy.properties:
            findings += property_findings(flow, promise)
    findings += obligation_findings(prover)
    findings += gate_findings(prover)
    findings += unused_findings(list(policy.workflows.values()))
    counts = {
        "tables": len(policy.tables),
        "rows": sum(len(policy.table(name).rows) for name in policy.tables),
        "areas": len(policy.places.areas),
        "bodies": len(policy.places.bodies),
        "workflows": len(policy.workflows),
        "states": sum(len(flow.nodes_of) for flow in flows),
        "properties": len(policy.properties),
    }
    return Proof(policy.name, tuple(_ordered(findings)), tuple(proved), counts)


#: The reports of what was found sound in this process, by all that they depend on.
_SOUND: dict[tuple[str, type], Proof] = {}


def require(policy: Policy) -> Proof:
    """The report of a policy without errors, which is made once in a process. Raises Unsound for one that has any."""
    key = (policy.digest, type(policy.working.calendar))
    if key in _SOUND:
        return _SOUND[key]
    report = check(policy)
    if report.errors:
        first = report.errors[0]
        raise Unsound(
            where=first.where, count=len(report.errors), first_en=first.message("en"), first_zh=first.message("zh")
        )
    if key[1] in CALENDARS.values():  # another may be told otherwise when it is made
        _SOUND[key] = report
    return report


def _domains(prover: Prover) -> dict[str, list[Box]]:
    """Where each table must have an answer: those that intake asks, for everyone; those that a trigger asks, for
    the cases that meet its guard."""
    policy, intake = prover.policy, prover.policy.intake
    everyone = [box for boxes in prover.types.values() for box in boxes]
    domains: dict[str, list[Box]] = {intake.type: prover.admitted(prover.space.full)}
    for name in (intake.responsible, intake.entry, intake.hub, intake.priority, *intake.entitlements):
        if name is not None:
            domains[name] = everyone
    domains |= {gate.table: everyone for gate in policy.parts.gates.values()}
    for workflow in policy.workflows.values():
        for one in workflow.transitions:
            for name in one.tables:
                domains.setdefault(name, [])
                domains[name] = [*domains[name], *prover.guard(workflow, one)]
    return domains


def _ordered(findings: list[Finding]) -> Iterator[Finding]:
    """By gravity, file and line; what several workflows inherit from one line is told once."""
    grave = {"error": 0, "warning": 1, "info": 2}
    told: set[tuple[Any, ...]] = set()

    def place(one: Finding) -> tuple[Any, ...]:
        where = one.where
        return grave[one.severity], where.file or "", where.line or 0, where.row or 0, one.code

    for one in sorted(findings, key=place):
        said = one.details
        shared = {**said, "type": "", "box": "", "bound": ""} if "state" in said and "type" in said else said
        key = (one.code, one.where, replace(one, details=shared).message("en"))
        if key not in told:
            told.add(key)
            yield one
