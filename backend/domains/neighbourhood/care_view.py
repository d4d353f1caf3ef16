"""Wishes and requests for help as neighbours see them: names masked, numbers as agreed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from backend.domains.neighbourhood import care_rules, helping, party, ports, texts
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.party_model import PartyReport
from backend.domains.neighbourhood.party_rules import CONFIRMED as REPORTED
from backend.kernel.clock import moment_text
from backend.kernel.uow import UnitOfWork

_WISH_NEXT = {
    care_rules.OPEN: "等报到党员认领",
    care_rules.CLAIMED: "认领人会联系您，完成后请您确认",
    care_rules.GRANTED: "请确认是否完成；7天后自动确认",
    care_rules.CONFIRMED: "心愿达成",
    care_rules.WITHDRAWN: "已撤回",
    care_rules.LAPSED: "90天没有人认领，可以再许一次",
}
_HOLDER_NEXT = {
    care_rules.CLAIMED: "请联系许愿人，完成后点「已完成」",
    care_rules.GRANTED: "等许愿人确认",
}


def wishes_query(uow: UnitOfWork, person_id: UUID, *, mine: bool) -> Select[Wish]:
    """One's own wishes and those one holds; or the visible ones of one's communities."""
    if mine:
        return select(Wish).where(or_(Wish.person_id == person_id, Wish.holder_id == person_id))
    reported = select(PartyReport.area_id).where(
        PartyReport.person_id == person_id, PartyReport.state == REPORTED
    )
    near = ports.areas_of(uow, person_id)
    return select(Wish).where(
        Wish.visible, Wish.state.in_(care_rules.WISH_OPEN),
        or_(Wish.area_id.in_(near), Wish.area_id.in_(reported)),
    )  # fmt: skip


def helps_query(uow: UnitOfWork, person_id: UUID, *, mine: bool) -> Select[HelpRequest]:
    """What one asked, offered or helps with; or what is asked in one's communities."""
    if mine:
        offered = select(HelpOffer.help_id).where(
            HelpOffer.person_id == person_id, HelpOffer.state != care_rules.TAKEN_BACK
        )
        return select(HelpRequest).where(
            or_(
                HelpRequest.person_id == person_id,
                and_(HelpRequest.id.in_(offered), HelpRequest.visible),
            )
        )
    return select(HelpRequest).where(
        HelpRequest.visible, HelpRequest.state == care_rules.ASKED,
        HelpRequest.area_id.in_(ports.areas_of(uow, person_id)),
    )  # fmt: skip


def wishes(uow: UnitOfWork, rows: Sequence[Wish], person_id: UUID) -> list[dict[str, Any]]:
    """Wishes as this person sees them."""
    common = _Common(uow, "wish", rows, [row.holder_id for row in rows])
    return [_wish(uow, row, person_id, common) for row in rows]


def helps(uow: UnitOfWork, rows: Sequence[HelpRequest], person_id: UUID) -> list[dict[str, Any]]:
    """Requests as this person sees them."""
    common = _Common(uow, "help_request", rows, [row.helper_id for row in rows])
    return [_help(uow, row, person_id, common) for row in rows]


class _Common:
    """What all rows of an answer need, read at once."""

    def __init__(
        self, uow: UnitOfWork, kind: str, rows: Sequence[Any], partners: list[UUID | None]
    ) -> None:
        self.areas = ports.area_names(uow, [row.area_id for row in rows])
        self.names = ports.masked_names(uow, [*(row.person_id for row in rows), *partners])
        self.notices = texts.notices(uow, kind, [row.id for row in rows])

    def of(self, row: Any, person_id: UUID) -> dict[str, Any]:
        """The fields that wishes and requests have in common."""
        mine = row.person_id == person_id
        return {
            "id": row.id,
            "title": row.title,
            "words": row.words,
            "area": {"id": row.area_id, "name": self.areas.get(row.area_id, "")},
            "author": self.names.get(row.person_id, "邻居") if row.person_id else "邻居",
            "mine": mine,
            "visible": row.visible,
            "notice": self.notices.get(row.id) if mine else None,
            "thanks_text": care_rules.THANKS_TEXT[row.thanks],
            "created_at": row.created_at,
        }

    def author_can(self, row: Any, can: list[str], open_state: str) -> list[str]:
        """With what an author may do about refused words."""
        notice = self.notices.get(row.id)
        if notice is None or notice["experience"] != "refused" or row.state != open_state:
            return can
        more = ["rewrite" if one == "edit" else one for one in notice["can"]]
        return [*more, *can]


