"""The tests mirror the engine: whoever looks for a module's tests finds them at the module's own path."""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ENGINE = TESTS.parent / "engine"
MODULES = sorted(path.relative_to(ENGINE) for path in ENGINE.rglob("*.py") if path.name != "__init__.py")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_of_the_engine_has_its_tests(module):
    mirror = TESTS / "engine" / module.with_name(f"test_{module.name}")
    assert mirror.is_file(), f"engine/{module.as_posix()} has no {mirror.relative_to(TESTS.parent).as_posix()}"
    assert "\ndef test_" in mirror.read_text(encoding="utf-8"), f"{mirror.name} tests nothing"


def test_no_test_of_the_engine_is_of_a_module_that_is_gone():
    for test in (TESTS / "engine").rglob("test_*.py"):
        tested = ENGINE / test.relative_to(TESTS / "engine").parent / test.name.removeprefix("test_")
        assert tested.is_file() or tested.with_suffix("").is_dir(), f"there is no {tested.relative_to(ENGINE)}"
