"""init, policy, sample, completion."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from guikou import workflows
from guikou.engine import verify
from guikou.engine.case import Title
from guikou.engine.errors import AlreadyInitialized, UnknownChoice
from guikou.engine.policy import Policy
from guikou.engine.supervision import fits

from .office import Day, Office, office
from .render import Column, print_one, print_rows
from .words import t


@click.command("init", help=t(
    "建库并启用政策。重复运行不产生变化。\n\n\b\n示例：\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
    "Make a database and activate a policy. Running it again changes nothing.\n\n\b\nExamples:\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
))  # fmt: skip
@click.option(
    "--policy",
    "name",
    default="beijing-2015",
    show_default=True,
    metavar="NAME|DIR",
    help=t("政策名称或目录", "a policy's name or folder"),
)
@office(writes=True)
def init_command(shared: Office, name: str) -> None:
    policy = workflows.load(name)
    if not shared.exists():
        verify.require(policy)  # before there is a file: what is refused leaves nothing behind
    store = shared.opened(upgrade=True)
    store.create()
    if store.policy_files() is not None:
        active = shared.policy
        if active.digest != policy.digest:
            raise AlreadyInitialized(db=store.shown, policy=f"{active.name} {active.version} ({active.digest[:12]})")
    else:
        verify.require(policy)
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    click.echo(
        t(f"{store.shown}：已启用 {policy.title.zh}（{policy.name} {policy.version}）",
          f"{store.shown}: {policy.title.en} ({policy.name} {policy.version}) is active")
    )  # fmt: skip


@click.group("policy", help=t("查看、证明、试用、比较、更换政策。", "Show, prove, try, compare or change the policy."))
def policy_command() -> None:
    pass


@policy_command.command("activate", help=t(
    "启用另一政策或新版本。\n\n\b\n示例：\n  guikou policy activate ./my-policy",
    "Activate another policy, or a new version.\n\n\b\nExample:\n  guikou policy activate ./my-policy",
))  # fmt: skip
@click.argument("name", metavar="NAME|DIR")
@office(writes=True)
def activate_command(shared: Office, name: str) -> None:
    policy = workflows.load(name)
    old = shared.policy
    verify.require(policy)
    fits(policy, shared.store)
    shared.store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    click.echo(
        t(f"{old.name} {old.version}（{old.digest[:12]}）→ {policy.name} {policy.version}（{policy.digest[:12]}）",
          f"{old.name} {old.version} ({old.digest[:12]}) -> {policy.name} {policy.version} ({policy.digest[:12]})")
    )  # fmt: skip


@policy_command.command("show", help=t(
    "查看政策：概要，或其一部分。\n\n\b\n示例：\n  guikou policy show\n  guikou policy show beijing-2015 --part workflows\n  guikou policy show --table routing",
    "Show a policy: a summary, or a part of it.\n\n\b\nExamples:\n  guikou policy show\n  guikou policy show beijing-2015 --part workflows\n  guikou policy show --table routing",
))  # fmt: skip
@click.argument("name", metavar="[NAME|DIR]", required=False)
@click.option(
    "--part",
    type=click.Choice(
        [
            "summary",
            "facts",
            "tables",
            "workflows",
            "bodies",
            "areas",
            "blockers",
            "obligations",
            "gates",
            "records",
            "groups",
            "support",
            "indicators",
        ]
    ),
    default="summary",
    help=t("哪一部分", "which part"),
)
@click.option("--table", "table", metavar="TABLE", help=t("一张决策表的各行", "the rows of a table"))
@office()
def show_command(shared: Office, name: str | None, part: str, table: str | None) -> None:
    policy = workflows.load(name) if name else shared.policy
    if table is not None:
        _show_table(shared, policy, table)
    elif part == "summary":
        _show_summary(shared, policy)
    else:
        columns, rows = _PARTS[part](policy)
        print_rows(shared, columns, rows)


def _show_summary(shared: Office, policy: Policy) -> None:
    def count(zh: str, en: str, key: str, number: int) -> tuple[Column, int]:
        return Column(key, zh, en), number

    print_one(shared, [
        (Column("policy", "政策", "policy"), policy.name),
        (Column("title", "名称", "title"), policy.title),
        (Column("version", "版本", "version"), policy.version),
        (Column("effective", "生效", "effective"), policy.effective),
        (Column("source", "来源", "source"), policy.source),
        (Column("time_zone", "时区", "time zone"), str(policy.zone)),
        (Column("digest", "摘要", "digest"), policy.digest),
        (Column("tiers", "层级", "tiers"), list(policy.tiers.values())),
        (Column("types", "类型", "types"), [one.title for one in policy.workflows.values()]),
        count("区域数", "areas", "areas", len(policy.areas)),
        count("机构数", "bodies", "bodies", len(policy.bodies)),
        count("事实数", "facts", "facts", len(policy.facts)),
        count("决策表数", "tables", "tables", len(policy.tables)),
    ])  # fmt: skip


def _show_table(shared: Office, policy: Policy, name: str) -> None:
    if name not in policy.tables:
        raise UnknownChoice(kind_en="table", kind_zh="表", name=name, known=sorted(policy.tables))
    table = policy.table(name)
    columns = [Column("row", "行", "row", right=True)]
    for fact, _ in table.inputs:
        title = policy.fact_title(fact)
        columns.append(Column(fact, title.zh, title.en))
    columns += [Column(f"->{output}", f"→ {output}", f"-> {output}") for output in table.outputs]
    columns.append(Column("note", "依据", "note"))
    rows = [[row.number, *(test.text for test in row.tests), *row.outputs, row.note] for row in table.rows]
    title = policy.tables[name].title
    print_rows(shared, columns, rows, t(title.zh, title.en))


_Part = tuple[list[Column], list[list[Any]]]
_ID, _TITLE = Column("id", "代码", "id"), Column("title", "名称", "title")


def _facts(policy: Policy) -> _Part:
    columns = [_ID, _TITLE, Column("type", "类型", "type"), Column("values", "取值", "values")]
    return columns, [[one.name, one.title, one.kind.name, list(one.kind.values)] for one in policy.facts.values()]


def _tables(policy: Policy) -> _Part:
    columns = [_ID, _TITLE, Column("hit", "命中策略", "hit policy"), Column("rows", "行数", "rows", right=True)]
    return columns, [
        [name, spec.title, policy.table(name).hit, len(policy.table(name).rows)] for name, spec in policy.tables.items()
    ]


def _workflows(policy: Policy) -> _Part:
    columns = [
        Column("workflow", "流程", "workflow"), Column("from", "从", "from"), Column("trigger", "动作", "trigger"),
        Column("title", "名称", "title"), Column("to", "到", "to"), Column("when", "条件", "when"),
        Column("by", "由谁", "by"), Column("evidence", "材料", "evidence"),
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for workflow in policy.workflows.values():
        for one in workflow.transitions:
            ways = [one.when, *one.when.alternatives]
            when = [f"{fact} {test.text}" for way in ways for fact, test in way.tests]
            rows.append(
                [
                    workflow.name,
                    one.source,
                    one.trigger,
                    workflow.triggers[one.trigger],
                    one.dest,
                    when,
                    list(one.by),
                    list(one.evidence),
                ]
            )
    return columns, rows


def _bodies(policy: Policy) -> _Part:
    columns = [
        _ID, _TITLE, Column("kind", "种类", "kind"), Column("tier", "层级", "tier"), Column("parent", "上级", "parent"),
        Column("valid_from", "自", "from", table=False), Column("valid_until", "至", "until", table=False),
    ]  # fmt: skip
    rows = [
        [
            one.id,
            one.title,
            policy.body_kinds[one.kind],
            policy.tiers[one.tier],
            one.parent,
            one.valid_from,
            one.valid_until,
        ]
        for one in policy.bodies.values()
    ]
    return columns, rows


def _areas(policy: Policy) -> _Part:
    columns = [
        Column("code", "代码", "code"),
        Column("key", "键", "key"),
        _TITLE,
        Column("tier", "层级", "tier"),
        Column("parent", "上级", "parent"),
    ]
    return columns, [
        [one.code, one.key, one.title, policy.tiers[one.tier], one.parent] for one in policy.areas.values()
    ]


def _blockers(policy: Policy) -> _Part:
    return [_ID, _TITLE], [[code, title] for code, title in policy.blockers.items()]


def _obligations(policy: Policy) -> _Part:
    columns = [
        _ID, _TITLE, Column("due", "期限", "due"), Column("opens", "提前办理", "opens before"), Column("when", "适用", "for"),
        Column("outcomes", "结论", "outcomes"), Column("note", "依据", "note"),
    ]  # fmt: skip
    rows = [
        [
            one.name,
            one.title,
            one.rule
            or (
                f"{one.every} ({', '.join(one.since)})"
                if one.every
                else t(f"产生后 {one.within}", f"{one.within} from when it is laid on")
            ),
            str(one.opens),
            [f"{fact} {test.text}" for fact, test in one.when.tests],
            list(one.outcomes),
            one.note,
        ]
        for one in policy.obligations.values()
    ]
    return columns, rows


_EVIDENCE, _BY = Column("evidence", "材料", "evidence"), Column("by", "由谁", "by")


def _gates(policy: Policy) -> _Part:
    columns = [
        Column("gate", "关口", "gate"), _TITLE, Column("outcome", "可回报的结果", "outcome"),
        Column("outcome_title", "名称", "its title"), Column("values", "取值", "values"), _EVIDENCE, _BY,
        Column("in_step", "须同步", "in step"), Column("asked_by", "由谁询问", "asked by", table=False),
    ]  # fmt: skip
    return columns, [
        [
            gate.name, gate.title, told.name, told.title, list(told.values), list(told.evidence), list(told.by),
            t("是", "yes") if gate.in_step is not None and told.name in gate.in_step.outcomes else None, list(gate.by),
        ]
        for gate in policy.parts.gates.values()
        for told in gate.told.values()
    ]  # fmt: skip


def _records(policy: Policy) -> _Part:
    columns = [_ID, _TITLE, Column("needs", "须给出", "needs"), _EVIDENCE, _BY, Column("note", "依据", "note")]
    rows = []
    for one in policy.parts.records.values():
        needs = [
            name
            for name, wanted in (("--amount", one.amount), ("--count", one.count), ("--venue", one.venue))
            if wanted
        ]
        rows.append([one.name, one.title, needs, list(one.evidence), list(one.by), one.note])
    return columns, rows


def _groups(policy: Policy) -> _Part:
    columns = [_ID, _TITLE, Column("of", "案卷类型", "case of"), Column("least", "至少", "least", right=True),
               Column("most", "至多", "most", right=True), _EVIDENCE, _BY, Column("note", "依据", "note")]  # fmt: skip
    return columns, [
        [
            one.name,
            one.title,
            policy.workflows[one.of].title,
            one.least,
            one.most,
            list(one.evidence),
            list(one.by),
            one.note,
        ]
        for one in policy.parts.groups.values()
    ]


def _support(policy: Policy) -> _Part:
    columns = [_ID, _TITLE, Column("rate", "标准", "rate", right=True), Column("of", "按", "for each of"),
               Column("paid", "支付记录", "paid by record"), Column("note", "依据", "note")]  # fmt: skip
    return columns, [
        [one.name, one.title, one.rate, one.of, one.paid, one.note] for one in policy.parts.support.values()
    ]


def _indicators(policy: Policy) -> _Part:
    columns = [
        _ID,
        _TITLE,
        Column("by", "可按", "by"),
        Column("target", "目标", "target"),
        Column("note", "依据", "note"),
    ]
    return columns, [
        [one.name, one.title, list(one.by), one.target.text if one.target else None, one.note]
        for one in policy.parts.indicators.values()
    ]


_PARTS = {
    "gates": _gates,
    "records": _records,
    "groups": _groups,
    "support": _support,
    "indicators": _indicators,
    "facts": _facts,
    "tables": _tables,
    "workflows": _workflows,
    "bodies": _bodies,
    "areas": _areas,
    "blockers": _blockers,
    "obligations": _obligations,
}


@click.command("sample", help=t(
    "生成样例组织：名称带“样例”标记，代码校验位有效，同一种子结果相同。默认输出 CSV；用 --years 则在已建好的空库中生成多年的监督过程。\n\n\b\n示例：\n  guikou sample --n 300 --seed 1 -o organizations.csv\n  guikou sample --n 10000 --years 5 --until 2025-12-31 --db sqlite:///years.db",
    "Generate organisations, marked as samples, with valid check digits, the same for the same seed: as CSV or, with --years, as years of supervision in a database that is initialised and empty.\n\n\b\nExamples:\n  guikou sample --n 300 --seed 1 -o organizations.csv\n  guikou sample --n 10000 --years 5 --until 2025-12-31 --db sqlite:///years.db",
))  # fmt: skip
@click.option("--n", type=click.IntRange(min=1), default=300, show_default=True, help=t("数量", "how many"))
@click.option("--seed", type=int, default=1, show_default=True, help=t("种子", "the seed"))
@click.option(
    "--policy",
    "name",
    metavar="NAME|DIR",
    help=t(
        "政策名称或目录（默认 beijing-2015；用 --years 时为库中启用的政策）",
        "a policy's name or folder (default: beijing-2015 or, with --years, the one that is active)",
    ),
)
@click.option("--hubs", is_flag=True, help=t("另加全部枢纽型社会组织", "and all hub organisations"))
@click.option(
    "--years",
    type=click.IntRange(min=1, max=50),
    metavar="N",
    help=t("在数据库中生成 N 年的监督过程", "make N years of supervision in the database"),
)
@click.option(
    "--until",
    type=Day(),
    help=t(
        "这些年的最后一天（默认：去年 12 月 31 日）", "the last day of these years (default: 31 December of last year)"
    ),
)
@office()
def sample_command(
    shared: Office, n: int, seed: int, name: str | None, hubs: bool, years: int | None, until: date | None
) -> None:
    if years is not None:
        _years(shared, n, seed, name, hubs, years, until)
        return
    if until is not None:
        raise click.UsageError(t("--until 须与 --years 同用", "--until goes with --years"))
    from .. import sample
    from ..intake import as_row
    from ..tabular import write_csv

    policy = workflows.load(name or "beijing-2015")
    names = ["id", "name", "area", *policy.facts]
    made = list(sample.organizations(policy, n, seed))
    made += sample.hubs(policy, seed) if hubs else []
    used = [name for name in names if name in ("id", "name", "area") or any(name in one.facts for one in made)]
    text = write_csv([*used, "# note"], [[*as_row(one, used, policy), "generated"] for one in made])
    if shared.output:
        Path(shared.output).write_text(text, encoding="utf-8")
        click.echo(
            t(f"已生成 {len(made)} 个样例组织：{shared.output}", f"{len(made)} sample organisations in {shared.output}")
        )
    else:
        click.echo(text, nl=False)


def _years(shared: Office, n: int, seed: int, name: str | None, hubs: bool, years: int, until: date | None) -> None:
    """Years of supervision in the database; what was made is counted."""
    from dateutil.relativedelta import relativedelta

    from .. import lives
    from .clock import KINDS

    supervision = shared.supervision
    policy = workflows.load(name) if name else supervision.policy
    today = supervision.today()
    until = until or date(today.year - 1, 12, 31)
    if until >= today:
        raise click.UsageError(t(f"--until 须早于今天（{today}）", f"--until must be before today ({today})"))
    since = until - relativedelta(years=years) + timedelta(days=1)
    # To start a worker takes as long as to make hundreds of lives.
    processes = min(4, os.cpu_count() or 1) if n >= 1000 else 1
    made = lives.lives(policy, n, seed, since, until, hubs=hubs, processes=processes)
    label = t("生成中", "making")
    with click.progressbar(made, length=n, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        counts = lives.write(shared.store, policy, shown)
    more = lives.join_up(supervision, seed, until)
    cases, events = counts.cases + more.cases, counts.events + more.events
    columns = [
        Column("what", "类别", "what"),
        Column("kind", "项目", "kind"),
        Column("count", "数量", "count", right=True),
    ]
    case, event = Title("个案", "cases"), Title("事件", "events")
    rows: list[list[Any]] = [[case, Title("合计", "all"), cases.total()]]
    rows += [[case, flow.title, cases[key]] for key, flow in policy.workflows.items() if cases[key]]
    rows += [[event, Title("合计", "all"), events.total()]]
    rows += [[event, KINDS.get(key, Title(key, key)), count] for key, count in events.most_common()]
    print_rows(shared, columns, rows, t(f"{since} 至 {until} 的样例（生成，非真实数据）",
                                        f"Generated, {since} to {until}: no real data"))  # fmt: skip


@click.command("completion", help=t(
    "输出命令补全脚本。\n\n\b\n示例：\n  eval \"$(guikou completion bash)\"",
    "Print the shell's completion script.\n\n\b\nExample:\n  eval \"$(guikou completion bash)\"",
))  # fmt: skip
@click.option("--lang", type=click.Choice(["zh", "en"]), expose_value=False, help=t("语言", "language"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    root = ctx.find_root().command
    click.echo(found(root, {}, "guikou", "_GUIKOU_COMPLETE").source())
