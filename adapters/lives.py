"""Years of supervision of invented organisations: every event is one that the engine itself decided, without a store.

How often what happens stands in the `life` section of the policy's sample.yaml, as assumptions. A life depends on the
seed and on the number of its organisation alone; so the first lives of many are those of few.
"""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from multiprocessing import get_context
from typing import Any

from guikou.engine.acting import Decision, Stamp
from guikou.engine.calendar import instant
from guikou.engine.case import Case, Event, Organization
from guikou.engine.decide import Advance, Block, Command, Meet, Postpone, Register, Report
from guikou.engine.errors import GuikouError, NotInitialized, NotOpenYet, WrongUsage
from guikou.engine.instep import Ask, Continued, Record, Strike, TellGate
from guikou.engine.obligations import Obligation
from guikou.engine.parts import Gate, GroupKind
from guikou.engine.policy import Policy, parse
from guikou.engine.store import Query, Store
from guikou.engine.supervision import Supervision
from guikou.engine.sweep import tick
from guikou.engine.timing import above, asked_context, wake
from guikou.engine.trial import Trial
from guikou.engine.workflow import SAME, SWEEP, Transition

from .sample import hubs as sample_hubs
from .sample import organizations, specification, weighted

_DAY = timedelta(days=1)
_YEAR = 365.25
#: What a hub, a joint organisation and an applicant are, as a policy's workflows call them; they do no business.
_APART = ("hub", "joint", "applicant")


@dataclass(frozen=True, slots=True)
class Life:
    """A case as it stands at the end, with everything that happened to it."""

    case: Case
    events: tuple[Event, ...]


@dataclass(slots=True)
class Counts:
    """What was kept: cases by type, events by kind."""

    cases: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


def lives(
    policy: Policy,
    n: int,
    seed: int,
    since: date,
    until: date,
    *,
    hubs: bool = False,
    processes: int = 1,
) -> Iterator[Life]:
    """`n` organisations from `since` up to the end of `until`: most stand there already, the others are registered over
    the years, some of them as applicants first, whose case comes right before the one that carries it on (an applicant
    that is not registered by then has no other). Then the hubs: in proportion, or with `hubs` all that are published.

    The same for the same policy, seed and days, whatever the number of `processes` that they are made in. Raises
    WrongUsage for a policy whose sample.yaml has no `life`, and for days that leave no time.
    """
    world = _World(policy)
    if (until - since).days < 30:
        raise WrongUsage(reason_en=f"{since} to {until} is no month", reason_zh=f"{since} 至 {until} 不满一个月")
    before = since - timedelta(days=int(world.life["taken_in"]) + 1)
    made = organizations(policy, n, seed, day=before)
    hubs_made = sample_hubs(policy, seed, among=None if hubs else n) if "hubs" in world.spec else iter(())
    every = enumerate(_chain(made, hubs_made))
    if processes <= 1:
        for at, one in every:
            yield from _lived(world, seed, at, one, since, until)
        return
    own = get_context("spawn")  # what a fork would copy of threads and connections is none of the workers' business
    with ProcessPoolExecutor(processes, own, _begin, (dict(policy.files),)) as pool:
        waiting: deque[tuple[list[tuple[int, Organization]], Future[list[Life] | None]]] = deque()
        while True:
            chunk = list(islice(every, 200))
            if chunk:
                waiting.append((chunk, pool.submit(_chunk, seed, chunk, since, until)))
            if not waiting:
                return
            if not chunk or len(waiting) > 2 * processes:  # no more than can be written soon
                first, made_there = waiting.popleft()
                done = made_there.result()
                if done is None:  # something was refused: here it is raised
                    done = [life for at, one in first for life in _lived(world, seed, at, one, since, until)]
                yield from done


def write(store: Store, policy: Policy, lives: Iterable[Life], batch: int = 500) -> Counts:
    """Keep lives in a database that is initialised and has no cases yet, `batch` of them in one transaction. Nobody is
    told of what is long past: no notices are made.

    Raises NotInitialized; WrongUsage for a database that has cases or another policy.
    """
    files = store.policy_files()
    if files is None:
        raise NotInitialized(db="the store")
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


