"""Any sequence of commands, on a store and on plain folding at once: they always agree.

A difference is shown as the shortest sequence that leads to it, a call in each line, which can be pasted into a test.
GUIKOU_STEPS is how many commands are tried (make soak: 20,000).
"""

import hashlib
import os
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guikou.adapters.keys import verified
from guikou.engine import GuikouError, Organization, Query, Supervision, fold, parse
from guikou.engine.supervision.imported import RowRead, Source

pytestmark = pytest.mark.usefixtures("told_on_time")

STEPS = int(os.environ.get("GUIKOU_STEPS", "500"))
LONG = 25
IDS = st.sampled_from(["a", "b", "c"])
SCHOOL = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 20,
    "has_organization": False, "term_began": date(2012, 6, 1), "registered_on": date(2012, 6, 1),
    "inspection": "qualified", "penalised": False, "investigated": False,
}  # fmt: skip
TRIGGERS = st.sampled_from(
    [
        "apply",
        "establish",
        "prepare",
        "join",
        "find_weak",
        "confirm_finding",
        "escalate",
        "suspend",
        "resume",
        "deregister",
    ]
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "party_members": st.integers(0, 60),
        "industry": st.sampled_from(["education", "health", "science"]),
        "employees": st.integers(0, 100),
    },
)


