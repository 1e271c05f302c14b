"""Who may act."""

from datetime import date

import pytest

from guikou.engine.decide.advance import Advance
from guikou.engine.decide.roles import allowed_bodies, players, plays, sees

from ..indicators.cases import DAY, case
from ..told import established


def test_an_office_may_not_fire_what_is_the_sweeps(beijing):
    refusal = established(beijing).refused(Advance("miss_inspection"))
    assert refusal.code == "may-not-act"
    assert "the sweep alone" in refusal.line("en")


@pytest.mark.parametrize(
    ("roles", "body", "may"),
    [
        (("responsible",), "chaoyang-education", True), (("responsible",), "beijing-education", False), (("superior",), "beijing-education", True),
        (("superior",), "beijing", True), (("superior",), "chaoyang-education", False), (("hub",), "hub-law", True), (("hub",), "hub-education", False),
        (("sweep", "gate", "group"), "chaoyang-education", False), (("registration_office",), "chaoyang-registration", True),
        (("registration_office",), "beijing-registration", True), (("registration_office",), "haidian-registration", False),
        (("beijing-internet",), "beijing-internet", True), (("superior", "responsible"), "chaoyang-education", True),
    ],
)  # fmt: skip
def test_who_plays_which_role(beijing, roles, body, may):
    assert plays(beijing, case(hub="hub-law"), roles, body, DAY) is may


@pytest.mark.parametrize("day", [date(2015, 11, 27), date(2018, 6, 15), date(2018, 7, 5)])
@pytest.mark.parametrize("responsible", ["chaoyang-education", "chaoyang-local-tax", "beijing"])
def test_all_who_play_a_role_are_those_who_do_one_by_one(beijing, responsible, day):
    one = case(responsible=responsible, hub="chaoyang-hub-law")
    for roles in [("responsible",), ("superior",), ("hub",), ("department", "registration_office"), ("beijing-local-tax", "sweep", "gate"), ("street_committee", "responsible"), ()]:  # fmt: skip
        each = {body for body in beijing.places.bodies if plays(beijing, one, roles, body, day)}
        assert players(beijing, one, roles, day) == each, roles


def test_a_successor_plays_what_it_succeeded_to_and_the_top_decides_itself(beijing):
    taxed = case(responsible="beijing-local-tax")
    assert plays(beijing, taxed, ("responsible",), "beijing-tax", date(2018, 6, 15))
    assert not plays(beijing, taxed, ("responsible",), "beijing-local-tax", date(2018, 6, 15))
    assert plays(beijing, case(responsible="beijing"), ("superior",), "beijing", DAY)


def test_who_may_act_instead_is_told_by_name_in_both_languages(beijing):
    allowed = allowed_bodies(beijing, case(), ("responsible", "superior", "responsible", "registration_office"), DAY)
    assert allowed.en == (
        "Education Work Committee, Chaoyang District (chaoyang-education), Beijing Education Work Committee (beijing-education), "
        "a registration office in whose area it lies"
    )
    assert "（chaoyang-education）" in allowed.zh
    assert allowed_bodies(beijing, case(), ("sweep",), DAY).zh == "只有系统巡检"


#: On 15 June 2018 the city's local tax bureau became its tax service, on 5 July the districts' did.
BEFORE, BETWEEN, AFTER = date(2018, 6, 14), date(2018, 6, 15), date(2018, 7, 5)


@pytest.mark.parametrize(
    ("day", "responsible", "superior"),
    [
        (BEFORE, "chaoyang-local-tax", "beijing-local-tax"), (BETWEEN, "chaoyang-local-tax", "beijing-tax"),
        (AFTER, "chaoyang-tax", "beijing-tax"),
    ],
)  # fmt: skip
def test_of_bodies_that_merge_those_act_that_there_are_on_the_day(beijing, day, responsible, superior):
    taxed = case(responsible="chaoyang-local-tax", hub="beijing-local-tax")
    bodies = ("chaoyang-local-tax", "chaoyang-tax", "beijing-local-tax", "beijing-tax")
    for role, one in (("responsible", responsible), ("superior", superior), ("chaoyang-local-tax", responsible)):
        assert [body for body in bodies if plays(beijing, taxed, (role,), body, day)] == [one]
        assert f"({one})" in allowed_bodies(beijing, taxed, (role,), day).en
    hub = "beijing-local-tax" if day < BETWEEN else "beijing-tax"
    assert [body for body in bodies if plays(beijing, taxed, ("hub",), body, day)] == [hub]
    kind = [body for body in bodies if plays(beijing, taxed, ("department",), body, day)]
    assert kind == [body for body in bodies if beijing.places.bodies[body].exists_on(day)]
    assert [body for body in bodies if sees(beijing, taxed, body, day)] == [
        body for body in bodies if beijing.places.on(day).under(body) & {taxed.responsible, taxed.hub}
    ]
    assert sees(beijing, taxed, superior, day)
    assert not sees(beijing, taxed, "haidian-tax", day)
