"""The demo's register of persons, all fictional, and the real-name provider that asks it.

Identity numbers use area 999901, which was never allocated, with correct check digits.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from backend.demo.district import DATA
from backend.domains.identity.real_name import MATCH, MISMATCH, NOT_FOUND, Verdict
from backend.kernel.identity_number import check_digit
from backend.kernel.ids import stable_id

AREA = "999901"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who can be chosen at the demo's sign-in."""

    key: str
    name: str | None
    note: str
    id_number: str | None
    phone: str | None
    elder_mode: bool


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A member of staff of the demo. `roles`: (role, scope kind, code of the place).

    `person` is the key of the demo's resident whose phone is bound to the account.
    """

    username: str
    name: str
    password: str
    roles: tuple[tuple[str, str, str | None], ...]
    person: str | None = None


@cache
def persons() -> list[DemoPerson]:
    """The persons of the demo sign-in, in the order shown."""
    return [
        DemoPerson(
            key=row["key"],
            name=row["name"],
            note=row["note"],
            id_number=_number(row) if row["born"] else None,
            phone=row["phone"],
            elder_mode=row["elder_mode"],
        )
        for row in _data()["persons"]
    ]


@cache
def staff() -> list[DemoStaff]:
    """The staff of the demo."""
    return [
        DemoStaff(
            row["username"],
            row["name"],
            row["password"],
            tuple((role, kind, code) for role, kind, code in row["roles"]),
            row.get("person"),
        )
        for row in _data()["staff"]
    ]


@cache
def register() -> dict[str, str]:
    """Names by identity number."""
    rows = [row for row in _data()["persons"] if row["born"]] + _data()["register_only"]
    return {_number(row): row["name"] for row in rows}


def unclaimed() -> dict[str, str]:
    """Register entries that no demo person uses yet: for trying out the real-name check."""
    used = {person.id_number for person in persons()}
    return {number: name for number, name in register().items() if number not in used}


def person_id(key: str) -> Any:
    """The fixed id of a demo person."""
    return stable_id("demo-person", key)


def staff_id(username: str) -> Any:
    """The fixed id of a demo member of staff."""
    return stable_id("demo-staff", username)


class DemoRealName:
    """Compares with the demo's register and pretends that the person was seen."""

    name = "demo"

    def check(self, name: str, id_number: str) -> Verdict:
        """The verdict; nothing leaves the process."""
        known = register().get(id_number)
        if known is None:
            return Verdict(NOT_FOUND)
        if known != name:
            return Verdict(MISMATCH)
        return Verdict(MATCH, presence=True, reference="demo register")


def _number(row: dict[str, Any]) -> str:
    body = f"{AREA}{row['born']}{row['order']}"
    return body + check_digit(body)


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "people.json").read_text(encoding="utf-8"))
    return found
