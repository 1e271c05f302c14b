"""What only some commands need is imported when they need it: the command line starts fast, and extras stay extras."""

import pkgutil
import subprocess
import sys

import guikou.adapters

LATE = ("babel", "jinja2", "xlsxwriter", "numpy", "icalendar", "stdnum", "psycopg")


def test_no_adapter_imports_an_extra_or_babel_with_itself():
    found = [one.name for one in pkgutil.walk_packages(guikou.adapters.__path__, "guikou.adapters.")]
    assert {"guikou.adapters.report.page", "guikou.adapters.forecast.forecast"} <= set(found)
    code = f"""
import importlib, sys
for name in {found}:
    importlib.import_module(name)
    early = {set(LATE)} & set(sys.modules)
    assert not early, (name, early)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
