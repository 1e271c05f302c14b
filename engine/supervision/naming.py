"""Cases by their names, or the beginning of a name or an id."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping

from ..cases.case import Case
from ..policy.identity import OF_A_YEAR
from ..policy.policy import Policy
from ..text import Title, containing, folded, half_width, listed, nearest
from .imported import Parked
from .query import Query
from .store import Store


def cases_named(store: Store, word: str) -> list[Case]:
    """The cases that a word may mean, in the order of their ids: those of that id or name, else those whose id or name
    begins with it; the open ones alone, if there are any, and of those that proved to be of one organisation the one
    that is kept. Width and case tell nothing apart."""
    wanted = folded(word)
    if not wanted:
        return []
    # Of what was registered by mistake somebody may still want to know.
    found = _candidates(store, word) or _candidates(store, word, withdrawn=True)
    return _meant(wanted, {case.id: (case, (case.organization, case.id, case.name)) for case in found})


def cases_once_named(store: Store, word: str, *, within: bool = False) -> dict[str, tuple[Case, str]]:
    """The cases of which a word, or what begins with it or has it `within`, was the name once, each with that name, by
    their ids. It takes as long as reading all events: for what is named by nothing else."""
    wanted = folded(word)
    if not wanted:
        return {}
    names: dict[str, list[str]] = {}
    for event in store.naming(*_texts(word)):
        names.setdefault(event.case, []).append(event.name or "")
    cases = {id: case for id in sorted(names) if (case := store.get(id)) is not None}
    there = {id: case for id, case in cases.items() if case.withdrawn is None} or cases
    found = _meant(wanted, {id: (case, names[id]) for id, case in there.items()})
    if within:
        found = [case for id, case in cases.items() if any(wanted in folded(name) for name in names[id])]

    def near(name: str) -> tuple[bool, bool, bool]:
        own = folded(name)
        return own != wanted, not own.startswith(wanted), wanted not in own

    return {case.id: (case, min(names[case.id], key=near)) for case in found}


def _meant(wanted: str, found: Mapping[str, tuple[Case, Collection[str]]]) -> list[Case]:
    """Of cases, each with what it is called, those that are called so, or else those of which something begins so."""
    fits: tuple[Callable[[str], bool], ...] = (lambda name: name == wanted, lambda name: name.startswith(wanted))
    for fit in fits:
        meant = [case for case, names in found.values() if any(fit(folded(name)) for name in names)]
        if meant:
            left = [case for case in meant if not case.closed] or meant
            return [case for case in left if case.same_as is None] or left[:1]
    return []


def near_cases(store: Store, word: str) -> Title:
    """Up to three cases that are named like a word: what it is part of, or what shares most of its beginning or its
    end; nothing where there are none."""
    half, most = (len(word) + 1) // 2, len(word) * 3 // 4
    pieces = [word, word[:most], word[-most:], word[:half], word[-half:]] if len(word) > 3 else [word]
    pieces.insert(1, word.translate(_BRACKETED))
    found: dict[str, Case] = {}
    for piece in pieces:
        if len(piece) > 1:
            found |= {case.organization: case for case in store.cases(Query(text=piece, limit=_LOOKED_AT))}
        if found:
            break
    near = nearest(word, {id: Title(case.name, case.name) for id, case in found.items()})
    return listed([Title(f"{one} {found[one].name}", f"{one} {found[one].name}") for one in near], Title("", ""))


_LOOKED_AT = 50
#: Any brackets as those of a year: round ones are an id's own where a policy admits them, and near it all the same.
_BRACKETED = OF_A_YEAR | str.maketrans("()（）", "〔〕〔〕")


def near_parked(parked: Iterable[Parked], word: str) -> Title:
    """Up to three of what is parked that have a word in their id or name; nothing where there are none."""
    named = {one.id: Title(one.name or one.id, one.name or one.id) for one in parked}
    found = containing(word, named)[:_SHOWN]
    return listed([Title(f"{id} {named[id].zh}", f"{id} {named[id].en}") for id in found], Title("", ""))


_SHOWN = 3


def listed_cases(policy: Policy, cases: Iterable[Case], most: int) -> Title:
    """Cases in one line, so many at most, each with its id, name and stage."""
    every = list(cases)
    shown = []
    for case in every[:most]:
        stage = policy.workflows[case.workflow].full_title(case.state)
        one = f"{case.organization} {case.name}"
        shown.append(Title(f"{one}（{stage.zh}）", f"{one} ({stage.en})"))
    if len(every) > most:
        more = len(every) - most
        shown.append(Title(f"另有 {more} 件", f"and {more} more"))
    return listed(shown)


def _candidates(store: Store, word: str, withdrawn: bool | None = False) -> list[Case]:
    """The cases among which all are that a word may name."""
    texts = _texts(word)
    found = {case.id: case for text in texts for case in store.cases(Query(text=text, withdrawn=withdrawn))}
    return [found[id] for id in sorted(found)]


def _texts(word: str) -> set[str]:
    """What a name has in it that a word may name: the store compares to the letter, so it is asked for the longest
    piece that can be written in one way only, or else for each way."""
    piece = max("".join(one if _one_way(one) else " " for one in word).split(" "), key=len)
    if piece:
        return {piece}
    plain = half_width(word).strip()
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in plain)
    return {word, plain, plain.upper(), plain.lower(), plain.title(), wide, wide.upper(), wide.lower()}


def _one_way(letter: str) -> bool:
    """Whether a letter has neither another width nor another case."""
    return unicodedata.category(letter) == "Lo" and half_width(letter) == letter
