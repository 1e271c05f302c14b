"""How long a policy takes to be proved, to a floor in the same run: comparing every two rows cell by cell.

A table of n rows over six inputs is made as people make them, by splitting cases until each has an answer; so it is
complete and without overlaps, and there is nothing to stop early for.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time

from guikou import workflows
from guikou.engine import parse
from guikou.engine.policy.policy import Policy
from guikou.engine.verify.check import check

FACTS = ("a", "b", "c", "d", "e", "f")
HIGH = 10_000
HEAD = """policy: bench
version: "1"
effective: 2020-01-01
time_zone: Asia/Shanghai
title: {zh: 量, en: bench}
source: {zh: 无, en: none}
tiers: {city: {zh: 市, en: city}}
facts:
""" + "".join(
    f"  {fact}: {{title: {{zh: {fact}, en: {fact}}}, type: integer, minimum: 0, maximum: {HIGH - 1}}}\n"
    for fact in FACTS
)
INTAKE = "intake: {type: kind, responsible: route, entry: entry, priority: big}\n"
FLOW = "workflow: only\ntitle: {zh: 唯一, en: only}\nstages: {open: {title: {zh: 开, en: open}, rests: true}}\n"
TABLES = """tables:
  kind: {title: {zh: 类, en: kind}, outputs: {type: workflow}, rows: [{then: {type: only}}]}
  route: {title: {zh: 归, en: route}, outputs: {responsible: body}, rows: [{then: {responsible: office}}]}
  entry: {title: {zh: 入, en: entry}, outputs: {state: state}, rows: [{then: {state: open}}]}
  big: {title: {zh: 大, en: big}, outputs: {priority: integer}, file: tables/big.csv}
"""
BODIES = (
    "kinds: {office: {zh: 办, en: office}}\n"
    "bodies: [{id: office, kind: office, area: top, title: {zh: 办, en: office}}]\n"
)

Cells = tuple[tuple[int, int], ...]


def boxes(n: int, seed: int = 1) -> list[Cells]:
    """n boxes, each [low, high) on six axes, that fill the space without overlapping."""
    chance = random.Random(seed)
    found: list[Cells] = [((0, HIGH),) * len(FACTS)]
    while len(found) < n:
        at = chance.randrange(len(found))
        axis = chance.randrange(len(FACTS))
        low, high = found[at][axis]
        if high - low < 2:
            continue
        cut = chance.randrange(low + 1, high)
        box = found.pop(at)
        found += [(*box[:axis], (low, cut), *box[axis + 1 :]), (*box[:axis], (cut, high), *box[axis + 1 :])]
    chance.shuffle(found)
    return found


def policy(cells: list[Cells]) -> Policy:
    lines = ["hit," + ",".join(FACTS) + ",->priority"]
    for number, box in enumerate(cells):
        tests = ["-" if one == (0, HIGH) else f"[{one[0]}..{one[1]})" for one in box]
        lines.append(f"U,{','.join(tests)},{number}")
    return parse(
        {
            "policy.yaml": HEAD + INTAKE,
            "areas.csv": "code,key,tier,parent,zh,en\n1,top,city,,顶,Top\n",
            "bodies.yaml": BODIES,
            "tables.yaml": TABLES,
            "tables/big.csv": "\n".join(lines) + "\n",
            "workflows/only.yaml": FLOW,
        }
    )


def pairwise(cells: list[Cells]) -> int:
    """The floor: whether any two boxes overlap, and nothing more."""
    found = 0
    for i, one in enumerate(cells):
        for other in cells[i + 1 :]:
            for (low, high), (other_low, other_high) in zip(one, other, strict=True):
                if high <= other_low or other_high <= low:
                    break
            else:
                found += 1
    return found


def measure(n: int) -> tuple[float, float]:
    """Seconds to prove a policy whose big table has n rows; and of the floor."""
    cells = boxes(n)
    made = policy(cells)
    start = time.perf_counter()
    report = check(made)
    spent = time.perf_counter() - start
    assert report.findings == ()
    start = time.perf_counter()
    assert pairwise(cells) == 0
    return spent, time.perf_counter() - start


def flagship() -> float:
    """Seconds to prove beijing-2015, whole."""
    made = workflows.load("beijing-2015")
    start = time.perf_counter()
    assert check(made).findings == ()
    return time.perf_counter() - start


def memory(n: int) -> float:
    """MB that a process of its own needs to prove a table of n rows."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.proofs", str(n)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


if __name__ == "__main__":
    measure(int(sys.argv[1]))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
