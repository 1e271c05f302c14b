"""Years of supervision of invented organisations: every event is one that the engine itself decided, without a store.

How often what happens stands in the `life` section of the policy's sample.yaml, as assumptions. A life depends on the
seed and on the number of its organisation alone; so the first lives of many are those of few.
"""

from __future__ import annotations

import math
import os
import random
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.decide.happening import values_set
from guikou.engine.errors import GuikouError, WrongUsage
from guikou.engine.policy.files.load import parse
from guikou.engine.policy.policy import Policy

from .draws import Source, drawn
from .office import DAY, Life, Office
from .organizations import hubs as all_hubs
from .organizations import organizations, standing
from .rates import Forerunners, Newly, Rates
from .world import World

_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Coming:
    """An organisation that comes in; `key` is what its life depends on, besides the seed."""

    key: str
    organization: Organization


def lives(
    policy: Policy,
    n: int,
    seed: int,
    since: date,
    until: date,
    *,
    hubs: bool = False,
    processes: int = 1,
) -> Generator[Life, None, None]:
    """`n` organisations from `since` up to the end of `until`: most stand there already, the others are registered over
    the years, some of them as applicants first, whose case comes right before the one that carries it on (an applicant
    that is not registered by then has no other). Then the hubs: in proportion, or with `hubs` all that are published.

    The same for the same policy, seed and days, whatever the number of `processes` that they are made in. Raises
    WrongUsage for a policy whose sample.yaml has no `life`, and for days that leave no time.
    """
    world = World(policy)
    if (until - since).days < 30:
        raise WrongUsage(reason_en=f"{since} to {until} is no month", reason_zh=f"{since} 至 {until} 不满一个月")
    before = since - timedelta(days=world.life.taken_in + 1)
    made = organizations(policy, n, seed, day=before, recipe=world.recipe)
    hubs_made: Iterator[Organization] = iter(())
    if world.recipe.hubs is not None:
        hubs_made = all_hubs(policy, seed, among=None if hubs else n, recipe=world.recipe)
    every = chain((Coming(str(at), one) for at, one in enumerate(made)), (Coming(one.id, one) for one in hubs_made))
    if processes <= 1:
        for one in every:
            yield from _lived(world, seed, one, since, until)
        return
    own = get_context("spawn")  # what a fork would copy of threads and connections is none of the workers' business
    stop = own.Event()
    with ProcessPoolExecutor(processes, own, _begin, (dict(policy.files), stop)) as pool:
        waiting: deque[tuple[list[Coming], Future[list[Life] | None]]] = deque()
        try:
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
                        done = [life for one in first for life in _lived(world, seed, one, since, until)]
                    yield from done
        except BaseException:  # nobody waits for the rest
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def came(life: Rates, draw: random.Random, since: date, until: date) -> date:
    """The day on which one comes in: their number grows by as much in every year."""
    growth, years = 1 + life.growth, (until - since).days / _YEAR
    there = math.log(draw.random() or 1e-9) / math.log(growth) + years
    if there <= 0:
        return since - timedelta(days=draw.randrange(1, life.taken_in + 1))
    return min(since + timedelta(days=int(there * _YEAR)), until - DAY)


_WORKER: list[World] = []
#: Set once nobody waits for what the workers make.
_STOP: list[Event] = []


def _begin(files: Mapping[str, str], stop: Event) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WORKER[:] = [World(parse(files))]
    _STOP[:] = [stop]


def _end_with_parent() -> None:
    """Whoever was killed could not say that there is nothing more to do."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _chunk(seed: int, some: list[Coming], since: date, until: date) -> list[Life] | None:
    """Lives made by a worker; None if the rules refused something, since a refusal can't be sent to another process."""
    try:
        return [life for one in some if not _STOP[0].is_set() for life in _lived(_WORKER[0], seed, one, since, until)]
    except GuikouError:
        return None


def _lived(world: World, seed: int, coming: Coming, since: date, until: date) -> Iterator[Life]:
    """The cases of one organisation."""
    one, draw, newly = coming.organization, random.Random(f"{seed}:life:{coming.key}"), world.life.newly
    day = came(world.life, draw, since, until)
    if day < since:
        office = Office(world, draw, _there(world, draw, one, day), day)
    elif newly is None or not newly.when(one.facts):
        office = Office(world, draw, one, day)
    else:
        one, before = _newly_registered(newly, one, day), world.life.forerunners
        if before is not None and draw.random() < before.share:
            first = Office(world, draw, _forerunner(world, before, draw, one, day), day)
            following = first.carried_on(one, until)
            yield first.life()
            if following is None:
                return
            office = following
        else:
            office = Office(world, draw, one, day)
    office.go_on(until)
    yield office.life()


def _there(world: World, draw: random.Random, one: Organization, day: date) -> Organization:
    """With what some of those have that are there already."""
    facts = dict(one.facts)
    for own in world.life.there_before:
        standing(own, facts, Source(draw, day), world.recipe)
    return replace(one, facts=facts)


def _newly_registered(newly: Newly, one: Organization, day: date) -> Organization:
    facts = {name: value for name, value in one.facts.items() if name not in newly.forgets}
    return replace(one, facts=facts | values_set(newly.sets, one.facts, day))


def _forerunner(world: World, own: Forerunners, draw: random.Random, one: Organization, day: date) -> Organization:
    """The same before it is registered: under a number of its own."""
    facts: dict[str, Any] = {name: one.facts[name] for name in own.keeps if name in one.facts}
    drawn(own.facts, facts, Source(draw, day, of=one.facts), world.recipe.limits)
    return Organization(own.code.numbered(id=one.id), one.name, one.area, facts)
