"""Whatever somebody changes in the record, with the database's own guard turned off, is found and located: seeded
changes, GUIKOU_CHANGES of them on SQLite and a tenth as many on PostgreSQL."""

import hashlib
import itertools
import json
import os
import random
import sqlite3
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from guikou.adapters.keys import new_key, read_key, verified
from guikou.adapters.sql import SqlStore
from guikou.adapters.sql import sealing as sealing_module
from guikou.adapters.sql.rows import event_of
from guikou.engine import Organization, RowRead, Source, Supervision
from guikou.engine.audit.merkle import is_consistent, is_included, leaf_hash
from guikou.engine.cases.canonical import canonical
from guikou.engine.errors import GuikouError, NotSealed, RecordChanged, UnknownEvent, UnknownSeal

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
BY, DAY = "chaoyang-education", date(2016, 1, 4)
#: What is looked at of each table: everything but an event's number in its request, where it has none, and what a policy
#: is called besides in its own text.
COLUMNS = {
    "events": (
        "case_id seq kind at recorded_at actor body policy trigger changes evidence rules reason request_id previous hash "
        "texts"
    ),
    "texts": "case_id seq content",
    "policies": "digest files",
    "requests": "number id kind command salt fingerprint events revision at recorded_at",
    "statements": "number kind at key previous content signature",
    "sealed": "case_id number upto hash",
    "notices": "case_id seq kind body name concerns state workflow due day created_at delivered_at",
    "imports": (
        "number file digest size encoding sheet mapping parks actor body policy at recorded_at finished_at lines counts"
    ),
    "import_rows": "import_number line id name outcome case_id before revision parked faults",
    "parked": "number id import_number line given read faults actor body parked_at replaces",
}
KEYS = {
    "events": ("case_id", "seq"), "texts": ("case_id", "seq"), "policies": ("digest",), "requests": ("number",), "statements": ("number",),
    "sealed": ("case_id", "number"), "notices": ("case_id", "seq"), "imports": ("number",),
    "import_rows": ("import_number", "line"), "parked": ("number",),
}  # fmt: skip


@pytest.fixture
def record(policy, sql_store, tmp_path, told_on_time):
    """A record of a few lives, with two seals, and nothing after the second."""
    office = Supervision(policy, sql_store)
    key = new_key(tmp_path / "key.pem")
    sql_store.sealing.begin_key(key)
    for number, id in enumerate(("A", "B", "C", "甲")):
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY, request_id=f"r{number}")
        office.advance(id, "apply", by=BY, evidence={"application": "1"}, when=DAY, request_id=f"a{number}")
        office.advance(id, "establish", by=BY, evidence={"approval_document": "2"}, when=DAY)
    sql_store.sealing.seal(key)
    rows = [
        RowRead(n, f"52110108MA000000{n}X", "学校", "110105", said, (), {"编码": "x"})
        for n, said in (
            (2, FACTS),
            (3, {**FACTS, "industry": "health"}),
            (4, {"registered_as": "private_non_enterprise"}),
        )
    ]
    list(office.intake.begin(Source("register.csv", "d" * 64, 1, "utf-8"), 3, park=True, when=DAY).take(rows, 100))
    office.sweep(when=DAY + timedelta(days=100))
    for one in sql_store.claim(sql_store.now() + timedelta(minutes=5), 99):
        sql_store.delivered(one)
    office.report("A", {"employees": 50}, by="beijing", when=DAY + timedelta(days=101), request_id="f")
    sql_store.sealing.seal(key)
    assert findings(sql_store) == []
    return office


def findings(store):
    return [(one.code, one.case, one.seq, one.seal) for one in store.audit(verified).findings()]


@pytest.fixture
def intruder(record):
    made = Intruder(record.store)
    yield made
    made.engine.dispose()


