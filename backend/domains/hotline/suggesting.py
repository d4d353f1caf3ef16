"""Where a ticket may belong, before a person decides; and what that person decided instead."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.dispatch import service as dispatch
from backend.domains.grid.service import to_wgs84
from backend.domains.hotline import call_rules, calls, card_view, rules
from backend.domains.hotline.desk_model import TicketCorrection
from backend.domains.hotline.model import Call, Ticket
from backend.domains.identity import service as identity
from backend.domains.insight import service as insight
from backend.domains.organisation import service as organisation
from backend.domains.routing import service as routing
from backend.kernel.database import table_of
from backend.kernel.uow import UnitOfWork

CATEGORY, DEPARTMENT = "category", "department"
MOST = 3
MOST_REPEATS = 5


def places(uow: UnitOfWork, title: str, words: str) -> dict[str, Any]:
    """At most three categories and departments with how sure (0 … 1) each is, best first."""
    text = f"{title} {words}".strip()
    by_code = {place.code: place for place in organisation.departments(uow.session)}
    departments = [
        {"id": by_code[one.code].id, "name": by_code[one.code].name, "sure": one.sure}
        for one in routing.suggest(uow.services, title, words, DEPARTMENT, MOST)
        if one.code in by_code
    ]
    return {"categories": dispatch.suggested_kinds(uow, text), "departments": departments}


def suggest(uow: UnitOfWork, staff_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """All that helps while the caller speaks: places, danger, repeats, events nearby, hot issue."""
    words, title = body["words"], body["title"]
    latitude, longitude = in_wgs84(body)
    near = dispatch.events_near(uow, latitude=latitude, longitude=longitude, words=words)
    return {
        **places(uow, title, words),
        "emergency": dispatch.danger(words),
        "repeat": card_view.cards(uow, _repeats(uow, staff_id, body)),
        "events": near,
        "hot": insight.issue_of(uow, [one.id for one in near], f"{title} {words}"),
    }


def in_wgs84(body: dict[str, Any]) -> tuple[float | None, float | None]:
    """The place of a body as WGS-84."""
    latitude, longitude = body.get("latitude"), body.get("longitude")
    if latitude is None or longitude is None:
        return None, None
    return to_wgs84(latitude, longitude, body.get("coordinate_system") or "wgs84")


def _repeats(uow: UnitOfWork, staff_id: UUID, body: dict[str, Any]) -> Sequence[Ticket]:
    call: Call | None = None
    if body["call_id"]:
        call = calls.own(uow, staff_id, body["call_id"])
    number = body["number"] or (calls.number_of(uow, call) if call else "")
    return earlier(uow, number, limit=MOST_REPEATS)


def earlier(uow: UnitOfWork, number: str, limit: int) -> list[Ticket]:
    """The newest tickets of a telephone number's caller; confidential ones are left out."""
    theirs = of_number(uow, number)
    if theirs is None:
        return []
    query = select(Ticket).where(theirs).order_by(Ticket.created_at.desc(), Ticket.id.desc())
    return list(uow.session.scalars(query.limit(limit)))


def of_number(uow: UnitOfWork, number: str) -> Any:
    """The condition that a ticket is that of a number's caller; None where nobody can be meant."""
    return card_view.same_caller(calls.fingerprint(uow, number), person_of(uow, number))


def person_of(uow: UnitOfWork, number: str) -> UUID | None:
    """Whose account has this number as its own."""
    plain = call_rules.normal_number(number)
    if not plain:
        return None
    return identity.person_by_channel(uow.services, uow.session, "phone", plain)


def chose(uow: UnitOfWork, ticket: Ticket, target: str, chosen_code: str) -> None:
    """Keep what was suggested beside what was chosen; the last choice counts."""
    if target == CATEGORY:
        found = dispatch.suggested_kinds(uow, f"{ticket.title} {ticket.words}")
        first = (found[0]["code"], found[0]["sure"]) if found else ("", 0.0)
    else:
        ranked = routing.suggest(uow.services, ticket.title, ticket.words, target, 1)
        first = (ranked[0].code, ranked[0].sure) if ranked else ("", 0.0)
    values = {
        "suggested_code": first[0], "sure": first[1], "chosen_code": chosen_code,
        "by": uow.actor.id, "at": uow.now,
    }  # fmt: skip
    uow.session.execute(
        insert(table_of(TicketCorrection))
        .values(ticket_id=ticket.id, target=target, **values)
        .on_conflict_do_update(index_elements=["ticket_id", "target"], set_=values)
    )


def department_code(uow: UnitOfWork, department_id: UUID) -> str:
    """The code that the classifier knows a department by; empty for an unknown one."""
    known = {place.id: place.code for place in organisation.departments(uow.session)}
    return known.get(department_id, "")


def asked_before(state: str) -> bool:
    """Whether a ticket still waits for somebody to say where it belongs."""
    return state in (rules.PENDING, rules.TO_DISPATCH, rules.RETURN_REVIEW, rules.ARBITRATION)
