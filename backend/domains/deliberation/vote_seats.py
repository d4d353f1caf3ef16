"""For which heads of a frozen roll a person may cast: own seats, sold ones, proxies."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select

from backend.domains.deliberation import roll_rules, vote_rules
from backend.domains.deliberation.vote_model import RollCaster, RollEntry, RollRoom, Vote
from backend.domains.deliberation.vote_ports import OwnSeats, register_of
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Seat:
    """A head the person may cast for; `taken_over` when all its rooms were sold to them since.

    `holder`: the owners (or person, household, record) whose head it is now.
    """

    entry: RollEntry
    how: str
    taken_over: bool
    holder: UUID


def seats(uow: UnitOfWork, vote: Vote, person_id: UUID, only: UUID | None = None) -> list[Seat]:
    """All of them (or `only` one entry's), own ones first, in the order of the roll."""
    register = register_of(uow)
    own = register.own(uow, person_id, vote.community_id, vote.electorate)
    held = register.principals(uow, vote.topic_id, person_id) if vote.proxies else set()
    query = _candidates(uow, vote, person_id, own, held)
    if only is not None:
        query = query.where(RollEntry.id == only)
    found = list(uow.session.scalars(query.order_by(RollEntry.ordinal)))
    frozen = _frozen(uow, found, person_id)
    now = _owners_now(uow, vote, found)
    made = [_seat(entry, own, held, frozen, now) for entry in found]
    return sorted(
        (seat for seat in made if seat),
        key=lambda seat: (seat.how == vote_rules.BY_PROXY, seat.entry.ordinal),
    )


def seat(uow: UnitOfWork, vote: Vote, person_id: UUID, entry_id: UUID) -> Seat:
    """The one the person means; somebody else's does not exist for them."""
    for one in seats(uow, vote, person_id, entry_id):
        return one
    raise not_on_roll()


def not_on_roll() -> NotFound:
    """Not theirs, or confirmed after the roll was frozen."""
    return NotFound(
        "not_on_roll", title="您不在这次表决的名册里",
        detail="名册在表决开始时固定，之后才登记或确认的不能参加这一次",
        action="如有疑问，请联系社区工作人员",
    )  # fmt: skip


def _candidates(
    uow: UnitOfWork, vote: Vote, person_id: UUID, own: OwnSeats, held: set[UUID]
) -> Select[RollEntry]:
    """Every entry that could be the person's, by what was frozen or by what holds now."""
    was = select(RollCaster.entry_id).where(
        RollCaster.vote_id == vote.id, RollCaster.person_id == person_id
    )
    ways = [RollEntry.id.in_(was), RollEntry.ref_id.in_(own.refs | held)]
    rooms = set(own.rooms) | _sold_to_principals(uow, vote, held)
    if rooms:
        theirs = select(RollRoom.entry_id).where(
            RollRoom.vote_id == vote.id, RollRoom.room_id.in_(rooms)
        )
        ways.append(RollEntry.id.in_(theirs))
    return select(RollEntry).where(RollEntry.vote_id == vote.id, or_(*ways))


def _sold_to_principals(uow: UnitOfWork, vote: Vote, held: set[UUID]) -> set[UUID]:
    """Rooms bought since the opening by somebody who then gave this person a proxy."""
    if not held or vote.opened_at is None:
        return set()
    known = set(
        uow.session.scalars(
            select(RollEntry.ref_id).where(RollEntry.vote_id == vote.id, RollEntry.ref_id.in_(held))
        )
    )
    if not held - known:
        return set()
    rooms = uow.session.scalars(select(RollRoom.room_id).where(RollRoom.vote_id == vote.id))
    return register_of(uow).sold_to(uow, held - known, list(rooms), vote.opened_at)


def _frozen(uow: UnitOfWork, found: Iterable[RollEntry], person_id: UUID) -> set[UUID]:
    """The entries among them whose frozen roll names the person."""
    query = select(RollCaster.entry_id).where(
        RollCaster.person_id == person_id, RollCaster.entry_id.in_([one.id for one in found])
    )
    return set(uow.session.scalars(query))


def _owners_now(uow: UnitOfWork, vote: Vote, found: Iterable[RollEntry]) -> dict[str, str]:
    """Room to owner, where the vote is one of owners and rooms can be sold."""
    if not vote.by_area:
        return {}
    rooms = [UUID(room[0]) for entry in found for room in entry.rooms]
    now = register_of(uow).owners_now(uow, rooms) if rooms else {}
    return {str(room): str(owner) for room, owner in now.items()}


def _seat(
    entry: RollEntry, own: OwnSeats, held: set[UUID], frozen: set[UUID], now: dict[str, str]
) -> Seat | None:
    ref = str(entry.ref_id)
    rooms = [room[0] for room in entry.rooms]
    sold = {room: now[room] for room in rooms if now.get(room, ref) != ref}
    holder = UUID(roll_rules.holder(rooms, sold, ref))
    taken_over = holder != entry.ref_id
    if holder in own.refs or (entry.id in frozen and not taken_over):
        return Seat(entry, vote_rules.ONLINE, taken_over, holder)
    if holder in held:
        return Seat(entry, vote_rules.BY_PROXY, taken_over, holder)
    return None
