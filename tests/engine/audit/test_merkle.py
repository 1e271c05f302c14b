"""Merkle trees: against the vectors that are published for RFC 6962 and RFC 9162, and every proof of small trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.audit.merkle import (
    HASH,
    Tree,
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

#: The leaves of the published vectors, and the root of the tree over the first so many.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = b"".join(leaf_hash(bytes([number])) for number in range(40))


def hashes(size):
    return b"".join(leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size])


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size):
    leaves = hashes(size)
    tree = Tree()
    tree.extend(leaves)
    assert tree.root.hex() == root_of(leaves).hex() == ROOTS[size]


def test_the_published_paths():
    leaves = hashes(8)
    assert [one.hex()[:8] for one in inclusion_path(leaves, 0, 8)] == ["96a296d2", "5f083f0a", "6b47aaf2"]
    assert [one.hex()[:8] for one in inclusion_path(leaves, 5, 8)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [one.hex()[:8] for one in inclusion_path(leaves, 2, 3)] == ["fac54203"]
    assert [one.hex()[:8] for one in consistency_path(leaves, 1, 8)] == ["96a296d2", "5f083f0a", "6b47aaf2"]
    assert [one.hex()[:8] for one in consistency_path(leaves, 6, 8)] == ["0ebc5d34", "ca854ea1", "d37ee418"]
    assert [one.hex()[:8] for one in consistency_path(leaves, 2, 5)] == ["5f083f0a", "bc1a0643"]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proved_to_be_where_it_is_and_nowhere_else(size):
    root = root_of(MANY, 0, size)
    for index in range(size):
        leaf, path = MANY[index * HASH : (index + 1) * HASH], inclusion_path(MANY, index, size)
        assert is_included(leaf, index, size, path, root)
        assert not is_included(leaf_hash(b"another"), index, size, path, root)
        assert not is_included(leaf, index, size, [*path, root], root)
        for other in range(-1, size + 2):
            assert is_included(leaf, other, size, path, root) == (other == index)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_tree_is_proved_to_begin_those_that_follow(new):
    after = root_of(MANY, 0, new)
    for old in range(1, new + 1):
        before, path = root_of(MANY, 0, old), consistency_path(MANY, old, new)
        assert is_consistent(old, new, before, after, path)
        assert not is_consistent(old, new, leaf_hash(b"another"), after, path)
        assert not is_consistent(old, new, before, leaf_hash(b"another"), path)
        assert not is_consistent(old, new, before, after, [*path, before])
        assert not is_consistent(old, new, before, after, path[:-1]) or not path
    assert not is_consistent(0, new, root_of(b""), after, [])
    assert not is_consistent(new + 1, new, after, after, [])


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_goes_on_from_its_peaks(size, more):
    size, end = min(size, more), max(size, more)
    tree = Tree()
    tree.extend(MANY, 0, size)
    again = Tree(tree.size, tree.peaks)
    tree.extend(MANY, size, end)
    for at in range(size, end):
        again.add(MANY[at * HASH : (at + 1) * HASH])
    assert tree.root == root_of(MANY, 0, end)
    assert (tree.size, tree.root, tree.peaks) == (again.size, again.root, again.peaks)


@pytest.mark.parametrize(("size", "peaks"), [(1, []), (0, [b"x" * 32]), (3, [b"x" * 32]), (1, [b"x"]), (-1, [])])
def test_what_are_no_peaks_of_such_a_tree_are_refused(size, peaks):
    with pytest.raises(ValueError, match="other peaks"):
        Tree(size, peaks)