class Intruder:
    """Changes rows with the guard turned off, and can put everything back."""

    def __init__(self, store):
        self.random = random.Random(0)
        self.engine = create_engine(store.url.replace("postgresql:", "postgresql+psycopg:"))
        self.sqlite = store.database.sqlite

    def begin(self):
        connection = self.engine.connect()
        if self.sqlite:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")  # an intruder need not outlive a power cut
            for table in ("events", "statements", "sealed"):
                for what in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        return connection

    def rows(self, connection, table):
        order = ", ".join(KEYS[table])
        return [dict(one._mapping) for one in connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}"))]

    def put(self, connection, table, rows):
        """Everything in a table, as it was."""
        connection.execute(text(f"DELETE FROM {table}"))
        names = list(rows[0])
        values = ", ".join(f":{name}" for name in names)
        own = ", ".join(f'"{name}"' for name in names)
        connection.execute(text(f"INSERT INTO {table} ({own}) VALUES ({values})"), rows)
        connection.commit()

    def other(self, value):
        """Another value, not far from it."""
        choose = self.random
        if value is None:
            return "x"
        if isinstance(value, int):
            return value + choose.choice([-1, 1, 100])
        if not isinstance(value, str):
            return value + timedelta(microseconds=1)
        if not value:
            return "x"
        at = choose.randrange(len(value))
        return choose.choice([
            value[:at] + chr(ord(value[at]) ^ (1 << choose.randrange(4))) + value[at + 1 :],
            value[:at] + value[at + 1 :], value + " ", value[:at] + "0" + value[at:],
        ])  # fmt: skip

    def change(self, connection):
        """One change; gives its table and the rows that it is about."""
        choose = self.random
        table = choose.choice(["events"] * 6 + list(COLUMNS))
        rows = self.rows(connection, table)
        row = choose.choice(rows)
        where = " AND ".join(f'"{name}" = :_{name}' for name in KEYS[table])
        old = {f"_{name}": row[name] for name in KEYS[table]}
        match choose.choice(["column"] * 6 + ["delete", "insert", "swap", "anew"]):
            case "delete":
                connection.execute(text(f"DELETE FROM {table} WHERE {where}"), old)
                return table, [row]
            case "insert" if table in ("events", "texts", "sealed"):
                last = "seq" if table != "sealed" else "number"
                own = row | {last: max(one[last] for one in rows if one["case_id"] == row["case_id"]) + 1}
                own |= {"request_id": None} if table == "events" else {}
                names = ", ".join(f'"{name}"' for name in own)
                connection.execute(
                    text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in own)})"), own
                )
                return table, [own]
            case "swap" if (
                table == "events" and len(own := [one for one in rows if one["case_id"] == row["case_id"]]) > 1
            ):
                first, second = choose.sample(own, 2)
                for seq, to in ((first["seq"], -1), (second["seq"], first["seq"]), (-1, second["seq"])):
                    connection.execute(
                        text("UPDATE events SET seq = :to WHERE case_id = :case AND seq = :seq"),
                        {"to": to, "case": row["case_id"], "seq": seq},
                    )
                return table, [first, second]
            case "anew" if table == "events":  # the chain after it made anew, so that only the seal can tell
                self.made_anew(connection, row["case_id"], row["seq"])
                return table, [row]
            case _:
                column = choose.choice(COLUMNS[table].split())
                new = self.other(row[column])
                while new == row[column]:
                    new = self.other(row[column])
                connection.execute(text(f'UPDATE {table} SET "{column}" = :new WHERE {where}'), old | {"new": new})
                return table, [row, row | {column: new}]

    def made_anew(self, connection, case, seq):
        rows = connection.execute(text("SELECT * FROM events WHERE case_id = :case ORDER BY seq"), {"case": case}).all()
        previous = None
        for row in rows:
            if row.seq < seq:
                continue
            event = event_of((*row, None))
            content = event.content() | ({"reason": "another"} if row.seq == seq else {"previous": previous})
            previous = hashlib.sha256(canonical(content)).hexdigest()
            # What stands beside it fits as before.
            connection.execute(
                text("UPDATE events SET reason = :reason, previous = :before, hash = :hash WHERE case_id = :case AND seq = :seq"),
                {"reason": content["reason"], "before": content["previous"], "hash": previous, "case": case, "seq": row.seq},
            )  # fmt: skip


