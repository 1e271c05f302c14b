"""Any sequence of commands, on a store and on plain folding at once: they always agree."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guikou.adapters.memory import MemoryStore
from guikou.engine import GuikouError, Organization, Supervision, fold

IDS = st.sampled_from(["a", "b", "c"])
TRIGGERS = st.sampled_from(
    ["apply", "establish", "prepare", "join", "find_weak", "confirm_finding", "escalate", "deregister"]
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
                    id, trigger, by="beijing-education", evidence=evidence, when=self.day, request_id=request
                )

            self.both(command)

        @rule(id=IDS, facts=FACTS)
        def report(self, id, facts):
            self.both(lambda office: office.report(id, facts, when=self.day))

        @rule(id=IDS, clear=st.booleans())
        def block(self, id, clear):
            self.both(lambda office: office.block(id, "coverage", by="beijing", clear=clear, when=self.day))

        @invariant()
        def agree(self):
            real, memory = (office.cases() for office in self.offices)
            assert [one.case for one in real] == [one.case for one in memory]
            for one in real:
                assert fold(self.real.events(one.id)) == one.case
                assert one.case.responsible in policy.bodies
            assert self.real.counts() == self.offices[1].store.counts()

        @invariant()
        def agree_on_the_past(self):
            then = date(2016, 6, 1)
            first, second = (office.overdue(as_of=then) for office in self.offices)
            assert [one.case for one in first] == [one.case for one in second]

        def teardown(self):
            self.real.close()

    run_state_machine_as_test(
        Stores,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
