"""Hash trees after RFC 6962: SHA-256, 0x00 before a leaf, 0x01 before a node."""

import hashlib


def sha256(data: bytes) -> bytes:
    """The hash."""
    return hashlib.sha256(data).digest()


def roots(lines: "list[bytes]", sizes: "set[int]") -> "dict[int, bytes]":
    """The root over the first n lines, for each n that is wanted and exists."""
    found: dict[int, bytes] = {}
    # Complete subtrees from left to right: (how many leaves, hash).
    stack: list[tuple[int, bytes]] = []
    for count in range(len(lines) + 1):
        if count in sizes:
            found[count] = _folded(stack)
        if count < len(lines):
            size, top = 1, sha256(b"\x00" + lines[count])
            while stack and stack[-1][0] == size:
                top = sha256(b"\x01" + stack.pop()[1] + top)
                size *= 2
            stack.append((size, top))
    return found


def _folded(stack: "list[tuple[int, bytes]]") -> bytes:
    if not stack:
        return sha256(b"")
    top = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        top = sha256(b"\x01" + left + top)
    return top
