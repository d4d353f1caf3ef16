"""Check-in codes drawn by adding up: all codes of one length differ in a linear way.

Version 5 with error correction M (the size of every check-in word) holds 2 blocks of 43 bytes with 24
bytes of correction each. Between two texts of the same length the modules that differ are the sum
(exclusive or) of those that each differing bit flips. So one text is drawn by the library, what a bit
flips is worked out once a process, and every other text costs a few hundred additions.
"""

from functools import cache, reduce
from operator import xor

import segno

SIZE = 37
#: Longest text whose bits all lie within the 86 bytes after the 12 bits of the head.
_LONGEST = 84
_SHORTEST = 63
_BLOCKS, _DATA, _CORRECTION = 2, 43, 24
_HEAD = 12
_SAMPLE = "x"


def rows(text: str) -> list[str]:
    """The modules of `text`, a row a string, `1` for dark; drawn with mask 2."""
    if not _SHORTEST <= len(text) <= _LONGEST or not text.isascii() or _denser(text):
        code = segno.make_qr(text, error="m", mask=2, boost_error=False)
        return ["".join("1" if module else "0" for module in row) for row in code.matrix]
    known = _flips()
    sample = ord(_SAMPLE)
    parts = [
        known[at * 8 + bit]
        for at, byte in enumerate(text.encode())
        for bit in range(1, 8)
        if (byte ^ sample) >> (7 - bit) & 1
    ]
    drawn = f"{reduce(xor, parts, _base(len(text))):0{SIZE * SIZE}b}"
    return [drawn[at : at + SIZE] for at in range(0, SIZE * SIZE, SIZE)]


def _denser(text: str) -> bool:
    # What the standard would write in a denser way than byte by byte is left to the library.
    return text == text.upper()


@cache
def _base(length: int) -> int:
    code = segno.make_qr(_SAMPLE * length, error="m", mask=2, boost_error=False)
    assert len(code.matrix) == SIZE
    return int("".join("1" if module else "0" for row in code.matrix for module in row), 2)


@cache
def _flips() -> list[int]:
    """For each bit of the text, the modules it flips, as a number of SIZE * SIZE bits."""
    places = _places()
    found = []
    for bit in range(_LONGEST * 8):
        at = _HEAD + bit
        which, value = at // 8, 0x80 >> at % 8
        block, position = divmod(which, _DATA)
        codewords = {position * _BLOCKS + block: value}
        for number, byte in enumerate(_corrections(value)[position]):
            codewords[(_DATA + number) * _BLOCKS + block] = byte
        marks = 0
        for number, byte in codewords.items():
            for place in range(8):
                if byte >> (7 - place) & 1:
                    marks |= 1 << (SIZE * SIZE - 1 - places[number * 8 + place])
        found.append(marks)
    return found


def _places() -> list[int]:
    """Where the bits of the codewords lie: two columns at a time, up and down, from the right."""
    found = []
    upward = True
    for right in [*range(SIZE - 1, 6, -2), 5, 3, 1]:
        for row in reversed(range(SIZE)) if upward else range(SIZE):
            found += [
                row * SIZE + column for column in (right, right - 1) if not _fixed(row, column)
            ]
        upward = not upward
    return found


def _fixed(row: int, column: int) -> bool:
    """Whether a module is part of a pattern that is the same in every code of this size."""
    near, far = 9, SIZE - 8
    corner = (
        (row < near and column < near)
        or (row < near and column >= far)
        or (row >= far and column < near)
    )
    alignment = 28 <= row <= 32 and 28 <= column <= 32
    return corner or alignment or row == 6 or column == 6


@cache
def _corrections(value: int) -> list[list[int]]:
    """By position, the correction bytes of a block that is empty but for `value` there."""
    factors = _generator()
    rest = [_times(factor, value) for factor in factors]
    found = [rest]
    for _ in range(_DATA - 1):
        # A place further to the front: one more step of the division.
        steps = (_times(factor, rest[0]) for factor in factors)
        rest = [after ^ step for after, step in zip([*rest[1:], 0], steps, strict=True)]
        found.append(rest)
    return found[::-1]


@cache
def _generator() -> list[int]:
    """The factors of (x - 1)(x - 2)(x - 4)…, highest first, without the leading one."""
    found, root = [1], 1
    for _ in range(_CORRECTION):
        shifted = [*found, 0]
        scaled = [0, *(_times(factor, root) for factor in found)]
        found = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        root = _times(root, 2)
    return found[1:]


def _times(one: int, other: int) -> int:
    """The product in the field of 256 elements that QR codes use."""
    found = 0
    while other:
        if other & 1:
            found ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return found
