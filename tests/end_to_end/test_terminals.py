"""A terminal or a pipe is written to as well as it can, and what was typed in another encoding is told."""

import os
import subprocess
import sys

import pytest

PROGRAM = [sys.executable, "-c", "from guikou.adapters.cli import main; main()"]
HEADING = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
ROW = "521101087NCC6K4P54,𠮷祥学校（朝阳）,chaoyang,private_non_enterprise,district,education,42,5,false"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("terminals")


@pytest.fixture(scope="module")
def program(folder):
    """The program in a process of its own, with an environment; nothing is written after the first import."""
    (folder / "one.csv").write_text(f"{HEADING}\n{ROW}\n", encoding="utf-8")

    def run(*words, **environment):
        own = {
            key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON", "GUIKOU"))
        }
        own |= {"PYTHONPATH": os.environ.get("PYTHONPATH", ""), "HOME": str(folder)}
        done = subprocess.run([*PROGRAM, *words], cwd=folder, env={**own, **environment}, capture_output=True)
        assert b"Traceback" not in done.stderr, done.stderr
        return done

    run("init")
    run("import", "one.csv", "--as-of", "2016-01-04")
    return run


@pytest.mark.parametrize(
    ("environment", "encoding", "name"),
    [
        ({"PYTHONIOENCODING": "gbk"}, "gbk", "\\U00020bb7祥学校"),
        ({"PYTHONIOENCODING": "cp936"}, "cp936", "\\U00020bb7祥学校"),
        ({"PYTHONIOENCODING": "gb18030"}, "gb18030", "𠮷祥学校"),
        ({"PYTHONIOENCODING": "ascii"}, "ascii", "\\U00020bb7\\u7965"),
        ({"LC_ALL": "C"}, "utf-8", "𠮷祥学校"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0"}, "utf-8", "𠮷祥学校"),
    ],
    ids=["gbk", "cp936", "gb18030", "ascii", "C", "C without UTF-8 mode"],
)
def test_what_a_stream_cannot_say_is_said_as_well_as_it_can(program, environment, encoding, name):
    said = program("explain", "521101087NCC6K4P54", "--lang", "zh", **environment)
    assert said.returncode == 0
    text = said.stdout.decode(encoding)
    assert name in text
    assert ("✓" if encoding in ("utf-8", "gb18030") else "+" if encoding == "ascii" else "√") in text
    assert program("lost", "--lang", "zh", **environment).stderr.decode(encoding)


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_json_stays_json(program, encoding):
    import json

    said = program("list", "--format", "json", PYTHONIOENCODING=encoding).stdout.decode(encoding)
    assert json.loads(said)[0]["name"] == "𠮷祥学校（朝阳）"


def test_what_was_typed_in_the_C_locale_is_understood(program):
    said = program("show", "𠮷祥学校", "--lang", "zh", LC_ALL="C", PYTHONUTF8="0")
    assert "521101087NCC6K4P54" in said.stdout.decode()


def test_what_is_no_text_is_refused_in_one_line(program):
    for words in (
        ("show", b"\xff\xfe"),
        ("list", "--text", b"\xff"),
        ("facts", "521101087NCC6K4P54", b"employees=\xff", "--as", "beijing"),
    ):
        said = program(*words, LC_ALL="C.UTF-8")
        assert said.returncode == 2
        assert b"its encoding is wrong" in said.stderr
        assert len(said.stderr.strip().splitlines()) == 1


def test_a_reader_that_goes_away_is_no_error(program, folder):
    command = f"{sys.executable} -c 'from guikou.adapters.cli import main; main()' policy show --part areas beijing-2015 | head -1"
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True)
    assert done.returncode == 0
    assert done.stderr == b""
