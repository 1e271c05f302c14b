"""What a column or a value of a register may mean when no name says so: only ever proposed, for a person to decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from guikou.engine.errors import GuikouError
from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import folded

from .cells import Cell
from .heading import heading_key
from .rows import read_fact

#: From here on a name is near enough to be shown, and to be proposed.
NEAR, CLOSE = 0.55, 0.85
#: How much of a column must look like what it is proposed as.
FITS = 0.8
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_YEAR = re.compile(r"^(19|20)\d\d年?度?")
_QUALIFIED = re.compile(r"(.+?)\((.+)\)")
_NOT = re.compile("[不非未无没]")
#: How a heading asks whether there is something, around what that is: 有没有…, 是否已建立….
_WHETHER = re.compile(
    r"^(?:是否|有没有|有无|有否|是不是|能否)(?:已经|已|有)?(?:建立|成立|设立|组建|建有)?(?=..)|(?:与否|情况)$"
)
#: What stands in brackets behind a heading and says how it is counted or filled in.
_COUNTED = re.compile(
    r"^(.{2,}?)\((?:[^()]*填[^()]*|(?:单位|注|填|选|截至|截止|如|例如|含|不含).*|[^()]{0,8}[人名个位家元年月日%])\)$"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What something may mean, and how near it comes, up to 1."""

    meaning: str
    score: float


def likeness(text: str, name: str) -> float:
    """How alike two folded names are, from 0 to 1."""
    return SequenceMatcher(None, text, name, autojunk=False).ratio()


def fits(policy: Policy, means: str, cells: Sequence[Cell]) -> float:
    """The share of cells that can be read as a fact or own column; of a name nobody can tell."""
    if means == "name" or not cells:
        return 0.0
    read: Callable[[str], Any]
    match means:
        case "id":
            read = lambda text: _code(policy, text)  # noqa: E731
        case "area":
            read = policy.wording.area
        case "address":
            read = policy.wording.address
        case _:
            read = lambda text: read_fact(policy, means, text)  # noqa: E731
    kind = "id" if means == "id" else policy.facts[means].kind.name if means not in OWN else "string"
    return sum(_reads(read, cell, kind) for cell in cells) / len(cells)


def _reads(read: Callable[[str], Any], cell: Cell, kind: str) -> bool:
    with suppress(GuikouError):
        read(cell.written(kind))
        return True
    return False


def _code(policy: Policy, text: str) -> None:
    """Raises GuikouError for what is no code by a standard that the policy names (without one: 18 characters)."""
    id = policy.identity.normal(text)
    rules = [rule for rule in policy.identity.rules if rule.standard is not None]
    if not (any(rule.fault(id) is None for rule in rules) if rules else _CODE.fullmatch(folded(text).upper())):
        raise GuikouError


def column_guesses(policy: Policy, heading: str, cells: Sequence[Cell]) -> list[Guess]:
    """What a column may be, by its name and by what stands in it, the nearest first."""
    word = _COUNTED.sub(r"\1", folded(heading_key(heading)))
    scores: dict[str, float] = {}
    closely: set[str] = set()  # what a heading says more closely: 主要业务领域, of which 业务领域 is a name
    dated = _YEAR.sub("", word)
    close = {means for name, means in policy.wording.columns.items() if _says_which(policy, means, word, name)}
    for name, means in policy.wording.columns.items():
        alike = dated == name != word or means in close or _asks_alike(policy, means, word, name)
        like = CLOSE if alike else likeness(word, name)
        like = max(like, CLOSE) if word == name else like
        scores[means] = max(scores.get(means, 0.0), like)
        if len(name) < len(word) and word.endswith(name):
            closely.add(means)
    found = []
    for means in [*OWN, *policy.facts]:
        looks, named = fits(policy, means, cells), scores[means]
        kind = policy.facts[means].kind.name if means in policy.facts else means
        if kind in ("id", "area", "address", "enumeration", "body", "date") and looks >= FITS:
            found.append(Guess(means, max(named, NEAR)))
        elif kind == "enumeration" and means in closely and looks >= 0.5:
            found.append(Guess(means, max(named, CLOSE)))
        elif named >= NEAR and (means == "name" or not cells or looks >= 0.5):
            found.append(Guess(means, named))
    return sorted(found, key=lambda guess: -guess.score)


def _says_which(policy: Policy, means: str, word: str, name: str) -> bool:
    """Whether a heading is a name with a bracket that says which is meant, as another name does: members (regular), of
    what is called members and regular members."""
    found = _QUALIFIED.fullmatch(word)
    if found is None or found[1] != name:
        return False
    return any(found[2] in other for other, own in policy.wording.columns.items() if own == means)


def _asks_alike(policy: Policy, means: str, word: str, name: str) -> bool:
    """Whether a heading and a name ask whether there is the same, in other words."""
    asks = means in policy.facts and policy.facts[means].kind.name == "boolean"
    return asks and word != name and _WHETHER.sub("", word) == _WHETHER.sub("", name)


def value_guesses(policy: Policy, name: str, text: str) -> list[Guess]:
    """Which values of an enumeration a text may mean, the nearest first; never one that says the opposite."""
    word = folded(text)
    names: Mapping[str, str] = policy.wording.values(name)
    scores: dict[str, float] = {}
    for other, meaning in names.items():
        if len(_NOT.findall(other)) == len(_NOT.findall(word)):
            scores[meaning] = max(scores.get(meaning, 0.0), _contained(word, other) or likeness(word, other))
    return _best(scores)


def only(guesses: Sequence[Guess], least: float) -> str | None:
    """The guess that is near enough and clearly before all others."""
    if guesses and guesses[0].score >= least and (len(guesses) == 1 or guesses[0].score - guesses[1].score > 0.05):
        return guesses[0].meaning
    return None


def said_in(texts: Iterable[str], names: Mapping[str, str]) -> tuple[str, str] | None:
    """The meaning of which a name of two or more characters stands in the texts, and that name; None where there are
    several or none. A name within a longer one that is there too does not count."""
    found: dict[str, str] = {}
    for text in map(folded, texts):
        here = [name for name in names if len(name) > 1 and name in text]
        for name in here:
            if not any(name != other and name in other for other in here):
                found[name] = names[name]
    if len(set(found.values())) != 1:
        return None
    return next(iter(found.values())), max(found, key=len)


def area_said_in(policy: Policy, texts: Iterable[str]) -> Area | None:
    """The one area, below the top, that the texts name in full."""
    found: dict[str, Area] = {}
    for text in texts:
        for start in range(len(text)):
            with suppress(GuikouError):
                area = policy.wording.address(text[start:])
                found[area.code] = area
                break
    return next(iter(found.values())) if len(found) == 1 else None


def _contained(word: str, other: str) -> float | None:
    short, long = sorted((word, other), key=len)
    return 0.7 + 0.3 * len(short) / len(long) if len(short) > 1 and short in long else None


def _best(scores: Mapping[str, float]) -> list[Guess]:
    found = [Guess(meaning, score) for meaning, score in scores.items() if score >= NEAR]
    return sorted(found, key=lambda guess: -guess.score)
