"""Files that would never end, or fill the memory: refused before they are read."""

import os
import zipfile

import pytest

from guikou.adapters.spreadsheets import delimited, reading, workbook
from guikou.adapters.spreadsheets.mapping import read_mapping
from guikou.adapters.spreadsheets.reading import read_tables
from guikou.engine.errors import BadFile
from guikou.engine.policy.files import documents
from guikou.engine.policy.files.documents import read_folder, read_yaml


@pytest.fixture
def pipe(tmp_path):
    """A pipe into which nobody writes."""
    place = tmp_path / "pipe.csv"
    os.mkfifo(place)
    return place


@pytest.fixture
def device(tmp_path):
    """A link to a device that never ends."""
    place = tmp_path / "device.csv"
    place.symlink_to("/dev/zero")
    return place


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_only_regular_files_are_read(kind, request, beijing):
    place = request.getfixturevalue(kind)
    for read in (read_tables, lambda path: read_mapping(path, beijing)):
        with pytest.raises(BadFile, match="no regular file"):
            read(place)
    assert read_folder(place.parent) == {}


def test_a_register_or_a_mapping_that_is_too_large_is_not_read(tmp_path, monkeypatch, beijing):
    file = tmp_path / "large.csv"
    file.write_text("id,name\n" + "x" * 100, encoding="utf-8")
    monkeypatch.setattr(reading, "LARGEST_FILE", 100)
    with pytest.raises(BadFile, match="too large"):
        read_tables(file)
    monkeypatch.setattr("guikou.adapters.spreadsheets.mapping.LARGEST", 100)
    with pytest.raises(BadFile, match="too large"):
        read_mapping(file, beijing)


def test_what_lies_in_a_policys_folder_is_no_larger_than_a_policy(tmp_path, monkeypatch):
    (tmp_path / "other.csv").write_text("x" * 101, encoding="utf-8")
    monkeypatch.setattr(documents, "LARGEST", 100)
    with pytest.raises(BadFile, match="too large") as refused:
        read_folder(tmp_path)
    assert "other.csv" in refused.value.line("zh")


def test_a_line_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "MOST_CELLS", 50)
    for text in ("id,name\n" + "," * 60, "id,name\n" + "a\n" * 60):
        (tmp_path / "many.csv").write_text(text, encoding="utf-8")
        with pytest.raises(BadFile, match="too many cells"):
            read_tables(tmp_path / "many.csv")


def test_a_workbook_that_grows_too_much_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook>" + " " * 100_000 + "</workbook>")
    monkeypatch.setattr(workbook, "FEW", 50_000)
    with pytest.raises(BadFile, match="unpacks to too much"):
        read_tables(file)


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)}, *{chr(97 + at)}]\n" for at in range(24)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB, "aliases repeat"),
        ("a: &a [*a]", "nested too deep"),
        ("a: " + "[" * 80 + "]" * 80, "nested too deep"),
        ("a: " + "[" * 5000 + "]" * 5000, "nest"),
        ("a: " + "9" * 5000, "too many digits"),
        ("a: 1." + "9" * 5000, "too many digits"),
    ],
)
def test_a_text_of_yaml_is_bounded(text, reason, monkeypatch):
    monkeypatch.setattr(documents, "MOST_VALUES", 20_000)
    with pytest.raises(BadFile, match=reason):
        read_yaml(text, "bomb.yaml")
