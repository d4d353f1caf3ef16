"""Community life as the community's staff see it: names and numbers masked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from backend.domains.identity import service as identity
from backend.domains.neighbourhood import (
    access,
    care_rules,
    moves,
    party,
    party_rules,
    party_view,
    ports,
    rules,
)
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound
from backend.kernel.reveals import log_reveal
from backend.kernel.uow import UnitOfWork

_HOW_TEXT = {"": "", "code": "扫码", "place": "定位", "staff": "工作人员登记"}
_EDITABLE = (
    "words", "contact", "latitude", "longitude", "radius_m", "sign_up_from", "sign_up_until",
    "most_waiting", "audience", "check_in", "reason", "version",
)  # fmt: skip


def query(
    uow: UnitOfWork, by: Principal, model: Any, area: UUID | None, state: str | None
) -> Select[Any]:
    """Rows of the communities one manages (of one of them), in one state or all."""
    mine = access.staff_areas(uow, by)
    wanted = [area] if area in mine else [] if area is not None else list(mine)
    found = select(model).where(model.area_id.in_(wanted))
    return found.where(model.state == state) if state else found


def cards(uow: UnitOfWork, rows: Sequence[Activity]) -> list[dict[str, Any]]:
    """Rows of the list of activities."""
    names = ports.area_names(uow, [row.area_id for row in rows])
    return [_card(row, names) for row in rows]


def _card(row: Activity, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "kind": row.kind,
        "kind_text": rules.KIND_TEXT[row.kind],
        "area": {"id": row.area_id, "name": names.get(row.area_id, "")},
        "place": row.place,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
        "state_text": rules.STATE_TEXT[row.state],
        "places": row.places,
        "taken": row.taken,
        "waiting": row.waiting,
    }


def activity(uow: UnitOfWork, row: Activity) -> dict[str, Any]:
    """One activity for its staff."""
    came = uow.session.execute(
        select(func.count(), func.coalesce(func.sum(ActivitySignup.minutes), 0)).where(
            ActivitySignup.activity_id == row.id, ActivitySignup.state == rules.ATTENDED
        )
    ).one()
    return {
        **cards(uow, [row])[0],
        **{name: getattr(row, name) for name in _EDITABLE},
        "counts_hours": row.kind in rules.SERVICE_KINDS,
        "attended": came[0],
        "minutes": int(came[1]),
        "can": _can(uow, row),
    }


def _can(uow: UnitOfWork, row: Activity) -> list[str]:
    staff = rules.STAFF
    found = ["edit"] if row.state in (rules.DRAFT, rules.PUBLISHED) else []
    found += [one for one in ("publish", "cancel", "end", "settle") if moves.may(row, one, staff)]
    if row.state in (rules.RUNNING, rules.ENDED, rules.SETTLED):
        found.append("attend")
    if not rules.check_in_problem(row.state, uow.now, row.starts_at, row.ends_at):
        found.append("show_code")
    return found


def signups(uow: UnitOfWork, activity_id: UUID) -> list[dict[str, Any]]:
    """Everybody who signed up: who holds a place, then the line, then cancelled ones."""
    order = case(
        (ActivitySignup.state.in_(rules.HOLDING), 0),
        (ActivitySignup.state == rules.WAITLISTED, 1),
        else_=2,
    )
    rows = list(
        uow.session.scalars(
            select(ActivitySignup)
            .where(ActivitySignup.activity_id == activity_id)
            .order_by(order, ActivitySignup.turn, ActivitySignup.signed_up_at)
            .execution_options(populate_existing=True)
        )
    )
    people = identity.person_cards(uow, [row.person_id for row in rows if row.person_id])
    return [
        {
            "id": row.id,
            "name": _name(people, row.person_id),
            "phone": _phone(people, row.person_id),
            "state": row.state,
            "state_text": rules.SIGNUP_TEXT[row.state],
            "turn": row.turn,
            "signed_up_at": row.signed_up_at,
            "checked_in_at": row.checked_in_at,
            "checked_in_text": _HOW_TEXT[row.checked_in_by] if row.checked_in_at else "",
            "minutes": row.minutes,
        }
        for row in rows
    ]


def reveal(uow: UnitOfWork, by: Principal, signup_id: UUID, field: str, purpose: str) -> str:
    """A participant's full name or phone; the look is logged in the same transaction."""
    signup = uow.session.get(ActivitySignup, signup_id)
    if signup is None or signup.person_id is None:
        raise access.unknown()
    access.staff_row(uow, by, Activity, signup.activity_id, lock=False)
    log_reveal(uow, moves.subject(signup), field, purpose)
    try:
        return identity.reveal_value(uow, signup.person_id, field)
    except NotFound:
        raise NotFound("value_not_found", title="没有这一项信息") from None


def reports(uow: UnitOfWork, rows: Sequence[PartyReport]) -> list[dict[str, Any]]:
    """Report-ins with whose they are."""
    people = identity.person_cards(uow, [row.person_id for row in rows if row.person_id])
    return [
        {
            **own,
            "name": _name(people, row.person_id),
            "phone": _phone(people, row.person_id),
            "can": {party_rules.REQUESTED: ["decide"], party_rules.CONFIRMED: ["end"]}.get(
                row.state, []
            ),
        }
        for row, own in zip(rows, party_view.own(uow, rows), strict=True)
    ]


def posts(uow: UnitOfWork, rows: Sequence[PartyPost]) -> list[dict[str, Any]]:
    """Posts with who holds them."""
    found = []
    for row, shown in zip(rows, party_view.posts_of(uow, rows, None), strict=True):
        people = [one.person_id for one in party.claims(uow, row.id)]
        names = ports.masked_names(uow, people)
        holders = [names.get(one, "") for one in people if one is not None]
        found.append({**shown, "can": [], "holders": holders})
    return found


def care(uow: UnitOfWork, rows: Sequence[Wish | HelpRequest]) -> list[dict[str, Any]]:
    """Wishes or requests for help."""
    areas = ports.area_names(uow, [row.area_id for row in rows])
    partners = [_partner(row) for row in rows]
    names = ports.masked_names(uow, [*(row.person_id for row in rows), *partners])
    return [
        {
            "id": row.id,
            "kind_text": _kind_text(row),
            "title": row.title,
            "words": row.words,
            "area": {"id": row.area_id, "name": areas.get(row.area_id, "")},
            "author": names.get(row.person_id, "") if row.person_id else "已注销用户",
            "partner": names.get(partner, "") if partner else "",
            "state": row.state,
            "state_text": _state_text(row),
            "visible": row.visible,
            "created_at": row.created_at,
            "can": ["remove"] if moves.may(row, "withdraw", rules.STAFF) else [],
        }
        for row, partner in zip(rows, partners, strict=True)
    ]


def _partner(row: Wish | HelpRequest) -> UUID | None:
    return row.holder_id if isinstance(row, Wish) else row.helper_id


def _kind_text(row: Wish | HelpRequest) -> str:
    return "微心愿" if isinstance(row, Wish) else care_rules.HELP_KIND_TEXT[row.kind]


def _state_text(row: Wish | HelpRequest) -> str:
    texts = care_rules.WISH_TEXT if isinstance(row, Wish) else care_rules.HELP_TEXT
    return texts[row.state]


def _name(people: dict[UUID, identity.PersonCard], person_id: UUID | None) -> str:
    card = people.get(person_id) if person_id else None
    return card.name_masked if card else "已注销用户"


def _phone(people: dict[UUID, identity.PersonCard], person_id: UUID | None) -> str:
    card = people.get(person_id) if person_id else None
    return (card.phone_masked or "") if card else ""
