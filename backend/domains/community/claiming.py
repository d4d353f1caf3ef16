"""A resident says which home is theirs, and takes it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.domains.community import attachments, moves, parties, places, rules, telling
from backend.domains.community.events import HomeClaimed
from backend.domains.community.model import HousingRoom, Residence
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

PER_DAY = "20 per day"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the resident says."""

    room_id: UUID
    relation: str
    words: str = ""
    file_ids: tuple[UUID, ...] = ()


def claim(uow: UnitOfWork, person_id: UUID, told: Claim) -> Residence:
    """Claim a home; the community's staff confirm it. `Conflict` where it was claimed before."""
    uow.services.limiter.hit(PER_DAY, "home_claim", str(person_id))
    room = uow.session.get(HousingRoom, told.room_id)
    if room is None or not room.active:
        raise moves.unknown()
    _not_too_many(uow, person_id)
    row = Residence(
        person_id=person_id, room_id=room.id, relation=told.relation, state=rules.CLAIMED,
        words=told.words, claimed_at=uow.now,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        if "uq_residence_live" not in str(error.orig):
            raise
        raise Conflict(
            "already_claimed", title="这个住处已经提交过", detail="等社区确认，或看看“我的住处”",
            action="关系填错了的，请先撤回再提交",
        ) from error  # fmt: skip
    attachments.attach(uow, attachments.CLAIM, row.id, told.file_ids)
    moves.note(uow, row, "claim", public="提交住处，等待社区确认", first=True)
    place = places.community(uow, room.community_id)
    uow.emit(
        HomeClaimed(
            residence_id=row.id, person_id=person_id, community_id=place.id,
            community_name=place.name, label=room.label, relation=told.relation,
            staff_ids=telling.workers(uow, place.area_id), at=uow.now,
        )
    )  # fmt: skip
    return row


def leave(uow: UnitOfWork, person_id: UUID, residence_id: UUID) -> None:
    """Take a claim back, or say that one no longer belongs to a home.

    The account is then taken off the register where it has no other confirmed home there.
    """
    row = own(uow, person_id, residence_id, lock=True)
    action = "withdraw" if row.state == rules.CLAIMED else "leave"
    public = "撤回了住处" if action == "withdraw" else "解除了住处"
    moves.move(uow, row, action, rules.RESIDENT, public=public, decided_at=uow.now)
    room = uow.session.get_one(HousingRoom, row.room_id)
    parties.unbind_idle(uow, room.community_id, person_id)


def own(uow: UnitOfWork, person_id: UUID, residence_id: UUID, *, lock: bool = False) -> Residence:
    """The person's own claim or home; anybody else's is `NotFound`."""
    row = uow.session.get(Residence, residence_id, with_for_update=lock, populate_existing=lock)
    if row is None or row.person_id != person_id:
        raise moves.unknown()
    return row


def own_rows(
    uow: UnitOfWork, person_id: UUID, states: Iterable[str] = rules.LIVE_RESIDENCES
) -> list[Residence]:
    """The person's rows in these states, the latest first."""
    query = select(Residence).where(
        Residence.person_id == person_id, Residence.state.in_(list(states))
    )
    return list(uow.session.scalars(query.order_by(Residence.claimed_at.desc(), Residence.id)))


def _not_too_many(uow: UnitOfWork, person_id: UUID) -> None:
    live = select(func.count()).where(
        Residence.person_id == person_id, Residence.state.in_(rules.LIVE_RESIDENCES)
    )
    if (uow.session.scalar(live) or 0) >= rules.HOMES_MOST:
        raise Conflict(
            "too_many_homes", title=f"最多登记{rules.HOMES_MOST}个住处",
            action="请先解除不住的，或到社区办理",
        )  # fmt: skip
