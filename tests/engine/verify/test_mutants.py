"""A policy changed in one place at a time."""

import json

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError
from guikou.engine.verify.mutants import KINDS, Hunt, Mutant, equivalents, mutants

STAGES = "workflows/stages.yaml"


@pytest.fixture(scope="module")
def every(beijing):
    return mutants(beijing.files)


def test_there_are_some_of_each_kind_and_each_changes_one_line(beijing, every):
    assert {one.kind for one in every} == set(KINDS)
    assert len(set(every)) == len(every)
    for one in every:
        lines = beijing.files[one.file].splitlines()
        end = one.line + one.was.count("\n")
        assert "\n".join(lines[one.line - 1 : end]) == one.was != one.now
        changed = one.files(beijing.files)
        assert {file for file in changed if changed[file] != beijing.files[file]} == {one.file}
        now = [] if one.now is None else one.now.splitlines()
        assert changed[one.file].splitlines() == [*lines[: one.line - 1], *now, *lines[end:]]


def test_most_can_be_read_at_all(beijing, every):
    """What no policy could be says nothing of proofs and examples."""
    read = 0
    for one in every[::293]:
        try:
            parse(one.files(beijing.files))
        except PolicyError:
            continue
        read += 1
    assert read > len(every[::293]) * 0.7


def mutant(policy, kind, file, was, now):
    lines = policy.files[file].splitlines()
    (line,) = [at for at, text in enumerate(lines, start=1) if was in text]
    text = lines[line - 1]
    return Mutant(kind, file, line, text, text.replace(was, now) if now is not None else None)


def test_what_finds_a_mutant(beijing):
    hunt = Hunt(beijing)
    join = 'from: build.joining, to: build.approving, when: {party_members: "[1..3)"}'
    for kind, file, was, now, found in (
        ("destination-swapped", STAGES, "to: rectify.measures, evidence: rectification_plan", "to: nowhere", "reading"),
        ("bound-moved", STAGES, join, join.replace("[1..3)", "[1..2)"), "example"),
        (
            "row-dropped",
            STAGES,
            "  founding_record: {",
            "  minutes: {zh: 会议纪要, en: minutes}\n  founding_record: {",
            "proof",
        ),
        ("sets-dropped", STAGES, "evidence: finding_report, sets: {weak: true}", "evidence: finding_report", "example"),
        ("sets-dropped", STAGES, "en: a joint branch is prepared", "en: a joint branch", None),
    ):
        assert hunt.found_by(mutant(beijing, kind, file, was, now)) == found, was


def test_what_a_policy_lists_as_no_different_is_found_among_its_mutants(beijing, every):
    one = next(one for one in every if one.kind == "evidence-dropped" and one.now)
    gone = next(one for one in every if one.now is None)
    listed = f"""equivalent:
  - {{file: {one.file}, was: {json.dumps(one.was.strip())}, now: {json.dumps(one.now.strip())}, because: {{zh: 一, en: one}}}}
  - {{file: {gone.file}, was: {json.dumps(gone.was)}, now: null, because: {{zh: 二, en: two}}}}
  - {{file: {gone.file}, was: nothing, now: null, because: {{zh: 三, en: three}}}}
"""
    policy = parse({**beijing.files, "examples/alike.yaml": listed})
    assert policy.digest == beijing.digest
    mine = [one for one in equivalents(policy, every) if one.where.file == "examples/alike.yaml"]
    assert [(one.because.en, one.where.line) for one in mine] == [("one", 2), ("two", 3), ("three", 4)]
    alike = tuple(other for other in every if (other.file, other.was, other.now) == (gone.file, gone.was, None))
    assert [one.mutants for one in mine] == [(one,), alike, ()]
