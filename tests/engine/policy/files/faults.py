"""Every way in which a policy's files can be wrong: the code, the file, the line."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError

from ...edits import rewritten

STAGES, BODIES, HEAD, TABLES = "workflows/stages.yaml", "bodies.yaml", "policy.yaml", "tables.yaml"
ROUTING, ORDER, AREAS = "tables/routing.csv", "tables/intake_order.csv", "areas.csv"


def check_fault(beijing, file, old, new, code, words):
    """A fault is refused with its code, its words, its file and its line."""
    files, line = rewritten(beijing.files, file, old, new)
    with pytest.raises(PolicyError) as caught:
        parse(files)
    error = caught.value
    assert error.code == code
    assert words in error.line("en")
    for lang in ("zh", "en"):
        assert "\n" not in error.line(lang)
    if "extends" not in words and "other workflow" not in words:
        assert error.where.file == file
        # A fault is found on its own line, or on the nearest key around it.
        assert error.where.line is None or abs(error.where.line - line) <= (0 if file.endswith(".csv") else 5)
