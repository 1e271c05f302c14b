"""population: whole populations in Parquet under a policy."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title, listed

from ..clock import system_clock
from ..files import apart, check, save
from .language import t
from .render import Column, Worded, print_rows
from .session import Session, with_session

_FORMATS = ("table", "json", "csv", "xlsx")
_ERROR = Column("error", "原因代码", "error")
_COUNT = Column("count", "家数", "organisations", right=True)
#: What `compare` compares.
_COMPARED = ("type", "responsible", "hub", "state", "error")
_COMPARED_TITLES = {
    "type": Title("类型", "type"), "responsible": Title("归口单位", "responsible body"), "hub": Title("枢纽", "hub"),
    "state": Title("入口环节", "stage of entry"), "error": Title("不能受理", "not taken in"),
}  # fmt: skip


@click.group("population", help=t(
    "对 Parquet 文件中的全部组织成批适用政策：分类、归口、比较两个政策。不立案，不写数据库。\n\n"
    "文件每行一个组织：id、area（区域代码），以及与政策中事实同名的列；空值即不知。",
    "Apply a policy to all organisations of a Parquet file at once: classify, route, compare two policies. No case is opened and no database written.\n\n"
    "The file has a row for each organisation: id, area (its code), and columns named as the policy's facts; null is not known.",
))  # fmt: skip
def population_command() -> None:
    pass


_file = click.argument("file", type=click.Path(path_type=Path, exists=True), metavar=t("文件", "FILE"))
_policy = click.option("--policy", metavar=t("政策", "POLICY"), help=t("政策（默认为数据库所用的）", "the policy (default: that of the database)"))  # fmt: skip
_to = click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t(
        "另将每个组织的结果写入该 Parquet 文件", "write what came out for each organisation to this Parquet file, too"
    ),
)
_engine = click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help=t("计算引擎", "what computes it"))  # fmt: skip
_master = click.option("--master", metavar="URL", help=t("Spark 集群（默认在本机）", "the cluster of Spark (default: on this machine)"))  # fmt: skip


def _of_a_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all of them take."""
    command = with_session(formats=_FORMATS)(command)
    for option in (_master, _engine, _to, _policy, _file):
        command = option(command)
    return command


@population_command.command("classify", help=t(
    "分类：各类型的家数，以及不能分类的家数和原因。\n\n\b\n示例：\n  guikou population classify 全市.parquet --policy beijing-2015 --to 分类.parquet",
    "Classify: how many there are of each type, and of which none can be told, and why.\n\n\b\nExample:\n  guikou population classify all.parquet --policy beijing-2015 --to types.parquet",
))  # fmt: skip
@_of_a_file
def classify_command(session: Session, policy: str | None, **given: Any) -> None:
    own = session.named(policy)
    titles = {name: workflow.title for name, workflow in own.workflows.items()}
    columns = [Column("type", "代码", "code"), _ERROR, Column("title", "类型", "type"), _COUNT]
    _count(session, own, columns, t("分类", "Types"), "type", titles, asked=("type",), dues=False, **given)


@population_command.command("route", help=t(
    "归口：各归口单位的家数，以及不能归口的家数和原因；--to 写出每个组织的类型、归口单位、枢纽、入口环节、首个期限及所依据的行。\n\n\b\n示例：\n  guikou population route 全市.parquet --policy beijing-2015 --as-of 2016-01-04 --to 归口.parquet",
    "Route: how many belong to each body, and of which none can be told, and why. --to writes each one's type, body, hub, stage of entry, first due dates, and the rows that decided.\n\n\b\nExample:\n  guikou population route all.parquet --policy beijing-2015 --as-of 2016-01-04 --to routes.parquet",
))  # fmt: skip
@_of_a_file
def route_command(session: Session, policy: str | None, **given: Any) -> None:
    own = session.named(policy)
    titles = {id: body.title for id, body in own.places.bodies.items()}
    columns = [Column("body", "代码", "code"), _ERROR, Column("title", "归口单位", "body"), _COUNT]
    dues = given["to"] is not None
    _count(session, own, columns, t("归口", "Routes"), "responsible", titles, asked=None, dues=dues, **given)


@population_command.command("compare", help=t(
    "比较：改用另一政策后，多少组织的类型、归口单位、枢纽、入口环节会变，从什么变成什么。\n\n\b\n示例：\n  guikou population compare 全市.parquet --policy beijing-2015 --with ./新政策 --to 变化.parquet",
    "Compare: under another policy, of how many organisations the type, body, hub or stage of entry is another, and which.\n\n\b\nExample:\n  guikou population compare all.parquet --policy beijing-2015 --with ./new-policy --to changes.parquet",
))  # fmt: skip
@click.option("--with", "other", required=True, metavar=t("政策", "POLICY"), help=t("另一政策", "the other policy"))
@_of_a_file
def compare_command(session: Session, policy: str | None, other: str, to: Path | None, **given: Any) -> None:
    old, new = session.named(policy), session.named(other)
    with _opened(session, to=to, **given) as (population, folder):
        _tell_unread([name for name in population.unread(old) if name in population.unread(new)])
        by = [key for key in _COMPARED if all(_asked(one, key) for one in (old, new))]
        answers = [
            population.under(one, _day(session, one), dues=False, prefix=prefix)
            for one, prefix in ((old, "old_"), (new, "new_"))
        ]
        population.engine.keep("changes", population.changes(answers[0], answers[1], by))
        counts = {
            (key, was, now): count
            for key in by
            for was, now, count in population.counted("changes", (f"old.{key}", f"new.{key}"))
            if was != now
        }
        rows = [
            [_COMPARED_TITLES[key], _worded(old, key, was), _worded(new, key, now), count]
            for (key, was, now), count in counts.items()
        ]
        columns = [Column("what", "内容", "what"), Column("was", "原为", "was"), Column("now", "改为", "now"), _COUNT]
        print_rows(session, columns, rows, t("变化", "Changes"), empty=t("没有变化", "nothing changes"))
        _save(session, population.engine, "changes", to, folder)


