"""Any sequence of commands, on a store and on plain folding at once: they always agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guikou.adapters.memory import MemoryStore
from guikou.engine import GuikouError, Organization, Query, Supervision, fold

pytestmark = pytest.mark.usefixtures("told_on_time")

IDS = st.sampled_from(["a", "b", "c"])
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
            self.offices = [Supervision(policy, self.real), Supervision(policy, MemoryStore(self.real.now))]
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
            facts = {
                "registered_as": "private_non_enterprise",
                "registered_at": "district",
                "industry": "education",
                "employees": 20,
                "party_members": members,
                "has_organization": False,
                "term_began": date(2012, 6, 1),
                "registered_on": date(2012, 6, 1),
                "inspection": "qualified",
                "penalised": False,
                "investigated": False,
            }
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

        @invariant()
        def agree_on_members(self):
            for office in self.offices:
                stand = {one.id: one.case for one in office.cases()}
                joined = {id for id, case in stand.items() if "J" in case.groups}
                if "J" in stand:
                    assert [one.id for one in office.members("J")] == sorted(joined)
                    assert stand["J"].members == len(joined)
                    assert stand["J"].closed == (len(joined) < 2)
                assert all(not case.groups for case in stand.values() if case.closed)

        @invariant()
        def agree(self):
            real, memory = (office.cases() for office in self.offices)
            assert [one.case for one in real] == [one.case for one in memory]
            for one in real:
                assert fold(self.real.events(one.id)) == one.case
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
            self.real.close()

    run_state_machine_as_test(
        Stores,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
