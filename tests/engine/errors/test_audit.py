"""What the record, its seals and their keys refuse."""

from guikou.engine.errors import GuikouError, audit

from .tree import check_module, classes


def test_each_has_a_code_and_sentences_of_its_own():
    check_module(audit, GuikouError)


def test_what_names_something_that_there_is_not_is_asked_wrongly():
    wrong = {kind.__name__ for kind in classes(audit) if kind.exit_code == 2}
    assert wrong == {"BadKey", "BadProof", "BadSeals", "UnknownSeal", "UnknownSigningKey"}
