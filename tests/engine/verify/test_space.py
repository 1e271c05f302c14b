"""The space of facts, against every point of a small one."""

from hypothesis import given, settings

from guikou.engine.verify.prover import Prover
from guikou.engine.verify.space import Cover, merged

from .small import POINTS, met, policy_of, rows


@settings(max_examples=100, deadline=None)
@given(rows())
def test_what_is_left_out_is_left_out_exactly(written):
    policy = policy_of(written, "U")
    prover = Prover(policy)
    table = policy.table("tried")
    space = prover.space
    cover = Cover(space, [box for _, box in prover.parts("tried")])
    gaps = list(cover.gaps(space.full))
    joined = merged(gaps)

    def holding(boxes, point):
        return sum(
            all(
                axis.name == "area" or mask & space.value_box(axis.name, point[axis.name])
                for axis, mask in zip(space.axes, box, strict=True)
            )
            for box in boxes
        )

    for point in POINTS:
        assert holding(gaps, point) == (not met(table, point))  # each point in one box: they are disjoint
        assert holding(joined, point) == (not met(table, point))
    assert len(joined) <= len(gaps)
