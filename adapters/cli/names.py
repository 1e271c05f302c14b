"""What is named on a command line: cases, and whatever the policy has a title for. Each by its code, its title in either
language, or a beginning of these that is its alone; the command is given the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from .language import t

if TYPE_CHECKING:
    from guikou.engine.cases.case import Case
    from guikou.engine.policy.policy import Policy
    from guikou.engine.policy.workflow import Workflow
    from guikou.engine.supervision.supervision import Supervision
    from guikou.engine.text import Title

    from .session import Session

    Titles = Mapping[str, Title]

#: So many matches are listed where a word may mean several.
MOST = 10
#: What stands in the place of a case where something is done to many.
EVERY = "*"


@dataclass(frozen=True)
class Look:
    """Where a word is looked up: the run's session, and what the words before it turned out to be."""

    session: Session
    values: Mapping[str, Any]

    @property
    def policy(self) -> Policy:
        """That of the database, or the one that the command names."""
        return self.session.named(self.values.get("policy_name"))

    @property
    def case(self) -> Case | None:
        id = self.values.get("case")
        return self.session.supervision.get(id).case if id not in (None, EVERY) else None

    @property
    def workflow(self) -> Workflow | None:
        case = self.case
        return self.policy.workflows.get(case.workflow) if case is not None else None


class Named(click.ParamType[str]):
    """A word that names something among `titles`. Where `kind` says what they are, one that names nothing is refused
    here; else the command says itself what there is. What is `likely`, such as what a case owes, is looked up first;
    what is `akin` to a word is told where nothing is called like it."""

    name = "name"

    def __init__(
        self,
        titles: Callable[[Look], Titles],
        kind: tuple[str, str] | None = None,
        likely: Callable[[Look], Iterable[str]] = lambda look: (),
        akin: Callable[[Look, str], Iterable[str]] = lambda look, word: (),
    ) -> None:
        self.titles, self.kind, self.likely, self.akin = titles, kind, likely, akin

    def find(self, look: Look, word: str) -> str:
        """The code of what a word names. Raises Ambiguous and UnknownChoice."""
        from guikou.engine.policy import names
        from guikou.engine.text import Title

        titles = self.titles(look)
        if self.kind is not None:
            return names.named(word, titles, Title(*self.kind), self.akin(look, word))
        return word if word in titles else names.meant(word, titles, self.likely(look)) or word

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from guikou.engine.errors import GuikouError

        try:
            return self.offered(_looking(ctx), incomplete)
        except (GuikouError, click.ClickException):
            return []  # completion has nobody to tell

    def offered(self, look: Look, incomplete: str) -> list[CompletionItem]:
        """The codes, or else the titles, that begin with what was typed."""
        from guikou.engine.text import folded

        titles = self.titles(look)
        wanted = folded(incomplete)
        codes = [
            CompletionItem(key, help=_spoken(one)) for key, one in titles.items() if folded(key).startswith(wanted)
        ]
        if codes:
            return codes
        words = [(word, key) for key, one in titles.items() for word in (one.zh, one.en)]
        return [CompletionItem(word, help=key) for word, key in words if folded(word).startswith(wanted)]


class NamedLater(click.ParamType[str]):
    """A word that is completed as one that names something, and is looked up by whoever needs it."""

    name = "name"

    def __init__(self, named: Named) -> None:
        self.named = named

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return self.named.shell_complete(ctx, param, incomplete)


class NamedCase(Named):
    """A case, by its id or the organisation's name, or what begins so."""

    name = "case"

    def __init__(self) -> None:
        super().__init__(lambda look: {})

    def find(self, look: Look, word: str) -> str:
        """Its id. Raises UnknownCase, and AmbiguousCase with the cases that it may be."""
        if word == EVERY:
            return word
        from guikou.engine.errors import AmbiguousCase, UnknownCase
        from guikou.engine.supervision.naming import cases_named, cases_once_named, listed_cases

        supervision = look.session.supervision
        try:
            view = supervision.get(word)
            self._note(look, view.case)
            if (other := _named_otherwise(supervision, word, view.case)) is not None:
                look.session.notes.append(other)
            return view.id
        except UnknownCase as unknown:
            found = cases_named(supervision.store, word)
            once = {} if found else cases_once_named(supervision.store, word)
            found = found or [case for case, _ in once.values()]
            if not found:
                raise unknown
        if len(found) > 1:
            raise AmbiguousCase(word=word, matches=listed_cases(supervision.policy, found, MOST))
        self._note(look, found[0])
        if once:
            look.session.notes.append(once_named(*once[found[0].id]))
        if found[0].same_as is not None:
            look.session.notes.append(_merged_into(word, supervision.get(found[0].organization).case))
        return found[0].organization

    def _note(self, look: Look, case: Case) -> None:
        """How it stood before the command; a request that is repeated is told what it was told at first."""
        if not look.values.get("request_id"):
            look.session.found[case.id] = case.revision

    def offered(self, look: Look, incomplete: str) -> list[CompletionItem]:
        from guikou.engine.supervision.query import Query
        from guikou.engine.text import folded

        look.policy  # noqa: B018  there is a database at all
        found = look.session.store.cases(Query(text=incomplete or None, limit=_OFFERED))
        wanted = folded(incomplete)
        ids = [
            CompletionItem(one.organization, help=one.name)
            for one in found
            if folded(one.organization).startswith(wanted)
        ]
        return ids or [
            CompletionItem(one.name, help=one.organization) for one in found if folded(one.name).startswith(wanted)
        ]


