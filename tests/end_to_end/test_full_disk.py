"""The disk fills up at any write of a day's work: one line says so, and once there is room everything goes on.

A file system of its own is filled but for so many pages of 4 KB; GUIKOU_FULL is how many such runs (`make crashes`: each page).
"""

import json
import multiprocessing
import os
import random
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import pytest

from guikou.adapters.cli import run

from .conftest import HEADING, SCHOOL

RUNS = int(os.environ.get("GUIKOU_FULL", "3"))
FULL = re.compile("is full|No space left")
#: More than the whole day writes.
PAGES = 400
ID, BY = SCHOOL.split(",")[0], ("--as", "chaoyang-education")
OTHERS = ["52110105MJ0001029M", "52110105MJ0001037G", "52110105MJ0001045B"]
ON = ("--as-of", "2016-01-05")


@pytest.fixture
def small(tmp_path):
    """A small file system. Only the administrator may make one."""
    if shutil.which("mount") is None:
        pytest.skip("there is no command to mount a file system")
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a file system can't be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def free(place):
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize // 4096


def fill(place, pages):
    """Leave so many pages."""
    filler = place / "filler"
    with filler.open("wb") as file:
        file.write(bytes(max(free(place) - pages, 0) * 4096))
    return filler


def rows(ids):
    return "\n".join([HEADING, *(SCHOOL.replace(ID, id) for id in ids), "spoilt" + SCHOOL]) + "\n"


def day(n):
    """What an office does on a day: the files that it writes must be whole."""
    return [
        ("remark", ID, "另有一份", *BY, *ON, "--request-id", f"c{n}"),
        ("facts", ID, "employees=43", *BY, *ON, "--request-id", f"a{n}"),
        (
            "advance",
            ID,
            "apply",
            "-e",
            "application=1",
            "--reason",
            "收到材料" * 300,
            *BY,
            *ON,
            "--request-id",
            f"b{n}",
        ),
        ("import", "more.csv", *ON, "--park", "--rejects", "rejects.csv"),
        ("list", "-o", "list.csv"),
        ("list", "--format", "json", "-o", "list.json"),
        ("overdue", "--as-of", "2016-01-05", "-o", "overdue.xlsx"),
        ("sweep", "--as-of", "2016-01-05"),
        ("notices", "deliver", "--to", "file:notices.jsonl"),
        ("audit", "seal", "--key", "key.pem", "--to", "file:seals.jsonl"),
        ("erase", ID, "--event", "2", "--reason", "误写", *BY, "--yes"),
        ("db", "backup", "copy.db", "--force"),
        ("sample", "--n", "5", "--seed", str(n), "--format", "csv", "-o", "sample.csv"),
    ]


def kept():
    with closing(sqlite3.connect("guikou.db")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM requests WHERE id IS NOT NULL")}


def all_whole(folder):
    """That what was written there is there whole; no part of a file is left."""
    for place in folder.iterdir():
        text = place.read_bytes()
        match place.suffix:
            case ".json":
                json.loads(text)
            case ".jsonl":
                assert not text or text.endswith(b"\n")
                assert all(json.loads(line) for line in text.splitlines())
            case ".csv":
                assert text.endswith(b"\n")
            case ".xlsx":
                assert zipfile.ZipFile(place).testzip() is None
            case ".db":
                with closing(sqlite3.connect(place)) as connection:
                    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            case _:
                assert place.suffix in (".pem", ".db-wal", ".db-shm"), place
    return True


def test_a_full_disk_is_said_in_a_line_and_nothing_is_half_done(school, small, tmp_path, monkeypatch):
    school("audit", "key", "key.pem")
    (tmp_path / "more.csv").write_text(rows(OTHERS), encoding="utf-8")
    begun = [one for one in tmp_path.iterdir() if one.is_file()]
    draw = random.Random(RUNS)
    monkeypatch.chdir(small)
    refused = set()
    for n in range(RUNS):
        for one in begun:
            shutil.copy(one, small)
        filler = fill(small, pages := n * PAGES // RUNS + draw.randrange(max(PAGES // RUNS, 1)))
        said = apart(school, day(n))
        lacking = set()
        for words, code, err in said:
            told = FULL.search(err) or (words[0] == "erase" and "remark" in lacking)
            if code == 0 or (words[0] == "import" and not told):  # it has a row that is refused
                continue
            assert told, (words, pages, err)
            assert words[0] == "import" or len(err.strip().splitlines()) == 1, (words, pages, err)
            assert code in (1, 2), (words, pages, err)
            lacking.add(words[0])
        filler.unlink()
        assert all_whole(small)
        assert {words[-1] for words, code, _ in said if code == 0 and "--request-id" in words} <= kept()
        for words, code, err in apart(school, [("db", "check"), ("audit", "verify"), *day(n)]):
            assert code == 0 or words[0] in ("import", "erase") or "[request-erased]" in err, (words, pages, err)
            assert not FULL.search(err), (words, pages, err)
        assert {f"{which}{n}" for which in "abc"} <= kept()
        assert all_whole(small)
        for one in list(small.iterdir()):
            one.unlink()
        refused |= lacking
    assert refused


def apart(school, lines):
    """What becomes of command lines in a process of its own, which holds no file open when it has ended: each with its
    exit code, and what it said went wrong."""
    here, there = multiprocessing.Pipe(duplex=False)

    def work():
        said = []
        for words in lines:
            school.capsys.readouterr()
            said.append((words, run([str(one) for one in words]), school.capsys.readouterr().err))
        there.send(said)

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    there.close()
    given = here.recv()
    process.join()
    return given
