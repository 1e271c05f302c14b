"""What becomes of a database of which a byte was flipped, in each of its pages; and of one that may only be read."""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from guikou.adapters.keys import new_key, verified
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import GuikouError, StoreFailed

from .test_auditing import BY, DAY, FACTS

#: How many bytes are flipped in each page, one at a time.
FLIPS = int(os.environ.get("GUIKOU_FLIPS", "1"))


@pytest.fixture(scope="module")
def whole(beijing, tmp_path_factory):
    """A database of a few lives under a seal, in one file, whose policy is short, so that pages are many of few."""
    place = tmp_path_factory.mktemp("whole") / "whole.db"
    store = SqlStore(f"sqlite:///{place}")
    store.create()
    office = Supervision.activate(beijing, store)
    for number in range(12):
        id = f"A{number}"
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY, request_id=f"r{number}")
        office.advance(id, "apply", by=BY, evidence={"application": "1"}, when=DAY)
        office.remark(id, "已电话核实", by=BY, when=DAY)
    office.sweep(when=DAY + timedelta(days=100))
    key = new_key(place.with_suffix(".pem"))
    store.sealing.begin_key(key)
    store.sealing.seal(key)
    store.close()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        page = connection.execute("PRAGMA page_size").fetchone()[0]
    return place, page


def said(place):
    """All that there is to say of a database, or which of our errors is told instead."""

    def tried(ask):
        try:
            return ask()
        except GuikouError as error:
            return error.line("zh").split("]")[0]

    store = None
    try:
        store = SqlStore(f"sqlite:///{place}")
        office = Supervision.open(store)
        return {
            "cases": tried(lambda: [one.case for one in office.cases()]),
            "events": tried(lambda: [office.history(f"A{number}") for number in range(12)]),
            "overdue": tried(lambda: [one.case for one in office.overdue(as_of=date(2017, 1, 1))]),
            "outbox": tried(store.outbox),
            "check": tried(lambda: len(list(store.differences()))),
            "audit": tried(lambda: len(list(store.audit(verified).findings()))),
            "status": tried(lambda: tuple(store.status().problems)),
        }
    except GuikouError as error:
        return error.code
    finally:
        if store is not None:
            store.close()


def test_a_flipped_byte_in_each_page_is_told_or_changes_nothing(whole, tmp_path):
    place, page = whole
    sound = said(place)
    assert (sound["check"], sound["audit"], sound["status"]) == (0, 0, ())
    data, draw, told = place.read_bytes(), random.Random(0), 0
    spoilt = tmp_path / "spoilt.db"
    for start in range(0, len(data), page):
        for _ in range(FLIPS):
            at = start + draw.randrange(page)
            for left in ("-wal", "-shm"):  # of one that could not be closed properly
                Path(f"{spoilt}{left}").unlink(missing_ok=True)
            spoilt.write_bytes(data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :])
            found = said(spoilt)
            if found == sound:  # it was a byte that nothing uses
                continue
            told += 1
            if isinstance(found, str):
                continue
            wrong = found["check"] or found["audit"] or found["status"]
            # How a notice was delivered is under no seal (docs/record.md).
            same = {name: found[name] == sound[name] for name in found if name != "outbox"}
            assert wrong or all(same.values()), (at, same)
            _, after = acted(spoilt)
            assert after is None or isinstance(after, GuikouError), after
    assert told > len(data) // page // 2


def acted(place):
    """What comes of a command on a database, of which only our own errors may come."""
    store = None
    try:
        store = SqlStore(f"sqlite:///{place}")
        office = Supervision.open(store)
        return office.remark("A1", "核实", by=BY), None
    except GuikouError as error:
        return None, error
    finally:
        if store is not None:
            store.close()


def in_a_child(ask):
    """What a function gives in a process of its own that may write nothing of root's."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(write, json.dumps(ask()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as opened:
        text = opened.read()
    assert os.waitpid(child, 0)[1] == 0
    return json.loads(text)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
@pytest.mark.parametrize(
    ("file", "folder", "reads"),
    [(0o444, 0o777, True), (0o444, 0o555, False), (0o666, 0o555, False)],  # SQLite writes beside what it may write
    ids=["file", "both", "folder"],
)
def test_what_may_only_be_read_refuses_whoever_writes(whole, beijing, file, folder, reads):
    import tempfile

    with tempfile.TemporaryDirectory() as around:
        place = Path(around, "own", "x.db")
        place.parent.mkdir()
        shutil.copy(whole[0], place)
        os.chmod(around, 0o755)
        place.chmod(file)
        place.parent.chmod(folder)
        before = place.read_bytes()

        def ask():
            found = []
            for what in (
                lambda office: len(office.cases()),
                lambda office: len(list(office.store.differences())),
                lambda office: office.remark("A1", "核实", by=BY).id,
            ):
                try:
                    found.append(what(Supervision(beijing, SqlStore(f"sqlite:///{place}"))))
                except StoreFailed as error:
                    found.append(error.line("zh"))
            return found

        cases, differences, refused = in_a_child(ask)
        assert not reads or (cases, differences) == (12, 0)
        assert "未做任何更改" in refused
        assert place.read_bytes() == before
        place.parent.chmod(0o755)
