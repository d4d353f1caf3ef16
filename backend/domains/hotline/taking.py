"""The one door by which every ticket comes in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domains.grid.service import Located
from backend.domains.hotline import (
    call_rules,
    calls,
    clock_rules,
    clocks,
    events,
    moves,
    ports,
    rules,
    telling,
)
from backend.domains.hotline.model import Ticket
from backend.kernel import receipts
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is told. Coordinates are WGS-84; name and phone are sealed when it is kept.

    `source` and `kind` are keys of `rules.SOURCE_TEXT` and `KIND_TEXT`. Left out, the category
    comes from the words, the urgency is never less than the words', the difficulty follows from
    the kind, the title is the first sentence. `question` is what a resident searched for in
    vain (source `ask`).
    """

    kind: str
    source: str
    words: str
    title: str = ""
    category_code: str | None = None
    urgency: str | None = None
    difficulty: str | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    caller_name: str = ""
    caller_phone: str = ""
    person_id: UUID | None = None
    confidential: bool = False
    operator_id: UUID | None = None
    call_id: UUID | None = None
    question: str = ""


def take(uow: UnitOfWork, new: NewTicket) -> Ticket:
    """A new ticket in `pending`: sorted, located, its clock running; everything or nothing.

    The number is a receipt of the kind `ticket` (letter H); its query code is
    `receipts.query_code(uow.services, ticket.number)`. Emits `TicketTaken`.
    """
    words = moves.needs(new.words, "words", "请写一句要反映的事")
    _check(new)
    kind = ports.chosen_category(uow, words, new.category_code)
    located = ports.located(uow, f"{new.address} {words}", new.latitude, new.longitude)
    ticket_id = new_id()
    subject_text = f"{rules.KIND_TEXT[new.kind]}：{kind.name}"
    receipt = receipts.issue(
        uow, kind=moves.KIND, subject=Subject(moves.KIND, ticket_id), person_id=new.person_id,
        title=subject_text,
    )  # fmt: skip
    urgent = ports.dangerous(words, kind.urgency)
    ticket = Ticket(
        id=ticket_id,
        number=receipt.number,
        kind=new.kind,
        source=new.source,
        category_code=kind.code,
        urgency=rules.urgency_of(words, urgent, new.urgency),
        difficulty=new.difficulty or rules.difficulty_of(new.kind),
        title=rules.title_of(new.title or words, subject_text),
        words=words,
        state=rules.PENDING,
        person_id=new.person_id,
        confidential=new.confidential,
        operator_id=new.operator_id,
        call_id=new.call_id,
        question=new.question.strip()[:200],
        created_at=uow.now,
        **place_values(located, new.address, new.latitude, new.longitude),
        **caller_values(uow, new.caller_name, new.caller_phone),
    )
    uow.session.add(ticket)
    uow.session.flush()
    moves.note(
        uow, ticket, "take", public="已登记，等待受理",
        internal=f"{rules.SOURCE_TEXT[new.source]}，{subject_text}", first=True,
    )  # fmt: skip
    clocks.start(uow, ticket, clock_rules.ACCEPT)
    uow.emit(events.TicketTaken(**telling.facts(uow, ticket), query_code=receipt.query_code))
    return ticket


def caller_values(uow: UnitOfWork, name: str, phone: str) -> dict[str, Any]:
    """The sealed columns of a caller; what is empty, or no number, is not kept.

    Tickets and calls of one number are found by the same keyed hash.
    """
    digits = call_rules.normal_number(phone)
    seal = uow.services.privacy.seal
    mark = calls.fingerprint(uow, phone)
    return {
        "caller_name_sealed": seal(name.strip()) if name.strip() else None,
        "caller_phone_sealed": seal(digits) if mark else None,
        "caller_phone_hash": mark,
    }


def place_values(
    located: Located | None, address: str, latitude: float | None, longitude: float | None
) -> dict[str, Any]:
    """The columns of a place; without an address the names of the areas stand for it."""
    areas = [located.street, located.community, located.cell] if located else []
    names = [area.name for area in areas if area is not None]
    return {
        "address": (address.strip() or "".join(dict.fromkeys(names)))[:200],
        "latitude": latitude,
        "longitude": longitude,
        "street_id": located.street_id if located else None,
    }


def _check(new: NewTicket) -> None:
    for field, value, known in (
        ("kind", new.kind, rules.KIND_TEXT),
        ("source", new.source, rules.SOURCE_TEXT),
        ("urgency", new.urgency or rules.NORMAL, rules.URGENCY_TEXT),
        ("difficulty", new.difficulty or rules.GENERAL, rules.DIFFICULTY_TEXT),
    ):
        if value not in known:
            text = "请从列出的值里选"
            raise Invalid("bad_choice", detail=text, fields={field: [text]})
