"""What an event says: every kind of it, in one place; and what is hashed for it, once and for all."""

import ast
import hashlib
import re
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases import events
from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Climb, Event, EventKind, RuleFired, Says, standing_records
from guikou.engine.cases.fold import fold

from .life import live

ROOT = Path(__file__).resolve().parents[3]
CLASSES = [one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Says) and one is not Says]
SAYS = {one.kind: one for one in CLASSES}
AT = datetime(2016, 1, 4, 4, tzinfo=UTC)


def event(says, seq=1, **more):
    return Event.sealed(
        case="A", seq=seq, kind=says.kind.value, at=AT, recorded_at=AT, actor="desk", body="office", policy="p",
        changes=says.changes() | more.pop("changes", {}), **more,
    )  # fmt: skip


# --- every kind ------------------------------------------------------------------------------------------------------


def test_every_kind_has_one_class_of_what_it_says():
    assert set(SAYS) == set(EventKind)
    assert len(SAYS) == len(CLASSES)
    for kind, one in SAYS.items():
        assert one.__name__ == "".join(word.title() for word in kind.value.split("_"))


def test_every_kind_has_its_titles():
    assert all(re.search("[一-鿿]", kind.titles.zh) and kind.titles.en.isascii() for kind in EventKind)
    for lang in ("zh", "en"):
        assert len({getattr(kind.titles, lang) for kind in EventKind}) == len(EventKind)


VALUES = {
    "str": st.text("abc学", min_size=1),
    "int": st.integers(0, 10**9),
    "date": st.dates(date(1900, 1, 1), date(2999, 1, 1)),
    "Decimal": st.decimals(0, 10**9, places=2),
    "tuple[str, ...]": st.lists(st.text("abc学", min_size=1)).map(tuple),
    "tuple[tuple[int, str], ...]": st.lists(st.tuples(st.integers(1, 99), st.text("/abc"))).map(tuple),
}


def value(annotation):
    named, _, rest = annotation.partition(" | ")
    if named == "Climb":
        return st.none() | st.builds(
            Climb, climbed_to=VALUES["str"], of=st.none() | VALUES["date"], stood=VALUES["str"]
        )
    return VALUES[named] | st.none() if rest == "None" else VALUES[named]


said = st.sampled_from(CLASSES).flatmap(
    lambda kind: st.fixed_dictionaries({one.name: value(one.type) for one in fields(kind)}).map(lambda of: kind(**of))
)


@given(said)
def test_what_is_said_is_read_from_the_event_also_from_a_store(says):
    made = event(says)
    kept = replace(made, changes=loads(dumps(made.changes)))
    assert kept.digest() == made.hash
    spoken = says
    if isinstance(says, events.Advanced):
        spoken = says.climb
        assert spoken is not None or made.changes == {}
    for one in fields(spoken) if spoken is not None else ():
        assert getattr(made, one.name) == getattr(kept, one.name) == getattr(spoken, one.name)


@given(said)
def test_what_is_said_never_changes_the_case_by_accident(says):
    assert not set(says.changes()) & {one.name for one in fields(Case)}


def test_what_may_be_left_unsaid_is_left_out_and_what_may_not_is_null():
    assert events.Asked(gate="g", answer="allowed", condition_due=None).changes() == {
        "gate": "g", "answer": "allowed", "due": None,
    }  # fmt: skip
    assert events.Reminded(of=date(2016, 1, 4), stood="x").changes() == {"of": date(2016, 1, 4), "stood": "x"}
    for one in CLASSES:
        optional = [field.name for field in fields(one) if field.default is not MISSING]
        required = {field.name: None for field in fields(one) if field.default is MISSING}
        assert not set(optional) & set(one(**required).changes())


def test_what_an_event_says_nothing_of_is_none():
    nothing = event(events.Reported())
    names = {field.name for one in (*CLASSES, Climb) for field in fields(one)} - {"climb"}
    assert {name: getattr(nothing, name) for name in names} == dict.fromkeys(names)
    assert (nothing.grounds, nothing.facts, nothing.records, nothing.assumed) == ((), {}, {}, ())
    assert (nothing.workflow, nothing.state, nothing.origin, nothing.continues) == (None,) * 4
    assert (nothing.closes, nothing.enters_stage) == (False, False)


