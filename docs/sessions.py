"""Runs the sessions that the READMEs and the companion pages show, and writes down what they print: make docs.

A page's `console` blocks are one session in one empty folder, into which the examples' CSV files are copied.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: The pages, with their language and the fence of their sessions.
PAGES = [
    ("README.md", "en", "console"),
    ("README.zh-CN.md", "zh", "console"),
    ("README.md", "en", "text"),
    ("README.zh-CN.md", "zh", "text"),
    ("docs/beijing-2015.md", "en", "console"),
    ("docs/beijing-2015.zh-CN.md", "zh", "console"),
]


def commands(text: str, fence: str) -> list[tuple[str, str]]:
    """The commands of a page's sessions, each with what it is shown to print."""
    found = []
    for block in re.findall(rf"```{fence}\n(.*?)\n```", text, re.DOTALL):
        for step in re.split(r"^\$ guikou ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            found.append((command, shown.strip()))
    return found


def prepare(folder: Path) -> None:
    """What a session finds in its folder."""
    for path in (ROOT / "examples").glob("*.csv"):
        shutil.copy(path, folder)
    mine = folder / "mine"  # a copy of the policy in which somebody let one row take too much
    shutil.copytree(ROOT / "workflows" / "beijing_2015", mine)
    routing = mine / "tables" / "routing.csv"
    text = routing.read_text(encoding="utf-8")
    routing.write_text(text.replace("U,foundation,-,city,", 'U,foundation,-,"city, district",', 1), encoding="utf-8")


def rewrite(page: str, lang: str, fence: str) -> None:
    from guikou.adapters.cli import run

    path = ROOT / page
    text = path.read_text(encoding="utf-8")
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["GUIKOU_LANG"] = lang
        prepare(Path(folder))

        def again(block: re.Match[str]) -> str:
            lines = []
            for step in re.split(r"^\$ guikou ", block[1], flags=re.MULTILINE)[1:]:
                command = step.partition("\n")[0]
                out, err = io.StringIO(), io.StringIO()
                with redirect_stdout(out), redirect_stderr(err):
                    run(shlex.split(command))
                printed = (out.getvalue() + err.getvalue()).strip()
                lines.append(f"$ guikou {command}" + (f"\n{printed}" if printed else ""))
            return f"```{fence}\n" + "\n".join(lines) + "\n```"

        def drawn(block: re.Match[str]) -> str:
            out = io.StringIO()
            with redirect_stdout(out):
                run(shlex.split(block[1]))
            return f"`guikou {block[1]}`{block[2]}```mermaid\n{out.getvalue()}```"

        text = re.sub(rf"```{fence}\n(.*?)\n```", again, text, flags=re.DOTALL)
        text = re.sub(r"`guikou (policy diagram [^`]*)`([:：]\n\n)```mermaid\n.*?```", drawn, text, flags=re.DOTALL)
        os.chdir(before)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for page in PAGES:
        if len(sys.argv) < 2 or page[0] in sys.argv[1:]:
            rewrite(*page)
