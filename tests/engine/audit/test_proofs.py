"""Proofs, looked at without the record: what holds, what doesn't, and what is no proof."""

import copy
import json

import pytest

from guikou.adapters.keys import new_key, verified
from guikou.engine.audit.merkle import Tree, consistency_path, inclusion_path, leaf_hash
from guikou.engine.audit.proofs import proved
from guikou.engine.audit.statements import SEAL, Statement
from guikou.engine.cases.canonical import canonical
from guikou.engine.cases.events import Event
from guikou.engine.errors import BadProof, NotProved

from ...engine.cases.test_texts import AT


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """Five events under two seals, with what proves of them."""
    key = new_key(tmp_path_factory.mktemp("key") / "key.pem")
    events = [
        Event.sealed(
            salt="s", case="A", seq=seq, kind="remarked", at=AT, recorded_at=AT, actor="a", body="b", policy="p",
            changes={}, reason=f"备注{seq}",
        )
        for seq in range(1, 6)
    ]  # fmt: skip
    leaves = bytearray(b"".join(leaf_hash(bytes.fromhex(one.hash)) for one in events))

    def signed(number, size):
        tree = Tree()
        for one in events[:size]:
            tree.add(leaf_hash(bytes.fromhex(one.hash)))
        statement = Statement(number, SEAL, AT, key.id, "0" * 64, {"size": size, "root": tree.root.hex()})
        return {"text": statement.text.decode(), "signature": key.sign(statement.text), "public": key.public}

    one = {
        "event": canonical(events[2].content()).decode(), "texts": events[2].kept_texts(), "index": 2,
        "path": [part.hex() for part in inclusion_path(leaves, 2, 5)], "seal": signed(2, 5),
    }  # fmt: skip
    two = {
        "path": [part.hex() for part in consistency_path(leaves, 3, 5)],
        "seals": [signed(1, 3), signed(2, 5)],
    }
    return key, json.loads(json.dumps(one)), json.loads(json.dumps(two))


def test_what_holds_says_what_it_proves(record):
    key, one, two = record
    found = proved(one, [key.public], verified)
    assert (found.event["case"], found.event["seq"], found.seals[0]["number"]) == ("A", 3, 2)
    assert [seal["number"] for seal in proved(two, [key.public], verified).seals] == [1, 2]
    assert proved({**one, "texts": {}}, [key.public], verified).event == found.event  # it was erased


def changed(proof, *way, to):
    other = copy.deepcopy(proof)
    inner = other
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = to
    return other


def test_what_was_changed_does_not_hold(record):
    key, one, two = record
    for wrong in (
        changed(one, "event", to=one["event"].replace('"seq":3', '"seq":4')),
        changed(one, "index", to=1),
        changed(one, "path", to=one["path"][:-1]),
        changed(one, "texts", "/reason", 1, to="别的"),
        changed(one, "texts", to={"/evidence/x": ["s", "x"]}),
        changed(one, "seal", "signature", to="00" * 64),
        changed(one, "seal", "text", to=one["seal"]["text"].replace('"size":5', '"size":6')),
        changed(two, "path", to=[]),
        changed(two, "seals", to=two["seals"][::-1]),
    ):
        with pytest.raises(NotProved):
            proved(wrong, [key.public], verified)
    with pytest.raises(NotProved):
        proved(one, ["00" * 32], verified)


@pytest.mark.parametrize("text", ["{}", "[]", "null", "5", '{"path": 5}', '{"path": ["x"], "event": "{}"}', '"x"'])
def test_what_is_no_proof_is_told(text):
    with pytest.raises(BadProof):
        proved(json.loads(text), ["00"], verified)


def test_a_proof_that_lacks_anything_is_none(record):
    key, one, two = record
    for whole in (one, two):
        for name in whole.keys() - {"texts"}:
            with pytest.raises(BadProof):
                proved({key: value for key, value in whole.items() if key != name}, [key.public], verified)
