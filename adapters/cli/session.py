"""One run of a command: what was set, and the policy, the database and the Supervision that this leads to."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

import click

from guikou import workflows
from guikou.engine.errors import FutureDay, GuikouError, NotInitialized
from guikou.engine.policy.files.load import parse
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.supervision import Supervision
from guikou.engine.text import Title, masked, visible

from .. import locales
from .help import LANGUAGES
from .language import t
from .names import BODY, EVERY, Look, NamedLater, Words, opens_sessions, resolve
from .options import Day
from .output import apart, check, format_for
from .settings import configured
from .terminal import check_text

if TYPE_CHECKING:
    from ..sql import SqlStore
    from .render import Column

F = TypeVar("F", bound=Callable[..., Any])
#: What a listing can be printed as.
FORMATS = ("table", "json", "csv", "xlsx")
#: Whoever acts is looked up when it is asked for: some commands only pass it on.
AS_BODY = NamedLater(BODY)
#: The database where none is named.
DATABASE = "sqlite:///guikou.db"


@dataclass
class Session:
    """One run's settings, and the Supervision they lead to."""

    db: str
    format: str
    output: str | None
    as_body: str | None
    as_of: date | None
    known_on: date | None = None
    #: Whether what is at `output` already may be written over, whatever it is.
    force: bool = False
    #: What was written to `output`.
    written: list[str] = field(default_factory=list)
    #: How the cases that the command names stood before it did anything: their revisions, by id.
    found: dict[str, int] = field(default_factory=dict)
    #: What is to be told of what the command names, before it does anything.
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, given: Mapping[str, Any], formats: Sequence[str] = FORMATS) -> Session:
        """From the options that all commands share, and from what is set elsewhere."""
        settings = configured(os.environ)
        usual = settings.get("format", "")
        left = usual if usual in formats else formats[0]
        return cls(
            db=given.get("db") or settings.get("db") or os.environ.get("GUIKOU_DB") or DATABASE,
            format=format_for(given.get("format_"), left, tuple(formats), given.get("output")),
            output=given.get("output"),
            as_body=given.get("as_body") or settings.get("as"),
            as_of=given.get("as_of"),
            known_on=given.get("known_on"),
            force=bool(given.get("force")),
        )

    @functools.cached_property
    def body(self) -> str | None:
        """The body that acts or looks, by its id as far as the policy knows it. Raises Ambiguous."""
        if self.as_body is None:
            return None
        return BODY.find(Look(self, {}), self.as_body)

    @functools.cached_property
    def store(self) -> SqlStore:
        """The database. Raises NotInitialized where there is none: to open it would make an empty file."""
        if not self.exists():
            raise NotInitialized(db=masked(self.db))
        return self.opened()

    def opened(self, upgrade: bool = False, backup: bool = True) -> SqlStore:
        """The database; one of an older guikou only where it may be upgraded, with a backup first or without."""
        from ..sql import SqlStore

        return SqlStore(self.db, upgrade=upgrade, backup=backup)

    @functools.cached_property
    def supervision(self) -> Supervision:
        office = Supervision(self.policy, self.store)
        return office.known_on(self.known_on) if self.known_on is not None else office

    @functools.cached_property
    def policy(self) -> Policy:
        return parse(self.policy_files(), proved=True)

    def policy_files(self) -> Mapping[str, str]:
        """The texts of the database's policy, by file. Raises NotInitialized."""
        files = self.store.policy_files()
        if files is None:
            raise NotInitialized(db=self.store.shown)
        return files

    def named(self, name: str | None) -> Policy:
        """The policy of that name or in that folder; without one, that of the database. Raises UnknownPolicy."""
        return workflows.load(name) if name else self.policy

    def when(self) -> date | None:
        """The day on which something takes effect. Raises FutureDay: what happened on a day to come could only be
        followed by what happens after it."""
        today = self.supervision.today()
        if self.as_of is not None and self.as_of > today:
            raise FutureDay(day=self.as_of, today=today)
        return self.as_of

    def local(self, instant: datetime | None) -> datetime | None:
        """An instant as it is shown: by the clock of where the policy holds; as JSON in UTC."""
        if instant is None or self.format == "json":
            return instant
        return instant.astimezone(self.policy.zone).replace(tzinfo=None)

    def timed(self, column: Column) -> Column:
        """A column of instants, whose heading says by which clock they are."""
        zone = self.policy.zone
        zh, en = f"{column.zh}（{locales.zone(zone, 'zh')}）", f"{column.en} ({locales.zone(zone, 'en')})"
        return replace(column, zh=zh, en=en)

    def exists(self) -> bool:
        """Whether there is a database, as far as that can be told without opening it."""
        path, files = re.subn(r"^sqlite(\+\w+)?:///", "", self.db)
        path = unquote(path.partition("?")[0])  # as SQLAlchemy reads it
        return ("://" in self.db and not files) or os.path.exists(re.sub("^file:(//)?", "", path))

    def looked_at(self) -> date | None:
        """The day as of which cases were looked at; None where none were."""
        return self.as_of or (self.supervision.today() if "supervision" in vars(self) else None)

    def scope(self, under: str | None) -> Title:
        """What a heading says of whose cases alone are listed: those of a body, or of the one that looks, and below."""
        by = under or self.body
        if by is None or by not in self.policy.places.bodies:
            return Title("", "")
        title = self.policy.places.bodies[by].title
        return Title(f"，限{title.zh}及其下级", f", {title.en} and below")

    def acting(self) -> str:
        """The body that acts. Raises click.UsageError if none was named."""
        if self.as_body is None or self.body is None:
            raise click.UsageError(
                t("请用 --as 指明办理单位", "say which body acts, with --as"), click.get_current_context()
            )
        return self.body


