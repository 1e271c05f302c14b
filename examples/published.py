"""The published figures of the scheme, reached by a generated population and checked as indicators of the policy.

Run it: python examples/published.py [--lang zh|en] [--db URL]. Without --db nothing is kept. It ends with 1 if a figure
is not reached. What is published is the figures alone; every organisation here is generated.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from guikou import workflows
from guikou.adapters.sample.office import Life
from guikou.adapters.sample.organizations import hubs, organizations
from guikou.adapters.sample.write import write
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.decide.records import Record
from guikou.engine.indicators.measures import Measure
from guikou.engine.policy.files.load import parse
from guikou.engine.policy.policy import Policy
from guikou.engine.verify.trial import Trial, Wait

SEED = 2015
#: As printed on 27 November 2015, where the policy does not carry the figure itself.
AGENCIES, LEAST = 35, 10  # M08: city agencies that each supervise 10 or more
GROWTH = Decimal("0.10"), Decimal("0.15")  # M05, a year
RATIOS = {"beijing-lawyers": 0.686, "beijing-accountants": 0.613, "beijing-taxi": 0.92}  # M16
JOBS = 174_000  # M06
#: Of the other organisations that are registered at the city, how many are covered: assumed, so that all reach 85%.
COVERED = 0.95


@dataclass(frozen=True, slots=True)
class Check:
    """A figure: its line of the checklist, what it is of, what is published, what was generated, what the indicator
    gives; each in both languages."""

    line: str
    zh: str
    en: str
    published: tuple[str, str]
    generated: tuple[str, str]
    indicator: tuple[str, str]
    reached: bool


def with_agencies(policy: Policy) -> tuple[Policy, list[str], int]:
    """The policy with as many city agencies as were published (they were not named); their ids, and how many of them
    had to be added. Hubs link organisations but are no agencies."""
    named = [
        body.id
        for body in policy.places.bodies.values()
        if body.tier == "city" and body.kind != "hub" and body.exists_on(policy.effective)
    ]
    added = [f"agency-{at:02d}" for at in range(1, AGENCIES - len(named) + 1)]
    lines = [
        f"  - {{id: {id}, kind: department, area: beijing, parent: beijing, "
        f'title: {{zh: "市级主管单位{id[-2:]}（样例）", en: "City agency {id[-2:]} (sample)"}}}}'
        for id in added
    ]
    files = {**policy.files, "bodies.yaml": policy.files["bodies.yaml"].rstrip("\n") + "\n" + "\n".join(lines) + "\n"}
    return parse(files), [*named, *added][:AGENCIES], len(added)


def how_many(policy: Policy) -> int:
    """As many organisations as give the published 12.9 for every 10,000 residents."""
    figure, each = policy.parts.indicators["density"].per or ("", 1)
    residents = policy.parts.figures[figure].of(policy.places.area("beijing").code, policy.effective.year)
    published = policy.parts.indicators["density"].published["all"]
    assert residents is not None
    assert published is not None
    return round(published * residents / each)


def population(policy: Policy, agencies: list[str], day: date) -> Iterator[Life]:
    """Organisations and hubs as they stand on a day, each with the events that led there."""
    drawn = list(organizations(policy, how_many(policy), SEED, day=day - timedelta(days=400)))
    made = employed(list(enumerate(drawn)), policy, agencies)
    for at, one, covered in made:
        newly = at % 9 == 8  # one of nine came within the year: 12.5% more than before
        came = day - timedelta(days=1 + at % 360 if newly else 400)
        facts = dict(one.facts)
        if newly and "registered_on" in facts:
            facts |= {"registered_on": came, "term_began": came}
            facts = {key: value for key, value in facts.items() if not key.startswith("inspection")}
        guided = covered and at % 2 == 0
        trial = taken_in(policy, replace(one, facts=facts | ({"guide_sent": True} if guided else {})), came)
        if covered and not guided:  # M04: a guide, or an activity within the year
            trial.take(Wait(max(0, (date(day.year, 1, 15) - came).days)))
            refused = trial.do(
                Record("activity", count=10, evidence={"activity_record": f"S{at}"}), trial.first(("responsible",))
            )
            if refused is not None:
                raise refused
        assert trial.case is not None
        yield Life(trial.case, tuple(trial.events))
    for hub in hubs(policy, SEED):
        trial = taken_in(policy, hub, day - timedelta(days=400))
        assert trial.case is not None
        yield Life(trial.case, tuple(trial.events))


def taken_in(policy: Policy, organization: Organization, day: date) -> Trial:
    trial = Trial(policy, organization, day)
    if trial.refused is not None:
        raise trial.refused
    return trial


def employed(
    every: list[tuple[int, Organization]], policy: Policy, agencies: list[str]
) -> Iterator[tuple[int, Organization, bool]]:
    """With employees that sum up to the published jobs, city agencies that each supervise enough, and as many of each
    industry committee's and of the city's with a Party organisation as was published; and whether each is covered."""
    draw = random.Random(SEED)
    whole = sum(one.facts["employees"] for _, one in every)
    share = [1 + one.facts["employees"] * (JOBS - len(every)) // whole for _, one in every]
    for at in range(JOBS - sum(share)):
        share[at] += 1
    counted: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for _, one in every:
        sizes[committee(one)] = sizes.get(committee(one), 0) + 1
    supervised = 0
    for at, one in every:
        facts = {**one.facts, "employees": share[at]}
        own, city = committee(one), one.facts["registered_at"] == "city"
        organized = bool(facts["has_organization"])
        if own in RATIOS:
            nth = counted[own] = counted.get(own, 0) + 1
            organized = nth <= round(RATIOS[own] * sizes[own])
        elif city:
            organized = draw.random() < COVERED
        facts["party_members"] = min(facts["party_members"], share[at])
        if organized:
            facts["party_members"] = max(1, facts["party_members"])
            facts |= {"standardized": facts.get("standardized", False), "weak": facts.get("weak", False)}
        facts["has_organization"] = organized
        if facts["registered_as"] == "social_group" and city:
            facts["supervising_unit"] = agencies[supervised % len(agencies)]
            supervised += 1
        yield at, replace(one, facts=facts), organized and (city or draw.random() < 0.5)


def committee(one: Organization) -> str:
    """The industry committee whose published ratio counts it, if any."""
    own = {"law": "beijing-lawyers", "accounting": "beijing-accountants", "taxi": "beijing-taxi"}
    firm = one.facts["registered_as"] in ("professional_firm", "enterprise")
    return own.get(one.facts["industry"], "") if firm else ""


def checks(office: Supervision, day: date, added: int) -> list[Check]:
    """Every published figure, as the indicators give it on a day."""
    policy, found = office.policy, list[Check]()

    def measured(name: str, by: str | None = None) -> dict[str, Measure]:
        return {one.key: one for one in office.indicator(name, by=by, as_of=day)}

    def number(value: Decimal | int | None) -> str:
        return "-" if value is None else f"{value:,}"

    def check(line: str, titles: tuple[str, str], published: Any, generated: Any, given: Any, reached: bool) -> None:
        pairs = [(one, one) if isinstance(one, str) else one for one in (published, generated, given)]
        found.append(Check(line, *titles, *pairs, reached))

    hubs = measured("hubs", "registered_at")
    for key, zh, en in (
        ("", "合计", "all"),
        ("city", "市级", "city"),
        ("district", "区级", "district"),
        ("street", "街道", "street"),
    ):
        one = hubs[key]
        check("M02", (f"枢纽型社会组织：{zh}", f"hubs: {en}"), number(one.published), number(one.numerator),
              number(one.value), one.value == one.published)  # fmt: skip
    one = measured("coverage", "registered_at")["city"]
    check("M04", ("两个覆盖率（市级）", "coverage by both (city tier)"), ">= 85%",
          f"{one.numerator:,} / {one.denominator:,}", percent(one.value), one.met is True)  # fmt: skip
    one = measured("growth")[""]
    check("M05", ("一年内增长", "growth within a year"), "10% - 15%", f"{one.denominator:,} -> {one.numerator:,}",
          percent(one.value), one.value is not None and GROWTH[0] <= one.value <= GROWTH[1])  # fmt: skip
    one = measured("density")[""]
    check("M06", ("每万人拥有社会组织数", "organisations for every 10,000 residents"), number(one.published),
          f"{one.numerator:,} / {one.denominator:,}", f"{one.value:.1f}",
          one.value is not None and round(one.value, 1) == one.published)  # fmt: skip
    one = measured("jobs")[""]
    check("M06", ("从业人员数", "jobs"), number(one.published), number(one.numerator), number(one.value),
          one.value == one.published)  # fmt: skip
    agencies = [
        one
        for one in office.indicator("key_majority", as_of=day, least=LEAST)
        if one.key in policy.places.bodies
        and policy.places.bodies[one.key].tier == "city"
        and policy.places.bodies[one.key].kind != "hub"
    ]
    held = sum(int(one.numerator) for one in agencies)
    check("M08", (f"主管{LEAST}家以上的市级单位", f"city agencies that supervise {LEAST} or more"), str(AGENCIES),
          (f"政策写明 {AGENCIES - added} 个，生成 {added} 个；共主管 {held:,} 家",
           f"{AGENCIES - added} of the policy, {added} generated; {held:,} organisations"),
          str(len(agencies)), len(agencies) == AGENCIES)  # fmt: skip
    covered = measured("industry_coverage", "responsible")
    for id in (*RATIOS, "beijing-internet"):
        one = covered[id]
        none = one.is_published and one.published is None
        check("M16", (f"行业归口覆盖率：{one.title.zh}", f"industry coverage: {one.title.en}"),
              ("未公布", "not available") if none else percent(one.published, one.published),
              f"{one.numerator:,} / {one.denominator:,}", percent(one.value, one.published),
              none or percent(one.value, one.published) == percent(one.published, one.published))  # fmt: skip
    return found


def percent(value: Decimal | None, published: Decimal | None = None) -> str:
    """With as many digits as were published, or else one after the point."""
    digits = max(0, -int(published.as_tuple().exponent) - 2) if published is not None else 1
    return "-" if value is None else f"{value:.{digits}%}"


def table(found: list[Check], lang: str) -> str:
    """The figures side by side, in a language."""
    at = ("zh", "en").index(lang)
    head = (
        ("条目", "项目", "公布值", "生成的数据", "指标结果", ""),
        ("line", "figure", "published", "generated", "indicator", ""),
    )
    reached = (("达到", "reached"), ("未达到", "NOT REACHED"))
    rows = [head[at]]
    for one in found:
        words = (one.line, (one.zh, one.en)[at], one.published[at], one.generated[at], one.indicator[at])
        rows.append((*words, reached[0 if one.reached else 1][at]))
    wide = [max(width(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        "  ".join(cell + " " * (wide[n] - width(cell)) for n, cell in enumerate(row)).rstrip() for row in rows
    )


def width(text: str) -> int:
    """How many columns of a terminal it takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


