"""A small office whose numbers are known, and its scorecard."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision

START, END = date(2016, 1, 4), date(2016, 12, 31)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "city", "industry": "education", "employees": 42,
    "party_members": 5, "standardized": True, "weak": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def office(beijing):
    office = Supervision(beijing, MemoryStore(lambda: datetime(2017, 2, 1, tzinfo=UTC)))
    for at, built in enumerate([True, True, True, False]):
        facts = FACTS | {"has_organization": built}
        office.register(Organization(f"A{at}", f"学校{at}", "110105", facts), when=START)
    by = office.get("A0").responsible.id
    office.record("A0", "activity", by=by, count=20, evidence={"activity_record": "1"}, when=date(2016, 6, 1))
    office.record(
        "A0", "allowance_paid", by=by, amount=Decimal("1000.00"), evidence={"voucher": "1"}, when=date(2016, 9, 1)
    )
    office.record(
        "A1", "purchase", by=by, amount=Decimal("1234567.50"), evidence={"contract": "1"}, when=date(2016, 9, 1)
    )
    return office


@pytest.fixture(scope="module")
def card(office):
    return office.scorecard("beijing", 2016, as_of=END)


@pytest.fixture(scope="module")
def trend(office):
    days = [date(2016, month, 28) for month in range(1, 13)]
    return [(day, office.indicator("coverage", under="beijing", as_of=day)[0]) for day in days]
