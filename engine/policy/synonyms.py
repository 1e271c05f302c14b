"""What registers call that which a policy names: columns, values, areas and bodies by key, title, synonym and the
official ways to write an area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import combinations, product
from typing import Any

from ..errors import AmbiguousArea, UnknownArea, UnknownBody
from ..text import Title, folded, one_meaning, suggested, titles, with_titles
from .facts import NONE, FactSpec
from .offices import Offices
from .places import Area, Places
from .standing import Body

#: What a register says of an organisation besides facts. One that gives no area may give the address.
OWN: Mapping[str, Title] = {
    "id": Title("统一社会信用代码或备案号", "credit code or filing number"),
    "name": Title("名称", "name"),
    "area": Title("区域", "area"),
    "address": Title("住所", "address"),
}
_ALSO = {
    "id": ("统一社会信用代码", "credit code", "unified social credit code", "filing number"),
    "name": ("组织名称", "name of organisation", "name of organization", "organisation name", "organization name"),
    "area": ("所在区域", "区"),
    "address": ("地址",),
}
#: Brackets, and what stands in them.
_BRACKETS, _BRACKETED = re.compile("[（）()]"), re.compile("（[^（）]*）|[(][^()]*[)]")
#: What stands after the name of an area of any kind; an office of the same name is the area's own.
_SUFFIXES = ("自治州", "自治县", "自治旗", "街道", "地区", "林区", "省", "市", "区", "县", "旗", "镇", "乡")
_OFFICE = ("街道", "地区")
#: What stands after the name of the smallest areas, of which one kind becomes another.
_SMALLEST = ("街道办事处", "地区办事处", "街道办", "地区办", "办事处", "街道", "地区", "镇", "乡")
#: From which likeness on (of 1) an area may be meant, and how many are named.
_ALIKE, _MOST = 0.5, 3
_CODED = re.compile(r"(?P<name>.*?)[(\[](?P<code>\d{6,12})[)\]]$")


def own_column(text: str) -> str | None:
    """The own column of a register that a heading names, whatever the policy; None for others."""
    return one_meaning(_own_names()).get(folded(text))


def _own_names() -> list[tuple[str, str]]:
    """Every name of an own column, with the column."""
    return [(name, key) for key, one in OWN.items() for name in (key, one.zh, one.en, *_ALSO[key])]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What a policy lists: further names of the columns of a register (its own and facts), of the values of facts (each
    as the value is written), of areas by code and of bodies by id; the columns that mean nothing to it (`ignored`),
    and what stands in a cell of which nothing is known (`unknown`)."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bodies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """Finds what a text of a register means. Width, case, spaces and quotation marks don't matter; what may mean two
    things means none."""

    places: Places
    facts: Mapping[str, FactSpec]
    synonyms: Synonyms

    # --- columns ---

    def title(self, column: str) -> Title:
        """The title of a column: one of the register's own, or a fact."""
        return OWN[column] if column in OWN else self.facts[column].title

    def column(self, text: str) -> str | None:
        """The own column or fact that a heading names, or None."""
        return self.columns.get(folded(text))

    def ignores(self, text: str) -> bool:
        """Whether the policy lists the heading as one that means nothing to it."""
        return folded(text) in self._ignored

    @cached_property
    def columns(self) -> dict[str, str]:
        """What each heading means, as it is folded."""
        named = _own_names()
        named += [(text, key) for key, one in self.facts.items() for text in (key, one.title.zh, one.title.en)]
        named += [(text, key) for key, texts in self.synonyms.columns.items() for text in texts]
        return one_meaning(named)

    # --- values ---

    def is_unknown(self, text: str) -> bool:
        """Whether a cell says that nothing is known; an empty one does."""
        return folded(text) in self._unknown

    def read(self, name: str, text: str, area: Area | None = None) -> Any:
        """The value of a fact as a register writes it, of an organisation in an area: by key, title or synonym. Raises
        BadFact and UnknownBody."""
        spec = self.facts[name]
        meant = self.values(name).get(folded(text))
        if meant is not None:
            return spec.read(meant)
        if spec.kind.name == "body" and folded(text) not in NONE:
            try:
                return self.body(text, area).id
            except UnknownBody as error:
                if not spec.nullable:
                    raise
                none = Title("没有的，或不在政策之内的，写“无”", "where there is none of the policy's, write none")
                raise UnknownBody(body=text, known=error.details["known"], none=none) from error
        return spec.read(text)

    def values(self, name: str) -> Mapping[str, str]:
        """What texts mean that stand for a fact's values, as they are folded; each meaning as the value is written."""
        if name not in self._values:
            titles = self.facts[name].titles.items()
            named = [(text, key) for key, one in titles for text in (key, one.zh, one.en)]
            listed = self.synonyms.values.get(name, {}).items()
            self._values[name] = one_meaning([*named, *((text, key) for key, texts in listed for text in texts)])
        return self._values[name]

    def body(self, text: str, area: Area | None = None) -> Body:
        """A body by id, title or synonym; of who is in an area, also by what its own is called there: in 海淀区, 区教委
        is 海淀区教委. Raises UnknownBody."""
        found = self.places.bodies.get(text) or self.places.bodies.get(self.bodies.get(folded(text), ""))
        if found is None and area is not None:
            around = self.places.around(area.code).values()
            found = next((body for one in around if (body := self._own_body(one, text)) is not None), None)
        if found is None:
            raise UnknownBody(body=text, known=self._near_bodies(text), none="")
        return found

    def _near_bodies(self, text: str) -> Title:
        """The bodies that a text may mean: of one that names an area, those that do the same there or above."""
        bodies = self.places.bodies
        if self.offices.parted(folded(text))[0] is None:
            return suggested(text, titles(bodies))
        return with_titles({id: bodies[id].title for id in self.offices.near(text)[:_MOST]})

    @cached_property
    def offices(self) -> Offices:
        """The bodies by what they do."""
        return Offices(self.places, self.bodies, self.areas)

    def _own_body(self, area: Area, text: str) -> Body | None:
        """The body that is called so within an area."""
        title = area.title.zh
        if not text or len(title) < 2 or not text.startswith(title[-1]):
            return None
        return self.places.bodies.get(self.bodies.get(folded(title[:-1] + text), ""))

    def is_of_each(self, text: str) -> bool:
        """Whether a text names a body that several areas have one of each, so that the area alone says which."""
        return any(self._own_body(one, text) is not None for one in self.places.areas.values())

    @cached_property
    def bodies(self) -> dict[str, str]:
        """The id of the body that each name means, as it is folded."""
        every = self.places.bodies.values()
        named = [(text, one.id) for one in every for text in (one.id, one.title.en, *self._written_body(one))]
        return one_meaning([*named, *((text, id) for id, texts in self.synonyms.bodies.items() for text in texts)])

    def _written_body(self, body: Body) -> Iterable[str]:
        """A body's Chinese title, also without brackets or without what stands in them, and without the areas around
        its own."""
        title = body.title.zh
        around = [one.title.zh for one in self.places.around(body.area).values() if one.code != body.area]
        for name in (title, *(title.removeprefix(one) for one in around if title.startswith(one))):
            yield from {name, _BRACKETS.sub("", name), _BRACKETED.sub("", name)}

    # --- areas ---

    def area(self, text: str) -> Area:
        """An area by code, key, title or synonym, with those around it before it and its code behind, or shortened
        where only one can be meant. Raises UnknownArea and AmbiguousArea."""
        word = _plain(text)
        coded = _CODED.fullmatch(word)
        if coded is not None:
            one = self._found(text, coded["code"])
            other = self._found(text, coded["name"]) if coded["name"] else one
            if other is not one:
                raise AmbiguousArea(area=text, known=[self.full_title(other), self.full_title(one)])
            return one
        return self._found(text, word)

    def address(self, text: str) -> Area:
        """The area, below the top, with which an address begins: the smallest one named there in full. Raises
        UnknownArea."""
        found = self.begins_with(text)
        if found is None:
            raise self._unknown_area(text, _plain(text))
        return found

    def begins_with(self, text: str) -> Area | None:
        """The same of any text; None for one that names none there."""
        word = _plain(text)
        for end in range(min(len(word), self._longest), 1, -1):
            codes = self._full.get(word[:end], set())
            if len(codes) == 1:
                (code,) = codes
                if self.places.areas[code].parent and word[:end] not in self._beside:
                    return self.places.areas[code]
        return None

    def apart(self, one: str, other: str) -> bool:
        """Whether of two areas, by code, neither lies within the other."""
        around, beside = (self.places.around(code) for code in (one, other))
        return any(tier in beside and beside[tier].code != area.code for tier, area in around.items())

    def _found(self, text: str, word: str) -> Area:
        for names in (self._full, self._short):
            codes = names.get(word) or (names.get(word.rstrip("0")) if word.isascii() and word.isdigit() else None)
            if codes is not None and len(codes) > 1:
                order = list(self.places.areas)
                several = [self.places.areas[code] for code in sorted(codes, key=order.index)]
                raise AmbiguousArea(area=text, known=[self.full_title(one) for one in several])
            if codes:
                return self.places.areas[next(iter(codes))]
        raise self._unknown_area(text, word)

    def _unknown_area(self, text: str, word: str) -> UnknownArea:
        """What a text may mean that names no area: one of that name and another kind, such as a township that became a
        subdistrict; else those near it. A wider area will do for whoever needs no smaller one."""
        areas = self.places.areas
        same = [area for area in areas.values() if area.code in self._otherwise(word) and area.parent]
        around = {area.parent for area in same} if same else {self._beginning(word)}
        wider = next(iter(around)) if len(around) == 1 else None
        near = with_titles({area.key: area.title for area in same}) if same else self._near(text, word)
        return UnknownArea(area=text, known=near, wider=self._will_do(wider) if wider is not None else Title("", ""))

    def _will_do(self, code: str) -> Title:
        area = self.places.areas[code]
        tiers = list(self.places.tiers)
        lower = tiers[tiers.index(area.tier) + 1 :]
        if not lower:
            return Title(f"写 “{area.title.zh}” 即可", f"'{area.title.en}' will do")
        below = self.places.tiers[lower[0]]
        return Title(
            f"不由{below.zh}归口的，写 “{area.title.zh}” 即可",
            f"where no {below.en} is responsible, '{area.title.en}' will do",
        )

    def _otherwise(self, word: str) -> set[str]:
        """The areas of a name, whatever kind of the smallest ones it says."""
        for suffix in _SMALLEST:
            if word.endswith(suffix):
                found = self._short.get(word.removesuffix(suffix), set())
                return {code for code in found if self.places.areas[code].title.zh.endswith(_SMALLEST)}
        return set()

    def _beginning(self, word: str) -> str | None:
        """The area, below the top, with which a text begins that says more."""
        for end in range(min(len(word) - 1, self._longest), 1, -1):
            codes = self._full.get(word[:end], set())
            if len(codes) == 1 and word[:end] not in self._beside:
                (code,) = codes
                return code if self.places.areas[code].parent else None
        return None

    def _near(self, text: str, word: str) -> Title:
        """The areas that a text may mean: those of a like title, or else of a like title without its kind, the wider
        ones first."""
        near = suggested(text, self.places.area_titles)
        if near.zh or not word:
            return near
        bare, scores = next(iter(_shortened(word)), word), []
        for at, area in enumerate(self.places.areas.values()):
            title = next(iter(_shortened(area.title.zh)), area.title.zh)
            score = SequenceMatcher(None, bare, title, autojunk=False).ratio() if set(bare) & set(title) else 0.0
            if score >= _ALIKE:
                scores.append((-score, len(self.places.around(area.code)), at, area))
        return with_titles({area.key: area.title for *_, area in sorted(scores, key=lambda one: one[:3])[:_MOST]})

    def full_title(self, area: Area) -> Title:
        """An area's title with those around it, as an address begins."""
        around = [*reversed(list(self.places.around(area.code).values()))]
        return Title("".join(one.title.zh for one in around), ", ".join(one.title.en for one in reversed(around)))

    @cached_property
    def _full(self) -> dict[str, set[str]]:
        """Areas by names in full, by code and by synonym."""
        found: dict[str, set[str]] = {}
        for area in self.places.areas.values():
            names = [area.key, *(text for full, text in self._written(area) if full)]
            for name in names:
                found.setdefault(_plain(name), set()).add(area.code)
            for code in {area.code, area.code.rstrip("0")} - {""}:
                found.setdefault(code, set()).add(area.code)
        return found

    @cached_property
    def areas(self) -> dict[str, str]:
        """The code of the area that each name in full means, as it is folded."""
        return {name: next(iter(codes)) for name, codes in self._full.items() if len(codes) == 1}

    @cached_property
    def _beside(self) -> frozenset[str]:
        """Names that an address can't begin with: a key, a code, or a synonym without what is around it."""
        bare = {_plain(text) for texts in self.synonyms.areas.values() for text in texts}
        keys = {_plain(one.key) for one in self.places.areas.values()}
        return frozenset(bare | keys | {one for one in self._full if one.isdigit()})

    @cached_property
    def _short(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for area in self.places.areas.values():
            for full, name in self._written(area):
                if not full:
                    found.setdefault(_plain(name), set()).add(area.code)
        return found

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._full), default=0)

    def _written(self, area: Area) -> Iterable[tuple[bool, str]]:
        """The ways to write an area, and whether each says its own name in full: alone, and after those around it, each
        of them in full or short."""
        around = list(self.places.around(area.code).values())[:0:-1]
        own = [(True, area.title.zh), *((True, text) for text in _offices(area.title.zh))]
        own += [(True, text) for text in self.synonyms.areas.get(area.code, ())]
        own += [(False, text) for text in _shortened(area.title.zh)]
        for count in range(len(around) + 1):
            for some in combinations(around, count):
                ways = [
                    (one.title.zh, *_shortened(one.title.zh), *self.synonyms.areas.get(one.code, ())) for one in some
                ]
                for before in product(*ways):
                    yield from ((full, "".join(before) + text) for full, text in own)
                yield True, ", ".join([area.title.en, *(one.title.en for one in reversed(some))])
                yield True, " ".join([*(one.title.en for one in some), area.title.en])

    # --- made once ---

    @cached_property
    def _ignored(self) -> frozenset[str]:
        return frozenset(map(folded, self.synonyms.ignored))

    @cached_property
    def _unknown(self) -> frozenset[str]:
        return frozenset(["", *map(folded, self.synonyms.unknown)])

    @cached_property
    def _values(self) -> dict[str, Mapping[str, str]]:
        return {}


def _plain(text: str) -> str:
    return folded(text).replace(",", "").replace(".", "")


def _shortened(title: str) -> list[str]:
    """A title without what says which kind of area it is; one of a single character is not shortened further."""
    for suffix in _SUFFIXES:
        if title.endswith(suffix) and len(title) - len(suffix) >= 2:
            return [title.removesuffix(suffix)]
    return []


def _offices(title: str) -> list[str]:
    return [title + "办事处", title + "办"] if title.endswith(_OFFICE) else []
