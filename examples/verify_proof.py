"""Verifies what `guikou audit prove` gave, without guikou or its database.

    python examples/verify_proof.py proof.json KEY

KEY is the public half of the key, as it was published (guikou audit keys). Trees as in RFC 9162, section 2.1;
signatures by `cryptography`.
"""

import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sealed(statement, keys):
    assert statement["public"] in keys, "it is signed by a key that was not published"
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(statement["public"]))
    key.verify(bytes.fromhex(statement["signature"]), statement["text"].encode())
    content = json.loads(statement["text"])["content"]
    return content["size"], bytes.fromhex(content["root"])


def walk(at, last, found, path):
    """The roots that a path leads to: of the smaller tree, where there are two, and of the larger."""
    for one in map(bytes.fromhex, path):
        assert last, "the path is too long"
        if at & 1 or at == last:
            found = [sha(b"\1", one, each) for each in found]
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found[-1] = sha(b"\1", found[-1], one)
        at, last = at >> 1, last >> 1
    assert not last, "the path is too short"
    return found


proof, keys = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2:]
path = proof["path"]
if "event" in proof:
    size, root = sealed(proof["seal"], keys)
    leaf = sha(b"\0", sha(proof["event"].encode()))
    assert walk(proof["index"], size - 1, [leaf], path) == [root], "the event is not what was sealed"
    told = {place: sha(f"{len(salt)}:{salt}{text}".encode()).hex() for place, (salt, text) in proof["texts"].items()}
    assert told.items() <= json.loads(proof["event"]).get("texts", {}).items(), "a text is not what was sealed"
else:
    (old, first), (new, second) = (sealed(one, keys) for one in proof["seals"])
    start, *path = path if old & (old - 1) else [first.hex(), *path]
    down = (old & -old).bit_length() - 1  # the levels on which the older tree is whole
    roots = walk((old - 1) >> down, (new - 1) >> down, [bytes.fromhex(start)] * 2, path) if old != new else [first] * 2
    assert roots == [first, second], "the seals do not agree"
print("verified")
