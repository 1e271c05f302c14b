"""What is given back, as JSON has it."""

import json
from datetime import date

from guikou.engine.supervision import plain

DAY = date(2016, 1, 4)


def test_a_case_as_listings_have_it_is_part_of_the_whole_case(school):
    view = school()
    short, whole = view.to_dict(), view.to_dict(whole=True)
    assert whole | short == whole
    body = view.responsible
    assert short["responsible"] == {"id": body.id, "zh": body.title.zh, "en": body.title.en}
    assert json.loads(json.dumps(whole)) == whole
    assert whole["facts"] == dict(view.case.facts)


def test_what_is_to_be_done_for_a_duty_names_no_command(supervision, school):
    school()
    for view in supervision.deadlines(what="duties"):
        assert "guikou" not in plain.to_meet(view).en
        assert view.to_dict()["next"] == [plain.to_meet(view).to_dict()]


def test_a_sweep_tells_what_it_could_not_decide(supervision, school):
    school()
    said = supervision.sweep(when=DAY, dry_run=True).to_dict()
    assert list(said) == ["day", "cases", "ahead", "happened", "failed"]
    assert said["failed"] == []
