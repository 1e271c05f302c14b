"""Whatever a file, a command line or the notation of rules holds: one line of guikou's own, and never a traceback.

GUIKOU_FUZZ inputs from GUIKOU_FUZZ_FROM on, seed by seed; `make fuzz` goes on where it stopped, and gives each input five
seconds and the process a gigabyte.
"""

import contextlib
import os
import resource
import signal
from pathlib import Path

import pytest

from guikou.adapters.cli import run
from guikou.engine.policy.files.documents import read_folder
from tests.end_to_end import spoken

from . import fuzz

FROM = int(os.environ.get("GUIKOU_FUZZ_FROM", "0"))
COUNT = int(os.environ.get("GUIKOU_FUZZ", "2000"))
WORKERS = 10
SECONDS = 5
PROGRESS = Path(__file__).resolve().parents[2] / ".fuzz"


class TooLong(Exception):
    """No OSError, as TimeoutError is: commands tell of those in a line."""


@pytest.fixture
def made(tmp_path, monkeypatch, published):
    """A folder with a register, a database, and all that inputs are made from."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    spoken.prepare(folder)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        for words in (["init"], ["import", "one.csv", "--as-of", "2016-01-04"]):
            run(words)
    small = read_folder(Path(__file__).resolve().parents[1] / "policies" / "restaurants")
    return fuzz.Fuzz(folder, published, small, spoken.EXAMPLES)


@pytest.fixture
def bounded():
    """Five seconds for an input, and a gigabyte for the process: in the long run alone, on a machine of its own."""
    if "GUIKOU_FUZZ" not in os.environ:
        yield lambda: None
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, before[1]))

    def late(*_):
        raise TooLong(f"more than {SECONDS} seconds")

    old = signal.signal(signal.SIGALRM, late)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, old)
    resource.setrlimit(resource.RLIMIT_DATA, before)


@pytest.mark.parametrize("worker", range(WORKERS))
def test_no_input_ends_in_a_traceback(made, bounded, worker):
    failed = []
    for seed in range(FROM + worker, FROM + COUNT, WORKERS):
        bounded()
        found = fuzz.try_one(made, seed)
        if found is not None:
            failed.append((seed, *found))
            if "GUIKOU_FUZZ" in os.environ:
                with PROGRESS.open("a", encoding="utf-8") as file:
                    file.write(f"{seed} {found[0]}: {found[1][:300]!r}\n")
    assert failed == []


@pytest.mark.parametrize("target", sorted({*fuzz.TARGETS}))
def test_each_target_is_tried_and_what_is_right_passes(made, target, monkeypatch):
    monkeypatch.setattr(fuzz.Fuzz, "text", lambda self, text, choose: text)
    monkeypatch.setattr(fuzz.Fuzz, "data", lambda self, data, choose: data)
    assert fuzz.try_one(made, fuzz.TARGETS.index(target)) is None


def test_what_must_not_come_is_told(made, monkeypatch):
    def broken(*_):
        raise KeyError("x")

    monkeypatch.setattr(fuzz.Fuzz, "try_policy", broken)
    assert fuzz.try_one(made, 0) == ("policy", "KeyError: 'x'")
