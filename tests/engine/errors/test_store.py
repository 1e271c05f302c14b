"""What the store, or what is installed, cannot do."""

from guikou.engine.errors import BrokenChain, NotInstalled, store

from .tree import check_module, classes


def test_each_has_a_code_and_sentences_of_its_own():
    check_module(store, store.StoreError)


def test_what_is_not_installed_is_no_fault_of_the_store():
    assert [one for one in classes(store) if not issubclass(one, store.StoreError)] == [NotInstalled]


def test_a_history_that_was_tampered_with_is_told_with_the_event():
    error = BrokenChain(case="A", seq=3)
    assert "'A'" in error.message("en")
    assert "event 3" in error.message("en")
    assert "第 3 号" in error.message("zh")