def once_named(case: Case, name: str) -> str:
    """That a name is one that a case had before."""
    return t(
        f"“{name}”是 {case.organization} {case.name} 的曾用名",
        f"'{name}' is what {case.organization} {case.name} was called before",
    )


def _named_otherwise(supervision: Supervision, word: str, case: Case) -> str | None:
    """That an id is not the case's own: the organisation had it before, or it is that of a case merged into this."""
    store, ids = supervision.store, {word, supervision.policy.identity.normal(word)}
    if case.organization in ids:
        return None
    if any(own.id != case.id for id in ids if (own := store.get(store.alias(id) or id)) is not None):
        return _merged_into(word, case)
    return t(
        f"旧代码“{word}”现为 {case.organization} {case.name}",
        f"'{word}' is an id from before: it is {case.organization} {case.name} now",
    )


def _merged_into(word: str, case: Case) -> str:
    return t(
        f"“{word}”已并入 {case.organization} {case.name}", f"'{word}' was merged into {case.organization} {case.name}"
    )


class NamedFact(Named):
    """A fact by its name, its title or what registers call it; and an organisation's name and area."""

    def find(self, look: Look, word: str) -> str:
        """Its name. Raises Ambiguous."""
        found = super().find(look, word)
        return found if found in look.policy.facts else look.policy.wording.column(word) or found


class NamedParked(Named):
    """What is parked, by its id or its name."""

    name = "parked"

    def __init__(self) -> None:
        super().__init__(lambda look: {})

    def find(self, look: Look, word: str) -> str:
        """Its id, or the word where nothing is parked under it. Raises Ambiguous."""
        from guikou.engine.policy import names
        from guikou.engine.text import Title, matching

        waiting = look.session.supervision.intake.parked
        if waiting(id=look.policy.identity.normal(word), state=None):
            return word
        named = {one.id: Title(one.name or one.id, one.name or one.id) for one in waiting()}
        found = matching(word, named)
        if len(found) < 2:
            return found[0] if found else word
        return names.named(word, {id: named[id] for id in found}, Title("暂存", "what is parked"))

    def offered(self, look: Look, incomplete: str) -> list[CompletionItem]:
        from guikou.engine.text import folded

        wanted = folded(incomplete)
        return [
            CompletionItem(one.id, help=one.name)
            for one in look.session.supervision.intake.parked()
            if folded(one.id).startswith(wanted) or folded(one.name or "").startswith(wanted)
        ][:_OFFERED]


_OFFERED = 50


class NamedArea(Named):
    """An area, as a register may write it; or by the beginning of its title."""

    def __init__(self) -> None:
        super().__init__(_areas)

    def find(self, look: Look, word: str) -> str:
        from guikou.engine.errors import UnknownArea

        try:
            return look.policy.wording.area(word).key
        except UnknownArea:
            return super().find(look, word)


class NamedBody(Named):
    """A body, as a register may write it; or by the beginning of its title."""

    def __init__(self) -> None:
        super().__init__(_bodies)

    def find(self, look: Look, word: str) -> str:
        from guikou.engine.errors import UnknownBody

        try:
            return look.policy.wording.body(word).id
        except UnknownBody:
            found = super().find(look, word)
            if found not in look.policy.places.bodies:
                raise
            return found


class NamedOwnCase(NamedCase):
    """The same, but one that was merged into another is still named by its own id."""

    def find(self, look: Look, word: str) -> str:
        supervision = look.session.supervision
        own = supervision.store.get(supervision.policy.identity.normal(word))
        return own.organization if own is not None and own.same_as is not None else super().find(look, word)


