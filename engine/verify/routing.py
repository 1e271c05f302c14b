"""Findings in routing: exactly one body, on every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..errors import Where
from ..policy.places import HOLE
from ..policy.policy import Policy
from ..text import Title
from .findings import Finding
from .prover import Prover
from .space import AREA, Box, meet, ones


class Bodies:
    """What is wrong with each body, worked out once: on which days it or one above it is missing."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.days = policy.places.changes(policy.effective)
        self._known: dict[tuple[str, bool], tuple[str, date, str] | None] = {}

    def fault(self, id: str, once_there: bool = False) -> tuple[str, date, str] | None:
        """('body-gone', day, id) or ('superior-gone', day, the superior's id), the first there is; `once_there` from
        the day on which the body begins, for one that organisations name themselves."""
        if (id, once_there) not in self._known:
            self._known[id, once_there] = self._fault(id, once_there)
        return self._known[id, once_there]

    def _fault(self, id: str, once_there: bool) -> tuple[str, date, str] | None:
        begins = self.policy.places.bodies[id].valid_from if once_there else None
        for day in self.days:
            if begins is not None and day < begins:
                continue
            standing = self.policy.places.on(day)
            if standing.acting(id) is None:
                return "body-gone", day, id
            for one in standing.chain(id):
                if one.parent is not None and standing.acting(one.parent) is None:
                    return "superior-gone", day, one.parent
        return None


def succession_findings(policy: Policy) -> Iterator[Finding]:
    """Each circle in which bodies succeed each other: from when they have ended, nobody stands for them."""
    bodies, done = policy.places.bodies, set[str]()
    for id in bodies:
        path: dict[str, None] = {}
        at: str | None = id
        while at is not None and at not in path and at not in done:
            path[at] = None
            at = bodies[at].succeeded_by
        if at in path:
            circle = [*path][[*path].index(at) :]
            where = bodies[circle[0]].where or Where("bodies.yaml")
            yield Finding("succession-circle", where, {"circle": " → ".join([*circle, circle[0]])})
        done |= path.keys()


def routing_findings(prover: Prover, name: str, bodies: Bodies, responsible: bool) -> Iterator[Finding]:
    """For every organisation that a row decides: its body exists on every day, at a permitted tier, below the top."""
    policy, table = prover.policy, prover.policy.table(name)
    told: set[tuple[Any, ...]] = set()
    for row, box in prover.decided(name):
        output = table.rows[row].outputs[0]
        where = prover.row_where(name, row, f"->{table.outputs[0]}")
        details = {"table": name, "a": row + 1}
        if output is None:
            if responsible and prover.is_admitted(box) and ("no-responsible", row) not in told:
                told.add(("no-responsible", row))
                yield Finding("no-responsible", where, details, prover.witness(prover.admitted(box)[0]))
            continue
        for type_name, type_boxes in prover.types.items():
            permitted = policy.workflows[type_name].tiers
            for type_box in type_boxes:
                shared = meet(box, type_box)
                if shared is None:
                    continue
                for code, more, id, part, chosen in _named(prover, output, shared):
                    found: tuple[str, dict[str, Any], date | None] | None = None
                    if code:
                        found = (code, more, None)
                    elif id not in policy.places.bodies:
                        found = ("body-missing", {"body": id}, None)
                    elif (fault := bodies.fault(id, once_there=bool(set(chosen) - {AREA}))) is not None:
                        kind, day, gone = fault
                        said = {"body": id, "day": day, "superior": gone}
                        found = (kind, said, day)
                    elif responsible and permitted and policy.places.bodies[id].tier not in permitted:
                        titles = [policy.places.tiers[tier] for tier in permitted]
                        said = {
                            "body": id,
                            "type": policy.workflows[type_name].title,
                            "tier": policy.places.tiers[policy.places.bodies[id].tier],
                            "permitted": Title(
                                "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
                            ),
                        }
                        found = ("tier-not-permitted", said, None)
                    if found is None:
                        continue
                    kind, said, day_of = found
                    key = (kind, row, said.get("body") if kind in ("body-missing",) else said.get("superior"))
                    if key in told:
                        continue
                    told.add(key)
                    yield Finding(kind, where, {**details, **said}, prover.witness(part, chosen=chosen, on=day_of))


def _named(prover: Prover, output: str, box: Box) -> Iterator[tuple[str, dict[str, Any], str, Box, dict[str, Any]]]:
    """Each body that a row's template names within a box: ('', {}, its id, the box of the organisations for which it
    does, the facts that choose it); or a code and details where a hole can't be filled."""
    policy, space = prover.policy, prover.space
    holes = HOLE.findall(output)
    tiers = [hole for hole in holes if hole in policy.places.tiers]
    pieces: list[tuple[str, Box, dict[str, Any]]] = [(output, box, {})]
    for fact in (hole for hole in holes if hole not in policy.places.tiers):
        found: list[tuple[str, Box, dict[str, Any]]] = []
        mark = "{" + fact + "}"
        for text, part, chosen in pieces:
            if fact not in space.at:  # nothing tests it, so any body may stand there
                found += [(text.replace(mark, id), part, {**chosen, fact: id}) for id in policy.places.bodies]
                continue
            at = space.at[fact]
            for i in ones(part[at]):
                narrowed = (*part[:at], 1 << i, *part[at + 1 :])
                for value in space.axes[at].atoms[i]:
                    if value is None:
                        title = policy.vocabulary.title(fact)
                        yield (
                            "tier-missing",
                            {"hole": title, "area": Title("该组织", "the organisation")},
                            "",
                            narrowed,
                            {},
                        )
                    else:
                        found.append((text.replace(mark, value), narrowed, {**chosen, fact: value}))
        pieces = found
    if not tiers:
        for id, part, chosen in pieces:
            yield "", {}, id, part, chosen
        return
    at = space.at[AREA]
    for text, part, chosen in pieces:
        seen: set[str] = set()
        for i in ones(part[at]):
            narrowed = (*part[:at], 1 << i, *part[at + 1 :])
            for code in space.axes[at].atoms[i]:
                around = policy.places.around(code)
                here = {**chosen, AREA: policy.places.areas[code].key}
                lacking = next((tier for tier in tiers if tier not in around), None)
                if lacking is not None:
                    said = {"hole": policy.places.tiers[lacking], "area": policy.places.areas[code].title}
                    yield "tier-missing", said, "", narrowed, here
                    break
                id = text
                for tier in tiers:
                    id = id.replace("{" + tier + "}", around[tier].key)
                if id not in seen:
                    seen.add(id)
                    yield "", {}, id, narrowed, here
