"""Consents: who agreed to which version of which document, and when (PIPL Art. 13-15)."""

from uuid import UUID

from sqlalchemy import select

from backend.domains.identity import persons
from backend.domains.identity.model import Consent
from backend.domains.identity.privacy_policy import DOCUMENT, current_version
from backend.kernel import trace
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

__all__ = ["agreed_version", "answer", "current_version", "history"]


def answer(
    uow: UnitOfWork, person_id: UUID, *, document: str, version: str, agreed: bool, channel: str
) -> None:
    """Note the answer. Agreeing is possible to the version in force only."""
    if agreed and version != current_version():
        raise Conflict(
            "policy_changed", detail="隐私说明已更新，请看过新的再同意", action="请刷新后再试"
        )
    persons.get(uow, person_id, lock=True)
    uow.session.add(
        Consent(
            person_id=person_id, document=document, version=version,
            agreed=agreed, at=uow.now, channel=channel,
        )
    )  # fmt: skip
    uow.session.flush()
    trace.record(
        uow,
        subject=persons.subject(person_id),
        action="agree" if agreed else "withdraw_consent",
        public_text=f"{'同意' if agreed else '撤回同意'}隐私说明 {version}",
    )


def agreed_version(uow: UnitOfWork, person_id: UUID, document: str = DOCUMENT) -> str | None:
    """The version the person agrees to now; None when never asked or withdrawn."""
    newest = uow.session.scalar(
        select(Consent)
        .where(Consent.person_id == person_id, Consent.document == document)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )
    return newest.version if newest is not None and newest.agreed else None


def history(uow: UnitOfWork, person_id: UUID) -> list[Consent]:
    """All answers of the person, oldest first."""
    query = select(Consent).where(Consent.person_id == person_id)
    return list(uow.session.scalars(query.order_by(Consent.at, Consent.id)))
