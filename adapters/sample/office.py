"""The office that answers for one invented organisation, from day to day; the engine decides every event."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from guikou.engine.cases.case import Case, Organization
from guikou.engine.cases.events import Event, standing_records
from guikou.engine.dates.instants import instant
from guikou.engine.decide.advance import Advance, Block
from guikou.engine.decide.continuation import Continued
from guikou.engine.decide.decide import Command
from guikou.engine.decide.due.wake import wake
from guikou.engine.decide.duties import Meet, Postpone
from guikou.engine.decide.gates import Ask, TellGate
from guikou.engine.decide.happening import Decision, Stamp, values_set
from guikou.engine.decide.intake import Register, Report
from guikou.engine.decide.records import Record, Strike
from guikou.engine.decide.sweep import tick
from guikou.engine.errors import AlreadyMet, GuikouError, NotOpenYet
from guikou.engine.policy.gates import Gate
from guikou.engine.policy.obligations import Obligation
from guikou.engine.policy.records import RecordKind
from guikou.engine.policy.workflow import SAME, SWEEP, Transition
from guikou.engine.rules.conditions import Condition
from guikou.engine.verify.trial import Trial

from .draws import weighted
from .learning import known_of, learned
from .rates import Lead, Sought
from .world import World, stands_in

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Life:
    """A case as it stands at the end, with everything that happened to it."""

    case: Case
    events: tuple[Event, ...]


class Office(Trial):
    """The office that answers for one case, from the day on which it comes in. Where the rules refuse what it does
    although they say that it may, that is raised."""

    def __init__(
        self, world: World, draw: random.Random, one: Organization, day: date, continues: Case | None = None
    ) -> None:
        self.policy, self.day = world.policy, day
        self.salt = f"sample {one.id}"  # nobody needs to guess what an invented office wrote
        self.steps, self.events, self.case = [], [], None
        self.refused, self.placement = None, None
        self.world, self.draw, self.rates = world, draw, world.life
        self._following: date | None = None
        self._looked = False
        self._settled = 0
        self._wrong: Event | None = None
        careless = self.rates.careless
        self.does = careless.does if draw.random() < careless.share else 1.0
        self.act(Register(one, continues), world.top)

    @property
    def stands(self) -> Case:
        assert self.case is not None, "it was taken in"
        return self.case

    def life(self) -> Life:
        return Life(self.stands, tuple(self.events))

    def go_on(self, until: date) -> None:
        """Look after look up to the day before the last; then time alone."""
        for _ in self.days(until):
            self.look()

    def carried_on(self, one: Organization, until: date) -> Office | None:
        """A forerunner's way, up to the organisation's own case, which carries it on; None if there is none."""
        for day in self.days(until):
            case, own = self.stands, self.rates.forerunners
            if own is not None and self.policy.workflows[case.workflow].stages[case.stage].continued:
                facts = {
                    name: value for name, value in one.facts.items() if name not in case.facts or name in own.facts
                }
                facts |= values_set(own.carried, case.facts, day)
                following = Office(self.world, self.draw, replace(one, facts=facts), day, case)
                self.act(Continued(one.id), self.world.top)
                return following
            self.look()
        return None

    def days(self, until: date) -> Iterator[date]:
        """The days on which an office looks at the case, while it is open; each of them has come when it is given. At
        the end it is the last day."""
        while not self.stands.closed:
            look = self.rates.looks.get(self.stands.workflow, self.rates.look)
            day = self.day + timedelta(days=self.draw.randint(*look))
            if day >= until:
                break
            self.wait(day)
            yield day
        self.wait(until)

    def wait(self, day: date) -> None:
        """Time goes on up to a day, and each of its days is swept on which something is due."""
        while not self.stands.closed:
            if not self._looked:
                self._following, self._looked = wake(self.policy, self.stands, self.day), True
            if self._following is None or self._following > day or self.day >= day:
                break
            self.day = max(self._following, self.day + DAY)
            at = instant(self.day, self.policy.zone)
            refused = self._follow(
                tick(self.policy, self.stands, Stamp(at, at, self.body(("responsible",)), SWEEP, salt=self.salt))
            )
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
            own = self.policy.places.body_on(self.stands.responsible, self.day)
            if own is not None and "responsible" in roles:
                return own.id
            for one in self.policy.places.on(self.day).superiors(self.stands.responsible):
                return one.id
        return self.first(tuple(roles))

    def likely(self, rate: float) -> bool:
        return self.draw.random() < rate

    def evidence(self, keys: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(keys, f"S{self.day:%Y%m%d}")

    # --- a look of an office ---

    def look(self) -> None:
        """What an office does for one organisation on one day; one move at most."""
        state = self.stands.state
        self.tell_rest()
        for name in list(self.stands.duties):
            self.duty(name)
        self.learn()
        if self.stands.state == state:
            self.move_on()
        if self.stands.closed or self.stands.workflow in self.rates.apart:
            return
        self.record()
        self.settle()
        for name, sought in self.rates.gates.sought.items():
            if self.likely(sought.chance):
                self.seek(self.policy.parts.gates[name], sought)
        self.block()

    def tell_rest(self) -> None:
        """What was only half told is told in full."""
        for name, passage in list(self.stands.gates.items()):
            if passage.told and passage.passed is None and self.likely(self.rates.gates.told_rest):
                gate = self.policy.parts.gates[name]
                for outcome in gate.together(passage.grounds):
                    if outcome not in passage.told and not self.tell(gate, outcome, late=True):
                        break

    def duty(self, name: str) -> None:
        duty, spec = self.stands.duties.get(name), self.policy.obligations[name]
        if duty is None or not duty.open or not spec.by or name not in self.rates.duties:
            return
        how = spec.postponement
        if how is not None and duty.extensions < how.times and self.likely(self.rates.postponed):
            self.act(Postpone(name, "sample", self.evidence(how.evidence)), self.body(how.roles))
        elif self.likely(self.rates.duties[name] * self.does):
            self.meet(name, spec)

    def meet(self, name: str, spec: Obligation) -> None:
        """Through its gate, where other systems ask that one; else directly."""
        gate = self.world.gate_of.get(name)
        if gate is not None and self.likely(self.rates.gates.asked.get(gate.name, 0.0)):
            passage = self.stands.gates.get(gate.name)
            if passage is None or not passage.told or passage.passed is not None:
                self.through(gate)
            return
        self.act(Meet(name, self.outcome(spec.outcomes), self.evidence(spec.evidence)), self.body(spec.by))

    def outcome(self, among: Iterable[str]) -> str | None:
        weights = {name: self.rates.outcomes.get(name, 1.0) for name in among}
        return weighted(self.draw, weights) if weights else None

    def through(self, gate: Gate) -> None:
        """A gate is asked and, unless it refuses, told what came of it: in step, or only the half of it."""
        self.act(Ask(gate.name), self.body(gate.by))
        passage = self.stands.gates[gate.name]
        if passage.answer == "refused":
            return
        together = gate.together(passage.grounds)
        half = len(together) > 1 and self.likely(self.rates.gates.half_told)
        for name in together[:1] if half else together:
            self.tell(gate, name)

    def tell(self, gate: Gate, name: str, late: bool = False) -> bool:
        told = gate.told[name]
        command = TellGate(gate.name, name, self.outcome(told.values), self.evidence(told.evidence))
        refused = self.do(command, self.body(told.by))
        if late and isinstance(refused, (AlreadyMet, NotOpenYet)):
            return False  # what it would have met was closed as missed meanwhile, and the next can't be met yet
        if refused is not None:
            raise refused
        return True

    def seek(self, gate: Gate, own: Sought) -> None:
        """The organisation asks a gate of its own accord, if it may."""
        known = known_of(self.stands)
        if own.unless(known) or not own.when(known):
            return
        met = gate.in_step.effect.meets if gate.in_step is not None else ()
        if any(
            duty is not None and duty.done is not None and not duty.open for duty in map(self.stands.duties.get, met)
        ):
            return  # what it was asked for was met, and can't be met again yet
        passage = self.stands.gates.get(gate.name)
        half = passage is not None and passage.told and passage.passed is None
        if not half and gate.when.evaluate(self.asked()) is True:
            self.through(gate)

    def learn(self) -> None:
        """What becomes known of an organisation, and where it has moved."""
        case, area = self.stands, None
        news = learned(self.world, self.draw, case, self.day, self.does)
        if case.workflow not in self.rates.apart and self.likely(self.rates.moves):
            area = self.draw.choice(self.world.siblings[self.policy.places.areas[case.area].parent])
        if news or area is not None:
            self.act(Report(news, None, area), self.body(("responsible",)))

    def move_on(self) -> None:
        """Through the gate that leads on from where it stands, or else by a trigger."""
        lead = self.world.leads.get(self.stands.state) or self.world.leads.get(self.stands.stage)
        if lead is not None and self.likely(lead.chance * self.does):
            self.be_led(lead)
        else:
            self.advance()

    def advance(self) -> None:
        """One trigger at most, of those whose guards hold."""
        case, facts = self.stands, dict[str, Any]()
        ways: dict[str, list[Transition]] = {}
        for one in self.policy.workflows[case.workflow].from_state(case.state):
            if one.by_office:
                ways.setdefault(one.trigger, []).append(one)
        for trigger, open_ways in ways.items():
            if not self.likely(self.rates.triggers.get(trigger, 0.0) * self.does):
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
        if way.escalate and self.policy.places.on(self.day).above(case.escalated_to or case.responsible) is None:
            return True
        held = way.sets and all(case.facts.get(name, ...) == value for name, value in way.sets.items())
        return way.dest == SAME and bool(held)

    def record(self) -> None:
        """What took place in business and in support; one that was wrong is struck at the next look."""
        if self._wrong is not None:
            self.strike(self._wrong)
            self._wrong = None
        for name, own in self.rates.records.items():
            if not self.likely(own.rate):
                continue
            kind = self.policy.parts.records[name]
            if not self.may_record(kind):
                continue
            amount = Decimal(self.draw.randint(*own.amount)) if own.amount is not None else None
            count = self.draw.randint(*own.count) if own.count is not None else None
            venue = self.draw.choice(self.world.venues(self.stands.area)) if kind.venue else None
            command = Record(name, None, None, amount, count, venue, self.evidence(kind.evidence))
            self.act(command, self.body(kind.by))
            if self.likely(self.rates.struck):
                self._wrong = self.events[-1]

    def strike(self, wrong: Event) -> None:
        stands = standing_records(self.events)
        left = [event for seq, event in stands.items() if event.record == wrong.record and seq != wrong.seq]
        self.act(Strike(wrong, left, "sample"), self.body(self.policy.parts.records[wrong.record or ""].by))

    def settle(self) -> None:
        """What is paid for a year, in December or in January."""
        own, december = self.rates.yearly, self.day.month == 12
        year = self.day.year if december else self.day.year - 1
        if own is None or self.day.month not in (12, 1) or self._settled == year:
            return
        if self.policy.day(self.stands.opened_at).year > year or (december and not self.likely(own.in_december)):
            return
        self._settled = year
        for one in own.paid:
            count = self.stands.facts.get(one.for_)
            if count and self.may_record(self.policy.parts.records[one.record]) and self.likely(one.chance):
                each = one.each if isinstance(one.each, int) else self.draw.randint(*one.each)
                self.pay(one.record, year, Decimal(count * each))
                if one.then is not None and self.likely(one.then.chance):
                    self.pay(one.then.record, year, Decimal(count * each))

    def may_record(self, kind: RecordKind) -> bool:
        return kind.when == Condition() or kind.when.evaluate(self.asked()) is True

    def pay(self, name: str, year: int, amount: Decimal) -> None:
        kind = self.policy.parts.records[name]
        command = Record(name, None, year, amount, None, None, self.evidence(kind.evidence))
        self.act(command, self.body(kind.by))

    def block(self) -> None:
        case, own = self.stands, self.rates.blocked
        if own is None:
            return
        if case.blockers and self.likely(own.cleared):
            self.act(Block(case.blockers[0], clear=True), self.body(("responsible",)))
        elif (not own.in_ or stands_in(case, own.in_)) and self.likely(own.chance):
            code = self.draw.choice(list(self.policy.blockers))
            if code not in case.blockers:
                self.act(Block(code), self.body(("responsible",)))

    def be_led(self, lead: Lead) -> None:
        """A gate is asked; one of its outcomes is told, or those in step."""
        gate = self.policy.parts.gates[lead.gate]
        passage = self.stands.gates.get(gate.name)
        if passage is not None and passage.told and passage.passed is None:
            return  # half told: the rest comes
        declined = lead.declines is not None and self.likely(self.rates.gates.declined)
        outcome = lead.declines if declined else lead.tells
        if outcome is None:
            self.through(gate)
            return
        self.act(Ask(gate.name), self.body(gate.by))
        if self.stands.gates[gate.name].answer != "refused":
            self.tell(gate, outcome)
