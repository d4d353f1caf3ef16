"""The roll: who is entitled when a vote opens, frozen, numbered, summed and hashed. Pure.

A head is an owner party, a household or a person (`ref`). Its published line shows rooms and area
where the vote counts area, and never a name; the rest is behind a salted commitment that only the
head itself can open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domains.deliberation import merkle_rules, record_rules


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a head; `area_centi` in hundredths of a square metre."""

    id: str
    label: str
    area_centi: int


@dataclass(frozen=True, slots=True)
class Head:
    """One entitled head before the roll is numbered. `persons` may cast for it."""

    ref: str
    rooms: tuple[Room, ...]
    persons: tuple[str, ...]

    @property
    def area_centi(self) -> int:
        """The area of all its rooms."""
        return sum(room.area_centi for room in self.rooms)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the frozen roll; `ordinal` counts from 1."""

    ordinal: int
    head: Head
    salt: bytes

    @property
    def commitment(self) -> bytes:
        """What the frozen line says beyond what is published."""
        return record_rules.digest(b"seat", self.salt, record_rules.canonical(self.opening))

    @property
    def opening(self) -> dict[str, Any]:
        """What is behind the commitment; shown to the head alone."""
        return {
            "ref": self.head.ref,
            "rooms": [[room.id, room.label, room.area_centi] for room in self.head.rooms],
            "persons": sorted(self.head.persons),
        }

    def line(self, *, by_area: bool) -> dict[str, Any]:
        """What is published."""
        found: dict[str, Any] = {"n": self.ordinal, "commitment": self.commitment.hex()}
        if by_area:
            found["rooms"] = [room.label for room in self.head.rooms]
            found["area_centi"] = self.head.area_centi
        return found


class BadRoll(ValueError):
    """The electorate cannot be a roll; the text says why, in Chinese."""


def checked(heads: Iterable[Head], *, by_area: bool) -> list[Head]:
    """The heads, if none is there twice and no room counts twice."""
    found = list(heads)
    if not found:
        raise BadRoll("名册里没有人")
    refs = {head.ref for head in found}
    if len(refs) != len(found):
        raise BadRoll("名册里有人重复")
    if by_area:
        rooms = [room.id for head in found for room in head.rooms]
        if len(set(rooms)) != len(rooms):
            raise BadRoll("名册里有房屋重复")
        if any(room.area_centi <= 0 for head in found for room in head.rooms):
            raise BadRoll("有房屋没有面积")
        if not all(head.rooms for head in found):
            raise BadRoll("有业主没有房屋")
    return found


def numbered(heads: Sequence[Head], salts: Sequence[bytes], *, by_area: bool) -> list[Entry]:
    """The roll. By area in the order of rooms; otherwise as given (shuffle before)."""
    ordered = list(heads)
    if by_area:
        ordered.sort(key=lambda head: [_natural(room.label) for room in head.rooms])
    return [
        Entry(ordinal, head, salt)
        for ordinal, (head, salt) in enumerate(zip(ordered, salts, strict=True), 1)
    ]


def _natural(label: str) -> list[tuple[int, str]]:
    """`3-2-501` sorts behind `3-2-99`."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in label.split("-")]


@dataclass(frozen=True, slots=True)
class Sums:
    """All heads of a roll and their area in hundredths of a square metre."""

    heads: int
    area_centi: int


def sums(entries: Iterable[Entry]) -> Sums:
    """What a roll adds up to."""
    areas = [entry.head.area_centi for entry in entries]
    return Sums(len(areas), sum(areas))


def leaves(entries: Iterable[Entry], *, by_area: bool) -> list[bytes]:
    """The leaf hashes of the published lines."""
    return [
        merkle_rules.leaf_hash(record_rules.canonical(entry.line(by_area=by_area)))
        for entry in entries
    ]


def holder(
    rooms: Sequence[str], owner_now: Mapping[str, str | None], frozen: str
) -> str:  # fmt: skip
    """Who may cast for a head whose rooms may have been sold since the roll was frozen.

    `owner_now` maps each room sold since to its new party. The seat goes along only when every
    room went to one party; else the frozen head keeps it, since a head is not divided.
    """
    parties = {owner_now.get(room) for room in rooms}
    if len(parties) == 1:
        return parties.pop() or frozen
    return frozen
