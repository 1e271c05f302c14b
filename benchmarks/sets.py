"""A population classified and routed by the policy as a set, to a CASE that somebody writes by hand for the same rows.

GUIKOU_SETS takes as many organisations; ten million are taken else.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from guikou import workflows
from guikou.adapters.bulk.engines import Duck
from guikou.adapters.bulk.placement import PlacementSet

POLICY, DAY = workflows.load("beijing-2015"), date(2016, 1, 4)
N = int(os.environ.get("GUIKOU_SETS", "10000000"))

#: What organisations are, each as likely as the others.
_DRAWN = {
    "registered_as": ["private_non_enterprise"] * 6 + ["foundation", "professional_firm", "community_filed"],
    "registered_at": ["city", "district"],
    "industry": ["education", "health", "law", "culture", "sports", "accounting", "science"],
}
#: The rules of classification and routing for them, as somebody would write them who knows the rows.
_BY_HAND = """
SELECT id,
  CASE registered_as
    WHEN 'private_non_enterprise' THEN 'private_non_enterprise' WHEN 'foundation' THEN 'foundation'
    WHEN 'community_filed' THEN 'community_filed'
    WHEN 'professional_firm' THEN CASE WHEN industry IN ('law', 'accounting', 'tax') THEN 'intermediary' END
  END AS type,
  CASE
    WHEN registered_as = 'community_filed' THEN street
    WHEN registered_as = 'foundation' AND registered_at = 'city' THEN 'beijing-registration'
    WHEN registered_as = 'foundation' THEN district || '-registration'
    WHEN industry = 'law' THEN 'beijing-lawyers'
    WHEN industry = 'accounting' THEN 'beijing-accountants'
    WHEN registered_as = 'private_non_enterprise' AND registered_at = 'city' THEN
      CASE industry WHEN 'education' THEN 'beijing-education' WHEN 'health' THEN 'beijing-health'
        WHEN 'culture' THEN 'beijing-culture' WHEN 'sports' THEN 'beijing-sports'
        WHEN 'science' THEN 'beijing-science' END
    WHEN registered_as = 'private_non_enterprise' THEN
      CASE industry WHEN 'education' THEN district || '-education' WHEN 'health' THEN district || '-health'
        WHEN 'culture' THEN district || '-culture' WHEN 'sports' THEN district || '-sports'
        WHEN 'science' THEN district || '-science' END
  END AS responsible
FROM organizations LEFT JOIN areas ON areas.".code" = organizations.area
"""


def measure() -> list[tuple[str, float, float, float]]:
    """What, its limit, and seconds an organisation: by the set, and by hand."""
    with tempfile.TemporaryDirectory() as folder:
        duck = Duck(Path(folder))
        rules = PlacementSet(POLICY, DAY, "duckdb", ("responsible",), dues=False)
        for relation in rules.relations:
            duck.hold(relation)
        duck.keep("organizations", _made(rules))
        asked = f"SELECT id, type, responsible FROM ({rules.query})"
        ours, floors = [], []
        for _ in range(5):
            ours.append(_timed(lambda: duck.keep("told", asked)))
            floors.append(_timed(lambda: duck.keep("by_hand", _BY_HAND)))
        ((same, told),) = duck.rows(
            "SELECT count(*) FILTER (a.type = b.type AND a.responsible = b.responsible), count(a.type) "
            "FROM told AS a JOIN by_hand AS b USING (id)"
        )
        duck.close()
    assert same == told > N // 2, "by hand is what the policy says of those that it takes in"
    what = "an organisation placed by a set, to a CASE"
    return [(what, 3.0, statistics.median(ours) / N, statistics.median(floors) / N)]


def _made(rules: PlacementSet) -> str:
    """Organisations drawn by their numbers: the query that makes them."""
    areas = [area.code for area in POLICY.places.areas.values() if area.tier == "street"]
    columns = ["'o' || i AS id", f"{_choice(areas, 1)} AS area"]
    for at, (name, kind) in enumerate(list(rules.organizations.items())[2:], start=2):
        fact = name.removesuffix("?")
        if name.endswith("?"):
            columns.append(f'{str(fact in _DRAWN).upper()} AS "{name}"')
        elif name in _DRAWN:
            columns.append(f"{_choice(_DRAWN[name], at)} AS {name}")
        else:
            type = {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}.get(kind.name, "VARCHAR")
            columns.append(f"CAST(NULL AS {type}) AS {name}")
    return f"SELECT {', '.join(columns)} FROM range({N}) AS t(i)"


def _choice(values: list[str], seed: int) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][1 + CAST(hash(i * {2 * seed + 1}) % {len(values)} AS INT)]"


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
