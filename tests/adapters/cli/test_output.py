"""What commands write: by the name of the file, whole or not at all, and over nothing else."""

import errno
import os
import sqlite3
import stat
import zipfile

import pytest

from guikou.adapters import files as output
from guikou.adapters.cli import run
from guikou.adapters.cli.output import apart, format_for, save
from guikou.engine.errors import NotSaved, WrongUsage

LISTING = ("table", "json", "csv", "xlsx")
DB = "sqlite:///guikou.db"


@pytest.mark.parametrize(
    ("asked", "left", "path", "found"),
    [
        (None, "table", "x.xlsx", "xlsx"), (None, "csv", "X.XLSX", "xlsx"), ("xlsx", "table", "x.xlsx", "xlsx"),
        (None, "table", "x.csv", "csv"), (None, "table", "x.json", "json"), (None, "table", "x.txt", "table"),
        (None, "csv", "cases", "csv"), ("json", "table", "x.out", "json"), ("csv", "table", None, "csv"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_says_what_is_written(asked, left, path, found):
    assert format_for(asked, left, LISTING, path) == found


@pytest.mark.parametrize(
    ("asked", "formats", "path", "said"),
    [
        ("json", LISTING, "x.xlsx", "--format json"), ("table", LISTING, "x.csv", "--format table"),
        (None, LISTING, "x.html", "can't write a .html file; it can write .xlsx, .csv, .json"),
        (None, LISTING, "x.xls", "can't write a .xls file"), (None, ("ics",), "x.xlsx", "it can write .ics"),
        (None, ("table",), "x.pdf", "can't write a .pdf file"), ("csv", LISTING, "x.db", "--format csv"),
    ],
)  # fmt: skip
def test_a_name_that_says_something_else_is_refused(asked, formats, path, said):
    with pytest.raises(WrongUsage) as refused:
        format_for(asked, formats[0], formats, path)
    assert said in refused.value.line("en")


def test_a_report_of_findings_may_be_called_json():
    assert format_for("sarif", "table", ("table", "json", "sarif"), "x.json") == "sarif"
    assert format_for(None, "table", ("table", "json", "sarif"), "x.sarif") == "sarif"


def workbook(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", "")


def database(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE t (x)")
    file.close()


MADE = {
    "x.xlsx": workbook,
    "x.csv": lambda path: path.write_text("名称,区域\n", encoding="gb18030"),
    "x.json": lambda path: path.write_text("[]"),
    "x.html": lambda path: path.write_text("<!DOCTYPE html>"),
    "x.ics": lambda path: path.write_text("BEGIN:VCALENDAR"),
    "x.txt": lambda path: path.write_text("共 3 件", encoding="utf-8"),
    "x.sqlite": database,
    "x.yaml": lambda path: path.write_text("a: 1"),
    "letter.docx": lambda path: zipfile.ZipFile(path, "w").writestr("word/document.xml", ""),
    "image": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r"),
}
OWN = {
    "xlsx": {"x.xlsx"},
    "csv": {"x.csv", "x.txt"},
    "json": {"x.json"},
    "html": {"x.html"},
    "ics": {"x.ics"},
    "table": {"x.txt"},
}


#: What a command writes of each kind, once and then again.
WRITTEN = {
    "csv": ("名称,区域\n甲,乙\n", "名称,区域\n"), "table": ("逾期（截至 2016-01-04）\n\n甲", "逾期（截至 2016-01-05）\n\n乙"),
    "json": ('[{"case": 1, "name": 2}]', '[{"name": 5, "case": 4}]'), "ics": ("BEGIN:VCALENDAR\nPRODID:-//guikou//\nA", "BEGIN:VCALENDAR\nPRODID:-//guikou//\nB"),
    "html": ('<!DOCTYPE html>\n<meta name="generator" content="guikou">', "<!DOCTYPE html>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_a_command_wrote_it_writes_again(tmp_path, kind):
    path = tmp_path / "x"
    for text in WRITTEN[kind]:
        save(str(path), kind, DB, lambda out, text=text: out.write(text.encode()))
        assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_somebody_else_wrote_stays_unless_it_is_said(tmp_path, kind):
    path = tmp_path / "x"
    path.write_text(
        {"json": '{"mine": 1}', "html": "<!DOCTYPE html>", "ics": "BEGIN:VCALENDAR\nPRODID:-//another//"}.get(
            kind, "mine"
        )
    )
    before = path.read_bytes()
    with pytest.raises(NotSaved, match="--force writes over it"):
        save(str(path), kind, DB, lambda out: out.write(WRITTEN[kind][0].encode()))
    assert path.read_bytes() == before
    save(str(path), kind, DB, lambda out: out.write(b"new"), force=True)
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("text", [b"-----BEGIN PRIVATE KEY-----\nM", b"SQLite format 3\0", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_key_a_database_and_what_is_no_text_are_never_written_over(tmp_path, text):
    (tmp_path / "x").write_bytes(text)
    for kind in OWN:
        with pytest.raises(NotSaved):
            save(str(tmp_path / "x"), kind, DB, lambda out: out.write(b"new"), force=True)
    assert (tmp_path / "x").read_bytes() == text


def test_what_does_something_writes_to_a_new_file_alone(tmp_path):
    (tmp_path / "x").write_text("名称,区域\n", encoding="utf-8")
    with pytest.raises(NotSaved):
        output.check(str(tmp_path / "x"), "csv", DB, new=True)
    output.check(str(tmp_path / "x"), "csv", DB, new=True, force=True)
    output.check(str(tmp_path / "y"), "csv", DB, new=True)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("kind", OWN)
def test_only_a_file_of_the_same_kind_is_written_over(tmp_path, name, kind):
    path = tmp_path / name
    MADE[name](path)
    before = path.read_bytes()
    if name in OWN[kind]:
        output.check(str(path), kind, DB)
    else:
        with pytest.raises(NotSaved):
            save(str(path), kind, DB, lambda out: out.write(b"new"))
        assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["guikou.db", "./guikou.db", "link.csv", "guikou.db-wal"])
@pytest.mark.parametrize("made", [True, False])
def test_the_database_is_never_written_over(tmp_path, monkeypatch, name, made):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.csv").symlink_to("guikou.db")
    if made:
        (tmp_path / "guikou.db").write_bytes(b"")
    with pytest.raises(NotSaved, match="it is the database"):
        save(name, "csv", DB, lambda out: out.write(b"new"))


def test_what_is_read_is_not_written_over(tmp_path):
    (tmp_path / "in.csv").write_text("x")
    with pytest.raises(NotSaved, match="it is what is read"):
        apart(str(tmp_path / "in.csv"), [1, None, tmp_path / "in.csv"])
    with pytest.raises(NotSaved, match="it is what is read"):
        apart(str(tmp_path / "in.csv"), [(tmp_path / "other.csv", tmp_path / "in.csv")])


@pytest.mark.parametrize(
    ("error", "zh"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限"), (errno.EROFS, "文件系统为只读")]
)
def test_what_goes_wrong_leaves_the_old_file_and_nothing_else(tmp_path, error, zh):
    path = tmp_path / "x.csv"
    path.write_text("old")

    def fails(out):
        out.write(b"half")
        raise OSError(error, os.strerror(error))

    with pytest.raises(NotSaved) as refused:
        save(str(path), "csv", DB, fails)
    assert zh in refused.value.line("zh")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_a_folder_that_is_not_there_or_a_folder_itself_is_refused(tmp_path):
    for path, said in ((tmp_path / "no" / "x.csv", "no such folder"), (tmp_path, "it is a folder")):
        with pytest.raises(NotSaved, match=said):
            save(str(path), "csv", DB, lambda out: out.write(b""))


def test_an_interruption_leaves_nothing_behind(tmp_path):
    def stopped(out):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(str(tmp_path / "x.csv"), "csv", DB, stopped)
    assert not list(tmp_path.iterdir())


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    path = tmp_path / "x.csv"
    for mode in (0o666 & ~output._umask(), 0o600):
        save(str(path), "csv", DB, lambda out: out.write(b"x"))
        assert stat.S_IMODE(path.stat().st_mode) == mode
        path.chmod(0o600)


def test_a_device_and_a_link_stay_what_they_are(tmp_path):
    save("/dev/null", "csv", DB, lambda out: out.write(b"x"))
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    (tmp_path / "real.csv").write_text("old,new\n1,2\n")
    (tmp_path / "x.csv").symlink_to("real.csv")
    save(str(tmp_path / "x.csv"), "csv", DB, lambda out: out.write(b"old,new"))
    assert (tmp_path / "x.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "old,new"


@pytest.mark.parametrize(
    "words",
    [
        ["policy", "test", "{}"], ["policy", "diff", "{}", "{}"], ["init", "--policy", "{}"], ["sample", "--policy", "{}"], ["db", "backup", "{}"],
        ["import", "{}"], ["list", "-o", "{}.csv"], ["db", "restore", "{}"], ["audit", "key", "{}"],
    ],
)  # fmt: skip
def test_a_name_that_is_too_long_is_told_as_what_it_is(words, tmp_path, monkeypatch, capsys):
    """And not as something that went wrong with standard output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUIKOU_DB", raising=False)
    run(["init"])
    capsys.readouterr()
    assert run([word.format("x" * 5000) for word in words]) in (1, 2)
    said = capsys.readouterr().err.strip()
    assert said.startswith("[")
    assert not said.startswith("[output]")
    assert len(said.splitlines()) == 1
