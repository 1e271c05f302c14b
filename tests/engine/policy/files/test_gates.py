"""Gates as they are read."""

import pytest

from .faults import check_fault

GATES = "gates.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (GATES, "table: registration_gate", "table: registration_gates", "unknown-name", "no table 'registration_gates'"),
        (GATES, "table: registration_gate", "table: form", "bad-value", "a table that collects"),
        (GATES, "otherwise: approve_together", "otherwise: approve", "unknown-name", "no ground 'approve'"),
        (GATES, "owes: build_plan", "owes: inspection", "unknown-name", "no obligation with 'within' 'inspection'"),
        (GATES, "waives: organization_approved", "waives: rejected", "unknown-name", "no outcome told in step 'rejected'"),
        (GATES, "        owes: incubation_guide\n", "", "bad-value", "'owes' goes with 'answer: conditional'"),
        (GATES, "        fire: admit\n", "        fire: apply\n", "unknown-name", "no trigger of 'gate' 'apply'"),
        (GATES, "    by: registration_office\n    table: registration_gate", "    by: registrar\n    table: registration_gate", "unknown-name", "'registrar'"),
        ("tables/gates/registration.csv", "under_investigation", "investigated", "unknown-name", "no ground 'investigated'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_a_gate_is_read_with_its_grounds_and_outcomes(beijing):
    gate = beijing.parts.gates["registration"]
    assert (gate.table, gate.otherwise, gate.by) == ("registration_gate", "approve_together", ("registration_office",))
    assert gate.grounds["plan_to_build"].owes == "build_plan"
    assert gate.grounds["approve_together"].answer == "allowed"
    assert gate.where.file.endswith("gates.yaml")
    assert gate.owes_in_step == "registration_in_step"
