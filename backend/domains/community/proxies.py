"""A head lets somebody else vote for it: given in the app, or on paper through the staff."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from backend.domains.community import (
    access,
    attachments,
    claiming,
    electorate,
    moves,
    parties,
    places,
    ports,
    rules,
)
from backend.domains.community.events import ProxyChanged
from backend.domains.community.model import HousingRoom, OwnerRecord, PartyMember
from backend.domains.community.paper_model import VoteProxy
from backend.domains.community.proxy_reading import held_count
from backend.domains.identity import service as identity
from backend.kernel.access import SYSTEM, Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

PER_DAY = "20 per day"
AS_OWNER, AS_PERSON = "owner", "person"


@dataclass(frozen=True, slots=True)
class Wish:
    """To whom, and for one topic or until a day. The holder is named by phone and full name."""

    holder_name: str
    holder_phone: str
    topic_id: UUID | None = None
    until: date | None = None
    file_ids: tuple[UUID, ...] = ()


def give(uow: UnitOfWork, person_id: UUID, residence_id: UUID, as_: str, wish: Wish) -> VoteProxy:
    """A resident of a confirmed home lets another vote: for the owners' head, or for themselves.

    In force at once. Any of the co-owners may give (and take back) for their one head.
    """
    uow.services.limiter.hit(PER_DAY, "proxy_give", str(person_id))
    home = claiming.own(uow, person_id, residence_id)
    if home.state != rules.CONFIRMED:
        raise Conflict("not_confirmed", title="住处确认后才能委托", action="请等社区确认")
    room = uow.session.get_one(HousingRoom, home.room_id)
    party_id = _own_party(uow, person_id, room) if as_ == AS_OWNER else None
    row = _new(
        uow, room.community_id, wish, paper=False, given_by=person_id,
        principal_party_id=party_id, principal_person_id=None if party_id else person_id,
    )  # fmt: skip
    row = moves.move(
        uow, row, "confirm", rules.SYSTEM, public="委托生效", actor=SYSTEM, decided_at=uow.now
    )
    _tell(uow, row)
    return row


def record(uow: UnitOfWork, by: Principal, room_id: UUID, wish: Wish) -> VoteProxy:
    """Staff take down a written proxy of a room's owners, with a picture of the paper."""
    room = uow.session.get(HousingRoom, room_id)
    if room is None:
        raise moves.unknown()
    access.reach(uow, by, access.CONFIRM, room.community_id)
    party_id = parties.live_party(uow, room_id)
    if party_id is None:
        raise Conflict("no_owner", title="这套房没有登记产权人", action="请先登记产权人")
    attachments.need(wish.file_ids, "请上传委托书的照片")
    return _new(
        uow, room.community_id, wish, paper=True, principal_party_id=party_id,
        principal_person_id=None, given_by=None,
    )  # fmt: skip


def _own_party(uow: UnitOfWork, person_id: UUID, room: HousingRoom) -> UUID:
    party_id = parties.live_party(uow, room.id)
    members = parties.members(uow, [party_id])[party_id] if party_id else []
    if party_id is None or person_id not in {one.person_id for one in members}:
        raise Conflict("not_owner", title="您不是这套房登记的产权人", action="请由产权人委托")
    return party_id


