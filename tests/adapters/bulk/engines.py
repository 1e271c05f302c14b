"""The engines on which sets are tried: what they hold, and what they say."""

import sqlite3
from contextlib import contextmanager
from datetime import date

import psycopg

from guikou.adapters.bulk import sql


class Engine:
    """A database of one dialect, in which relations are made and queries are asked."""

    mark = "?"

    def __init__(self, dialect, connection):
        self.dialect, self.connection = dialect, connection

    def hold(self, relation):
        """Make a relation anew."""
        columns = [f'"{name}" {sql.type_of(kind, self.dialect)}' for name, kind in relation.columns.items()]
        self.connection.execute(f'DROP TABLE IF EXISTS "{relation.name}"')
        self.connection.execute(f'CREATE TEMPORARY TABLE "{relation.name}" ({", ".join(columns)})')
        if relation.rows:
            marks = ", ".join([self.mark] * len(columns))
            self.many(f'INSERT INTO "{relation.name}" VALUES ({marks})', list(self.rows(relation)))

    def rows(self, relation):
        kinds = relation.columns.values()
        for row in relation.rows:
            yield tuple(sql.stored(value, kind, self.dialect) for value, kind in zip(row, kinds, strict=True))

    def many(self, statement, rows):
        self.connection.executemany(statement, rows)

    def ask(self, query):
        """Its rows, each by the columns' names, as Python has them."""
        cursor = self.connection.execute(query)
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Postgres(Engine):
    mark = "%s"

    def many(self, statement, rows):
        with self.connection.cursor() as cursor:
            cursor.executemany(statement, rows)


class Spark(Engine):
    """Spark in two threads of one process."""

    def hold(self, relation):
        columns = ", ".join(
            f"`{name}` {sql.type_of(kind, 'spark').replace('TEXT', 'STRING')}"
            for name, kind in relation.columns.items()
        )
        self.connection.createDataFrame(list(self.rows(relation)), columns).createOrReplaceTempView(relation.name)

    def ask(self, query):
        return [row.asDict() for row in self.connection.sql(query).collect()]


@contextmanager
def opened(dialect, url=None):
    match dialect:
        case "sqlite":
            connection = sqlite3.connect(":memory:")
            yield Engine(dialect, connection)
            connection.close()
        case "duckdb":
            import duckdb

            with duckdb.connect() as connection:
                yield Engine(dialect, connection)
        case "postgres":
            with psycopg.connect(url, autocommit=True) as connection:
                yield Postgres(dialect, connection)
        case "spark":
            from pyspark.sql import SparkSession

            from guikou.adapters.bulk.sql import SPARK

            builder = SparkSession.builder.master("local[2]")
            local = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "2", "spark.driver.memory": "4g"}  # fmt: skip
            for name, value in {**local, **SPARK}.items():
                builder = builder.config(name, value)
            session = builder.getOrCreate()
            yield Spark(dialect, session)
            session.stop()


def truth(value):
    """True, false or null, as engines without booleans have them too."""
    return None if value is None else bool(value)


def day(value):
    """A day, as engines without days have them too."""
    return date.fromisoformat(value) if isinstance(value, str) else value