opens_sessions(Session.of)


def with_session(
    writes: bool = False,
    formats: tuple[str, ...] = FORMATS,
    on_record: bool = False,
    says: bool = False,
    dated: bool = True,
) -> Callable[[F], Callable[..., Any]]:
    """The options that all commands share, given to the command as one Session; `formats` are those it can print, the
    first one where the one set in the configuration file is none of them. `on_record`: it asks of cases alone, and so
    also what was on record on a day. `says`: it says itself which file it wrote. What is not `dated` refuses a day, and
    does not offer to take one."""

    def decorate(function: F) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(
            db: str | None,
            lang: str | None,
            format_: str | None,
            output: str | None,
            as_body: str | None,
            as_of: date | None,
            verbose: int,
            known_on: date | None = None,
            force: bool = False,
            **rest: Any,
        ) -> Any:
            from . import hints

            hints.TYPED.set(lambda command: ())
            hints.FOUNDING.set("members" in rest)
            _log(verbose)
            shared = {
                "db": db, "format_": format_, "output": output, "as_body": as_body, "as_of": as_of,
                "known_on": known_on, "force": force,
            }  # fmt: skip
            session = Session.of(shared, formats)
            check_text(click.get_current_context().command, {**shared, **rest})
            if output is not None:  # before anything is done that its file could then not tell
                check(output, session.format, session.db, force=force, new=writes)
                apart(output, rest.values())
            resolve(session, click.get_current_context().command, rest)
            for note in session.notes:
                click.echo(visible(note), err=True)
            if isinstance(case := rest.get("case"), str) and case != EVERY:
                hints.TYPED.set(functools.partial(_typed, session, case, rest.get("facts") or {}))
            result = function(session, **rest)
            if session.written and output is not None:
                if not says:
                    click.echo(t(f"已写入 {output}", f"written: {output}"), err=True)
            elif output is not None:
                click.echo(
                    t(f"此命令没有列表，未写入 {output}", f"this prints no listing: {output} was not written"), err=True
                )
            return result

        when = t("生效日期（默认为今天）", "the day it takes effect (default: today)")
        if not writes:
            when = t("按该日结束时的状态", "as things stand at the end of that day")
        known = click.option(
            "--known-on",
            type=Day(),
            help=t("只按该日结束时已有的记录", "by what was on record at the end of that day alone"),
        )
        options = [
            click.option(
                "--db",
                envvar="GUIKOU_DB",
                metavar=t("地址", "URL"),
                help=t("数据库（默认 sqlite:///guikou.db）", "the database (default sqlite:///guikou.db)"),
            ),
            click.option("--lang", type=Words(LANGUAGES), help=t("语言", "language")),
            click.option(
                "--format",
                "format_",
                type=click.Choice(list(formats)),
                help=t("输出格式", "how to print"),
            ),
            click.option("-o", "--output", type=click.Path(dir_okay=False), help=t("写入文件", "write to a file")),
            click.option(
                "--force",
                is_flag=True,
                help=t("覆盖该处已有的其他文件", "write over another file that is there already"),
            ),
            click.option(
                "--as",
                "as_body",
                type=AS_BODY,
                metavar=t("机构", "BODY"),
                help=t("以该机构的身份", "act, or look, as this body"),
            ),
            click.option("--as-of", type=Day(), help=when, hidden=not dated),
            *([known] if on_record else []),
            click.option("-v", "--verbose", count=True, help=t("输出日志到标准错误", "log to standard error")),
        ]
        for option in reversed(options):
            run = option(run)
        return run

    return decorate


def _typed(session: Session, case: str, facts: Mapping[str, str], command: str) -> list[str]:
    """What a hint's command is typed with: the case, the body that was named, the day, and the facts that were told
    already. Facts are told by a body that sees the case."""
    from guikou.engine.decide.roles import sees

    words, body = [case], session.body if session.as_body is not None else None
    if body is not None and command == "facts":
        with suppress(GuikouError):  # what can't be looked at is told of by what is being told
            policy, day = session.policy, session.supervision.today(session.as_of)
            one = session.supervision.get(case).case
            body = body if sees(policy, one, body, day) else policy.places.acting_id(one.responsible, day)
    if body is not None:
        words += ["--as", body]
    if session.as_of is not None and command in ("facts", "gate ask"):
        words += ["--as-of", str(session.as_of)]
    if command == "facts":
        words += [f"{name}={value}" for name, value in facts.items()]
    return words


def _log(verbose: int) -> None:
    if verbose:
        from loguru import logger

        from .. import sql  # noqa: F401  it turns its logs off when it is imported, so before they are turned on

        logger.remove()
        # Through click, so that it goes to what is standard error now.
        logger.add(
            lambda text: click.echo(text, err=True, nl=False),
            level="INFO" if verbose == 1 else "DEBUG",
            format="{time:HH:mm:ss} {level} {message}",
        )
        logger.enable("guikou")
