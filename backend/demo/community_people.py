"""Fictional neighbours, the same in every run: names out of two lists, numbers of no real place."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from backend.kernel.identity_number import check_digit

AREA = "999902"
# Numbers of the order within a day: one community never meets another's.
_ORDERS = {"guixiang": 100, "xincun": 300, "shangpo": 500}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody of a register."""

    name: str
    number: str
    phone: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Kind, name, number and phone as the columns of a register's file."""
        return ("个人", self.name, self.number, self.phone)


@dataclass(slots=True)
class Neighbours:
    """Makes one neighbour after another; `made` are all of them, in order."""

    key: str
    surnames: str
    given: list[str]
    today: date
    made: list[Neighbour] = field(default_factory=list)
    _again: Neighbour | None = None

    def owners(self, label: str) -> list[tuple[str, ...]]:
        """Who owns the next room: one, every fourth time two, every ninth time who owned the last."""
        turn = len(self.made)
        if turn % 9 == 8 and self._again is not None:
            again, self._again = self._again, None
            return [again.cells]
        first = self._new()
        self._again = first
        return [first.cells, self._new().cells] if turn % 4 == 3 else [first.cells]

    def known(self, name: str) -> tuple[str, ...]:
        """Somebody with this name who is in no other list."""
        return self._new(name).cells

    def family(self, label: str) -> list[tuple[str, ...]]:
        """Head and spouse; every second house a grown child, every third one that is not."""
        turn = len(self.made)
        head = self._new()
        people = [head, self._new()]
        if turn % 2:
            people.append(self._new(head.name[0], age=26))
        if turn % 3 == 0:
            people.append(self._new(head.name[0], age=11))
        return [one.cells for one in people]

    def _new(self, name: str = "", *, age: int | None = None) -> Neighbour:
        turn = len(self.made)
        if len(name) < 2:
            first = name or self.surnames[turn * 7 % len(self.surnames)]
            name = first + self.given[(turn * 11 + turn // 30) % len(self.given)]
        years = age if age is not None else 28 + turn * 13 % 50
        born = self.today - timedelta(days=years * 366 + turn * 3 % 300)
        body = f"{AREA}{born:%Y%m%d}{_ORDERS[self.key] + turn % 190:03d}"
        phone = f"1390{_ORDERS[self.key]:03d}{turn:04d}"
        made = Neighbour(name, body + check_digit(body), phone)
        self.made.append(made)
        return made