def test_what_an_event_changed_is_read_from_it():
    day = date(2016, 1, 4)
    gates = {"g": {"answer": "refused", "grounds": ["worst", "bad"], "asked": day}}
    asked = event(events.Asked(gate="g", answer="refused", condition_due=None), changes={"gates": gates})
    assert asked.grounds == ("worst", "bad")
    changes = {
        "facts": {"weak": True},
        "state": "a.b",
        "origin": "c",
        "stage_since": day,
        "closed": True,
        "assumed": [2027],
    }
    moved = event(events.Advanced(), changes=changes)
    assert (moved.facts, moved.state, moved.origin, moved.assumed) == ({"weak": True}, "a.b", "c", (2027,))
    assert moved.closes
    assert moved.enters_stage


def test_a_record_that_was_struck_stands_no_more():
    kept = [event(events.Recorded(record="activity", on=date(2016, 1, seq), year=2016), seq) for seq in (1, 2, 3)]
    gone = event(events.Struck(record="activity", struck=2, year=2016), 4)
    assert standing_records([*kept, gone]) == {1: kept[0], 3: kept[2]}


# --- nobody else spells it -------------------------------------------------------------------------------------------

KEYS = {key for one in CLASSES for key in one(**{field.name: None for field in fields(one)}).changes()}
KEYS |= {"to", "of", "stood", "concerns", "amount", "count", "venue", "continues_from"}


