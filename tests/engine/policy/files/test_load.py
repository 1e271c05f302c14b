"""A policy read from its files."""

from datetime import date

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError, UnknownName

from ...edits import rewritten
from .faults import AREAS, BODIES, HEAD, TABLES, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "time_zone: Asia/Shanghai", "time_zone: Asia/Peking2", "bad-value", "is no time zone"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


@pytest.mark.parametrize("file", [HEAD, BODIES, TABLES, AREAS])
def test_a_missing_file_is_named(beijing, file):
    files = {name: text for name, text in beijing.files.items() if name != file}
    with pytest.raises(PolicyError, match="there is no such file") as caught:
        parse(files)
    assert caught.value.where.file == file


def test_the_digest_is_of_the_content(beijing):
    crlf = {name: text.replace("\n", "\r\n") for name, text in beijing.files.items()}
    assert parse(crlf).digest == parse(beijing.files).digest == beijing.digest
    files, _ = rewritten(beijing.files, HEAD, 'version: "1.0"', 'version: "1.1"')
    assert parse(files).digest != beijing.digest


def test_a_policy_names_its_calendar(beijing):
    assert beijing.working.name == "CN"
    files = dict(beijing.files)
    files["policy.yaml"] = files["policy.yaml"].replace("calendar: CN", "calendar: XX")
    with pytest.raises(UnknownName) as refused:
        parse(files)
    assert "policy.yaml" in refused.value.line("en")

    class Never:
        name = "XX"

        def knows(self, year):
            return True

        def worked(self, day):
            return day.day == 1

    assert parse(files, calendars={"XX": Never}).working.after(date(2016, 1, 4), 2) == date(2016, 3, 1)
