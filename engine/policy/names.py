"""What a policy's things are called: a word that a person writes, as the key of what it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import Ambiguous, UnknownChoice
from ..text import Title, called, containing, matching, nearest, suggested, with_titles
from .policy import Policy
from .workflow import Workflow

#: So many of what a word may mean are listed.
MOST = 10


def meant(word: str, titles: Mapping[str, Title], likely: Iterable[str] = ()) -> str | None:
    """The key that a word names: the key itself, its title in either language, or what only it begins with; None where
    nothing is named so. What is `likely`, such as what is open to a case, is looked up first, and may also be named by
    a part of its title; but what is called just so comes before what is called much like it. Of several, the one that
    holds all the others (a stage its steps). Raises Ambiguous with what it may be."""
    if word in titles:
        return word
    near = {key: titles[key] for key in likely if key in titles}
    found = called(word, near) or called(word, titles) or matching(word, near) or containing(word, near)
    found = found or matching(word, titles)
    if len(found) > 1:
        holding = [key for key in found if all(f"{other}.".startswith(f"{key}.") for other in found)]
        found = holding or found
    if len(found) > 1:
        raise Ambiguous(word=word, matches=shortly({key: titles[key] for key in found}))
    return found[0] if found else None


def shortly(titles: Mapping[str, Title], most: int = MOST) -> Title:
    """Names in one line, each with its title, and how many more there are than are told."""
    shown = with_titles(dict(list(titles.items())[:most]))
    more = len(titles) - most
    return Title(f"{shown.zh}，另有 {more} 项", f"{shown.en} and {more} more") if more > 0 else shown


def named(word: str, titles: Mapping[str, Title], kind: Title, akin: Iterable[str] = ()) -> str:
    """The same; raises UnknownChoice with the nearest where nothing is named so: by their own names, or else what is
    `akin` to the word. `kind` is what they are."""
    found = meant(word, titles)
    if found is None:
        known = {} if nearest(word, titles) else {key: titles[key] for key in akin if key in titles}
        shown = shortly(known) if known else suggested(word, titles)
        raise UnknownChoice(kind_en=kind.en, kind_zh=kind.zh, name=word, known=shown)
    return found


def stages(policy: Policy) -> dict[str, Title]:
    """The stages of all types by name, and their steps as 'stage.step'."""
    found: dict[str, Title] = {}
    for workflow in policy.workflows.values():
        for name, stage in workflow.stages.items():
            found.setdefault(name, stage.title)
        for name in workflow.states:
            found.setdefault(name, workflow.full_title(name))
    return found


def stages_by_trigger(policy: Policy, word: str) -> list[str]:
    """The stages into which a trigger leads that has a word in its title."""
    found: dict[str, None] = {}
    for workflow in policy.workflows.values():
        meant = containing(word, workflow.triggers)
        ways = [one for one in workflow.transitions if one.trigger in meant and one.dest in workflow.states]
        found |= dict.fromkeys(workflow.states[one.dest].stage for one in ways)
    return list(found)


def triggers(workflows: Iterable[Workflow]) -> dict[str, Title]:
    """The triggers of some types."""
    found: dict[str, Title] = {}
    for workflow in workflows:
        for name, title in workflow.triggers.items():
            found.setdefault(name, title)
    return found
