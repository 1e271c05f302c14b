"""audit: seals over the record, the keys that sign them, what was changed since, and proofs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.audit.statements import SEAL, Statement, keys_of
from guikou.engine.cases.events import EVENT_TITLES
from guikou.engine.errors import BadProof, BadSeals, GuikouError, Where, WrongUsage
from guikou.engine.policy.files.documents import read_bytes
from guikou.engine.text import Title

from . import names, options
from .language import t
from .output import check
from .render import Column, print_json, print_rows
from .session import Session, with_session

if TYPE_CHECKING:
    from ..keys import Signer
    from ..notices.channels import JsonLines, Webhook

#: The environment's variable with the passphrase of a key's file: on a command line, others could read it.
PASSPHRASE = "GUIKOU_KEY_PASSPHRASE"
_NUMBER = Column("number", "声明号", "statement", right=True)
#: No file of seals is larger, in bytes.
_LARGEST = 100_000_000
_FILE = click.Path(path_type=Path, dir_okay=False)
_key = click.option(
    "--key",
    "key_file",
    type=_FILE,
    envvar="GUIKOU_KEY",
    metavar=t("文件", "FILE"),
    required=True,
    help=t("签名密钥的文件（或环境变量 GUIKOU_KEY）", "the file of the key that signs (or GUIKOU_KEY)"),
)
_to = click.option(
    "--to",
    multiple=True,
    metavar="file:PATH|https://...",
    help=t("另送到数据库所有者改不到之处，可多次", "send it besides to where the database's owner can't change it"),
)


@click.group("audit", help=t("封存、验证与证明全部事件。", "Seal the record, verify it, prove what it holds."))
def audit_command() -> None:
    pass


@audit_command.command("key", help=t(
    "生成签名密钥（Ed25519），自此由它签名：私钥写入该文件（仅本人可读），公钥记入数据库。已有密钥时须以 --old-key 由旧密钥签名交接。环境变量 GUIKOU_KEY_PASSPHRASE 若有值，私钥以其为口令加密。\n\n\b\n示例：\n  guikou audit key seal-2026.pem\n  guikou audit key seal-2027.pem --old-key seal-2026.pem",
    "Make a key (Ed25519) that signs from now on: its private half goes to the file, which only its owner may read, the public half to the database. Where there is a key already, that one signs the change (--old-key). With GUIKOU_KEY_PASSPHRASE set, the file is encrypted.\n\n\b\nExamples:\n  guikou audit key seal-2026.pem\n  guikou audit key seal-2027.pem --old-key seal-2026.pem",
))  # fmt: skip
@click.argument("file", type=_FILE, metavar=t("文件", "FILE"))
@click.option(
    "--old-key", type=_FILE, metavar=t("文件", "FILE"), help=t("当前密钥的文件", "the file of the key so far")
)
@with_session(writes=True, formats=("table",))
def key_command(session: Session, file: Path, old_key: Path | None) -> None:
    from ..keys import new_key

    old = _signer(old_key) if old_key is not None else None
    session.store.sealing.may_begin(old)
    made = new_key(file, os.environ.get(PASSPHRASE))
    try:
        begun = session.store.sealing.begin_key(made, old)
    except GuikouError:
        file.unlink()  # it signs nothing, and would be in the way of the next try
        raise
    click.echo(t(f"密钥 {made.id}，公钥 {made.public}", f"key {made.id}, public half {made.public}"))
    _number(begun)
    click.echo(
        t(
            "请将公钥公布于数据库之外；私钥文件请妥善保管，不要与数据库放在一起",
            "publish the public half outside of the database; keep the file safe, and not beside the database",
        ),
        err=True,
    )


@audit_command.command("keys", help=t(
    "列出全部签名密钥：何时启用、停用、撤销，由谁担保。\n\n\b\n示例：\n  guikou audit keys --format json -o keys.json",
    "List all keys: since when each signs, until when, whether it was revoked, and which one vouches for it.\n\n\b\nExample:\n  guikou audit keys --format json -o keys.json",
))  # fmt: skip
@with_session()
def keys_command(session: Session) -> None:
    columns = [
        _NUMBER, Column("id", "密钥", "key", whole=True), Column("public", "公钥", "public half", whole=True),
        session.timed(Column("since", "启用", "since")), session.timed(Column("until", "停用", "until")),
        session.timed(Column("revoked_at", "撤销", "revoked on")), Column("because", "原因", "because"),
        Column("by", "担保", "vouched for by"),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.id, one.public, session.local(one.since), session.local(one.until), session.local(one.revoked),
            one.because, one.by,
        ]
        for one in keys_of(session.store.sealing.statements()).values()
    ]  # fmt: skip
    print_rows(session, columns, rows, empty=t("尚无密钥", "there is no key yet"))


@audit_command.command("revoke", help=t(
    "撤销一把密钥：此后其签名不再可信。\n\n\b\n示例：\n  guikou audit revoke 3f2a9c0d11e4b756 --key seal-2027.pem --reason 存放密钥的电脑失窃",
    "Revoke a key: it may not be trusted from now on.\n\n\b\nExample:\n  guikou audit revoke 3f2a9c0d11e4b756 --key seal-2027.pem --reason 'the computer was stolen'",
))  # fmt: skip
@click.argument("id", metavar=t("密钥", "KEY"))
@_key
@options.reason_required
@with_session(writes=True, formats=("table",))
def revoke_command(session: Session, id: str, key_file: Path, reason: str) -> None:
    made = session.store.sealing.revoke(id, _signer(key_file), reason)
    click.echo(t(f"第 {made.number} 号声明：密钥 {id} 已撤销", f"statement no. {made.number}: the key {id} is revoked"))


@audit_command.command("seal", help=t(
    "封存迄今全部事件：其默克尔树（RFC 9162）的根由密钥签名，并与上一次封存相连。输出一行，可抄入纸质登记簿。\n\n\b\n示例：\n  guikou audit seal --key seal-2026.pem\n  guikou audit seal --key seal-2026.pem --to file:/mnt/registry/seals.jsonl",
    "Close all events so far: the root of their Merkle tree (RFC 9162) is signed, and chained to the seal before. It prints one line, for a register on paper.\n\n\b\nExamples:\n  guikou audit seal --key seal-2026.pem\n  guikou audit seal --key seal-2026.pem --to file:/mnt/registry/seals.jsonl",
))  # fmt: skip
@_key
@_to
@with_session(writes=True, formats=("table", "json"))
def seal_command(session: Session, key_file: Path, to: Sequence[str]) -> int:
    places = _places(session, to)  # before anything is sealed that then could not be sent
    made = session.store.sealing.seal(_signer(key_file))
    if session.format == "json":
        print_json(session, made.to_dict() if made is not None else None)
    elif made is not None:
        click.echo(line(made))
    seals = [one.number for one in session.store.sealing.statements() if one.kind == SEAL]
    if made is not None:
        failed = _send([made], places)
        if not failed and len(seals) == 1 and session.format != "json":
            _number(made)  # whose number may astonish
        return failed
    if session.format != "json":
        click.echo(t("上次封存之后没有新的内容", "nothing is new since the last seal"))
    if to and seals:
        click.echo(
            t(f"上次封存是第 {seals[-1]} 号，未再送出；需要时请重送：guikou audit publish --from {seals[-1]} --to …",
              f"the last seal is no. {seals[-1]}, and was not sent again; where it is missing: guikou audit publish --from {seals[-1]} --to ..."),
            err=True,
        )  # fmt: skip
    return 0


def _number(made: Statement) -> None:
    """Says which number a statement has: a seal may not have the next after the last seal's."""
    click.echo(
        t(f"这是第 {made.number} 号声明（密钥、撤销和封存连续编号）",
          f"this is statement no. {made.number} (keys, revocations and seals are numbered together)"),
        err=True,
    )  # fmt: skip


