"""Reports coming in over HTTP: what helps before sending, and the sending itself."""

from typing import Any
from uuid import UUID

from backend.domains.dispatch import card_view, emergency_rules, intake, ports, rules, similar
from backend.domains.dispatch.categories import leaves
from backend.domains.dispatch.model import Event
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.grid.service import Located, to_wgs84
from backend.kernel.uow import UnitOfWork

MOST_SUGGESTED = 3
SUGGESTIONS_PER_ADDRESS = "120 per 10 minutes"
REPORTS_PER_DAY = "40 per day"
# A keyword in the words is a good sign, not a proof.
_BY_KEYWORD = 0.6


def in_wgs84(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its place in WGS-84 and without the name of the system."""
    found = dict(body)
    system = found.pop("coordinate_system")
    if found["latitude"] is not None and found["longitude"] is not None:
        found["latitude"], found["longitude"] = to_wgs84(
            found["latitude"], found["longitude"], system
        )
    return found


def suggest(uow: UnitOfWork, body: dict[str, Any], address: str) -> dict[str, Any]:
    """Kinds, dangers, open events nearby and the names of the place; nothing is kept.

    Raises `RateLimited` after 120 from one address in ten minutes.
    """
    uow.services.limiter.hit(SUGGESTIONS_PER_ADDRESS, "event-suggestion", address)
    body = in_wgs84(body)
    words, latitude, longitude = body["words"], body["latitude"], body["longitude"]
    kinds = suggested_kinds(uow, words)
    found = similar.similar(
        uow,
        latitude=latitude,
        longitude=longitude,
        words=words,
        category_code=kinds[0]["code"] if kinds else None,
    )
    known = latitude is not None and longitude is not None
    located = ports.locate(uow, latitude, longitude) if known else ports.place_named(uow, words)
    return {
        "categories": kinds,
        "emergency": danger(emergency_rules.guidance(words)),
        "similar": _nearby(uow, found),
        "place": _names(located),
    }


def danger(found: emergency_rules.Guidance) -> dict[str, Any] | None:
    """Whom to call at once, as an answer shows it; None without danger."""
    if not found.matched:
        return None
    services = [{"number": number, "name": name} for number, name in found.services]
    return {"matched": True, "services": services, "advice": found.advice}


def suggested_kinds(uow: UnitOfWork, words: str) -> list[dict[str, Any]]:
    """At most three categories the words speak for, best first."""
    rows = leaves(uow)
    sure = {code: share for code, share in ports.suggestions(uow.services, words) if code in rows}
    for code, row in rows.items():
        if any(mark and mark in words for mark in row.keywords):
            sure[code] = max(sure.get(code, 0.0), _BY_KEYWORD)
    best = sorted(sure, key=lambda code: -sure[code])[:MOST_SUGGESTED]
    parents = {rows[code].parent_code for code in best}
    names = card_view.category_names(uow, {code for code in parents if code})
    return [
        {
            "code": code,
            "name": rows[code].name,
            "parent_name": names.get(rows[code].parent_code or "", ""),
            "sure": round(min(1.0, sure[code]), 3),
        }
        for code in best
    ]


def _nearby(uow: UnitOfWork, found: list[similar.Similar]) -> list[dict[str, Any]]:
    """Only public ones, by kind and street: the words of others are not shown to anybody."""
    public = _public(uow, {one.event.category_code for one in found})
    return [
        {
            "id": one.event.id,
            "title": public[one.event.category_code],
            "state_text": rules.STATE_TEXT[one.event.state],
            "distance_m": one.distance_m,
            "callers_count": one.event.callers_count,
            "called_at": one.event.called_at,
            "photo_url": None,
        }
        for one in found
        if one.event.category_code in public and not one.event.confidential
    ]


def _public(uow: UnitOfWork, codes: set[str]) -> dict[str, str]:
    found = {code: uow.session.get(EventCategory, code) for code in codes}
    return {code: row.name for code, row in found.items() if row is not None and row.public}


def _names(located: Located | None) -> dict[str, str] | None:
    if located is None:
        return None
    return {
        "street_name": located.street.name if located.street else "",
        "community_name": located.community.name if located.community else "",
        "cell_name": located.cell.name if located.cell else "",
    }


def report(
    uow: UnitOfWork,
    body: dict[str, Any],
    *,
    source: str,
    person_id: UUID | None = None,
    staff_id: UUID | None = None,
) -> Event:
    """A new event by the one door; a person may open 40 a day."""
    if person_id is not None:
        uow.services.limiter.hit(REPORTS_PER_DAY, "event-report", str(person_id))
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in in_wgs84(body).items()
    }
    return intake.call(
        uow, intake.NewCall(source=source, person_id=person_id, staff_id=staff_id, **values)
    )


def groups(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The tree of kinds that can be chosen; one without a group stands for itself."""
    rows = leaves(uow)
    parents = {row.parent_code for row in rows.values() if row.parent_code}
    found: dict[str, dict[str, Any]] = {}
    for code in parents:
        parent = uow.session.get(EventCategory, code)
        if parent is not None and parent.active:
            found[code] = {
                "code": code, "name": parent.name, "icon": parent.icon, "children": [],
                "position": parent.position,
            }  # fmt: skip
    for row in rows.values():
        group = found.get(row.parent_code or "")
        if group is None:
            group = found.setdefault(
                row.code,
                {
                    "code": row.code, "name": row.name, "icon": row.icon, "children": [],
                    "position": row.position,
                },
            )  # fmt: skip
        group["children"].append({"code": row.code, "name": row.name, "hint": row.hint})
    return sorted(found.values(), key=lambda group: (group["position"], group["code"]))
