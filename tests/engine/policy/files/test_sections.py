"""What records, gates, groups, support and indicators are written with alike."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import DuplicateKey, UnknownName

MORE = """
records:
  {name}:
    title: {{zh: 另记, en: another}}
    {more}
"""


def with_records(policy, file, name, more="note: more"):
    files = dict(policy.files)
    files[file] = files[file] + MORE.format(name=name, more=more)
    return parse(files)


def test_a_section_may_stand_in_several_files(beijing):
    policy = with_records(beijing, "groups.yaml", "visit")
    assert set(policy.parts.records) == {*beijing.parts.records, "visit"}
    assert policy.parts.records["visit"].where.file == "groups.yaml"
    assert policy.vocabulary.unrecorded["visit.this_year"] == 0


def test_but_a_name_only_once(beijing):
    with pytest.raises(DuplicateKey) as refused:
        with_records(beijing, "groups.yaml", "activity")
    assert refused.value.details["key"] == "activity"
    assert refused.value.where.line > 1


@pytest.mark.parametrize(
    ("more", "name"), [("by: [sweep]", "sweep"), ("by: [nobody]", "nobody"), ("meets: [dance]", "dance")]
)
def test_roles_and_obligations_are_those_that_there_are_and_no_office_is_the_sweep(beijing, more, name):
    with pytest.raises(UnknownName) as refused:
        with_records(beijing, "groups.yaml", "visit", more)
    assert refused.value.details["name"] == name
