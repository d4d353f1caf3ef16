"""The hash tree of RFC 6962 (section 2.1): roots, inclusion paths, consistency. Pure.

A leaf is hashed with 0x00 before it and a node with 0x01, so that no node passes for a leaf. The
tree over nothing is the hash of nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence

SIZE = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(record: bytes) -> bytes:
    """SHA-256(0x00 ‖ record)."""
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows, kept as the roots of its full subtrees: log₂ n hashes.

    Adding a leaf costs a few hashes however large the tree is, and so does its root.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size < 0 or len(peaks) != size.bit_count():
            raise ValueError("a frontier has one peak for each binary digit of its size")
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> "Frontier":
        """The tree over these leaf hashes."""
        made = cls()
        for leaf in leaves:
            made.add(leaf)
        return made

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        """What `packed` kept; `ValueError` when it is not of that size."""
        if len(packed) % SIZE:
            raise ValueError("a peak is cut short")
        return cls(size, [packed[at : at + SIZE] for at in range(0, len(packed), SIZE)])

    @property
    def packed(self) -> bytes:
        """The peaks, the largest first, one behind the other."""
        return b"".join(self.peaks)

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.size += 1
        carry, rest = leaf, self.size
        while not rest & 1:
            carry = node_hash(self.peaks.pop(), carry)
            rest >>= 1
        self.peaks.append(carry)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH over leaf hashes."""
    return Frontier.of(leaves).root


def _split(size: int) -> int:
    """The largest power of two below `size` (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` (from 0) to the root, the nearest first."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*inclusion_path(leaves[:cut], index), root_of(leaves[cut:])]
    return [*inclusion_path(leaves[cut:], index - cut), root_of(leaves[:cut])]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf hash and its path lead to; `ValueError` when they cannot belong."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("the path is too long")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return found


def consistency_path(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """What shows that the tree over the first `old` (≥ 1) leaves is the beginning of this one."""
    if not 0 < old <= len(leaves):
        raise ValueError("no such earlier tree")
    return _consistency(leaves, old, True)


def _consistency(leaves: Sequence[bytes], old: int, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    cut = _split(len(leaves))
    if old <= cut:
        return [*_consistency(leaves[:cut], old, whole), root_of(leaves[cut:])]
    return [*_consistency(leaves[cut:], old - cut, False), root_of(leaves[:cut])]


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path shows that the smaller tree (≥ 1) is the beginning of the larger."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    small = large = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            small, large = node_hash(step, small), node_hash(step, large)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            large = node_hash(large, step)
        at, last = at >> 1, last >> 1
    return last == 0 and small == old_root and large == new_root
