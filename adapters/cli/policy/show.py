"""policy show: a summary, or a part of it."""

from __future__ import annotations

import click

from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title

from ... import locales
from .. import names, options
from ..language import t
from ..render import Column, Worded, note, print_one, print_rows
from ..session import Session, with_session
from ..titles import spoken
from .parts import PARTS, TITLES


@click.command("show", help=t(
    "查看政策：概要，或其一部分。\n\n\b\n示例：\n  guikou policy show\n  guikou policy show beijing-2015 --part workflows\n  guikou policy show --table 归口表",
    "Show a policy: a summary, or a part of it.\n\n\b\nExamples:\n  guikou policy show\n  guikou policy show beijing-2015 --part workflows\n  guikou policy show --table routing",
))  # fmt: skip
@options.policy
@click.option(
    "--part",
    type=names.Words({"summary": ("概要", "summary"), **TITLES}),
    default="summary",
    help=t("哪一部分", "which part"),
)
@click.option(
    "--table", "table", type=names.TABLE, metavar=t("表", "TABLE"), help=t("一张决策表的各行", "the rows of a table")
)
@with_session()
def show_command(session: Session, policy_name: str | None, part: str, table: str | None) -> None:
    policy = session.named(policy_name)
    if table is not None:
        _show_table(session, policy, table)
    elif part == "summary":
        _show_summary(session, policy)
    else:
        columns, rows = PARTS[part](policy)
        print_rows(session, columns, rows, name=f"{policy.name} {part}")


def _show_summary(session: Session, policy: Policy) -> None:
    print_one(session, [
        (Column("policy", "政策", "policy"), policy.name),
        (Column("title", "名称", "title"), policy.title),
        (Column("version", "版本", "version"), policy.version),
        (Column("effective", "生效", "effective"), policy.effective),
        (Column("source", "来源", "source"), policy.source),
        (Column("time_zone", "时区", "time zone"), _zone(policy)),
        (Column("digest", "摘要", "digest"), policy.digest),
        (Column("tiers", "层级", "tiers"), list(policy.places.tiers.values())),
        (Column("types", "类型", "types"), [one.title for one in policy.workflows.values()]),
        (Column("areas", "区域数", "areas"), len(policy.places.areas)),
        (Column("bodies", "机构数", "bodies"), len(policy.places.bodies)),
        (Column("facts", "事实数", "facts"), len(policy.facts)),
        (Column("tables", "决策表数", "tables"), len(policy.tables)),
    ])  # fmt: skip


def _zone(policy: Policy) -> Worded:
    return Worded(str(policy.zone), Title(locales.zone(policy.zone, "zh"), locales.zone(policy.zone, "en")))


def _show_table(session: Session, policy: Policy, name: str) -> None:
    table = policy.table(name)
    columns = [Column("row", "行", "row", right=True)]
    for fact, _ in table.inputs:
        title = policy.vocabulary.title(fact)
        columns.append(Column(fact, title.zh, title.en))
    columns += [Column(f"->{output}", f"→ {output}", f"-> {output}") for output in table.outputs]
    columns.append(Column("note", "依据", "note"))
    rows = [[row.number, *(test.text for test in row.tests), *row.outputs, note(row.note)] for row in table.rows]
    print_rows(session, columns, rows, spoken(policy.tables[name].title))
