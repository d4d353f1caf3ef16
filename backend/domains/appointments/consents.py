"""Letting somebody act for one (代办): asked and answered on the phone, or shown on paper."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from appointments import consents
from appointments.demand_model import AgentConsent
from backend.domains.appointments import events, ports, staff, wording
from backend.domains.appointments.refusals import in_words
from backend.domains.identity import service as identity
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.privacy import mask_name
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PER_DAY = "10 per day"
ANY_ITEM = "各类事项"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: for one item or any, until a day; what the agent is to the principal."""

    item_id: UUID | None
    relation: str
    until: date


@dataclass(frozen=True, slots=True)
class Named:
    """Whom one asks, by the full name and the phone number one knows."""

    name: str
    phone: str


def mine(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """Consents one gave, was given, asked for or was asked for."""
    return _shown(uow, person_id, consents.of_person(uow.session, person_id))


def ask(uow: UnitOfWork, person_id: UUID, role: str, whom: Named, wish: Wish) -> dict[str, Any]:
    """Ask somebody, named in full with the phone number, to let one act, or to act for one.

    Whoever is asked, the answer looks the same, and so does the list afterwards: a question to
    nobody waits like one to somebody, so nobody can be sought out by asking.
    """
    uow.services.limiter.hit(PER_DAY, "agent_consent_ask", str(person_id))
    if wish.item_id is not None:
        ports.item_of(uow, wish.item_id)
    found = _somebody(uow, whom)
    if found == person_id:
        raise Invalid("consent_own", title="不能委托自己", action="请填写对方的姓名和手机号")
    other = found or _nobody(uow, person_id, whom)
    with in_words():
        consents.check_until(wish.until, uow.now)
        consents.check_open(uow.session, person_id)
        row = consents.ask(
            uow.session,
            AgentConsent(
                id=new_id(),
                principal_key=person_id if role == "principal" else other,
                agent_key=other if role == "principal" else person_id,
                item_key=wish.item_id,
                state="asked",
                way="online",
                relation=wish.relation,
                until=wish.until,
                asked_at=uow.now,
                answered_at=None,
                witnessed_by=None,
                asked_by=person_id,
                asked_name=mask_name(whom.name),
            ),
        )
    _trace(uow, row, "ask", None, "请对方确认代办")
    if found is not None:
        _tell(uow, events.AgentConsentAsked, row, found)
    return _one(uow, person_id, row)


def answer(uow: UnitOfWork, person_id: UUID, consent_id: UUID, *, give: bool) -> dict[str, Any]:
    """Say yes or no to what one was asked."""
    row = _own(uow, person_id, consent_id)
    if row.asked_by == person_id:
        raise Conflict("consent_not_yours", title="要对方来答复", action="请等对方答复，或撤回")
    with in_words():
        row = consents.answer(uow.session, row, give=give, now=uow.now)
    _trace(uow, row, "answer", "asked", "同意代办" if give else "没有同意代办")
    _tell(uow, events.AgentConsentChanged, row, _other(row, person_id))
    return _one(uow, person_id, row)


def withdraw(uow: UnitOfWork, person_id: UUID, consent_id: UUID) -> dict[str, Any]:
    """Take it back, from either side; what was booked stays, and the clerk sees it."""
    row = _own(uow, person_id, consent_id)
    before = row.state
    with in_words():
        row = consents.withdraw(uow.session, row, uow.now)
    _trace(uow, row, "withdraw", before, "撤回了代办委托")
    _tell(uow, events.AgentConsentChanged, row, _other(row, person_id))
    return _one(uow, person_id, row)


def record(
    uow: UnitOfWork, who: Principal, hall_id: UUID, people: dict[str, tuple[str, str]], wish: Wish
) -> dict[str, Any]:
    """A clerk saw the signed paper and both cards: the consent is given at once."""
    staff.enter_hall(uow, who, "queue.operate", hall_id)
    if wish.item_id is not None:
        ports.item_of(uow, wish.item_id)
    keys = {side: _known(uow, side, *people[side]) for side in ("principal", "agent")}
    if keys["principal"] == keys["agent"]:
        raise Invalid("consent_own", title="委托人和代办人是同一个人", action="请核对两张身份证")
    with in_words():
        consents.check_until(wish.until, uow.now)
        row = consents.ask(
            uow.session,
            AgentConsent(
                id=new_id(),
                principal_key=keys["principal"],
                agent_key=keys["agent"],
                item_key=wish.item_id,
                state="given",
                way="paper",
                relation=wish.relation,
                until=wish.until,
                asked_at=uow.now,
                answered_at=uow.now,
                witnessed_by=who.actor.id,
                asked_by=None,
                asked_name="",
            ),
        )
    _trace(uow, row, "record", None, "窗口核验了代办委托书")
    for person in (row.principal_key, row.agent_key):
        _tell(uow, events.AgentConsentChanged, row, person)
    return {
        "id": row.id,
        "principal_name": mask_name(people["principal"][0]),
        "agent_name": mask_name(people["agent"][0]),
        "item_name": _item_name(uow, row),
        "state": row.state,
        "state_text": wording.consent_text(row.state, row.until, local_date(uow.now)),
        "until": row.until,
    }


def export(uow: UnitOfWork, person_id: UUID) -> list[dict[str, Any]]:
    """The person's consents, as JSON values."""
    return [
        {
            "role": one["role"],
            "other": one["other_name"],
            "item": one["item"]["name"] if one["item"] else ANY_ITEM,
            "state": one["state_text"],
            "until": one["until"].isoformat(),
        }
        for one in mine(uow, person_id)
    ]


def forget_person(uow: UnitOfWork, person_id: UUID) -> None:
    """A closed account acts for nobody, and nobody acts for it; what was said goes.

    The other one of each is told: she may count on somebody to come who no longer can.
    """
    either = or_(AgentConsent.principal_key == person_id, AgentConsent.agent_key == person_id)
    live = uow.session.scalars(
        select(AgentConsent)
        .where(either, AgentConsent.state.in_(("asked", "given")))
        .order_by(AgentConsent.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in live:
        before = row.state
        changed = consents.withdraw(uow.session, row, uow.now)
        _trace(uow, changed, "withdraw", before, "账号注销，委托结束")
        _tell(uow, events.AgentConsentChanged, changed, _other(changed, person_id))
    uow.session.execute(
        update(AgentConsent)
        .where(either)
        .values(relation="", asked_name="")
        .execution_options(synchronize_session=False)
    )


def _somebody(uow: UnitOfWork, whom: Named) -> UUID | None:
    found = identity.person_by_channel(uow.services, uow.session, "phone", whom.phone)
    # Both are looked up either way, so that the time it takes tells nothing.
    return found if found in set(uow.session.scalars(identity.named(uow, whom.name))) else None


def _nobody(uow: UnitOfWork, asker: UUID, whom: Named) -> UUID:
    # The same for the same question, so that asking twice is refused as it is with somebody.
    mark = uow.services.privacy.fingerprint(
        f"{asker} {whom.name} {whom.phone}", "agent-consent-nobody"
    )
    return UUID(bytes=mark[:16])


def _known(uow: UnitOfWork, side: str, name: str, id_number: str) -> UUID:
    found = identity.person_by_identity(uow, name, id_number)
    if found is None:
        text = "没有找到：请核对姓名和身份证号；没有实名注册的，请先在手机上注册"
        raise Invalid("person_unknown", title=text, fields={side: [text]})
    return found


def _own(uow: UnitOfWork, person_id: UUID, consent_id: UUID) -> AgentConsent:
    found = uow.session.scalars(
        select(AgentConsent).where(
            AgentConsent.id == consent_id,
            or_(AgentConsent.principal_key == person_id, AgentConsent.agent_key == person_id),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("consent_unknown", title="没有找到这份委托", action="请到「代办」里查看")
    return found


def _other(row: AgentConsent, person_id: UUID) -> UUID:
    return row.agent_key if row.principal_key == person_id else row.principal_key


def _one(uow: UnitOfWork, person_id: UUID, row: AgentConsent) -> dict[str, Any]:
    return _shown(uow, person_id, [row])[0]


def _shown(uow: UnitOfWork, person_id: UUID, rows: list[AgentConsent]) -> list[dict[str, Any]]:
    others = {_other(row, person_id) for row in rows if row.asked_by != person_id}
    cards = identity.person_cards(uow, others)
    today = local_date(uow.now)
    found = []
    for row in rows:
        card = cards.get(_other(row, person_id))
        live = row.until >= today
        found.append(
            {
                "id": row.id,
                "role": "principal" if row.principal_key == person_id else "agent",
                "other_name": row.asked_name
                if row.asked_by == person_id
                else (card.name_masked if card else ""),
                "item": {"id": row.item_key, "name": _item_name(uow, row)}
                if row.item_key
                else None,
                "relation": row.relation,
                "state": row.state,
                "state_text": wording.consent_text(row.state, row.until, today),
                "way": row.way,
                "until": row.until,
                "asked_at": row.asked_at,
                "can_answer": live and row.state == "asked" and row.asked_by != person_id,
                "can_withdraw": live and row.state in ("asked", "given"),
                "version": row.version,
            }
        )
    return found


def _item_name(uow: UnitOfWork, row: AgentConsent) -> str:
    if row.item_key is None:
        return ANY_ITEM
    try:
        return ports.item_of(uow, row.item_key).name
    except NotFound:
        return "已下架的事项"


def _trace(uow: UnitOfWork, row: AgentConsent, action: str, before: str | None, text: str) -> None:
    trace.record(
        uow,
        subject=Subject("agent_consent", row.id),
        action=action,
        from_state=before,
        to_state=row.state,
        public_text=text,
        first=before is None,
    )


def _tell(
    uow: UnitOfWork, kind: type[events.AgentConsentEvent], row: AgentConsent, person: UUID
) -> None:
    other = _other(row, person)
    cards = identity.person_cards(uow, {other, person})
    if person not in cards:
        # A question to nobody was taken back.
        return
    uow.emit(
        kind(
            consent_id=row.id,
            person_id=person,
            role="principal" if row.principal_key == person else "agent",
            other_name=cards[other].name_masked if other in cards else "对方",
            item_name=_item_name(uow, row),
            state=row.state,
            way=row.way,
            until=row.until,
        )
    )
