"""Texts stand beside their event, and are found by their places."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.events import Event
from guikou.engine.cases.texts import ERASED, filled, is_own, salted, texts_of

AT = datetime(2016, 1, 4, tzinfo=UTC)
codes = st.text(st.sampled_from("abc/~甲"), min_size=1, max_size=4)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8)
told = st.dictionaries(codes, words, max_size=3)
gates = st.dictionaries(
    codes,
    st.fixed_dictionaries(
        {"told": st.dictionaries(codes, st.fixed_dictionaries({"on": st.just("x"), "evidence": told}), max_size=2)}
    )
    | st.none(),
    max_size=2,
)


def event(salt="s", **more):
    own = {
        "case": "A", "seq": 2, "kind": "advanced", "at": AT, "recorded_at": AT, "actor": "a", "body": "b",
        "policy": "p", "changes": {},
    }  # fmt: skip
    return Event.sealed(salt=salt, **own | more)


@given(words, told, gates)
def test_what_is_kept_beside_it_comes_back_and_the_hash_covers_none_of_it(reason, evidence, passages):
    whole = event(reason=reason, evidence=evidence, changes={"gates": passages})
    kept = Event(**{name: getattr(whole, name) for name in KEPT} | whole.blanked())
    back = kept.with_texts(whole.digests, whole.kept_texts())
    assert back == whole
    assert back.digest() == whole.hash
    assert back.fits()
    assert not kept.texts() or set(kept.texts().values()) == {""}
    gone = whole.without(whole.digests)
    assert gone == kept.with_texts(whole.digests, {})
    assert gone.digest() == whole.hash
    assert gone.texts() == {}
    assert set(gone.erased) == set(whole.digests) == set(whole.texts())


KEPT = ("case", "seq", "kind", "at", "recorded_at", "actor", "body", "policy", "trigger", "rules", "previous", "hash")


def test_a_blocker_s_code_is_no_text_and_what_has_no_salt_is_hashed_as_it_is():
    assert event(kind="blocked", reason="few_members").digests == {}
    plain = event(salt="", reason="x")
    assert plain.digests == {}
    assert plain.content()["reason"] == "x"
    assert "texts" not in plain.content()


def test_equal_texts_do_not_look_equal():
    one = event(reason="x", evidence={"e": "x"})
    other = event(reason="x", seq=3)
    assert len({*one.digests.values(), *other.digests.values()}) == 3
    assert one.digests["/reason"] == salted(one.salts["/reason"], "x")


def test_a_text_that_was_changed_does_not_fit():
    one = event(reason="x")
    changed = Event(**{name: getattr(one, name) for name in KEPT}, reason="y", changes={}, digests=one.digests,
                    salts=one.salts)  # fmt: skip
    assert changed.digest() == one.hash
    assert not changed.fits()


def test_what_was_erased_is_no_text_when_it_is_told_again():
    assert texts_of(ERASED, {"e": ERASED, "f": "1"}, {}) == {"/evidence/f": "1"}


def test_a_place_that_is_not_there_is_nobodys():
    with pytest.raises(KeyError):
        filled({"evidence": {}}, {"/evidence/e": "x"})
    with pytest.raises(KeyError):
        filled({"evidence": {}}, {"/changes/e": "x"})


@given(words, told, gates)
def test_a_text_is_an_events_own_or_said_again_of_a_gate(reason, evidence, passages):
    places = texts_of(reason, evidence, {"gates": passages})
    own = texts_of(reason, evidence, {})
    assert {place for place in places if is_own(place)} == set(own)
