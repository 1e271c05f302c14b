"""Finds the packages and their data. The rest is in pyproject.toml, which can't say that the root is a package."""

from setuptools import find_namespace_packages, setup

#: Every folder below these, with Python in it or with data.
ROOMS = find_namespace_packages(
    include=["engine", "engine.*", "workflows", "workflows.*", "adapters", "adapters.*"], exclude=["*__pycache__*"]
)

setup(
    script_name="setup.py",  # by which setuptools leaves this file out: it lies among the modules of guikou
    packages=["guikou", *(f"guikou.{room}" for room in ROOMS)],
    package_dir={"guikou": "."},
    package_data={"guikou": ["py.typed"]} | {f"guikou.{room}": ["*"] for room in ROOMS},
    exclude_package_data={"": ["*.py[cod]", "*.db", "*.db-*"]},
)
