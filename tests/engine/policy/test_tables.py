"""A policy's tables."""

from guikou.engine import parse


def test_a_table_says_where_it_is_declared(beijing):
    for name, table in parse(beijing.files).tables.items():
        assert table.name == table.decision.name == name
        assert list(table.outputs) == list(table.decision.outputs)
        assert table.where.file == table.decision.file
        text = beijing.files[table.where.file].splitlines()
        assert name in text[table.where.line - 1] or text[0].startswith("hit,")


def test_rows_are_numbered_as_they_are_written(beijing):
    for table in beijing.tables.values():
        assert [row.number for row in table.decision.rows] == list(range(1, len(table.decision.rows) + 1))
        lines = [row.line for row in table.decision.rows]
        assert lines == sorted(lines)
