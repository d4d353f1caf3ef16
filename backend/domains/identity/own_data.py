"""A resident's own data: a copy of everything (PIPL Art. 45), and closing the account (Art. 47).

Other domains take part by registering: `register_exporter` for what they hold,
`register_open_matters` for what must be finished first. What they must move or
erase they learn from the events `PersonMerged` and `PersonClosed`.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.identity import consent, persons, rules
from backend.domains.identity.model import ChannelIdentity, RealNameCheck
from backend.kernel import trace
from backend.kernel.clock import local
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.privacy import mask_openid
from backend.kernel.sessions import SessionRow
from backend.kernel.uow import UnitOfWork

Exporter = Callable[[UnitOfWork, UUID], Any]
OpenMatters = Callable[[UnitOfWork, UUID], list[str]]

_exporters: dict[str, Exporter] = {}
_open_matters: dict[str, OpenMatters] = {}


def register_exporter(name: str, exporter: Exporter) -> None:
    """Let `exporter(uow, person_id)` fill the part `name` of the export, as JSON values."""
    _exporters[name] = exporter


def register_open_matters(name: str, finder: OpenMatters) -> None:
    """Let `finder(uow, person_id)` name, in Chinese, what is still open."""
    _open_matters[name] = finder


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Everything we hold about the person, in the clear; the export itself is traced."""
    persons.get(uow, person_id, lock=True)
    trace.record(
        uow, subject=persons.subject(person_id), action="export", public_text="导出个人信息"
    )
    parts = {name: exporter(uow, person_id) for name, exporter in sorted(_exporters.items())}
    return {"exported_at": uow.now, "identity": _identity(uow, person_id), "parts": parts}


def close(uow: UnitOfWork, person_id: UUID, confirm: str) -> None:
    """Close the account for good. `Conflict` names what is still open; nothing is cancelled."""
    open_matters = [text for find in _open_matters.values() for text in find(uow, person_id)]
    problem = rules.closing_problem(confirm, open_matters)
    if problem and confirm != rules.CLOSE_WORDS:
        raise Invalid("confirm_needed", title=problem, fields={"confirm": [problem]})
    if problem:
        raise Conflict(
            "open_matters",
            title="还不能注销",
            detail=problem,
            action="请先办完或取消，再来注销",
        )
    persons.close(uow, person_id)


def _identity(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    person = persons.get(uow, person_id)
    open_ = uow.services.privacy.open
    query = select(ChannelIdentity).where(ChannelIdentity.person_id == person_id)
    channels = [
        {
            "kind": row.kind,
            "value": open_(row.sealed) if row.kind == "phone" else mask_openid(open_(row.sealed)),
            "proved_at": _text(row.proved_at),
        }
        for row in uow.session.scalars(query.order_by(ChannelIdentity.proved_at))
    ]
    checks = uow.session.scalars(
        select(RealNameCheck).where(RealNameCheck.person_id == person_id).order_by(RealNameCheck.at)
    )
    rows = uow.session.scalars(
        select(SessionRow)
        .where(SessionRow.principal_kind == "person", SessionRow.principal_id == person_id)
        .order_by(SessionRow.created_at)
    )
    return {
        "id": str(person.id),
        "name": open_(person.name_sealed) if person.name_sealed else None,
        "id_number": open_(person.id_number_sealed) if person.id_number_sealed else None,
        "phone": open_(person.phone_sealed) if person.phone_sealed else None,
        "verified_at": _text(person.verified_at) if person.verified_at else None,
        "provider": person.provider,
        "elder_mode": person.elder_mode,
        "created_at": _text(person.created_at),
        "channels": channels,
        "real_name_checks": [
            {"at": _text(row.at), "provider": row.provider, "outcome": row.outcome}
            for row in checks
        ],
        "consents": [
            {
                "document": row.document,
                "version": row.version,
                "agreed": row.agreed,
                "at": _text(row.at),
                "channel": row.channel,
            }
            for row in consent.history(uow, person_id)
        ],
        "sessions": [
            {
                "channel": row.channel,
                "created_at": _text(row.created_at),
                "last_seen_at": _text(row.seen_at),
                "ended": row.revoked_at is not None,
            }
            for row in rows
        ],
        "history": [
            {"at": _text(entry.at), "text": entry.public_text}
            for entry in trace.entries(uow.session, persons.subject(person_id))
        ],
    }


def _text(moment: Any) -> str:
    return local(moment).isoformat(timespec="seconds")
