"""Examples in a policy's folder: what they miss, with the line that expects it."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError
from guikou.engine.verify.examples import examples, run

from ..edits import rewritten

FILE = "examples/mine.yaml"
HEAD = """given: {registered_as: private_non_enterprise, registered_at: district, industry: education, employees: 20, party_members: 3, has_organization: false}
examples:
  - name: {zh: 例, en: mine}
    covers: [M17]
    area: chaoyang
    given: GIVEN
    expect: {state: build.preparing, responsible: chaoyang-education, due: 2016-05-27}
"""


def written(policy, *lines, old="", new="", given="{}"):
    files = {name: text for name, text in policy.files.items() if not name.startswith("examples/")}
    policy = parse(
        {**files, FILE: HEAD.replace("GIVEN", given).replace(old, new, 1) + "".join(f"    {line}\n" for line in lines)}
    )
    return policy, examples(policy)


def missed(policy, *lines, **more):
    policy, (one,) = written(policy, *lines, **more)
    return [(miss.where.line, miss.key, miss.expected, miss.got) for miss in run(policy, one).misses]


def test_the_flagships_examples_hold(beijing):
    found = examples(beijing)
    assert len(found) > 20
    assert {one.name.en: run(beijing, one).misses for one in found if run(beijing, one).misses} == {}


def test_an_example_that_holds_misses_nothing(beijing):
    assert missed(beijing, "path:", "  - {do: apply, state: build.approving}", "  - {wait: 3}", "  - {sweep: 2016-12-01, overdue: true}") == []  # fmt: skip


def test_what_comes_instead_is_told_with_its_line(beijing):
    assert missed(beijing, old="build.preparing", new="build.joining") == [
        (7, "state", "build.joining", "build.preparing")
    ]
    assert missed(beijing, "path:", "  - {do: apply, state: innovate}") == [(9, "state", "innovate", "build.approving")]
    ((line, key, expected, got),) = missed(beijing, "path:", "  - {do: establish}")
    assert (line, key, expected, got.code) == (9, "refused", "-", "not-from-here")
    assert missed(beijing, "path:", "  - {do: establish, refused: not-from-here}") == []


EXPECTED = "{state: build.preparing, responsible: chaoyang-education, due: 2016-05-27}"


def test_who_is_not_taken_in_cannot_go_on(beijing):
    apply = "path: [{do: apply}]"
    assert missed(beijing, apply, old=EXPECTED, new="{refused: missing-fact}") == [(7, "refused", "missing-fact", "-")]
    firm = "{registered_as: enterprise}"
    admitted, (one,) = written(beijing, apply, given=firm, old=EXPECTED, new="{refused: not-admitted}")
    (miss,) = run(admitted, one).misses
    assert (miss.key, miss.got) == ("path", "not-admitted")
    assert miss.text.zh == "path 应为 1，实为 not-admitted"


@pytest.mark.parametrize(
    ("given", "lines", "words"),
    [
        ("{}", ["path: [{wait: 3, do: apply}]"], "a step is one of do, tell"),
        ("{}", ["path: [{}]"], "a step is one of do, tell"),
        ("{members: 3}", [], "no fact 'members'"),
        ("{party_members: some}", [], "'some' is no integer"),
        ("{}", ["path: [{tell: {area: nowhere}}]"], "no area 'nowhere'"),
    ],
)
def test_an_example_that_is_written_wrongly_is_named_with_its_file(beijing, given, lines, words):
    policy, (one,) = written(beijing, *lines, given=given)
    with pytest.raises(PolicyError, match="^" + FILE) as refused:
        run(policy, one)
    assert words in refused.value.line("en")


def test_an_unknown_key_is_refused_before_any_is_run(beijing):
    files, _ = rewritten(beijing.files, "examples/stages.yaml", "expect:", "expects:")
    with pytest.raises(PolicyError, match="expects"):
        examples(parse(files))


def test_a_step_says_who_acts_and_what_is_handed_in(beijing):
    steps = (
        "  - {do: apply, by: beijing-tax, refused: may-not-act}",
        "  - {do: apply, evidence: [], refused: evidence-missing}",
        "  - {do: apply, evidence: [application, minutes], refused: unknown-evidence}",
        "  - {do: apply, by: beijing-education, evidence: application, state: build.approving}",
    )
    assert missed(beijing, "path:", *steps) == []
    ((_, key, expected, got),) = missed(beijing, "path:", "  - {do: apply, by: beijing-tax}")
    assert (key, expected, got.code) == ("refused", "-", "may-not-act")
    policy, (one,) = written(beijing, "path: [{do: apply, by: nobody}]")
    with pytest.raises(PolicyError, match="nobody"):
        run(policy, one)
