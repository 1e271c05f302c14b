"""template: an empty register for a policy, to be filled in and imported."""

from __future__ import annotations

import os

import click

from guikou.engine.cases.case import Organization
from guikou.engine.errors import GuikouError, WrongUsage
from guikou.engine.policy.policy import Policy

from . import language, names
from .language import t
from .render import write_bytes
from .session import Session, with_session


@click.command("template", help=t(
    "写出空白登记表（XLSX，或以 .csv 结尾的文件）：中英文表头、下拉列表、填写说明和示例行。填好后用 import 导入；示例行不导入。\n\n"
    "\b\n示例：\n  guikou template -o register.xlsx\n  guikou template --type 基金会 -o foundations.xlsx",
    "Write an empty register (XLSX, or a file that ends in .csv): headings in Chinese and English, drop-down lists, notes "
    "and an example row. Fill it in and import it; the example is left out.\n\n"
    "\b\nExamples:\n  guikou template -o register.xlsx\n  guikou template --type foundation -o foundations.xlsx",
))  # fmt: skip
@click.option(
    "--type",
    "type_",
    type=names.TYPE,
    metavar=t("类型", "TYPE"),
    help=t("只含该类型组织需要的列（如 foundation）", "only the columns of this type (such as foundation)"),
)
@click.option(
    "--policy",
    "policy_name",
    metavar=t("名称|目录", "NAME|DIR"),
    help=t("政策名称或目录（默认为库中启用的政策）", "a policy's name or folder (default: the active one)"),
)
@with_session(formats=("xlsx", "csv"), says=True)
def template_command(session: Session, type_: str | None, policy_name: str | None) -> None:
    from ..spreadsheets.template import as_csv, as_xlsx, template_columns

    if session.output and os.path.exists(session.output) and not session.force:
        raise WrongUsage(
            reason_en=f"{session.output} is there already; take another name, or remove it first",
            reason_zh=f"{session.output} 已存在；请换一个名称，或先删除",
        )
    policy = session.named(policy_name)
    types = [type_] if type_ is not None else list(policy.workflows)
    made = template_columns(policy, types, language.LANG)
    example = _example(policy, types)
    csv = session.format == "csv"
    data = as_csv(policy, made, example, language.LANG).encode("utf-8-sig") if csv else None
    whole = data if data is not None else as_xlsx(policy, made, example, language.LANG)
    write_bytes(session, lambda out: out.write(whole))
    if session.output:
        must = sum(one.needed for one in made)
        click.echo(
            t(
                f"{session.output}：{len(made)} 列，其中归口需要 {must} 列；填好后：guikou import {session.output}",
                f"{session.output}: {len(made)} columns, {must} of them needed for routing; then: guikou import {session.output}",
            )
        )


def _example(policy: Policy, types: list[str]) -> Organization | None:
    """An invented organisation of the first of the types, where the policy says what such ones look like."""
    from guikou.engine.decide.intake import Placement, place

    from ..sample.organizations import organizations

    try:
        for one in organizations(policy, 500, 1):
            placed = place(policy, one, policy.effective)
            if isinstance(placed, Placement) and placed.workflow == types[0]:
                return one
    except GuikouError:
        return None  # it has no sample, or what makes one is not installed: the example stays empty
    return None