def join_up(office: Supervision, seed: int, day: date) -> Counts:
    """What takes two cases, on the last day, as far as sample.yaml says: neighbours that can't build alone found joint
    organisations, some join a hub of their field, some of these leave it. Returns the cases opened and the events."""
    world = _World(office.policy)
    own, draw, counts = world.life.get("groups"), random.Random(f"{seed}:groups"), Counts()
    if own is None:
        return counts
    for kind in office.policy.parts.groups.values():
        if kind.of == "joint":
            _found(office, world, kind, draw, day, counts)
        elif kind.of == "hub":
            _members(office, world, kind, draw, day, counts)
    return counts


# --- one life --------------------------------------------------------------------------------------------------------


class _World:
    """A policy with what its sample.yaml says of lives, looked up once."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.spec = specification(policy)
        if "life" not in self.spec:
            raise WrongUsage(reason_en="sample.yaml says nothing of lives", reason_zh="sample.yaml 未写明历年情况")
        self.life: dict[str, Any] = self.spec["life"]
        self.top = next(body.id for body in policy.bodies.values() if body.parent is None)
        self.registered_as: tuple[str, ...] = tuple(self.spec.get("registered", {}).get("of", ()))
        self.gate_of: dict[str, Gate] = {
            duty: gate
            for gate in policy.parts.gates.values()
            if gate.in_step is not None
            for duty in gate.in_step.effect.meets
        }
        self.siblings: dict[str | None, list[str]] = {}
        for area in policy.areas.values():
            self.siblings.setdefault(area.parent, []).append(area.code)
        self._venues: dict[str, list[str]] = {}
        for venue in policy.parts.venues.values():
            for around in policy.tier_areas(venue.area).values():
                self._venues.setdefault(around.code, []).append(venue.id)

    def venues(self, area: str) -> Sequence[str]:
        """Those in an area, or else anywhere."""
        return self._venues.get(area) or list(self.policy.parts.venues)


_WORKER: list[_World] = []


def _begin(files: Mapping[str, str]) -> None:
    _WORKER[:] = [_World(parse(files))]


def _chunk(seed: int, some: list[tuple[int, Organization]], since: date, until: date) -> list[Life] | None:
    """Lives made by a worker; None if the rules refused something, since a refusal can't be sent to another process."""
    try:
        return [life for at, one in some for life in _lived(_WORKER[0], seed, at, one, since, until)]
    except GuikouError:
        return None


def _chain(*of: Iterable[Organization]) -> Iterator[Organization]:
    for one in of:
        yield from one


def _lived(world: _World, seed: int, at: int, one: Organization, since: date, until: date) -> Iterator[Life]:
    """The cases of one organisation."""
    hub = one.facts["registered_as"] == "hub"
    draw = random.Random(f"{seed}:life:{one.id if hub else at}")
    came = _came(world, draw, since, until)
    if came < since:
        office = _Office(world, draw, _graded(world, draw, one, came), came)
    elif one.facts["registered_as"] not in world.registered_as:
        office = _Office(world, draw, one, came)
    else:
        one = _newly_registered(one, came)
        own = world.life["applicants"]
        if draw.random() < float(own["share"]):
            applied = _Office(world, draw, _applicant(world, draw, one), came)
            registered = applied.apply_for(one, own["look"], until)
            yield applied.life()
            if registered is None:
                return
            office = registered
        else:
            office = _Office(world, draw, one, came)
    office.go_on(world.life["hub_look" if hub else "look"], until)
    yield office.life()


def _came(world: _World, draw: random.Random, since: date, until: date) -> date:
    """The day on which one comes in: their number grows by as much in every year."""
    growth, years = 1 + float(world.life["growth"]), (until - since).days / _YEAR
    there = math.log(draw.random() or 1e-9) / math.log(growth) + years
    if there <= 0:
        return since - timedelta(days=draw.randrange(1, int(world.life["taken_in"]) + 1))
    return min(since + timedelta(days=int(there * _YEAR)), until - _DAY)


def _graded(world: _World, draw: random.Random, one: Organization, came: date) -> Organization:
    """Some that were registered two years ago or earlier have a grade."""
    registered = one.facts.get("registered_on")
    if registered is None or (came - registered).days < 3 * 365 or draw.random() >= float(world.life["graded"]):
        return one
    grades = {name: world.life["outcomes"].get(name, 1) for name in world.policy.facts["grade"].kind.values}
    on = came - timedelta(days=draw.randrange(30, 3 * 365))
    return replace(one, facts={**one.facts, "grade": weighted(draw, grades), "graded_on": max(on, registered)})


_BUILT = ("standardized", "weak", "regular_life", "terms_kept", "records_kept", "inspection", "inspection_before")


