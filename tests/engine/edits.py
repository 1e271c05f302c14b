"""A policy's files written otherwise."""

from guikou.engine import parse


def rewritten(files, file, old, new):
    """Files with one change, and the line where it begins."""
    assert old in files[file], f"{old} stands nowhere in {file}"
    at = files[file].index(old)
    files = {**files, file: files[file][:at] + new + files[file][at + len(old) :]}
    return files, files[file][:at].count("\n") + 1 + (len(new) - len(new.lstrip("\n")))


def edited(policy, file, *edits):
    """A policy in which what is written is replaced everywhere in a file."""
    files = dict(policy.files)
    for old, new in edits:
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    return parse(files)
