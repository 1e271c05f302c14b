"""A case told command by command, as function calls: no store, no clock."""

from datetime import date, timedelta

from guikou.engine import Advance, GuikouError, Organization, Register, Stamp
from guikou.engine.cases.fold import evolve
from guikou.engine.dates.instants import instant
from guikou.engine.decide.decide import decide
from guikou.engine.decide.due.wake import wake
from guikou.engine.decide.notices import notices
from guikou.engine.decide.sweep import tick

START = date(2016, 1, 4)
DAY = timedelta(days=1)
BY, ABOVE, REGISTRY = "chaoyang-education", "beijing-education", "chaoyang-registration"
STAGES = "workflows/stages.yaml"

SCHOOL = {
    "registered_as": "private_non_enterprise",
    "registered_at": "district",
    "industry": "education",
    "employees": 42,
    "party_members": 5,
    "has_organization": False,
}
FIRM = {"registered_as": "enterprise", "industry": "internet"}  # it owes nothing
OLD_ENOUGH = {
    "registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False,
    "has_organization": True, "standardized": False, "weak": False,
}  # fmt: skip


class Told:
    """A case with its events, its day, and what was told of it; none before it is registered."""

    def __init__(self, policy, day=START):
        self.policy, self.day, self.case = policy, day, None
        self.events, self.told = [], []

    def stamp(self, by):
        at = instant(self.day, self.policy.zone)
        return Stamp(at, at, by, by)

    def follow(self, decision):
        assert not isinstance(decision, GuikouError), decision
        for event in decision:
            self.case = evolve(self.case, event)
            self.events.append(event)
        self.told += notices(self.policy, decision, self.case)
        return self

    def try_(self, command, by=BY):
        return decide(self.policy, self.case, command, self.stamp(by))

    def do(self, command, by=BY, days=0):
        self.day += timedelta(days=days)
        return self.follow(self.try_(command, by))

    def refused(self, command, by=BY):
        decision = self.try_(command, by)
        assert isinstance(decision, GuikouError), decision
        return decision

    def advance(self, trigger, by=BY, days=0, reason="", **evidence):
        return self.do(Advance(trigger, evidence, reason), by, days)

    def tick(self):
        """What time brings about by the day that it is."""
        return tick(self.policy, self.case, self.stamp("sweep"))

    def sweep(self, until=None):
        """Look at the case on every day up to one, and only do so where it is to wake."""
        until = until or self.day
        while self.day < until:
            self.day += DAY
            due = wake(self.policy, self.case, self.day)
            decision = self.tick()
            assert bool(decision) == (due is not None and due <= self.day), (self.day, due, decision)
            self.follow(decision)
            assert self.tick() == ()
        return self

    def days(self, kind, concerns=None):
        return [self.policy.day(one.at) for one in self.events if one.kind == kind and one.concerns == concerns]


def building(policy, day=START, area="110105", **facts):
    """A school that has no organisation of its own yet."""
    return Told(policy, day).do(Register(Organization("A", "学校", area, {**SCHOOL, **facts})), "beijing")


def established(policy, day=START, area="110105", **facts):
    """A school that has its organisation, and keeps it in order."""
    own = {"has_organization": True, "weak": False, "standardized": True}
    return building(policy, day, area, **{**own, **facts})


def school(policy, **facts):
    """A school that is old enough for every gate."""
    return building(policy, **{**OLD_ENOUGH, **facts})


def applicant(policy, **facts):
    own = {"registered_as": "applicant", "incubating": False, "party_members": 3, "investigated": False}
    return building(policy, **{**own, **facts})


def group(policy, **facts):
    """The case of a joint organisation."""
    own = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    return building(policy, **{**own, **facts}).case
