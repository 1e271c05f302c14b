"""What holds for every class of the tree of errors."""

from string import Formatter

from guikou.engine.errors import GuikouError


def classes(module):
    """The errors of a module that are raised, its bases apart."""
    own = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, GuikouError)]
    return [one for one in own if one.__module__ == module.__name__ and "en" in vars(one)]


def check_module(module, base):
    """Each of a module's errors has a code of its own and a sentence, and a hint, in both languages or in none."""
    found = classes(module)
    assert found
    for kind in found:
        assert issubclass(kind, base) or kind.__name__ == "NotInstalled", kind
        given = {name for text in (kind.zh, kind.en, kind.hint_zh, kind.hint_en) for _, name, _, _ in Formatter().parse(text) if name}  # fmt: skip
        error = kind(**{name: f"<{name}>" for name in given})
        for lang in ("zh", "en"):
            line = error.line(lang)
            assert "{" not in line
            assert "\n" not in line
            assert error.message(lang)
        assert error.message("zh") != error.message("en") or given & {"reason", "reason_zh"}
        assert error.as_json()["code"] == kind.code
        assert error.at(None).details == error.details
