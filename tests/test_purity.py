"""The core is pure and light. That imports point down is held by the contracts in pyproject.toml."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMPURE = {
    "os",
    "sys",
    "time",
    "random",
    "secrets",
    "uuid",
    "logging",
    "loguru",
    "socket",
    "subprocess",
    "sqlalchemy",
    "sqlmodel",
    "click",
    "smtplib",
    "urllib",
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, []


def test_the_engine_is_pure():
    for path in (ROOT / "engine").rglob("*.py"):
        for level, module, _ in imports(path):
            assert level or module.split(".")[0] not in IMPURE, f"{path.name} imports {module}"
        calls = {node.func.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
        assert not calls & {"print", "open", "input"}, path.name
        text = path.read_text(encoding="utf-8")
        assert "datetime.now" not in text, path.name
        assert "date.today" not in text, path.name


def test_the_engine_knows_nothing_of_the_policies_that_it_runs():
    words = re.compile(
        r"beijing|北京|party|党|foundation|基金会|social organi[sz]ation|社会组织|chaoyang|朝阳|yuan|元/", re.I
    )
    for path in (ROOT / "engine").rglob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not words.search(line), f"{path.name}:{number}: {line.strip()}"


def test_importing_the_engine_stays_light():
    heavy = "{'pydantic', 'sqlmodel', 'sqlalchemy', 'click', 'transitions', 'yaml', 'rich'}"
    code = f"import sys, guikou.engine; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_engine_exports_is_there_and_is_what_a_type_checker_sees():
    import guikou.engine

    for name in guikou.engine.__all__:
        assert getattr(guikou.engine, name) is not None
    tree = ast.parse((ROOT / "engine" / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in typed.body for alias in node.names}
    assert sorted(seen) == sorted(guikou.engine.__all__)
    for name, module in seen.items():
        home = importlib.import_module(f"guikou.engine.{module}")
        assert getattr(home, name) is getattr(guikou.engine, name), name
    (lazy,) = [node.value for node in tree.body if isinstance(getattr(node, "value", None), ast.Dict)]
    given = [one.value for names in lazy.values for one in ast.walk(names) if isinstance(one, ast.Constant)]
    assert sorted(given) == sorted(guikou.engine.__all__)


def test_no_test_leans_on_private_names_of_the_engine():
    """A name that begins with `_` is its module's own: neither imported nor looked up from outside."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("guikou."):
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                assert not private, f"{path.relative_to(ROOT)}:{node.lineno}: {private}"
            if isinstance(node, ast.Attribute) and (
                path.is_relative_to(ROOT / "tests" / "engine") or path.parent == ROOT / "tests"
            ):
                own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
                private = node.attr.startswith("_") and not node.attr.endswith("__")
                assert own or not private, f"{path.relative_to(ROOT)}:{node.lineno}: {node.attr}"
