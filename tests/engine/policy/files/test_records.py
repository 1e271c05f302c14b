"""Kinds of records as they are read."""

import pytest

from .faults import check_fault

RECORDS = "records.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (RECORDS, "  activity:\n", "  employees:\n", "bad-value", "is the name of a fact already"),
        (RECORDS, "  activity:\n", "  district:\n", "bad-value", "is the name of a fact already"),
        (RECORDS, "by: [responsible, superior, department,", "by: [responsible, superior, departments,", "unknown-name", "'departments'"),
        (RECORDS, "    amount: true\n", "    amount: maybe\n", "bad-value", "amount"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_a_kind_of_record_is_read_with_what_it_asks_for(beijing):
    kinds = beijing.parts.records
    assert (kinds["purchase"].amount, kinds["activity"].count.en, kinds["venue_use"].venue) == (
        True,
        "people taking part",
        True,
    )
    assert list(kinds["activity"].evidence) == ["activity_record"]
    assert not kinds["activity"].amount
