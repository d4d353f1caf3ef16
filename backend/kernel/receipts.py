"""Receipt numbers: read aloud over the phone, checked, and useless without their query code."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import local
from backend.kernel.database import Base, table_of
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from backend.kernel.services import Services

# A kind's letter; the number starts with it so that people and staff see what it is about.
LETTERS = {"appointment": "A", "case": "C", "event": "E", "ticket": "H", "topic": "T"}


class ReceiptRow(Base):
    """Which matter a number stands for, and whose it is."""

    __tablename__ = "receipt"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]


_INSERT = (
    insert(table_of(ReceiptRow))
    .on_conflict_do_nothing(index_elements=["number"])
    .returning(table_of(ReceiptRow).c.number)
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person is given."""

    number: str
    query_code: str


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly all swapped neighbours."""
    carry = 10
    for digit in digits:
        total = (carry + int(digit)) % 10 or 10
        carry = total * 2 % 11
    return str((11 - carry) % 10)


def issue(
    uow: UnitOfWork, *, kind: str, subject: Subject, person_id: UUID | None, title: str
) -> Receipt:
    """A new number for `subject`, kept in the caller's transaction."""
    day = local(uow.now).strftime("%y%m%d")
    while True:
        body = f"{secrets.randbelow(1_000_000):06d}"
        number = f"{LETTERS[kind]}{day}-{body}-{check_digit(day + body)}"
        added = uow.session.execute(
            _INSERT,
            {
                "number": number,
                "kind": kind,
                "subject_id": subject.id,
                "person_id": person_id,
                "title": title,
                "issued_at": uow.now,
            },
        ).scalar()
        if added:
            return Receipt(number, query_code(uow.services, number))


def query_code(services: "Services", number: str) -> str:
    """The six digits that go with `number`; derived, so it is stored nowhere."""
    signature = services.privacy.sign(number, "query-code")
    return f"{int.from_bytes(signature[:8]) % 1_000_000:06d}"


def normalise(number: str) -> str | None:
    """The number in its written form from what a person typed, or None if it cannot be one."""
    plain = _plain(number).upper()
    text = "".join(char for char in plain if char.isascii() and char.isalnum())
    if len(text) != 14 or text[0] not in LETTERS.values() or not text[1:].isdigit():
        return None
    if check_digit(text[1:13]) != text[13]:
        return None
    return f"{text[:7]}-{text[7:13]}-{text[13]}"


def _plain(text: str) -> str:
    """Full-width letters and digits, as Chinese keyboards type them, as plain ones."""
    return unicodedata.normalize("NFKC", text)


def find(uow: UnitOfWork, number: str, code: str) -> ReceiptRow | None:
    """The receipt, if number and query code belong together; the time taken tells nothing."""
    written = normalise(number)
    row = uow.session.get(ReceiptRow, written) if written else None
    right = query_code(uow.services, written or "A000000-000000-0")
    given = _plain(code).strip().encode(errors="replace")
    same = secrets.compare_digest(right.encode(), given)
    return row if row is not None and same else None


def of_person(uow: UnitOfWork, person_id: UUID) -> list[ReceiptRow]:
    """All receipts of a person, newest first."""
    query = select(ReceiptRow).where(ReceiptRow.person_id == person_id)
    return list(uow.session.scalars(query.order_by(ReceiptRow.issued_at.desc())))


def of_subject(uow: UnitOfWork, subject: Subject) -> ReceiptRow | None:
    """The receipt of one matter."""
    query = select(ReceiptRow).where(
        ReceiptRow.kind == subject.kind, ReceiptRow.subject_id == subject.id
    )
    return uow.session.scalar(query)
