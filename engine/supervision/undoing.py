"""An import undone: all that it did is taken back, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..cases.case import Case
from ..cases.events import EVENT_TITLES, Event, counting, opening
from ..cases.fold import fold
from ..decide.happening import Stamp
from ..decide.taking_back import TakeBack
from ..errors import AlreadyUndone, ImportInUse, ReasonMissing, UnknownImport
from ..text import Title, is_blank
from .business import only_over
from .commands import kept
from .imported import Import, ImportedRow, Parked, Undone
from .keeping import Keeping
from .office import By, Office
from .retrying import transacted

#: Of how many cases a refusal says what happened to them.
SHOWN = 5


def undo(office: Office, number: int, reason: str, telling: By) -> Undone:
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("撤销导入", "undo an import"))
    rows = office.store.import_rows(number)

    def do(keeping: Keeping) -> Undone:
        what = keeping.work.import_(number)
        if what is None:
            raise UnknownImport(number=number)
        if what.undone_at is not None:
            raise AlreadyUndone(number=number, on=office.policy.day(what.undone_at))
        stamp = office.stamp(**telling)
        only_over(office, what.body, stamp, Title("撤销该导入", "undo the import"))
        undoing = _Undoing(office, keeping, what, office.store.import_rows(number))
        undoing.check()
        done = undoing.carry_out(stamp, telling, reason)
        now = stamp.recorded_at
        what = replace(what, state="undone", undone_at=now, undone_by=stamp.actor, undone_because=reason)
        keeping.work.put_import(what)
        keeping.work.commit()
        return replace(done, what=what)

    parked = office.store.parked(source=number, state=None)
    ids = {*(row.case for row in rows), *(one.case for one in parked), *(one.id for one in parked)}
    return transacted(office, {id for id in ids if id is not None}, do)  # whoever completes what is parked waits


@dataclass(frozen=True, slots=True)
class _Span:
    """What an import did to a case: from which revision to which."""

    case: str
    before: int
    after: int


class _Undoing:
    def __init__(self, office: Office, keeping: Keeping, what: Import, rows: Sequence[ImportedRow]) -> None:
        self.office, self.keeping, self.what, self.rows = office, keeping, what, rows
        spans: dict[str, _Span] = {}
        for row in rows:
            if row.case is not None and row.before is not None and row.revision is not None:
                first = spans.get(row.case)
                spans[row.case] = _Span(row.case, first.before if first else row.before, row.revision)
        opened = {row.parked for row in rows if row.outcome == "opened"}
        self.parked = office.store.parked(source=what.number, state=None)
        own = {one.number for one in self.parked}
        #: What it parked, each with what somebody said more of it by hand since, which replaces it.
        self.chains: dict[int, list[Parked]] = {}
        #: What another import, which stands, put in the place of the last of these.
        self.replaced: list[Parked] = []
        undone = {one.number for one in office.store.imports() if one.undone_at is not None}
        for one in self.parked:
            chain, after = self._told_since(one)
            self.chains[one.number] = chain
            if after is not None and after.number not in own and after.source not in undone:
                self.replaced.append(after)
        #: What it parked and somebody completed since, with the case that this opened; nothing else happened to that.
        self.completed: dict[int, _Span] = {}
        for chain in self.chains.values():
            last = chain[-1]
            if last.state == "opened" and last.number not in opened and (span := self._opened_alone(last)) is not None:
                self.completed[last.number] = span
        spans |= {span.case: span for span in self.completed.values() if span.case not in spans}
        self.spans = sorted(spans.values(), key=lambda one: one.case)  # in one order, as all commands lock

    def _told_since(self, one: Parked) -> tuple[list[Parked], Parked | None]:
        """What is parked with what replaced it by hand, one after the other; and what an import put in the place of the
        last."""
        chain = [one]
        if one.state == "replaced":  # by the latest that names it: an earlier one was undone
            by = {each.replaces: each for each in self.office.store.parked(id=one.id, state=None)}
            while chain[-1].state == "replaced":
                after = by[chain[-1].number]
                if after.source is not None:
                    return chain, after
                chain.append(after)
        return chain, None

    def _opened_alone(self, parked: Parked) -> _Span | None:
        """What opened a case by completing what is parked; None where more than that happened to it, or another import
        did so."""
        case = self.keeping.own(parked.case) if parked.case is not None else None
        if case is None or case.withdrawn is not None or case.same_as is not None:
            return None
        events = self.office.store.events(case.id)
        first = opening(events)
        since = (one for one in counting(events) if one.seq > first.seq)
        if any((one.recorded_at, one.actor) != (first.recorded_at, first.actor) for one in since):
            return None
        later = (one.number for one in self.office.store.imports() if one.number > self.what.number)
        if any(row.case == case.id for number in later for row in self.office.store.import_rows(number, "opened")):
            return None
        return _Span(case.id, first.seq - 1, case.revision)

    def check(self) -> None:
        """Raises ImportInUse where something else happened since."""
        since = [*self._cases_since(), *self._parked_since()]
        if since:
            more = [Title("……", "...")] if len(since) > SHOWN else []
            raise ImportInUse(number=self.what.number, count=len(since), cases=[*since[:SHOWN], *more])

    def _cases_since(self) -> Iterator[Title]:
        for span in self.spans:
            if self.keeping.standing(span.case).revision == span.after:
                continue
            later = [event for event in counting(self.office.store.events(span.case)) if event.seq > span.after]
            if later:
                yield self._happened(span.case, later[0])

    def _happened(self, case: str, event: Event) -> Title:
        title, day = EVENT_TITLES[event.kind], self.office.policy.day(event.at)
        return Title(f"{case}（{day} {title.zh}）", f"{case} ({title.en} on {day})")

    def _parked_since(self) -> Iterator[Title]:
        for after in self.replaced:
            day = self.office.policy.day(after.parked_at)
            yield Title(
                f"{after.id}（{day} 第 {after.source} 次导入已补充）",
                f"{after.id} (completed in part by import {after.source} on {day})",
            )
        opened = {row.parked for row in self.rows if row.outcome == "opened"} | self.completed.keys()
        for *_, last in self.chains.values():
            if last.state == "opened" and last.number not in opened:
                day = self.office.policy.day(last.settled_at or last.parked_at)
                yield Title(f"{last.id}（{day} 已立案）", f"{last.id} (opened on {day})")

    def _own(self, row: ImportedRow) -> Parked | None:
        """What a row parked, if it did."""
        if row.outcome != "parked" or row.parked is None:
            return None
        parked = self.keeping.work.parked(row.parked)
        mine = parked is not None and (parked.source, parked.line) == (self.what.number, row.line)
        return parked if mine else None

    def carry_out(self, stamp: Stamp, telling: By, reason: str) -> Undone:
        withdrawn: list[Case] = []
        restored: list[Case] = []
        for span in self.spans:
            now = self.keeping.standing(span.case)
            then = fold(self.office.store.events(span.case)[: span.before])
            known = len(self.keeping.events)
            # What it parked was completed later, perhaps as of a later day.
            own = replace(stamp, at=max(stamp.at, now.updated_at)) if span in self.completed.values() else stamp
            after = self.keeping.done(now, TakeBack(then, reason), own)
            (withdrawn if after.withdrawn is not None else restored).append(after)
            said = {"import": self.what.number, "reason": reason}
            request = kept("undo", after, said, stamp, telling.get("when"))
            self.keeping.work.remember(request, self.keeping.events[known:])
        dropped = sum(self._put_back(row, stamp, reason) for row in reversed(self.rows))
        return Undone(self.what, tuple(withdrawn), tuple(restored), dropped)

    def _put_back(self, row: ImportedRow, stamp: Stamp, reason: str) -> bool:
        """What a row parked is dropped with what replaced it by hand, and what it completed waits again; whether
        something was dropped."""
        work, own = self.keeping.work, self._own(row)
        chain = self.chains.get(own.number, []) if own is not None else []
        last = work.parked(chain[-1].number) if chain else None
        if own is not None and last is not None and (last.state == "waiting" or last.number in self.completed):
            now, actor = stamp.recorded_at, stamp.actor
            for one in chain:
                work.settle(replace(one, state="dropped", case=None, settled_at=now, settled_by=actor, reason=reason))
            self._wait(own.replaces)
            return True
        if row.outcome == "opened":
            self._wait(row.parked)
        return False

    def _wait(self, number: int | None) -> None:
        before = self.keeping.work.parked(number) if number is not None else None
        if before is not None:
            waits = replace(before, state="waiting", case=None, settled_at=None, settled_by=None, reason=None)
            self.keeping.work.settle(waits)
