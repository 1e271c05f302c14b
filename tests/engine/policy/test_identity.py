"""What an organisation's id looks like, by type, and its normal form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from guikou.engine.policy.identity import Identity, IdRule, standard
from guikou.engine.text import Title

VALID = "521101087NCC6K4P54"
FILED = IdRule(Title("备案编号", "filing number"), frozenset({"hub", "filed"}), re.compile("[A-Z][0-9A-Z-]{0,31}"))
CODE = IdRule(Title("统一社会信用代码", "credit code"), frozenset({"school", "hub"}), standard="cn.uscc")
IDENTITY = Identity((FILED, CODE))
codes = st.tuples(st.from_regex(r"[159][12][0-9]{6}", fullmatch=True), st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9)).map(
    lambda parts: "".join(parts) + uscc.calc_check_digit("".join(parts))
)  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "521101087ncc6k4p54",
        "521101087NCC6K4P5 4",
        " 5211 0108 7NCC 6K4P 54 ",
        "521101087NCC6K4P54\u200b",
        "'521101087NCC6K4P54",
        "’521101087NCC6K4P54",
        "\u00a0521101087NCC6K4P54\u3000",
        "５２１１０１０８７ＮＣＣ６Ｋ４Ｐ５４",
        "\ufeff521101087NCC6K4P54",
    ],
)
def test_width_case_spaces_and_apostrophes_are_not_part_of_an_id(written):
    assert IDENTITY.normal(written) == VALID


@given(codes, st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" \u3000\u200b\u00a0"))), st.booleans())
def test_whatever_is_put_into_a_code_it_is_the_same(code, put, lower):
    written = list(code.lower() if lower else code)
    for at, char in put:
        written.insert(min(at, len(written)), char)
    assert IDENTITY.normal("".join(written)) == code
    assert IDENTITY.normal(code) == code
    assert IDENTITY.fault("school", code) is None


@given(st.text(max_size=20))
def test_the_normal_form_is_its_own(text):
    assert IDENTITY.normal(IDENTITY.normal(text)) == IDENTITY.normal(text)


@given(codes, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_digit_changed_is_told(code, at, digit):
    changed = code[:at] + digit + code[at + 1 :]
    assert (IDENTITY.fault("school", changed) is None) == (changed == code)


@pytest.mark.parametrize(
    ("id", "because"),
    [
        ("5.21101E+17", "went through a number"),
        ("5E17", "went through a number"),
        ("521101087654321000", "went through a number"),
        ("521101087NCC6K4P55", "check digit is wrong"),
        ("52110108", "length is wrong (8)"),
        ("52110108ONCC6K4P54", "characters that don't belong there"),
        ("—", "length is wrong"),
    ],
)
def test_why_it_is_no_code_is_said(id, because):
    fault = IDENTITY.fault("school", id)
    assert fault.code == "bad-id"
    assert because in fault.message("en")
    assert "统一社会信用代码" in fault.message("zh")


def test_a_type_may_have_several_ways_and_one_that_no_rule_names_any():
    assert IDENTITY.fault("hub", "HUB-1") is None
    assert IDENTITY.fault("hub", VALID) is None
    assert "filing number or credit code" in IDENTITY.fault("hub", "1").message("en")
    assert IDENTITY.fault("school", "HUB-1") is not None
    assert IDENTITY.fault("elsewhere", "anything") is None


def test_where_codes_are_known_to_be_wrong_only_the_check_digit_is_let_pass():
    lax = Identity((IdRule(CODE.title, None, standard="cn.uscc", check_digit=False),))
    assert lax.fault("school", "521101087NCC6K4P55") is None
    assert lax.fault("school", "5.21101E+17") is not None
    assert lax.fault("school", "52110108") is not None


def test_without_rules_an_id_is_what_it_is():
    assert Identity().normal(" a 1 ") == "a 1"
    assert Identity().fault("school", "a 1") is None


@pytest.mark.parametrize("name", ["cn.nothing", "os", "cn.uscc.x", "CN.USCC", "..cn", "exceptions", ""])
def test_only_what_python_stdnum_has_is_a_standard(name):
    with pytest.raises(LookupError):
        standard(name)
