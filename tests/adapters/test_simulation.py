"""Ten years of offices' work, every day swept: nothing is lost, nothing is done twice, whatever the order or the stops.

GUIKOU_SIMULATE says how many organisations (default 150); `make simulate` takes 10,000.
"""

import os
import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.adapters.sample.organizations import organizations
from guikou.engine import CaseView, GuikouError, Organization, Query, Supervision, fold
from guikou.engine.cases.fold import evolve
from guikou.engine.dates.instants import instant
from guikou.engine.decide.notices import TOLD

ORGANIZATIONS = int(os.environ.get("GUIKOU_SIMULATE", "150"))
START, END = date(2016, 1, 4), date(2026, 1, 4)
#: Then the offices stop, and only time goes on: long enough for whatever is in rectification to climb to the top.
LAST = END + timedelta(days=730)
DAY = timedelta(days=1)
USUAL = {
    "prepare": 0.5, "join": 0.4, "apply": 0.4, "establish": 0.6, "return_application": 0.1, "apply_review": 0.4,
    "recognize": 0.5, "find_weak": 0.02, "confirm_finding": 0.6, "adopt_plan": 0.5, "complete_measures": 0.3,
    "pass_reinspection": 0.5, "fail_reinspection": 0.2, "extend": 0.1, "suspend": 0.03, "resume": 0.3,
    "withdraw_finding": 0.05, "lose_organization": 0.005, "deregister": 0.002,
}  # fmt: skip


class Killed(BaseException):
    """The sweep's process is gone."""


class Mortal(MemoryStore):
    """A store whose sweeps are killed now and then, at any of their calls."""

    def __init__(self, clock, draw):
        super().__init__(clock)
        self.draw, self.mortal, self.kills = draw, False, 0

    def salt(self):
        return "s"

    @contextmanager
    def transaction(self):
        with super().transaction() as work:
            for name in ("woken", "append", "rest", "commit"):
                setattr(work, name, self._dying(getattr(work, name)))
            yield work

    def _dying(self, call):
        def die(*arguments, **more):
            if self.mortal and self.draw.random() < 0.01:
                self.kills += 1
                raise Killed
            done = call(*arguments, **more)
            if self.mortal and self.draw.random() < 0.01:
                self.kills += 1
                raise Killed
            return done

        return die


