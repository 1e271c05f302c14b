"""What a policy says of intake, and what it promises, as it is read."""

import pytest

from .faults import HEAD, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "  weight: employees", "  weight: industry", "bad-value", "must be an integer fact"),
        (HEAD, "  entry: entry", "  entry: entrance", "unknown-name", "no table 'entrance'"),
        (HEAD, "  hub: hubs", "  hub: form", "bad-value", "one output of type body"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)
