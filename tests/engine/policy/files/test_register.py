"""register.yaml as it is read."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError

from .faults import check_fault

REGISTER = "register.yaml"


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("  employees: [", "  workers: [", "unknown-name", "no column or fact 'workers'"),
        ("  weak: [是否软弱涣散]", "  weak: [从业人员]", "bad-value", "'从业人员' means 'employees' already"),
        ("  weak: [是否软弱涣散]", "  weak: [从业 人员]", "bad-value", "means 'employees' already"),
        ("  weak: [是否软弱涣散]", "  weak: [登记类型]", "bad-value", "means 'registered_as' already"),
        ("  weak: [是否软弱涣散]", '  weak: [""]', "bad-value", "is empty"),
        ("  industry:\n    education", "  trade:\n    education", "unknown-name", "no fact 'trade'"),
        ("    health: [", "    healthy: [", "bad-value", "is no enumeration"),
        ("    health: [卫生类", "    health: [教育", "bad-value", "'教育' means 'education' already"),
        ('"{district}民政局", "{city}', '"{town}民政局", "{city}', "unknown-name", "no tier 'town'"),
        ("  haidian: [", "  atlantis: [", "unknown-name", "no area 'atlantis'"),
        ("  haidian: [海淀]", "  haidian: [海淀街道]", "bad-value", "'海淀街道' means '110108012' already"),
        ("  beijing-tax: [", "  beijing-taxes: [", "unknown-name", "no body 'beijing-taxes'"),
        ('  "{district}-sports": [', '  "{district}-games": [', "unknown-name", "no body '{district}-games'"),
        ("  beijing-finance: [北京市财政局", "  beijing-finance: [北京市司法局", "bad-value", "means 'beijing-justice' already"),
        ("  序号,", "  从业人员,", "bad-value", "'从业人员' means 'employees' already"),
        ("ignore:", "ignored:", "unknown-key", "unknown key 'ignored'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(beijing, old, new, code, words):
    check_fault(beijing, REGISTER, old, new, code, words)


def test_names_are_made_for_each_area_of_a_tier(beijing):
    names = beijing.synonyms
    assert {"海淀区民政局", "北京市海淀区民政局", "朝阳区民政局"} <= set(names.values["registered_at"]["district"])
    assert "海淀区教委" in names.bodies["haidian-education"]
    assert not any("{" in text for texts in names.bodies.values() for text in texts)


def test_a_policy_needs_no_such_file_and_one_that_says_nothing_is_read(beijing):
    files = {name: text for name, text in beijing.files.items() if name != REGISTER}
    assert parse(files).synonyms.columns == {}
    assert parse({**files, REGISTER: ""}).synonyms == parse(files).synonyms
    with pytest.raises(PolicyError):
        parse({**files, REGISTER: "columns: [id]"})


def test_what_registers_call_things_is_part_of_what_a_policy_decides(beijing):
    files = {**beijing.files, REGISTER: beijing.files[REGISTER] + "# more\n"}
    assert parse(files).digest != beijing.digest


def test_what_was_read_as_proved_is_compared_all_the_same_when_it_is_read_in_full(beijing):
    files = {**beijing.files, REGISTER: beijing.files[REGISTER].replace("weak: [是否软弱涣散]", "weak: [从业人员]")}
    kept = parse(files, proved=True)
    with pytest.raises(PolicyError, match="从业人员"):
        parse(files)
    assert parse(files, proved=True) is kept
