"""The same done to many cases in one go: which ones, what would come of it, and that it is done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.errors import BadTest, GuikouError, NotAFact
from guikou.engine.policy.facts import facts_in_words
from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title, listed, suggested, titles

from . import language, names, options
from .counted import tell
from .language import counted, t
from .names import EVERY
from .render import Column, print_rows
from .session import Session
from .values import read_value

if TYPE_CHECKING:
    from guikou.engine import CaseView
    from guikou.engine.rules.conditions import Condition
    from guikou.engine.supervision.batch import Batch, Pending

#: So many cases are changed in one transaction, and so many are shown at a terminal.
TOGETHER, SHOWN = 100, 20
_CHOOSING = ("--where", "--stage", "--type", "--area", "--under")


class InBulk(click.Command):
    """A command on a case that is done to many where options say to which: then no case is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not any(word.partition("=")[0] in _CHOOSING for word in args):
            return super().parse_args(ctx, args)
        try:
            return super().parse_args(ctx, [EVERY, *args])
        except click.BadParameter as error:
            told = t("；用 --where 等选项时不写案卷", "; with --where and the like no case is named")
            raise click.BadParameter(error.message + told, error.ctx, error.param, error.param_hint) from error


_COMPARED = re.compile(r"\s*(?P<fact>[^=<>≥≤＝＞＜]+?)\s*(?P<test>[<>≥≤＞＜].*)")


def _where(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    """Facts with their tests; employees>=50 is employees='>= 50'."""
    compared = (_COMPARED.fullmatch(word) for word in words)
    written = [f"{one['fact']}={one['test']}" if one else word for word, one in zip(words, compared, strict=True)]
    found: dict[str, str] = options.pairs(t("事实=条件", "FACT=TEST"))(ctx, param, tuple(written))
    return found


def chosen(function: Any) -> Any:
    """The options that say to which cases it is done, and whether it is."""
    where = click.option(
        "--where",
        multiple=True,
        type=names.FACT,
        callback=_where,
        metavar=t("事实=条件", "FACT=TEST"),
        help=t(
            "不写案卷，对全部符合的未结案卷办理：条件的写法与政策相同（如 正式党员数=>=3），可多次",
            "instead of a case, all open ones that meet this, as policies write tests (such as party_members='>= 3'); may be repeated",
        ),
    )
    yes = click.option(
        "--yes",
        is_flag=True,
        help=t("办理，而不先询问或只预览", "do it, without being asked, or instead of a preview"),
    )
    return where(options.narrowed(yes(function)))


@dataclass(frozen=True)
class Chosen:
    """Which cases are meant: by facts and their tests, and by the options of listings."""

    where: dict[str, str]
    stage: str | None
    type: str | None
    area: str | None
    under: str | None
    limit: int | None

    @classmethod
    def of(cls, case: str, given: dict[str, Any]) -> Chosen | None:
        """Taken out of what was given; None where a case was named."""
        found = cls(
            given.pop("where"), given.pop("stage"), given.pop("type_"), given.pop("area"), given.pop("under"),
            given.pop("limit"),
        )  # fmt: skip
        if case != EVERY:
            return None
        if not (found.where or found.stage or found.type or found.area or found.under):
            raise click.UsageError(t("请用 --where 等说明是哪些案卷", "say which cases, with --where and the like"))
        return found

    def cases(self, session: Session) -> list[CaseView]:
        """Raises UsageError, and click's for a test that can't be read."""
        from guikou.engine.decide.due.context import case_context

        office, condition = session.supervision, self._condition(session)
        day = office.today(session.as_of)
        views = office.cases(closed=False, stage=self.stage, type=self.type, area=self.area, under=self.under)
        found = (view for view in views if condition.evaluate(case_context(view.policy, view.case, day)))
        return [view for view, _ in zip(found, range(self.limit or options.MOST), strict=False)]

    def _condition(self, session: Session) -> Condition:
        from guikou.engine.rules.notation import parse_condition

        policy, written = session.policy, dict[str, str]()
        for fact, test in self.where.items():
            if fact not in policy.vocabulary.kinds:
                raise NotAFact(fact=fact, known=suggested(fact, titles(policy.facts)))
            written[fact] = _as_policies_write(policy, fact, test) if fact in policy.facts else test
        try:
            return parse_condition(written, policy.vocabulary.kinds)
        except BadTest as error:
            raise click.UsageError(f"--where{t('：', ': ')}{_should_be(policy, error, self.where)}") from error


def _should_be(policy: Policy, error: BadTest, given: dict[str, str]) -> str:
    """What a test that can't be read should be, in the words of whoever typed it."""
    spec = policy.facts.get(error.details["fact"])
    if spec is None or spec.kind.ordered:
        return f"{error.message(language.LANG)}{t('；', '; ')}{error.hint(language.LANG)}"
    yes_no = [Title("是", "true"), Title("否", "false")]
    body = [Title("机构的代码或名称", "a body's id or title")]
    known = listed(body if spec.kind.name == "body" else spec.titles.values() or yes_no)
    test = given[spec.name]
    return t(
        f"“{spec.title.zh}={test}” 不可用；可写：{known.zh}；null 为已知没有，not(…) 为不是",
        f"'{spec.name}={test}' is no test; write one of: {known.en}; null is known to be none, not(...) any other",
    )


_TEST = re.compile(r"(?P<sign>[<>]=?|=|≥|≤|＞|＜)?(?P<value>[^,，]+)")
_SIGNS = {"≥": ">=", "≤": "<=", "＞": ">", "＜": "<", "=": ""}


def _as_policies_write(policy: Policy, fact: str, test: str) -> str:
    """A test as policies write it, whose values may be written as a person does: 是, a title, 2015年3月1日; one that
    holds anything else stays as it is."""
    found = []
    for part in re.split("[,，]", test):
        match = _TEST.fullmatch(part.strip())
        if match is None:
            return test
        try:
            value = read_value(policy, fact, match["value"].strip())
        except GuikouError:
            return test
        sign = match["sign"] or ""
        found.append(f"{_SIGNS.get(sign, sign)} {_literal(value)}".strip())
    return ", ".join(found)


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


#: What is done to one case, added to a batch. Raises GuikouError where it is refused before.
Adds = Callable[["Batch", "CaseView", str | None], "Pending[CaseView]"]


def carry_out(session: Session, which: Chosen, adds: Adds, request_id: str | None, yes: bool) -> int:
    """Do it to all of them, or without `yes` say what would come of it; the exit code."""
    views = which.cases(session)
    if not views:
        click.echo(t("没有符合的案卷", "no such case"))
        return 0
    done: list[tuple[CaseView, Pending[CaseView]]] = []
    failed: GuikouError | None = None
    for start in range(0, len(views), TOGETHER):
        batch, some = session.supervision.batch(), views[start : start + TOGETHER]
        told = [(view, _added(adds, batch, view, request_id)) for view in some]
        try:
            batch.run(dry_run=not yes)
        except GuikouError as error:  # what came before is kept, and told
            failed = error
            break
        done += told
    _print(session, done)
    refused = Counter(_why(pending.refused) for _, pending in done if pending.refused is not None)
    good = len(done) - refused.total()
    what = t("；", "; ").join(f"{why} ({count})" for why, count in refused.most_common(_REASONS))
    same = sum(_is_as_before(view, one.answer()) for view, one in done if one.refused is None)
    if yes:
        text = t(f"已办理 {good} 件", f"done: {good} of {len(done)}")
        text += t(f"（其中 {same} 件无变化）", f" (nothing changed in {same})") if same else ""
        text += t(f"；{refused.total()} 件未能办理：{what}", f"; refused: {what}") if refused else ""
    else:
        text = t(
            f"共 {len(done)} 件，其中 {good} 件可办理",
            f"{counted(len(done), 'case', 'cases')}, of which {good} can be done",
        )
        text += t(f"（{same} 件不会有变化）", f" (nothing would change in {same})") if same else ""
        text += t(f"，{refused.total()} 件不能：{what}", f"; refused: {what}") if refused else ""
        text += t("。尚未办理；办理请加 --yes", ". Nothing was done; add --yes to do it")
    tell(session, text)
    if failed is not None:
        raise failed
    return 1 if yes and refused else 0


def _added(adds: Adds, batch: Batch, view: CaseView, request_id: str | None) -> Pending[CaseView]:
    """What is done to a case, added to a batch; or refused before, as where the body does not see it."""
    from guikou.engine.supervision.batch import Pending

    try:
        return adds(batch, view, f"{request_id}:{view.id}" if request_id else None)
    except GuikouError as error:
        pending: Pending[CaseView] = Pending("", (), {})
        pending.fail(error)
        return pending


#: So many reasons are told in sum.
_REASONS = 3


def _why(error: GuikouError) -> str:
    """Why, in a word: what it says of a case differs from case to case."""
    return error.message(language.LANG).replace(f"“{error.details.get('case', '')}” ", "")


_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("stood", "原状态", "stood", folds=1),
    Column("becomes", "新状态", "becomes", folds=1),
    Column("responsible", "归口单位", "responsible body", folds=2),
    Column("refused", "不能办理的原因", "refused"),
    Column("code", "原因代码", "code of the refusal", table=False),
]


