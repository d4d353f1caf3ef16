"""Neighbours' help: asked for, offered, one is chosen, done, thanked."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.neighbourhood import (
    access,
    care_rules,
    events,
    moves,
    point_rules,
    points,
    ports,
    telling,
    texts,
)
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest
from backend.domains.neighbourhood.rules import STAFF, SYSTEM
from backend.kernel import timers
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.uow import UnitOfWork

TIMER = "help.lapse"
_ASKER, _HELPER, _SYSTEM = (care_rules.ASKER,), (care_rules.HELPER,), (SYSTEM,)


def ask(uow: UnitOfWork, person_id: UUID, values: dict[str, Any]) -> HelpRequest:
    """Ask the own community; others see it once its words have passed the check."""
    access.members_only(uow, person_id, values["area_id"])
    problem = care_rules.until_problem(uow.now, values["until"])
    if problem:
        raise Invalid("invalid", title=problem, fields={"until": [problem]})
    open_ = select(func.count()).select_from(HelpRequest)
    open_ = open_.where(
        HelpRequest.person_id == person_id, HelpRequest.state.in_(care_rules.HELP_OPEN)
    )
    if (uow.session.scalar(open_) or 0) >= care_rules.MOST_ASKS:
        raise Conflict(
            "too_many_asks", title=f"同时最多请{care_rules.MOST_ASKS}次帮忙",
            action="前面的帮好后再请，或先撤回一个",
        )  # fmt: skip
    row = HelpRequest(**values, person_id=person_id, state=care_rules.ASKED, created_at=uow.now)
    moves.begin(uow, row, public="请邻居帮忙")
    timers.arm(uow, TIMER, moves.subject(row), row.until)
    texts.put(uow, row)
    return row


def rewrite(uow: UnitOfWork, person_id: UUID, help_id: UUID, title: str, words: str) -> HelpRequest:
    """New words where the old ones were refused."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    if row.state != care_rules.ASKED or not texts.rewritable(uow, row):
        raise Conflict("not_refused", title="现在不用修改", action="请刷新后再看")
    changed = moves.touch(uow, row, "rewrite", title=title, words=words)
    texts.put(uow, changed)
    return changed


def appeal(uow: UnitOfWork, person_id: UUID, help_id: UUID, words: str) -> HelpRequest:
    """The refusal was wrong."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    texts.appeal(uow, row, words)
    return row


def offer(uow: UnitOfWork, person_id: UUID, help_id: UUID, *, share_phone: bool) -> HelpRequest:
    """A neighbour would help; the asker chooses."""
    row = seen(uow, person_id, help_id, lock=True)
    if row.person_id == person_id:
        raise Conflict("own_request", title="这是您自己的求助")
    if row.state != care_rules.ASKED:
        raise Conflict("help_over", title="已经有人帮忙了", action="谢谢您的热心")
    if mine(uow, person_id, help_id) is not None:
        raise Conflict("already_offered", title="您已经说过可以帮忙", action="请等对方确认")
    made = HelpOffer(
        help_id=help_id, person_id=person_id, share_phone=share_phone,
        state=care_rules.STANDING, at=uow.now,
    )  # fmt: skip
    moves.begin(uow, made, public="愿意帮忙")
    telling.care(uow, events.HelpOffered, row, row.person_id)
    return row


def take_back(uow: UnitOfWork, person_id: UUID, help_id: UUID) -> HelpRequest:
    """The helper cannot after all; where chosen, the others are asked again."""
    row = _locked(uow, help_id)
    found = mine(uow, person_id, help_id)
    if found is None:
        raise access.unknown()
    if found.state == care_rules.CHOSEN:
        return _part(uow, row, found, _HELPER, row.person_id)
    moves.move(uow, found, "take_back", _HELPER, public="收回")
    return row


def choose(uow: UnitOfWork, person_id: UUID, help_id: UUID, offer_id: UUID) -> HelpRequest:
    """The asker takes one of the offers; both then see what the other wished to show."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    chosen = moves.locked(uow, HelpOffer, offer_id)
    if chosen is None or chosen.help_id != help_id:
        raise access.unknown()
    changed = moves.move(
        uow, row, "choose", _ASKER, public="请到了邻居", helper_id=chosen.person_id
    )
    moves.move(uow, chosen, "choose", _ASKER, public="对方请您帮忙")
    for other in offers(uow, help_id, care_rules.STANDING):
        moves.move(uow, other, "pass_over", _SYSTEM, public="对方已请别人")
    telling.care(uow, events.HelpChosen, changed, changed.helper_id)
    return changed


