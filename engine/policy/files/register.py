"""Reads what a policy says of the registers of others, from register.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...errors import GuikouError, UnknownName
from ...text import folded, suggested
from ..places import HOLE, Area
from ..synonyms import OWN, Synonyms, Wording
from . import models as f
from .documents import Document
from .values import Known, Place, bad_value, located

#: A name of a register with its place in the file, and what it means there.
Named = tuple[str, Place, str]


def read_register(document: Document, known: Known, proved: bool) -> Synonyms:
    """Raises UnknownName for what the policy does not have; unless that was `proved`, BadValue for a name that means
    something else too."""
    written = f.validate(document, f.RegisterFile)
    reader = _Reader(document, known)
    columns = list(reader.columns(written))
    values = {name: list(reader.values(name, one)) for name, one in written.values.items()}
    areas = list(reader.areas(written.areas))
    bodies = list(reader.bodies(written.bodies))
    if not proved:
        wording = Wording(known.places, known.vocabulary.facts, Synonyms())
        ignored = [(text, ("ignore", i), "") for i, text in enumerate(written.ignore)]
        reader.check([*columns, *ignored], wording.columns)
        for name, named in values.items():
            reader.check(named, wording.values(name))
        reader.check(areas, wording.areas)
        reader.check(bodies, wording.bodies)
    return Synonyms(
        _by_meaning(columns),
        {name: _by_meaning(named) for name, named in values.items()},
        _by_meaning(areas),
        _by_meaning(bodies),
        tuple(written.ignore),
        tuple(written.unknown),
    )


class _Reader:
    def __init__(self, document: Document, known: Known) -> None:
        self.document, self.places, self.facts = document, known.places, known.vocabulary.facts

    def columns(self, written: f.RegisterFile) -> Iterator[Named]:
        for key, texts in written.columns.items():
            self._among(("columns", key), key, [*OWN, *self.facts], "column or fact", "列或事实")
            yield from ((text, ("columns", key, i), key) for i, text in enumerate(texts))

    def values(self, name: str, written: Mapping[str, list[str]]) -> Iterator[Named]:
        self._among(("values", name), name, list(self.facts), "fact", "事实")
        for value, texts in written.items():
            place = ("values", name, value)
            try:
                self.facts[name].read(value)
            except GuikouError as error:
                raise located(error, name, self.document.where(place)) from error
            for i, text in enumerate(texts):
                yield from ((one, (*place, i), value) for one in self._filled(text, (*place, i)))

    def areas(self, written: Mapping[str, list[str]]) -> Iterator[Named]:
        by_key = {one.key: one for one in self.places.areas.values()}
        for key, texts in written.items():
            area = by_key.get(key) or self.places.areas.get(key)
            if area is None:
                self._among(("areas", key), key, list(by_key), "area", "区域")
                continue
            yield from ((text, ("areas", key, i), area.code) for i, text in enumerate(texts))

    def bodies(self, written: Mapping[str, list[str]]) -> Iterator[Named]:
        for pattern, texts in written.items():
            place: Place = ("bodies", pattern)
            tiers = self._tiers(pattern, place)
            found = False
            for around in self._each(tiers):
                id = _fill(pattern, {tier: one.key for tier, one in around.items()})
                if id in self.places.bodies:
                    found = True
                    for i, text in enumerate(texts):
                        self._tiers(text, (*place, i), around or tiers)
                        yield from ((one, (*place, i), id) for one in self._ways(text, around))
            if not found:
                self._among(place, pattern, list(self.places.bodies), "body", "机构")

    def check(self, named: Iterable[Named], meant: Mapping[str, str]) -> None:
        """Raises BadValue for a name that means something else already, by a title or further up in the file."""
        seen = dict(meant)
        for text, place, meaning in named:
            word = folded(text)
            if not word:
                raise bad_value(self.document, place, "is empty", "为空")
            other = seen.setdefault(word, meaning)
            if other != meaning:
                en, zh = (f"means '{other}'", f"已表示 “{other}”") if other else ("is ignored", "已列为忽略")
                raise bad_value(self.document, place, f"'{text}' {en} already", f"“{text}” {zh}")

    def _filled(self, text: str, place: Place) -> Iterator[str]:
        tiers = self._tiers(text, place)
        for around in self._each(tiers):
            yield from self._ways(text, around)

    def _ways(self, text: str, around: Mapping[str, Area]) -> Iterator[str]:
        """A text with the titles of areas in it; one that begins with an area's, also with those around that before."""
        titles = {tier: one.title.zh for tier, one in around.items()}
        yield _fill(text, titles)
        first = HOLE.match(text)
        if first is not None and first[1] in around:
            above = list(self.places.around(around[first[1]].code).values())[:0:-1]
            if above:
                yield "".join(one.title.zh for one in above) + _fill(text, titles)

    def _tiers(self, text: str, place: Place, among: Iterable[str] | None = None) -> list[str]:
        tiers = HOLE.findall(text)
        for tier in tiers:
            self._among(place, tier, list(self.places.tiers if among is None else among), "tier", "层级")
        return tiers

    def _each(self, tiers: list[str]) -> Iterator[Mapping[str, Area]]:
        """What is around each area of the lowest of the tiers; once nothing, where there are none."""
        if not tiers:
            yield {}
            return
        order = list(self.places.tiers)
        lowest = max(tiers, key=order.index)
        for area in self.places.areas.values():
            if area.tier == lowest:
                yield self.places.around(area.code)

    def _among(self, place: Place, name: str, among: list[str], en: str, zh: str) -> None:
        if name not in among:
            known = among if len(among) < 40 else suggested(name, among)
            raise UnknownName(where=self.document.where(place), kind_en=en, kind_zh=zh, name=name, known=known)


def _fill(text: str, words: Mapping[str, str]) -> str:
    return HOLE.sub(lambda hole: words.get(hole[1], hole[0]), text)


def _by_meaning(named: Iterable[Named]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for text, _, meaning in named:
        found.setdefault(meaning, {})[text] = None
    return {meaning: tuple(texts) for meaning, texts in found.items()}
