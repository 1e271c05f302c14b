"""completion: the shell's script."""

from __future__ import annotations

import click

from .help import LANGUAGES
from .language import t
from .names import Words


@click.command("completion", help=t(
    "输出命令补全脚本。\n\n\b\n示例：\n  eval \"$(guikou completion bash)\"",
    "Print the shell's completion script.\n\n\b\nExample:\n  eval \"$(guikou completion bash)\"",
))  # fmt: skip
@click.option("--lang", type=Words(LANGUAGES), expose_value=False, help=t("语言", "language"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    root = ctx.find_root().command
    click.echo(found(root, {}, "guikou", "_GUIKOU_COMPLETE").source())
