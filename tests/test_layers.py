"""An import only ever points down the list of the design; the core is pure and light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The engine's modules from the lowest up; each may import only those before it.
ENGINE = [
    "errors", "working_days", "calendar", "case", "conditions", "tables", "documents", "files", "obligations",
    "workflow", "parts", "reading", "sections", "policy", "machine", "timing", "acting", "instep", "decide", "sweep", "supporting", "indicators", "trial", "examples", "verify", "store", "views", "counting", "supervision",
]  # fmt: skip
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


def test_engine_modules_import_downwards():
    found = {path.stem for path in (ROOT / "engine").glob("*.py")} - {"__init__"}
    found |= {path.parent.name for path in (ROOT / "engine").glob("*/__init__.py")}
    assert found == set(ENGINE)
    for at, name in enumerate(ENGINE):
        single = ROOT / "engine" / f"{name}.py"
        for path in [single] if single.exists() else sorted((ROOT / "engine" / name).glob("*.py")):
            outward = 1 if path == single else 2
            for level, module, names in imports(path):
                assert not module.startswith("guikou"), f"{path} imports {module}"
                if level == outward:
                    used = [module.split(".")[0]] if module else names
                    assert all(one in ENGINE[:at] for one in used), f"{path} imports {used}"


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


def test_workflows_import_only_the_engine_and_adapters_not_the_command_line():
    for path in (ROOT / "workflows").rglob("*.py"):
        assert all("adapters" not in module for _, module, _ in imports(path)), path
    for path in (ROOT / "adapters").glob("*.py"):
        assert all(not {"cli", "sql"} & set(module.split(".")) for _, module, _ in imports(path)), path
    for path in (ROOT / "adapters" / "sql").glob("*.py"):
        assert all("cli" not in module for _, module, _ in imports(path)), path


def test_importing_the_engine_stays_light():
    heavy = "{'pydantic', 'sqlmodel', 'sqlalchemy', 'click', 'transitions', 'yaml', 'rich'}"
    code = f"import sys, guikou.engine; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_the_engine_exports_is_there():
    import guikou.engine

    for name in guikou.engine.__all__:
        assert getattr(guikou.engine, name) is not None
    assert sorted(guikou.engine._MODULE_OF) == sorted(guikou.engine.__all__)
