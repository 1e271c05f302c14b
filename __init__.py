"""guikou (归口): a rule-based workflow engine for classified, tiered supervision.

The repository's root is this package (see `package-dir` in pyproject.toml); nothing is imported here, so that
`import guikou.engine` and `guikou --help` stay light.
"""

__version__ = "0.1.0"
