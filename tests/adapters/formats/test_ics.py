"""The feed as calendar programs read it: by another library than wrote it, and by RFC 5545's own rules."""

from datetime import date, timedelta

import pytest
import vobject

from guikou.adapters.formats.ics import feed
from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision

START = date(2016, 1, 4)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": True, "standardized": True,
}  # fmt: skip


@pytest.fixture
def office(policy):
    office = Supervision(policy, MemoryStore())
    name = "朝阳区“启明”学校，分号;逗号,反斜杠\\与一个长得足以折行的名称" * 2
    office.register(Organization("52110105A", name, "110105", FACTS | {"term_began": date(2013, 3, 1)}), when=START)
    return office


def read(data):
    return {one.uid.value: one for one in vobject.readOne(data.decode()).vevent_list}


def test_each_due_date_is_an_all_day_event(office):
    views = office.deadlines(under="chaoyang-education", as_of=date(2016, 3, 1))
    data = feed(views, "期限", "zh")
    events = read(data)
    assert {uid.removesuffix("@guikou.invalid"): one.dtstart.value for uid, one in events.items()} == {
        "52110105A.deadline": date(2016, 2, 3),
        "52110105A.first_review": date(2016, 3, 31),
        "52110105A.inspection": date(2016, 5, 31),
        "52110105A.change_of_term": date(2017, 3, 1),
    }
    late = events["52110105A.deadline@guikou.invalid"]
    assert late.dtend.value == date(2016, 2, 4)
    assert late.summary.value == f"【逾期】{views[0].name}：抓整顿·认定"
    assert late.description.value == "52110105A\n朝阳区委教育工作委员会"
    assert vobject.readOne(data.decode()).contents["x-wr-calname"][0].value == "期限"


def test_an_event_keeps_its_id_when_its_date_moves_and_counts_up(office):
    before = read(feed(office.deadlines(), "x", "en"))
    evidence = {"council_election": "1", "organization_election": "2"}
    office.meet(
        "52110105A", "change_of_term", by="chaoyang-education", evidence=evidence, when=START + timedelta(days=9)
    )
    after = read(feed(office.deadlines(), "x", "en"))
    uid = "52110105A.change_of_term@guikou.invalid"
    assert (before[uid].dtstart.value, after[uid].dtstart.value) == (date(2017, 3, 1), date(2020, 1, 13))
    assert int(after[uid].sequence.value) > int(before[uid].sequence.value)
    assert before.keys() == after.keys()


def test_the_lines_are_as_the_rfc_wants_them(office):
    data = feed(office.deadlines(), "期限", "zh")
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # folded between characters, never within one
    assert b"VERSION:2.0" in lines
    assert b"DTSTART;VALUE=DATE:20160203" in lines
    stamps = [line for line in lines if line.startswith(b"DTSTAMP:")]
    assert stamps
    assert all(line.endswith(b"Z") for line in stamps)


def test_nothing_due_is_an_empty_calendar(policy):
    data = feed([], "x", "en")
    assert b"VEVENT" not in data
    assert vobject.readOne(data.decode()).name == "VCALENDAR"
