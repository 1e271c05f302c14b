"""A question is answered in either language, and asked again until it is."""

import io

import pytest

from guikou.adapters.cli import language
from guikou.adapters.cli.asking import confirmed


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("typed", "done"),
    [(word, True) for word in ("y", "Y", "yes", "是", "是的", " ｙｅｓ ")]
    + [(word, False) for word in ("n", "No", "否", "不", "")],
)
def test_an_answer_is_taken_in_either_language(monkeypatch, lang, typed, done):
    monkeypatch.setattr(language, "LANG", lang)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert confirmed("?") is done


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "“好” 不是回答；请答 是 或 否"), ("en", "'好' is no answer; say yes or no")]
)
def test_what_is_no_answer_is_asked_again(monkeypatch, capsys, lang, said):
    monkeypatch.setattr(language, "LANG", lang)
    monkeypatch.setattr("sys.stdin", io.StringIO("好\n是\n"))
    assert confirmed("?") is True
    assert said in capsys.readouterr().err


def test_every_question_is_asked_so():
    from pathlib import Path

    import guikou.adapters.cli

    for path in Path(guikou.adapters.cli.__file__).parent.rglob("*.py"):
        assert "click.confirm" not in path.read_text(encoding="utf-8"), path