def _print(session: Session, done: list[tuple[CaseView, Pending[CaseView]]]) -> None:
    """Each case with what became of it, or would; at a terminal only the first, those that are refused before."""
    rows = [_row(view, pending) for view, pending in done]
    if session.format == "table" and session.output is None:
        rows = sorted(rows, key=lambda row: not row[-1])[:SHOWN]
    print_rows(session, _COLUMNS, rows)
    if len(rows) < len(done):
        click.echo(
            t(
                f"（此处 {len(rows)} 件；全部：-o 文件.xlsx）",
                f"({len(rows)} of {len(done)}; all of them: -o FILE.xlsx)",
            )
        )


def _becomes(before: CaseView, after: CaseView) -> Title:
    """What becomes of a case: its new state; or where it stands as it stood, what else is another."""
    if _is_as_before(before, after):
        return Title("无变化", "nothing changed")
    told = {name: value for name, value in after.case.facts.items() if before.case.facts.get(name, ...) != value}
    if after.state != before.state or not told:
        return after.what
    return facts_in_words(after.policy.vocabulary, told)


def _is_as_before(before: CaseView, after: CaseView) -> bool:
    return after.case.revision == before.case.revision


def _row(view: CaseView, pending: Pending[CaseView]) -> list[Any]:
    refused = pending.refused
    after = pending.answer() if refused is None else view
    told = Title(refused.message("zh"), refused.message("en")) if refused is not None else None
    becomes = _becomes(view, after) if refused is None else None
    return [view.id, view.name, view.what, becomes, after.responsible, told, refused.code if refused else None]
