"""Workflows as they are read: what a type inherits and says anew, and deadlines written wrongly."""

import pytest

from guikou.engine.errors import PolicyError

from ...edits import edited
from .faults import STAGES, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (STAGES, "{trigger: send_guide,", "{trigger: send_a_guide,", "unknown-name", "title of a trigger"),
        (STAGES, "from: build.guiding, to: same", "from: build.guided, to: same", "unknown-name", "no state 'build.guided'"),
        (STAGES, "evidence: joint_agreement", "evidence: agreement", "unknown-name", "title of evidence 'agreement'"),
        (STAGES, "by: superior, evidence: withdrawal_note", "by: boss, evidence: withdrawal_note", "unknown-name", "role or body 'boss'"),
        (STAGES, "tables: form", "tables: forms", "unknown-name", "no table 'forms'"),
        (STAGES, "workflow: stages", "workflow: stage", "unknown-name", "no other workflow 'stages'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{within: 30 days}", "{within: 30 days, by: 05-31}", "either 'within' or 'by'"),
        ("{within: 30 days}", "{then: escalate}", "either 'within' or 'by'"),
        ("{within: 30 days}", "{by: 05-32}", "no day of the year"),
        ("{within: 30 days}", "{by: 05-31, from: confirm_finding}", "'within' only"),
        ("{within: 30 days}", "{within: 30 days, from: nothing}", "no trigger or date fact 'nothing'"),
        ("{within: 30 days}", "{within: 30 days, grace: 3 days}", "needs 'then: escalate'"),
        ("{within: 30 days}", "{within: 30 days, remind: [0]}", "greater than or equal to 1"),
        ("to: rectify, when: {weak: true}, automatic: true", "to: same, when: {weak: true}, automatic: true", "another state"),
        ("from: build.guiding, to: same", "from: build.guiding, to: build.joining, clock: restart", "from a state to itself only"),
        ("to: same, by: superior, when: {case.suspended: false}", "to: build, by: superior, when: {case.suspended: false}", "needs 'to: same'"),
    ],
)  # fmt: skip
def test_a_deadline_that_is_written_wrongly_is_named_with_its_line(beijing, old, new, reason):
    with pytest.raises(PolicyError) as refused:
        edited(beijing, STAGES, (old, new))
    assert reason in refused.value.line("en")
    assert refused.value.where.file == STAGES
    assert refused.value.where.line > 1


def test_a_trigger_that_a_type_says_anew_keeps_its_place_as_the_next_step(beijing):
    for name, workflow in beijing.workflows.items():
        if "build.approving" in workflow.states:
            assert workflow.from_state("build.approving")[0].trigger == "establish", name


def test_a_type_replaces_what_the_shared_part_says_of_a_trigger(beijing):
    shared = beijing.workflows["private_non_enterprise"]
    own = beijing.workflows["foundation"]
    (establish,) = [one for one in own.transitions if one.trigger == "establish"]
    assert establish.evidence == ("approval_document", "registration_decision")
    assert establish.file.endswith("workflows/foundation.yaml")
    assert len(own.transitions) == len(shared.transitions)
