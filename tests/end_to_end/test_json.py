"""A program gets the same JSON from the command line and from the views' `to_dict()`; views are pickled, and shown in
a line."""

import dataclasses
import json
import pickle
from datetime import date

import pytest

from guikou.adapters.sql import SqlStore
from guikou.engine import Supervision
from guikou.engine.errors import UnknownCase
from guikou.engine.supervision import plain
from guikou.engine.supervision.history import with_facts_before

SCHOOL, DAY = "52110105MJ0001010Q", date(2016, 1, 8)
REGISTRY, BY = "chaoyang-registration", "chaoyang-education"


@pytest.fixture
def built(school):
    """A case with a bit of everything."""
    school("advance", SCHOOL, "apply", "-e", "application=1", "--as", BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "establish", "-e", "approval_document=2", "--as", BY, "--as-of", "2016-01-06")
    facts = ["registered_on=2012-05-04", "inspection=qualified", "penalised=false", "investigated=false"]
    school("facts", SCHOOL, *facts, "--as", BY, "--as-of", "2016-01-07")
    school("gate", "ask", SCHOOL, "annual_inspection", "--as", REGISTRY, "--as-of", "2016-01-07")
    school("record", SCHOOL, "activity", "--count", "9", "-e", "activity_record=3", "--as", BY, "--as-of", "2016-01-07")
    return school


@pytest.fixture
def office(built):
    store = SqlStore("guikou.db")
    yield Supervision.open(store)
    store.close()


#: By a command line: what the program gets.
LISTINGS = {
    "list": lambda office: office.cases(as_of=DAY),
    "upcoming --days 900": lambda office: office.deadlines(since=DAY, before=date(2018, 6, 26), as_of=DAY),
    "gate list": lambda office: office.gates(as_of=DAY),
    "support --year 2016": lambda office: office.support(2016, as_of=DAY),
    "venues --year 2016": lambda office: office.venues(year=2016),
    "indicator": lambda office: office.indicators(as_of=DAY),
}
OTHERS = {
    f"show {SCHOOL}": lambda office: office.get(SCHOOL, as_of=DAY).to_dict(whole=True) | {"remarks": [], "merged": []},
    f"explain {SCHOOL}": lambda office: office.explain(SCHOOL).to_dict()["rules"],
    f"history {SCHOOL}": lambda office: [
        plain.event(office.policy, *one) for one in with_facts_before(office.history(SCHOOL))
    ],
    "sweep --dry-run": lambda office: office.sweep(when=DAY, dry_run=True).to_dict()["happened"],
    "scorecard chaoyang 2015": lambda office: office.scorecard("chaoyang", 2015).to_dict()["rows"],
}


def printed(shell, command):
    return json.loads(shell(*command.split(), "--as-of", str(DAY), "--format", "json"))


@pytest.mark.parametrize("command", LISTINGS)
def test_a_listing_is_what_its_views_say(built, office, command):
    said = [one.to_dict() for one in LISTINGS[command](office)]
    assert said != []
    assert printed(built, command) == said


@pytest.mark.parametrize("command", OTHERS)
def test_what_is_printed_is_what_the_view_says(built, office, command):
    said = OTHERS[command](office)
    assert said != []
    assert printed(built, command) == said


def test_an_indicator_by_group_is_what_its_measures_say(built, office):
    said = {one["key"]: one for one in printed(built, "indicator coverage --by district")}
    found = office.indicator("coverage", by="district", as_of=DAY)
    assert said == {one.key or "all": one.to_dict() for one in found}


def test_an_answer_is_what_the_view_says(built, office):
    ask = f"gate ask {SCHOOL} annual_inspection --as {REGISTRY} --request-id q"
    said = printed(built, ask)
    answer = office.gate(SCHOOL, "annual_inspection", by=REGISTRY, when=DAY, request_id="q")
    assert answer.to_dict() == said


def test_what_a_command_prints_is_the_case(built, office):
    said = printed(built, f"block {SCHOOL} hard_to_form --as {BY}")
    assert said == office.get(SCHOOL, as_of=DAY).to_dict()


def test_an_event_says_all_that_history_does(office):
    for one, before in with_facts_before(office.history(SCHOOL)):
        said, told = one.to_dict(), plain.event(office.policy, one, before)
        assert told.keys() == said.keys() | {"day", "facts_before", "counts"}
        assert {key for key in said if said[key] != told[key]} == {"body"}
        json.dumps(said)


def everything(office):
    """Whatever Supervision gives back."""
    yield office.policy
    yield office.store
    yield office
    yield from office.history(SCHOOL)
    view = office.get(SCHOOL, as_of=DAY)
    yield from (view, view.case, office.explain(SCHOOL), office.sweep(when=DAY, dry_run=True))
    yield office.scorecard("chaoyang", 2015)
    for listing in LISTINGS.values():
        yield from listing(office)
    yield from office.store.outbox()
    yield office.population([])
    yield from office.policy.obligations.values()
    yield from office.policy.workflows.values()
    for part in dataclasses.fields(office.policy.parts):
        found = getattr(office.policy.parts, part.name)
        yield from found.values() if isinstance(found, dict) else [found]
    try:
        office.get("nobody")
    except UnknownCase as error:
        yield error


def test_all_that_is_given_back_is_shown_in_a_short_line(office):
    for one in everything(office):
        assert len(repr(one)) < 200, repr(one)
        assert "\n" not in repr(one)


def test_all_that_is_given_back_is_pickled(office):
    for one in everything(office):
        again = pickle.loads(pickle.dumps(one))
        assert type(again) is type(one)
        if hasattr(one, "to_dict"):
            assert again.to_dict() == one.to_dict()
        if isinstance(again, Supervision):
            again.store.close()
        if isinstance(again, SqlStore):
            again.close()


def test_many_views_are_pickled_with_one_policy(office):
    views = office.cases(as_of=DAY) * 1
    assert len(pickle.dumps(views * 50)) < len(pickle.dumps(views)) + 50 * 20
    assert pickle.loads(pickle.dumps(views))[0].policy is office.policy


def test_a_policy_that_there_is_not_yet_is_read_again(office, tmp_path):
    import subprocess
    import sys

    (tmp_path / "view").write_bytes(pickle.dumps(office.get(SCHOOL)))
    read = "import pickle, sys; v = pickle.load(open('view', 'rb')); print(v.policy.digest, v.to_dict()['state'])"
    done = subprocess.run([sys.executable, "-c", read], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [office.policy.digest, office.get(SCHOOL).state]
