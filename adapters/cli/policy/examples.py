"""policy test: the examples in the policy's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from guikou.engine.errors import GuikouError, WrongUsage
from guikou.engine.text import Title, as_json
from guikou.engine.verify.coverage import KINDS, Coverage, covered
from guikou.engine.verify.examples import Miss, Result, examples, run

from .. import hints, language, options
from ..language import counted, t
from ..render import print_json, write
from ..session import Session, with_session
from ..titles import spoken


@click.command("test", help=t(
    "运行政策目录 examples/ 中的例子：给定事实，核对归口、阶段与路径。\n\n退出码：0 全部符合；1 有不符。\n\n\b\n示例：\n  guikou policy test beijing-2015\n  guikou policy test ./my-policy -v\n  guikou policy test --coverage",
    "Run the examples in the policy's own examples/ folder: facts in, expected body, stage and path out.\n\nExit code: 0 all hold; 1 some don't.\n\n\b\nExamples:\n  guikou policy test beijing-2015\n  guikou policy test ./my-policy -v\n  guikou policy test --coverage",
))  # fmt: skip
@options.policy
@click.option(
    "--covers", metavar=t("条目", "LINE"), help=t("只运行涉及该条目的例子", "only those that cover this line")
)
@click.option(
    "--coverage",
    is_flag=True,
    help=t(
        "列出没有例子触及的表行、流转、条件和关口", "list rows, transitions, guards and gates that no example touches"
    ),
)
@with_session(formats=("table", "json"))
def test_command(session: Session, policy_name: str | None, covers: str | None, coverage: bool) -> int:
    policy = session.named(policy_name)
    chosen = [one for one in examples(policy) if covers is None or covers in one.written.covers]
    if not chosen:
        raise WrongUsage(
            reason_en="no examples to run: put them in the policy's folder, examples/*.yaml",
            reason_zh="没有可运行的例子：请写入政策目录的 examples/*.yaml",
        )
    results = [run(policy, one) for one in chosen]
    found = covered(policy, results) if coverage else None
    if session.format == "json":
        told = [_as_json(one) for one in results]
        print_json(session, told if found is None else {"examples": told, "coverage": _coverage_json(found)})
    else:
        lines = [*(_coverage_lines(found) if found is not None else ()), *_lines(results)]
        write(session, "\n".join(lines) + "\n")
    return 1 if any(one.misses for one in results) else 0


def _as_json(one: Result) -> dict[str, Any]:
    return {
        "name": as_json(one.example.name),
        "covers": one.example.written.covers,
        "file": one.example.where.file,
        "line": one.example.where.line,
        "misses": [{"line": miss.where.line, "key": miss.key, "message": as_json(_text(miss))} for miss in one.misses],
    }


def _coverage_json(found: Coverage) -> dict[str, Any]:
    kinds = {kind: dict(zip(("touched", "of"), found.of(kind), strict=True)) for kind in KINDS}
    untouched = [
        {"kind": one.kind, "name": as_json(one.name), "file": one.where.file, "line": one.where.line}
        for one in found.untouched
    ]
    return {"kinds": kinds, "untouched": untouched}


def _coverage_lines(found: Coverage) -> list[str]:
    """A line for each part that no example touches, and one for each kind."""
    no = t("没有例子触及", "no example touches")
    lines = [
        f"{one.where.text(language.LANG)}: {no} {spoken(KINDS[one.kind])}{t('：', ': ')}{spoken(one.name)}"
        for one in found.untouched
    ]
    for kind, title in KINDS.items():
        touched, of = found.of(kind)
        if of:
            lines.append(
                t(
                    f"{title.zh}：{touched}/{of}（{touched / of:.0%}）",
                    f"{title.en}: {touched} of {of} ({touched / of:.0%})",
                )
            )
    return lines


def _lines(results: Sequence[Result]) -> list[str]:
    """A line for each miss, and one that sums up."""
    lines = [
        f"{miss.where.text(language.LANG)}: {spoken(one.example.name)}: {spoken(_text(miss))}"
        for one in results
        for miss in one.misses
    ]
    failed = sum(bool(one.misses) for one in results)
    covered = sorted({line for one in results for line in one.example.written.covers})
    lines.append(t(
        f"{len(results)} 个例子，{failed} 个不符；涉及 {'、'.join(covered)}",
        f"{counted(len(results), 'example', 'examples')}, {failed} failed; covered: {', '.join(covered)}",
    ))  # fmt: skip
    return lines


def _text(miss: Miss) -> Title:
    """A miss in words; a refusal with what to do at this command line."""
    if isinstance(miss.got, GuikouError):
        miss = replace(miss, got=hints.line(miss.got, "en"))
    return miss.text
