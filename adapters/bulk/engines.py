"""The engines that read whole populations from Parquet: DuckDB, in one process, and Spark, in many."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from guikou.engine.errors import BadFile, Where
from guikou.engine.text import Title

from ..extras import not_installed
from . import sql
from .sql import Relation

#: So many rows are fetched at a time.
_PAGE = 50_000
#: What stands for other names in a path, as Hadoop reads it.
_MEANT = re.compile(r"[][{}*?\\]")


class Engine(Protocol):
    """What an engine does for a population; its errors are BadFile."""

    dialect: str

    def read(self, file: Path, name: str) -> dict[str, str]:
        """Have a relation stand for a Parquet file; its columns with their types in upper case. Raises BadFile."""
        ...

    def hold(self, relation: Relation) -> None:
        """Make a small relation."""
        ...

    def add(self, relation: Relation) -> None:
        """More rows of one."""
        ...

    def define(self, name: str, query: str) -> None:
        """Have a name stand for a query."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Have a name stand for what a query answers now."""
        ...

    def rows(self, query: str) -> list[tuple[Any, ...]]: ...

    def pages(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        """The same, so many rows at a time."""
        ...

    def write(self, query: str, file: Path) -> None:
        """Write what a query answers as Parquet."""
        ...


class Duck:
    """DuckDB in memory; what does not fit goes to files in a folder of its own."""

    dialect = "duckdb"

    def __init__(self, folder: Path) -> None:
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise not_installed(error.name, "bulk") from error
        self._error, self._folder = duckdb.Error, folder
        self._file: Path | None = None
        self._connection = duckdb.connect()
        self._connection.execute("SET temp_directory = ?", [str(folder)])
        self._connection.execute("SET enable_progress_bar = false")  # it draws among what is printed
        self._connection.execute("SET preserve_insertion_order = false")  # or it holds rows back to keep them in order

    def close(self) -> None:
        self._connection.close()

    def read(self, file: Path, name: str) -> dict[str, str]:
        self._file, place = file, self._folder / name
        place.mkdir()
        parts = sorted(file.rglob("*.parquet")) if file.is_dir() else [file]
        if not parts:
            raise BadFile(where=Where(str(file)), reason=Title("目录中没有 .parquet 文件", "no .parquet file is in it"))
        for at, part in enumerate(parts):  # under names in which nothing stands for other names
            (place / f"{at:06}.parquet").symlink_to(part.absolute())
        self._run(f"CREATE VIEW {_quoted(name)} AS SELECT * FROM read_parquet({_text(str(place / '*.parquet'))})", True)
        return {row[0]: row[1].upper() for row in self.rows(f"DESCRIBE {_quoted(name)}")}

    def hold(self, relation: Relation) -> None:
        columns = ", ".join(f"{_quoted(name)} {type}" for name, type in self._types(relation))
        self._run(f"CREATE OR REPLACE TABLE {_quoted(relation.name)} ({columns})")
        self.add(relation)

    def add(self, relation: Relation) -> None:
        if relation.rows:
            values = [list(column) for column in zip(*_stored(relation, self.dialect), strict=True)]
            given = ", ".join(f"unnest(CAST(? AS {type}[]))" for _, type in self._types(relation))
            self._run(f"INSERT INTO {_quoted(relation.name)} SELECT {given}", values=values)

    def _types(self, relation: Relation) -> list[tuple[str, str]]:
        return [(name, sql.type_of(kind, self.dialect)) for name, kind in relation.columns.items()]

    def define(self, name: str, query: str) -> None:
        self._run(f"CREATE OR REPLACE VIEW {_quoted(name)} AS {query}")

    def keep(self, name: str, query: str) -> None:
        self._run(f"CREATE OR REPLACE TABLE {_quoted(name)} AS {query}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return list(self._run(query).fetchall())

    def pages(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        with self._connection.cursor() as cursor:  # which goes on while others are asked
            found = self._run(query, cursor=cursor)
            while some := found.fetchmany(_PAGE):
                yield some

    def write(self, query: str, file: Path) -> None:
        self._run(f"COPY ({query}) TO {_text(str(file))} (FORMAT parquet)")

    def _run(self, statement: str, opening: bool = False, values: Any = None, cursor: Any = None) -> Any:
        try:
            return (cursor or self._connection).execute(statement, values)
        except self._error as error:
            raise _unread(self._file, opening, error) from error


class Spark:
    """Spark by PySpark: in this process, or on the cluster that `master` names."""

    dialect = "spark"

    def __init__(self, folder: Path, master: str = "local[*]") -> None:
        try:
            from py4j.protocol import Py4JJavaError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ModuleNotFoundError as error:
            raise not_installed(error.name, "spark") from error
        self._error, self._folder = (PySparkException, Py4JJavaError), folder
        self._file: Path | None = None
        self._held: dict[str, Any] = {}
        settings = {
            **sql.SPARK,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.local.dir": str(folder),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        if master.startswith("local"):
            settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        builder = SparkSession.builder.master(master).appName("guikou")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("ERROR")

    def close(self) -> None:
        self._session.stop()

    def read(self, file: Path, name: str) -> dict[str, str]:
        self._file = file
        with self._errors(opening=True):
            found = self._session.read.parquet(_MEANT.sub(r"\\\g<0>", str(file.absolute())))
        found.createOrReplaceTempView(name)
        return {column: type.upper() for column, type in found.dtypes}

    def hold(self, relation: Relation) -> None:
        columns = ", ".join(
            f"`{name}` {sql.type_of(kind, self.dialect).replace('TEXT', 'STRING')}"
            for name, kind in relation.columns.items()
        )
        rows = [tuple(row) for row in _stored(relation, self.dialect)]
        with self._errors():
            made = self._session.createDataFrame(rows, columns)
            self._held[relation.name] = made
            made.createOrReplaceTempView(relation.name)

    def add(self, relation: Relation) -> None:
        before = self._held[relation.name]
        self.hold(relation)
        self._held[relation.name] = before.unionAll(self._held[relation.name])
        self._held[relation.name].createOrReplaceTempView(relation.name)

    def define(self, name: str, query: str) -> None:
        with self._errors():
            self._session.sql(query).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        place = self._folder / f"kept-{len(list(self._folder.iterdir()))}"
        with self._errors():
            self._session.sql(query).write.parquet(str(place))
        self._session.read.parquet(str(place)).createOrReplaceTempView(name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._errors():
            return [tuple(row) for row in self._session.sql(query).collect()]

    def pages(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        with self._errors():
            found = (tuple(row) for row in self._session.sql(query).toLocalIterator())
            while some := list(islice(found, _PAGE)):
                yield some

    def write(self, query: str, file: Path) -> None:
        """One file, as the other engine writes: what the executors wrote is put together."""
        place = self._folder / "written"
        with self._errors():
            self._session.sql(query).coalesce(1).write.mode("overwrite").parquet(str(place))
        (part,) = place.glob("*.parquet")
        shutil.copyfile(part, file)

    @contextmanager
    def _errors(self, opening: bool = False) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise _unread(self._file, opening, getattr(error, "java_exception", error)) from error


@contextmanager
def opened(engine: str, folder: Path, master: str | None = None) -> Iterator[Engine]:
    """An engine, which keeps what it must outside memory in a folder. Raises NotInstalled."""
    if engine == "spark":
        found: Duck | Spark = Spark(folder, master) if master else Spark(folder)
    else:
        found = Duck(folder)
    try:
        yield found
    finally:
        found.close()


def _stored(relation: Relation, dialect: str) -> Iterable[Sequence[Any]]:
    kinds = relation.columns.values()
    for row in relation.rows:
        yield [sql.stored(value, kind, dialect) for value, kind in zip(row, kinds, strict=True)]


def _unread(file: Path | None, opening: bool, error: object) -> BadFile:
    said = str(error).strip().partition("\n")[0]
    zh = "不是完整的 Parquet 文件" if opening else f"内容无法读取或计算（{said}）"
    en = f"it is no whole Parquet file: {said}" if opening else f"what is in it can't be read or computed: {said}"
    return BadFile(where=Where(os.fspath(file)) if file is not None else None, reason=Title(zh, en))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
