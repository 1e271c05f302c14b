"""What a check reports."""

from datetime import date

from guikou.engine.errors import Where
from guikou.engine.text import Title
from guikou.engine.verify.catalogue import CATALOGUE
from guikou.engine.verify.findings import Finding, Proof, Witness

GAP = Finding(
    "table-gap", Where("tables.yaml", 7), {"table": "form", "box": "party_members 3"}, Witness({"party_members": 3})
)
SPARE = Finding("table-unused", Where("tables.yaml", 9, 2, "type"), {"table": "spare"})


def test_a_finding_is_as_grave_as_its_code_and_speaks_both_languages():
    assert (GAP.severity, SPARE.severity) == ("error", "warning")
    assert GAP.message() == "no row of table form fits: party_members 3"
    assert GAP.message("zh") == "表 form 没有一行适用于：party_members 3"
    promise = Finding("property-broken", Where("policy.yaml"), {"title": Title("甲", "one"), "type": "t", "state": "s", "box": "-"})  # fmt: skip
    assert "甲" in promise.message("zh")
    assert "one" in promise.message("en")


def test_as_json_it_has_its_place_cell_by_cell():
    said = SPARE.as_json()
    assert (said["code"], said["severity"], said["file"], said["line"], said["row"], said["column"]) == ("table-unused", "warning", "tables.yaml", 9, 2, "type")  # fmt: skip
    assert set(said["message"]) == {"zh", "en"}


def test_a_proof_has_errors_or_holds():
    proof = Proof("p", (GAP, SPARE), (), {})
    assert proof.errors == (GAP,)
    assert Proof("p", (SPARE,), (), {}).errors == ()


def test_witnesses_are_alike_by_what_they_say():
    assert Witness({"a": 1}, on=date(2016, 1, 4)) == Witness({"a": 1}, None, (), None, date(2016, 1, 4))
    assert Witness({"a": 1}) != Witness({"a": 2})


def test_every_code_is_grave_or_not_and_has_a_sentence_in_both_languages():
    for code, (severity, zh, en) in CATALOGUE.items():
        assert severity in ("error", "warning", "info"), code
        assert en.isascii(), code
        assert any("一" <= char <= "鿿" for char in zh), code
