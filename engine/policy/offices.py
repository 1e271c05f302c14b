"""Which bodies a text that names none may mean: those that do the same, and not those of the same place alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..text import folded, likeness
from .places import Area, Places

_KIND = re.compile(
    r"(?:工作)?(?:委员会|委|局|厅|办公室|办)$|(?:work)?(?:committee|commission|bureau|department|office)$"
)
#: From which likeness on (of 1) they may do the same: two words of which one character is the same do not, nor do many
#: words of the same letters.
_NEAR, _NEAR_LETTERS = 0.55, 0.8


class Offices:
    """Bodies by what they do: by their names without the area's and without what kind of office it is. `bodies` and
    `areas`: the id and the code of what each name means, as it is folded."""

    def __init__(self, places: Places, bodies: Mapping[str, str], areas: Mapping[str, str]) -> None:
        self.places, self.areas = places, areas
        self._kinds = frozenset(area.title.zh[-1:] for area in places.areas.values())
        self._named: dict[str, list[tuple[str, str]]] = {}  # by the area
        for name, id in bodies.items():
            self._named.setdefault(places.bodies[id].area, []).append((_core(self.parted(name)[1]), id))

    def near(self, text: str, areas: Iterable[Area] = ()) -> list[str]:
        """The bodies that a text may mean, the nearest first: those of the area that it names and of those around it;
        where it names none, those of the `areas` before others, and of these the kind of area that it says."""
        word = folded(text)
        whole = self.areas.get(word)
        if whole is not None:
            return [id for id, body in self.places.bodies.items() if body.area == whole]
        own, rest = self.parted(word)
        around = {one.code: one for area in ([own] if own else areas) for one in self.places.around(area.code).values()}
        core, scores = _core(rest), dict[str, float]()
        for code in around if own else self._named:
            for other, id in self._named.get(code, ()):
                scores[id] = max(scores.get(id, 0.0), likeness(core, other))
        said = {code for code, one in around.items() if rest != word and one.title.zh.endswith(word[0])}
        said = {own.code} if own else said

        def far(id: str) -> tuple[bool, bool, float]:
            area = self.places.bodies[id].area
            return area not in said, area not in around, -scores[id]

        least = _NEAR_LETTERS if core.isascii() else _NEAR
        return sorted((id for id, score in scores.items() if score >= least), key=far)

    def parted(self, name: str) -> tuple[Area | None, str]:
        """The area with which a folded name begins, and the rest of it; a name may also say no more than the kind."""
        for end in range(len(name) - 1, 1, -1):
            code = self.areas.get(name[:end])
            if code is not None:
                return self.places.areas[code], name[end:]
        return None, name[1:] if name[:1] in self._kinds else name


def _core(name: str) -> str:
    """What an office does: its name without what kind of office it is."""
    core = _KIND.sub("", name.removeprefix("委"))
    return core if len(core) > 1 else name
