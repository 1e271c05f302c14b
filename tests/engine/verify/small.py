"""A policy with one small table, and all the points of its facts."""

import itertools

from hypothesis import strategies as st

from guikou.engine import parse

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
