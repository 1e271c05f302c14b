"""All events in one pass: what was changed is found, wherever it stands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.audit.checking import Checked, Finding, Sealed, check, event_hash, heads_digest
from guikou.engine.audit.merkle import Tree, leaf_hash
from guikou.engine.cases.canonical import dumps
from guikou.engine.cases.events import GENESIS, Event, RuleFired
from guikou.engine.dates.instants import instant_text

NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
COLUMNS = [
    "case",
    "seq",
    "kind",
    "at",
    "recorded_at",
    "actor",
    "body",
    "policy",
    "trigger",
    "changes",
    "evidence",
    "rules",
    "reason",
    "request_id",
    "part",
    "previous",
    "hash",
    "texts",
    "content",
]
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)


def kept(event, part=0):
    """An event as a store keeps it."""
    own = event.blanked()
    return [
        event.case, event.seq, event.kind, instant_text(event.at), instant_text(event.recorded_at), event.actor,
        event.body, event.policy, event.trigger, dumps(own["changes"]), dumps(own["evidence"]),
        dumps([one.content() for one in event.rules]), own["reason"], event.request_id, part, event.previous, event.hash,
        dumps(event.digests), dumps(event.kept_texts()) if event.salts else None,
    ]  # fmt: skip


def history(case, length, **more):
    rows, previous = [], GENESIS
    for seq in range(1, length + 1):
        event = Event.sealed(
            case=case, seq=seq, kind="reported", at=NOW, recorded_at=NOW + timedelta(seconds=seq), actor="a", body="b",
            policy="p", changes={"facts": {"n": seq}}, previous=previous, **{"salt": "s", "reason": "r"} | more,
        )  # fmt: skip
        rows.append(kept(event))
        previous = event.hash
    return rows


def seal(number, rows, upto, after=()):
    """A seal over what is new, up to these events of their cases; `after` are the seals before."""
    hashes = {(row[0], row[1]): row[16] for row in rows}
    tree, closed = Tree(), {}
    for own in [*({case: seq for case, (seq, _) in one.upto.items()} for one in after), upto]:
        for case in sorted(own):
            for seq in range(closed.get(case, 0) + 1, own[case] + 1):
                tree.add(leaf_hash(bytes.fromhex(hashes[case, seq])))
            closed[case] = own[case]
    heads = {case: (seq, hashes[case, seq]) for case, seq in upto.items()}
    return Sealed(number, tree.size, tree.root.hex(), heads_digest(heads), heads)


@pytest.fixture
def record():
    """Two seals over three cases, and an event that none closes."""
    rows = [*history("A", 5), *history("B", 3), *history("C", 4)]
    first = seal(2, rows, {"A": 3, "C": 2})
    second = seal(3, rows, {"A": 4, "B": 3, "C": 4}, [first])
    return rows, [first, second]


def found(rows, seals, policies=("p",)):
    checked = Checked()
    return [(one.code, one.case, one.seq, one.seal) for one in check(rows, seals, policies, checked)], checked


def test_nothing_is_found_where_all_is_as_it_was(record):
    findings, checked = found(*record)
    assert findings == []
    assert (checked.events, checked.cases, checked.unsealed) == (12, 3, 1)


@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=COLUMNS)
def test_a_change_of_any_column_is_found_where_it_is(record, column):
    rows, seals = record
    for at, row in enumerate(rows):
        old = row[column]
        new = old + 5 if isinstance(old, int) else f"{old or ''}x"
        spoilt = [*rows[:at], [*row[:column], new, *row[column + 1 :]], *rows[at + 1 :]]
        findings, _ = found(spoilt, seals)
        assert any(case in (row[0], new) and seq in (row[1], row[1] + 1, new) for _, case, seq, _ in findings), findings


def test_a_part_of_a_request_follows_the_one_before(record):
    rows, seals = record
    for part, findings in ((1, []), (2, [("part", "A", 2, None)])):
        rows[1][14] = part
        assert found(rows, seals)[0] == findings


@pytest.mark.parametrize("value", [None, 5, b"x", 1.5, "\ud800", 2**70])
def test_what_no_event_can_hold_is_found_and_stops_nothing(record, value):
    rows, seals = record
    for column in range(1, len(COLUMNS)):
        if value == rows[1][column]:
            continue
        spoilt = [rows[0], [*rows[1][:column], value, *rows[1][column + 1 :]], *rows[2:]]
        findings, checked = found(spoilt, seals)
        assert findings or (column in (8, 13) and value is None), column
        assert checked.events == 12


def test_what_is_gone_is_told_by_its_number(record):
    rows, seals = record
    for at, row in enumerate(rows):
        findings, _ = found([*rows[:at], *rows[at + 1 :]], seals)
        if row[:2] == ["A", 5]:  # nobody closed it
            assert findings == []
        else:
            assert any(one[0] in ("missing", "tail") and one[1:3] == (row[0], row[1]) for one in findings)


def test_a_whole_case_that_is_gone_is_told(record):
    rows, seals = record
    assert found([row for row in rows if row[0] != "B"], seals)[0] == [("tail", "B", 1, 3)]


def test_a_history_made_anew_is_told_by_the_seals_that_closed_it(record):
    rows, seals = record
    anew = history("A", 5, reason="another")
    findings, _ = found([*anew, *rows[5:]], seals)
    assert findings == [("sealed-otherwise", "A", 1, 2), ("sealed-otherwise", "A", 4, 3)]


def test_events_out_of_order_are_told(record):
    rows, seals = record
    swapped = [rows[1], rows[0], *rows[2:]]
    assert [one[0] for one in found(swapped, seals)[0]][:2] == ["missing", "missing"]


def test_a_seal_that_was_changed_is_told(record):
    rows, (first, second) = record
    root = Sealed(3, second.size, "0" * 64, second.heads, second.upto)
    assert found(rows, [first, root])[0] == [("seal-root", None, None, 3)]
    size = Sealed(3, second.size + 1, second.root, second.heads, second.upto)
    assert found(rows, [first, size])[0] == [("seal-root", None, None, 3)]
    heads = Sealed(3, second.size, second.root, second.heads, {**second.upto, "A": (4, "0" * 64)})
    assert ("seal-heads", None, None, 3) in found(rows, [first, heads])[0]


def test_a_policy_that_is_gone_is_told_of_each_event(record):
    rows, seals = record
    assert {one[0] for one in found(rows, seals, ())[0]} == {"no-policy"}


def erasure(rows, *erases):
    """The same with an event that says what was erased of them."""
    event = Event.sealed(
        case="A", seq=len(rows) + 1, kind="erased", at=NOW, recorded_at=NOW, actor="a", body="b", policy="p",
        changes={"erases": erases}, previous=rows[-1][16],
    )  # fmt: skip
    return [*rows, kept(event)]


def test_a_text_is_there_or_was_erased():
    rows = history("A", 3)
    gone = [rows[0], [*rows[1][:18], None], rows[2]]
    assert found(gone, [])[0] == [("text-gone", "A", 2, None)]
    assert found(erasure(gone, (2, "/reason")), [])[0] == []
    assert found(erasure(gone, (3, "/reason")), [])[0] == [("text-gone", "A", 2, None), ("text-there", "A", 3, None)]
    for other in ('{"/reason":["s","x"]}', '{"/other":["s","x"]}', '{"/reason":"x"}', "[]", "{", '{"/reason":[1,2]}'):
        findings = found([*rows[:2], [*rows[2][:18], other]], [])[0]
        assert findings[0] == ("text-changed", "A", 3, None), other


@given(
    st.dictionaries(texts, st.one_of(texts, st.integers(-5, 5), st.booleans(), st.none()), max_size=4),
    texts,
    texts,
    st.sampled_from(["", "s"]),
)
def test_what_is_put_together_is_the_canonical_form(changes, reason, reference, salt):
    event = Event.sealed(
        salt=salt, case="A", seq=1, kind="reported", at=NOW, recorded_at=NOW, actor="甲", body="b", policy="p", changes=changes,
        evidence={"e": reference}, rules=(RuleFired("t", (1,), {"x": reason}),), reason=reason, request_id=None,
    )  # fmt: skip
    assert event_hash(kept(event)) == event.hash


@pytest.mark.parametrize(
    ("changes", "evidence", "moved"),
    [
        ({"a": 1, "evidence": {}}, {}, ('{"a":1', '{}},"evidence":{}')),
        ({"a": 1}, {"b": "2", "evidence": "3"}, ('{"a":1},"evidence":{"b":"2"', '"3"}')),
    ],
)
def test_a_text_ends_where_it_ended(changes, evidence, moved):
    event = Event.sealed(
        case="A", seq=1, kind="reported", at=NOW, recorded_at=NOW, actor="a", body="b", policy="p", changes=changes,
        evidence=evidence,
    )  # fmt: skip
    row = kept(event)
    assert event_hash(row) == event.hash
    together = f'{row[9]},"evidence":{row[10]}'
    row[9:11] = moved
    assert f'{row[9]},"evidence":{row[10]}' == together
    assert event_hash(row) != event.hash


def test_a_finding_is_short():
    assert repr(Finding("changed", None, "A", 1)).startswith("Finding(code='changed'")
