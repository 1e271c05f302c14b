"""policy mutate: a policy changed in one place at a time, and what of it nothing notices."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from guikou.engine import verify
from guikou.engine.errors import Where
from guikou.engine.text import Title, as_json
from guikou.engine.verify.mutants import KINDS, Equivalent, Hunt, Mutant, equivalents, mutants

from .. import language, options
from ..language import counted, t
from ..render import print_json, write
from ..session import Session, with_session
from ..titles import spoken

_BY = {
    "reading": Title("读取时", "when it is read"),
    "proof": Title("证明", "by the proofs"),
    "example": Title("例子", "by an example"),
}


@click.command("mutate", help=t(
    "逐处改动政策（删一行、移界限、颠倒是否……），列出证明和例子都没有发现的改动。\n\n退出码：0 全部被发现；1 有未发现的。\n\n\b\n示例：\n  guikou policy mutate beijing-2015 --n 100 --seed 1",
    "Change a policy in one place at a time (a row dropped, a bound moved, a truth flipped, ...), and list what neither "
    "its proofs nor its examples notice.\n\nExit code: 0 all are noticed; 1 some are not.\n\n\b\nExample:\n  guikou policy mutate beijing-2015 --n 100 --seed 1",
))  # fmt: skip
@options.policy
@click.option(
    "--n",
    "count",
    type=click.IntRange(1, options.MOST),
    default=100,
    show_default=True,
    help=t("多少处改动", "how many"),
)
@click.option("--seed", type=int, default=1, show_default=True, help=t("随机种子", "the seed"))
@with_session(formats=("table", "json"))
def mutate_command(session: Session, policy_name: str | None, count: int, seed: int) -> int:
    policy = session.named(policy_name)
    verify.require(policy)
    every = mutants(policy.files)
    listed = equivalents(policy, every)
    alike = {mutant: one.because for one in listed for mutant in one.mutants}
    hunt, chosen = Hunt(policy), drawn(every, count, seed)
    found: list[tuple[Mutant, str | None]] = []
    hidden = not sys.stderr.isatty()
    with click.progressbar(chosen, label=t("改动", "mutants"), file=sys.stderr, hidden=hidden) as shown:
        for one in shown:
            found.append((one, hunt.found_by(one) or ("equivalent" if one in alike else None)))
    left = [one for one, by in found if by is None]
    same = [(one, alike[one]) for one, by in found if by == "equivalent"]
    for line in _stale(listed, found):
        click.echo(line, err=True)
    if session.format == "json":
        print_json(session, {
            "mutants": len(found), "found": dict(Counter(by for _, by in found if by in _BY)),
            "equivalent": [_as_json(one) | {"because": as_json(why)} for one, why in same],
            "unnoticed": [_as_json(one) for one in left],
        })  # fmt: skip
    else:
        told = [f"{_line(one)}{t('；并无不同：', '; no different: ')}{spoken(why)}" for one, why in same]
        write(session, "\n".join([*told, *(_line(one) for one in left), _sum(found)]) + "\n")
    return 1 if left else 0


def drawn(every: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of some mutants by a seed, of each kind in turn, in the order of files and lines."""
    draw = random.Random(seed)
    by_kind = {kind: [one for one in every if one.kind == kind] for kind in KINDS}
    for some in by_kind.values():
        draw.shuffle(some)
    chosen: list[Mutant] = []
    while len(chosen) < count and any(by_kind.values()):
        chosen += [some.pop() for some in by_kind.values() if some]
    return sorted(chosen[:count], key=lambda one: (one.file, one.line, one.kind, one.now or ""))


def _stale(listed: Sequence[Equivalent], found: Sequence[tuple[Mutant, str | None]]) -> Iterator[str]:
    """What is listed as equivalent and is none of the policy's mutants, or was noticed."""
    noticed = {one for one, by in found if by in _BY}
    for one in listed:
        where = one.where.text(language.LANG)
        if not one.mutants:
            yield t(f"{where}：没有这一改动", f"{where}: there is no such mutant")
        elif noticed.issuperset(one.mutants):
            yield t(f"{where}：这一改动已被发现，不必列出", f"{where}: this mutant is noticed, and need not be listed")


def _as_json(one: Mutant) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "file": one.file,
        "line": one.line,
        "was": one.was.strip(),
        "now": (one.now or "").strip(),
    }


def _line(one: Mutant) -> str:
    now = one.now.strip() if one.now is not None else t("（删去）", "(gone)")
    where = Where(one.file, one.line).text(language.LANG)
    return f"{where}: {spoken(KINDS[one.kind])}: {one.was.strip()} -> {now}"


def _sum(found: Sequence[tuple[Mutant, str | None]]) -> str:
    by = Counter(by for _, by in found)
    told = [t(f"{spoken(title)} {by[key]}", f"{by[key]} {spoken(title)}") for key, title in _BY.items()]
    many = counted(len(found), "mutant", "mutants")
    return t(
        f"{len(found)} 处改动；发现于：{'、'.join(told)}；并无不同 {by['equivalent']}，未发现 {by[None]}",
        f"{many}; found: {', '.join(told)}; {by['equivalent']} no different, {by[None]} unnoticed",
    )
