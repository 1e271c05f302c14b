"""What others install: the wheel, from the tree and from the sdist, in an environment of its own, away from the tree.

`make wheel` does the same with all dependencies from a registry.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("adapters", "engine", "workflows")
#: What lies in a tree that was worked in.
LEFTOVERS = (
    ".venv/lib/thing.py", "build/lib/guikou/engine/ghost.py", "engine/__pycache__/ghost.cpython-311.pyc",
    "workflows/my.db", "workflows/my.db-wal", "scratch/__init__.py",
)  # fmt: skip


def run(*command, cwd, **environment):
    """Standard output; fails with all that was said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GUIKOU"))}
    done = subprocess.run(
        [str(one) for one in command], cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def tracked():
    """The files that belong into the package, by their names there."""
    try:
        listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    except (AssertionError, FileNotFoundError):
        pytest.skip("not in a git repository")
    there = {name for name in listed if name and (ROOT / name).is_file()}
    return {
        f"guikou/{name}"
        for name in there
        if name.split("/")[0] in ROOMS or name in ("__init__.py", "__main__.py", "py.typed")
    }


def built(folder, *what):
    """The file that a build makes of a source folder: the sdist, the wheel, or the wheel by way of an sdist."""
    out = folder.parent / "-".join([folder.name, *what, "built"])
    run(sys.executable, "-m", "build", "--no-isolation", *(f"--{one}" for one in what), "--outdir", out, cwd=folder)
    return next(out.glob("*.tar.gz" if what == ("sdist",) else "*.whl"))


def packed(wheel):
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree, so that what building leaves behind does not lie in it."""
    copy = tmp_path_factory.mktemp("source") / "tree"
    shutil.copytree(
        ROOT, copy, symlinks=True,
        ignore=shutil.ignore_patterns(".git", ".venv", ".wheel", ".demo", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "*.db", "*.db-*"),
    )  # fmt: skip
    return copy


@pytest.fixture(scope="module")
def sdist(tree):
    return built(tree, "sdist")


@pytest.fixture(scope="module")
def unpacked(sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as file:
        file.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def wheel(unpacked):
    """The one from the sdist."""
    return built(unpacked, "wheel")


def test_the_wheel_from_the_sdist_and_the_one_from_the_tree_hold_the_same(tree, wheel):
    assert packed(built(tree, "wheel")) == packed(wheel)


def test_the_wheel_holds_each_package_and_all_its_data_and_nothing_else(wheel):
    assert packed(wheel) == tracked()


def test_what_working_leaves_behind_is_not_packed(tree, wheel, tmp_path):
    used = tmp_path / "used"
    shutil.copytree(tree, used, symlinks=True)
    for name in LEFTOVERS:
        (used / name).parent.mkdir(parents=True, exist_ok=True)
        (used / name).write_text("left", encoding="utf-8")
    assert packed(built(used)) == packed(wheel)


def test_the_sdist_has_what_a_reader_needs_and_no_tests(sdist):
    with tarfile.open(sdist) as file:
        names = {name.split("/")[1] for name in file.getnames() if "/" in name}
    assert {"LICENSE", "README.md", "README.zh-CN.md", "CHANGELOG.md", "pyproject.toml", "setup.py"} <= names
    assert not names & {"tests", "benchmarks", "docs", "examples", "build", ".venv"}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel, and with the dependencies of this one, but not with its guikou."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel,
        cwd=folder.parent)  # fmt: skip
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder.parent).strip())
    # A path in a .pth is searched, the .pth files in it are not read: an editable guikou stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def test_it_is_the_installed_one_that_runs(installed, tmp_path):
    say = "import guikou, guikou.engine, guikou.workflows as w; print(guikou.__file__, w.names())"
    file, names = run(installed / "bin" / "python", "-c", say, cwd=tmp_path).split(maxsplit=1)
    assert Path(file).is_relative_to(installed)
    assert "beijing-2015" in names


def test_the_installed_package_runs_as_a_module(installed, tmp_path):
    as_module = run(installed / "bin" / "python", "-m", "guikou", "--help", cwd=tmp_path, GUIKOU_LANG="en")
    assert as_module == run(installed / "bin" / "guikou", "--help", cwd=tmp_path, GUIKOU_LANG="en")
    assert as_module.startswith("Usage: guikou ")


def test_the_installed_command_takes_organisations_in(installed, tmp_path):
    def guikou(*arguments):
        return run(installed / "bin" / "guikou", *arguments, cwd=tmp_path, GUIKOU_LANG="en", HOME=str(tmp_path))

    guikou("init")
    guikou("sample", "--n", "50", "--seed", "1", "-o", "organizations.csv")
    guikou("import", "organizations.csv", "--as-of", "2016-01-04")
    assert guikou("list", "--format", "csv").count("\n") > 50
    guikou("policy", "check", "beijing-2015")
    guikou("policy", "test", "beijing-2015")
    guikou("policy", "schema", "policy")
    assert "chaoyang" in guikou("inbox", "--as", "chaoyang-education", "--as-of", "2016-03-01", "--format", "json")
    assert guikou("overdue", "--as-of", "2016-12-31", "--format", "csv").count("\n") > 1
