"""Forwarded messages on their way to becoming events: pasted, pushed, or sent by applications."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.dispatch import forwarded_rules as rules
from backend.domains.dispatch import intake, ports
from backend.domains.dispatch.intake_model import EventIntake
from backend.domains.dispatch.model import Event
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages.events import ServiceMessageReceived
from backend.http.schemas import paginate
from backend.kernel import state, trace
from backend.kernel.access import Principal
from backend.kernel.database import table_of
from backend.kernel.errors import Invalid, NotFound, RateLimited
from backend.kernel.ids import new_id
from backend.kernel.privacy import mask_name
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

_SOURCE = {"paste": "wechat", "push": "wechat", "open311": "open311"}
_PUSHES_A_DAY = "30 per day"
_LEAST = 4


def receive(
    uow: UnitOfWork,
    *,
    channel: str,
    words: str,
    sender: str = "",
    said_at: str = "",
    address: str = "",
    category_code: str | None = None,
    person_id: UUID | None = None,
    source_key: str = "",
) -> EventIntake:
    """Keep a message for the desk; one with a known `source_key` is kept once."""
    table = table_of(EventIntake)
    row = {
        "id": new_id(), "channel": channel, "source_key": source_key, "words": words[:4000],
        "sender_sealed": uow.services.privacy.seal(sender) if sender else None,
        "said_at": said_at[:30], "address": address, "category_code": category_code,
        "person_id": person_id, "state": rules.WAITING, "received_at": uow.now,
    }  # fmt: skip
    added = uow.session.scalar(
        insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    )
    if added is None:
        known = select(EventIntake).where(
            EventIntake.channel == channel, EventIntake.source_key == source_key
        )
        return uow.session.scalars(known).one()
    trace.record(
        uow,
        subject=_subject(row["id"]),
        action="receive",
        to_state=rules.WAITING,
        internal_text=rules.CHANNEL_TEXT[channel],
    )
    return uow.session.get_one(EventIntake, added)


def paste(uow: UnitOfWork, text: str) -> list[EventIntake]:
    """Every message in what was pasted from a group; `Invalid` when there is none."""
    lines = rules.parse(text)
    if not lines:
        said = "没有读出消息，请把群里的文字复制过来"
        raise Invalid("nothing_read", title=said, fields={"text": [said]})
    return [
        receive(uow, channel="paste", words=line.words, sender=line.sender, said_at=line.time)
        for line in lines
    ]


def listed(
    uow: UnitOfWork, *, wanted: str, limit: int, cursor: str | None
) -> tuple[list[EventIntake], str | None]:
    """One page, newest first."""
    query = select(EventIntake).where(EventIntake.state == wanted)
    columns = [EventIntake.received_at, EventIntake.id]
    return paginate(uow.session, query, columns, limit=limit, cursor=cursor)


def convert(
    uow: UnitOfWork, by: Principal, intake_id: UUID, call: dict[str, Any]
) -> tuple[EventIntake, Event]:
    """Make the event of it, with the place and category the dispatcher found."""
    row = _locked(uow, intake_id)
    words = call.pop("words", None) or row.words
    event = intake.call(
        uow,
        intake.NewCall(
            source=_SOURCE[row.channel],
            words=words,
            person_id=row.person_id,
            staff_id=None if row.person_id else by.actor.id,
            caller_name=_sender(uow, row),
            **call,
        ),
    )
    _move(uow, row, "convert", event_id=event.id)
    return row, event


def dismiss(uow: UnitOfWork, intake_id: UUID, reason: str) -> EventIntake:
    """Put it aside as no matter for the street, with the reason."""
    row = _locked(uow, intake_id)
    row.reason = reason
    _move(uow, row, "dismiss", reason=reason)
    return row


def event_of(uow: UnitOfWork, intake_id: UUID) -> UUID | None:
    """The event made of a message, once there is one."""
    return uow.session.scalar(select(EventIntake.event_id).where(EventIntake.id == intake_id))


@dataclass(frozen=True, slots=True)
class ForwardedMessage:
    """A message that waits at the desk, for who makes something else of it than an event."""

    id: UUID
    words: str
    sender: str
    address: str
    category_code: str | None
    person_id: UUID | None


def forwarded_message(uow: UnitOfWork, intake_id: UUID) -> ForwardedMessage | None:
    """The message, if it is kept and still waits."""
    row = uow.session.get(EventIntake, intake_id)
    if row is None or row.state != rules.WAITING:
        return None
    sender = _sender(uow, row)
    return ForwardedMessage(
        row.id, row.words, sender, row.address, row.category_code, row.person_id
    )


def message_ticketed(uow: UnitOfWork, intake_id: UUID, number: str) -> None:
    """It goes on as a 12345 ticket; `Conflict` when somebody has dealt with it meanwhile."""
    dismiss(uow, intake_id, f"已转为12345工单 {number}")


def shown(uow: UnitOfWork, row: EventIntake) -> dict[str, Any]:
    """A message as the desk sees it: the sender masked, the place its words name."""
    found = ports.place_named(uow, f"{row.address} {row.words}")
    names = [area.name for area in (found.street, found.community) if area] if found else []
    return {
        "id": row.id,
        "channel": row.channel,
        "channel_text": rules.CHANNEL_TEXT[row.channel],
        "sender_masked": mask_name(_sender(uow, row)),
        "said_at": row.said_at,
        "words": row.words,
        "address": row.address or "".join(names),
        "category_code": row.category_code,
        "state": row.state,
        "state_text": rules.STATE_TEXT[row.state],
        "event_id": row.event_id,
        "reason": row.reason,
        "received_at": row.received_at,
    }


def on_message(uow: UnitOfWork, event: ServiceMessageReceived) -> None:
    """A follower wrote to the service account: kept for the desk, a chatterer is limited."""
    words = event.words.strip()
    if len(words) < _LEAST:
        return
    try:
        uow.services.limiter.hit(_PUSHES_A_DAY, "forwarded", str(event.person_id))
    except RateLimited:
        return
    receive(
        uow, channel="push", words=words, person_id=event.person_id, source_key=event.message_key
    )


def on_closed(uow: UnitOfWork, event: PersonClosed) -> None:
    """What a closed account sent loses its sender, and its words once they were handled."""
    mine = update(EventIntake).where(EventIntake.person_id == event.person_id)
    uow.session.execute(
        mine.where(EventIntake.state != rules.WAITING).values(words="", sender_sealed=None)
    )
    _resend(uow, event.person_id, None)


def on_merged(uow: UnitOfWork, event: PersonMerged) -> None:
    """What a joined account sent is the person's."""
    _resend(uow, event.source_id, event.target_id)


