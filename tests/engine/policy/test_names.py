"""A word that a person writes, as the key of what it names."""

import pytest

from guikou.engine.errors import Ambiguous, UnknownChoice
from guikou.engine.policy.names import meant, named, stages, stages_by_trigger, triggers
from guikou.engine.text import Title

KIND = Title("阶段", "stage")


def test_what_is_named_by_code_title_or_beginning_is_its_key(beijing):
    known = stages(beijing)
    for word in ("rectify", "抓整顿", "ＲＥＣＴＩＦＹ"):
        assert named(word, known, KIND) == "rectify", word
    assert named("rectify.planning", known, KIND) == "rectify.planning"
    assert named("海淀区", beijing.places.area_titles, Title("区域", "area")) == "haidian"


def test_several_are_listed_and_none_is_guessed():
    known = {"a1": Title("甲一", "first"), "a2": Title("甲二", "fifth")}
    for word in ("a", "甲", "fi"):
        with pytest.raises(Ambiguous) as several:
            meant(word, known)
        assert several.value.details["matches"] == Title("a1（甲一）、a2（甲二）", "a1 (first), a2 (fifth)")
    assert meant("甲", known, likely=["a2"]) == "a2"
    assert meant("x", known) is None
    with pytest.raises(UnknownChoice) as unknown:
        named("frist", known, KIND)
    assert unknown.value.line("zh") == "没有阶段 “frist”；可用：a1（甲一）、a2（甲二）"


def test_what_is_likely_is_looked_up_first_and_by_a_part_of_its_title():
    known = {
        "find": Title("认定", "find"), "find_weak": Title("认定软弱涣散", "find weak"),
        "confirm": Title("确认认定", "confirm the finding"), "refuse": Title("撤销认定", "withdraw the finding"),
        "one": Title("年检", "inspection"), "two": Title("年检", "inspection"),
    }  # fmt: skip
    assert meant("年检", known, likely=["two"]) == "two"
    assert meant("认", known, likely=["find_weak", "confirm"]) == "find_weak"
    assert meant("finding", known, likely=["confirm"]) == "confirm"
    assert meant("确认", known, likely=["refuse"]) == "confirm"  # what is not likely can be named too
    # A part of a title is never taken for what is called just so, open or not.
    assert meant("认定", known, likely=["confirm"]) == "find"
    assert meant("find", known, likely=["confirm"]) == "find"
    with pytest.raises(Ambiguous) as several:
        meant("finding", known, likely=["confirm", "refuse"])
    assert set(several.value.details["matches"].en.split(", ")) == {
        "confirm (confirm the finding)", "refuse (withdraw the finding)",
    }  # fmt: skip
    with pytest.raises(Ambiguous):
        meant("年检", known, likely=["confirm"])
    with pytest.raises(Ambiguous):
        meant("认定软", {**known, "other": Title("认定软件", "software")}, likely=["confirm"])


def test_a_beginning_of_a_stage_and_of_its_own_steps_is_the_stage(beijing):
    for word, key in (("抓整", "rectify"), ("rect", "rectify"), ("抓组", "build"), ("rectify.p", "rectify.planning")):
        assert named(word, stages(beijing), KIND) == key, word
    with pytest.raises(Ambiguous):
        named("抓", stages(beijing), KIND)


def test_of_many_it_is_said_how_many_more_there_are():
    known = {f"a{at:02}": Title(f"甲{at}", f"a{at:02}") for at in range(13)}
    with pytest.raises(Ambiguous) as several:
        meant("a", known)
    assert several.value.line("zh").count("甲") == 10
    assert "，另有 3 项" in several.value.line("zh")
    assert " and 3 more" in several.value.line("en")


def test_every_thing_of_a_policy_is_named_by_its_own_key(beijing):
    for known in (stages(beijing), triggers(beijing.workflows.values()), beijing.places.area_titles):
        assert all(meant(key, known) == key for key in known)


def test_a_word_of_no_stage_names_those_into_which_its_triggers_lead(beijing):
    assert stages_by_trigger(beijing, "软弱涣散") == ["rectify"]
    with pytest.raises(UnknownChoice) as told:
        named("软弱涣散", stages(beijing), KIND, stages_by_trigger(beijing, "软弱涣散"))
    assert told.value.details["known"].zh == "rectify（抓整顿）"
    with pytest.raises(UnknownChoice) as told:  # what is called so itself goes first
        named("审批", stages(beijing), KIND, ["rectify"])
    assert told.value.details["known"].zh == "build.approving（抓组建·待审批）等"
    with pytest.raises(UnknownChoice) as told:
        named("乌有", stages(beijing), KIND, stages_by_trigger(beijing, "乌有"))
    assert not told.value.details["known"].zh
