"""Examples of intake as a table."""

from datetime import date

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError
from guikou.engine.verify.examples import examples, run

FILE = "examples/mine.csv"
HEAD = "covers,area,registered_as,registered_at,industry,employees,party_members,has_organization,supervising_unit,->type,->responsible,->superior,->kind,->hub,->state,->priority,->refused\n"
UNIT = "M10 M17,chaoyang,private_non_enterprise,district,education,20,3,false,-,private_non_enterprise,chaoyang-education,beijing-education,industry_committee,chaoyang-private-schools,build.preparing,2,-\n"


def written(policy, text):
    files = {name: text for name, text in policy.files.items() if not name.startswith("examples/")}
    policy = parse({**files, FILE: text})
    return policy, examples(policy)


def missed(policy, text):
    policy, found = written(policy, text)
    return [(miss.where.line, miss.key, miss.expected, miss.got) for one in found for miss in run(policy, one).misses]


def test_a_row_is_an_example(beijing):
    _, (one,) = written(beijing, HEAD + UNIT)
    assert (one.name.en, one.written.covers, one.written.area) == (f"{FILE} line 2", ["M10", "M17"], "chaoyang")
    assert one.given == {"registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": "20", "party_members": "3", "has_organization": "false"}  # fmt: skip
    assert (one.where.file, one.where.line) == (FILE, 2)
    assert missed(beijing, HEAD + UNIT) == []
    assert missed(beijing, HEAD) == []
    assert missed(beijing, "") == []


def test_of_several_values_each_is_an_example_and_areas_name_the_bodies(beijing):
    row = '-,"xicheng, haidian",foundation,"district, city","charity, health",20,3,false,-,foundation,-,-,-,-,-,-,-\n'
    _, found = written(beijing, HEAD + row)
    assert len(found) == 8
    assert {(one.written.area, one.given["industry"]) for one in found} == {
        ("xicheng", "charity"), ("xicheng", "health"), ("haidian", "charity"), ("haidian", "health"),
    }  # fmt: skip
    row = 'M11,"xicheng, haidian",foundation,district,charity,20,3,false,-,-,{district}-registration,{city}-registration,-,{district}-hub-welfare,-,-,-\n'
    assert missed(beijing, HEAD + row) == []
    assert missed(beijing, HEAD + UNIT + row.replace("welfare", "health")) == [
        (3, "hub", "xicheng-hub-health", "xicheng-hub-welfare"), (3, "hub", "haidian-hub-health", "haidian-hub-welfare"),
    ]  # fmt: skip


def test_null_is_null_and_what_is_refused_is_told(beijing):
    group = "M14,beijing,social_group,city,commerce,20,3,false,null,social_group,hub-commerce,beijing,hub,hub-commerce,-,-,-\n"
    assert missed(beijing, HEAD + group) == []
    ((line, key, expected, got),) = missed(beijing, HEAD + group.replace("null", "-"))
    assert (line, key, expected, got.code) == (2, "refused", "-", "missing-fact")
    top = "M10,beijing,private_non_enterprise,city,commerce,20,3,false,-,-,beijing,null,social_work,-,-,-,-\n"
    assert missed(beijing, HEAD + top) == []
    firm = "M12,beijing,professional_firm,city,health,20,3,false,-,-,-,-,-,-,-,-,not-admitted\n"
    assert missed(beijing, HEAD + firm) == []


def test_the_day_may_be_said(beijing):
    head = HEAD.replace("covers,area", "covers,area,on")
    row = "M12a,haidian,2019-03-01,professional_firm,district,tax,20,3,true,-,-,haidian-tax,-,-,-,-,-,-\n"
    _, (one,) = written(beijing, head + row.replace(",true,", ",false,"))
    assert one.written.on == date(2019, 3, 1)
    assert missed(beijing, head + row.replace(",true,", ",false,")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD.replace("industry", "trade") + UNIT, f"{FILE}:1, column 'trade': unknown key 'trade'"),
        (HEAD.replace("covers,", "", 1), f"{FILE}:1: 'covers': the column is missing"),
        (HEAD + UNIT + "M1,chaoyang\n", f"{FILE}:3: 'examples': it has 2 cells instead of 17"),
        (HEAD + UNIT.replace("education,20", 'education,"20'), f"{FILE}:2: "),
    ],
)
def test_a_table_that_is_written_wrongly_is_told_with_its_line(beijing, text, told):
    with pytest.raises(PolicyError) as refused:
        written(beijing, text)
    assert refused.value.line("en").startswith(told), refused.value.line("en")


@pytest.mark.parametrize(
    ("old", "new", "told"), [("chaoyang,private", "nowhere,private", "nowhere"), (",3,false", ",some,false", "some")]
)
def test_a_row_that_names_what_is_not_there_is_told_with_its_line(beijing, old, new, told):
    policy, (one,) = written(beijing, HEAD + UNIT.replace(old, new))
    with pytest.raises(PolicyError, match=f"^{FILE}:2: .*{told}"):
        run(policy, one)
