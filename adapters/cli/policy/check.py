"""policy check: what is proved of a policy, and where it fails."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import click

from guikou import __version__, workflows
from guikou.engine.errors import PolicyError, UnknownPolicy
from guikou.engine.policy.files.load import parse
from guikou.engine.policy.policy import Policy
from guikou.engine.text import as_json
from guikou.engine.verify.check import check
from guikou.engine.verify.findings import Finding, Proof

from .. import hints, language, options
from ..language import Lang, counted, t
from ..render import print_json, write
from ..session import Session, with_session
from .steps import arguments


@click.command("check", help=t(
    "证明政策无误，或逐一指出问题：文件、行、说明，以及可用 policy try 重演的例证。\n\n退出码：0 无错误；1 有错误；2 用法错误。\n\n\b\n示例：\n  guikou policy check beijing-2015\n  guikou policy check ./my-policy --format sarif -o check.sarif",
    "Prove a policy, or show where it fails: file, line, a sentence, and a witness that policy try replays.\n\nExit code: 0 no errors; 1 errors; 2 wrong usage.\n\n\b\nExamples:\n  guikou policy check beijing-2015\n  guikou policy check ./my-policy --format sarif -o check.sarif",
))  # fmt: skip
@options.policy
@with_session(formats=("table", "json", "sarif"))
def check_command(session: Session, policy_name: str | None) -> int:
    policy, report, findings = _checked(session, policy_name)
    replay = f"guikou policy try {shlex.quote(policy_name)}" if policy_name else "guikou policy try"
    if session.format == "json":
        bounds = [
            {"workflow": one.workflow, "stage": one.stage, "days": one.days, "text": as_json(one.title)}
            for one in (report.bounds if report else ())
        ]
        print_json(session, {"findings": findings, "bounds": bounds, "proved": dict(report.counts) if report else {}})
    elif session.format == "sarif":
        from ...formats.sarif import as_sarif

        print_json(session, as_sarif(findings, __version__, replay))
    else:
        write(session, "\n".join([*_lines(findings, replay), *_summary(policy, report, findings)]) + "\n")
    return 1 if any(one["severity"] == "error" for one in findings) else 0


def _checked(session: Session, name: str | None) -> tuple[Policy | None, Proof | None, list[dict[str, Any]]]:
    """The policy, what was proved, and what was found; only the latter for a policy that can't be read. Raises UnknownPolicy."""
    try:
        # What is to be proved is read as if it never was.
        policy = session.named(name) if name else parse(session.policy_files())
        report = check(policy)
    except UnknownPolicy:
        raise
    except PolicyError as error:
        return None, None, [_unread(error)]
    return policy, report, [*(_found(one) for one in report.findings), *_recipe(policy, name)]


def _recipe(policy: Policy, name: str | None) -> list[dict[str, Any]]:
    """What is wrong in the policy's sample.yaml, which proofs don't look at. A database may keep one that an earlier
    version wrote: only that of a folder is read."""
    from ...sample.recipe import read

    if name is None or "sample.yaml" not in policy.files:
        return []
    try:
        read(policy, f"{workflows.folder(name)}/")
    except PolicyError as error:
        return [_unread(error)]
    return []


def _found(one: Finding) -> dict[str, Any]:
    return {**one.as_json(), "witness": arguments(one.witness) if one.witness else None}


def _unread(error: PolicyError) -> dict[str, Any]:
    """A policy that can't even be read, as a finding."""
    where = error.where

    def said(lang: Lang) -> str:
        hint = hints.hint(error, lang)
        return error.message(lang) + (("；" if lang == "zh" else "; ") + hint if hint else "")

    return {
        "code": error.code,
        "severity": "error",
        "file": where.file if where else None,
        "line": where.line if where else None,
        "row": where.row if where else None,
        "column": where.column if where else None,
        "message": {"zh": said("zh"), "en": said("en")},
        "witness": None,
    }


def _lines(findings: Sequence[dict[str, Any]], replay: str) -> list[str]:
    severities = {"error": t("错误", "error"), "warning": t("警告", "warning"), "info": t("提示", "note")}
    lines = []
    for one in findings:
        place = f"{one['file']}:{one['line']}" if one["line"] else one["file"] or "-"
        if one["row"]:
            place += t(f"，第 {one['row']} 行", f", row {one['row']}")
        if one["column"]:
            place += t(f"，“{one['column']}” 列", f", column '{one['column']}'")
        lines.append(f"{place}: {severities[one['severity']]} [{one['code']}] {one['message'][language.LANG]}")
        if one["witness"] is not None:
            lines.append(f"    {replay} {shlex.join(one['witness'])}")
    return lines


def _summary(policy: Policy | None, report: Proof | None, findings: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    if policy is not None and report is not None:
        by_text: dict[tuple[str, str], list[str]] = {}
        for bound in report.bounds:
            by_text.setdefault((bound.stage, bound.text(language.LANG)), []).append(bound.workflow)
        for (stage, text), names in by_text.items():
            flows = [policy.workflows[name] for name in names]
            title = flows[0].stages[stage].title.zh if stage in flows[0].stages else stage
            which = "、".join(one.title.zh for one in flows)
            lines.append(t(f"期限 {title}：{text}（{which}）", f"bound of {stage}: {text}  [{', '.join(names)}]"))
        counts = report.counts
        lines.append(t(
            f"{report.policy}：{counts['tables']} 张表（{counts['rows']} 行）、{counts['areas']} 个区域、{counts['bodies']} 个机构、"
            f"{counts['workflows']} 个流程（{counts['states']} 个可达环节）、{counts['properties']} 条性质",
            f"{report.policy}: {counted(counts['tables'], 'table', 'tables')} ({counted(counts['rows'], 'row', 'rows')}), "
            f"{counted(counts['areas'], 'area', 'areas')}, {counted(counts['bodies'], 'body', 'bodies')}, "
            f"{counted(counts['workflows'], 'workflow', 'workflows')} "
            f"({counted(counts['states'], 'state', 'states')} reached), "
            f"{counted(counts['properties'], 'property', 'properties')}",
        ))  # fmt: skip
    number = {kind: sum(one["severity"] == kind for one in findings) for kind in ("error", "warning", "info")}
    lines.append(t(
        f"{number['error']} 处错误，{number['warning']} 处警告，{number['info']} 处提示",
        f"{counted(number['error'], 'error', 'errors')}, {counted(number['warning'], 'warning', 'warnings')}, "
        f"{counted(number['info'], 'note', 'notes')}",
    ))  # fmt: skip
    return lines
