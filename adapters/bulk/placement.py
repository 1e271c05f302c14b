"""Intake as a query: each organisation classified, routed and given its stage of entry with its first due dates, as
`engine.decide.intake` would on one day.

The query reads a relation of organisations (`id`, `area` as a code, the facts), and small relations that are made from
the policy: its areas, its bodies as they stand on the day, and the days on which what is counted from a fact is due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlglot import exp

from guikou.engine.errors import (
    BadFact,
    ManyRules,
    MissingFact,
    NoRule,
    NoSet,
    NoSuchBody,
    NoSuchTier,
    NotAdmitted,
    UnknownArea,
)
from guikou.engine.policy.places import HOLE
from guikou.engine.policy.policy import Policy
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import Title

from . import sql
from .checks import refused
from .conditions import condition
from .dues import Dues
from .sql import Column, Relation
from .tables import CLASH, MISSING, NONE, TableSet, output

_TEXT, _TRUTH = Kind("string"), Kind("boolean")
#: What the tables of intake say, in the order in which they are asked.
ASKED = ("type", "responsible", "hub", "entry", "priority")
_BODIES = ("responsible", "hub")
_CODES = {MISSING: MissingFact.code, CLASH: ManyRules.code, NONE: NoRule.code}
#: PostgreSQL cuts off what is longer.
_LONGEST = 63


class PlacementSet:
    """What a policy says of organisations on a day, for one dialect. Raises NoSet for what it can't say as a set.

    The query has a row for each organisation: its `id`; `refusal`, the number (from 0) of the policy's refusal that
    keeps it out; `error`, the code of what `place` would give, of which table (`rule`) and about what (`about`: the
    facts that are missing, the tier or body that there is not, the rows that clash); or, where there is none, `type`,
    `responsible`, `hub`, `state`, `priority`, `weight`, the row that decided in each table (`type.row` and so on),
    `stage_due`, `step_due` and of each obligation when it is due first (`NAME.nominal`, `NAME.due`, `NAME.opens`).
    Only the tables of `asked` are asked, 'type' first, and whatever rests on others is left out, as are the dates
    without `dues`. With `checks`, an area or a fact that there can't be is an error too, before all others. The names
    of the relations that it reads begin with `prefix`.
    """

    def __init__(
        self,
        policy: Policy,
        day: date,
        dialect: str,
        asked: Collection[str] = ASKED,
        *,
        dues: bool = True,
        checks: bool = False,
        prefix: str = "",
    ) -> None:
        self.policy, self.day, self.dialect, self._checks, self._prefix = policy, day, dialect, checks, prefix
        self.facts = {name: sql.fact(name, spec.kind) for name, spec in policy.facts.items()}
        kinds = policy.vocabulary.kinds
        self._columns: dict[str, Column] = {
            name: Column(column.value, column.kind, None if policy.facts[name].default else column.known)
            for name, column in self.facts.items()
        } | {tier: Column(sql.named(tier), kinds[tier]) for tier in policy.places.tiers}
        typed = {**self._columns, "type": Column(sql.named(".type"), kinds["type"])}
        tables = {key: name for key in ASKED if key in {"type", *asked} and (name := getattr(policy.intake, key))}
        self._tables = {
            key: TableSet(policy.table(name), self._columns if key == "type" else typed, dialect, f"{key}.")
            for key, name in tables.items()
        }
        self._given = {key: sql.named(f"{key}." + output(one.table.outputs[0])) for key, one in self._tables.items()}
        self._dues = Dues(policy, day, dialect, self.facts, typed)
        self._due: dict[str, exp.Expr] = {}
        if dues and "entry" in self._tables:
            self._due = self._first_due()
        long = [name for name in (*policy.facts, *policy.obligations) if len(name) + len(".nominal") > _LONGEST]
        if long and dialect == "postgres":
            because = Title("PostgreSQL 的列名不能这么长", "PostgreSQL takes no name of a column that long")
            raise NoSet(what=Title(long[0], long[0]), because=because)

    def _first_due(self) -> dict[str, exp.Expr]:
        """What is due first: of stages and steps by what is entered, of obligations unless that is the end."""
        entered = {name: dict.fromkeys(states.values()) for name, states in self._entered.items()}
        workflow, state = sql.named(".type"), sql.named(".state")
        ended = [
            sql.both(workflow, sql.text(name), state, sql.text(one))
            for name, states in entered.items()
            for one in states
            if self.policy.workflows[name].states[one].final
        ]
        owed = self._dues.of_obligations()
        if ended:
            owed = {key: sql.case([(sql.any_of(ended).copy(), exp.null())], due) for key, due in owed.items()}
        return self._dues.of_states(entered, workflow, state) | owed

    # --- what it reads ---

    @cached_property
    def organizations(self) -> dict[str, Kind]:
        """The columns of the relation of organisations, with their kinds."""
        columns = {"id": _TEXT, "area": _TEXT}
        for name, column in self.facts.items():
            columns |= {name: column.kind, sql.known_of(name): _TRUTH}
        return columns

    def row(self, id: str, area: str, facts: Mapping[str, Any]) -> list[Any]:
        """An organisation as a row of that relation."""
        row: list[Any] = [id, area]
        for name in self.facts:
            row += [facts.get(name), name in facts]
        return row

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The small relations that it joins, but for the days."""
        places = self.policy.places
        tiers = tuple(places.tiers)
        areas = [
            [code, *(around[tier].key if tier in around else None for tier in tiers)]
            for code in places.areas
            for around in [places.around(code)]
        ]
        acting = {id: places.body_on(id, self.day) for id in places.bodies}
        bodies = [[id, body.id if body is not None else None] for id, body in acting.items()]
        return (
            Relation(self._prefix + "areas", {".code": _TEXT, **dict.fromkeys(tiers, _TEXT)}, areas),
            Relation(self._prefix + "bodies", {".id": _TEXT, ".acting": _TEXT}, bodies),
        )

    @property
    def starts(self) -> tuple[str, ...]:
        """The facts whose days the relation of days must have."""
        return self._dues.starts

    def days(self, days: Iterable[date]) -> Relation:
        """The relation of days, for those that the facts in `starts` say."""
        return self._dues.relation(days, self._prefix)

    # --- the query ---

    @cached_property
    def query(self) -> str:
        """The query, in its dialect: a step after another, each with a few columns more."""
        steps = sql.Steps(self._read())
        for columns in (*self._classified(), *self._routed()):
            steps.add(columns)
        steps.then(self._with_bodies(steps.last))
        for columns in self._faults():
            steps.add(columns)
        return steps.ended(self._answers(steps.last), self.dialect)

    def _read(self) -> exp.Select:
        """The organisations with the policy's defaults and their area's key at each tier."""
        columns = [sql.aliased(sql.named("id", "organization"), ".id")]
        weight = sql.number(0)
        for name, column in self.facts.items():
            known = sql.named(sql.known_of(name), "organization")
            own = Column(sql.named(name, "organization"), column.kind, known)
            value, default = own.value, self.policy.facts[name].default
            if default:
                value = sql.told(own, sql.operand(default[0], column.kind, self.dialect))
            columns += [sql.aliased(value, name), known]
            if name == self.policy.intake.weight:
                weight = exp.Coalesce(this=sql.told(own, exp.null()), expressions=[sql.number(0)])
        columns += [sql.aliased(weight, ".weight"), *(sql.named(tier, "area") for tier in self.policy.places.tiers)]
        if self._checks:
            columns += self._wrong()
        same = sql.compared(exp.EQ, sql.named(".code", "area"), sql.named("area", "organization"))
        read = exp.select(*columns).from_(sql.table(self._prefix + "organizations", "organization"))
        read = read.join(sql.table(self._prefix + "areas", "area"), on=same, join_type="left")
        for name in self._bodies:
            same = sql.compared(exp.EQ, sql.named(".id", f"body {name}"), sql.named(name, "organization"))
            read = read.join(sql.table(self._prefix + "bodies", f"body {name}"), on=same, join_type="left")
        return read

    @property
    def _bodies(self) -> list[str]:
        """The facts that name bodies, where these are to be checked."""
        return [name for name, column in self.facts.items() if self._checks and column.kind.name == "body"]

    def _wrong(self) -> list[exp.Expr]:
        """Whether the policy has no such area; the first fact that can't be what it is."""
        found = []
        for name, spec in self.policy.facts.items():
            known = sql.named(sql.known_of(name), "organization")
            own = Column(sql.named(name, "organization"), spec.kind, known)
            wrong = refused(spec, own, self.day, self.dialect)
            if name in self._bodies:
                unknown = [known.copy(), _there(own.value), sql.is_null(sql.named(".id", f"body {name}"))]
                wrong = sql.any_of([wrong, sql.all_of(unknown)])
            found.append((wrong, sql.text(name)))
        nowhere = sql.is_null(sql.named(".code", "area"))
        written = exp.Coalesce(this=sql.named("area", "organization"), expressions=[sql.text("")])
        return [
            sql.aliased(sql.case([(nowhere, written)], exp.null()), ".nowhere"),
            sql.aliased(sql.case(found, exp.null()), ".wrong"),
        ]

    def _classified(self) -> Iterable[list[exp.Expr]]:
        kept_out = [
            (condition(one.when, self._columns, self.dialect), sql.number(at))
            for at, one in enumerate(self.policy.intake.refusals)
        ]
        table = self._tables["type"]
        yield [sql.aliased(sql.case(kept_out, exp.null()), ".refusal"), *table.masks()]
        yield table.fits()
        yield table.judged()
        yield table.decided()
        yield [sql.aliased(self._given["type"].copy(), ".type")]

    def _routed(self) -> Iterable[list[exp.Expr]]:
        tables = [one for key, one in self._tables.items() if key != "type"]
        for step in (TableSet.masks, TableSet.fits, TableSet.judged, TableSet.decided):
            yield [column for one in tables for column in step(one)]
        reached = [column for key in _BODIES if key in self._tables for column in self._body(key)]
        yield reached + ([sql.aliased(self._state(), ".state")] if "entry" in self._tables else [])

    def _body(self, key: str) -> list[exp.Expr]:
        """The id that a template means, and the first of its holes for which there is nothing."""
        written = self._given[key]
        ids, empty = [], []
        for template in dict.fromkeys(row.outputs[0] for row in self._tables[key].table.rows):
            if template is None or not HOLE.search(template):
                continue
            here = sql.compared(exp.EQ, written, sql.text(template))
            parts = [self._filler(part) if at % 2 else sql.text(part) for at, part in enumerate(HOLE.split(template))]
            ids.append((here, sql.joined(parts)))
            holes = [hole for hole in (*self.policy.places.tiers, *self.policy.facts) if "{" + hole + "}" in template]
            none = sql.case([(sql.is_null(self._filler(hole)), sql.text(hole)) for hole in holes], exp.null())
            empty.append((here.copy(), none))
        found = {f".{key}": sql.case(ids, written.copy()), f".{key}.hole": sql.case(empty, exp.null())}
        return [sql.aliased(one, name) for name, one in found.items()]

    def _filler(self, hole: str) -> exp.Expr:
        return exp.Paren(this=sql.told(self._columns[hole], exp.null()))

    def _with_bodies(self, last: str) -> exp.Select:
        """Whoever stands for a body on the day."""
        keys = [key for key in _BODIES if key in self._tables]
        columns = [sql.aliased(sql.named(".acting", key), f".{key}.acting") for key in keys]
        every = exp.Column(this=exp.Star(), table=sql.identifier(last))
        found = exp.select(every, *columns).from_(sql.table(last))
        for key in keys:
            same = sql.compared(exp.EQ, sql.named(".id", key), sql.named(f".{key}", last))
            found = found.join(sql.table(self._prefix + "bodies", key), on=same, join_type="left")
        return found

    def _state(self) -> exp.Expr:
        type, entry = sql.named(".type"), self._given["entry"]
        ways = [
            (sql.both(type, sql.text(name), entry, sql.text(written)), sql.text(state))
            for name, entered in self._entered.items()
            for written, state in entered.items()
        ]
        return sql.case(ways, exp.null())

    @cached_property
    def _entered(self) -> dict[str, dict[str, str]]:
        """Of each workflow, the states that the table of entry may name, by how it names them."""
        written = dict.fromkeys(row.outputs[0] for row in self._tables["entry"].table.rows)
        return {
            name: {one: state for one in written if (state := workflow.state_of(one)) is not None}
            for name, workflow in self.policy.workflows.items()
        }

    def _faults(self) -> Iterable[list[exp.Expr]]:
        """What keeps it out, in the order in which `place` would find it."""
        found: list[tuple[exp.Expr, str, str, exp.Expr]] = []
        if self._checks:
            for column, code in ((".nowhere", UnknownArea.code), (".wrong", BadFact.code)):
                found.append((_there(sql.named(column)), code, "", sql.named(column)))
        found.append((_there(sql.named(".refusal")), NotAdmitted.code, "", exp.null()))
        for key in self._tables:
            status = sql.named(f"{key}.status")
            for how, code in _CODES.items():
                about = {MISSING: sql.named(f"{key}.lacks"), CLASH: sql.named(f"{key}.rows")}.get(how, exp.null())
                found.append((sql.compared(exp.EQ, status, sql.text(how)), code, key, about))
            if key in _BODIES:
                hole = sql.named(f".{key}.hole")
                for names, code in ((self.policy.places.tiers, NoSuchTier.code), (self.policy.facts, MissingFact.code)):
                    if names:
                        found.append((sql.among(hole, [sql.text(one) for one in names]), code, key, hole))
                nobody = sql.all_of([_there(sql.named(f".{key}")), sql.is_null(sql.named(f".{key}.acting"))])
                found.append((nobody, NoSuchBody.code, key, sql.named(f".{key}")))
        for key, column in (("entry", ".state"), ("responsible", ".responsible.acting")):
            if key in self._tables:
                found.append((sql.is_null(sql.named(column)), NoRule.code, key, exp.null()))
        yield [
            sql.aliased(sql.case([(when, sql.number(at)) for at, (when, *_) in enumerate(found)], exp.null()), ".fault")
        ]
        fault, none = sql.named(".fault"), sql.is_null(sql.named(".fault"))
        told: dict[str, list[exp.Expr]] = {
            ".error": [sql.text(code) for _, code, _, _ in found],
            ".rule": [sql.text(key) for _, _, key, _ in found],
            ".about": [about for *_, about in found],
        }
        yield [
            sql.aliased(
                sql.case(
                    [(none.copy(), exp.null())]
                    + [(sql.compared(exp.EQ, fault, sql.number(at)), one.copy()) for at, one in enumerate(values)],
                    exp.null(),
                ),
                name,
            )
            for name, values in told.items()
        ]

    def _answers(self, last: str) -> exp.Select:
        tables = self._tables
        values: dict[str, exp.Expr] = {
            "type": sql.named(".type"),
            **{key: sql.named(f".{key}.acting") for key in _BODIES if key in tables},
            **({"state": sql.named(".state")} if "entry" in tables else {}),
            **({"priority": self._given["priority"]} if "priority" in tables else {}),
            "weight": sql.named(".weight"),
            **{f"{key}.row": sql.named(f"{key}.row") for key in tables},
            **self._due,
        }
        placed = sql.is_null(sql.named(".error"))
        found = exp.select(
            sql.aliased(sql.named(".id"), "id"),
            *(sql.aliased(sql.named(f".{name}"), name) for name in ("refusal", "error", "rule", "about")),
            *(
                sql.aliased(sql.case([(placed.copy(), value.copy())], exp.null()), name)
                for name, value in values.items()
            ),
        ).from_(sql.table(last))
        for alias, day in self._dues.joins.items():
            same = sql.compared(exp.EQ, sql.named(".day", alias), day.copy())
            found = found.join(sql.table(self._prefix + "days", alias), on=same, join_type="left")
        return found


def _there(column: exp.Expr) -> exp.Expr:
    """Whether a column is not null."""
    return sql.negated(sql.is_null(column))
