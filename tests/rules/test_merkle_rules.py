"""The hash tree is RFC 6962's, and its proofs prove what they say and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.deliberation.merkle_rules import (
    EMPTY,
    Frontier,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    root_from_path,
    root_of,
)

# The leaves and roots that implementations of Certificate Transparency test themselves with.
KNOWN_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(b"%d" % number) for number in range(33)]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    leaves = [leaf_hash(bytes.fromhex(one)) for one in KNOWN_LEAVES]
    assert [root_of(leaves[:n]).hex() for n in range(1, 9)] == KNOWN_ROOTS
    assert root_of([]) == EMPTY


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_every_tree_has_a_path_to_its_root_and_to_no_other(size: int) -> None:
    leaves = LEAVES[:size]
    root = root_of(leaves)
    for index in range(size):
        path = inclusion_path(leaves, index)
        assert root_from_path(leaves[index], index, size, path) == root
        other = leaf_hash(b"another")
        assert root_from_path(other, index, size, path) != root
        if path:
            with pytest.raises(ValueError, match="short"):
                root_from_path(leaves[index], index, size, path[:-1])
        with pytest.raises(ValueError, match="long"):
            root_from_path(leaves[index], index, size, [*path, root])


@pytest.mark.parametrize("new", range(1, 34))
def test_a_tree_is_shown_to_continue_each_earlier_one_and_no_other(new: int) -> None:
    leaves = LEAVES[:new]
    root = root_of(leaves)
    for old in range(1, new + 1):
        path, old_root = consistency_path(leaves, old), root_of(leaves[:old])
        assert is_consistent(old, old_root, new, root, path)
        wrong = root_of([leaf_hash(b"another"), *leaves[1:old]])
        assert not is_consistent(old, wrong, new, root, path)
        assert not is_consistent(old, old_root, new, wrong, path)
        assert not is_consistent(old, old_root, new, root, [*path, root])
        if path:
            assert not is_consistent(old, old_root, new, root, path[:-1])


def test_what_is_no_tree_is_refused() -> None:
    for size, peaks in ((-1, []), (1, []), (2, [b"", b""])):
        with pytest.raises(ValueError, match="peak"):
            Frontier(size, peaks)
    with pytest.raises(ValueError, match="cut"):
        Frontier.unpacked(1, b"short")
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_path(LEAVES[:3], 3)
    with pytest.raises(ValueError, match="no such leaf"):
        root_from_path(LEAVES[0], 3, 3, [])
    with pytest.raises(ValueError, match="earlier"):
        consistency_path(LEAVES[:3], 4)
    assert not is_consistent(0, EMPTY, 3, root_of(LEAVES[:3]), [])
    assert not is_consistent(3, EMPTY, 5, root_of(LEAVES[:5]), [])


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_frontier_kept_and_continued_has_the_root_of_the_whole(first: int, then: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(first + then)]
    kept = Frontier.of(leaves[:first])
    again = Frontier.unpacked(kept.size, kept.packed)
    for leaf in leaves[first:]:
        again.add(leaf)
    assert again.size == len(leaves)
    assert again.root == root_of(leaves)
