"""Cases as they may stand, for what is computed from them."""

from datetime import UTC, date, datetime

from guikou.engine.cases.case import Case

DAY = date(2016, 1, 4)
AT = datetime(2016, 1, 4, 4, tzinfo=UTC)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 20,
    "party_members": 3, "has_organization": True, "weak": False, "standardized": False,
}  # fmt: skip


def case(id="A", facts=None, **more):
    own = {
        "workflow": "private_non_enterprise", "state": "standardize.improving", "responsible": "chaoyang-education", "hub": None,
        "area": "110105", "stage_since": DAY, "step_since": DAY, "opened_at": AT, "updated_at": AT, "policy": "",
    }  # fmt: skip
    return Case(id=id, organization=id, name=f"学校{id}", facts={**FACTS, **(facts or {})}, **{**own, **more})
