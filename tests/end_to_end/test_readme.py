"""What the READMEs show is what the program prints."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("file", "lang"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_session_shown_is_the_session_run(shell, monkeypatch, file, lang):
    from guikou.adapters.cli import run

    monkeypatch.setenv("GUIKOU_LANG", lang)
    text = (ROOT / file).read_text(encoding="utf-8")
    (session,) = re.findall(r"```console\n(.*?)\n```", text, re.DOTALL)
    steps = re.split(r"^\$ guikou ", session, flags=re.MULTILINE)[1:]
    assert len(steps) == 11
    for step in steps:
        command, _, wanted = step.partition("\n")
        shell.capsys.readouterr()
        run(shlex.split(command))
        out, err = shell.capsys.readouterr()
        assert (out + err).strip() == wanted.strip(), command


@pytest.mark.parametrize(("file", "lang"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_proof_and_the_diagram_shown_are_those_run(shell, monkeypatch, tmp_path, file, lang):
    from guikou.adapters.cli import run

    monkeypatch.setenv("GUIKOU_LANG", lang)
    shutil.copytree(ROOT / "workflows" / "beijing_2015", tmp_path / "mine")
    routing = tmp_path / "mine" / "tables" / "routing.csv"
    text = routing.read_text(encoding="utf-8")
    routing.write_text(text.replace("U,foundation,-,city,", 'U,foundation,-,"city, district",', 1), encoding="utf-8")
    readme = (ROOT / file).read_text(encoding="utf-8")
    (session,) = re.findall(r"```text\n(.*?)\n```", readme, re.DOTALL)
    steps = re.split(r"^\$ guikou ", session, flags=re.MULTILINE)[1:]
    assert len(steps) == 3
    for step in steps:
        command, _, wanted = step.partition("\n")
        shell.capsys.readouterr()
        run(shlex.split(command))
        out, err = shell.capsys.readouterr()
        assert (out + err).strip() == wanted.strip(), command
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", readme, re.DOTALL)
    assert shell("policy", "diagram", "beijing-2015", "--workflow", "foundation") == diagram


def test_the_deadlines_and_obligations_shown_can_be_read():
    from guikou.engine.documents import read_yaml
    from guikou.engine.files import ObligationFile, StageFile

    shown = [
        re.findall(r"```yaml\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), re.DOTALL)
        for file in ("README.md", "README.zh-CN.md")
    ]
    assert shown[0] == shown[1]
    (text,) = shown[0]
    value = read_yaml(text, "README.md").value
    assert StageFile.model_validate(value["rectify"]).steps["report"].due.by == "05-31"
    assert ObligationFile.model_validate(value["inspection"]).missed.fire == "miss_inspection"


def test_both_readmes_show_the_same():
    texts = [(ROOT / file).read_text(encoding="utf-8") for file in ("README.md", "README.zh-CN.md")]
    for pattern in (r"^\$ guikou .*$", r"^## ", r"^\| `", r"```python\n.*?```"):
        found = [
            re.findall(pattern, text, re.MULTILINE | re.DOTALL if "python" in pattern else re.MULTILINE)
            for text in texts
        ]
        assert found[0], pattern
        assert len(found[0]) == len(found[1]), pattern
        if "python" in pattern or "guikou" in pattern:
            assert found[0] == found[1]


def test_the_commands_in_the_table_exist():
    from guikou.adapters.cli import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"`{name}" in text, name
