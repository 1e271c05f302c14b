"""Commands carried out: each is one transaction, and one effect for each request.

A command is kept as it was given, in canonical form, with the events that it led to. So a request that is made again is
told from another that only has its id: by a salted hash of all that was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any

from ..cases.canonical import dumps
from ..cases.case import Case, Organization
from ..cases.events import Event
from ..cases.fold import fold
from ..decide.advance import Advance, Block
from ..decide.continuation import Continued
from ..decide.duties import Meet, Postpone
from ..decide.gates import Ask, TellGate
from ..decide.happening import Stamp, without_request
from ..decide.intake import Report
from ..decide.records import Record
from ..decide.remarks import Remark
from ..errors import GuikouError, NotCanonical, RequestErased, RequestReused
from .door import let_in
from .earlier import was_told
from .keeping import Keeping
from .office import Office
from .retrying import transacted
from .store import Request
from .views import CaseView

#: The commands that say all they say in their fields, and change the one case that they are about.
Plain = Advance | Report | Block | Meet | Postpone | Ask | TellGate | Record | Remark
#: What a command does in its transaction: the case that it is about, afterwards.
Do = Callable[[Keeping, Stamp], Case]
Said = Mapping[str, Any]
Answer = tuple[CaseView, Sequence[Event]]


def execute(office: Office, kind: str, case: str, command: Plain, telling: Mapping[str, Any]) -> CaseView:
    """A command on a case. Raises UnknownCase and what the rules refuse."""
    return execute_for(office, kind, case, command, telling)[0]


def execute_for(office: Office, kind: str, case: str, command: Plain, telling: Mapping[str, Any]) -> Answer:
    """The same, with the events that it led to."""

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        return keeping.done(keeping.standing(case), command, stamp)

    said = {one.name: getattr(command, one.name) for one in fields(command)}
    if isinstance(command, Report):  # requests of before could not say why
        said = {name: value for name, value in said.items() if value or name not in ("reason", "evidence")}
    return carry_out(office, kind, case, said, telling, do)


def carry_out(
    office: Office, kind: str, case: str, said: Said, telling: Mapping[str, Any], do: Do, lock: Sequence[str] = ()
) -> Answer:
    """What a command leads to, now or when its request was made first: the case that it is about, and the events.

    `kind` is its name, `said` what it says of itself, `telling` who tells it and when; `lock` are cases that it changes
    besides. Raises RequestReused; OutcomeUnknown where the store can't tell whether it was kept, and no request id says
    so either.
    """
    let_in({**said, "late": telling.get("late")})

    def given() -> _Command:
        return _Command(kind, case, said, office.stamp(**telling), telling.get("when"))

    def carried_out(keeping: Keeping) -> Answer:
        command = given()  # it takes effect once it has waited for whoever was at the case
        answer = _answered(keeping, command)
        if answer is not None:
            return answer
        after = do(keeping, command.stamp)
        if keeping.events or command.stamp.request_id is not None:
            keeping.work.remember(command.kept(after), keeping.events)
            keeping.work.commit()
        return office.view(after, command.stamp.at), keeping.events

    try:
        return transacted(office, {*lock, case}, carried_out)
    except GuikouError:
        # The same request may have been carried out meanwhile.
        answer = _kept_after_all(office, given) if telling.get("request_id") is not None else None
        if answer is None:
            raise
        return answer


def _kept_after_all(office: Office, given: Callable[[], _Command]) -> Answer | None:
    """The answer of a command that was refused, or of which the store could not tell whether it was kept, if its
    request is there. That it is not proves nothing in the latter case: the server may be at it still."""
    try:
        return transacted(office, (), lambda keeping: _answered(keeping, given()))
    except GuikouError:
        return None


@dataclass(frozen=True, slots=True)
class _Command:
    """A command as it was given."""

    kind: str
    case: str
    said: Said
    stamp: Stamp
    when: datetime | date | None

    def text(self) -> str:
        """Its canonical form. Raises NotCanonical."""
        told = {"by": self.stamp.body, "actor": self.stamp.actor, "when": self.when}
        if self.stamp.late:
            told["late"] = self.stamp.late
        return dumps({"kind": self.kind, "case": self.case, **told, "said": _normal(self.said)})

    def kept(self, answer: Case) -> Request:
        return Request(self.stamp.request_id, self.kind, self.text(), answer.revision, self.stamp.at)


def _normal(value: Any) -> Any:
    """Decimals that are equal are written alike: 5.00 is 5."""
    if isinstance(value, Decimal):
        return value.normalize(Context(prec=len(value.as_tuple().digits)))
    if isinstance(value, Mapping):
        return {key: _normal(one) for key, one in value.items()}
    return value


def _answered(keeping: Keeping, command: _Command) -> Answer | None:
    """The answer that the command's request was given before. Raises RequestReused where that was another command."""
    office, id = keeping.office, command.stamp.request_id
    answered = keeping.work.answered(id) if id is not None else None
    if answered is None:
        return None
    if answered.erased:
        raise RequestErased(request_id=id)
    try:
        same = answered.is_of(command.text())
    except NotCanonical:
        same = False  # such a one was never carried out
    if same is None:
        same = was_told(office, answered.events, command.kind, command.case, command.said, command.stamp)
    if not same:
        raise RequestReused(request_id=id)
    case = keeping.of_request(command.case, answered.events)
    own = [event for event in answered.events if event.case == case]
    revision = answered.revision if answered.revision is not None else own[-1].seq
    found = fold([event for event in office.store.events(case) if event.seq <= revision])
    assert found is not None, "a request that was answered is about a case"
    at = answered.at if answered.at is not None else own[-1].at
    return office.view(found, at), answered.events


def kept(kind: str, case: Case, said: Said, stamp: Stamp, when: datetime | date | None) -> Request:
    """A command on a case as it is kept, answered with the case."""
    return _Command(kind, case.id, said, stamp, when).kept(case)


# --- intake ----------------------------------------------------------------------------------------------------------


def register(office: Office, organization: Organization, continues: str | None, telling: Mapping[str, Any]) -> CaseView:
    """Open the case of an organisation; with `continues`, carry that case on and close it."""
    checked = office.checked(organization)
    said = {**organization_said(checked), "continues": continues}

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        if continues is None:
            return keeping.opened(checked, stamp)
        source = keeping.standing(continues)
        new = keeping.opened(checked, stamp, source)
        keeping.done(source, Continued(new.id), without_request(stamp))
        return new

    return carry_out(office, "register", checked.id, said, telling, do)[0]


def organization_said(organization: Organization) -> dict[str, Any]:
    return {"name": organization.name, "area": organization.area, "facts": organization.facts}
