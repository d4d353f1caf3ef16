"""Micro-wishes: told by a neighbour, claimed by a reported-in member, fulfilled, confirmed."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.neighbourhood import (
    access,
    care_rules,
    events,
    moves,
    party,
    point_rules,
    points,
    ports,
    telling,
    texts,
)
from backend.domains.neighbourhood.care_model import Wish
from backend.domains.neighbourhood.rules import STAFF, SYSTEM
from backend.kernel import timers
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.uow import UnitOfWork

TIMER = "wish.due"
_WISHER, _HOLDER = (care_rules.WISHER,), (care_rules.HOLDER,)


def tell(uow: UnitOfWork, person_id: UUID, values: dict[str, Any]) -> Wish:
    """A wish to one's own community; others see it once its words have passed the check."""
    access.members_only(uow, person_id, values["area_id"])
    open_ = select(func.count()).select_from(Wish)
    open_ = open_.where(Wish.person_id == person_id, Wish.state.in_(care_rules.WISH_OPEN))
    if (uow.session.scalar(open_) or 0) >= care_rules.MOST_WISHES:
        raise Conflict(
            "too_many_wishes", title=f"同时最多{care_rules.MOST_WISHES}个心愿",
            action="等前面的达成后再许，或先撤回一个",
        )  # fmt: skip
    row = Wish(**values, person_id=person_id, state=care_rules.OPEN, created_at=uow.now)
    moves.begin(uow, row, public="许下心愿")
    timers.arm(uow, TIMER, moves.subject(row), uow.now + care_rules.WISH_LIFE)
    texts.put(uow, row)
    return row


def rewrite(uow: UnitOfWork, person_id: UUID, wish_id: UUID, title: str, words: str) -> Wish:
    """New words for a wish whose words were refused."""
    row: Wish = texts.own(uow, Wish, person_id, wish_id)
    if row.state != care_rules.OPEN or not texts.rewritable(uow, row):
        raise Conflict("not_refused", title="现在不用修改", action="请刷新后再看")
    changed = moves.touch(uow, row, "rewrite", title=title, words=words)
    texts.put(uow, changed)
    return changed


def appeal(uow: UnitOfWork, person_id: UUID, wish_id: UUID, words: str) -> Wish:
    """The refusal was wrong."""
    row: Wish = texts.own(uow, Wish, person_id, wish_id)
    texts.appeal(uow, row, words)
    return row


