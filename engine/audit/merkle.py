"""Merkle trees as RFC 9162 (Certificate Transparency 2.0), section 2.1, hashes and proves them, with SHA-256.

Leaves are given as their hashes (`leaf_hash`), in one run of bytes: a million of them take 32 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

#: The size of a hash, in bytes.
HASH = 32
EMPTY = sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (2.1.1)."""
    return sha256(b"\0" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows at its end and keeps no leaves: only the roots of its full subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """One that has grown already. Raises ValueError where these are not the peaks of a tree of that size."""
        if size < 0 or size.bit_count() != len(peaks) or any(len(peak) != HASH for peak in peaks):
            raise ValueError(f"a tree of {size} leaves has other peaks")
        self.size, self._peaks = size, list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> None:
        self._put(leaf, 0)

    def extend(self, leaves: bytes | bytearray, start: int = 0, end: int | None = None) -> None:
        """Add the leaves from one number on, below another: whole subtrees at once."""
        end = len(leaves) // HASH if end is None else end
        while start < end:
            most = (self.size & -self.size).bit_length() - 1 if self.size else 62
            level = min(most, (end - start).bit_length() - 1)
            self._put(root_of(leaves, start, start + (1 << level)), level)
            start += 1 << level

    def _put(self, root: bytes, level: int) -> None:
        """Add a full subtree of 2 to the power of `level` leaves."""
        rest = self.size >> level
        while rest & 1:
            root = _node(self._peaks.pop(), root)
            rest >>= 1
        self._peaks.append(root)
        self.size += 1 << level

    @property
    def root(self) -> bytes:
        """The tree's hash; that of an empty one is the hash of nothing."""
        if not self._peaks:
            return EMPTY
        *rest, found = self._peaks
        for peak in reversed(rest):
            found = _node(peak, found)
        return found


def root_of(leaves: bytes | bytearray, start: int = 0, end: int | None = None) -> bytes:
    """The hash of the tree over the leaves from one number on, below another."""
    end = len(leaves) // HASH if end is None else end
    level = [bytes(leaves[at * HASH : (at + 1) * HASH]) for at in range(start, end)]
    if not level:
        return EMPTY
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + odd  # `_node`, for speed
    return level[0]


def inclusion_path(leaves: bytes | bytearray, index: int, size: int) -> list[bytes]:
    """What proves that a leaf is in the tree of the first `size` leaves (2.1.3.1)."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaves, middle, end))
            end = middle
        else:
            path.append(root_of(leaves, start, middle))
            start = middle
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path proves it (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _node(one, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, one)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_path(leaves: bytes | bytearray, old: int, new: int) -> list[bytes]:
    """What proves that the tree of the first `old` leaves (at least one) begins that of the first `new` (2.1.4.1)."""
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old - start != end - start:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(root_of(leaves, middle, end))
            end = middle
        else:
            path.append(root_of(leaves, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root_of(leaves, start, end))
    return path[::-1]


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path proves it (2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    rest = list(path) if old & (old - 1) else [old_root, *path]
    if not rest:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = rest[0]
    for one in rest[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = _node(one, first), _node(one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = _node(second, one)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)
