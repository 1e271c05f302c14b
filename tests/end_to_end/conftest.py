import pytest

from guikou import workflows
from guikou.adapters.cli import run
from guikou.engine import parse


class Shell:
    """The real command line in a directory of its own."""

    def __init__(self, capsys):
        self.capsys = capsys

    def __call__(self, *arguments, code=0):
        self.capsys.readouterr()
        got = run([str(one) for one in arguments])
        self.out, self.err = self.capsys.readouterr()
        assert got == code, f"{arguments} gave {got}: {self.out}{self.err}"
        assert "Traceback" not in self.err
        return self.out

    def refused(self, *arguments, code=1):
        """Its one line on standard error."""
        self(*arguments, code=code)
        assert len(self.err.strip().splitlines()) == 1, self.err
        return self.err.strip()


@pytest.fixture(scope="session", autouse=True)
def published_policy():
    """The published policy as commands read it: while it is held, none reads it again."""
    found = workflows.load("beijing-2015")
    return found, parse(found.files)


@pytest.fixture
def shell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("GUIKOU_DB", "GUIKOU_LANG", "GUIKOU_CONFIG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    return Shell(capsys)


HEADING = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
SCHOOL = "52110105MJ0001010Q,朝阳区启明学校,chaoyang,private_non_enterprise,district,education,42,5,false"


@pytest.fixture
def school(shell, tmp_path):
    """A shell whose database holds one school's case, opened on 4 January 2016."""
    (tmp_path / "one.csv").write_text(f"{HEADING}\n{SCHOOL}\n", encoding="utf-8")
    shell("init")
    shell("import", "one.csv", "--as-of", "2016-01-04")
    return shell
