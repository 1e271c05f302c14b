"""What was proved of a record, looked at without it: a proof says all that it rests on."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ..cases.texts import salted
from ..errors import BadProof, NotProved
from ..text import Title, brief
from .merkle import is_consistent, is_included, leaf_hash
from .statements import Verified


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof proves: that the `event` is within the seal (its content as it was hashed; None: that a seal
    contains an earlier one whole). `seals` are what was signed, the last at the end."""

    event: Mapping[str, Any] | None
    seals: tuple[Mapping[str, Any], ...]

    __repr__ = brief("event")


def proved(proof: Any, keys: Collection[str], verified: Verified) -> Proved:
    """What a proof proves by the public keys that were published. Raises BadProof for what is no proof, and NotProved
    where it does not hold."""
    try:
        path = [bytes.fromhex(one) for one in proof["path"]]
        if "event" in proof:
            seal = _signed(proof["seal"], keys, verified)
            content = seal["content"]
            leaf = leaf_hash(sha256(proof["event"].encode()).digest())
            if not is_included(leaf, int(proof["index"]), content["size"], path, bytes.fromhex(content["root"])):
                raise NotProved(because=Title("该事件不是所封存的那一个", "the event is not the one that was sealed"))
            event = json.loads(proof["event"])
            for place, (salt, text) in proof.get("texts", {}).items():
                if event.get("texts", {}).get(place) != salted(salt, text):
                    raise NotProved(because=Title(f"文字 {place} 不是所记的那一条", f"the text {place} is another"))
            return Proved(event, (seal,))
        old, new = (_signed(one, keys, verified) for one in proof["seals"])
        (first, before), (second, after) = (
            (one["content"]["size"], bytes.fromhex(one["content"]["root"])) for one in (old, new)
        )
        if first and not is_consistent(first, second, before, after, path):
            because = Title("后一次封存不包含前一次的全部", "the later seal does not contain the earlier one whole")
            raise NotProved(because=because)
        return Proved(None, (old, new))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadProof() from error


def _signed(statement: Mapping[str, str], keys: Collection[str], verified: Verified) -> Mapping[str, Any]:
    """What was stated and signed by one of the keys. Raises NotProved."""
    if statement["public"] not in keys:
        because = Title("签名所用的密钥不是所给的公钥", "it is signed by another key than those that were given")
        raise NotProved(because=because)
    if not verified(statement["public"], statement["text"].encode(), statement["signature"]):
        raise NotProved(because=Title("签名不符", "its signature is wrong"))
    said: Mapping[str, Any] = json.loads(statement["text"])
    return said
