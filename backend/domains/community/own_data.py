"""A resident's own part of the register: shown to them, taken off their account when it ends.

Only verified residents enter here, and verified accounts are never merged into others, so there
is nothing to move.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from backend.domains.community import attachments, claiming, moves, places, proxies, rules
from backend.domains.community.model import HousingRoom, OwnerRecord, Residence
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.domains.identity.events import PersonClosed
from backend.kernel.access import SYSTEM
from backend.kernel.clock import local
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork


def export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """Homes, entries of the register, transfers, proxies and pictures of the person, as JSON."""
    open_ = uow.services.privacy.open
    records = uow.session.scalars(select(OwnerRecord).where(OwnerRecord.person_id == person_id))
    return {
        "homes": [
            {**_where(uow, row.room_id), "relation": rules.RELATIONS[row.relation],
             "state": rules.RESIDENCE_STATES[row.state], "words": row.words,
             "claimed_at": _text(row.claimed_at), "reason": row.reason}
            for row in claiming.own_rows(uow, person_id, rules.RESIDENCE_STATES)
        ],
        "register": [
            {"community": places.community(uow, row.community_id).name,
             "name": open_(row.name_sealed), "id_number": open_(row.number_sealed),
             "phone": open_(row.phone_sealed) if row.phone_sealed else "",
             "party_member": row.party_member}
            for row in records
        ],
        "transfers": [
            {**_where(uow, row.room_id), "state": rules.TRANSFER_STATES[row.state],
             "words": row.words, "requested_at": _text(row.requested_at)}
            for row in uow.session.scalars(
                select(OwnershipTransfer)
                .where(OwnershipTransfer.requested_by == person_id)
                .order_by(OwnershipTransfer.requested_at)
            )
        ],
        "proxies": [
            {"rooms": proxies.principal_text(uow, row), "scope": proxies.scope_text(uow, row),
             "state": rules.PROXY_STATES[row.state], "held": row.holder_id == person_id,
             "given_at": _text(row.given_at)}
            for row in proxies.own_rows(uow, person_id)
        ],
        "files": [
            {"id": str(row.id), "uploaded_at": _text(row.created_at)}
            for row in uow.session.scalars(
                select(StoredFile)
                .where(
                    StoredFile.owner_id == person_id, StoredFile.purpose == attachments.PURPOSE
                )
                .order_by(StoredFile.created_at)
            )
        ],
    }  # fmt: skip


def open_matters(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """Transfers that still wait, each in a few words."""
    rows = uow.session.scalars(
        select(HousingRoom.label)
        .join(OwnershipTransfer, OwnershipTransfer.room_id == HousingRoom.id)
        .where(
            OwnershipTransfer.requested_by == person_id,
            OwnershipTransfer.state == rules.REQUESTED,
        )
        .order_by(OwnershipTransfer.requested_at)
    )
    return [f"房屋过户 {label}：等待社区核对" for label in rows]


def forget(uow: UnitOfWork, told: PersonClosed) -> None:
    """Homes and proxies end; the register keeps its owners without saying which account was theirs.

    Pictures of papers stay with what they proved, without saying who sent them.
    """
    person_id = told.person_id
    for home in claiming.own_rows(uow, person_id):
        action = "withdraw" if home.state == rules.CLAIMED else "leave"
        moves.move(
            uow, home, action, rules.RESIDENT, public="账号已注销", decided_at=uow.now,
            actor=SYSTEM,
        )  # fmt: skip
    _end_proxies(uow, person_id)
    for table, column, more in (
        (Residence, Residence.person_id, {"words": ""}),
        (OwnerRecord, OwnerRecord.person_id, {"bound_at": None}),
        (OwnershipTransfer, OwnershipTransfer.requested_by, {"words": ""}),
        (VoteProxy, VoteProxy.holder_id, {}),
        (VoteProxy, VoteProxy.given_by, {}),
        (VoteProxy, VoteProxy.principal_person_id, {}),
    ):
        _empty(uow, table, column, column == person_id, more)
    papers = (StoredFile.owner_id == person_id) & (StoredFile.purpose == attachments.PURPOSE)
    _empty(uow, StoredFile, StoredFile.owner_id, papers, {})


def _end_proxies(uow: UnitOfWork, person_id: UUID) -> None:
    """Those the person gave alone, and those the person holds."""
    rows = uow.session.scalars(
        select(VoteProxy)
        .where(
            (VoteProxy.holder_id == person_id) | (VoteProxy.principal_person_id == person_id),
            VoteProxy.state.in_(rules.LIVE_PROXIES),
        )
        .with_for_update()
    ).all()
    for row in rows:
        moves.move(
            uow, row, "revoke", rules.SYSTEM, reason="账号已注销", actor=SYSTEM,
            decided_at=uow.now,
        )  # fmt: skip


def _empty(
    uow: UnitOfWork, table: Any, column: Any, condition: ColumnElement[bool], more: dict[str, Any]
) -> None:
    uow.session.execute(
        update(table)
        .where(condition)
        .values({column: None, **more})
        .execution_options(synchronize_session=False)
    )


def _where(uow: UnitOfWork, room_id: UUID) -> dict[str, str]:
    room = uow.session.get_one(HousingRoom, room_id)
    return {"community": places.community(uow, room.community_id).name, "room": room.label}


def _text(moment: Any) -> str:
    return local(moment).isoformat(timespec="seconds")
