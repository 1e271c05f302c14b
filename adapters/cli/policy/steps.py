"""A trial as words of a command line: facts and steps, read and written."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from guikou.engine.errors import NotAFact, WrongUsage
from guikou.engine.policy.names import meant, named, triggers
from guikou.engine.policy.policy import Policy
from guikou.engine.rules.written import NotWritten, read_day
from guikou.engine.text import Title, shown, suggested, titles
from guikou.engine.verify.findings import Witness
from guikou.engine.verify.trial import (
    Asked,
    Fire,
    GateTold,
    JoinedTo,
    LeftFrom,
    Met,
    OpenedAgain,
    PutOff,
    Step,
    Swept,
    Tell,
    TookPlace,
    Wait,
)

from ..values import read_value


def read_facts(policy: Policy, written: Sequence[str], with_case: bool = False) -> tuple[str | None, dict[str, Any]]:
    """The area's code and the facts from FACT=VALUE words; `with_case`: what is asked of a case is among them.

    Raises UsageError.
    """
    area, facts = None, {}
    for word in written:
        written_name, _, text = word.partition("=")
        known = {"area": Title("区域", "area"), **titles(policy.facts)}
        if with_case:
            known = {**{one: policy.vocabulary.title(one) for one in policy.vocabulary.asked}, **known}
        name = meant(written_name, known)
        if name is None:
            raise NotAFact(fact=written_name, known=suggested(written_name, known))
        if name == "area":
            area = policy.places.area(meant(text, policy.places.area_titles) or text).code
        elif name in policy.facts:
            facts[name] = read_value(policy, name, text)
        else:
            try:
                facts[name] = None if text == "null" else policy.vocabulary.asked[name].read(text)
            except ValueError as error:
                expected = policy.vocabulary.asked[name].expected
                raise WrongUsage(
                    reason_en=f"{name}: '{text}' is wrong; give {expected}",
                    reason_zh=f"{name}：“{text}” 无效；应为 {expected}",
                ) from error
    return area, facts


def read_step(policy: Policy, text: str) -> Step:
    """A step as `--do` takes it: a trigger, FACT=VALUE,..., +DAYS, @DATE, meet:..., postpone:..., ask:..., told:...,
    join:..., leave:..., record:... or reopen

    Raises UsageError.
    """
    if text.startswith("+"):
        if not re.fullmatch("[0-9]{1,9}", text[1:]) or int(text[1:]) > 36500:
            raise WrongUsage(reason_en=f"'{text}': write +DAYS, such as +30", reason_zh=f"“{text}”：写作 +天数，如 +30")
        return Wait(int(text[1:]))
    if text.startswith("@"):
        return Swept(_day(text))
    if text.startswith("meet:"):
        name, _, outcome = text.removeprefix("meet:").partition("=")
        name = named(name, titles(policy.obligations), Title("义务", "obligation"))
        outcomes = titles(policy.obligations[name].outcomes)
        return Met(name, named(outcome, outcomes, Title("结论", "outcome")) if outcome else None)
    if text.startswith("postpone:"):
        return PutOff(named(text.removeprefix("postpone:"), titles(policy.obligations), Title("义务", "obligation")))
    if text.startswith(("join:", "leave:")):
        word, _, name = text.partition(":")
        kind = named(name, titles(policy.parts.groups), Title("联合", "kind of group"))
        return JoinedTo(kind) if word == "join" else LeftFrom(kind)
    if text == "reopen" and not any(text in one.triggers for one in policy.workflows.values()):
        return OpenedAgain()
    if text.startswith("record:"):
        return TookPlace(named(text.removeprefix("record:"), titles(policy.parts.records), Title("记录", "record")))
    if text.startswith("ask:"):
        return Asked(_gate(policy, text.removeprefix("ask:")))
    if text.startswith("told:"):
        gate, _, told = text.removeprefix("told:").partition("/")
        outcome, _, value = told.partition("=")
        found = policy.parts.gates[_gate(policy, gate)]
        outcome = named(outcome, titles(found.told), Title("结果", "outcome"))
        values = titles(found.told[outcome].values)
        return GateTold(found.name, outcome, named(value, values, Title("取值", "value")) if value else None)
    if "=" in text:
        area, facts = read_facts(policy, text.split(","))
        return Tell(policy.vocabulary.check(facts), area)
    return Fire(named(text, triggers(policy.workflows.values()), Title("动作", "trigger")))


def step_text(step: Step) -> str:
    """The inverse of `read_step`."""
    match step:
        case Fire():
            return step.trigger
        case Wait():
            return f"+{step.days}"
        case Swept():
            return f"@{step.until}"
        case Met():
            return f"meet:{step.obligation}" + (f"={step.outcome}" if step.outcome else "")
        case PutOff():
            return f"postpone:{step.obligation}"
        case JoinedTo():
            return f"join:{step.kind}"
        case LeftFrom():
            return f"leave:{step.kind}"
        case OpenedAgain():
            return "reopen"
        case TookPlace():
            return f"record:{step.record}"
        case Asked():
            return f"ask:{step.gate}"
        case GateTold():
            return f"told:{step.gate}/{step.outcome}" + (f"={step.value}" if step.value else "")
        case Tell():
            told = [f"area={step.area}"] if step.area else []
            return ",".join([*told, *(f"{fact}={shown(value)}" for fact, value in step.facts.items())])


def arguments(witness: Witness) -> list[str]:
    """What follows `guikou policy try POLICY`, to see a finding for oneself."""
    words = [f"area={witness.area}"] if witness.area else []
    words += [f"{fact}={shown(value)}" for fact, value in witness.facts.items()]
    if witness.table:
        words += ["--table", witness.table]
    if witness.on:
        words += ["--as-of", witness.on.isoformat()]
    for step in witness.steps:
        words += ["--do", step_text(step)]
    return words


def _day(text: str) -> date:
    day: date | None = None
    with contextlib.suppress(NotWritten):
        day = read_day(text[1:])
    if day is None or not 1900 <= day.year < 3000:
        raise WrongUsage(
            reason_en=f"'{text}': write @DATE, such as @2016-05-31",
            reason_zh=f"“{text}”：写作 @日期，如 @2016-05-31",
        )
    return day


def _gate(policy: Policy, name: str) -> str:
    return named(name, titles(policy.parts.gates), Title("关口", "gate"))
