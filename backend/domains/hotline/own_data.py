"""A resident's own tickets: shown to them, moved with them, erased with their account."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from backend.domains.hotline import photos, resident_words, rules
from backend.domains.hotline.model import Call, Ticket, TicketCallback, TicketFile, TicketUrge
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.clock import local
from backend.kernel.uow import UnitOfWork

ERASED = "（已应来电人要求删除）"


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Everything kept about the person's tickets and questions, as JSON values."""
    rows = uow.session.scalars(
        select(Ticket).where(Ticket.person_id == person_id).order_by(Ticket.created_at)
    )
    opened = uow.services.privacy.open
    return [
        {
            "receipt_number": row.number,
            "asked_at": local(row.created_at).isoformat(timespec="seconds"),
            "kind": rules.KIND_TEXT[row.kind],
            "state": resident_words.state_text(row),
            "query": row.question,
            "words": row.words,
            "address": row.address,
            "name": opened(row.caller_name_sealed) if row.caller_name_sealed else "",
            "phone": opened(row.caller_phone_sealed) if row.caller_phone_sealed else "",
            "reply": resident_words.reply(row),
            "solved": row.solved,
            "satisfied": row.satisfied,
        }
        for row in rows
    ]


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """The person's tickets that are not over, each in a few words."""
    rows = uow.session.scalars(
        select(Ticket)
        .where(
            Ticket.person_id == person_id,
            or_(Ticket.is_open, Ticket.state == rules.MERGED),
        )
        .order_by(Ticket.created_at)
    )
    return [f"12345诉求 {row.number}：{resident_words.state_text(row)}" for row in rows]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Erase who the person is and what they wrote; the district's matters stay as figures."""
    mine = select(Ticket.id).where(Ticket.person_id == told.person_id)
    for table, text in ((TicketUrge, {"words": ""}), (TicketCallback, {"note": ""})):
        own = update(table).where(table.ticket_id.in_(mine), table.by.is_(None))
        uow.session.execute(own.values(**text).execution_options(synchronize_session=False))
    photos.erase(uow, told.person_id)
    calls = select(Ticket.call_id).where(
        Ticket.person_id == told.person_id, Ticket.call_id.is_not(None)
    )
    uow.session.execute(
        update(Call)
        .where(Call.id.in_(calls))
        .values(number_sealed=None, number_hash=None)
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(Ticket)
        .where(Ticket.person_id == told.person_id)
        .values(
            person_id=None, words=ERASED, title=ERASED, question="", address="",
            latitude=None, longitude=None, caller_name_sealed=None, caller_phone_sealed=None,
            caller_phone_hash=None, version=Ticket.version + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def move(uow: UnitOfWork, told: PersonMerged) -> None:
    """The provisional account became another: its tickets go along."""
    for table, column in ((Ticket, Ticket.person_id), (TicketFile, TicketFile.by)):
        uow.session.execute(
            update(table)
            .where(column == told.source_id)
            .values({column: told.target_id})
            .execution_options(synchronize_session=False)
        )