def _wish(uow: UnitOfWork, row: Wish, person_id: UUID, common: _Common) -> dict[str, Any]:
    mine, holds = row.person_id == person_id, row.holder_id == person_id
    can: list[str] = []
    if mine:
        can = {
            care_rules.OPEN: ["withdraw"], care_rules.CLAIMED: ["withdraw"],
            care_rules.GRANTED: ["confirm", "not_yet"],
        }.get(row.state, [])  # fmt: skip
        can = common.author_can(row, can, care_rules.OPEN)
    elif holds and row.state == care_rules.CLAIMED:
        can = ["grant", "release"]
    elif row.state == care_rules.OPEN and party.is_reported(uow, person_id, row.area_id):
        can = ["claim"]
    together = row.state in (care_rules.CLAIMED, care_rules.GRANTED)
    partner = row.holder_id if mine else row.person_id
    return {
        **common.of(row, person_id),
        "state": row.state,
        "state_text": care_rules.WISH_TEXT[row.state],
        "next_text": (_HOLDER_NEXT if holds else _WISH_NEXT).get(row.state, "")
        if mine or holds else "",
        "partner": common.names.get(partner, "") if partner and together and (mine or holds)
        else "",
        "phone": ports.phone_of(uow, row.person_id)
        if holds and together and row.share_phone else "",
        "can": can,
    }  # fmt: skip


def _help(uow: UnitOfWork, row: HelpRequest, person_id: UUID, common: _Common) -> dict[str, Any]:
    mine, helps_ = row.person_id == person_id, row.helper_id == person_id
    offers = helping.offers(uow, row.id, care_rules.STANDING, care_rules.CHOSEN, care_rules.PASSED)
    own = next((one for one in offers if one.person_id == person_id), None)
    chosen = next((one for one in offers if one.state == care_rules.CHOSEN), None)
    partner = row.helper_id if mine else row.person_id
    together = row.state == care_rules.MATCHED and (mine or helps_)
    shared = (chosen is not None and chosen.share_phone) if mine else row.share_phone
    return {
        **common.of(row, person_id),
        "state": row.state,
        "state_text": care_rules.HELP_TEXT[row.state],
        "next_text": _help_next(row, mine=mine, helps_=helps_, offers=len(offers)),
        "kind": row.kind,
        "kind_text": care_rules.HELP_KIND_TEXT[row.kind],
        "until": row.until,
        "offers": _offers(uow, offers) if mine else [],
        "offers_count": len(offers),
        "offer_text": care_rules.OFFER_TEXT[own.state] if own else "",
        "partner": common.names.get(partner, "") if partner and together else "",
        "phone": ports.phone_of(uow, partner) if together and shared else "",
        "can": _help_can(row, own, common, mine=mine, offers=offers),
    }


def _help_can(
    row: HelpRequest, own: HelpOffer | None, common: _Common, *, mine: bool,
    offers: list[HelpOffer],
) -> list[str]:  # fmt: skip
    asked, matched = row.state == care_rules.ASKED, row.state == care_rules.MATCHED
    if mine:
        can = ["choose"] if asked and offers else []
        can += ["finish", "part"] if matched else []
        can += ["withdraw"] if asked or matched else []
        return common.author_can(row, can, care_rules.ASKED)
    if own is not None:
        return ["take_back"] if own.state in (care_rules.STANDING, care_rules.CHOSEN) else []
    return ["offer"] if asked else []


def _help_next(row: HelpRequest, *, mine: bool, helps_: bool, offers: int) -> str:
    if row.state == care_rules.ASKED:
        if mine:
            return f"有{offers}位邻居愿意帮忙，请选一位" if offers else "等邻居回应"
        return f"{moment_text(row.until)}前需要"
    if row.state == care_rules.MATCHED:
        if mine:
            return "帮好后请点「已帮好」，谢谢邻居"
        return "对方请您帮忙，请按约定前往" if helps_ else "已经有人帮忙了"
    return ""


def _offers(uow: UnitOfWork, offers: list[HelpOffer]) -> list[dict[str, Any]]:
    people = [one.person_id for one in offers if one.person_id is not None]
    names = ports.masked_names(uow, people)
    done = select(HelpRequest.helper_id, func.count()).where(
        HelpRequest.helper_id.in_(people), HelpRequest.state == care_rules.DONE
    )
    rows = uow.session.execute(done.group_by(HelpRequest.helper_id)).all()
    before = {row[0]: row[1] for row in rows}
    return [
        {
            "id": one.id, "name": names.get(one.person_id, "邻居") if one.person_id else "邻居",
            "state": one.state, "state_text": care_rules.OFFER_TEXT[one.state],
            "helped_before": before.get(one.person_id, 0), "at": one.at,
        }
        for one in offers
    ]  # fmt: skip
