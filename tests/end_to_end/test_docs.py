"""The companion page says of each line of the scheme where it stands, shows it, and names its tests."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from guikou.adapters.cli import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = [("docs/beijing-2015.md", "en"), ("docs/beijing-2015.zh-CN.md", "zh")]
#: Every line of the published scheme's checklist.
LINES = [
    "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M12a", "M13", "M14", "M15",
    "M16", "M17", "M18", "M19", "M20", "M20a", "M21", "M22", "M23", "M24", "M25", "M26", "M27", "M28", "M29", "M30", "M31",
]  # fmt: skip
SESSIONS = runpy.run_path(str(ROOT / "docs" / "sessions.py"))


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def rows(text):
    found = re.findall(r"^\| \[(M\w+)\]\(#(m\w+)\) \| (.*) \| (.*) \| (.*) \| (.*) \|$", text, re.MULTILINE)
    return {line: (anchor, said, files, shown, tests) for line, anchor, said, files, shown, tests in found}


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_every_line_has_its_row_with_files_commands_and_tests_that_are_there(page, lang):
    text = read(page)
    table = rows(text)
    assert list(table) == LINES
    for line, (anchor, said, files, shown, tests) in table.items():
        assert said.strip(), line
        assert f"\n### {line}\n" in text
        assert anchor == line.lower()
        for path in re.findall(r"\]\(\.\./(workflows/[^)]+)\)", files) or ["-"]:
            assert (ROOT / path).exists(), (line, path)
        named = re.findall(r"`(test_\w+)` \(\[[^\]]+\]\(\.\./(tests/[^)]+)\)\)", tests)
        assert named, line
        for name, path in named:
            assert f"def {name}(" in read(path), (line, name)
        part = text.split(f"\n### {line}\n")[1].split("\n### ")[0]
        commands = SESSIONS["commands"](part, "console")
        assert commands, line
        for word in re.findall(r"`([^`]+)`", shown):
            assert any(command.startswith(word) for command, _ in commands), (line, word)


def test_the_policy_files_of_a_line_name_it():
    for line, (_, _, files, _, _) in rows(read(PAGES[0][0])).items():
        paths = re.findall(r"\]\(\.\./(workflows/[^)]+)\)", files)
        assert any(line in read(path) for path in paths) or line in ("M06", "M31"), line
        for path in paths:
            assert re.search(rf"\b{line}\b", read(path)) or path.endswith(("venues.csv", "areas.csv")), (line, path)


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_the_sessions_shown_are_those_run(shell, monkeypatch, tmp_path, page, lang):
    monkeypatch.setenv("GUIKOU_LANG", lang)
    SESSIONS["prepare"](tmp_path)
    for command, shown in SESSIONS["commands"](read(page), "console"):
        shell.capsys.readouterr()
        run(shlex.split(command))
        out, err = shell.capsys.readouterr()
        assert (out + err).strip() == shown, command


def test_both_pages_show_the_same():
    english, chinese = ([command for command, _ in SESSIONS["commands"](read(page), "console")] for page, _ in PAGES)
    assert english == chinese
