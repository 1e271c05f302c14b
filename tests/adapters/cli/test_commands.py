"""Every command is found in the module that is named for it, and is imported only when it is called."""

import subprocess
import sys

import click
import pytest

from guikou.adapters.cli.commands import COMMANDS, LazyGroup, root


def commands(group, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        assert command.name == name
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


FOUND = dict(commands(root()))


def test_the_groups_know_all_their_commands():
    assert {path[0] for path in FOUND} == set(COMMANDS)
    assert {path[1] for path in FOUND if path[0] == "policy" and path[1:]} == {
        "activate", "check", "diagram", "diff", "mutate", "schema", "show", "test", "try",
    }  # fmt: skip
    assert root().get_command(None, "nope") is None


@pytest.mark.parametrize("path", [path for path, one in FOUND.items() if not isinstance(one, click.Group)])
def test_a_command_takes_the_language_and_has_help(path):
    command = FOUND[path]
    assert "--lang" in {word for one in command.params for word in one.opts}
    assert command.help


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["completion", "bash"]])
def test_help_starts_at_once(words):
    heavy = "{'sqlalchemy', 'sqlmodel', 'pydantic', 'yaml', 'rich', 'transitions', 'guikou.engine.errors'}"
    code = f"import sys; from guikou.adapters.cli import run; run({words}); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_group_that_is_asked_for_one_command_imports_no_other():
    code = (
        "import sys; from guikou.adapters.cli import run; run(['policy', 'schema', '--help']);"
        "print(sorted(one for one in sys.modules if one.startswith('guikou.adapters.cli.policy.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "['guikou.adapters.cli.policy.export', 'guikou.adapters.cli.policy.group']"
    assert issubclass(LazyGroup, click.Group)
