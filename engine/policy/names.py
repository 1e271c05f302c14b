"""What a policy's things are called: a word that a person writes, as the key of what it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import Ambiguous, UnknownChoice
from ..text import Title, matching, suggested, with_titles
from .policy import Policy
from .workflow import Workflow

#: So many of what a word may mean are listed.
MOST = 10


def meant(word: str, titles: Mapping[str, Title], likely: Iterable[str] = ()) -> str | None:
    """The key that a word names: the key itself, its title in either language, or what only it begins with; None where
    nothing is named so. Of several, the one that is among the `likely`. Raises Ambiguous with all that it may be."""
    found = matching(word, titles)
    if len(found) > 1:
        among = set(likely)
        found = [key for key in found if key in among] or found
    if len(found) > 1:
        raise Ambiguous(word=word, matches=with_titles({key: titles[key] for key in found[:MOST]}))
    return found[0] if found else None


def named(word: str, titles: Mapping[str, Title], kind: Title) -> str:
    """The same; raises UnknownChoice with the nearest where nothing is named so. `kind` is what they are."""
    found = meant(word, titles)
    if found is None:
        raise UnknownChoice(kind_en=kind.en, kind_zh=kind.zh, name=word, known=suggested(word, titles))
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


def triggers(workflows: Iterable[Workflow]) -> dict[str, Title]:
    """The triggers of some types."""
    found: dict[str, Title] = {}
    for workflow in workflows:
        for name, title in workflow.triggers.items():
            found.setdefault(name, title)
    return found
