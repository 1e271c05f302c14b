"""A register's rows as organisations, or as everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, permutations
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.errors import AmbiguousArea, BadRow, GuikouError, UnknownArea, UnknownBody, Where
from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.supervision.imported import RowRead
from guikou.engine.supervision.taking import missing_value
from guikou.engine.text import Title, folded

from .cells import Row
from .columns import Column, Columns
from .mapping import UNKNOWN

#: What stands before the code of a row that only shows how a row is filled in.
EXAMPLE = ("示例", "example")


@dataclass(frozen=True, slots=True)
class Read:
    """A row as read: an organisation, or all its faults, each with its column as the file calls it; `said` is what it
    says in either case, as far as it could be read."""

    organization: Organization | None
    faults: tuple[GuikouError, ...] = ()
    said: RowRead = field(default_factory=lambda: RowRead(0, None))


def is_example(columns: Columns, row: Row) -> bool:
    """Whether a row only shows how a row is filled in, as in a template."""
    return any(folded(row.cell(one.at).text).startswith(EXAMPLE) for one in columns.of("id"))


def read_row(policy: Policy, columns: Columns, row: Row) -> Read:
    """A row as an organisation. An empty cell is a fact not known; 'null' or 无 is known to be none."""
    whole = _TOTAL_ROW if is_total(policy, columns, row) else row.fault
    if whole is not None:
        wrong = (BadRow(reason_en=whole.en, reason_zh=whole.zh),)
        return Read(None, wrong, RowRead(row.line, None, faults=wrong))
    return _Reader(policy, columns, row).read()


def named_together(policy: Policy, parts: Sequence[Area | str]) -> Area | None:
    """The area that several texts name together, such as a street and its district, in whatever order they stand; None
    if there is no such area, or if nothing is a text."""
    if len(parts) < 2 or not any(isinstance(one, str) for one in parts):
        return None
    words = [one if isinstance(one, str) else policy.wording.full_title(one).zh for one in parts]
    for order in islice(permutations(words), _ORDERS):
        with suppress(UnknownArea, AmbiguousArea):
            return policy.wording.area("".join(order))
    return None


#: In so many orders texts are put together: all those of four.
_ORDERS = 24
_TOTAL_ROW = Title("这是合计行，不是组织；请删去", "it is a total and no organisation; leave it out")
_COUNT = re.compile(r"\d+[家个户所]")
_NUMBER = re.compile(r"\d{1,6}")
#: What calls a row a total, perhaps with what it is of before it and what it counts, or its number, behind it.
_TOTAL = re.compile(
    r"(?:(?P<of>.*?)(?:合计|总计|小计|共计|累计)数?|(?:sub|grand)?totals?|sum)"
    r"(?:\((?:单位:)?[家个户所人名次元万]+\))?:?(?:\d[\d,.]*[家个户所人名次元万]*)?|共\d+[家个户所]"
)
_OF_ALL = frozenset(["", "本页", "本表", "以上", "全部", "全市", "全区", "全县"])


def is_total(policy: Policy, columns: Columns, row: Row) -> bool:
    """Whether a row adds up the others: in some column it says so, and what stands for id and name is no more than
    that, or a count."""
    ids, names = ([folded(row.cell(one.at).text) for one in columns.of(name)] for name in ("id", "name"))
    return (
        bool(ids or names)
        and all(_no_id(policy, text) for text in ids)
        and all(_no_id(policy, text) or _NUMBER.fullmatch(text) for text in names)
        and any(_says_total(policy, folded(text)) for text in row.texts)
    )


def _no_id(policy: Policy, text: str) -> bool:
    return policy.wording.is_unknown(text) or bool(_COUNT.fullmatch(text)) or _says_total(policy, text)


def _says_total(policy: Policy, text: str) -> bool:
    found = _TOTAL.fullmatch(text)
    if found is None or (found["of"] or "") in _OF_ALL:
        return found is not None
    with suppress(UnknownArea, AmbiguousArea):
        return bool(policy.wording.area(found["of"]))
    return False


def read_fact(policy: Policy, name: str, text: str, area: Area | None = None) -> Any:
    """A fact's value as a person writes it, of an organisation in an area: by key, title or synonym. Raises BadFact and
    UnknownBody."""
    return policy.wording.read(name, text, area)


class _Reader:
    def __init__(self, policy: Policy, columns: Columns, row: Row) -> None:
        self.policy, self.columns, self.row = policy, columns, row
        self.faults: list[GuikouError] = []

    def read(self) -> Read:
        own = {name: self._text(name) for name in ("id", "name")}
        area = self._area()
        facts = {name: value for name, value in self.columns.constants.items() if name not in OWN}
        for column in self.columns.used:
            if column.means in OWN:
                continue
            value = self._value(column, area)
            if value is not UNKNOWN:
                facts[column.means] = value
        code = area.code if area is not None else None
        faults, given = tuple(self.faults), self._given()
        said = RowRead(self.row.line, own["id"] or None, own["name"] or None, code, facts, faults, given)
        if faults or code is None or not own["name"]:
            return Read(None, faults, said)
        return Read(Organization(own["id"], own["name"], code, facts), said=said)

    def _given(self) -> dict[str, str]:
        """What stands in the columns that are read, to the letter."""
        cells = self.row.cells
        return {
            one.label: cells[one.at].text for one in self.columns.used if one.at < len(cells) and cells[one.at].text
        }

    def _text(self, name: str) -> str:
        column = next(iter(self.columns.of(name)), None)
        if column is None:
            return ""
        text = self._written(column)
        if text == "":
            self._fault(column, missing_value(name))
        return text or ""

    def _area(self) -> Area | None:
        """The area, by its columns or else by the address or else as it is for all rows; None after a fault."""
        wording, areas = self.policy.wording, self.policy.places.areas
        meanings = self.columns.values.get("area", {})
        given: list[tuple[Column, Area | str]] = []
        for column in self.columns.of("area"):
            text = self._written(column) or ""
            code = meanings.get(folded(text))
            if text and code is not UNKNOWN and (code is not None or not wording.is_unknown(text)):
                given.append((column, areas[code] if code is not None else text))
        if given:
            found = self._named(given)
            return self._within(found) if found is not None and found.parent is None else found
        before = len(self.faults)
        every = self.columns.constants.get("area")
        for column in self.columns.of("address"):
            text = self._written(column) or ""
            if text and not wording.is_unknown(text):
                try:
                    return wording.address(text)
                except GuikouError as error:
                    if every is None:
                        self._fault(column, error)
        if every is not None:
            return areas[every]
        columns = [*self.columns.of("area"), *self.columns.of("address")]
        if columns and len(self.faults) == before:
            self._fault(columns[0], missing_value(columns[0].means))
        return None

    def _within(self, top: Area) -> Area:
        """The area that the address names, where the columns name no more than the top one."""
        inside = (area for area in self._addressed() if top in self.policy.places.around(area.code).values())
        return next(inside, top)

    def _addressed(self) -> list[Area]:
        """The areas that addresses name, where columns of areas say more: one that names none is no fault."""
        found = []
        for column in self.columns.of("address"):
            with suppress(GuikouError):
                found.append(self.policy.wording.address(self.row.cell(column.at).text))
        return found

    def _named(self, given: list[tuple[Column, Area | str]]) -> Area | None:
        """The area that one column names, or several together."""
        wording, places = self.policy.wording, self.policy.places
        whole = named_together(self.policy, [one for _, one in given])
        if whole is not None:
            return whole
        found: list[Area] = []  # each names one, or is wrong, by itself
        for column, one in given:
            try:
                found.append(one if isinstance(one, Area) else wording.area(one))
            except AmbiguousArea as error:
                inside = named_together(self.policy, [one, *self._addressed()])
                if inside is None:
                    self._fault(column, error)
                else:
                    found.append(inside)
            except GuikouError as error:
                self._fault(column, error)
        if len(found) < len(given):
            return None
        smallest = max(found, key=lambda area: len(places.around(area.code)))
        around = places.around(smallest.code).values()
        if any(area not in around for area in found):
            self._fault(given[0][0], AmbiguousArea(
                area=" ".join(self._written(column) or "" for column, _ in given),
                known=[wording.full_title(area) for area in found],
            ))  # fmt: skip
            return None
        return smallest

    def _value(self, column: Column, area: Area | None) -> Any:
        """What a cell means; UNKNOWN for one that says nothing, or after a fault."""
        text = self._written(column)
        meant = self.columns.values.get(column.means, {})
        if text and folded(text) in meant:
            return meant[folded(text)]
        if not text or self.policy.wording.is_unknown(text):
            return UNKNOWN
        try:
            return read_fact(self.policy, column.means, text, area)
        except UnknownBody as error:
            if area is not None or not self.policy.wording.is_of_each(text):  # else the area will say which
                self._fault(column, error)
            return UNKNOWN
        except GuikouError as error:
            self._fault(column, error)
            return UNKNOWN

    def _written(self, column: Column) -> str | None:
        """A cell's text as a value of the column's kind; None after a fault."""
        kind = self.policy.facts[column.means].kind.name if column.means not in OWN else "string"
        try:
            return self.row.cell(column.at).written(column.means if column.means in ("id", "name") else kind)
        except GuikouError as error:
            self._fault(column, error)
            return None

    def _fault(self, column: Column, error: GuikouError) -> None:
        self.faults.append(error.at(Where(column=column.label)))
