"""The base of every error."""


def test_an_error_is_the_same_in_another_process():
    import pickle

    from guikou.engine.errors import UnknownCase, Where

    error = UnknownCase(case="x").at(Where("a.csv", 3))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.line("zh"), again.where) == (UnknownCase, error.line("zh"), error.where)
