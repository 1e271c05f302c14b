"""Runs the sessions that the README and the pages beside this file show, and writes down what they print: make docs.

A page's `console` blocks are one session in one empty folder, which holds the examples' CSV files and a policy of one's
own. A diagram is drawn anew by the command that stands before it, and between `<!-- NAME -->` and `<!-- end -->` a
table is made anew from what the program knows.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
CHINESE = ".zh-CN.md"
#: Pages for those who change guikou itself: nothing in them is run.
FOR_CONTRIBUTORS = ("architecture.md",)
SESSION = re.compile(r"```console\n(.*?)\n```", re.DOTALL)
DIAGRAM = re.compile(r"`guikou (policy diagram [^`]*)`([:：]\n\n)```mermaid\n(.*?)```", re.DOTALL)


def pages() -> list[tuple[str, str]]:
    """Every page for users with its language, the English one of a pair first."""
    found = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
    english = [page for page in found if not page.endswith(CHINESE) and Path(page).name not in FOR_CONTRIBUTORS]
    return [one for page in english for one in ((page, "en"), (page.removesuffix(".md") + CHINESE, "zh"))]


# --- sessions --------------------------------------------------------------------------------------------------------


def commands(text: str) -> list[tuple[str, str]]:
    """What is typed in a page's sessions, each with what it is shown to print."""
    return [step for block in SESSION.findall(text) for step in _steps(block)]


def _steps(block: str) -> list[tuple[str, str]]:
    parts = [step.partition("\n") for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, shown.strip("\n")) for command, _, shown in parts]


class Session:
    """One session in the folder in which one stands: `guikou ...`, `cat FILE`, `echo $?`."""

    def __init__(self) -> None:
        self.code = 0

    def __call__(self, command: str) -> str:
        """Run it and give what it prints. Raises ValueError for anything but those three."""
        from guikou.adapters.cli import run

        program, *arguments = shlex.split(command)
        if command == "echo $?":
            return str(self.code)
        if program == "cat":
            return Path(arguments[0]).read_text(encoding="utf-8-sig").strip("\n")  # nothing is seen of a BOM
        if program != "guikou":
            raise ValueError(command)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            self.code = run(arguments)
        return (out.getvalue() + err.getvalue()).strip("\n")


def prepare(folder: Path) -> None:
    """What a session finds in its folder."""
    for path in (ROOT / "examples").glob("*.csv"):
        shutil.copy(path, folder)
    heading, first = (ROOT / "examples" / "in_step.csv").read_text(encoding="utf-8").splitlines()[:2]
    (folder / "wrong.csv").write_text(f"{heading}\n{first.replace(',120,', ',many,')}\n", encoding="utf-8")
    facts = "'A1' AS id, '110108' AS area, 'foundation' AS registered_as, 'district' AS registered_at, false AS weak"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {facts}) TO '{folder / 'all.parquet'}' (FORMAT parquet)")
    mine = folder / "mine"  # a copy of the policy in which somebody let one row take too much
    shutil.copytree(ROOT / "workflows" / "beijing_2015", mine)
    routing = mine / "tables" / "routing.csv"
    text = routing.read_text(encoding="utf-8")
    routing.write_text(text.replace("U,foundation,-,city,", 'U,foundation,-,"city, district",', 1), encoding="utf-8")


# --- tables ----------------------------------------------------------------------------------------------------------


def errors(lang: str) -> str:
    """Every error that has a sentence of its own: its code, exit code and sentence; the tree's branches in turn."""
    import guikou.adapters
    import guikou.engine
    from guikou.engine.errors import GuikouError

    for package in (guikou.engine, guikou.adapters):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)
    rows = {
        (one.code, one.exit_code): one.zh if lang == "zh" else one.en
        for one in _below(GuikouError)
        if one.en != GuikouError.en and one.__module__.startswith("guikou.")
    }
    return _table(
        ["代码", "退出码", "说明"] if lang == "zh" else ["code", "exit code", "what it says"],
        [[f"`{code}`", str(exit_code), _said(text)] for (code, exit_code), text in sorted(rows.items())],
    )


def findings(lang: str) -> str:
    """Every finding of a check: its code, how grave it is, its sentence."""
    from guikou.engine.verify.catalogue import CATALOGUE

    graveness = {"error": "错误", "warning": "警告", "info": "提示"} if lang == "zh" else {"info": "note"}
    return _table(
        ["代码", "程度", "说明"] if lang == "zh" else ["code", "", "what it says"],
        [
            [f"`{code}`", graveness.get(severity, severity), _said(zh if lang == "zh" else en)]
            for code, (severity, zh, en) in CATALOGUE.items()
        ],
    )


#: What stands between `<!-- NAME -->` and `<!-- end -->`.
TABLES: dict[str, Callable[[str], str]] = {"errors": errors, "findings": findings}


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _said(text: str) -> str:
    """A sentence with a … for each of what fills it."""
    return re.sub(r"\{\w+\}", "…", text).replace("|", "\\|")


def _table(heading: list[str], rows: list[list[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# --- pages -----------------------------------------------------------------------------------------------------------


def made(text: str, lang: str) -> str:
    """A page's text as the program would have it, in the folder in which one stands."""
    session = Session()

    def again(block: re.Match[str]) -> str:
        played = [(command, session(command)) for command, _ in _steps(block[1])]
        lines = [f"$ {command}" + (f"\n{printed}" if printed else "") for command, printed in played]
        return "```console\n" + "\n".join(lines) + "\n```"

    def drawn(block: re.Match[str]) -> str:
        return f"`guikou {block[1]}`{block[2]}```mermaid\n{session(f'guikou {block[1]}')}\n```"

    def told(block: re.Match[str]) -> str:
        return f"<!-- {block[1]} -->\n{TABLES[block[1]](lang)}\n<!-- end -->"

    text = SESSION.sub(again, text)
    text = DIAGRAM.sub(drawn, text)
    return re.sub(rf"<!-- ({'|'.join(TABLES)}) -->\n.*?<!-- end -->", told, text, flags=re.DOTALL)


@contextmanager
def _elsewhere(lang: str) -> Iterator[None]:
    """In a prepared folder, with nothing set but the language."""
    before, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("GUIKOU_")]:
            del os.environ[name]
        os.environ |= {"GUIKOU_LANG": lang, "HOME": folder}
        os.chdir(folder)
        prepare(Path(folder))
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ |= environment


def main(chosen: list[str]) -> None:
    """Write the pages anew: all, or those that are named."""
    for page, lang in pages():
        if not chosen or page in chosen:
            path = ROOT / page
            with _elsewhere(lang):
                text = made(path.read_text(encoding="utf-8"), lang)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