@pytest.mark.parametrize("which", ["sqlite", "postgresql"])
def test_every_store_agrees_with_memory(which, policy, new_store):
    class Stores(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.real = new_store(which)
            self.offices = [Supervision(policy, self.real), Supervision(policy, new_store("memory"))]
            for office in self.offices:
                office.store.salt = lambda: "s"
            self.day = date(2016, 1, 4)

        def both(self, command):
            answers = []
            for office in self.offices:
                try:
                    answers.append(command(office).case)
                except GuikouError as error:
                    answers.append(error.line("en"))
            assert answers[0] == answers[1]

        @rule(days=st.integers(1, 200))
        def wait(self, days):
            self.day += timedelta(days=days)

        @rule(id=IDS, members=st.integers(0, 120))
        def register(self, id, members):
            facts = {**SCHOOL, "party_members": members}
            self.both(lambda office: office.register(Organization(id, id, "110105", facts), when=self.day))

        @rule(id=IDS, trigger=TRIGGERS, request=st.sampled_from([None, None, "r1", "r2"]))
        def advance(self, id, trigger, request):
            def command(office):
                transitions = [
                    one for one in policy.workflows["private_non_enterprise"].transitions if one.trigger == trigger
                ]
                evidence = dict.fromkeys(transitions[0].evidence, "1")
                return office.advance(
                    id,
                    trigger,
                    by="beijing-education",
                    evidence=evidence,
                    reason="x",
                    when=self.day,
                    request_id=request,
                )

            self.both(command)

        @rule(id=IDS, facts=FACTS)
        def report(self, id, facts):
            self.both(lambda office: office.report(id, facts, when=self.day))

        @rule(id=IDS, what=st.sampled_from(["meet", "postpone"]), request=st.sampled_from([None, "r3"]))
        def owe(self, id, what, request):
            def command(office):
                if what == "meet":
                    evidence = {"inspection_report": "1", "party_building_report": "1"}
                    return office.meet(
                        id,
                        "inspection",
                        by="beijing",
                        outcome="qualified",
                        evidence=evidence,
                        when=self.day,
                        request_id=request,
                    )
                return office.postpone(
                    id,
                    "change_of_term",
                    by="beijing",
                    reason="x",
                    evidence={"postponement_approval": "1"},
                    when=self.day,
                )

            self.both(command)

        @rule(days=st.integers(0, 60), batch=st.integers(1, 3))
        def sweep(self, days, batch):
            self.day += timedelta(days=days)
            swept = [
                office.sweep(when=self.day, batch=size) for office, size in zip(self.offices, (batch, 100), strict=True)
            ]
            told = [sorted((view.id, event.seq, event.kind) for view, event in one.happened) for one in swept]
            assert told[0] == told[1]
            assert all(office.sweep(when=self.day).happened == () for office in self.offices)

        @rule(id=IDS, clear=st.booleans())
        def block(self, id, clear):
            self.both(lambda office: office.block(id, "coverage", by="beijing", clear=clear, when=self.day))

        @rule(
            id=IDS,
            gate=st.sampled_from(["annual_inspection", "grade_evaluation"]),
            request=st.sampled_from([None, "r4"]),
        )
        def ask(self, id, gate, request):
            def command(office):
                return office.gate(id, gate, by="chaoyang-registration", when=self.day, request_id=request).case

            self.both(command)

        @rule(id=IDS, told=st.sampled_from(["inspected", "organization_inspected"]))
        def tell(self, id, told):
            value, evidence, by = (None, {"party_building_report": "1"}, "beijing-education")
            if told == "inspected":
                value, evidence, by = "qualified", {"inspection_report": "1"}, "chaoyang-registration"

            def command(office):
                return office.tell(id, "annual_inspection", told, by=by, value=value, evidence=evidence, when=self.day)

            self.both(command)

        @rule(id=IDS, amount=st.integers(1, 10**6))
        def pay(self, id, amount):
            paid = {"amount": Decimal(amount) / 100, "evidence": {"voucher": "1"}}
            self.both(lambda office: office.record(id, "allowance_paid", by="beijing", when=self.day, **paid))

        @rule(members=st.lists(IDS, min_size=1, max_size=3))
        def found(self, members):
            facts = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
            group = Organization("J", "J", "110105", facts)
            given = {"by": "chaoyang", "evidence": {"joint_agreement": "1"}, "when": self.day}
            self.both(lambda office: office.found(group, members, **given))

        @rule(id=IDS, leaves=st.booleans())
        def member(self, id, leaves):
            def command(office):
                if leaves:
                    return office.leave(id, "J", by="chaoyang", when=self.day)
                return office.join(id, "J", by="chaoyang", evidence={"joint_agreement": "1"}, when=self.day)

            self.both(command)

        @rule(id=IDS, new=st.sampled_from(["a", "c", "d", "e"]))
        def rename(self, id, new):
            self.both(lambda office: office.rename(id, new, reason="x", by="beijing", when=self.day))

        @rule(id=IDS, other=IDS, request=st.sampled_from([None, "r5"]))
        def same(self, id, other, request):
            given = {"reason": "x", "by": "beijing", "when": self.day, "request_id": request}
            self.both(lambda office: office.same(id, other, **given))

        @rule(id=IDS)
        def remark(self, id):
            self.both(lambda office: office.remark(id, "来电", by="beijing", when=self.day))

        @rule(id=IDS)
        def reopen(self, id):
            self.both(lambda office: office.reopen(id, reason="x", by="beijing-education", when=self.day))

        @rule(id=IDS, seq=st.integers(1, 12))
        def strike(self, id, seq):
            self.both(lambda office: office.strike(id, seq, reason="x", by="beijing", when=self.day))

        @rule(
            id=IDS, seq=st.integers(1, 15), days=st.integers(0, 90),
            how=st.sampled_from(["never", "facts", "day", "evidence", "because"]),
        )  # fmt: skip
        def correct(self, id, seq, how, days):
            given = {
                "never": {"never": True}, "facts": {"facts": {"employees": 77}},
                "day": {"day": self.day - timedelta(days=days)}, "evidence": {"evidence": {"application": "2"}},
                "because": {"because": "y"},
            }[how]  # fmt: skip
            self.both(lambda office: office.correct(id, seq, reason="x", by="beijing", **given).after)

        @rule(id=IDS, seq=st.integers(1, 15), text=st.sampled_from([(), ("reason",), ("application",)]))
        def erase(self, id, seq, text):
            self.both(lambda office: office.erase(id, seq, texts=text, reason="误写", by="beijing", when=self.day))

        @rule(id=IDS, facts=FACTS, days=st.integers(1, 120), late=st.sampled_from([None, "迟报"]))
        def report_late(self, id, facts, days, late):
            then = self.day - timedelta(days=days)
            self.both(lambda office: office.report(id, facts, when=then, late=late))

        @rule(id=IDS, trigger=TRIGGERS, days=st.integers(1, 120))
        def advance_late(self, id, trigger, days):
            ways = [one for one in policy.workflows["private_non_enterprise"].transitions if one.trigger == trigger]
            given = {"evidence": dict.fromkeys(ways[0].evidence, "1"), "reason": "x", "late": "迟报"}
            then = self.day - timedelta(days=days)
            self.both(lambda office: office.advance(id, trigger, by="beijing-education", when=then, **given))

        @rule(
            rows=st.lists(st.tuples(IDS, FACTS, st.booleans()), min_size=1, max_size=3),
            park=st.booleans(), whole=st.booleans(),
        )  # fmt: skip
        def take_in(self, rows, park, whole):
            read = [
                RowRead(line, id, id, "110105", {**(SCHOOL if whole or known else {}), **facts})
                for line, (id, facts, known) in enumerate(rows, 2)
            ]
            digest = hashlib.sha256(repr(read).encode()).hexdigest()
            told = []
            for office in self.offices:
                run = office.intake.begin(Source("x.csv", digest, 1), len(read), park=park, when=self.day)
                told.append([(one.outcome, one.case and one.case.id) for one in run.take(read)])
            assert told[0] == told[1]

        @rule(number=st.integers(1, 5))
        def undo(self, number):
            told = []
            for office in self.offices:
                try:
                    done = office.intake.undo(number, reason="x", when=self.day)
                    told.append((done.withdrawn, done.restored, done.dropped))
                except GuikouError as error:
                    told.append(error.line("en"))
            assert told[0] == told[1]

        @rule(id=IDS, drop=st.booleans(), facts=FACTS)
        def settle(self, id, drop, facts):
            told = []
            for office in self.offices:
                try:
                    if drop:
                        told.append(office.intake.drop(id, reason="x").state)
                    else:
                        told.append(type(office.intake.complete(id, {**SCHOOL, **facts}, when=self.day)).__name__)
                except GuikouError as error:
                    told.append(error.line("en"))
            assert told[0] == told[1]

        @rule(months=st.sampled_from([4, 6]))
        def another_policy(self, months):
            files = policy.files
            stages = "workflows/stages.yaml"
            text = files[stages].replace(
                "{within: 6 months, then: escalate, grace: 30 days}",
                f"{{within: {months} months, then: escalate, grace: 30 days}}",
            )
            new = parse({**files, stages: text})
            self.offices = [Supervision.activate(new, office.store) for office in self.offices]

        @invariant()
        def agree_on_members(self):
            for office in self.offices:
                stand = {one.id: one.case for one in office.cases()}
                joined = {id for id, case in stand.items() if "J" in case.groups}
                if "J" in stand:
                    assert sorted(one.id for one in office.members("J")) == sorted(joined)
                    assert stand["J"].members == len(joined)
                    assert stand["J"].closed == (len(joined) < 2)
                assert all(not case.groups for case in stand.values() if case.closed)

        @invariant()
        def agree(self):
            real, memory = (office.cases() for office in self.offices)
            assert [one.case for one in real] == [one.case for one in memory]
            for one in real:
                assert fold(self.real.events(one.case.id)) == one.case
                assert one.case.responsible in policy.places.bodies
            assert self.real.counts() == self.offices[1].store.counts()
            first, second = ({one.notice for one in office.store.outbox()} for office in self.offices)
            assert first == second
            for gate in ("", "annual_inspection", "grade_evaluation"):
                assert self.real.cases(Query(gate=gate)) == self.offices[1].store.cases(Query(gate=gate))
            query = Query(order="inbox", escalation=0)
            assert self.real.duties(query) == self.offices[1].store.duties(query)

        @invariant()
        def agree_on_the_past(self):
            then = date(2016, 6, 1)
            first, second = (office.overdue(as_of=then) for office in self.offices)
            assert [(one.case, one.obligation) for one in first] == [(one.case, one.obligation) for one in second]

        def teardown(self):
            assert [*self.real.differences(self.offices[0].wakes_by)] == []
            assert [*self.real.audit(verified).findings()] == []
            self.real.close()

    run_state_machine_as_test(
        Stores,
        settings=settings(
            max_examples=max(1, STEPS // LONG),
            stateful_step_count=LONG,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
