"""Areas and bodies as they are read."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import BadFile, PolicyError
from guikou.engine.policy.files.places import read_areas

from ...edits import rewritten
from .faults import AREAS, BODIES, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (BODIES, "id: beijing-registration,", "id: beijing,", "duplicate-key", "'beijing' stands twice"),
        (BODIES, "kind: social_work, area: beijing,", "kind: social, area: beijing,", "unknown-name", "kind of body 'social'"),
        (BODIES, "each: street, kind: street_committee", "each: village, kind: street_committee", "unknown-name", "tier 'village'"),
        (BODIES, "area: haidian,", "area: heidian,", "unknown-name", "no area 'heidian'; use one of: haidian"),
        (BODIES, "parent: chaoyang-education,", "parent: chaoyang-educatoin,", "unknown-name", "chaoyang-education"),
        (BODIES, "kind: branch, area: chaoyang, parent: chaoyang-education", "kind: branch, area: chaoyang", "bad-tree", "'beijing' is the top already"),
        (BODIES, "valid_until: 2018-06-15", "valid_until: June", "bad-value", "valid_until"),
        (AREAS, "110101001,dongcheng-donghuamen,street,110101", "110101001,dongcheng-donghuamen,street,110199", "unknown-name", "no area '110199'"),
        (AREAS, "110101001,dongcheng-donghuamen,street,110101", "110101001,dongcheng-donghuamen,street,110101002", "bad-tree", "no higher tier"),
        (AREAS, "110101001,dongcheng-donghuamen,street", "110101001,dongcheng-jingshan,alley", "unknown-name", "no tier 'alley'"),
        (AREAS, "110101002,dongcheng-jingshan,", "110101001,dongcheng-jingshan,", "duplicate-key", "'110101001' stands twice"),
        (AREAS, "110101002,dongcheng-jingshan,street,110101,", "110101002,dongcheng-jingshan,street,", "bad-file", "5 cells instead of 6"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_a_circle_of_bodies(beijing):
    files, _ = rewritten(beijing.files, BODIES, "id: beijing-education, kind: industry_committee, area: beijing, parent: beijing,",
        "id: beijing-education, kind: industry_committee, area: beijing, parent: chaoyang-education,",
    )  # fmt: skip
    with pytest.raises(PolicyError, match="go round in a circle"):
        parse(files)


def test_areas_beyond_those_of_a_country_are_refused(beijing, monkeypatch):
    monkeypatch.setattr("guikou.engine.policy.files.places.MOST_AREAS", 100)
    with pytest.raises(BadFile, match="too many areas") as refused:
        read_areas(beijing.files["areas.csv"], "areas.csv", beijing.places.tiers)
    assert refused.value.where.line == 101
