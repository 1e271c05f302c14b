"""Reads a policy's files, each section by a module of its own, in the order in which they rest on one another."""

from __future__ import annotations

import copyreg
import hashlib
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...cases.canonical import dumps
from ...dates.working_days import CALENDARS, WorkingCalendar, WorkingDays
from ...errors import BadFile, UnknownName, Where
from ...text import Title
from ..policy import Parts, Policy
from ..synonyms import Synonyms
from . import models as f
from .documents import Document, read_folder, read_yaml
from .facts import read_facts, read_vocabulary
from .gates import read_gates
from .groups import read_groups
from .identity import read_identity
from .indicators import read_figures, read_indicators, read_scorecard
from .intake import read_intake, read_properties
from .obligations import read_obligations
from .places import read_areas, read_bodies, read_venues
from .records import read_records
from .register import read_register
from .sections import Sections
from .support import read_support
from .tables import only_facts, only_settable, read_tables
from .values import Known, Rules, bad_value, read_optional, read_title, reminders
from .workflows import lineages, read_workflows

Calendars = Mapping[str, Callable[[], WorkingCalendar]]

#: The files that may have records, gates, groups, support and indicators.
PARTS = ("records.yaml", "gates.yaml", "groups.yaml", "support.yaml", "indicators.yaml")

#: The file with what registers call that which the policy names.
REGISTER = "register.yaml"


def load(folder: Path, calendars: Calendars = CALENDARS) -> Policy:
    """Read the policy in a folder. Raises PolicyError for the first fault, with its file and line."""
    return parse(read_folder(folder), f"{folder}/", calendars)


def parse(
    files: Mapping[str, str], shown_as: str = "", calendars: Calendars = CALENDARS, *, proved: bool = False
) -> Policy:
    """A policy from its files' texts by name; `shown_as` stands before each file's name, `calendars` are those of
    working days that it can name. Of one that was `proved`, as a store's is, what registers call things is not compared
    again, which takes a third of the time. Raises PolicyError.

    One that is there already is not read again: a policy is values, and a server opens the same for every request.
    """
    own = (shown_as, frozenset(files.items()), proved)
    there = _READ.get(own) if calendars is CALENDARS else None
    if there is not None:
        return there

    def text(name: str) -> str:
        if name not in files:
            raise BadFile(where=Where(shown_as + name), reason=Title("文件不存在", "there is no such file"))
        return files[name]

    def yaml(name: str) -> Document:
        return read_yaml(text(name), shown_as + name)

    document = yaml("policy.yaml")
    head = f.validate(document, f.PolicyFile)
    zone = _zone(head, document)
    if head.calendar not in calendars:
        where = document.where(("calendar",))
        raise UnknownName(where=where, kind_en="calendar", kind_zh="日历", name=head.calendar, known=sorted(calendars))
    tiers = {name: read_title(title) for name, title in head.tiers.items()}
    areas = read_areas(text("areas.csv"), shown_as + "areas.csv", tiers)
    places = read_bodies(yaml("bodies.yaml"), areas, tiers)
    facts = read_facts(head, document, tiers)
    flows = [yaml(name) for name in files if name.startswith("workflows/") and name.endswith(".yaml")]
    written = [(f.validate(one, f.WorkflowFile), one) for one in flows]
    tables_document = yaml("tables.yaml")
    declared = f.validate(tables_document, f.TablesFile).tables
    sections = [yaml(name) for name in PARTS if name in files]
    parts = [(f.validate(one, f.PartsFile), one) for one in sections]

    families = lineages(written)
    vocabulary = read_vocabulary(places, facts, families, parts)
    known = Known(places, vocabulary, reminders(head.remind))
    workflows = read_workflows(families, declared, known)
    tables = read_tables(tables_document, declared, files, workflows, known)
    intake = read_intake(head, document, tables, known)
    for workflow in workflows.values():
        for way in workflow.transitions:
            for name in way.tables:
                only_facts(tables[name], vocabulary, Where(way.file, way.line))
                only_settable(tables[name], facts, Where(way.file, way.line))
    obligations = {one.name: one for one in read_obligations(head, document, workflows, known)}
    properties = tuple(read_properties(head, document, workflows, known))
    blockers = {name: read_title(title) for name, title in head.blockers.items()}
    rules = Rules(known, tables, workflows, obligations, blockers, intake.entitlements)
    venues = (files["venues.csv"], shown_as + "venues.csv") if "venues.csv" in files else None
    made = Policy(
        name=head.policy,
        version=head.version,
        effective=head.effective,
        zone=zone,
        working=WorkingDays(calendars[head.calendar]()),
        roll=head.roll is not None,
        remind=known.remind,
        title=read_title(head.title),
        source=read_title(head.source),
        places=places,
        vocabulary=vocabulary,
        tables=tables,
        workflows=workflows,
        intake=intake,
        identity=read_identity(head, document, workflows),
        blockers=blockers,
        obligations=obligations,
        properties=properties,
        parts=_parts(Sections(rules, parts), venues),
        synonyms=read_register(yaml(REGISTER), known, proved) if REGISTER in files else Synonyms(),
        digest=digest_of(files),
        files=dict(files),
        retention=read_optional(head.retention, document, ("retention",)),
    )
    if calendars is CALENDARS:
        _READ[own] = made
    return _kept(made)