def line(seal: Statement) -> str:
    """A seal in one line."""
    one = seal.to_dict()
    return f"guikou-seal {seal.number} {one['at']} {seal.size} {seal.content['root']} {seal.key} {seal.signature}"


@audit_command.command("seals", help=t(
    "列出全部封存。\n\n\b\n示例：\n  guikou audit seals",
    "List all seals.\n\n\b\nExample:\n  guikou audit seals",
))  # fmt: skip
@with_session()
def seals_command(session: Session) -> None:
    columns = [
        _NUMBER, session.timed(Column("at", "时间", "at")),
        Column("size", "事件数", "events", right=True), Column("new", "新增", "new", right=True),
        Column("root", "根", "root"), Column("key", "密钥", "key", whole=True),
    ]  # fmt: skip
    seals = [one for one in session.store.sealing.statements() if one.kind == SEAL]
    rows = [
        [one.number, session.local(one.at), one.size, one.content["events"], one.content["root"], one.key]
        for one in seals
    ]
    print_rows(session, columns, rows, empty=t("尚未封存", "nothing is sealed yet"))


@audit_command.command("publish", help=t(
    "把签名的声明（密钥、撤销、封存）送到数据库之外：追加到文件，或投递到网址；默认为全部。\n\n\b\n示例：\n  guikou audit publish --to file:/mnt/registry/seals.jsonl\n  guikou audit publish --from 12 --to https://registry.example/seals",
    "Send the signed statements (keys, revocations, seals) to outside of the database: to the end of a file, or to a URL; all of them by default.\n\n\b\nExamples:\n  guikou audit publish --to file:/mnt/registry/seals.jsonl\n  guikou audit publish --from 12 --to https://registry.example/seals",
))  # fmt: skip
@_to
@click.option(
    "--from",
    "first",
    type=click.IntRange(1, options.MOST),
    default=1,
    metavar="N",
    help=t("从第几号起", "from which number on"),
)
@with_session(formats=("table",))
def publish_command(session: Session, to: Sequence[str], first: int) -> int:
    if not to:
        raise WrongUsage(reason_en="say where to, with --to", reason_zh="请用 --to 给出去处")
    places = _places(session, to)
    said = [one for one in session.store.sealing.statements() if one.number >= first]
    failed = _send(said, places)
    if not failed:
        click.echo(t(f"已送出 {len(said)} 条声明", f"{len(said)} statements sent"))
    return failed


