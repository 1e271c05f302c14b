"""The base of every error."""


def test_an_error_is_the_same_in_another_process():
    import pickle

    from guikou.engine.errors import UnknownCase, Where

    error = UnknownCase(case="x").at(Where("a.csv", 3))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.line("zh"), again.where) == (UnknownCase, error.line("zh"), error.where)


def test_a_line_is_one_whatever_was_given():
    from guikou.engine.errors import BadFact, Where

    for odd in "\n\r\v\f\x85\u2028":
        error = BadFact(where=Where(f"a{odd}b.csv"), fact=f"x{odd}y", value=f"1{odd}2", kind="day", expected=f"3{odd}4")
        assert len(error.line("zh").splitlines()) == len(error.line("en").splitlines()) == 1
