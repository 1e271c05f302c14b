"""A record that is sealed, spoilt, verified and proved, through the command line."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHOOL, BY = "52110105MJ0001010Q", ("--as", "chaoyang-education")


@pytest.fixture
def sealed(school):
    """A register under two seals, by two keys; the seals are sent to a file."""
    school("audit", "key", "one.pem")
    school("audit", "seal", "--key", "one.pem", "--to", "file:seals.jsonl")
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("audit", "key", "two.pem", "--old-key", "one.pem")
    school("audit", "seal", "--key", "two.pem", "--to", "file:seals.jsonl")
    return school


def test_keys_and_seals_are_numbered_together_which_is_said(school):
    school("audit", "key", "one.pem", "--lang", "zh")
    assert "这是第 1 号声明（密钥、撤销和封存连续编号）" in school.err
    assert school("audit", "seal", "--key", "one.pem", "--lang", "zh").startswith("guikou-seal 2 ")
    assert school.err.strip() == "这是第 2 号声明（密钥、撤销和封存连续编号）"
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    assert school("audit", "seal", "--key", "one.pem").startswith("guikou-seal 3 ")
    assert not school.err
    for command, numbers in (("keys", [1]), ("seals", [2, 3])):
        assert "声明号" in school("audit", command, "--lang", "zh")
        assert [one["number"] for one in json.loads(school("audit", command, "--format", "json"))] == numbers


def spoil(statement):
    with sqlite3.connect("guikou.db") as connection:
        for what in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS events_no_{what}")
        connection.execute(statement)
    connection.close()


def copied(source, place):
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(place)) as new:
        old.backup(new)


def verifier(file, *keys):
    words = [sys.executable, str(ROOT / "examples/verify_proof.py"), file, *keys]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_a_record_as_it_was_is_verified(sealed):
    said = sealed("audit", "verify", "--against", "seals.jsonl", "--lang", "en")
    assert "and 2 seals were checked, 0 events not sealed yet; changed: 0" in said
    assert "nothing is new" in sealed("audit", "seal", "--key", "two.pem", "--lang", "en")


def test_the_line_on_paper_and_the_published_statements_are_the_same(sealed):
    sealed("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-06")
    line = sealed("audit", "seal", "--key", "two.pem")
    Path("paper.txt").write_text(line.splitlines()[0] + "\n", encoding="utf-8")
    sealed("audit", "publish", "--to", "file:all.jsonl")
    sealed("audit", "verify", "--against", "paper.txt", "--against", "all.jsonl", "--against", "seals.jsonl")
    Path("paper.txt").write_text(line.splitlines()[0][:-1] + "\n", encoding="utf-8")
    assert "not-here" in sealed("audit", "verify", "--against", "paper.txt", code=1)


def test_nothing_is_sealed_that_could_not_be_sent(sealed):
    sealed("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-06")
    Path("ours.txt").write_text("our own words", encoding="utf-8")
    for where, code in (
        ("seals.jsonl", "usage"),
        ("stdout", "usage"),
        ("smtp://h?from=a@b", "usage"),
        ("file:no/such/seals.jsonl", "not-saved"),
        ("file:guikou.db", "not-saved"),
        ("file:ours.txt", "not-saved"),
    ):
        said = sealed.refused("audit", "seal", "--key", "two.pem", "--to", "file:seals.jsonl", "--to", where, code=2)
        assert said.startswith(f"[{code}]"), said
    assert "1 events not sealed yet" in sealed("audit", "verify", "--lang", "en")


def test_a_seal_that_was_not_sent_is_named(sealed):
    sealed("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-06")
    sealed("audit", "seal", "--key", "two.pem")
    sealed("audit", "seal", "--key", "two.pem", "--to", "file:seals.jsonl", "--lang", "en")
    assert "guikou audit publish --from 5 --to" in sealed.err
    sealed("audit", "verify", "--against", "seals.jsonl", "--lang", "en")
    assert "seals.jsonl lacks the statements no. 1, 3, 5" in sealed.err
    sealed("audit", "publish", "--to", "file:seals.jsonl")
    sealed("audit", "verify", "--against", "seals.jsonl", "--lang", "en")
    assert sealed.err == ""


def test_what_was_changed_is_listed_with_its_place(sealed):
    spoil(f"UPDATE events SET actor = 'another' WHERE case_id = '{SCHOOL}' AND seq = 2")
    said = json.loads(sealed("audit", "verify", "--format", "json", code=1))
    assert [(one["case"], one["seq"], one["code"]) for one in said] == [(SCHOOL, 2, "changed")]


def test_an_older_copy_is_found_by_the_seals_kept_outside(sealed):
    copied("guikou.db", "older.db")
    sealed("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-06")
    sealed("audit", "seal", "--key", "two.pem", "--to", "file:seals.jsonl")
    copied("older.db", "guikou.db")
    sealed("audit", "verify")
    assert "not-here" in sealed("audit", "verify", "--against", "seals.jsonl", code=1)


def test_proofs_are_verified_without_guikou(sealed):
    keys = [one["public"] for one in json.loads(sealed("audit", "keys", "--format", "json"))]
    sealed("audit", "prove", "朝阳区启明学校", "2", "-o", "event.json")
    sealed("audit", "prove", SCHOOL, "1", "--seal", "2", "-o", "first.json")
    sealed("audit", "prove", "--between", "2", "4", "-o", "seals.json")
    for file in ("event.json", "first.json", "seals.json"):
        assert verifier(file, *keys) == (0, "verified")
        assert "not published" in verifier(file, "0" * 64)[1]
    proof = json.loads(Path("event.json").read_text(encoding="utf-8"))
    proof["event"] = proof["event"].replace("application", "another")
    Path("event.json").write_text(json.dumps(proof), encoding="utf-8")
    assert "not what was sealed" in verifier("event.json", *keys)[1]


def test_a_key_that_was_given_up_signs_no_more(sealed):
    sealed("facts", SCHOOL, "employees=9", *BY, "--as-of", "2016-01-06")
    assert "not-the-key" in sealed.refused("audit", "seal", "--key", "one.pem", code=1)
    Path("no.pem").write_text("no key", encoding="utf-8")
    assert "bad-key" in sealed.refused("audit", "seal", "--key", "no.pem", code=2)
