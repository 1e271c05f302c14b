"""The README is read in five minutes, and shows the way. That what it shows is true is held by test_docs.py."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("page", "words"), [("README.md", 1200), ("README.zh-CN.md", 2400)])
def test_it_is_read_in_five_minutes(page, words):
    """Words of English, or characters of Chinese, with all that is shown; a table's lines are not read."""
    text = re.sub(r"─+", "", (ROOT / page).read_text(encoding="utf-8"))
    counted = re.findall(r"[一-鿿]" if "zh" in page else r"\S+", text)
    assert len(counted) <= words


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_it_leads_to_every_page(page):
    suffix = ".zh-CN.md" if "zh" in page else ".md"
    text = (ROOT / page).read_text(encoding="utf-8")
    for path in (ROOT / "docs").glob("*.zh-CN.md"):
        assert f"(docs/{path.name.removesuffix('.zh-CN.md')}{suffix})" in text
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        assert f"({name})" in text


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_what_it_says_of_make_and_pip_is_so(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    assert {"demo", "test", "bench"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (line,) = re.findall(r"^pip install .*$", text, re.MULTILINE)
    for extra in project["optional-dependencies"].keys() - {"dev"}:
        assert re.search(rf"(?<![a-z]){extra}(?![a-z])", line), extra
    assert project["requires-python"] == ">=3.11"
    assert "3.11" in text
