"""What all proofs share, against every point of a small policy."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine.errors import Where
from guikou.engine.verify import prover
from guikou.engine.verify.findings import Finding
from guikou.engine.verify.prover import MOST, Prover, bits, capped, with_value
from guikou.engine.verify.space import meet, ones

from .small import POINTS, policy_of, rows


@settings(max_examples=60, deadline=None)
@given(rows(), st.sampled_from(["F", "P"]))
def test_each_point_is_decided_by_the_row_that_the_table_itself_takes(written, hit):
    policy = policy_of(written, hit)
    prover, table = Prover(policy), policy.table("tried")
    for point in POINTS:
        at = with_value(prover.space, prover.space.full, point)
        deciding = {table.rows[row].number for row, box in prover.decided("tried") if meet(box, at)}
        assert deciding == set(table.evaluate(point).rows)


@settings(max_examples=30, deadline=None)
@given(rows())
def test_a_witness_lies_in_its_box(written):
    policy = policy_of(written, "U")
    prover, table = Prover(policy), policy.table("tried")
    for row, box in prover.parts("tried"):
        witness = prover.witness(box, "tried")
        facts = {"n": 0, "c": None, "b": False, **witness.facts}
        certain, _ = table.fits(facts)
        assert certain >> row & 1


def test_a_value_that_lies_nowhere_makes_no_box():
    prover = Prover(policy_of([("> 3", "-", "-", 1)], "U"))
    assert with_value(prover.space, prover.space.full, {"n": 99}) is None
    assert with_value(prover.space, prover.space.full, {"unasked": 99}) == prover.space.full


def test_everybody_is_of_one_type_or_not_taken_in(beijing):
    prover = Prover(beijing)
    assert prover.types.keys() == beijing.workflows.keys()
    boxes = [(name, box) for name, some in prover.types.items() for box in some]
    for at, (name, box) in enumerate(boxes):
        assert prover.is_admitted(box)
        for other, its in boxes[at + 1 :]:
            assert name == other or meet(box, its) is None
    assert "registered_as" in prover.intake_facts
    assert "regular_life" not in prover.intake_facts


def test_every_test_that_is_written_is_searched_for_facts(beijing):
    asked = {fact for fact, _ in prover.tests_of(beijing)}
    assert {"registered_as", "party_members", "case.extensions", "weak", "regular_life"} <= asked


def test_no_more_than_so_many_findings_of_a_code_are_told_and_the_rest_counted():
    def finding(code):
        return Finding(code, Where("f"), {"table": "t", "a": 1, "box": "-"})

    found = list(capped(iter([finding("table-gap")] * (MOST + 3) + [finding("row-never-met")])))
    assert [one.code for one in found].count("table-gap") == MOST
    assert [(one.code, one.details) for one in found[-2:]] == [
        ("row-never-met", finding("x").details),
        ("more-findings", {"count": 3, "code": "table-gap"}),
    ]


@given(st.sets(st.integers(0, 200)))
def test_bits_are_positions(positions):
    assert set(ones(bits(positions))) == positions