def spelled(tree):
    """Where the `changes` of an event are looked into, and where what it says is written key by key."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="changes"), slice=ast.Constant()):
                yield node
            case ast.Call(func=ast.Attribute(attr="get", value=ast.Attribute(attr="changes"))):
                yield node
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute(attr="changes")]):
                yield node
            case ast.Subscript(value=ast.Name(id="changes"), slice=ast.Constant(value=key)) if key in KEYS:
                yield node
            case ast.Call(
                func=ast.Attribute(attr="get", value=ast.Name(id="changes")), args=[ast.Constant(value=key), *_]
            ) if key in KEYS:
                yield node
            case ast.Call(func=ast.Name(id="happened") | ast.Attribute(attr="happened" | "sealed")):
                yield from (
                    one for given in (*node.args, *(more.value for more in node.keywords)) for one in written(given)
                )
            case ast.Assign(targets=[ast.Name(id="changes")]) | ast.AugAssign(target=ast.Name(id="changes")):
                yield from written(node.value)
            case ast.AnnAssign(target=ast.Name(id="changes"), value=ast.expr()):
                yield from written(node.value)


def written(value):
    """The literal objects in an expression that have a key of what is said; not those within them."""
    match value:
        case ast.Dict():
            if {key.value for key in value.keys if isinstance(key, ast.Constant)} & KEYS:
                yield value
        case ast.BinOp():
            yield from written(value.left)
            yield from written(value.right)
        case ast.IfExp():
            yield from written(value.body)
            yield from written(value.orelse)


def test_nothing_outside_cases_spells_what_an_event_says():
    found = {}
    for room in ("engine", "adapters", "examples", "benchmarks", "workflows"):
        for path in (ROOT / room).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith("engine/cases/"):
                continue
            lines = [node.lineno for node in spelled(ast.parse(path.read_text(encoding="utf-8")))]
            if lines:
                found[name] = lines
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "event.changes['gate']", "event.changes.get('anything')", "'to' in event.changes", "changes['concerns']",
        "changes.get('of')", "happened(says, id, case, {'gate': 1}, policy)", "changes = {'facts': {}, 'outcome': 1}",
        "changes |= {'concerns': 1}", "happened(says, id, case, a | {'record': 1}, policy)",
    ],
)  # fmt: skip
def test_whoever_spells_it_is_found(code):
    assert list(spelled(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["changes['facts'] = {'to': 1}", "event.concerns", "changes = {'duties': {'of': 1}}", "event.changes"]
)
def test_fields_of_the_case_are_anyones_to_write(code):
    assert not list(spelled(ast.parse(code)))


# --- what is hashed --------------------------------------------------------------------------------------------------

#: The hash of the first event of each kind, as it was before events were typed.
FIRST = {
    "opened": "4bfe569470c2fe57758d53418c51e5ac949db4c0a9e6d5c110e9b51c3e84a280",
    "advanced": "894220bdb9d75f3a6d1b6470a654048c725616e35561811ca5aacfabcbc0a607",
    "blocked": "9caac04315de759cd39b00976ae3c8a855eb48cfab96fbc949429cca9289e9a8",
    "unblocked": "7dbd478bc17a6b43c741ddc9b8b3837cc5f8331e48f242b54a48fd1e7fe76944",
    "recorded": "4dbb58450d3fb4026fb3d858319f080d4a54b18c0e3cf171f72e0005a486dca3",
    "struck": "85aa23ad6bb53acbe43bf078889fde5dcf38d76f8750b9e199998a529dde9582",
    "duty_opened": "9d8fb268864f511887d9959275b4bf80a17e043af2f83f7c3d3e098e5560e67e",
    "overdue": "2e97a80ee5ada226532095bb83cae21636b3e3c1de433cce20bd76b8b9d88084",
    "scheduled": "3bdd1fe1eb4ae4b408a78fd6f9aa62dfad5004d01606c231e177717cfcd134de",
    "postponed": "b29bca35210d99125e0afc64b013d69ff78aa60c91ca3ac7d34d788f1e7a3c96",
    "asked": "0ee6d88564fcd858a671e11ff40ae6106819325c163fec7c25e2254ca0ce3fab",
    "told": "b37694b71534850b2b6b6f9d9bd26c2071edbdb5fa09a6dfb753761d1eaceb13",
    "reminded": "e98e896dc01ab57f9af64a40025eeb4bfc36e828c0d4676470a0a248680a098f",
    "escalated": "c1552664928d21da6a71989bfd70e3d24a93fb5ffe1c9c1118bba05988e8f436",
    "met": "7ee2c144f6c4e7cf81095840a3064f19fb5e9f0d3f11dbed1e62ff0391bbc5d0",
    "reported": "f4553456226712d3c2baccbdb97cd35d60ea9c9c4268f0e882765a2eccd6be7c",
    "rerouted": "43eba2ed21b46b4e28002ac4e41186b621c1d24a9cb2ce602f95c22ff6f2d8b7",
    "missed": "ddcfd237de5fb48adeb5436886eb824ef9c98db019e76c2191a4035ecf7f4cd7",
    "joined": "564f9ba50bda27c591a40c76b7fb17a3158e8dd9a840c6ddb4b232a8d4553a15",
    "recounted": "84bd9f95c2e5ca0d61f8eaf8bcf8d2acd7e542c6db283a8a76c97a1b711a8bbc",
    "left": "11f010ae4657f798b4e9e78b3c800eef1c956e9d31c56c1cd5ca45f5b29fcf8e",
    "member_joined": "8b3b69ef172b0a784f71753e63352fbd29a12c20f27f779fb11fe0af0fed878e",
    "member_left": "34478f86909d14416861948446baf50497ca5320997031c8e1dbc6754d9d7d9d",
    "continued": "f2efa4de5a811d106060532fb18bef867dbc9c6cb51c936abc0278533ff1b624",
    "remarked": "9f0851af3936079c3037c2ed909832074dd456f5a7973d69cf646ea5ec25684b",
    "renamed": "98eeac525a6d6af53c7172b1cb3d1d1a36c3b23120c008b9db9c0a52741456e0",
    "same": "532fb65c243796f5c5f367ad2e83daad66c61e8a0a94c9349ef4bbda8225c9af",
    "merged": "8e4d2dad95c6b01d506f66ab24d489010764739c7df42ce2a902f1ae5dbe2e8d",
    "withdrawn": "6f7ebd9f82810d302449c7255fc55b37c8d406e68e961dcfc6f60013e86631ba",
    "restored": "df562b41cae4032d7473ee36986c5a344c69d6463d0462a0abb4f94e305ce6b8",
    "corrected": "c0d9142bd90028859ffee4451e0b18fe6cab56e1948b5e06ddccaadfc33d0607",
    "reopened": "ae1a2a70b5e977ef3f0c796c7c94bfb6688aab860a55697903533d486aecb842",
}
#: How many events each case has, and the last one's hash: by the chain, it stands for all.
HEADS = {
    "A": (68, "2597ed82b767b43026299cf8ab82ce399e409d93a2fafe33786d46b16d2699f4"),
    "B": (14, "84bd9f95c2e5ca0d61f8eaf8bcf8d2acd7e542c6db283a8a76c97a1b711a8bbc"),
    "C": (14, "2eb3acabe09f1bef3c1b400e21de78b6fd24b10a10f846b93a317dfd9c65c182"),
    "D": (16, "db40489ed5040f86575f1ea6be794b66724deae6787a0468682dd860f27b2804"),
    "J": (5, "34478f86909d14416861948446baf50497ca5320997031c8e1dbc6754d9d7d9d"),
    "P": (10, "f2efa4de5a811d106060532fb18bef867dbc9c6cb51c936abc0278533ff1b624"),
    "N": (16, "27e4700cbef4e021d95acc57ece7bce18c5b8d0470ed43e25e408260ee53cf57"),
    "E": (15, "2a17cb04587c2855b3e42845a484176a758936ef69737af9783d32e15af1b639"),
    "G": (2, "8e4d2dad95c6b01d506f66ab24d489010764739c7df42ce2a902f1ae5dbe2e8d"),
    "F": (4, "1aed49f0e858cc05d5e49814e6c9596091b483fd7684b4a189c1bdc29ede1f20"),
    "R": (2, "9f0851af3936079c3037c2ed909832074dd456f5a7973d69cf646ea5ec25684b"),
    "I": (5, "91feda9d706c1605f0f3598bc2883ae40380eff15ac280cf01a5980470cd50c0"),
    "X": (6, "ae1a2a70b5e977ef3f0c796c7c94bfb6688aab860a55697903533d486aecb842"),
}


#: Of the last hashes of those whose texts are kept beside them.
SALTED = "b4d8db938a5d81fa6a40bc7620de865802b7c66018081f51cf36643e2d3a1eb4"


@pytest.fixture(scope="module")
def lives(beijing):
    return live(beijing)


def test_what_is_hashed_for_an_event_does_not_change(lives):
    first = {}
    for history in lives.values():
        for one in history:
            first.setdefault(one.kind, one.hash)
    assert set(first) == set(EventKind) - {EventKind.ERASED}
    assert first == FIRST
    assert {id: (len(history), history[-1].hash) for id, history in lives.items()} == HEADS


def test_nor_does_what_is_hashed_for_one_whose_texts_are_kept_beside_it(beijing):
    lives = live(beijing, salt="s")
    assert {one.kind for history in lives.values() for one in history} == set(EventKind)
    heads = [history[-1].hash for _, history in sorted(lives.items())]
    assert hashlib.sha256(" ".join(heads).encode()).hexdigest() == SALTED
    for history in lives.values():
        assert fold(history).head == history[-1].hash


def test_a_hash_is_of_everything_else(lives):
    (one,) = [one for one in lives["A"] if one.kind == EventKind.REROUTED]
    others = {
        "case": "Z", "seq": 99, "kind": "told", "at": AT, "recorded_at": AT, "actor": "x", "body": "x", "policy": "x",
        "changes": {}, "trigger": "x", "evidence": {"x": "y"}, "rules": (), "reason": "", "request_id": "x", "previous": "x",
    }  # fmt: skip
    assert set(others) == set(one.content()) == {field.name for field in fields(Event)} - {"hash", "digests", "salts"}
    for name, other in others.items():
        assert replace(one, **{name: other}).digest() != one.hash, name
    fired = replace(one, rules=(RuleFired("x", (1,), {"amount": Decimal("1.00")}),))
    assert fired.digest() != replace(fired, rules=(RuleFired("x", (1,), {"amount": Decimal("1.0")}),)).digest()


def test_a_life_is_a_chain(lives):
    for history in lives.values():
        assert fold(history).head == history[-1].hash
