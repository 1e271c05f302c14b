"""Seals and the keys that sign them, on both databases."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import text

from guikou.adapters.keys import Signer, new_key, read_key, verified
from guikou.engine import Organization, Supervision
from guikou.engine.audit.statements import current_key, faults, keys_of
from guikou.engine.errors import (
    BadKey,
    KeyThere,
    NoKey,
    NotSaved,
    NotTheKey,
    RecordChanged,
    StoreError,
    UnknownSigningKey,
)

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
DAY = date(2016, 1, 4)
pytestmark = pytest.mark.usefixtures("told_on_time")


@pytest.fixture
def office(policy, sql_store):
    office = Supervision(policy, sql_store)
    for id in ("A", "B", "甲"):
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY)
    return office


@pytest.fixture
def key(tmp_path):
    return new_key(tmp_path / "key.pem")


def spoil(store, statement):
    with store.database.whole() as connection:
        if not store.database.sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for table in ("events", "statements", "sealed"):
                for what in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
        connection.execute(text(statement))


def test_a_seal_closes_what_is_new_and_the_next_what_came_since(office, key):
    sealing = office.store.sealing
    with pytest.raises(NoKey):
        sealing.seal(key)
    sealing.begin_key(key)
    first = sealing.seal(key)
    assert (first.number, first.size, first.content["events"]) == (2, 3, 3)
    assert sealing.seal(key) is None
    office.report("甲", {"employees": 50}, by="beijing", when=DAY)
    second = sealing.seal(key)
    assert (second.number, second.size, second.content["events"]) == (3, 4, 1)
    assert [dict(one.upto).keys() for one in sealing.seals()] == [{"A", "B", "甲"}, {"甲"}]
    assert list(faults(sealing.statements(), verified)) == []


def test_an_empty_record_can_be_sealed_once(policy, sql_store, key):
    sql_store.sealing.begin_key(key)
    assert sql_store.sealing.seal(key).size == 0
    assert sql_store.sealing.seal(key) is None


def test_keys_hand_over_are_revoked_and_begin_anew(office, key, tmp_path):
    sealing, other, third = office.store.sealing, new_key(tmp_path / "2.pem"), new_key(tmp_path / "3.pem")
    sealing.begin_key(key)
    with pytest.raises(KeyThere):
        sealing.begin_key(other)
    with pytest.raises(NotTheKey):
        sealing.begin_key(third, old=other)
    sealing.begin_key(other, old=key)
    for refused in (lambda: sealing.seal(key), lambda: sealing.begin_key(key, old=other)):
        with pytest.raises(NotTheKey):
            refused()
    assert sealing.seal(other) is not None
    with pytest.raises(UnknownSigningKey):
        sealing.revoke("0" * 16, other, "x")
    sealing.revoke(other.id, other, "失窃")
    with pytest.raises(NoKey):
        sealing.seal(other)
    sealing.begin_key(third)
    said = sealing.statements()
    assert current_key(said).id == third.id
    assert [one.by for one in keys_of(said).values()] == [None, key.id, None]
    assert list(faults(said, verified)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE case_id = 'A'",
        "UPDATE events SET hash = '" + "0" * 64 + "' WHERE case_id = 'B' AND seq = 1",
        "UPDATE events SET seq = 2 WHERE case_id = 'B'",
    ],
)
def test_nothing_is_sealed_over_what_was_changed(office, key, statement):
    sealing = office.store.sealing
    sealing.begin_key(key)
    sealing.seal(key)
    office.report("甲", {"employees": 50}, by="beijing", when=DAY)
    spoil(office.store, statement)
    with pytest.raises(RecordChanged):
        sealing.seal(key)
    assert len(sealing.statements()) == 2


@pytest.mark.parametrize("table", ["statements", "sealed"])
def test_what_was_stated_the_database_itself_never_changes(office, key, table):
    office.store.sealing.begin_key(key)
    office.store.sealing.seal(key)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET number = 9"):
        with pytest.raises(StoreError, match=f"{table} are never changed"), office.store.database.whole() as connection:
            connection.execute(text(statement))


# --- keys in files ----------------------------------------------------------------------------------------------------


@dataclass
class Wrong:
    text: bytes
    reason: str


def test_a_key_is_read_as_it_was_written_and_only_by_its_owner(tmp_path):
    made = new_key(tmp_path / "key.pem")
    again = read_key(tmp_path / "key.pem")
    assert (again.id, again.public) == (made.id, made.public)
    assert verified(made.public, b"text", again.sign(b"text"))
    assert not verified(made.public, b"other", again.sign(b"text"))
    assert not verified("x", b"text", again.sign(b"text"))
    assert not verified(made.public, b"text", "x")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert repr(made) == f"Signer(id={made.id!r})"
    with pytest.raises(NotSaved):
        new_key(tmp_path / "key.pem")


def test_a_passphrase_locks_a_key(tmp_path):
    made = new_key(tmp_path / "key.pem", "口令")
    assert read_key(tmp_path / "key.pem", "口令").id == made.id
    for passphrase, reason in ((None, "passphrase"), ("another", "wrong")):
        with pytest.raises(BadKey, match=reason):
            read_key(tmp_path / "key.pem", passphrase)
    new_key(tmp_path / "open.pem")
    with pytest.raises(BadKey, match="no passphrase"):
        read_key(tmp_path / "open.pem", "口令")


def test_what_is_no_key_is_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    other = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for text_, reason in ((other, "Ed25519"), (b"", "no private key"), (b"\xff" * 20_000, "no private key")):
        (tmp_path / "wrong.pem").write_bytes(text_)
        with pytest.raises(BadKey, match=reason):
            read_key(tmp_path / "wrong.pem")
    for path in (tmp_path, tmp_path / "nothing.pem"):
        with pytest.raises(BadKey):
            read_key(path)
    assert isinstance(new_key(tmp_path / "right.pem"), Signer)