def _count(
    session: Session,
    policy: Policy,
    columns: Sequence[Column],
    title: str,
    key: str,
    titles: Mapping[str, Title],
    *,
    asked: Sequence[str] | None,
    dues: bool,
    to: Path | None,
    **given: Any,
) -> None:
    """How many there are with each value of a column of the answer, and of which it can't be told, by reason."""
    from ..bulk.placement import ASKED

    with _opened(session, to=to, **given) as (population, folder):
        _tell_unread(population.unread(policy))
        answer = population.under(policy, _day(session, policy), asked or ASKED, dues=dues)
        found = population.counted(answer, (key, "error", "about", "refusal"))
        rows = [[value, None, titles[value], count] for value, *_, count in found if value is not None]
        rows += _faults(policy, [(error, about, refusal, count) for _, error, about, refusal, count in found if error])
        sums = [[None, None, t("合计", "total"), sum(row[-1] for row in rows)]]
        print_rows(session, columns, rows, title, empty=t("文件中没有组织", "the file has no organisations"), sums=sums)
        _save(session, population.engine, answer, to, folder)


def _worded(policy: Policy, key: str, value: str | None) -> Any:
    """What is compared, as a person reads it; a program gets it as it is."""
    if value is None:
        return None
    match key:
        case "type":
            words = policy.workflows[value].title
        case "responsible" | "hub":
            words = policy.places.bodies[value].title
        case "state":
            words = next(one.full_title(value) for one in policy.workflows.values() if value in one.states)
        case _:
            words = _WHY.get(value, Title(value, value))
    return Worded(value, words)


def _asked(policy: Policy, key: str) -> bool:
    return key in ("type", "error", "state") or bool(getattr(policy.intake, key))


@contextmanager
def _opened(session: Session, file: Path, to: Path | None, engine: str, master: str | None) -> Iterator[Any]:
    """The population of a file, with a folder for what the engine keeps meanwhile."""
    from ..bulk.engines import opened
    from ..bulk.population import Population

    if to is not None:  # before hours of work that could then not be kept
        apart(to, [file])
        check(str(to), "parquet", session.db, force=session.force)
    with tempfile.TemporaryDirectory(prefix="guikou-") as folder, opened(engine, Path(folder), master) as found:
        yield Population(found, file), Path(folder)


def _day(session: Session, policy: Policy) -> Any:
    return session.as_of or policy.day(system_clock())


def _tell_unread(columns: Sequence[str]) -> None:
    if columns:
        names = listed([Title(one, one) for one in columns])
        click.echo(t(f"未读取的列（政策中没有这些事实）：{names.zh}", f"columns that are passed over, for the policy has no such facts: {names.en}"), err=True)  # fmt: skip


def _faults(policy: Policy, found: Sequence[tuple[str, str | None, int | None, int]]) -> list[list[Any]]:
    """Why organisations are not placed, with how many, the most first."""
    counts = Counter[tuple[str, Title]]()
    for error, about, refusal, count in found:
        counts[error, _why(policy, error, about, refusal)] += count
    return [[None, error, why, count] for (error, why), count in counts.most_common()]


def _why(policy: Policy, error: str, about: str | None, refusal: int | None) -> Title:
    if refusal is not None and error == "not-admitted":
        because = policy.intake.refusals[refusal].because
        return Title(f"不予受理：{because.zh}", f"not admitted: {because.en}")
    words = _WHY.get(error, Title(error, error))
    if not about or error == "unknown-area":
        return words
    names = [policy.vocabulary.title(one) for one in about.split(",")] if error in ("missing-fact", "bad-fact") else []
    told = listed(names) if names else Title(about, about)
    return Title(f"{words.zh}：{told.zh}", f"{words.en}: {told.en}")


_WHY = {
    "not-admitted": Title("不予受理", "not admitted"),
    "missing-fact": Title("缺少事实", "a fact is missing"),
    "bad-fact": Title("事实的值不可有", "a fact can't have its value"),
    "many-rules": Title("多行规则相互矛盾", "rows of a table clash"),
    "no-rule": Title("没有适用的规则", "no rule applies"),
    "no-such-body": Title("没有该机构", "there is no such body"),
    "no-such-tier": Title("区域没有该层级", "the area has no such tier"),
    "unknown-area": Title("政策中没有其区域", "the policy has no such area"),
}


def _save(session: Session, engine: Any, name: str, to: Path | None, folder: Path) -> None:
    """Write a relation to a file of one's own, if there is one."""
    if to is None:
        return
    from sqlglot import exp

    from ..bulk import sql

    def write(out: Any) -> None:
        place = folder / "to.parquet"
        engine.write(exp.select(exp.Star()).from_(sql.table(name)).sql(engine.dialect), place)
        with place.open("rb") as made:
            shutil.copyfileobj(made, out)

    save(str(to), "parquet", session.db, write, force=session.force)
    click.echo(t(f"已写入 {to}", f"written: {to}"), err=True)
