"""Where a matter stands: the receipt, the matter's own words, and the trace.

Each kind of matter registers a presenter; this domain knows none of them. Nothing here
answers with personal data: what is shown to the owner is also shown for number and code.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from backend.kernel import receipts, trace
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.receipts import ReceiptRow
from backend.kernel.services import Services
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

Presenter = Callable[[UnitOfWork, Iterable[UUID]], Mapping[UUID, Mapping[str, Any]]]
ACTOR_TEXT = {"person": "本人", "staff": "工作人员", "system": "系统", "public": "访客"}
LOOK_UPS_PER_ADDRESS = "30 per 10 minutes"
LOOK_UPS_PER_NUMBER = "10 per hour"
BATCH = 50


def register_presenter(services: Services, kind: str, present: Presenter) -> None:
    """Let `present(uow, ids)` say of each matter: kind_text, state_text, next_text, open.

    It may also name in `trace` the subject whose trace tells the steps, where that is not the
    receipt's own (many receipts can stand for one matter).
    """
    services.extensions.setdefault("presenters", {})[kind] = present


def list_mine(
    uow: UnitOfWork, person_id: UUID, *, open_: bool | None, limit: int, after: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The person's matters, newest first; `after` is the number of the last one seen."""
    found: list[dict[str, Any]] = []
    last = _own(uow, person_id, after) if after else None
    while True:
        rows = _batch(uow, person_id, last)
        for matter in _present(uow, rows):
            if open_ is None or matter["open"] is open_:
                found.append(matter)
        if len(found) > limit:
            return found[:limit], str(found[limit - 1]["receipt_number"])
        if len(rows) < BATCH:
            return found, None
        last = rows[-1]


def _batch(uow: UnitOfWork, person_id: UUID, last: ReceiptRow | None) -> list[ReceiptRow]:
    query = select(ReceiptRow).where(ReceiptRow.person_id == person_id)
    if last is not None:
        key = tuple_(ReceiptRow.issued_at, ReceiptRow.number)
        query = query.where(key < (last.issued_at, last.number))
    order = (ReceiptRow.issued_at.desc(), ReceiptRow.number.desc())
    return list(uow.session.scalars(query.order_by(*order).limit(BATCH)))


def _own(uow: UnitOfWork, person_id: UUID, number: str) -> ReceiptRow:
    written = receipts.normalise(number)
    row = uow.session.get(ReceiptRow, written) if written else None
    if row is None or row.person_id != person_id:
        raise NotFound(
            "matter_unknown", title="没有找到这件事", action="请核对编号，或返回进度列表"
        )
    return row


def show_mine(uow: UnitOfWork, person_id: UUID, number: str) -> dict[str, Any]:
    """One matter of the person's own, with its timeline; anybody else's is `NotFound`."""
    return _with_timeline(uow, _own(uow, person_id, number))


def look_up(uow: UnitOfWork, number: str, code: str, address: str) -> dict[str, Any]:
    """The public part of a matter for whoever holds number and query code.

    A wrong code, a wrong number and a number that does not exist get the same answer.
    Tries are counted by address and by number; without Redis the answer is `Unavailable`.
    """
    limiter = uow.services.limiter
    limiter.hit(LOOK_UPS_PER_ADDRESS, "matter-lookup", address)
    written = receipts.normalise(number)
    if written:
        limiter.hit(LOOK_UPS_PER_NUMBER, "matter-lookup-number", written)
    row = receipts.find(uow, number, code)
    if row is None:
        raise Invalid(
            "lookup_failed",
            title="编号或查询码不对",
            detail="没有找到对得上的事项",
            action="请核对回执上的编号和6位查询码",
        )
    shown = _with_timeline(uow, row)
    return {key: value for key, value in shown.items() if key != "subject_id"}


def _with_timeline(uow: UnitOfWork, row: ReceiptRow) -> dict[str, Any]:
    words = _words(uow, [row])
    entries = trace.entries(uow.session, _trace_of(row, words))
    lines = [
        {
            "at": entry.at,
            "action": entry.action,
            "text": entry.public_text,
            "actor_text": ACTOR_TEXT.get(entry.actor_kind, "系统"),
        }
        for entry in reversed(entries)
        if entry.public_text
    ]
    return {**_shown(uow, [row], words)[0], "timeline": lines}


def _trace_of(row: ReceiptRow, words: Mapping[UUID, Mapping[str, Any]]) -> Subject:
    """Whose trace tells the steps of the receipt's matter."""
    named: Subject | None = words[row.subject_id].get("trace")
    return named or Subject(row.kind, row.subject_id)


def _present(uow: UnitOfWork, rows: Sequence[ReceiptRow]) -> list[dict[str, Any]]:
    return _shown(uow, rows, _words(uow, rows))


def _shown(
    uow: UnitOfWork, rows: Sequence[ReceiptRow], words: Mapping[UUID, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    traces = {row.subject_id: _trace_of(row, words).id for row in rows}
    updated = _updated(uow, set(traces.values()))
    return [
        {
            "receipt_number": row.number,
            "kind": row.kind,
            "title": row.title,
            "updated_at": updated.get(traces[row.subject_id], row.issued_at),
            "subject_id": row.subject_id,
            **{key: value for key, value in words[row.subject_id].items() if key != "trace"},
        }
        for row in rows
    ]


def _words(uow: UnitOfWork, rows: Sequence[ReceiptRow]) -> dict[UUID, Mapping[str, Any]]:
    presenters: dict[str, Presenter] = uow.services.extensions.get("presenters", {})
    by_kind: dict[str, list[UUID]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.subject_id)
    found: dict[UUID, Mapping[str, Any]] = {}
    for kind, ids in by_kind.items():
        found.update(presenters[kind](uow, ids))
    return found


def _updated(uow: UnitOfWork, subject_ids: set[UUID]) -> dict[UUID, datetime]:
    query = (
        select(TraceEntry.subject_id, func.max(TraceEntry.at))
        .where(TraceEntry.subject_id.in_(subject_ids))
        .group_by(TraceEntry.subject_id)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}