def located(found, table, rows):
    """Whether something that was found is about these rows."""
    for code, case, seq, seal in found:
        for row in rows:
            if table in ("events", "texts") and case == row["case_id"] and abs(seq - row["seq"]) <= max(1, row["seq"]):
                return True
            if table == "policies" and code in ("policy-changed", "no-policy"):
                return True
            if table == "requests" and code in ("request-changed", "request-gone"):
                return True
            if table == "statements" and code in ("seal-changed", "seal-root", "seal-heads"):
                return True
            if table == "notices" and code == "notice-changed":
                return True
            if table in ("imports", "import_rows", "parked") and code == "import-changed":
                return True
            if table == "sealed" and (case == row["case_id"] or seal is not None):
                return True
    return False


def test_changes_of_any_kind_are_found_and_located(record, intruder):
    store = record.store
    done = kinds = 0
    wanted = int(os.environ.get("GUIKOU_CHANGES", "120"))
    wanted = wanted if store.database.sqlite else max(40, wanted // 10)
    for seed in range(wanted * 2):
        intruder.random = random.Random(seed)
        with intruder.begin() as connection:
            before = {table: intruder.rows(connection, table) for table in COLUMNS}
            try:
                table, rows = intruder.change(connection)
                connection.commit()
            except DBAPIError:  # the database itself would not have it, such as a key that is there already
                connection.rollback()
                continue
            found = findings(store)
            assert located(found, table, rows), (seed, table, rows, found)
            for one in COLUMNS if table in ("policies", "statements") else [table]:
                if intruder.rows(connection, one) != before[one]:
                    intruder.put(connection, one, before[one])
        done += 1
        kinds |= 1 << list(COLUMNS).index(table)
        if done == wanted:
            break
    assert (done, kinds) == (wanted, (1 << len(COLUMNS)) - 1)
    assert findings(store) == []


def test_the_tail_that_is_cut_off_with_its_case_is_found(record, intruder):
    with intruder.begin() as connection:
        for table in ("duties", "notices", "passages", "events"):
            connection.execute(text(f"DELETE FROM {table} WHERE case_id = 'C'"))
        connection.execute(text("DELETE FROM cases WHERE id = 'C'"))
        connection.commit()
    assert [one[:3] for one in findings(record.store) if one[0] == "tail"] == [("tail", "C", 1)]


def test_proofs_prove_every_event_and_every_pair_of_seals(policy, record):
    store = record.store
    audit = store.audit(verified)
    seals = [one.number for one in store.sealing.seals()]
    for case in ("A", "B", "C", "甲"):
        for event in store.events(case):
            for number in seals:
                if event.seq > 3 and number == seals[0]:
                    with pytest.raises(NotSealed):
                        audit.prove(case, event.seq, number)
                    continue
                proof = audit.prove(case, event.seq, number)
                content = json.loads(proof["seal"]["text"])["content"]
                path = [bytes.fromhex(one) for one in proof["path"]]
                leaf = leaf_hash(bytes.fromhex(event.hash))
                assert proof["event"].encode() == canonical(event.content())
                assert is_included(leaf, proof["index"], content["size"], path, bytes.fromhex(content["root"]))
                assert verified(proof["seal"]["public"], proof["seal"]["text"].encode(), proof["seal"]["signature"])
    both = audit.prove_between(*seals)
    old, new = (json.loads(one["text"])["content"] for one in both["seals"])
    path = [bytes.fromhex(one) for one in both["path"]]
    assert is_consistent(old["size"], new["size"], bytes.fromhex(old["root"]), bytes.fromhex(new["root"]), path)
    assert audit.prove_between(seals[0], seals[0])["path"] == []
    for refused in (lambda: audit.prove("A", 1, 99), lambda: audit.prove_between(1, 99)):
        with pytest.raises(UnknownSeal):
            refused()
    last = store.events("A")[-1].seq
    with pytest.raises(UnknownEvent) as refused:
        audit.prove("A", last + 1)
    assert refused.value.details == {"case": "A", "seq": last + 1, "last": last}
    assert f"第 {last} 号" in refused.value.line("zh")
    Supervision(policy, store).remark("A", "已电话核实", by="chaoyang-education")
    with pytest.raises(NotSealed):
        audit.prove("A", last + 1)


def test_nothing_is_proved_of_what_was_changed(record, intruder):
    store = record.store
    with intruder.begin() as connection:
        connection.execute(text("UPDATE events SET reason = 'x' WHERE case_id = 'B' AND seq = 2"))
        connection.commit()
    with pytest.raises(RecordChanged):
        store.audit(verified).prove("B", 2)
    assert store.audit(verified).prove("B", 1)


def test_nothing_is_found_while_others_write_and_seal(policy, sql_store, tmp_path, told_on_time):
    key = new_key(tmp_path / "key.pem")
    sql_store.sealing.begin_key(key)
    stop = threading.Event()

    def write():
        store = SqlStore(sql_store.url, clock=sql_store.now)
        own = Supervision(policy, store)
        for number in itertools.count():
            own.register(Organization(f"A{number}", "学校", "110105", FACTS), when=DAY, request_id=f"r{number}")
            own.report(f"A{number}", {"employees": number}, by="beijing", when=DAY)
            if number % 7 == 0:
                own.sweep(when=DAY + timedelta(days=100))
                for one in store.claim(store.now() + timedelta(minutes=5), 9):
                    store.delivered(one)
            if number % 5 == 0:
                store.sealing.seal(key)
            if stop.is_set():
                break
        store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [findings(sql_store) for _ in range(8)]
    finally:
        stop.set()
        writer.join()
    assert found == [[]] * 8
    assert len(sql_store.sealing.seals()) > 0


@pytest.mark.parametrize("column", ["content", "signature", "key", "previous", "kind"])
def test_a_statement_that_says_anything_else_stops_nothing(record, intruder, column):
    """Not even one that is JSON, of other kinds than were written."""
    for value in (
        "{}",
        "[]",
        "null",
        '{"size":1}',
        '{"heads":1,"peaks":{},"policies":[],"requests":{},"root":[],"size":"x"}',
    ):
        with intruder.begin() as connection:
            before = intruder.rows(connection, "statements")
            connection.execute(text(f"UPDATE statements SET {column} = :value WHERE number > 1"), {"value": value})
            connection.commit()
            assert {one[0] for one in findings(record.store)} & {"seal-changed", "seal-root"}
            for ask in (
                lambda: record.store.audit(verified).prove("B", 1),
                lambda: record.store.audit(verified).prove_between(2, 3),
            ):
                with pytest.raises(GuikouError):
                    ask()
            intruder.put(connection, "statements", before)
    assert findings(record.store) == []


@pytest.mark.parametrize("request_id", [None, "r"])
def test_what_one_command_does_to_several_cases_is_as_it_was(policy, sql_store, told_on_time, request_id):
    office = Supervision(policy, sql_store)
    for id in ("A", "B", "C"):
        office.register(Organization(id, "学校", "110105", {**FACTS, "party_members": 2}), when=DAY)
    joint = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    given = {"by": BY, "evidence": {"joint_agreement": "1"}, "when": DAY, "request_id": request_id}
    office.found(Organization("J", "联合", "110105", joint), ["A", "B", "C"], **given)
    office.register(Organization("D", "学校", "110105", FACTS), when=DAY)
    office.same("A", "D", reason="x", by="beijing", when=DAY, request_id=request_id and "s")
    assert findings(sql_store) == []


def test_a_notice_that_is_gone_or_marked_delivered_is_found(record, intruder):
    """Also one of which an older seal says nothing: it is closed with the next."""
    store = record.store
    with intruder.begin() as connection:
        (first, second, *_) = intruder.rows(connection, "notices")
        connection.execute(text("DELETE FROM notices WHERE case_id = :case_id AND seq = :seq"), first)
        connection.execute(
            text("UPDATE notices SET delivered_at = NULL WHERE case_id = :case_id AND seq = :seq"), second
        )
        connection.execute(text("UPDATE notices SET next_attempt = created_at WHERE delivered_at IS NULL"))
        connection.commit()
    assert [one[::3] for one in findings(store)] == [("notice-changed", 3), ("notice-changed", 3)]


def test_deliveries_and_imports_alone_are_sealed_too(record, tmp_path):
    store, key = record.store, read_key(tmp_path / "key.pem")
    assert store.sealing.seal(key) is None
    record.sweep(when=DAY + timedelta(days=800))
    assert store.sealing.seal(key) is not None
    (one, *_) = store.claim(store.now() + timedelta(minutes=5), 1)
    assert store.sealing.seal(key) is None
    store.delivered(one)
    assert [store.sealing.seal(key).content["notices"]["delivered"]["count"], store.sealing.seal(key)] == [1, None]
    run = record.intake.begin(Source("register.csv", "e" * 64, 1), 1, park=True, when=DAY)
    assert store.sealing.seal(key) is None
    list(run.take([RowRead(2, "52110108MA0000009X", "学校", "110105", {}, (), {})], 100))
    assert list(store.sealing.seal(key).content["imports"]) == ["2"]
    assert findings(store) == []
    record.intake.undo(2, reason="重复", actor="desk", when=DAY)
    assert findings(store) == []


def test_a_notice_that_two_delivered_is_no_change(record, tmp_path):
    """The lease of the first ran out while it was at it."""
    store, key = record.store, read_key(tmp_path / "key.pem")
    record.sweep(when=DAY + timedelta(days=800))
    slow = store.claim(store.now() + timedelta(minutes=-1), 99)
    fast = store.claim(store.now() + timedelta(minutes=10), 99)
    assert [one.notice for one in fast] == [one.notice for one in slow] != []
    for one in fast:
        store.delivered(one)
    store.sealing.seal(key)
    for one in slow:
        store.delivered(one)
    assert findings(store) == []


def test_a_seal_of_an_older_guikou_between_others_is_no_change(record, tmp_path, monkeypatch):
    store, key = record.store, read_key(tmp_path / "key.pem")
    record.sweep(when=DAY + timedelta(days=400))
    with monkeypatch.context() as older:
        older.setattr(type(store.sealing), "_besides", lambda self, *_: {})
        older.setattr(sealing_module, "_says_something", lambda besides: False)
        assert "notices" not in store.sealing.seal(key).content
    record.sweep(when=DAY + timedelta(days=800))
    for one in store.claim(store.now() + timedelta(minutes=5), 99):
        store.delivered(one)
    assert store.sealing.seal(key).content["notices"]["said"]["count"] > 0
    assert findings(store) == []


@pytest.mark.parametrize(
    "change", ["delivered_at = x'00'", "seq = 'abc'", "name = CAST(x'ff' AS TEXT)", "due = 1.5", "next_attempt = x'00'"]
)
def test_a_notice_that_cannot_be_read_is_a_finding(record, change):
    if not record.store.database.sqlite:
        pytest.skip("PostgreSQL keeps nothing of another type")
    with sqlite3.connect(record.store.url.removeprefix("sqlite:///")) as raw:
        raw.execute(f"UPDATE notices SET {change} WHERE rowid = (SELECT min(rowid) FROM notices)")
    raw.close()
    assert {one[0] for one in findings(record.store)} == {"notice-changed"}