class World:
    def __init__(self, policy, *, backwards=False, kills=False, batch=100):
        self.policy, self.backwards, self.batch = policy, backwards, batch
        self.day = START
        self.store = Mortal(lambda: instant(self.day, policy.zone), random.Random(7 if kills else 0))
        self.kills = kills
        self.store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        self.office = Supervision(policy, self.store)
        self.visits = {}
        for one in [*organizations(policy, ORGANIZATIONS, 1), *hubs(policy)]:
            self.office.register(dated(one), when=START)
            draw = random.Random(f"visits {one.id}")
            self.visits.setdefault(START + DAY * draw.randrange(1, 60), []).append(one.id)

    def run(self):
        while self.day < LAST:
            self.day += DAY
            self.sweep()
            if self.day <= END:
                ids = sorted(self.visits.pop(self.day, []), reverse=self.backwards)
                for id in ids:
                    self.visit(id)
            if self.day == END:
                self.resume_all()
        return self

    def resume_all(self):
        """Whatever other authority was waited for has decided."""
        for case in sorted(self.store.cases(Query()), key=lambda case: case.id, reverse=self.backwards):
            if case.suspended:
                self.act(CaseView(case, self.policy, self.day), "resume")

    def sweep(self):
        self.store.mortal = self.kills
        while True:
            try:
                swept = self.office.sweep(when=self.day, batch=self.batch)
                assert swept.failed == ()
                break
            except Killed:
                pass  # the next sweep goes on from there
        self.store.mortal = False

    def visit(self, id):
        """One look of an office at a case; what it does depends on the case and the day alone."""
        draw = random.Random(f"{id} {self.day}")
        lazy = hash_of(id) % 10 == 0  # some offices never act
        self.visits.setdefault(self.day + DAY * draw.randrange(5, 90), []).append(id)
        view = CaseView(self.store.get(id), self.policy, self.day)
        if view.case.closed:
            return
        if lazy:
            return
        for name, duty in view.case.duties.items():
            if duty.open and draw.random() < 0.8:
                self.meet(view, name, draw)
            elif duty.open and self.policy.obligations[name].postponement and draw.random() < 0.3:
                self.quietly(
                    self.office.postpone, id, name, by=above(view), reason="x", evidence={"postponement_approval": "1"}
                )
        if draw.random() < 0.15:
            facts = dict.fromkeys(("regular_life", "terms_kept", "records_kept"), draw.random() < 0.8)
            facts["weak"] = draw.random() < 0.1
            facts["party_members"] = draw.randrange(0, 60)
            self.office.report(id, facts, when=self.day)
        view = CaseView(self.store.get(id), self.policy, self.day)
        for trigger in view.open_triggers:
            if draw.random() < USUAL.get(trigger, 0):
                self.act(view, trigger)
                break

    def act(self, view, trigger):
        way = next(one for one in view.transitions if one.trigger == trigger)
        by = above(view) if "responsible" not in way.by else view.responsible.id
        evidence = dict.fromkeys(way.evidence, "1")
        self.quietly(self.office.advance, view.id, trigger, by=by, evidence=evidence, reason="because")

    def meet(self, view, name, draw):
        spec = self.policy.obligations[name]
        outcome = draw.choice(sorted(spec.outcomes)) if spec.outcomes else None
        evidence = dict.fromkeys(spec.evidence, "1")
        self.quietly(self.office.meet, view.id, name, by=view.responsible.id, outcome=outcome, evidence=evidence)

    def quietly(self, command, *arguments, **more):
        try:
            command(*arguments, when=self.day, **more)
        except GuikouError as refusal:
            if refusal.exit_code != 1:  # a refusal is an office's daily bread, wrong usage this test's own fault
                raise

    def heads(self):
        """The last hash of every case's chain: it covers all of the case's events."""
        return {case.id: (case.head, case.revision) for case in self.store.cases(Query())}


def hash_of(id):
    return random.Random(f"office of {id}").randrange(10**6)


def above(view):
    return view.policy.places.on(view.today).superiors(view.responsible.id)[0].id


def hubs(policy):
    for body in policy.places.bodies.values():
        if body.kind == "hub" and body.tier == "district" and hash_of(body.id) % 10 == 0:
            yield Organization(body.id, body.title.zh, body.area, {
                "registered_as": "hub", "registered_at": body.tier, "industry": "community", "supervising_unit": None,
            })  # fmt: skip


def dated(one):
    draw = random.Random(f"dates {one.id}")
    facts = dict(one.facts)
    if facts["registered_as"] in ("private_non_enterprise", "social_group", "foundation"):
        facts["registered_on"] = START - DAY * draw.randrange(1, 3000)
        facts["term_began"] = START - DAY * draw.randrange(1, 1400)
        if draw.random() < 0.3:
            facts["graded_on"], facts["grade"] = START - DAY * draw.randrange(1, 1700), "3A"
    return Organization(one.id, one.name, one.area, facts)


# --- what must hold, worked out from the history alone ---------------------------------------------------------------


