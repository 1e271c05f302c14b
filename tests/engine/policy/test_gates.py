"""What a policy says of gates."""

from guikou.engine.errors import Where
from guikou.engine.policy.gates import ANSWERS, Effect, Gate, Ground, InStep
from guikou.engine.rules.conditions import Condition
from guikou.engine.text import Title

T = Title("-", "-")


def gate(in_step=None):
    grounds = {
        "both": Ground("both", "allowed", T), "plan": Ground("plan", "conditional", T, None, "plan", ("second",)),
        "late": Ground("late", "conditional", T, None, "plan", ("first",)),
    }  # fmt: skip
    return Gate("g", T, Condition(), ("responsible",), "t", "both", grounds, {}, in_step, Where("gates.yaml"))


def test_outcomes_go_together_but_for_those_that_a_ground_waives():
    one = gate(InStep(("first", "second"), "in_step", Effect()))
    assert one.together(("both",)) == ("first", "second")
    assert one.together(("plan",)) == ("first",)
    assert one.together(("both", "late", "gone_since")) == ("second",)
    assert one.owes_in_step == "in_step"


def test_without_a_pair_each_outcome_takes_effect_by_itself():
    assert (gate().together(("both",)), gate().owes_in_step) == ((), None)


def test_the_worst_answer_is_the_last():
    assert ANSWERS == ("allowed", "conditional", "refused")
