"""The proofs over tables against brute force on small domains, and against z3."""

import itertools

import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import parse
from guikou.engine.verify.prover import Prover
from guikou.engine.verify.rules import table_findings
from guikou.engine.verify.space import Cover, merged

AREAS = "code,key,tier,parent,zh,en\n1,top,city,,顶,Top\n"
BODIES = "kinds: {office: {zh: 办, en: office}}\nbodies:\n  - {id: office, kind: office, area: top, title: {zh: 办, en: office}}\n"
HEAD = """policy: small
version: "1"
effective: 2020-01-01
time_zone: Asia/Shanghai
title: {zh: 小, en: small}
source: {zh: 无, en: none}
tiers: {city: {zh: 市, en: city}}
facts:
  n: {title: {zh: 数, en: n}, type: integer, minimum: 0, maximum: 9}
  c: {title: {zh: 色, en: c}, type: enumeration, values: {red: {zh: 红, en: red}, green: {zh: 绿, en: green}, blue: {zh: 蓝, en: blue}}, nullable: true}
  b: {title: {zh: 是, en: b}, type: boolean}
intake: {type: kind, responsible: route, entry: entry}
"""
FLOW = "workflow: only\ntitle: {zh: 唯一, en: only}\nstages: {open: {title: {zh: 开, en: open}, rests: true}}\n"
TABLES = """tables:
  kind: {title: {zh: 类, en: kind}, outputs: {type: workflow}, rows: [{then: {type: only}}]}
  route: {title: {zh: 归, en: route}, outputs: {responsible: body}, rows: [{then: {responsible: office}}]}
  entry: {title: {zh: 入, en: entry}, outputs: {state: state}, rows: [{then: {state: open}}]}
  tried:
    title: {zh: 试, en: tried}
    hit: HIT
    priorities: [2, 3, 1]
    inputs: [n, c, b]
    outputs: {out: integer}
    rows:
"""

N = list(range(10))
C = [None, "red", "green", "blue"]
B = [False, True]
POINTS = [{"n": n, "c": c, "b": b} for n, c, b in itertools.product(N, C, B)]


@st.composite
def rows(draw):
    def interval():
        low, high = sorted((draw(st.integers(0, 9)), draw(st.integers(0, 9))))
        forms = ["-", "-", f">= {low}", f"< {high}", f"[{low}..{high}]", f"{low}, {high}", f"not({low})"]
        return draw(st.sampled_from(forms))

    colours = ["-", "-", "red", "red, green", "not(blue)", "null", "not(null)", "null, blue"]
    return [
        (
            interval(),
            draw(st.sampled_from(colours)),
            draw(st.sampled_from(["-", "-", "true", "false"])),
            draw(st.integers(1, 3)),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]


def policy_of(written, hit):
    lines = "".join(
        f'      - {{when: {{n: "{n}", c: "{c}", b: "{b}"}}, then: {{out: {out}}}}}\n' for n, c, b, out in written
    )
    return parse(
        {
            "policy.yaml": HEAD,
            "areas.csv": AREAS,
            "bodies.yaml": BODIES,
            "tables.yaml": TABLES.replace("HIT", hit) + lines,
            "workflows/only.yaml": FLOW,
        }
    )


def met(table, point):
    return [
        row.number
        for row in table.rows
        if all(t.matches(point[f]) for (f, _), t in zip(table.inputs, row.tests, strict=True))
    ]


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