class Words(click.ParamType[str]):
    """One of a few words of the command line's own, each also by its title or a beginning."""

    name = "choice"

    def __init__(self, words: Mapping[str, tuple[str, str]]) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(t(zh if zh == key else f'{zh}({key})', key) for key, (zh, _) in self.words.items())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from guikou.engine.text import Title, matching, with_titles

        titles = {key: Title(*pair) for key, pair in self.words.items()}
        found = matching(str(value), titles)
        if len(found) == 1:
            return found[0]
        known = _spoken(with_titles({key: titles[key] for key in found} or titles))
        return self.fail(t(f"没有 “{value}”；可用：{known}", f"there is no '{value}'; use one of: {known}"), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(key, help=t(*pair)) for key, pair in self.words.items() if key.startswith(incomplete)]


def resolve(session: Session, command: click.Command, values: dict[str, Any]) -> None:
    """Put codes in the place of the words that name something, one after the other."""
    for param in command.params:
        kind, given = param.type, values.get(param.name or "")
        if isinstance(kind, Named) and given and param.name is not None:
            values[param.name] = _resolved(kind, Look(session, values), given, param)


def _resolved(kind: Named, look: Look, given: Any, param: click.Parameter) -> Any:
    if isinstance(given, dict):
        found: dict[str, str] = {}
        for word, value in given.items():
            key = kind.find(look, word)
            if key in found:
                raise click.BadParameter(
                    t(f"“{key}” 给出了两次", f"'{key}' is given twice"), click.get_current_context(), param
                )
            found[key] = value
        return found
    if isinstance(given, (tuple, list)):
        return tuple(kind.find(look, word) for word in given)
    return kind.find(look, given)


#: How completion, which runs no command, comes by a session.
_open_session: list[Callable[[Mapping[str, Any]], Session]] = []


def opens_sessions(made: Callable[[Mapping[str, Any]], Session]) -> None:
    """Let completion make sessions so: they rest on this module, and it can't name them itself."""
    _open_session.append(made)


def _looking(ctx: click.Context) -> Look:
    """What completion can know: the words so far, looked up as the command would."""
    values = dict(ctx.params)
    session = _open_session[-1](values)
    resolve(session, ctx.command, values)
    return Look(session, values)


def _spoken(title: Title) -> str:
    return t(title.zh, title.en)


# --- what can be named ------------------------------------------------------------------------------------------------


def _areas(look: Look) -> Titles:
    return look.policy.places.area_titles


def _bodies(look: Look) -> Titles:
    from guikou.engine.text import titles

    return titles(look.policy.places.bodies)


def _triggers(look: Look) -> Titles:
    from guikou.engine.policy.names import triggers

    own = look.workflow
    return triggers([own] if own is not None else look.policy.workflows.values())


def _triggers_now(look: Look) -> Iterable[str]:
    case, own = look.case, look.workflow
    return own.triggers_from(case.state) if case is not None and own is not None else ()


def _owed(look: Look) -> Iterable[str]:
    case = look.case
    return [name for name, duty in case.duties.items() if duty.due is not None] if case is not None else ()


def _asked(look: Look) -> Iterable[str]:
    """The gates that wait to be told what came of it."""
    case = look.case
    return [name for name, one in case.gates.items() if one.passed is None] if case is not None else ()


def _blocking(look: Look) -> Iterable[str]:
    """What keeps the case from going on, where that is cleared."""
    case = look.case
    return case.blockers if case is not None and look.values.get("clear") else ()


def _stages(look: Look) -> Titles:
    from guikou.engine.policy.names import stages

    return stages(look.policy)


def _stages_akin(look: Look, word: str) -> Iterable[str]:
    from guikou.engine.policy.names import stages_by_trigger

    return stages_by_trigger(look.policy, word)


def _titled(things: Callable[[Policy], Mapping[str, Any]]) -> Callable[[Look], Titles]:
    """The titles of what a policy has."""

    def found(look: Look) -> Titles:
        from guikou.engine.text import titles

        return titles(things(look.policy))

    return found


def _named(look: Look) -> Mapping[str, Any]:
    """What the command names, by its parameters; of a correction what the event that it corrects was about."""
    seq, case = look.values.get("seq"), look.values.get("case")
    if seq is None or case is None:
        return look.values
    event = next((one for one in look.session.supervision.history(case) if one.seq == seq), None)
    if event is None:
        return {}
    about = {
        "facts": dict(event.facts) if event.kind == "reported" else None, "trigger": event.trigger,
        "obligation": event.concerns, "gate": event.gate, "outcome": event.outcome, "record": event.record,
    }  # fmt: skip
    given = {name: look.values.get(name) for name in ("trigger", "outcome")}
    return {name: given.get(name) or one for name, one in about.items() if one is not None}


