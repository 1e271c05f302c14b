"""Many commands in one transaction, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

from ..cases.case import Organization
from ..errors import (
    BadArgument,
    BatchRun,
    BrokenChain,
    CaseChanged,
    Damaged,
    GuikouError,
    NotRun,
    StoreError,
    Unreadable,
)
from ..text import Title, brief
from .door import let_in_id
from .retrying import anew
from .store import NeededFirst

if TYPE_CHECKING:
    from .office import ByAny
    from .supervision import Supervision

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

#: What a batch takes: the methods of a Supervision that are one command each.
COMMANDS = frozenset({
    "register", "take_in", "advance", "meet", "postpone", "report", "block", "remark", "correct", "reopen", "rename",
    "same", "gate", "tell", "record", "strike", "erase", "found", "join", "leave",
})  # fmt: skip
_EXPECTED = Title(
    "同一个 Supervision 的一个命令（如 office.advance）", "a command of the same Supervision, such as office.advance"
)


class Pending(Generic[T]):
    """What will be the answer of a command that was added to a batch."""

    def __init__(self, name: str, given: Sequence[Any], named: dict[str, Any]) -> None:
        self.name, self._given, self._named = name, given, named
        self._found: T | None = None
        self._error: GuikouError | None = None
        self._ran = False

    __repr__ = brief("name")

    def answer(self) -> T:
        """What the command gives. Raises what refuses it, what the whole batch failed by, and NotRun before that."""
        if self._error is not None:
            raise self._error
        if not self._ran:
            raise NotRun()
        return cast(T, self._found)

    @property
    def refused(self) -> GuikouError | None:
        """Why it was refused; None if it was not."""
        return self._error

    def ids(self) -> Iterator[str]:
        """The ids that it names: cases it changes, as far as can be told before."""
        for one in (*self._given, *self._named.values()):
            if isinstance(one, Organization):
                one = one.id
            for id in (one,) if isinstance(one, str) else one if isinstance(one, (list, tuple)) else ():
                if _can_be_one(id):
                    yield id

    def run(self, office: Supervision) -> None:
        self._found = self._error = None
        try:
            self._found = getattr(office, self.name)(*self._given, **self._named)
        except GuikouError as error:
            self._error = error
        self._ran = True

    def fail(self, error: GuikouError | None) -> None:
        """It has no answer, for that reason; None: it did not run."""
        self._found, self._error, self._ran = None, error, False


def own_request(telling: ByAny, id: str) -> ByAny:
    """What is told of many, of one of them: its request is its own."""
    request = telling.get("request_id")
    return {**telling, "request_id": f"{request}:{id}"} if request is not None else telling


def many(
    office: Supervision, add: Callable[[Batch, T], Pending[R]], given: Iterable[T], together: int
) -> list[Pending[R]]:
    """The same command for each of what is given, so many in one transaction."""
    found: list[Pending[R]] = []
    waiting = iter(given)
    while some := tuple(islice(waiting, together)):
        with office.batch() as batch:
            found += [add(batch, one) for one in some]
    return found


def _can_be_one(id: Any) -> bool:
    """Whether something can be an id: what can't is looked at, and refused, by the command alone."""
    try:
        return isinstance(id, str) and bool(let_in_id(id))
    except GuikouError:
        return False


def _is_its_own(error: GuikouError) -> bool:
    """Whether it is for a command's own case that it was refused, and not for the store's sake."""
    return not isinstance(error, StoreError) or isinstance(error, (Damaged, Unreadable, BrokenChain, CaseChanged))


class Batch:
    """Commands collected, to be carried out in one transaction, in the order in which they were added. What refuses one
    changes nothing of the others.

    It can be used as a context: at its end the batch is run, unless an exception ends it.
    """

    def __init__(self, office: Supervision) -> None:
        self._office = office
        self._pending: list[Pending[Any]] = []
        self._ran = False

    __repr__ = brief("_pending")

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, command: Callable[P, T], *given: P.args, **named: P.kwargs) -> Pending[T]:
        """A command, such as `office.advance`, with what it takes. Raises BadArgument for anything else, and BatchRun
        where the batch was run already."""
        name = getattr(command, "__name__", "")
        if getattr(command, "__self__", None) is not self._office or name not in COMMANDS:
            raise BadArgument(name="command", value=name or "-", expected=_EXPECTED)
        if self._ran:
            raise BatchRun()
        made: Pending[T] = Pending(name, given, named)
        self._pending.append(made)
        return made

    def run(self, *, dry_run: bool = False) -> None:
        """Carry all of them out, and keep what they lead to at once; with `dry_run` nothing is kept, and the answers
        are what would come out. Raises StoreError where the store failed, and then nothing is kept; OutcomeUnknown
        where it can't tell whether all is kept, or nothing; BatchRun the second time."""
        if self._ran:
            raise BatchRun()
        self._ran = True
        if not self._pending:
            return
        try:
            named = {id for one in self._pending for id in one.ids()}
            anew(lambda needed: self._together(needed, dry_run), named, NeededFirst)
        except BaseException as error:
            for one in self._pending:
                one.fail(error if isinstance(error, GuikouError) else None)
            raise

    def _together(self, needed: set[str], dry_run: bool) -> None:
        with self._office.store.together(needed) as unit:
            within = type(self._office)(self._office.policy, unit.store)
            for one in self._pending:
                one.run(within)
                if one.refused is not None and (unit.broken or not _is_its_own(one.refused)):
                    raise one.refused
            if not dry_run:
                unit.commit()

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.run()
