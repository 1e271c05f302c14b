"""Reads a policy's areas, bodies and venues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...errors import BadFile, BadTree, DuplicateKey, UnknownName, Where
from ...text import Title, suggested
from ..places import HOLE, Area, Places
from ..records import Venue
from ..standing import Body
from . import models as f
from .documents import Document, read_csv
from .values import read_title

#: China has some 41,000 townships and streets, and 3,000 counties.
MOST_AREAS = 60_000
_AREA_COLUMNS = ["code", "key", "tier", "parent", "zh", "en"]


def read_areas(text: str, file: str, tiers: Mapping[str, Title]) -> dict[str, Area]:
    rows = read_csv(text, file)
    if not rows or rows[0][1] != _AREA_COLUMNS:
        raise BadFile(where=Where(file, 1), reason=_first_line(_AREA_COLUMNS))
    if len(rows) > MOST_AREAS:
        reason = Title(f"区域过多（至多 {MOST_AREAS} 个）", f"it has too many areas; at most {MOST_AREAS}")
        raise BadFile(where=Where(file, rows[MOST_AREAS][0]), reason=reason)
    areas: dict[str, Area] = {}
    lines: dict[str, int] = {}
    keys: set[str] = set()
    order = list(tiers)
    for line, cells in rows[1:]:
        where = Where(file, line)
        if len(cells) != len(_AREA_COLUMNS):
            raise BadFile(where=where, reason=_cells(cells, _AREA_COLUMNS))
        code, key, tier, parent, zh, en = cells
        for name, taken in ((code, code in areas), (key, key in keys)):
            if taken:
                raise DuplicateKey(where=where, key=name)
        if tier not in tiers:
            raise UnknownName(where=where, kind_en="tier", kind_zh="层级", name=tier, known=order)
        areas[code] = Area(code, key, tier, parent or None, Title(zh, en))
        lines[code] = line
        keys.add(key)
    for area in areas.values():
        if area.parent and area.parent not in areas:
            raise UnknownName(
                where=Where(file, lines[area.code]),
                kind_en="area",
                kind_zh="区域",
                name=area.parent,
                known=suggested(area.parent, list(areas)),
            )
        if area.parent and order.index(areas[area.parent].tier) >= order.index(area.tier):
            raise BadTree(
                where=Where(file, lines[area.code]),
                name=area.key,
                reason_en="its parent is of no higher tier",
                reason_zh="其上级的层级不高于它",
            )
    return areas


def read_bodies(document: Document, areas: Mapping[str, Area], tiers: Mapping[str, Title]) -> Places:
    written = f.validate(document, f.BodiesFile)
    kinds = {name: read_title(title) for name, title in written.kinds.items()}
    by_key = {area.key: area for area in areas.values()}
    bodies: dict[str, Body] = {}
    places: dict[str, tuple[str | int, ...]] = {}
    for i, one in enumerate(written.bodies):
        place = ("bodies", i)
        if one.kind not in kinds:
            raise UnknownName(
                where=document.where((*place, "kind")),
                kind_en="kind of body",
                kind_zh="机构种类",
                name=one.kind,
                known=sorted(kinds),
            )
        for body in _expand(one, document, place, areas, by_key, tiers):
            if body.id in bodies:
                raise DuplicateKey(where=document.where((*place, "id")), key=body.id)
            bodies[body.id], places[body.id] = body, place
    for body in bodies.values():
        for key, named in (("parent", body.parent), ("succeeded_by", body.succeeded_by)):
            if named and named not in bodies:
                raise UnknownName(
                    where=document.where((*places[body.id], key)),
                    kind_en="body",
                    kind_zh="机构",
                    name=named,
                    known=suggested(named, list(bodies)),
                )
    _reach_top(bodies, document, places)
    return Places(tiers, areas, bodies, kinds)


def _expand(
    one: f.BodyFile,
    document: Document,
    place: tuple[str | int, ...],
    areas: Mapping[str, Area],
    by_key: Mapping[str, Area],
    tiers: Mapping[str, Title],
) -> Iterable[Body]:
    if one.each is None:
        area = areas.get(one.area or "") or by_key.get(one.area or "")
        if area is None:
            raise UnknownName(
                where=document.where((*place, "area")),
                kind_en="area",
                kind_zh="区域",
                name=one.area or "",
                known=suggested(one.area or "", list(by_key)),
            )
        chosen = [area]
    elif one.each in tiers:
        chosen = [area for area in areas.values() if area.tier == one.each and area.key not in one.except_]
    else:
        raise UnknownName(
            where=document.where((*place, "each")), kind_en="tier", kind_zh="层级", name=one.each, known=list(tiers)
        )
    for area in chosen:
        around: dict[str, Area] = {}
        at: Area | None = area
        while at is not None:
            around[at.tier] = at
            at = areas.get(at.parent) if at.parent else None
        keys = {tier: found.key for tier, found in around.items()}
        titles = {tier: found.title for tier, found in around.items()}

        def fill(text: str | None, keys: Mapping[str, str] = keys) -> str | None:
            return HOLE.sub(lambda hole: keys.get(hole[1], hole[0]), text) if text else None

        yield Body(
            id=fill(one.id) or "",
            tier=one.tier or area.tier,
            area=area.code,
            parent=fill(one.parent),
            title=read_title(one.title).fill(**titles),
            kind=one.kind,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            succeeded_by=fill(one.succeeded_by),
            where=document.where(place),
        )


def _reach_top(bodies: Mapping[str, Body], document: Document, places: Mapping[str, tuple[str | int, ...]]) -> None:
    tops = [body.id for body in bodies.values() if body.parent is None]
    for body in bodies.values():
        seen = {body.id}
        at = body
        while at.parent is not None:
            at = bodies[at.parent]
            if at.id in seen:
                raise BadTree(
                    where=document.where(places[body.id]),
                    name=body.id,
                    reason_en="its superiors go round in a circle",
                    reason_zh="上级关系成环",
                )
            seen.add(at.id)
        if at.id != tops[0]:
            raise BadTree(
                where=document.where(places[at.id]),
                name=at.id,
                reason_en=f"'{tops[0]}' is the top already",
                reason_zh=f"“{tops[0]}” 已是顶层",
            )


_VENUE_COLUMNS = ["id", "kind", "area", "zh", "en"]


def read_venues(text: str, file: str, places: Places) -> dict[str, Venue]:
    rows = read_csv(text, file)
    if not rows or rows[0][1] != _VENUE_COLUMNS:
        raise BadFile(where=Where(file, 1), reason=_first_line(_VENUE_COLUMNS))
    by_key = {area.key: area for area in places.areas.values()}
    found: dict[str, Venue] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(_VENUE_COLUMNS):
            raise BadFile(where=Where(file, line), reason=_cells(cells, _VENUE_COLUMNS))
        id, kind, area, zh, en = cells
        if id in found:
            raise DuplicateKey(where=Where(file, line), key=id)
        if area not in by_key:
            known = suggested(area, list(by_key))
            raise UnknownName(where=Where(file, line), kind_en="area", kind_zh="区域", name=area, known=known)
        found[id] = Venue(id, kind, by_key[area].code, Title(zh, en))
    return found


def _first_line(columns: Sequence[str]) -> Title:
    heading = ",".join(columns)
    return Title(f"首行应为 {heading}", f"its first line must be {heading}")


def _cells(cells: Sequence[str], columns: Sequence[str]) -> Title:
    found, wanted = len(cells), len(columns)
    return Title(f"有 {found} 个单元格，应为 {wanted} 个", f"it has {found} cells instead of {wanted}")