def _outcomes(look: Look) -> Titles:
    """How the obligation may end, or what may be told of the gate, that the command names."""
    from guikou.engine.text import titles

    named = _named(look)
    if named.get("gate") is not None:
        gate = look.policy.parts.gates.get(named["gate"])
        return titles(gate.told) if gate is not None else {}
    obligation = look.policy.obligations.get(named.get("obligation") or "")
    return titles(obligation.outcomes) if obligation is not None else {}


def _values(look: Look) -> Titles:
    from guikou.engine.text import titles

    named = _named(look)
    gate = look.policy.parts.gates.get(named.get("gate") or "")
    told = gate.told.get(named.get("outcome") or "") if gate is not None else None
    return titles(told.values) if told is not None else {}


def _evidence(look: Look) -> Titles:
    """What may be handed in with what the command names."""
    policy, values = look.policy, _named(look)
    if "facts" in values and "members" not in values:  # of a group that is founded, its facts need none
        return {name: policy.facts[name].title for name in values["facts"] or () if name in policy.facts}
    if "trigger" in values:
        own = look.workflow
        flows = policy.workflows.values() if values.get("case") == EVERY else [own] if own is not None else []
        return {
            key: flow.evidence[key]
            for flow in flows
            for one in flow.transitions
            if one.trigger == values["trigger"]
            for key in one.evidence
        }
    if "outcome" in values and "gate" in values:
        gate = policy.parts.gates.get(values["gate"])
        told = gate.told.get(values["outcome"]) if gate is not None else None
        return told.evidence if told is not None else {}
    if "obligation" in values:
        obligation = policy.obligations.get(values["obligation"])
        if obligation is None:
            return {}
        put_off = obligation.postponement
        return obligation.evidence if "outcome" in values else put_off.evidence if put_off is not None else {}
    if "record" in values:
        record = policy.parts.records.get(values["record"])
        return record.evidence if record is not None else {}
    kinds = policy.parts.groups
    chosen = [kinds[values["kind"]]] if values.get("kind") in kinds else kinds.values()
    return {key: title for one in chosen for key, title in one.evidence.items()}


def _ways(look: Look) -> Titles:
    """By what an indicator may be grouped."""
    from guikou.engine.text import Title

    vocabulary = look.policy.vocabulary
    own = {"all": Title("不分组", "nothing"), "body": Title("机构", "body"), "stage": Title("阶段", "stage")}
    ways = {way for one in look.policy.parts.indicators.values() for way in one.by}
    return {way: own.get(way) or vocabulary.title(way) for way in ("all", *sorted(ways))}


def _totals(look: Look) -> Titles:
    """By what what is overdue may be counted: besides the command line's own words, by the policy's tiers of areas."""
    from guikou.engine.text import Title

    own = {
        "body": Title("归口单位", "responsible body"),
        "stage": Title("阶段", "stage"),
        "type": Title("类型", "type"),
        "escalation": Title("上报层级", "escalation"),
        "all": Title("合计", "all"),
    }
    return {**look.policy.places.tiers, **own}


CASE, OWN_CASE, AREA, PARKED = NamedCase(), NamedOwnCase(), NamedArea(), NamedParked()
BODY = NamedBody()
TRIGGER = Named(_triggers, likely=_triggers_now)
STAGE = Named(_stages, ("阶段", "stage"), akin=_stages_akin)
TYPE = Named(_titled(lambda policy: policy.workflows), ("类型", "type"))
WORKFLOW = Named(_titled(lambda policy: policy.workflows), ("流程", "workflow"))
TABLE = Named(_titled(lambda policy: policy.tables), ("表", "table"))
FACT = NamedFact(_titled(lambda policy: policy.facts))
OBLIGATION = Named(_titled(lambda policy: policy.obligations), likely=_owed)
GATE = Named(_titled(lambda policy: policy.parts.gates), likely=_asked)
RECORD = Named(_titled(lambda policy: policy.parts.records))
VENUE = Named(_titled(lambda policy: policy.parts.venues))
GROUP = Named(_titled(lambda policy: policy.parts.groups))
SUPPORT = Named(_titled(lambda policy: policy.parts.support))
INDICATOR = Named(_titled(lambda policy: policy.parts.indicators))
BLOCKER = Named(lambda look: look.policy.blockers, likely=_blocking)
WAY = Named(_ways)
TOTALS = Named(_totals, ("分组", "grouping"))
OUTCOME, VALUE, EVIDENCE = Named(_outcomes), Named(_values), Named(_evidence)
