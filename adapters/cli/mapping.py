"""import --propose: a mapping for a register, written for a person to finish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guikou.engine.errors import WrongUsage

from . import language
from .language import t
from .render import write
from .session import Session

if TYPE_CHECKING:
    from ..spreadsheets.propose import Proposal


def write_proposal(
    session: Session, file: Path, mapping: Path | None, *, encoding: str | None, sheet: str | None, line: int | None
) -> None:
    """Writes a mapping for a register to the output asked for, which keeps what another says already. Raises WrongUsage
    rather than write over a file."""
    from ..spreadsheets.mapping import read_mapping
    from ..spreadsheets.proposal import as_yaml
    from ..spreadsheets.propose import propose
    from ..spreadsheets.register import likely_heading

    if session.output and Path(session.output).suffix.lower() not in ("", ".yaml", ".yml", ".txt"):
        raise WrongUsage(
            reason_en=f"a mapping is YAML: name it .yaml, not {session.output}",
            reason_zh=f"对应表是 YAML 文件，请命名为 .yaml，而非 {session.output}",
        )
    policy = session.policy
    mapped = read_mapping(mapping, policy) if mapping is not None else None
    heading = likely_heading(policy, file, mapped, encoding=encoding, sheet=sheet, line=line)
    made = propose(policy, heading, session.as_of or session.supervision.today(), mapped)
    write(session, as_yaml(policy, made, language.LANG))
    proposed = [one for one in made.columns if not one.sure]
    unsure = [one for one in made.ignore if not one.sure]
    guessed = [one for part in (made.constants, *made.values.values()) for one in part if one.meaning and not one.sure]
    empty = [one for part in made.values.values() for one in part if one.meaning == ""]
    open_ = [one for part in (made.constants, *made.values.values()) for one in part if one.meaning is None]
    click.echo(
        t(
            f"{len(made.columns)} 列对应（其中建议 {len(proposed)}），{len(made.ignore)} 列不导入（其中未识别 {len(unsure)}）；"
            f"取值和常量：建议 {len(guessed)}，按未填 {len(empty)}，待填 {len(open_)}",
            f"{len(made.columns)} columns mapped ({len(proposed)} of them proposed), {len(made.ignore)} ignored "
            f"({len(unsure)} of them not known); values and constants: {len(guessed)} proposed, {len(empty)} taken as empty, "
            f"{len(open_)} to fill in",
        ),
        err=True,
    )
    click.echo(_rows(made, len(heading.rows)), err=True)
    if not made.columns:
        click.echo(
            t(
                "没有一列看得出含义：名单如在别处，请用 --sheet、--heading 指明工作表和表头行",
                "no column of it is known: if the list is elsewhere, name its sheet and the row of its heading with "
                "--sheet and --heading",
            ),
            err=True,
        )
    if session.output:
        command = f"guikou import {file} --mapping {session.output}"
        click.echo(t(f"核对后导入：{command}", f"look it through, then: {command}"), err=True)


def _rows(made: Proposal, rows: int) -> str:
    """How many rows can be read, and why the others can't."""
    waiting, wrong = made.waiting, made.wrong
    which = t("前 " if rows > made.rows else "共 ", "the first " if rows > made.rows else "")
    said = t(f"{which}{made.rows} 行，", f"of {which}{made.rows} rows ") + t(
        f"可读取 {made.readable} 行", f"{made.readable} can be read"
    )
    if waiting:
        said += t(f"，待填各项填好后方可读取 {waiting} 行", f", {waiting} once what is to be filled in is")
    if wrong:
        first = wrong[0].faults[0].line(language.LANG, hint="")
        said += t(
            f"，须先在名册中改正 {len(wrong)} 行（如第 {wrong[0].line} 行：{first}）",
            f"; to be put right in the register: {len(wrong)} (row {wrong[0].line}: {first})",
        )
    return said