def _places(session: Session, to: Sequence[str]) -> list[JsonLines | Webhook]:
    """Where statements go. Raises BadChannel, NotSaved, and WrongUsage for what takes notices only."""
    from ..notices.channels import JsonLines, Webhook, channel

    found: list[JsonLines | Webhook] = []
    for address in to:
        where = channel(address, {}, "en", click.echo, db=session.db) if ":" in address else None
        if isinstance(where, JsonLines):
            check(address.removeprefix("file:"), "jsonl", session.db)
        if not isinstance(where, JsonLines | Webhook):
            raise WrongUsage(
                reason_en=f"--to takes file:PATH or https://..., not '{address}'",
                reason_zh=f"--to 应为 file:路径 或 https://…，不能是 “{address}”",
            )
        found.append(where)
    return found


def _send(said: Sequence[Statement], places: Sequence[JsonLines | Webhook]) -> int:
    """Send statements; 1 where somebody did not take them."""
    from ..notices.channels import JsonLines
    from ..notices.messages import NotDelivered, Unreachable

    failed = 0
    for where in places:
        try:
            for one in said:
                if isinstance(where, JsonLines):
                    where.put(one.to_dict())
                else:
                    where.post(one.to_dict(), one.hash)
        except (NotDelivered, Unreachable) as error:
            failed = 1
            number = said[0].number
            click.echo(
                t(f"[not-delivered] 未送达：{error.title.zh}；声明已记入数据库，请重送：guikou audit publish --from {number} --to …", f"[not-delivered] not sent: {error.title.en}; the statement is kept in the database, send it again: guikou audit publish --from {number} --to ..."),
                err=True,
            )  # fmt: skip
    return failed


