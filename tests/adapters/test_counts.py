"""How many a listing has in all, counted by every store as it lists them, now and as of a day that is past."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest

from guikou.engine import Organization, Query, Supervision
from guikou.engine.errors import UnknownChoice, WrongUsage

DAY = date(2016, 1, 4)
BY = "chaoyang-education"


@pytest.fixture
def office(policy, store):
    office = Supervision(policy, store)
    given = {"registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education",
             "employees": 42, "party_members": 5, "has_organization": False}  # fmt: skip
    for at, area in enumerate(["110105", "110105", "110108"]):
        office.register(Organization(f"5211010{at}A", f"学校{at}", area, given), when=DAY - timedelta(days=400 * at))
    office.advance("52110100A", "apply", by=BY, evidence={"application": "1"}, when=DAY)
    office.sweep(when=DAY)
    return office


QUERIES = [
    {}, {"limit": 1}, {"text": "校1"}, {"stages": frozenset(["build"])}, {"areas": frozenset(["110108"]), "limit": 5},
    {"after": "52110100A"}, {"due_before": date.max}, {"closed": True}, {"order": "inbox", "limit": 2}, {"group": "x"}, {"gate": ""},
    {"duties": frozenset(["inspection"])}, {"open": True},
]  # fmt: skip


def test_a_count_is_what_the_listing_without_a_limit_is_long(office, store):
    for given, days in product(QUERIES, (None, 0, 1, 500)):
        as_of = office._office.end(DAY - timedelta(days=days)) if days is not None else None
        whole = Query(**{**given, "limit": None}, as_of=as_of)
        asked = Query(**given, as_of=as_of)
        counted = (store.count(asked), store.count_duties(asked))
        assert counted == (len(store.cases(whole)), len(store.duties(whole))), (given, days)


def test_due_dates_cases_and_notices_are_counted_as_they_are_listed(office, store):
    which = [{}, {"what": "duties"}, {"what": "stages"}, {"obligation": "inspection"}, {"stage": "build"}]
    for what, as_of in product(which, (None, DAY - timedelta(days=1), DAY + timedelta(days=300))):
        given = {**what, "as_of": as_of}
        assert office.count_deadlines(**given) == len(office.deadlines(**given)), given
        assert office.count_overdue(**given) == len(office.overdue(**given)), given
        assert office.count_deadlines(since=DAY, **given) == len(office.deadlines(since=DAY, **given)), given
    assert office.count_cases(area="chaoyang") == len(office.cases(area="chaoyang")) == 2
    assert office.count_cases(group="52110100A") == 0
    for given in ({}, {"delivered": True}, {"delivered": False}, {"attempts": 1}):
        assert store.count_outbox(**given) == len(store.outbox(**given))


def test_what_is_overdue_is_tallied_as_it_is_listed(office):
    groups = ("workflow", "stage", "responsible", "area", "escalation")
    which = [{}, {"what": "duties"}, {"what": "stages"}, {"obligation": "inspection"}, {"stage": "build"}]
    for what, as_of in product(which, (None, DAY - timedelta(days=1), DAY + timedelta(days=300))):
        given = {**what, "as_of": as_of}
        listed = Counter(
            (
                *(getattr(one, name) if name == "escalation" else getattr(one.case, name) for name in groups),
                one.obligation,
                one.days_overdue,
            )
            for one in office.overdue(**given)
        )
        tallied = {(*one.key, one.obligation, one.days): one.count for one in office.tally_overdue(groups, **given)}
        assert tallied == listed, given
        assert sum(one.count for one in office.tally_overdue(**given)) == listed.total()
    assert office.known_on(office.today()).tally_overdue(["area"]) == office.tally_overdue(["area"])
    with pytest.raises(UnknownChoice):
        office.tally_overdue(["name"])
    for ask in (office.tally_overdue, office.count_overdue, office.overdue):
        with pytest.raises(WrongUsage):
            ask(stage="build", obligation="inspection")
