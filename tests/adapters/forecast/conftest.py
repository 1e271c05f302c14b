from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.adapters.sample.organizations import organizations
from guikou.engine.cases.case import Case
from guikou.engine.decide.intake import place

START = date(2016, 1, 4)
YEAR = timedelta(days=365.2425)
BEGINS = datetime(2013, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)


def opened(policy, organization, **more):
    """A case as it stands once the organisation is registered."""
    placed = place(policy, organization, START)
    case = Case(
        organization.id, organization.id, organization.name, organization.area, placed.workflow, placed.state,
        placed.responsible.id, None, organization.facts, START, START, BEGINS - YEAR, BEGINS - YEAR, policy.digest,
    )  # fmt: skip
    return replace(case, **more)


@pytest.fixture(scope="module")
def cases(policy):
    return [opened(policy, one) for one in organizations(policy, 400, 1)]
