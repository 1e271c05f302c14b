"""Keeping lives in a database that has no cases yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from guikou.engine.decide.due.wake import wake
from guikou.engine.errors import NotInitialized, WrongUsage
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.query import Query
from guikou.engine.supervision.store import Store
from guikou.engine.text import Title

from .office import Life


@dataclass(slots=True)
class Counts:
    """What was kept: cases by type, events by kind."""

    cases: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def write(store: Store, policy: Policy, lives: Iterable[Life], batch: int = 500) -> Counts:
    """Keep lives in a database that is initialised and has no cases yet, `batch` of them in one transaction. Nobody is
    told of what is long past: no notices are made.

    Raises NotInitialized; WrongUsage for a database that has cases or another policy.
    """
    files = store.policy_files()
    if files is None:
        raise NotInitialized(db=Title("该存储", "the store"))
    if store.policy_files(policy.digest) is None:
        raise WrongUsage(
            reason_en="the database has another policy than the lives were made under",
            reason_zh="数据库启用的政策与所生成样例的政策不同",
        )
    if store.cases(Query(limit=1)):
        raise WrongUsage(
            reason_en="the database has cases already; invented years go into an empty one (guikou init --db ...)",
            reason_zh="数据库中已有个案；多年样例只能写入空库（guikou init --db ...）",
        )
    counts, left = Counts(), iter(lives)
    while some := list(islice(left, batch)):
        with store.transaction() as work:
            for life in some:
                following = wake(policy, life.case, policy.day(life.events[-1].at))
                work.append(None, life.case, life.events, wake=following, notices=())
                counts.cases[life.case.workflow] += 1
                counts.events.update(event.kind for event in life.events)
            work.commit()
    return counts