def _new(uow: UnitOfWork, community_id: UUID, wish: Wish, *, paper: bool, **who: Any) -> VoteProxy:
    holder = _holder(uow, wish)
    principal = who["principal_party_id"], who["principal_person_id"]
    _check(uow, community_id, holder, wish, principal)
    row = VoteProxy(
        community_id=community_id, holder_id=holder, topic_id=wish.topic_id, until=wish.until,
        paper=paper, state=rules.GIVEN, given_at=uow.now, **who,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "uq_vote_proxy_live" not in str(error.orig):
            raise
        raise Conflict(
            "proxy_exists", title="已经有一份委托了", action="要换人，请先撤销原来的委托"
        ) from error
    attachments.attach(uow, attachments.PROXY, row.id, wish.file_ids)
    moves.note(uow, row, "give", public="委托他人投票", first=True)
    return row


def _holder(uow: UnitOfWork, wish: Wish) -> UUID:
    """Whose phone and name these are. One answer for all failures, so that it tells nothing."""
    found = identity.person_by_channel(
        uow.services, uow.session, "phone", wish.holder_phone.strip()
    )
    if found is not None:
        card = identity.person_card(uow, found)
        fits = card.verified and card.name == wish.holder_name.strip()
        if fits and found in electorate.adults(uow, [found]):
            return found
    text = "没有找到这位已实名的成年人，请核对姓名和手机号"
    raise Invalid("holder_unknown", title=text, fields={"holder_phone": [text]})


def _check(
    uow: UnitOfWork, community_id: UUID, holder: UUID, wish: Wish,
    principal: tuple[UUID | None, UUID | None],
) -> None:  # fmt: skip
    """`Invalid` where the rules of proxies forbid it; two at once to one holder wait here."""
    if wish.topic_id is not None:
        found = ports.topic(uow, wish.topic_id)
        if found is None or found.community_id != community_id or not found.open:
            text = "没有这件议题，或者它已经结束"
            raise Invalid("topic_unknown", title=text, fields={"topic_id": [text]})
    lock = int.from_bytes(holder.bytes[8:], signed=True)
    uow.session.execute(select(func.pg_advisory_xact_lock(lock)))
    party_id, person_id = principal
    co_owners = electorate.persons_of(uow, [party_id]).get(party_id, ()) if party_id else ()
    problem = rules.proxy_problem(
        topic=wish.topic_id is not None, until=wish.until, today=local_date(uow.now),
        same_person=holder == person_id or holder in co_owners,
        held=held_count(uow, holder, community_id, wish.topic_id),
        most=ports.proxies_most(uow, wish.topic_id),
    )  # fmt: skip
    if problem:
        raise Invalid("proxy_refused", title=problem, fields={"holder_phone": [problem]})


def revoke(uow: UnitOfWork, person_id: UUID, proxy_id: UUID) -> None:
    """The principal takes it back, or the holder gives it back. Ballots already cast stand."""
    row = uow.session.get(VoteProxy, proxy_id, with_for_update=True, populate_existing=True)
    if row is None or not concerns(uow, row, person_id):
        raise moves.unknown()
    row = moves.move(uow, row, "revoke", rules.RESIDENT, public="撤销了委托", decided_at=uow.now)
    _tell(uow, row)


def concerns(uow: UnitOfWork, row: VoteProxy, person_id: UUID) -> bool:
    """Whether the person holds it, or is one of those it speaks for."""
    if person_id in (row.holder_id, row.principal_person_id):
        return True
    if row.principal_party_id is None:
        return False
    members = parties.members(uow, [row.principal_party_id])
    return person_id in {one.person_id for one in members[row.principal_party_id]}


def own_rows(uow: UnitOfWork, person_id: UUID) -> list[VoteProxy]:
    """Proxies the person or their head gave, or holds; live ones first, then the latest."""
    own = (
        select(PartyMember.party_id)
        .join(OwnerRecord, OwnerRecord.id == PartyMember.owner_id)
        .where(OwnerRecord.person_id == person_id)
    )
    query = (
        select(VoteProxy)
        .where(
            or_(
                VoteProxy.holder_id == person_id,
                VoteProxy.principal_person_id == person_id,
                VoteProxy.principal_party_id.in_(own),
            )
        )
        .order_by(
            VoteProxy.state.in_(rules.LIVE_PROXIES).desc(), VoteProxy.given_at.desc(), VoteProxy.id
        )
        .limit(100)
    )
    return list(uow.session.scalars(query))


def reach(
    uow: UnitOfWork, by: Principal, proxy_id: UUID, permission: str = access.CONFIRM
) -> VoteProxy:
    """The proxy, where `permission` is held; `NotFound` otherwise."""
    row = uow.session.get(VoteProxy, proxy_id)
    if row is None:
        raise moves.unknown()
    access.reach(uow, by, permission, row.community_id)
    return row


def confirm(uow: UnitOfWork, by: Principal, proxy_id: UUID, version: int | None = None) -> None:
    """The paper is in order."""
    reach(uow, by, proxy_id)
    row = moves.locked(uow, VoteProxy, proxy_id)
    moves.expect(row, version)
    row = moves.move(
        uow, row, "confirm", rules.STAFF, public="委托书已核对，委托生效", decided_at=uow.now,
        decided_by=access.staff_id(by),
    )  # fmt: skip
    _tell(uow, row)


def refuse(
    uow: UnitOfWork, by: Principal, proxy_id: UUID, reason: str, version: int | None = None
) -> None:
    """The paper is not in order."""
    reach(uow, by, proxy_id)
    row = moves.locked(uow, VoteProxy, proxy_id)
    moves.expect(row, version)
    row = moves.move(
        uow, row, "refuse", rules.STAFF, reason=reason, public="委托书没有通过",
        decided_at=uow.now, decided_by=access.staff_id(by),
    )  # fmt: skip
    _tell(uow, row)


def end_for_topic(uow: UnitOfWork, topic_id: UUID) -> None:
    """The topic is over: what was given for it alone expires."""
    _expire(uow, VoteProxy.topic_id == topic_id)


def expire(services: Services) -> None:
    """Mark proxies whose last day has passed; they count no longer from that day on anyway."""
    with services.unit() as uow:
        _expire(uow, VoteProxy.until < local_date(uow.now))


def _expire(uow: UnitOfWork, condition: Any) -> None:
    rows = uow.session.scalars(
        select(VoteProxy)
        .where(VoteProxy.state.in_(rules.LIVE_PROXIES), condition)
        .order_by(VoteProxy.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        moves.move(uow, row, "expire", rules.SYSTEM, actor=SYSTEM, decided_at=uow.now)


def _tell(uow: UnitOfWork, row: VoteProxy) -> None:
    uow.emit(
        ProxyChanged(
            proxy_id=row.id, community_id=row.community_id,
            community_name=places.community(uow, row.community_id).name,
            label=principal_text(uow, row), state=row.state, reason=row.reason,
            holder_id=row.holder_id, given_by=row.given_by, principal_ids=_principals(uow, row),
            until_text=scope_text(uow, row), at=uow.now,
        )
    )  # fmt: skip


def _principals(uow: UnitOfWork, row: VoteProxy) -> tuple[UUID, ...]:
    """The accounts whose vote it is."""
    if row.principal_party_id is not None:
        return electorate.persons_of(uow, [row.principal_party_id]).get(row.principal_party_id, ())
    return (row.principal_person_id,) if row.principal_person_id is not None else ()


def principal_text(uow: UnitOfWork, row: VoteProxy) -> str:
    """The head that is voted for, by its rooms; `居民本人` where the head is a person."""
    if row.principal_party_id is None:
        return "居民本人"
    labels = parties.labels(uow, row.principal_party_id)
    return "、".join(labels[:3]) + (f"等{len(labels)}套" if len(labels) > 3 else "")


def scope_text(uow: UnitOfWork, row: VoteProxy) -> str:
    """`议题《…》` or `到2026年12月31日`."""
    if row.until is not None:
        return f"到{row.until.year}年{row.until.month}月{row.until.day}日"
    found = ports.topic(uow, row.topic_id) if row.topic_id else None
    return f"议题《{found.title}》" if found else "一件议题"
