"""What may be written in a file, and what not."""

import pytest

from .faults import HEAD, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "intake:\n", "intakes:\n", "unknown-key", "unknown key 'intakes'; use one of: intake"),
        (HEAD, "  weight: employees", "  wieght: employees", "unknown-key", "use one of: weight"),
        (HEAD, "    minimum: 0", "    minimun: 0", "unknown-key", "minimum"),
        (HEAD, "    type: boolean", "    type: bool", "bad-value", "must be one of"),
        (HEAD, "effective: 2015-11-27", "effective: soon", "bad-value", "effective"),
        (HEAD, "effective: 2015-11-27", "effective: 1425168000", "bad-value", "must be a day such as 2015-11-27"),
        (HEAD, "effective: 2015-11-27", "effective: 2015-W48-5", "bad-value", "must be a day"),
        (HEAD, "effective: 2015-11-27", "effective: 2015-11-27T00:00:00Z", "bad-value", "must be a day"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)
