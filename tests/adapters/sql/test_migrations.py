"""Every schema there has been becomes today's, with what it held."""

import threading

import pytest
from sqlalchemy import MetaData, create_engine, inspect, select, text

from guikou.adapters.keys import verified
from guikou.adapters.sql import SqlStore, migrations
from guikou.adapters.sql.migrations.schema import STEPS
from guikou.adapters.sql.tables import EVENTS
from guikou.engine import Query, Supervision, fold
from guikou.engine.errors import NotErasable, SchemaVersion, StoreBusy
from guikou.engine.supervision.store import Answered

OLD = ["1", "2", "3", "4", "5", "6"]

#: What the guikou before this one ran on a database of schema 1 to make it one of schema 3.
BY_HAND = """
ALTER TABLE cases ADD COLUMN suspended DATE;
ALTER TABLE cases ADD COLUMN reminded INTEGER;
ALTER TABLE cases ADD COLUMN overdue BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE cases ADD COLUMN escalated_on DATE;
ALTER TABLE cases ADD COLUMN fired VARCHAR NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN assumed VARCHAR NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN duties VARCHAR NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN wake DATE;
UPDATE cases SET wake = '2000-01-01' WHERE NOT closed;
CREATE INDEX ix_cases_wake ON cases (wake, id);
ALTER TABLE cases ADD COLUMN more VARCHAR NOT NULL DEFAULT '{}';
UPDATE settings SET value = '3' WHERE key = 'schema';
"""


@pytest.fixture
def engine():
    """Another way into a database."""
    made = []

    def make(url):
        made.append(create_engine(url.replace("postgresql:", "postgresql+psycopg:")))
        return made[-1]

    yield make
    for one in made:
        one.dispose()


def shape(engine):
    """The tables, columns, keys, indexes and triggers of a database, wherever a column stands in its table."""
    found = inspect(engine)
    tables = {}
    for table in found.get_table_names():
        columns = {one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in found.get_columns(table)}
        keys = [found.get_pk_constraint(table), *found.get_foreign_keys(table), *found.get_unique_constraints(table)]
        indexes = {one["name"]: (one["column_names"], one["unique"]) for one in found.get_indexes(table)}
        tables[table] = columns, sorted(map(str, keys)), indexes
    triggers = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid) FROM pg_trigger "
        "WHERE NOT tgisinternal ORDER BY tgname",
    }
    with engine.connect() as connection:
        return tables, connection.execute(text(triggers[engine.dialect.name])).all()


