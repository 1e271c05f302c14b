"""What several commands are refused for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..cases.case import Case
from ..errors import (
    EvidenceAndReasonMissing,
    EvidenceMissing,
    GuikouError,
    MayNotAct,
    MissingFact,
    OutcomeMissing,
    ReasonMissing,
    UnknownEvidence,
    UnknownOutcome,
)
from ..policy.obligations import Outcome
from ..policy.policy import Policy
from ..rules.conditions import Condition
from ..text import Title, is_blank, listed, typed, with_titles
from .happening import Stamp
from .roles import allowed_bodies, plays

#: What may be given where nothing is asked for.
NOTHING = Title("无，请勿给出", "none: leave it out")


def check_evidence(
    title: Title,
    asked: Iterable[str],
    titles: Mapping[str, Title],
    given: Mapping[str, str],
    reason: str | None = None,
    optional: bool = False,
) -> GuikouError | None:
    """Why the evidence given won't do; and the `reason`, where one is asked for (None: it is not). All that is missing
    is told at once; of what is `optional`, what is given without a reference."""
    asked = list(asked)
    for key in given:
        if key not in asked:
            known = with_titles({one: titles[one] for one in asked}) if asked else NOTHING
            return UnknownEvidence(trigger=title, key=key, known=known)
    keys = lacking((key for key in asked if key in given) if optional else asked, given)
    unsaid = reason is not None and is_blank(reason)
    if keys:
        missing = listed(titles[key] for key in keys)
        words = [typed(key, titles[key]) for key in keys]
        if unsaid:
            return EvidenceAndReasonMissing(trigger=title, missing=missing, key=keys[0], keys=keys, typed=words)
        return EvidenceMissing(trigger=title, missing=missing, key=keys[0], keys=keys, typed=words)
    return ReasonMissing(trigger=title) if unsaid else None


def lacking(asked: Iterable[str], given: Mapping[str, str]) -> list[str]:
    """What is asked for of evidence and not given."""
    return [key for key in asked if not (isinstance(given.get(key), str) and not is_blank(given[key]))]


def only_one(outcome: str | None, outcomes: Mapping[str, Outcome]) -> str | None:
    """An outcome as it was named; where there is only one, nobody needs to name it."""
    return next(iter(outcomes)) if outcome is None and len(outcomes) == 1 else outcome


def unknown_outcome(
    title: Title, outcome: str | None, outcomes: Mapping[str, Outcome], keys: Sequence[str] = ()
) -> GuikouError | None:
    """Why an outcome can't be what it ended with; None if it can. `keys`: what evidence is missing besides."""
    if outcome in (outcomes or (None,)):
        return None
    known = with_titles({key: one.title for key, one in outcomes.items()}) if outcomes else NOTHING
    if outcome is None:
        return OutcomeMissing(obligation=title, known=known, keys=list(keys))
    return UnknownOutcome(obligation=title, outcome=outcome, known=known)


def forbidden(policy: Policy, case: Case, by: Iterable[str], doing: Title, stamp: Stamp) -> GuikouError | None:
    """Why the body of the stamp may not do something that only these roles and bodies may; None if it may."""
    roles, day = tuple(by), policy.day(stamp.at)
    if plays(policy, case, roles, stamp.body, day):
        return None
    body = policy.places.body(stamp.body).title
    return MayNotAct(body=body, trigger=doing, allowed=allowed_bodies(policy, case, roles, day))


def told_by_another(policy: Policy, case: Case, teller: str, doing: Title, stamp: Stamp, day: date) -> MayNotAct | None:
    """Why the body of the stamp may not touch what another told: whoever told it may, or stands for it on the day, and
    whoever is above."""
    told_by = policy.places.acting_id(teller, day)
    if stamp.body == told_by or plays(policy, case, ("superior",), stamp.body, day):
        return None
    allowed = allowed_bodies(policy, case, (told_by, "superior"), day)
    return MayNotAct(body=policy.places.body(stamp.body).title, trigger=doing, allowed=allowed)


def undecided(policy: Policy, condition: Condition, facts: Mapping[str, Any], rule: Title) -> MissingFact:
    """What a condition that is open lacks."""
    return missing_fact(policy, condition.lacking(facts), rule)


def missing_fact(policy: Policy, facts: Iterable[str], rule: Title, perhaps: Title = Title("", "")) -> MissingFact:  # noqa: B008  a value
    """The facts that are missing, and what may be needed besides; of months since a day, that day."""
    known = [fact if fact in policy.facts else fact.removesuffix(".months") for fact in facts]
    title = listed(policy.vocabulary.title(fact) for fact in known)
    words = [typed(fact, policy.vocabulary.title(fact)) for fact in known]
    return MissingFact(fact=title, key=known[0], keys=known, typed=words, rule=rule, perhaps=perhaps)