@audit_command.command("verify", help=t(
    "一遍核对全部历史：每个事件与其摘要、前后相连、所属封存，政策文本，请求记录，签名；列出每处改动及其位置。--against 与数据库之外保存的封存比对。\n\n退出码：0 完好；1 有改动。\n\n\b\n示例：\n  guikou audit verify\n  guikou audit verify --against /mnt/registry/seals.jsonl",
    "Check the whole history in one pass: each event against its hash, its chain and its seal, the texts of policies, what is kept of requests, the signatures; every change is listed with its place. --against compares with seals that were kept outside.\n\nExit code: 0 all is as it was; 1 something was changed.\n\n\b\nExamples:\n  guikou audit verify\n  guikou audit verify --against /mnt/registry/seals.jsonl",
))  # fmt: skip
@click.option(
    "--against",
    type=_FILE,
    multiple=True,
    metavar=t("文件", "FILE"),
    help=t("在外保存的声明，每行一条", "statements kept outside, one a line"),
)
@with_session()
def verify_command(session: Session, against: Sequence[Path]) -> int:
    from ..keys import verified

    kept = [(path, _read(path)) for path in against]
    audit = session.store.audit(verified)
    said = session.store.sealing.statements()
    with click.progressbar(
        length=audit.count(), label=t("核对", "checking"), file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as shown:
        rows = [[one.case, one.seq, one.seal, one.code, one.what] for one in audit.findings(shown.update)]
    rows += [row for _, own in kept for row in _otherwise(own, said)]
    columns = [
        Column("case", "案卷", "case", whole=True), Column("seq", "事件", "event", right=True),
        Column("statement", "声明", "statement", right=True), Column("code", "代码", "code", whole=True),
        Column("what", "改动", "what was changed"),
    ]  # fmt: skip
    checked = audit.checked
    if rows or session.format != "table":
        print_rows(session, columns, rows, t("与所记录的不一致", "Not as it was recorded"))
    seals = sum(one.kind == SEAL for one in said)
    click.echo(
        t(
            f"核对了 {checked.cases} 件案卷的 {checked.events} 个事件、{seals} 次封存，其中 {checked.unsealed} 个事件尚未封存；{len(rows)} 处改动",
            f"{checked.events} events of {checked.cases} cases and {seals} seals were checked, {checked.unsealed} events not sealed yet; changed: {len(rows)}",
        ),
        err=session.format != "table",
    )
    for path, own in kept:
        missing = _not_kept(own, said)
        if missing:
            numbers = ", ".join(map(str, missing))
            click.echo(
                t(f"{path} 中没有第 {numbers} 号声明，对它们不能比对；补送：guikou audit publish --from {missing[0]} --to file:{path}",
                  f"{path} lacks the statements no. {numbers}, which could not be compared; send them: guikou audit publish --from {missing[0]} --to file:{path}"),
                err=True,
            )  # fmt: skip
    if not against and seals and not rows:
        click.echo(
            t(
                "整体重做的数据库只有与在外保存的封存比对才能发现：--against",
                "a database that was made anew as a whole is only found against seals kept outside: --against",
            ),
            err=True,
        )
    return 1 if rows else 0


def _read(path: Path) -> list[tuple[int, Mapping[str, Any] | str]]:
    """The statements of a file, each with its line: as JSON, or as the line that `seal` prints. Raises BadSeals."""
    found: list[tuple[int, Mapping[str, Any] | str]] = []
    for number, text in enumerate(_text(path).splitlines(), 1):
        if not text.strip():
            continue
        if text.startswith("guikou-seal "):
            found.append((number, text.strip()))
            continue
        try:
            found.append((number, Statement.from_dict(json.loads(text)).to_dict()))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise BadSeals(
                file=str(path), line=number, reason_en="it is no statement", reason_zh="不是签名的声明"
            ) from error
    return found


def _text(path: Path) -> str:
    try:
        return read_bytes(path, _LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSeals(file=str(path), line=1, reason_en="it is no UTF-8 text", reason_zh="不是 UTF-8 文本") from error


def _otherwise(own: Iterable[tuple[int, Mapping[str, Any] | str]], said: Sequence[Statement]) -> list[list[Any]]:
    """What was kept outside and isn't so here."""
    here = {json.dumps(one.to_dict(), sort_keys=True) for one in said} | {line(one) for one in said if one.kind == SEAL}
    rows: list[list[Any]] = []
    for number, one in own:
        text = one if isinstance(one, str) else json.dumps(one, sort_keys=True)
        if text not in here:
            of = text.split()[1] if isinstance(one, str) else one["number"]
            what = Title(
                f"在外保存的第 {number} 行声明在此不存在，或与此不同",
                f"the statement kept outside in line {number} is not here, or is another",
            )
            rows.append([None, None, int(of) if str(of).isdigit() else None, "not-here", what])
    return rows


def _not_kept(own: Iterable[tuple[int, Mapping[str, Any] | str]], said: Sequence[Statement]) -> list[int]:
    """The numbers of the statements that a file of kept ones lacks; in one of seals alone keys are not missed."""
    there = [one.split()[1] if isinstance(one, str) else str(one["number"]) for _, one in own]
    seals_only = all(isinstance(one, str) for _, one in own)
    return [one.number for one in said if str(one.number) not in there and (one.kind == SEAL or not seals_only)]


@audit_command.command("prove", help=t(
    "给出证明（JSON），无须数据库即可验证：某一事件在某次封存之内；或 --between：后一次封存完整包含前一次。验证用 guikou audit confirm，或源代码中独立的 examples/verify_proof.py。\n\n\b\n示例：\n  guikou audit prove 52110105MJ0700001M 3 -o proof.json\n  guikou audit prove --between 2 5",
    "Give a proof (JSON) that can be verified without the database: that an event is within a seal; or, with --between, that a seal contains an earlier one whole. It is verified by guikou audit confirm, or, by itself, by examples/verify_proof.py of the sources.\n\n\b\nExamples:\n  guikou audit prove 52110105MJ0700001M 3 -o proof.json\n  guikou audit prove --between 2 5",
))  # fmt: skip
@click.argument("case", required=False, type=names.CASE, metavar=t("[案卷]", "[CASE]"))
@click.argument("seq", required=False, type=click.IntRange(1, options.MOST), metavar=t("[事件]", "[EVENT]"))
@click.option(
    "--seal",
    "number",
    type=click.IntRange(1, options.MOST),
    metavar="N",
    help=t("第几号封存（默认为最近一次）", "within which seal (default: the last)"),
)
@click.option(
    "--between",
    nargs=2,
    type=click.IntRange(1, options.MOST),
    metavar="N M",
    help=t("两次封存之间", "between two seals"),
)
@with_session(formats=("json",))
def prove_command(
    session: Session, case: str | None, seq: int | None, number: int | None, between: tuple[int, int] | None
) -> None:
    from ..keys import verified

    audit = session.store.audit(verified)
    if between is not None and case is None and number is None:
        print_json(session, audit.prove_between(*between))
    elif between is None and case is not None and seq is not None:
        print_json(session, audit.prove(session.supervision.get(case).case.id, seq, number))
    else:
        raise WrongUsage(
            reason_en="give a case and the number of its event, or --between N M",
            reason_zh="请给出案卷及其事件号，或 --between N M",
        )


@audit_command.command("confirm", help=t(
    "验证一份证明（audit prove 所给的 JSON），不用数据库：签名须出自所给的公钥（guikou audit keys 所列，以公布的为准）。\n\n退出码：0 成立；1 不成立。\n\n\b\n示例：\n  guikou audit confirm proof.json d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "Verify a proof (the JSON that audit prove gives), without the database: it must be signed by one of the public keys given (guikou audit keys; take them from where they were published).\n\nExit code: 0 it holds; 1 it doesn't.\n\n\b\nExample:\n  guikou audit confirm proof.json d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
))  # fmt: skip
@click.argument(
    "proof", metavar=t("证明", "PROOF"), type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
@click.argument("keys", nargs=-1, required=True, metavar=t("公钥...", "KEY..."))
@with_session(formats=("table", "json"), dated=False)
def confirm_command(session: Session, proof: Path, keys: tuple[str, ...]) -> None:
    from guikou.engine.audit.proofs import proved

    from ..keys import verified

    try:
        given = json.loads(read_bytes(proof, _LARGEST).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadProof(where=Where(str(proof))) from error
    found = proved(given, [one.lower() for one in keys], verified)
    numbers = [one["number"] for one in found.seals]
    if session.format == "json":
        print_json(session, {"proved": True, "event": found.event, "seals": numbers})
    elif found.event is not None:
        case, seq, day = found.event["case"], found.event["seq"], found.event["at"][:10]
        kind = EVENT_TITLES.get(found.event["kind"], Title(found.event["kind"], found.event["kind"]))
        click.echo(
            t(f"成立：{case} 第 {seq} 号事件（{kind.zh}，{day}）在第 {numbers[0]} 号封存之内",
              f"it holds: event no. {seq} of {case} ({kind.en}, {day}) is within seal no. {numbers[0]}")
        )  # fmt: skip
    else:
        click.echo(
            t(f"成立：第 {numbers[1]} 号封存完整包含第 {numbers[0]} 号",
              f"it holds: seal no. {numbers[1]} contains no. {numbers[0]} whole")
        )  # fmt: skip


def _signer(file: Path) -> Signer:
    from ..keys import read_key

    return read_key(file, os.environ.get(PASSPHRASE))
