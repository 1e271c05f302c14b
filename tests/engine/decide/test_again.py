"""Histories decided anew."""

import pytest

from guikou.engine.cases.events import Event, counting
from guikou.engine.cases.fold import as_at
from guikou.engine.decide.again import Known, Story, redone

from ..cases.life import live


@pytest.fixture(scope="module", params=["", "s"], ids=["whole", "salted"])
def lived(beijing, request):
    """The histories of all cases, and what is known besides."""
    policies = {}
    lives = live(beijing, policies, request.param)

    def after(id, hash):
        (end,) = [at for at, event in enumerate(lives[id], 1) if event.hash == hash]
        return as_at(lives[id][:end])

    return lives, Known(policies.get, lambda id, at: as_at(lives.get(id, ()), at), after)


@pytest.fixture(scope="module", params="ABCDJPNFEGIRX")
def story(request, lived):
    lives, known = lived
    return Story(known, counting(lives[request.param]))


def test_what_led_to_a_history_is_told_from_it_alone_and_leads_to_it_again(story):
    steps = list(story.steps(0))
    assert not [one for one in steps if isinstance(one, Event)]
    assert [event for step in steps for event in step.events] == story.events
    again = redone(story, steps, None, ())
    assert [(one.kind, one.at) for one in again] == [(one.kind, one.at) for one in story.events]
    assert all(map(Event.like, again, story.events))


def test_the_step_of_any_event_is_the_same(story):
    begins = {}
    at = 0
    for step in story.steps(0):
        begins |= dict.fromkeys(range(at, at + len(step.events)), (at, step.events))
        at += len(step.events)
    for index in range(0, len(story.events), 3):
        start, step = story.step_of(index)
        assert (start, step.events) == begins[index]


def test_what_nothing_leads_to_is_not_guessed(lived):
    lives, known = lived
    events = counting(lives["A"])
    content = {name: value for name, value in vars_of(events[1]).items() if name != "hash"}
    other = Event.sealed(**content | {"changes": {**events[1].changes, "priority": 9}})
    stopped = list(Story(known, [events[0], other, *events[2:]]).steps(0))
    assert stopped[-1] is other
    unknown = Known(lambda digest: None, known.case, known.after)
    assert list(Story(unknown, events).steps(0)) == [events[0]]


def vars_of(event):
    return {name: getattr(event, name) for name in event.__dataclass_fields__}