def spans(policy, events):
    """Every due date that a case ever had: what it is of, the date, the day on which it was set, and the first and the
    last day on which a sweep, the first thing on every day, came upon it (None: still)."""
    running, found, case, stopped = {}, [], None, None
    for event in events:
        case, day = evolve(case, event), policy.day(event.at)
        now = {}
        if not case.closed:
            due = replace(case, suspended=None).due
            if due is not None:
                now[None] = (due, case.stage_since)  # another stage's is another, even on the same date
            now |= {name: (duty.due, None) for name, duty in case.duties.items() if duty.due is not None}
        for key in [*running]:
            if now.get(key) != running[key][0]:
                (due, _), since, first = running.pop(key)
                # A sweep looks at duties first; what they lead to is another deadline already. One whose clock stood
                # still was last come upon on the day on which it was stopped; then it is another, or the same still.
                last = day - DAY if key is None and event.actor == "sweep" else day
                found.append((key, due, since, first, stopped if key is None and stopped is not None else last))
        for key, due in now.items():
            running.setdefault(key, (due, day, day if event.actor == "sweep" else day + DAY))
        stopped = case.suspended
    return found + [(key, due, since, first, None) for key, ((due, _), since, first) in running.items()]


def expected(policy, events, last):
    """Which reminders and which marks of being overdue there must be: of what, of which date, on which day."""
    reminders, late = Counter(), Counter()
    for key, due, since, first, until in spans(policy, events):
        end = until or last
        # beijing-2015 says nothing of its own of any stage
        for days in policy.obligations[key].remind if key is not None else policy.remind:
            day = due - DAY * days
            if since < day <= end:
                reminders[key, due, day] += 1
        if max(due + DAY, first) <= end:
            late[key, due] += 1
    return reminders, late


def checked(world):
    policy, store = world.policy, world.store
    totals, rectified = Counter(), Counter()
    tiers = {id: len(policy.places.on(policy.effective).chain(id)) for id in policy.places.bodies}
    told = set()
    for id in [case.id for case in store.cases(Query())]:
        events = store.events(id)
        assert fold(events) == store.get(id)
        reminded, late = Counter(), Counter()
        climbed, handed = {}, date.min
        for event in events:
            totals[event.kind] += 1
            if event.kind == "rerouted" and "responsible" in event.changes:
                handed = policy.day(event.at)
            day, key = policy.day(event.at), event.changes.get("concerns")
            if event.kind in TOLD or "to" in event.changes:
                told.add((id, event.seq))
            if event.kind == "reminded":
                reminded[key, event.changes["of"], day] += 1
            if event.kind == "overdue":
                late[key, event.changes["of"]] += 1
            if event.kind == "escalated":
                spec = policy.obligations[key] if key else None
                grace = (
                    spec.grace
                    if spec
                    else policy.workflows[store.get(id).workflow].stages[event.changes["stood"].partition(".")[0]].grace
                )
                since = max(climbed.get(key, date.min), event.changes["of"], handed)
                assert grace.after(since) <= day, (id, event)
                climbed[key] = day
        wanted_reminders, wanted_late = expected(policy, events, world.day)
        assert reminded == wanted_reminders, id
        assert max(reminded.values(), default=1) == 1
        assert late == wanted_late, id
        case = store.get(id)
        if case.stage == "rectify":
            rectified[tiers[case.escalated_to or case.responsible]] += 1
    assert told == {(one.notice.case, one.notice.seq) for one in store.outbox()}, "exactly one notice of each"
    assert set(rectified) <= {1}, "every rectification is closed or at the top tier"
    return totals, rectified


@pytest.fixture(scope="module")
def world(beijing):
    return World(beijing).run()


def test_nothing_is_missed_or_doubled_and_every_rectification_ends_or_is_at_the_top(world, record_property):
    totals, rectified = checked(world)
    for kind in ("duty_opened", "reminded", "overdue", "escalated", "met", "missed", "postponed", "advanced"):
        assert totals[kind], kind
    assert rectified[1]
    record_property("events", dict(totals))
    record_property("rectifications at the top", rectified[1])


def test_another_order_of_the_days_work_gives_the_same_events(world, beijing):
    assert World(beijing, backwards=True, batch=37).run().heads() == world.heads()


def test_a_sweep_that_is_killed_again_and_again_gives_the_same_events(world, beijing):
    killed = World(beijing, kills=True, batch=20).run()
    assert killed.store.kills > 20
    assert killed.heads() == world.heads()
    checked(killed)