def claim(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """A member who has reported in takes it on."""
    row = seen(uow, person_id, wish_id, lock=True)
    if not party.is_reported(uow, person_id, row.area_id):
        raise Forbidden(
            "party_only", title="微心愿由报到党员认领", detail="您还没有在这个社区报到",
            action="到「党员报到」登记，社区确认后就可以认领",
        )  # fmt: skip
    if row.person_id == person_id:
        raise Conflict("own_wish", title="自己的心愿不能自己认领")
    changed = moves.move(
        uow, row, "claim", (care_rules.CLAIMER,), public="有人认领", holder_id=person_id,
        claimed_at=uow.now,
    )  # fmt: skip
    timers.arm(uow, TIMER, moves.subject(row), uow.now + care_rules.WISH_HOLD)
    telling.care(uow, events.WishClaimed, changed, changed.person_id)
    return changed


def release(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """Whoever claimed it cannot after all: others may."""
    return _release(uow, held(uow, person_id, wish_id), _HOLDER)


def grant(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """Fulfilled, says whoever claimed it; the wisher confirms, or a week's silence does."""
    row = held(uow, person_id, wish_id)
    changed = moves.move(uow, row, "grant", _HOLDER, public="已完成", granted_at=uow.now)
    timers.arm(uow, TIMER, moves.subject(row), uow.now + care_rules.WISH_CONFIRM_AFTER)
    telling.care(uow, events.WishGranted, changed, changed.person_id)
    return changed


def confirm(uow: UnitOfWork, person_id: UUID, wish_id: UUID, thanks: str) -> Wish:
    """The wisher says it is."""
    row: Wish = texts.own(uow, Wish, person_id, wish_id)
    return _confirm(uow, row, _WISHER, thanks)


def not_yet(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """The wisher says it is not."""
    row: Wish = texts.own(uow, Wish, person_id, wish_id)
    changed = moves.move(uow, row, "not_yet", _WISHER, public="还没有完成", granted_at=None)
    timers.arm(uow, TIMER, moves.subject(row), uow.now + care_rules.WISH_HOLD)
    telling.care(uow, events.WishNotYet, changed, changed.holder_id)
    return changed


def withdraw(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """Not wished any more."""
    row: Wish = texts.own(uow, Wish, person_id, wish_id)
    return _withdraw(uow, row, _WISHER, "心愿已撤回")


def remove(uow: UnitOfWork, by: Principal, wish_id: UUID, reason: str) -> Wish:
    """The staff take it down; the wisher is told why."""
    row = access.staff_row(uow, by, Wish, wish_id)
    changed = _withdraw(uow, row, (STAFF,), "社区撤下", reason=reason)
    telling.care(uow, events.CareRemoved, changed, changed.person_id, reason=reason)
    return changed


def due(uow: UnitOfWork, wish_id: UUID) -> None:
    """The timer: unclaimed for 90 days, claimed for 30 without an end, or done and not answered."""
    row = moves.locked(uow, Wish, wish_id)
    if row is None:
        return
    if row.state == care_rules.OPEN:
        moves.move(uow, row, "lapse", (SYSTEM,), public="心愿已过期", ended_at=uow.now)
        texts.drop(uow, row)
        telling.over(uow, row)
    elif row.state == care_rules.CLAIMED:
        _release(uow, row, (SYSTEM,))
    elif row.state == care_rules.GRANTED:
        _confirm(uow, row, (SYSTEM,), "")


def held(uow: UnitOfWork, person_id: UUID, wish_id: UUID) -> Wish:
    """A wish the person has claimed, locked."""
    row = moves.locked(uow, Wish, wish_id)
    if row is None or row.holder_id != person_id:
        raise access.unknown()
    return row


def seen(uow: UnitOfWork, person_id: UUID, wish_id: UUID, *, lock: bool = False) -> Wish:
    """A wish the person may see: the own, a claimed one, or a visible one of the own community."""
    row = moves.locked(uow, Wish, wish_id) if lock else uow.session.get(Wish, wish_id)
    if row is None:
        raise access.unknown()
    if person_id in (row.person_id, row.holder_id):
        return row
    near = row.area_id in ports.areas_of(uow, person_id) or party.is_reported(
        uow, person_id, row.area_id
    )
    if not row.visible or not near:
        raise access.unknown()
    return row


def _release(uow: UnitOfWork, row: Wish, parts: tuple[str, ...]) -> Wish:
    changed = moves.move(
        uow, row, "release", parts, public="重新等人认领", holder_id=None, claimed_at=None
    )
    timers.arm(uow, TIMER, moves.subject(row), uow.now + care_rules.WISH_LIFE)
    telling.care(uow, events.WishReleased, changed, changed.person_id)
    return changed


def _confirm(uow: UnitOfWork, row: Wish, parts: tuple[str, ...], thanks: str) -> Wish:
    changed = moves.move(
        uow, row, "confirm", parts, public="心愿达成", thanks=thanks, ended_at=uow.now
    )
    timers.disarm(uow, TIMER, moves.subject(row))
    points.add(
        uow, moves.subject(row), person_id=changed.holder_id, area_id=changed.area_id,
        reason="wish", points=point_rules.WISH, title=changed.title,
    )  # fmt: skip
    words = care_rules.THANKS_TEXT[thanks]
    telling.over(uow, changed)
    telling.care(uow, events.WishConfirmed, changed, changed.holder_id, thanks=words)
    return changed


def _withdraw(
    uow: UnitOfWork, row: Wish, parts: tuple[str, ...], public: str, reason: str = ""
) -> Wish:
    changed = moves.move(
        uow, row, "withdraw", parts, public=public, reason=reason, ended_at=uow.now
    )
    timers.disarm(uow, TIMER, moves.subject(row))
    texts.drop(uow, changed)
    telling.over(uow, changed)
    telling.care(uow, events.CareParted, changed, changed.holder_id)
    return changed