NOTES: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "公布值取自 2015 年 11 月 27 日中国组织人事报（居民数见政策 indicators.yaml）；"
        "组织均为生成的样例，非真实数据。",
        "M08：公布的 35 个市级单位没有名单；政策未写明的，以“市级主管单位NN（样例）”补足，均为生成。枢纽不计为单位。",
        "M16：互联网企业没有公布覆盖率；出租汽车企业的 92% 是同步管理的比例，这里以已建党组织代之。",
    ),
    "en": (
        "Published: China Organisation and Personnel News, 27 November 2015 (residents: the policy's indicators.yaml). "
        "All organisations are generated, no real data.",
        "M08: the 35 city agencies were published without names; those that the policy does not name are generated "
        "('City agency NN (sample)'). Hubs are not counted as agencies.",
        "M16: for internet companies no ratio was published; the taxi companies' 92% are managed in step, for which a "
        "Party organisation stands here.",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="公布的数字 / the published figures")
    parser.add_argument("--lang", choices=["zh", "en"], default="en", help="语言 / language")
    parser.add_argument("--db", default="sqlite://", help="空数据库 / an empty database (default: in memory)")
    given = parser.parse_args(arguments)
    started = time.monotonic()
    policy, agencies, added = with_agencies(workflows.load("beijing-2015"))
    store = SqlStore(given.db)
    try:
        store.create()
        office = Supervision.activate(policy, store)
        day = policy.effective
        counts = write(store, policy, population(policy, agencies, day))
        found = checks(office, day, added)
    finally:
        store.close()
    print(table(found, given.lang))
    print()
    print("\n".join(NOTES[given.lang]))
    cases, events, seconds = counts.cases.total(), counts.events.total(), time.monotonic() - started
    zh = f"{day}：生成 {cases:,} 个个案、{events:,} 个事件，用时 {seconds:.0f} 秒"
    print(zh if given.lang == "zh" else f"{day}: {cases:,} cases and {events:,} events generated in {seconds:.0f} s")
    return 0 if all(one.reached for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
