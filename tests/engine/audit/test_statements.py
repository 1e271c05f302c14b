"""Statements follow from one another, each signed by the key of its time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from guikou.engine.audit.statements import GENESIS, Statement, current_key, faults, key_id, keys_of

NOW = datetime(2026, 1, 4, 4, tzinfo=UTC)
ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)


def signature(public, text):
    """What stands for a signature here."""
    return sha256(public.encode() + text).hexdigest()


def verified(public, text, signed):
    return signature(public, text) == signed


class Record:
    """Statements, one after the other."""

    def __init__(self):
        self.said = []

    def state(self, kind, signer, **content):
        before = self.said[-1].hash if self.said else GENESIS
        number = len(self.said) + 1
        made = Statement(number, kind, NOW + timedelta(days=number), key_id(signer), before, content)
        self.said.append(replace(made, signature=signature(signer, made.text)))

    def key(self, public, by=None):
        self.state("key", by or public, id=key_id(public), public=public)

    def seal(self, public, size):
        self.state("seal", public, size=size, root="0", peaks=[], heads="0")

    def revoke(self, public, by):
        self.state("revocation", by, id=key_id(public), reason="失窃")

    def wrong(self, *said):
        return [(one.number, one.what.en) for one in faults(said or self.said, verified)]


@pytest.fixture
def record():
    made = Record()
    made.key(ONE)
    made.seal(ONE, 3)
    made.key(TWO, by=ONE)
    made.seal(TWO, 3)
    made.revoke(ONE, by=TWO)
    made.seal(TWO, 5)
    return made


def test_what_follows_and_is_signed_is_right(record):
    assert record.wrong() == []
    assert all(Statement.from_dict(one.to_dict()) == one for one in record.said)


def test_every_key_says_since_when_until_when_and_who_vouches_for_it(record):
    one, two = keys_of(record.said).values()
    at = {number: NOW + timedelta(days=number) for number in range(7)}
    assert (one.since, one.until, one.revoked, one.because, one.by) == (at[1], at[3], at[5], "失窃", None)
    assert (two.since, two.until, two.revoked, two.by) == (at[3], None, None, one.id)
    assert current_key(record.said) == two


def test_a_key_begins_anew_only_where_none_signs(record):
    record.revoke(TWO, by=TWO)
    assert current_key(record.said) is None
    record.key(THREE)
    assert record.wrong() == []
    assert keys_of(record.said)[key_id(THREE)].by is None
    record.key(ONE)  # nobody handed over
    assert [number for number, _ in record.wrong()] == [9]


@pytest.mark.parametrize("field", ["number", "kind", "at", "key", "previous", "content", "signature"])
def test_whatever_is_changed_is_found(record, field):
    for at, one in enumerate(record.said):
        new = {
            "number": one.number + 1, "kind": "seal" if one.kind == "key" else "key", "at": NOW, "key": key_id(THREE),
            "previous": "f" * 64, "content": {**one.content, "size": 9}, "signature": "0" * 64,
        }[field]  # fmt: skip
        spoilt = [*record.said[:at], replace(one, **{field: new}), *record.said[at + 1 :]]
        assert record.wrong(*spoilt), (field, at)


def test_what_is_left_out_or_put_elsewhere_is_found(record):
    for at in range(len(record.said) - 1):
        assert record.wrong(*record.said[:at], *record.said[at + 1 :])
        assert record.wrong(*record.said[:at], record.said[at + 1], record.said[at], *record.said[at + 2 :])


def test_whoever_has_no_right_to_sign_is_found(record):
    record.seal(ONE, 6)
    record.seal(THREE, 6)
    record.revoke(THREE, by=TWO)
    assert [number for number, _ in record.wrong()] == [7, 8, 9]


def test_a_seal_never_closes_less_than_the_one_before(record):
    record.seal(TWO, 4)
    assert record.wrong() == [(7, "it closes fewer events than the seal before")]


@pytest.mark.parametrize("change", [{"kind": "other"}, {"number": None}, {"more": 1}, {"at": "x"}, {"content": []}])
def test_what_is_no_statement_is_refused(record, change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Statement.from_dict({**record.said[0].to_dict(), **change})
