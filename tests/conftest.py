import pytest

from guikou import workflows


@pytest.fixture(scope="session")
def beijing():
    return workflows.load("beijing-2015")