# --- a policy in another process -------------------------------------------------------------------------------------

#: Policies that there are, by their files, as what these are shown, and whether they were proved.
_READ: weakref.WeakValueDictionary[tuple[str, frozenset[tuple[str, str]], bool], Policy] = weakref.WeakValueDictionary()
#: By their files alone, where the calendar is one of ours.
_THERE: weakref.WeakValueDictionary[object, Policy] = weakref.WeakValueDictionary()


class _Given(dict[str, Callable[[], WorkingCalendar]]):
    """A calendar, by whatever name a policy calls it."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[], WorkingCalendar]:
        return lambda: self._calendar


def _key(files: Mapping[str, str], calendar: WorkingCalendar) -> object:
    """None for a calendar that may be another than its name and class say."""
    return (type(calendar), frozenset(files.items())) if type(calendar) in CALENDARS.values() else None


def _kept(policy: Policy) -> Policy:
    key = _key(policy.files, policy.working.calendar)
    if key is not None:
        _THERE[key] = policy
    return policy


def _again(files: Mapping[str, str], calendar: WorkingCalendar) -> Policy:
    """A policy that was pickled: the one that there is, or read again."""
    key = _key(files, calendar)
    found = _THERE.get(key) if key is not None else None
    return found if found is not None else parse(files, calendars=_Given(calendar))


def _pickled(policy: Policy) -> tuple[Callable[..., Policy], tuple[Mapping[str, str], WorkingCalendar]]:
    """What makes a policy is a seventh of what it is made into, and has no functions in it."""
    return _again, (policy.files, policy.working.calendar)


copyreg.pickle(Policy, _pickled)


def _zone(head: f.PolicyFile, document: Document) -> ZoneInfo:
    try:
        return ZoneInfo(head.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise bad_value(document, ("time_zone",), "is no time zone", "不是时区") from error


def digest_of(files: Mapping[str, str]) -> str:
    """Of what decides anything: examples and the sample's recipe do not."""
    deciding = {
        name: text.replace("\r\n", "\n")
        for name, text in files.items()
        if not name.startswith("examples/") and name != "sample.yaml"
    }
    return hashlib.sha256(dumps(deciding).encode()).hexdigest()


def _parts(read: Sections, venues: tuple[str, str] | None) -> Parts:
    """`venues` is the text of venues.csv with its name."""
    records, figures = read_records(read), read_figures(read)  # the others name them
    return Parts(
        records=records,
        gates=read_gates(read),
        groups=read_groups(read),
        support=read_support(read, records),
        figures=figures,
        indicators=read_indicators(read),
        scorecard=read_scorecard(read),
        venues=read_venues(*venues, read.places) if venues is not None else {},
    )