def part(uow: UnitOfWork, person_id: UUID, help_id: UUID) -> HelpRequest:
    """The asker asks others instead."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    chosen = next(iter(offers(uow, help_id, care_rules.CHOSEN)), None)
    return _part(uow, row, chosen, _ASKER, row.helper_id)


def finish(uow: UnitOfWork, person_id: UUID, help_id: UUID, thanks: str) -> HelpRequest:
    """Done; the helper gets thanks and points."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    changed = moves.move(
        uow, row, "finish", _ASKER, public="已帮好", thanks=thanks, ended_at=uow.now
    )
    timers.disarm(uow, TIMER, moves.subject(row))
    points.add(
        uow, moves.subject(row), person_id=changed.helper_id, area_id=changed.area_id,
        reason="help", points=point_rules.HELP, title=changed.title,
    )  # fmt: skip
    words = care_rules.THANKS_TEXT[thanks]
    telling.care(uow, events.HelpDone, changed, changed.helper_id, thanks=words)
    return changed


def withdraw(uow: UnitOfWork, person_id: UUID, help_id: UUID) -> HelpRequest:
    """No help is needed any more."""
    row: HelpRequest = texts.own(uow, HelpRequest, person_id, help_id)
    return _withdraw(uow, row, _ASKER, "已撤回")


def remove(uow: UnitOfWork, by: Principal, help_id: UUID, reason: str) -> HelpRequest:
    """The staff take it down; the asker is told why."""
    row = access.staff_row(uow, by, HelpRequest, help_id)
    changed = _withdraw(uow, row, (STAFF,), "社区撤下", reason=reason)
    telling.care(uow, events.CareRemoved, changed, changed.person_id, reason=reason)
    return changed


def lapse(uow: UnitOfWork, help_id: UUID) -> None:
    """Nobody was chosen until the moment it was needed."""
    row = moves.locked(uow, HelpRequest, help_id)
    if row is not None and row.state == care_rules.ASKED and row.until <= uow.now:
        moves.move(uow, row, "lapse", _SYSTEM, public="已过期", ended_at=uow.now)
        texts.drop(uow, row)
        telling.over(uow, row)


def offers(uow: UnitOfWork, help_id: UUID, *states: str) -> list[HelpOffer]:
    """Offers in these states, the earliest first."""
    query = select(HelpOffer).where(HelpOffer.help_id == help_id, HelpOffer.state.in_(states))
    query = query.order_by(HelpOffer.at, HelpOffer.id)
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))


def mine(uow: UnitOfWork, person_id: UUID, help_id: UUID) -> HelpOffer | None:
    """The person's offer that still stands (or was passed over)."""
    return uow.session.scalar(
        select(HelpOffer)
        .where(
            HelpOffer.help_id == help_id,
            HelpOffer.person_id == person_id,
            HelpOffer.state != care_rules.TAKEN_BACK,
        )
        .execution_options(populate_existing=True)
    )


def seen(uow: UnitOfWork, person_id: UUID, help_id: UUID, *, lock: bool = False) -> HelpRequest:
    """A request the person may see: the own, one they help with, a visible one next door."""
    row = _locked(uow, help_id) if lock else uow.session.get(HelpRequest, help_id)
    if row is None:
        raise access.unknown()
    if person_id in (row.person_id, row.helper_id):
        return row
    if not row.visible or row.area_id not in ports.areas_of(uow, person_id):
        raise access.unknown()
    return row


def _locked(uow: UnitOfWork, help_id: UUID) -> HelpRequest:
    row = moves.locked(uow, HelpRequest, help_id)
    if row is None:
        raise access.unknown()
    return row


def _part(
    uow: UnitOfWork, row: HelpRequest, chosen: HelpOffer | None, parts: tuple[str, ...],
    told: UUID | None,
) -> HelpRequest:  # fmt: skip
    changed = moves.move(uow, row, "part", parts, public="重新请邻居帮忙", helper_id=None)
    if chosen is not None:
        moves.move(uow, chosen, "take_back", parts, public="不再一起")
    for other in offers(uow, row.id, care_rules.PASSED):
        moves.move(uow, other, "stand_again", _SYSTEM, public="等对方确认")
    timers.arm(uow, TIMER, moves.subject(row), max(changed.until, uow.now))
    telling.care(uow, events.CareParted, changed, told)
    return changed


def _withdraw(
    uow: UnitOfWork, row: HelpRequest, parts: tuple[str, ...], public: str, reason: str = ""
) -> HelpRequest:
    helper = row.helper_id
    changed = moves.move(
        uow, row, "withdraw", parts, public=public, reason=reason, ended_at=uow.now
    )
    timers.disarm(uow, TIMER, moves.subject(row))
    texts.drop(uow, changed)
    telling.over(uow, changed)
    telling.care(uow, events.CareParted, changed, helper)
    return changed