def content(engine):
    """All rows by table, in the order of their keys."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in tables.tables.items()
        }


def upgraded(url, **more):
    SqlStore(url, upgrade=True, backup=False, **more).close()


@pytest.mark.parametrize("schema", OLD)
def test_an_upgraded_database_is_what_a_fresh_one_is(schema, kind, old, new_store, engine):
    url = old(schema)
    upgraded(url)
    assert shape(engine(url)) == shape(engine(new_store(kind).url))


def test_a_fresh_database_is_what_the_tables_say(kind, new_store):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlmodel import SQLModel

    connection = new_store(kind).database.connection()
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, SQLModel.metadata) == []


@pytest.mark.parametrize("schema", OLD)
def test_an_upgrade_keeps_what_there_was(schema, old, engine):
    url = old(schema)
    before = content(engine(url))
    upgraded(url)
    after = content(engine(url))
    assert after["settings"] == [
        row | ({"value": str(migrations.SCHEMA)} if row["key"] == "schema" else {}) for row in before["settings"]
    ]
    for table in before.keys() - {"settings"}:
        assert len(before[table]) > 0
        kept = [{name: row[name] for name in was} for was, row in zip(before[table], after[table], strict=True)]
        assert kept == before[table], table


@pytest.mark.parametrize("schema", OLD)
def test_old_histories_still_verify_and_make_the_cases(schema, old, policy):
    url = old(schema)
    upgraded(url)
    store = SqlStore(url)
    office = Supervision(policy, store)
    found = store.cases(Query())
    assert len(found) == {"1": 4, "2": 4, "3": 10, "4": 10, "5": 11, "6": 11}[schema]
    for case in found:
        assert fold(office.history(case.id)) == case
    store.close()


@pytest.mark.parametrize("schema", OLD)
def test_what_old_requests_led_to_is_known(schema, old):
    url = old(schema)
    upgraded(url)
    store = SqlStore(url)
    with store.transaction() as work:
        assert work.answered("r1") == Answered(None, None, tuple(store.events("A")[:1]))
        assert work.answered("r1").is_of("{}") is None
        assert [event.kind for event in work.answered("r5").events] == ["reported", "rerouted"]
        assert work.answered("r6") is None
    with store.database.errors():
        told = select(EVENTS.c.request_id).where(EVENTS.c.request_id.is_not(None)).distinct()
        asked = set(store.database.connection().scalars(told))
        kept = store.database.connection().execute(text("SELECT id, command FROM requests")).all()
    assert asked == {id for id, _ in kept} - {"r8", None}  # r8 changed nothing, and one had no id
    since = {"r7", "r8", None} if schema in ("4", "5", "6") else set()
    assert {id for id, command in kept if command is not None} == since
    store.close()


def test_what_an_old_seal_closes_is_not_erased(old, policy):
    url = old("6")
    upgraded(url)
    store = SqlStore(url)
    office = Supervision.activate(policy, store)
    with store.transaction() as work:
        assert {one.id for one in store.cases(Query()) if work.asked(one.id)} == set()
    (event,) = [one for one in store.events("A") if one.request_id == "r7"] or store.events("A")[-1:]
    for texts in ((), ["request"]):
        with pytest.raises(NotErasable):
            office.erase("A", event.seq, texts=texts, reason="x", by="beijing")
    office.remark("A", "误写", by="beijing", request_id="n")
    office.erase("A", store.get("A").revision, reason="x", by="beijing")
    assert {one.code for one in store.audit(verified).findings()} == {"policy-changed"}
    store.close()


def test_an_old_seal_still_verifies(old):
    url = old("6")
    upgraded(url)
    store = SqlStore(url)
    said = {(one.code, one.seal) for one in store.audit(verified).findings()}
    assert said == {("policy-changed", None)}  # of which these databases hold no text
    assert "salts" not in store.sealing.statements()[-1].content["requests"]
    store.close()


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_passages_are_filled_and_asked_for_however_many_there_are(page, old, monkeypatch):
    monkeypatch.setattr("guikou.adapters.sql.migrations.to_4.PAGE", page)
    url = old("3")
    upgraded(url)
    store = SqlStore(url)
    every = store.cases(Query())
    for gate in ("", "annual_inspection", "registration", "nothing"):
        query = Query(gate=gate)
        assert store.cases(query) == [case for case in every if query.admits(case)]
    assert [case.id for case in store.cases(Query(gate="registration"))] == ["APP", "N"]
    with store.transaction() as work:
        assert [event.kind for event in work.answered("j1").events] == ["joined", "advanced"]
    store.close()


def test_a_database_that_was_upgraded_by_hand_becomes_the_same(kind, old, new_store, engine, script, written):
    later = ("duties", "notices", "memberships")
    statements = [one.strip() for one in written("3").split(";\n")]
    made = [one for one in statements for table in later if f" TABLE {table} " in one or f" ON {table} " in one]
    url = old("1")
    script(url, BY_HAND + ";\n".join(made))
    upgraded(url)
    assert shape(engine(url)) == shape(engine(new_store(kind).url))


def test_a_notice_may_be_without_a_due_date_in_the_first_databases_of_schema_2_too(kind, old, new_store, engine):
    url = old("2", lambda tables: tables.replace("due DATE,\n  day", "due DATE NOT NULL,\n  day"))
    (due,) = [one for one in inspect(engine(url)).get_columns("notices") if one["name"] == "due"]
    assert not due["nullable"]
    upgraded(url)
    assert shape(engine(url)) == shape(engine(new_store(kind).url))


@pytest.mark.parametrize("schema", OLD)
def test_an_upgrade_is_whole_or_not_at_all(schema, old, engine, monkeypatch):
    url = old(schema)
    before = shape(engine(url)), content(engine(url))

    def fails(op):
        raise RuntimeError("the power went")

    monkeypatch.setitem(STEPS, str(migrations.SCHEMA), fails)
    with pytest.raises(RuntimeError):
        upgraded(url)
    assert (shape(engine(url)), content(engine(url))) == before
    monkeypatch.undo()
    upgraded(url)
    SqlStore(url).close()


def test_two_upgrades_at_once_are_one(old, kind, new_store, engine):
    url = old("1")
    start, found = threading.Barrier(4), []

    def work():
        start.wait(10)
        try:
            upgraded(url, busy_timeout=30)
            found.append("done")
        except Exception as error:  # noqa: BLE001  it is shown below
            found.append(repr(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["done"] * 4
    assert shape(engine(url)) == shape(engine(new_store(kind).url))


def test_an_upgrade_waits_no_longer_than_it_may_for_another(old, kind):
    url = old("3")
    other = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with other.connect() as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE" if kind == "sqlite" else "BEGIN")
        if kind == "postgresql":
            holder.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('guikou schema'))")
        with pytest.raises(StoreBusy):
            SqlStore(url, upgrade=True, busy_timeout=0.05)
        holder.exec_driver_sql("ROLLBACK")
    other.dispose()
    upgraded(url)


@pytest.mark.parametrize("schema", ["0", str(migrations.SCHEMA + 1), "99", "x"])
def test_a_schema_that_is_not_known_is_left_alone(schema, old, engine, script):
    url = old("3")
    script(url, f"UPDATE settings SET value = '{schema}' WHERE key = 'schema'")
    before = shape(engine(url))
    for upgrade in (False, True):
        with pytest.raises(SchemaVersion):
            SqlStore(url, upgrade=upgrade)
    assert shape(engine(url)) == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_references_are_checked_after_an_upgrade_as_before(old):
    store = SqlStore(old("2"), upgrade=True)
    connection = store.database.connection()
    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()
