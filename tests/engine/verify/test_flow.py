"""A workflow's graph against walks through it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Organization
from guikou.engine.verify.flow import Flow
from guikou.engine.verify.prover import Prover
from guikou.engine.verify.trial import Fire, Tell, Trial, Wait

STEPS = st.one_of(
    st.sampled_from(sorted({"apply", "establish", "join", "prepare", "fall_back", "apply_review", "recognize", "find_weak",
        "confirm_finding", "withdraw_finding", "adopt_plan", "complete_measures", "pass_reinspection", "fail_reinspection",
        "extend", "escalate", "lose_organization", "return_application", "return_review"})).map(Fire),
    st.fixed_dictionaries({}, optional={
        "party_members": st.integers(0, 120), "weak": st.booleans(), "standardized": st.booleans(),
        "regular_life": st.just(True), "terms_kept": st.just(True), "records_kept": st.just(True),
    }).map(Tell),
    st.integers(1, 400).map(Wait),
)  # fmt: skip

FLOWS = {}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["private_non_enterprise", "foundation", "social_group"]),
    st.integers(0, 60), st.booleans(), st.booleans(), st.booleans(), st.lists(STEPS, max_size=40),
)  # fmt: skip
def test_no_walk_leaves_what_was_proved(beijing, kind, members, organized, standardized, weak, steps):
    """Whatever is done and reported: only states that are reached, no promise broken by intake or a trigger."""
    if "prover" not in FLOWS:
        FLOWS["prover"] = Prover(beijing)
    if kind not in FLOWS:
        FLOWS[kind] = Flow(FLOWS["prover"], beijing.workflows[kind], climbs=3)
    facts = {
        "registered_as": kind, "registered_at": "district", "industry": "education", "employees": 20,
        "supervising_unit": None, "party_members": members, "has_organization": organized,
        "standardized": standardized, "weak": weak,
    }  # fmt: skip
    trial = Trial(beijing, Organization("-", "-", "110105", facts), beijing.effective)
    entered = trial.case.state
    for step in [None, *steps]:
        before = trial.case.state if step else None
        if step and trial.take(step).refused:
            continue
        case = trial.case
        assert case.state in FLOWS[kind].nodes_of
        assert case.extensions <= 1
        for promise in beijing.properties:
            into = promise.stage in (case.state, case.stage) and (before is None or case.state != before)
            if promise.within is None and into and not isinstance(step, Tell):
                assert promise.when.evaluate(trial.facts()) is not True, (promise.title.en, before, entered, step)
