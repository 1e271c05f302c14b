"""What a policy's files may say: one pydantic model a file. An unknown key is refused, with its line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from ...errors import BadValue, PolicyError, UnknownKey
from ...errors.reasons import InWords, reason
from ...rules.unary_tests import Kind
from .documents import Document


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _free(name: str) -> str:
    if name in ("date", "decimal"):
        raise InWords(
            f"“{name}” 是事件存放日期和小数的名称；请换一个",
            f"'{name}' is what events keep dates and decimals under; take another name",
        )
    return name


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), AfterValidator(_free)]


Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$"), AfterValidator(_free)]


Names = Annotated[
    list[str],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def _calendar(value: Any) -> Any:
    """A day as YAML has it, or as its text; what pydantic takes besides (seconds since 1970, an instant) is none."""
    if type(value) is date:
        return value
    try:
        return Kind("date").read(value)
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("no_day", "no day") from error


Day = Annotated[date, BeforeValidator(_calendar)]


Scalar = Annotated[Any, Field()]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TitleFile(_Model):
    """{zh: ..., en: ...}"""

    zh: str
    en: str


class FactFile(_Model):
    """A fact: its type, and for an enumeration its values with their titles."""

    title: TitleFile
    type: Literal["integer", "decimal", "string", "enumeration", "boolean", "date", "body"]
    values: dict[str, TitleFile] = {}
    minimum: int | Decimal | None = None
    maximum: int | Decimal | Literal["today"] | None = Field(
        default=None,
        description="最大值；日期可写 today：不收尚未到的日期 / the greatest value; of a date, today: none to come",
    )
    nullable: bool = Field(default=False, description="可为 null（已知没有） / may be null: known to be none")
    default: Scalar = Field(default=None, description="无人报告时视为 / what it is taken for where nobody has said")


class RowFile(_Model):
    when: dict[str, Scalar] = {}
    then: dict[str, Scalar]
    note: str = ""


class TableFile(_Model):
    """A decision table: its rows here, or in a CSV `file`."""

    title: TitleFile
    hit: Literal["U", "F", "A", "P", "R", "O", "C", "C+", "C#", "C<", "C>"] = "U"
    inputs: list[str] = []
    outputs: Annotated[dict[str, str], Field(min_length=1)]
    priorities: list[Scalar] = []
    file: str | None = None
    rows: list[RowFile] = []
    source: str = ""


class RefusalFile(_Model):
    """Facts with which no organisation is taken in, and why."""

    when: dict[str, Scalar]
    because: TitleFile
    note: str = ""


class IntakeFile(_Model):
    """Which tables decide when an organisation comes in; `weight` is the fact that orders equals in an inbox.
    `entitlements` are tables that say what it may have; `refuses` are facts that cannot be together."""

    type: str
    responsible: str
    entry: str
    hub: str | None = None
    priority: str | None = None
    weight: str | None = None
    entitlements: Names = []
    refuses: list[RefusalFile] = []


class NeverFile(_Model):
    """No intake and no trigger leads into this stage (or state) with such facts."""

    stage: Name | Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
    when: dict[str, Scalar] = {}


class AlwaysWithinFile(_Model):
    """A case that enters the stage has left it, or stands at the top tier, within the period."""

    stage: Name
    within: str


class PropertyFile(_Model):
    """What the policy promises of every case: check proves it or shows a path that breaks it."""

    title: TitleFile
    workflows: Names = []
    never: NeverFile | None = None
    always_within: AlwaysWithinFile | None = None
    note: str = ""


Reminders = Annotated[
    list[Annotated[int, Field(ge=1, le=3650)]], Field(description="提前几天提醒 / how many days before it")
]


class EscalatesFile(_Model):
    """With `then: escalate` what is overdue by `grace` goes one tier up, and again after each further grace, to the
    top; `remind` are days before the due date."""

    then: Literal["escalate"] | None = None
    grace: str | None = None
    remind: Reminders | None = None


class DueFile(EscalatesFile):
    """A deadline: `within` a period, or `by` a day of the year. It runs from entering the state or, with `from`, from
    the last time that a trigger was fired or the day that a date fact says. A step without `then` follows its stage."""

    within: str | None = None
    by: str | None = None
    from_: str | None = Field(default=None, alias="from")


class OutcomeFile(_Model):
    """How an obligation may end, and what this sets."""

    title: TitleFile
    sets: dict[str, Scalar] = {}


Climbed = Literal["back", "kept"]


class PostponeFile(_Model):
    """How a due date may be put off: `times` by a period each. What the old date had climbed is taken `back`, or
    `kept`."""

    within: str
    climbed: Climbed = "back"
    times: Annotated[int, Field(ge=1)] = 1
    by: Names = ["superior"]
    evidence: dict[Name, TitleFile] = {}


class MissedFile(_Model):
    """After this period from its due date it is closed as missed: `sets` become facts, and `fire` is triggered where it
    can be."""

    after: str
    fire: Name | None = None
    sets: dict[str, Scalar] = {}


class SinceFile(_Model):
    """A day from which it is counted too, for the organisations for which `when` holds."""

    fact: Name
    when: dict[str, Scalar]


Since = Annotated[
    list[Name | SinceFile],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"anyOf": [{"type": "string"}, SinceFile.model_json_schema()]}},
            ]
        }
    ),
]


class ObligationFile(EscalatesFile):
    """What recurs for the organisations for which `when` holds: due by `rule` (an RRULE of RFC 5545, from `start`), or
    `every` so long after it was last met or the latest of the days that the facts in `since` say (`opened`: the day of
    the case's opening). The first by `rule` is due no earlier than `not_before` after that day. One due `within` a
    period does not recur: a gate lays it on, and it ends when it is met or when `until` holds."""

    title: TitleFile
    when: dict[str, Scalar] = {}
    rule: str | None = None
    start: Day | None = None
    every: str | None = None
    within: str | None = None
    until: dict[str, Scalar] = {}
    since: Since = []
    not_before: str | None = None
    opens: str | None = None
    early: bool = False
    by: Names = ["responsible", "superior"]
    evidence: dict[Name, TitleFile] = {}
    outcomes: dict[Key, OutcomeFile] = {}
    postpone: PostponeFile | None = None
    missed: MissedFile | None = None
    note: str = ""


class RecordFile(_Model):
    """What is recorded of an organisation each time that it takes place: with an `amount` of money, for how many (the
    title of `count`), at a `venue`. `meets` are obligations that it meets where they are open."""

    title: TitleFile
    when: dict[str, Scalar] = {}
    by: Names = ["responsible", "superior", "hub"]
    amount: bool = False
    count: TitleFile | None = None
    venue: bool = False
    evidence: dict[Name, TitleFile] = {}
    sets: dict[str, Scalar] = {}
    meets: Names = []
    note: str = ""


class GroundFile(_Model):
    """Why a gate answers as it does: the `answer`, and what to do. A conditional one `owes` an obligation once the gate
    is passed, counted from the day on which it was asked; it `waives` outcomes that else must be told together."""

    answer: Literal["allowed", "conditional", "refused"]
    title: TitleFile
    do: TitleFile | None = None
    owes: Name | None = None
    waives: Names = []


class ValueFile(_Model):
    """One of the values that an outcome is told with, and what it sets."""

    title: TitleFile
    sets: dict[str, Scalar] = {}


class ToldFile(_Model):
    """What the other system may report of a gate that it asked: by whom, with one of `values`, and the evidence. It
    sets facts, meets those of the obligations that are owed, and fires a trigger where it can be."""

    title: TitleFile
    by: Names
    evidence: dict[Name, TitleFile] = {}
    values: dict[Key, ValueFile] = {}
    sets: dict[str, Scalar] = {}
    meets: Names = []
    fire: Name | None = None


class InStepFile(_Model):
    """Outcomes of which none takes effect before all are told; until then the case `owes` an obligation."""

    outcomes: Names
    owes: Name
    sets: dict[str, Scalar] = {}
    meets: Names = []
    fire: Name | None = None


class GateFile(_Model):
    """What another system asks before it lets an organisation proceed: a collecting `table` of one output names the
    grounds, of which the worst decides; `otherwise` is the ground where no row fits."""

    title: TitleFile
    when: dict[str, Scalar] = {}
    by: Names
    table: str
    otherwise: Name
    grounds: dict[Name, GroundFile]
    told: dict[Name, ToldFile]
    in_step: InStepFile | None = None
    note: str = ""


class EffectFile(_Model):
    sets: dict[str, Scalar] = {}
    fire: Name | None = None


class GroupFile(_Model):
    """What joins organisations, itself a case of the workflow `of`: which may be its `members`, how many at `least` and
    at `most` (with the whole number in the group's own fact `also`), whether each may be in one only; what joining
    and leaving bring about, and which trigger of the group is fired once it has too few."""

    title: TitleFile
    of: Name
    members: dict[str, Scalar] = {}
    by: Names = ["responsible", "superior", "hub"]
    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=1)] | None = None
    also: Name | None = None
    exclusive: bool = True
    evidence: dict[Name, TitleFile] = {}
    joined: EffectFile = EffectFile()
    left: EffectFile = EffectFile()
    dissolves: Name | None = None
    note: str = ""


class AmountFile(_Model):
    """Money: `rate` for each of what the fact (or the year's records of a kind) in `of` says."""

    rate: Annotated[Decimal, Field(ge=0, max_digits=16)]
    of: Name


class SupportFile(_Model):
    """A support that a table of entitlements names: the `amount` due in a year, by the facts on the day `at` of it, and
    the record that says what was `paid`; or the condition under which it is `given`."""

    title: TitleFile
    amount: AmountFile | None = None
    at: str | None = None
    paid: Name | None = None
    given: dict[str, Scalar] | None = None
    note: str = ""


class FigureFile(_Model):
    """A number that comes from elsewhere, by the area's key and from which year on."""

    title: TitleFile
    source: TitleFile
    values: dict[Key | str, dict[int, int]]


class PerFile(_Model):
    figure: Name
    each: Annotated[int, Field(ge=1)] = 1


class HeldFile(_Model):
    """Of the groups by `by`, those that hold `least` or more."""

    by: str
    least: Annotated[int, Field(ge=1)]


class SupportedFile(_Model):
    name: Name
    what: Literal["due", "paid", "outstanding", "entitled", "lacking"]


class IndicatorFile(_Model):
    """A number of the cases for which `of` holds: how many; or which `share` of them; or the `sum` of a fact; or how
    many `per` so many of a figure; or what share is `held` by the large. Or of what `happened` within the year: how
    often; or of what was `recorded` for it: how often (`times`), for how many (`count`) or how much (`amount`); or of a
    `support`; or by what share it grew within a period (`growth`). `by` are what it can be grouped by, the first when
    nothing else is asked. `target` is a test of the value, for the groups of which `target_when` holds throughout;
    `published` are values to compare with, by group (null: none was published); `worse` is what is looked at first."""

    title: TitleFile
    of: dict[str, Scalar] = {}
    share: dict[str, Scalar] | None = None
    sum: Name | None = None
    per: PerFile | None = None
    held: HeldFile | None = None
    happened: dict[str, Scalar] | None = None
    recorded: Name | None = None
    measure: Literal["times", "count", "amount"] = "times"
    growth: str | None = None
    support: SupportedFile | None = None
    by: Names = []
    target: str | None = None
    target_when: dict[str, Scalar] = {}
    published: dict[str, Decimal | None] = {}
    worse: Literal["high", "low"] | None = None
    note: str = ""


class SectionFile(_Model):
    title: TitleFile
    indicators: Names
    by: str | None = None


class ScorecardFile(_Model):
    """A body's report of a year: sections of indicators, each by what it is grouped by (nothing: one number)."""

    title: TitleFile
    sections: list[SectionFile]


class IdFile(_Model):
    """What an organisation's id looks like, for some `types` (default: all): a `pattern` (a regular expression that the
    whole id must match), or a `standard` of python-stdnum such as cn.uscc. `check_digit: false` is for registers whose
    codes are known to be wrong. An `example` is shown where an id is none."""

    title: TitleFile
    types: Names = []
    pattern: str | None = None
    standard: str | None = None
    check_digit: bool = True
    example: str | None = None
    note: str = ""


class PolicyFile(_Model):
    """policy.yaml"""

    policy: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: str
    effective: Day
    time_zone: str
    calendar: str = "monday-to-friday"
    roll: Literal["next working day"] | None = None
    retention: str | None = None
    remind: Reminders = [30, 7, 1]
    title: TitleFile
    source: TitleFile
    tiers: dict[Name, TitleFile]
    facts: dict[Name, FactFile]
    ids: list[IdFile] = []
    intake: IntakeFile
    blockers: dict[Name, TitleFile] = {}
    obligations: dict[Name, ObligationFile] = {}
    properties: list[PropertyFile] = []


class PartsFile(_Model):
    """gates.yaml, groups.yaml, records.yaml, support.yaml, indicators.yaml: each may have any of these keys."""

    records: dict[Name, RecordFile] = {}
    gates: dict[Name, GateFile] = {}
    groups: dict[Name, GroupFile] = {}
    support: dict[Name, SupportFile] = {}
    figures: dict[Name, FigureFile] = {}
    indicators: dict[Name, IndicatorFile] = {}
    scorecard: ScorecardFile | None = None


class RegisterFile(_Model):
    """register.yaml: further names that registers have for what the policy names. `columns` by fact (or id, name, area,
    address), `values` by fact and value, `areas` by key, `bodies` by id; {TIER} stands for each area of that tier, in a
    body's id for its key and in a text for its Chinese title. `ignore` are columns that mean nothing here, `unknown` is
    what stands in a cell of which nothing is known."""

    columns: dict[str, Names] = {}
    values: dict[str, dict[str, Names]] = {}
    areas: dict[str, Names] = {}
    bodies: dict[str, Names] = {}
    ignore: Names = []
    unknown: Names = []


class BodyFile(_Model):
    """A body, or with `each: TIER` one for every area of that tier, whose titles then fill {TIER}."""

    id: str
    title: TitleFile
    kind: str = "body"
    each: str | None = None
    except_: Names = Field(default=[], alias="except")
    tier: str | None = None
    area: str | None = None
    parent: str | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    succeeded_by: str | None = None


class BodiesFile(_Model):
    """bodies.yaml"""

    kinds: dict[Name, TitleFile] = {}
    bodies: list[BodyFile]


class TablesFile(_Model):
    """tables.yaml"""

    tables: dict[Name, TableFile]


class StepFile(_Model):
    """A step of a stage; `awaits` are the facts that it waits for, while they do not hold."""

    title: TitleFile
    due: DueFile | None = None
    awaits: dict[str, Scalar] = {}


class StageFile(_Model):
    """A stage. One that `rests` waits for nobody and needs no deadline; a `final` one closes the case; from one that is
    `continued` another case carries it on."""

    title: TitleFile
    due: DueFile | None = None
    steps: dict[Name, StepFile] = {}
    final: bool = False
    rests: bool = False
    continued: bool = False
    awaits: dict[str, Scalar] = {}


class EvidenceFile(TitleFile):
    """Evidence; it can only be given after one of the triggers in `after` was fired."""

    after: Names = []


class TransitionFile(_Model):
    """From states (a stage stands for all its steps) to a state (a stage for its first step, `same` for no move,
    `origin` for where the case came from); `sets` and the outputs of `tables` become facts when it fires (a date may be
    set to `today`). `suspend` stops the clock and `resume` lets it run on; `reason` asks for one; what is `automatic`
    is fired by the sweep as soon as its guard holds. What is `irreversible` (what leads into a final state is, if
    nothing is said) is confirmed at a terminal. Where it leads from a state to itself, the state's `clock` is kept, or
    restarted as if it were entered anew."""

    trigger: Name
    from_: Names = Field(alias="from")
    to: str
    when: dict[str, Scalar] = {}
    by: Names = ["responsible", "superior"]
    evidence: Names = []
    sets: dict[str, Scalar] = {}
    tables: Names = []
    escalate: bool = False
    extend: str | None = None
    climbed: Climbed = "back"
    clock: Literal["keep", "restart"] = "keep"
    irreversible: bool | None = None
    suspend: bool = False
    resume: bool = False
    reason: bool = False
    automatic: bool = False
    note: str = ""


class WorkflowFile(_Model):
    """workflows/*.yaml: with `extends`, what it says of a trigger takes the place of what the other says of it.
    `tiers` are those at which its responsible bodies may stand (none named: any); `reopen` is how long after it was
    closed a case can be reopened by who closed it (not given: it can't)."""

    workflow: Name
    abstract: bool = False
    extends: str | None = None
    title: TitleFile
    source: str = ""
    tiers: Names = []
    reopen: str | None = Field(
        default=None, description="结案后多久内可由原单位恢复办理 / how long after it was closed a case can be reopened"
    )
    stages: dict[Name, StageFile] = {}
    triggers: dict[Name, TitleFile] = {}
    evidence: dict[Name, EvidenceFile] = {}
    transitions: list[TransitionFile] = []


class ExpectFile(_Model):
    """What an example expects: of intake all of it, of a step its outcome; what isn't said isn't checked."""

    type: str | None = None
    responsible: str | None = None
    kind: Name | None = None
    superior: str | None = None
    hub: str | None = None
    seen_by: Names | None = None
    stage: str | None = None
    state: str | None = None
    priority: int | None = None
    weight: int | None = None
    due: Day | None = None
    reminded: int | None = None
    escalated_to: str | None = None
    support: Names | None = None
    claims: dict[int, dict[Name, Decimal | bool | None]] | None = None
    refused: str | None = None
    overdue: bool | None = None
    answer: Literal["allowed", "conditional", "refused"] | None = None
    grounds: Names | None = None
    duties: dict[Name, Day | None] | None = Field(
        default=None, description="各义务的期限 / when each obligation is due (null: it is not owed)"
    )
    opens: dict[Name, Day | None] | None = None
    reminders: dict[Name, int | None] | None = None
    climbed: dict[Name, str | None] | None = None
    lacks: Names | None = None
    owes: Names | None = None
    continued: bool | None = None
    facts: dict[str, Scalar] | None = Field(default=None, description="此后的事实 / what facts are then")
    dissolved: bool | None = None
    open: dict[Name, str] | None = None


class GateToldFile(_Model):
    gate: Name
    outcome: Name
    value: Key | None = None


class GroupGivenFile(_Model):
    """A group, without the one that joins or leaves it: of which type (default: that of such groups), with how many
    members (default: as many as it needs), and its facts."""

    type: Name | None = None
    members: Annotated[int, Field(ge=0)] | None = None
    facts: dict[str, Scalar] = {}


class ExampleStepFile(ExpectFile):
    """A step: `do` a trigger, `meet` an obligation (with an `outcome`), `tell` facts, `wait` days, `sweep` every day up
    to one, `ask` a gate, or `told` what came of it, `postpone` an obligation, `join` or `leave` a group of a kind,
    `reopen` what was closed, `record` what took place; `by` a body (default: one that may), with some `evidence`
    (default: all that is asked for), without a `reason` where it is false; and what is expected then. `may`: these
    bodies may take the step, and no others; `asks`: this evidence is asked for, and no other; `changes`: these facts
    become otherwise, and no others."""

    do: Name | None = None
    meet: Name | None = None
    outcome: Key | None = None
    sweep: Day | None = None
    tell: dict[str, Scalar] | None = None
    wait: Annotated[int, Field(ge=1)] | None = None
    ask: Name | None = None
    told: GateToldFile | None = None
    postpone: Name | None = None
    join: Name | None = None
    leave: Name | None = None
    group: GroupGivenFile | None = None
    reopen: Literal[True] | None = None
    record: Name | None = None
    amount: Decimal | None = None
    count: int | None = None
    venue: str | None = None
    by: str | None = None
    evidence: Names | None = None
    reason: bool = True
    may: Names | None = None
    asks: Names | None = None
    changes: dict[str, Scalar] | None = None


class ExampleFile(_Model):
    """An organisation (`given`: its facts; `area`), what intake says of it, and a path of steps."""

    name: TitleFile
    covers: Names
    area: str
    on: Day | None = None
    given: dict[str, Scalar]
    expect: ExpectFile
    path: list[ExampleStepFile] = []


class EquivalentFile(_Model):
    """A change of a policy that makes no difference to anybody: in a `file`, a line that `was` written so and is `now`
    written otherwise (null: it is gone), and why it makes none."""

    file: str
    was: str
    now: str | None = None
    because: TitleFile


class ExamplesFile(_Model):
    """examples/*.yaml: `given` holds for all of the file's examples that don't say otherwise; `equivalent` are changes
    that no example can tell from the policy as it is."""

    given: dict[str, Scalar] = {}
    examples: list[ExampleFile] = []
    equivalent: list[EquivalentFile] = []


M = TypeVar("M", bound=BaseModel)


def validate(document: Document, model: type[M]) -> M:
    """A document as its model. Raises UnknownKey or BadValue for the first fault, with its line."""
    try:
        return model.model_validate(document.value if document.value is not None else {})
    except ValidationError as error:
        raise _fault(document, model, error) from error


def _fault(document: Document, model: type[BaseModel], error: ValidationError) -> PolicyError:
    # A key that is written wrongly is unknown and also missing: the former says more.
    first = min(
        error.errors(), key=lambda one: (one["type"] != "extra_forbidden", document.where(one["loc"]).line or 0)
    )
    place = tuple(first["loc"])
    where = document.where(place)
    field = ".".join(str(part) for part in place) or document.file
    if first["type"] == "extra_forbidden":
        known = _keys(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=3) or sorted(known)
        return UnknownKey(where=where, key=place[-1], known=near)
    reasons = {
        "missing": ("is missing; add it", "缺失，请补上"),
        "string_type": ("must be text", "应为文字"),
        "bool_type": ("must be true or false", "应为 true 或 false"),
        "dict_type": ("must be a map of keys to values", "应为键值映射"),
        "list_type": ("must be a list", "应为列表"),
        "no_day": ("must be a day such as 2015-11-27", "应为日期，如 2015-11-27"),
        "model_type": ("must be a map of keys to values", "应为键值映射"),
    }
    if first["type"] in reasons:
        en, zh = reasons[first["type"]]
    elif "expected" in first.get("ctx", {}):
        expected = first["ctx"]["expected"]
        en, zh = f"must be one of {expected}", f"应为其中之一：{expected}"
    elif "pattern" in first.get("ctx", {}):
        en, zh = "must be a lower-case name", "应为小写英文名称"
    elif isinstance(first.get("ctx", {}).get("error"), ValueError):
        why = reason(first["ctx"]["error"])
        en, zh = why.en, why.zh
    else:
        en, zh = first["msg"], _in_chinese(first["type"], first.get("ctx", {}))
    return BadValue(where=where, field=field, reason_en=en, reason_zh=zh)


def _in_chinese(kind: str, given: Mapping[str, Any]) -> str:
    """What pydantic says of a value, by the type of its error; its type alone where it is none of those that a policy's
    files lead to."""
    texts = {
        "greater_than": "应大于 {gt}",
        "greater_than_equal": "应不小于 {ge}",
        "less_than": "应小于 {lt}",
        "less_than_equal": "应不大于 {le}",
        "too_short": "至少 {min_length} 项",
        "too_long": "至多 {max_length} 项",
        "string_too_short": "至少 {min_length} 个字符",
        "string_too_long": "至多 {max_length} 个字符",
        "decimal_max_digits": "至多 {max_digits} 位数字",
        "decimal_max_places": "至多 {decimal_places} 位小数",
    }
    if kind in texts:
        return texts[kind].format_map(given)
    for beginning, zh in (("int_", "应为整数"), ("decimal_", "应为数"), ("float_", "应为数"), ("date_", "应为日期")):
        if kind.startswith(beginning):
            return zh
    return f"值无效（{kind}）"


def _keys(model: Any, place: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at `place`, found by walking the models' annotations."""
    here: Any = model
    for part in place:
        if isinstance(here, type) and issubclass(here, BaseModel):
            by_key = {one.alias or name: one.annotation for name, one in here.model_fields.items()}
            here = by_key.get(str(part))
        else:
            here = _inner(here)
        while here is not None and not isinstance(here, type) and _is_optional(here):
            here = _inner(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [one.alias or name for name, one in here.model_fields.items()]
    return []


def _is_optional(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


def _inner(annotation: Any) -> Any:
    arguments = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
    return arguments[-1] if arguments else None
