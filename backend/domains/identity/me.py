"""How a resident sees the own account."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from backend.domains.identity import consent, persons, rules, staff_binding
from backend.domains.identity.cards import person_card
from backend.domains.identity.model import ChannelIdentity
from backend.kernel import trace
from backend.kernel.uow import UnitOfWork


def show(uow: UnitOfWork, person_id: UUID, channel: str) -> dict[str, Any]:
    """The resident's own view; names are empty until verified."""
    person = persons.get(uow, person_id)
    card = person_card(uow, person_id)
    wechat = exists().where(
        ChannelIdentity.person_id == person_id,
        ChannelIdentity.kind.in_(("mini_openid", "service_openid")),
    )
    named = person.name_sealed is not None
    return {
        "id": person.id,
        "name": card.name if named else "",
        "name_masked": card.name_masked if named else "",
        "phone_masked": card.phone_masked,
        "id_number_masked": card.id_number_masked,
        "verified": person.state == rules.VERIFIED,
        "has_wechat": bool(uow.session.scalar(select(wechat))),
        "consent_version": consent.agreed_version(uow, person_id),
        "elder_mode": person.elder_mode,
        "channel": channel,
        "worker": staff_binding.of_person(uow, person_id),
    }


def set_elder_mode(uow: UnitOfWork, person_id: UUID, elder_mode: bool) -> None:
    """Remember the choice of large type on every device."""
    person = persons.get(uow, person_id, lock=True)
    if person.elder_mode != elder_mode:
        person.elder_mode = elder_mode
        trace.record(
            uow,
            subject=persons.subject(person_id),
            action="elder_mode",
            public_text="打开长辈模式" if elder_mode else "关闭长辈模式",
        )
