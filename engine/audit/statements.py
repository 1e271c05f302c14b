"""What is stated about the record, one statement after the other, each signed and chained to the one before: which key
signs from now on, that one is revoked, and how all events so far were (a seal: the head of their Merkle tree)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..cases.canonical import canonical
from ..cases.events import GENESIS
from ..dates.instants import instant_text
from ..text import Title, brief

KEY, REVOKED, SEAL = KINDS = ("key", "revocation", "seal")
#: Whether a signature (hexadecimal) is that of a text by the key with this public half (32 bytes, hexadecimal).
Verified = Callable[[str, bytes, str], bool]


def key_id(public: str) -> str:
    """What a key is called: the first 16 digits of the SHA-256 of its public half (given, and hashed, as bytes)."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, made at an instant (UTC), signed by a `key`; `previous` is the hash of the one before.

    `kind` is 'key' (`content`: its `id` and `public` half), 'revocation' (the key's `id`, and why) or 'seal': how many
    events there are (`size`), the `root` of the Merkle tree over their hashes, its `peaks`, the SHA-256 of which event
    of which case was the last (`heads`), that of each policy's files (`policies`) and of the `requests`, `notices` and
    `imports` since.
    """

    number: int
    kind: str
    at: datetime
    key: str
    previous: str
    content: Mapping[str, Any]
    signature: str = ""

    __repr__ = brief("number", "kind", "at")

    @property
    def text(self) -> bytes:
        """What is signed, in canonical form."""
        own = {name: getattr(self, name) for name in ("number", "kind", "at", "key", "previous", "content")}
        return canonical(own)

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text).hexdigest()

    @property
    def size(self) -> int:
        """Of a seal, how many events it closes."""
        return int(self.content["size"])

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it, with its signature."""
        return {
            "number": self.number, "kind": self.kind, "at": instant_text(self.at), "key": self.key,
            "previous": self.previous, "content": dict(self.content), "signature": self.signature,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Statement:
        """What `to_dict` wrote. Raises KeyError, TypeError and ValueError for what it can't have written."""
        made = cls(
            number=written["number"],
            kind=written["kind"],
            at=datetime.fromisoformat(written["at"]),
            key=written["key"],
            previous=written["previous"],
            content=written["content"],
            signature=written["signature"],
        )
        if (
            type(made.number) is not int
            or made.kind not in KINDS
            or not isinstance(made.content, Mapping)
            or made.to_dict() != dict(written)
        ):
            raise ValueError("it is no statement")
        return made


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs, or did: from when on, until another took its place, whether it was revoked, when and why.
    `by` is the key that vouches for it; None for one that must be compared with what was published. `number` is that of
    the statement that it signs from then on."""

    id: str
    public: str
    since: datetime
    by: str | None = None
    until: datetime | None = None
    revoked: datetime | None = None
    because: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the statement of a number."""

    number: int
    what: Title


def keys_of(statements: Iterable[Statement]) -> dict[str, Key]:
    """Every key that they name, by its id, in the order in which they were made."""
    found: dict[str, Key] = {}
    current: str | None = None
    for one in statements:
        if one.kind == KEY:
            if current is not None:
                found[current] = replace(found[current], until=one.at)
            by = current if one.key == current else None
            current = str(one.content["id"])
            found[current] = Key(current, str(one.content["public"]), one.at, by, number=one.number)
        elif one.kind == REVOKED and (id := str(one.content["id"])) in found:
            found[id] = replace(found[id], revoked=one.at, because=str(one.content.get("reason", "")))
            current = None if id == current else current
    return found


def current_key(statements: Iterable[Statement]) -> Key | None:
    """The key that signs now."""
    return next((one for one in keys_of(statements).values() if one.until is None and one.revoked is None), None)


def faults(statements: Iterable[Statement], verified: Verified) -> Iterator[Fault]:
    """All that is wrong with them, one by one: of what is said of the others where they hold together."""
    before: Statement | None = None
    said: list[Statement] = []
    for place, one in enumerate(statements, 1):
        wrong = _wrong(one, place, before, said, verified)
        if wrong is not None:
            yield Fault(one.number, wrong)
        before = one
        said.append(one)


def _wrong(
    one: Statement, place: int, before: Statement | None, said: list[Statement], verified: Verified
) -> Title | None:
    if one.number != place:
        return Title(f"缺少第 {place} 号", f"no. {place} is missing")
    if one.previous != (before.hash if before is not None else GENESIS):
        return Title("与前一号不相连", "it does not follow from the one before")
    if before is not None and one.at < before.at:
        return Title("早于前一号", "it is earlier than the one before")
    try:
        return _unsigned(one, said, verified) or (_unlike(one, said) if one.kind == SEAL else None)
    except (KeyError, TypeError, ValueError):
        return Title("无法读取", "it can't be read")


def _unsigned(one: Statement, said: list[Statement], verified: Verified) -> Title | None:
    """What is wrong with who signed it, and with the signature."""
    current = current_key(said)
    public = current.public if current is not None else ""
    signer = current.id if current is not None else None
    if one.kind == KEY:
        if key_id(one.content["public"]) != one.content["id"]:
            return Title("密钥与其编号不符", "the key is not the one that its id names")
        if current is None:
            public, signer = one.content["public"], one.content["id"]
    if one.kind == REVOKED and one.content["id"] not in keys_of(said):
        return Title("撤销的密钥不存在", "there is no such key to revoke")
    if one.key != signer:
        return Title(f"由 {one.key} 签名，而非当时的密钥", f"it is signed by {one.key}, not by the key of that time")
    return None if verified(public, one.text, one.signature) else Title("签名不符", "the signature is wrong")


def _unlike(one: Statement, said: list[Statement]) -> Title | None:
    """What is wrong with a seal."""
    last = next((seal for seal in reversed(said) if seal.kind == SEAL), None)
    if last is not None and one.size < last.size:
        return Title("事件比前一次封存少", "it closes fewer events than the seal before")
    return None