def _newly_registered(one: Organization, came: date) -> Organization:
    facts = {name: value for name, value in one.facts.items() if name not in _BUILT}
    facts |= {"registered_on": came, "term_began": came, "penalised": False, "investigated": False}
    facts["inspection_before"] = None  # known to be none: what asks for the last two need not wait for them
    return replace(one, facts={**facts, "has_organization": False})


def _applicant(world: _World, draw: random.Random, one: Organization) -> Organization:
    """The same before it is registered: under a number of its own."""
    kept = ("registered_at", "industry", "employees", "party_members", "has_organization", "investigated")
    facts = {name: one.facts[name] for name in kept}
    facts |= {"registered_as": "applicant", "applies_as": one.facts["registered_as"], "guide_sent": False}
    facts["incubating"] = draw.random() < float(world.life["applicants"]["incubating"])
    return Organization(f"SQ{one.id}", one.name, one.area, facts)


class _Office(Trial):
    """The office that answers for one case, from the day on which it comes in. Where the rules refuse what it does
    although they say that it may, that is raised."""

    def __init__(
        self, world: _World, draw: random.Random, one: Organization, day: date, continues: Case | None = None
    ) -> None:
        self.policy, self.day = world.policy, day
        self.steps, self.events, self.case = [], [], None
        self.refused, self.placement = None, None
        self.world, self.draw, self.rates = world, draw, world.life
        self._following: date | None = None
        self._looked = False
        self._settled = 0
        self._wrong: Event | None = None
        careless = world.life["careless"]
        self.does = float(careless["does"]) if draw.random() < float(careless["share"]) else 1.0
        self.act(Register(one, continues), world.top)

    @property
    def stands(self) -> Case:
        assert self.case is not None, "it was taken in"
        return self.case

    def life(self) -> Life:
        return Life(self.stands, tuple(self.events))

    def go_on(self, look: Sequence[int], until: date) -> None:
        """Look after look up to the day before the last; then time alone."""
        while not self.stands.closed:
            day = self.day + timedelta(days=self.draw.randint(*look))
            if day >= until:
                break
            self.wait(day)
            self.look()
        self.wait(until)

    def apply_for(self, one: Organization, look: Sequence[int], until: date) -> _Office | None:
        """An applicant's way, up to the organisation's own case; None if it is not registered."""
        while not self.stands.closed:
            day = self.day + timedelta(days=self.draw.randint(*look))
            if day >= until:
                break
            self.wait(day)
            if self.stands.stage == "registered":
                facts = {name: value for name, value in one.facts.items() if name not in self.stands.facts}
                facts |= {"registered_as": one.facts["registered_as"], "term_began": self.stands.facts["registered_on"]}
                registered = _Office(self.world, self.draw, replace(one, facts=facts), day, self.stands)
                self.act(Continued(one.id), self.world.top)
                return registered
            self.proceed()
        self.wait(until)
        return None

    def wait(self, day: date) -> None:
        """Time goes on up to a day, and each of its days is swept on which something is due."""
        while not self.stands.closed:
            if not self._looked:
                self._following, self._looked = wake(self.policy, self.stands, self.day), True
            if self._following is None or self._following > day or self.day >= day:
                break
            self.day = max(self._following, self.day + _DAY)
            at = instant(self.day, self.policy.zone)
            refused = self._follow(tick(self.policy, self.stands, Stamp(at, at, self.body(("responsible",)), SWEEP)))
            if refused is not None:
                raise refused
        self.day = max(self.day, day)

    def act(self, command: Command, body: str) -> None:
        refused = self.do(command, body)
        if refused is not None:
            raise refused

    def _follow(self, decision: Decision) -> GuikouError | None:
        self._looked = False
        return super()._follow(decision)

    def body(self, roles: Sequence[str]) -> str:
        """Who acts in one of these roles: the responsible body rather than one above it."""
        if "responsible" in roles or "superior" in roles:
            own = self.policy.body_on(self.stands.responsible, self.day)
            if own is not None and "responsible" in roles:
                return own.id
            chain = self.policy.chain(own.id if own is not None else self.stands.responsible)
            for one in chain[1:] or chain:
                if one.exists_on(self.day):
                    return one.id
        return self.first(tuple(roles))

    def likely(self, rate: float) -> bool:
        return self.draw.random() < rate

    def evidence(self, keys: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(keys, f"S{self.day:%Y%m%d}")

    # --- a look of an office ---

    def look(self) -> None:
        """What an office does for one organisation on one day."""
        business = self.stands.workflow not in _APART
        if business:
            self.tell_rest()
        for name in list(self.stands.duties):
            self.duty(name)
        self.learn()
        self.advance()
        if self.stands.closed or not business:
            return
        self.record()
        self.settle()
        if self.likely(float(self.rates["gates"]["evaluation"])):
            self.evaluate()
        self.block()

    def tell_rest(self) -> None:
        """What was only half told is told in full."""
        for name, passage in list(self.stands.gates.items()):
            if passage.told and passage.passed is None and self.likely(float(self.rates["gates"]["told_rest"])):
                gate = self.policy.parts.gates[name]
                for outcome in gate.together(passage.grounds):
                    if outcome not in passage.told and not self.tell(gate, outcome, late=True):
                        break

    def duty(self, name: str) -> None:
        duty, spec = self.stands.duties.get(name), self.policy.obligations[name]
        if duty is None or not duty.open or not spec.by or name not in self.rates["duties"]:
            return
        how = spec.postponement
        if how is not None and duty.extensions < how.times and self.likely(float(self.rates["postponed"])):
            self.act(Postpone(name, "sample", self.evidence(how.evidence)), self.body(how.roles))
        elif self.likely(float(self.rates["duties"][name]) * self.does):
            self.meet(name, spec)

    def meet(self, name: str, spec: Obligation) -> None:
        """Through its gate, where other systems ask that one; else directly."""
        gate = self.world.gate_of.get(name)
        if gate is not None and self.likely(float(self.rates["gates"]["asked"].get(gate.name, 0))):
            passage = self.stands.gates.get(gate.name)
            if passage is None or not passage.told or passage.passed is not None:
                self.through(gate)
            return
        self.act(Meet(name, self.outcome(spec.outcomes), self.evidence(spec.evidence)), self.body(spec.by))

    def outcome(self, among: Iterable[str]) -> str | None:
        weights = {name: float(self.rates["outcomes"].get(name, 1)) for name in among}
        return weighted(self.draw, weights) if weights else None

    def through(self, gate: Gate) -> None:
        """A gate is asked and, unless it refuses, told what came of it: in step, or only the half of it."""
        self.act(Ask(gate.name), self.body(gate.by))
        passage = self.stands.gates[gate.name]
        if passage.answer == "refused":
            return
        together = gate.together(passage.grounds)
        half = len(together) > 1 and self.likely(float(self.rates["gates"]["half_told"]))
        for name in together[:1] if half else together:
            self.tell(gate, name)

    def tell(self, gate: Gate, name: str, late: bool = False) -> bool:
        told = gate.told[name]
        command = TellGate(gate.name, name, self.outcome(told.values), self.evidence(told.evidence))
        refused = self.do(command, self.body(told.by))
        if late and isinstance(refused, NotOpenYet):
            return False  # what it would have met was closed as missed meanwhile, and the next can't be met yet
        if refused is not None:
            raise refused
        return True

    def evaluate(self) -> None:
        gate = self.policy.parts.gates.get("grade_evaluation")
        facts = self.stands.facts
        if gate is None or facts.get("grade") is not None or "inspection" not in facts:
            return  # before the first inspection the gate could only say what it lacks
        passage = self.stands.gates.get(gate.name)
        half = passage is not None and passage.told and passage.passed is None
        if not half and gate.when.evaluate(self.asked()) is True:
            self.through(gate)

    def learn(self) -> None:
        """What becomes known of an organisation."""
        case, own = self.stands, self.rates["facts"]
        facts, news = case.facts, dict[str, Any]()
        if case.workflow == "hub":
            return
        if case.state == "standardize.improving":
            for name in ("regular_life", "terms_kept", "records_kept"):
                if facts.get(name) is not True and self.likely(float(own["improve"]) * self.does):
                    news[name] = True
        if case.stage in ("standardize", "innovate") and self.likely(float(own["known_weak"])):
            news["weak"] = True
        large = facts.get("has_organization") is False and facts["employees"] >= int(self.rates["guide_from"])
        if (large or case.stage == "incubate") and not facts.get("guide_sent") and self.likely(float(own["guide"])):
            news["guide_sent"] = True
        if self.likely(float(own["drift"])):
            news["employees"] = max(1, round(facts["employees"] * self.draw.uniform(0.85, 1.2)))
            members = facts["party_members"] + self.draw.choice((-1, 1, 1, 2))
            news["party_members"] = max(0, min(news["employees"], members))
        for name in ("penalised", "investigated"):
            if name in facts and self.likely(float(own["cleared"] if facts[name] else own[name])):
                news[name] = not facts[name]
        area = None
        if case.workflow not in _APART and self.likely(float(own["move"])):
            area = self.draw.choice(self.world.siblings[self.policy.areas[case.area].parent])
        if news or area is not None:
            self.act(Report(news, None, area), self.body(("responsible",)))

    def advance(self) -> None:
        """One trigger at most, of those whose guards hold."""
        case, facts = self.stands, dict[str, Any]()
        ways: dict[str, list[Transition]] = {}
        for one in self.policy.workflows[case.workflow].from_state(case.state):
            if one.by_office:
                ways.setdefault(one.trigger, []).append(one)
        for trigger, open_ways in ways.items():
            if not self.likely(float(self.rates["triggers"].get(trigger, 0)) * self.does):
                continue
            facts = facts or self.facts()
            way = next((one for one in open_ways if one.when.evaluate(facts) is True), None)
            if way is None or self._idle(way):
                continue
            reason = "sample" if way.reason else ""
            self.act(Advance(trigger, self.evidence(way.evidence), reason), self.body(way.by))
            return

    def _idle(self, way: Transition) -> bool:
        """Whether it would change nothing: what it sets is so already, or there is nobody to escalate to."""
        case = self.stands
        if way.escalate and above(self.policy, case.escalated_to or case.responsible, self.day) is None:
            return True
        held = way.sets and all(case.facts.get(name, ...) == value for name, value in way.sets.items())
        return way.dest == SAME and bool(held)

    def record(self) -> None:
        """What took place in business and in support; one that was wrong is struck at the next look."""
        if self._wrong is not None:
            self.strike(self._wrong)
            self._wrong = None
        for name, own in self.rates["records"].items():
            if not self.likely(float(own["rate"])):
                continue
            kind = self.policy.parts.records[name]
            amount = Decimal(self.draw.randint(*own["amount"])) if kind.amount else None
            count = self.draw.randint(*own["count"]) if kind.count is not None else None
            venue = self.draw.choice(self.world.venues(self.stands.area)) if kind.venue else None
            command = Record(name, None, None, amount, count, venue, self.evidence(kind.evidence))
            self.act(command, self.body(kind.by))
            if self.likely(float(self.rates["struck"])):
                self._wrong = self.events[-1]

    def strike(self, wrong: Event) -> None:
        name = wrong.changes["record"]
        gone = {event.changes["struck"] for event in self.events if event.kind == "struck"} | {wrong.seq}
        left = [
            event
            for event in self.events
            if event.kind == "recorded" and event.changes["record"] == name and event.seq not in gone
        ]
        self.act(Strike(wrong, left, "sample"), self.body(self.policy.parts.records[name].by))

    def settle(self) -> None:
        """The year's allowance and dues (M30), in December or in January."""
        year = self.day.year if self.day.month == 12 else self.day.year - 1
        if self.day.month not in (12, 1) or self._settled == year or self.policy.day(self.stands.opened_at).year > year:
            return
        allowance, dues = self.rates["allowance"], self.rates["dues"]
        if self.day.month == 12 and not self.likely(float(allowance["in_december"])):
            return
        self._settled = year
        members = self.stands.facts.get("party_members", 0)
        if members and self.likely(float(allowance["paid"])):
            self.pay("allowance_paid", year, members * Decimal(allowance["member"]))
        if members and self.likely(float(dues["paid"])):
            amount = members * Decimal(self.draw.randint(*dues["member"]))
            self.pay("dues_paid", year, amount)
            if self.likely(float(dues["returned"])):
                self.pay("dues_returned", year, amount)

    def pay(self, name: str, year: int, amount: Decimal) -> None:
        kind = self.policy.parts.records[name]
        command = Record(name, None, year, amount, None, None, self.evidence(kind.evidence))
        self.act(command, self.body(kind.by))

    def block(self) -> None:
        case = self.stands
        if case.blockers and self.likely(float(self.rates["unblocked"])):
            self.act(Block(case.blockers[0], clear=True), self.body(("responsible",)))
        elif case.stage == "build" and self.likely(float(self.rates["blocked"])):
            code = self.draw.choice(list(self.policy.blockers))
            if code not in case.blockers:
                self.act(Block(code), self.body(("responsible",)))

    # --- an applicant ---

    def proceed(self) -> None:
        """An applicant's next step: what a gate leads to, or else an office."""
        gates, state = self.policy.parts.gates, self.stands.state
        self.tell_rest()
        self.learn()
        if state == "incubate.referral" and self.likely(self.does * 0.8):
            self.at_gate(gates["incubation"], "admitted", "declined")
        elif state == "register" and self.stands.state == state and self.likely(self.does * 0.8):
            self.at_gate(gates["registration"], None, "rejected")
        elif self.stands.state == state:
            self.advance()

    def at_gate(self, gate: Gate, yes: str | None, no: str) -> None:
        """A gate is asked; one of its outcomes is told, or those in step."""
        passage = self.stands.gates.get(gate.name)
        if passage is not None and passage.told and passage.passed is None:
            return  # half told: the rest comes
        if self.likely(float(self.rates["gates"]["declined"])):
            self.act(Ask(gate.name), self.body(gate.by))
            if self.stands.gates[gate.name].answer != "refused":
                self.tell(gate, no)
        elif yes is None:
            self.through(gate)
        else:
            self.act(Ask(gate.name), self.body(gate.by))
            if self.stands.gates[gate.name].answer != "refused":
                self.tell(gate, yes)


# --- what takes two cases --------------------------------------------------------------------------------------------


def _found(office: Supervision, world: _World, kind: GroupKind, draw: random.Random, day: date, counts: Counts) -> None:
    """Joint organisations of neighbours with too few members to build alone: in one street, or else one district."""
    policy, own, spec = office.policy, world.life["groups"], world.spec["joint"]
    waiting: dict[str, list[Case]] = {}
    for case in office.store.cases(Query(states=frozenset(["build.joining"]), closed=False)):
        if not case.groups and kind.members.evaluate(asked_context(policy, case, day)):
            waiting.setdefault(case.area, []).append(case)
    founded = 0
    for area, cases in sorted(waiting.items()):
        most = kind.most or len(cases)
        for at in range(0, len(cases) - 1, most):
            members = cases[at : at + most]
            if founded >= int(own["most"]) or len(members) < kind.least or not draw.random() < float(own["joint"]):
                continue
            founded += 1
            place = policy.areas[area]
            industries = {case.facts["industry"] for case in members}
            facts = {
                "registered_as": "joint_organization",
                "registered_at": place.tier,
                "industry": industries.pop() if len(industries) == 1 else "community",
                "enterprises": draw.choice((0, 0, 0, 1, 2)),
            }
            name = spec["name"].format(area=place.title.zh, number=founded) + world.spec["marker"]
            joint = Organization(f"{spec['code']}{area}{founded:04d}", name, area, facts)
            evidence = dict.fromkeys(kind.evidence, f"S{day:%Y%m%d}")
            office.found(
                joint, [case.id for case in members], by=office.top, kind=kind.name, evidence=evidence, when=day
            )
            counts.cases[kind.of] += 1
            counts.events["opened"] += 1
            counts.events.update({"joined": len(members), "member_joined": len(members)})
            counts.events["advanced"] += len(members)


def _members(
    office: Supervision, world: _World, kind: GroupKind, draw: random.Random, day: date, counts: Counts
) -> None:
    """Some organisations become members of a hub of their own field and area; some of them leave it again."""
    policy, own, joined = office.policy, world.life["groups"], 0
    hubs = office.store.cases(Query(types=frozenset([kind.of]), closed=False))
    # Those of large areas first: to find the few organisations of a street among very many takes long.
    for hub in sorted(hubs, key=lambda one: -len(policy.areas_under(one.area))):
        if joined >= int(own["most"]):
            return
        areas = policy.areas_under(hub.area)
        for case in office.store.cases(Query(areas=areas, closed=False, limit=200)):
            fits = case.workflow not in _APART and case.facts.get("industry") == hub.facts.get("industry")
            if joined >= int(own["most"]) or not fits or case.groups or not draw.random() < float(own["hub_members"]):
                continue
            office.join(case.id, hub.id, by=office.top, kind=kind.name, when=day)
            joined += 1
            counts.events.update(("joined", "member_joined"))
            if draw.random() < float(own["left"]):
                office.leave(case.id, hub.id, by=office.top, kind=kind.name, reason="sample", when=day)
                counts.events.update(("left", "member_left"))
