"""What is asked at a terminal before it is done."""

from __future__ import annotations

import click

from .language import t

#: What an answer may be, in every language: whoever types Chinese has no y at hand.
_ANSWERS = {
    "": False,
    **dict.fromkeys(("y", "yes", "是", "是的"), True),
    **dict.fromkeys(("n", "no", "否", "不"), False),
}


def confirmed(question: str) -> bool:
    """Whether it is to be done; asked on standard error until that is said, and not to be where nothing is."""
    answer = click.prompt(
        question + t("（是/否，默认为否）", " [y/N]"),
        default="",
        show_default=False,
        prompt_suffix=t("：", ": "),
        value_proc=_read,
        err=True,
    )
    if answer is not True:
        click.echo(t("未办理", "not done"), err=True)
    return answer is True


def _read(text: str) -> bool:
    from guikou.engine.text import folded

    said = _ANSWERS.get(folded(text))
    if said is None:
        raise click.UsageError(t(f"“{text}” 不是回答；请答 是 或 否", f"'{text}' is no answer; say yes or no"))
    return said