def _resend(uow: UnitOfWork, person_id: UUID, to: UUID | None) -> None:
    uow.session.execute(
        update(EventIntake).where(EventIntake.person_id == person_id).values(person_id=to)
    )


def _sender(uow: UnitOfWork, row: EventIntake) -> str:
    return uow.services.privacy.open(row.sender_sealed) if row.sender_sealed else ""


def _locked(uow: UnitOfWork, intake_id: UUID) -> EventIntake:
    row = uow.session.get(EventIntake, intake_id, with_for_update=True)
    if row is None:
        raise NotFound("intake_not_found", title="没有这条消息")
    return row


def _move(
    uow: UnitOfWork,
    row: EventIntake,
    action: str,
    *,
    event_id: UUID | None = None,
    reason: str = "",
) -> None:
    before = row.state
    row.state = state.step(rules.INTAKE_TRANSITIONS, before, action).to
    row.event_id = event_id
    row.handled_by, row.handled_at = uow.actor.id, uow.now
    if row.channel == "push" and row.person_id is None:
        # Its sender has closed the account since.
        row.words = ""
    uow.session.flush()
    trace.record(
        uow,
        subject=_subject(row.id),
        action=action,
        from_state=before,
        to_state=row.state,
        reason=reason,
    )


def _subject(intake_id: Any) -> Subject:
    return Subject("event_intake", intake_id)
