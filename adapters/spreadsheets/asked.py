"""Which facts a policy asks of an organisation of some type: those that routing needs, and those that come in later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guikou.engine.policy.policy import Policy
from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.tables import DecisionTable


def needed(policy: Policy, types: Iterable[str]) -> list[str]:
    """The facts that routing may ask of organisations of these types, in the policy's order."""
    found = {fact for type_ in types for fact in _needed(policy, type_)}
    return [name for name in policy.facts if name in found]


def always(policy: Policy, types: Iterable[str]) -> list[str]:
    """Those of the needed facts without which no organisation of these types can be routed."""
    every = [set(_always(policy, type_)) for type_ in types]
    return [name for name in policy.facts if every and all(name in one for one in every)]


def useful(policy: Policy, types: Iterable[str]) -> list[str]:
    """The facts that anything may ask of them besides: refusals, the order of intake, entitlements, stages, obligations
    and gates."""
    types = list(types)
    found = {fact for type_ in types for fact in _useful(policy, type_)} - set(needed(policy, types))
    return [name for name in policy.facts if name in found]


def values(policy: Policy, fact: str, types: Iterable[str]) -> list[str]:
    """Those values of an enumeration with which an organisation may be of one of these types."""
    table, every = policy.table(policy.intake.type), policy.facts[fact].kind.values
    at = next((at for at, (name, _) in enumerate(table.inputs) if name == fact), None)
    if at is None:
        return list(every)
    tests = [row.tests[at] for row in table.rows if row.outputs[0] in set(types)]
    return [value for value in every if any(test.matches(value) for test in tests)]


def _needed(policy: Policy, type_: str) -> Iterator[str]:
    yield from _classifying(policy, type_)
    for table in _routing(policy):
        yield from table.evaluate({"type": type_}).missing


def _always(policy: Policy, type_: str) -> Iterator[str]:
    yield from _classifying(policy, type_)
    for table in _routing(policy):
        yield from table.needs({"type": type_})[0]


def _classifying(policy: Policy, type_: str) -> Iterator[str]:
    table = policy.table(policy.intake.type)
    for row in table.rows:
        if row.outputs[0] == type_:
            yield from (name for (name, _), test in zip(table.inputs, row.tests, strict=True) if not test.everything)


def _routing(policy: Policy) -> list[DecisionTable]:
    intake = policy.intake
    names = (intake.responsible, intake.hub, intake.entry, intake.priority)
    return [policy.table(name) for name in names if name is not None]


def _useful(policy: Policy, type_: str) -> Iterator[str]:
    known = {"type": type_}
    for refusal in policy.intake.refusals:
        chosen = {fact: values(policy, fact, [type_]) for fact in refusal.when.facts & policy.facts.keys()}
        single = {fact: some[0] for fact, some in chosen.items() if len(some) == 1}
        yield from _facts(refusal.when, single)
    for table in policy.intake.entitlements:
        yield from policy.table(table).evaluate(known).missing
    if policy.intake.weight is not None:
        yield policy.intake.weight
    workflow = policy.workflows[type_]
    for way in workflow.transitions:
        yield from way.when.facts
    for state in workflow.states.values():
        yield from state.awaits.facts
    for obligation in policy.obligations.values():
        if obligation.when.evaluate(known) is not False:
            yield from (*_facts(obligation.when, known), *obligation.until.facts, *obligation.since)
            yield from (fact for outcome in obligation.outcomes.values() for fact in outcome.sets)
    for gate in policy.parts.gates.values():
        if gate.when.evaluate(known) is not False:
            yield from (*_facts(gate.when, known), *policy.table(gate.table).evaluate(known).missing)


def _facts(condition: Condition, known: dict[str, str]) -> Iterator[str]:
    """What a condition asks for, unless it can't hold."""
    if condition.evaluate(known) is not False:
        yield from condition.facts
