"""Help fits a terminal: what is too long for a line is broken where a reader, or a shell, expects it."""

import shlex

import pytest

from guikou.adapters.cli.help import Formatter, width


def written(text, columns):
    formatter = Formatter(width=columns)
    formatter.write_text(text)
    return formatter.getvalue()


@pytest.mark.parametrize("columns", [50, 78])
@pytest.mark.parametrize(
    "command",
    [
        "guikou meet 52110105MJ0123456N 年度检查 --outcome 合格 -e 年检报告书=2016-1 --as 朝阳区委教育工作委员会",
        "guikou facts A b=1 --reason 'checked at the inspection' --dry-run --as x",
        "guikou policy diagram x --routing --format dot | dot -Tsvg -o routing.svg",
    ],
)
def test_a_command_is_broken_as_a_shell_reads_it(command, columns):
    text = written(f"\b\nExample:\n  {command}", columns)
    lines = text.splitlines()[1:]
    assert shlex.split(text.partition("\n")[2].replace("\\\n", " ")) == shlex.split(command)
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert all(width(line) <= columns for line in lines)
    for line in lines:  # an option stands with its value
        assert not line.removesuffix(" \\").endswith(("--reason", "--outcome", "-e", "--as", "--format"))


def test_what_fits_stays_as_it_is():
    assert written("\b\nExample:\n  guikou list --stage build", 78) == "Example:\n  guikou list --stage build\n"


def test_choices_are_broken_between_them():
    formatter = Formatter(width=50)
    formatter.write_dl([("--part [summary|facts|tables|workflows|bodies|areas]", "which part")])
    lines = formatter.getvalue().splitlines()
    assert all(width(line) <= 50 for line in lines)
    told = "".join(line.strip() for line in lines)
    assert told.replace(" ", "") == "--part[summary|facts|tables|workflows|bodies|areas]whichpart"
