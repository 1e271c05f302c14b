"""What several sections write alike."""

import pytest

from .faults import STAGES, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (STAGES, "due: {within: 6 months, then", "due: {within: half a year, then", "bad-value", "is no period"),
        (STAGES, "when: {party_members: 0}", "when: {members: 0}", "unknown-fact", "no fact 'members'"),
        (STAGES, "when: {party_members: 0}", "when: {party_members: none}", "bad-test", "'none' is no test of party_members"),
        (STAGES, "sets: {guide_sent: true}", "sets: {guide_sent: perhaps}", "bad-value", "'perhaps' is no boolean"),
        (STAGES, "sets: {guide_sent: true}", "sets: {guided: true}", "unknown-fact", "no fact 'guided'"),
        (STAGES, "extend: 3 months", "extend: a while", "bad-value", "is no period"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)
