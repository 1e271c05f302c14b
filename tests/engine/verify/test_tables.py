"""The proofs over tables against brute force on small domains, and against z3."""

import itertools

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine.verify.prover import Prover
from guikou.engine.verify.tables import table_findings

from .broken import TABLES_BROKEN, TWICE
from .replay import check_broken, check_broken_twice
from .small import POINTS, C, met, policy_of, rows


@pytest.mark.parametrize("case", TABLES_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)


@pytest.mark.parametrize("case", [one for one in TWICE if one[0] == "entry-not-in-workflow"], ids=lambda case: case[0])
def test_a_policy_broken_in_several_places_is_found_broken(beijing, case):
    check_broken_twice(beijing, case)


@settings(max_examples=150, deadline=None)
@given(rows(), st.sampled_from(["U", "A", "F", "P", "C"]))
def test_the_findings_are_those_of_brute_force(written, hit):
    policy = policy_of(written, hit)
    prover = Prover(policy)
    table = policy.table("tried")
    found = list(table_findings(prover, "tried", [prover.space.full]))
    fits = [met(table, point) for point in POINTS]
    output = {row.number: row.outputs for row in table.rows}
    pairs = {pair for rows in fits for pair in itertools.combinations(rows, 2)}
    if hit in "UA":
        clashing = {(a, b) for a, b in pairs if hit == "U" or output[a] != output[b]}
        assert {(f.details["a"], f.details["b"]) for f in found if f.code.startswith("rows-overlap")} == clashing
        alike = {(f.details["a"], f.details["b"]) for f in found if f.code == "rows-overlap-alike"}
        assert alike == {(a, b) for a, b in clashing if output[a] == output[b]}
    elif hit in "FP":
        best = {"F": lambda row: row, "P": lambda row: ([2, 3, 1].index(output[row][0]), row)}[hit]
        deciding = {min(rows, key=best) for rows in fits if rows}
        assert deciding == {
            prover.policy.table("tried").evaluate(point).rows[0]
            for point, rows in zip(POINTS, fits, strict=True)
            if rows
        }
        living = {row for rows in fits for row in rows}
        assert {f.details["a"] for f in found if f.code == "row-unreachable"} == living - deciding
    living = {row for rows in fits for row in rows}
    assert {f.details["a"] for f in found if f.code == "row-never-met"} == set(output) - living
    gaps = [f for f in found if f.code == "table-gap"]
    assert bool(gaps) == ([] in fits and hit != "C")
    for one in found:
        if one.code == "row-subsumed":
            here, there = one.details["a"], one.details["b"]
            assert output[here] == output[there]
            assert all(there in rows for rows in fits if here in rows)
            if hit == "F":  # without the row, the next one says the same
                assert all(output[min(set(rows) - {here})] == output[here] for rows in fits if rows and rows[0] == here)
    for one in found:
        if one.code in ("table-gap", "rows-overlap", "rows-overlap-alike", "row-unreachable"):
            facts = {"n": 0, "c": None, "b": False, **one.witness.facts}
            here = met(table, facts)
            assert (here == []) == (one.code == "table-gap")
            assert one.code == "table-gap" or one.details["a"] in here


@settings(max_examples=60, deadline=None)
@given(rows())
def test_z3_agrees(written):
    policy = policy_of(written, "U")
    prover = Prover(policy)
    table = policy.table("tried")
    n, c, b = z3.Int("n"), z3.Int("c"), z3.Bool("b")
    domain = z3.And(n >= 0, n <= 9, c >= 0, c < len(C))

    def test(unary, variable, values):
        if unary.everything:
            return z3.BoolVal(True)
        parts = [variable == (values.index(p) if values else p) for p in unary.points]
        for part in unary.intervals:
            low = (
                z3.BoolVal(True)
                if part.low is None
                else variable >= part.low
                if part.low_closed
                else variable > part.low
            )
            high = (
                z3.BoolVal(True)
                if part.high is None
                else variable <= part.high
                if part.high_closed
                else variable < part.high
            )
            parts.append(z3.And(low, high))
        inside = z3.Or(parts)
        if not unary.negated:
            return inside
        return z3.And(z3.Not(inside), variable != C.index(None)) if values is C else z3.Not(inside)

    def row(one):
        tn, tc, tb = one.tests
        truth = z3.BoolVal(True) if tb.everything else b == tb.points[0]
        return z3.And(test(tn, n, None), test(tc, c, C), truth)

    def possible(*claims):
        solver = z3.Solver()
        solver.add(domain, *claims)
        return solver.check() == z3.sat

    found = list(table_findings(prover, "tried", [prover.space.full]))
    encoded = [row(one) for one in table.rows]
    overlapping = {
        (i + 1, j + 1) for i, j in itertools.combinations(range(len(encoded)), 2) if possible(encoded[i], encoded[j])
    }
    assert {(f.details["a"], f.details["b"]) for f in found if f.code.startswith("rows-overlap")} == overlapping
    assert any(f.code == "table-gap" for f in found) == possible(*[z3.Not(one) for one in encoded])
    assert {f.details["a"] for f in found if f.code == "row-never-met"} == {
        i + 1 for i, one in enumerate(encoded) if not possible(one)
    }
