"""Imports, what is parked and what is undone, in any order: in memory and on SQLite the same, and undone means undone."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guikou import workflows
from guikou.adapters.memory import MemoryStore
from guikou.adapters.sql import SqlStore
from guikou.engine import GuikouError, Parked, Query, RowRead, Source, Supervision, fold

IDS = ("A", "B", "C")
FACTS = {"registered_as": "private_non_enterprise", "registered_at": "district", "has_organization": False}
SAID = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(["education", "health"]),
        "employees": st.sampled_from([5, 60]),
        "weak": st.booleans(),
    },
)
NAMES, AREAS = st.sampled_from([None, "学校", "新校"]), st.sampled_from([None, "110105", "110108"])
ROWS = st.lists(st.tuples(st.sampled_from(IDS), NAMES, AREAS, SAID), min_size=1, max_size=4)


def content(case):
    """A case without where it stands in its history."""
    return replace(case, revision=0, head="", updated_at=case.opened_at)


class Imports(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        policy = workflows.load("beijing-2015")
        self.now = datetime(2016, 1, 4, 4, tzinfo=UTC)
        self.folder = tempfile.TemporaryDirectory()
        stores = MemoryStore(lambda: self.now), SqlStore(str(Path(self.folder.name, "x.db")), clock=lambda: self.now)
        stores[1].create()
        for store in stores:
            store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        self.offices = [Supervision(policy, store) for store in stores]
        self.before = {}  # how things stood before each import that nothing has followed
        self.files = 0

    def teardown(self):
        self.offices[1].store.close()
        self.folder.cleanup()

    def on_each(self, do):
        """What something gives in every store, which is the same."""
        self.now += timedelta(minutes=1)
        found = []
        for office in self.offices:
            try:
                found.append(do(office))
            except GuikouError as error:
                found.append((error.code, str(error)))
        assert found[0] == found[1]
        return found[0]

    def stands(self, office):
        waiting = [(one.id, one.says, one.faults) for one in office.intake.parked()]
        return {case.id: content(case) for case in office.store.cases(Query())}, sorted(waiting, key=lambda one: one[0])

    @rule(rows=ROWS, park=st.booleans(), batch=st.sampled_from([1, 100]), again=st.booleans())
    def bring(self, rows, park, batch, again):
        self.files += not again
        before = self.stands(self.offices[0])

        def run(office):
            read = [
                RowRead(line, id, name, area, {**FACTS, **facts}, given={"id": id})
                for line, (id, name, area, facts) in enumerate(rows, 2)
            ]
            importing = office.intake.begin(Source("x.csv", f"{self.files}", 1), len(read), park=park)
            taken = list(importing.take(read, batch))
            return importing.what, [
                (one.outcome, one.case, one.parked, [str(each) for each in one.faults]) for one in taken
            ]

        what, _ = self.on_each(run)
        if self.stands(self.offices[0]) != before:
            self.before.clear()
        self.before[what.number] = before

    @rule(id=st.sampled_from(IDS), name=NAMES, area=AREAS, facts=SAID)
    def complete(self, id, name, area, facts):
        def do(office):
            done = office.intake.complete(id, facts, name=name, area=area)
            return done if isinstance(done, Parked) else done.case

        if not isinstance(self.on_each(do), tuple):
            self.before.clear()

    @rule(id=st.sampled_from(IDS))
    def drop(self, id):
        if not isinstance(self.on_each(lambda office: office.intake.drop(id, reason="x")), tuple):
            self.before.clear()

    @rule(id=st.sampled_from(IDS), facts=SAID)
    def report(self, id, facts):
        if not isinstance(self.on_each(lambda office: office.report(id, facts).case), tuple):
            self.before.clear()

    @rule(number=st.integers(1, 8))
    def undo(self, number):
        done = self.on_each(lambda office: office.intake.undo(number, reason="x"))
        if number in self.before:
            assert not isinstance(done, tuple), done
            for office in self.offices:
                assert self.stands(office) == self.before[number]
        if not isinstance(done, tuple):
            self.before.clear()

    @rule()
    def sweep(self):
        self.now += timedelta(days=40)
        if self.on_each(lambda office: office.sweep().happened):
            self.before.clear()

    @invariant()
    def all_is_the_fold_of_events_and_the_same_everywhere(self):
        every = [office.store.cases(Query(withdrawn=None)) for office in self.offices]
        assert every[0] == every[1]
        for case in every[0]:
            assert fold(self.offices[0].store.events(case.id)) == case
        assert self.offices[0].intake.parked(state=None) == self.offices[1].intake.parked(state=None)
        assert self.offices[0].intake.imports() == self.offices[1].intake.imports()
        waiting = [one.id for one in self.offices[0].intake.parked()]
        standing = {case.id for case in every[0] if case.withdrawn is None}
        assert len(waiting) == len({*waiting})
        assert not standing & {*waiting}


Imports.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestImports = Imports.TestCase
