"""What a viewer may do with a ticket now, named as the routes are."""

from collections.abc import Callable

from sqlalchemy import exists, select

from backend.domains.hotline import rules
from backend.domains.hotline.access import Viewer
from backend.domains.hotline.model import TicketLink, TicketRequest

# Route by way of the table; several ways can stand behind one route.
_WAYS: dict[str, tuple[str, ...]] = {
    "accept": ("accept",),
    "reject": ("reject",),
    "answer": ("answer",),
    "dispatch": ("dispatch",),
    "merge": ("merge",),
    "separate": ("separate",),
    "holds": ("ask_hold",),
    "end-hold": ("end_hold",),
    "reply": ("submit_reply",),
    "unit-approval": ("pass_unit",),
    "centre-approval": ("pass_centre",),
    "send-back": ("send_back",),
    "callbacks": ("satisfied",),
    "judgements": ("redo", "explain"),
    "reopen": ("reopen",),
}
# Whoever has a part in an open ticket adds what belongs to it.
_DESK = (rules.OPERATOR, rules.DISPATCHER, rules.LEAD, rules.CO, rules.REVIEWER)


def _sign(viewer: Viewer) -> bool:
    own = viewer.co_units
    if any(row.state == rules.WAITING for row in own) and viewer.ticket.state in rules.WITH_UNIT:
        return True
    return _way(viewer, "sign")


def _return(viewer: Viewer) -> bool:
    ticket = viewer.ticket
    action = rules.return_action(ticket.returns_count, ticket.return_final)
    return action is not None and _way(viewer, action)


def _extension(viewer: Viewer) -> bool:
    if viewer.ticket.extended or not _way(viewer, "ask_extension"):
        return False
    asked = exists().where(
        TicketRequest.ticket_id == viewer.ticket.id, TicketRequest.kind == rules.EXTENSION
    )
    return not viewer.uow.session.scalar(select(asked))


def _co_reply(viewer: Viewer) -> bool:
    return viewer.ticket.state in rules.WITH_UNIT and any(
        row.state == rules.SIGNED for row in viewer.co_units
    )


def _contact(viewer: Viewer) -> bool:
    at_work = viewer.ticket.state in rules.AT_WORK
    return at_work and (viewer.plays(rules.LEAD) or viewer.plays(rules.CO))


def _units(viewer: Viewer) -> bool:
    parts = (rules.LEAD, rules.DISPATCHER, rules.SUPERVISOR)
    states = (rules.TO_SIGN, *rules.AT_WORK)
    return viewer.ticket.state in states and any(map(viewer.plays, parts))


def _urge(viewer: Viewer) -> bool:
    waits = viewer.ticket.state in (*rules.OPEN_STATES, rules.MERGED)
    return waits and (viewer.plays(rules.OPERATOR) or viewer.plays(rules.DISPATCHER))


def _supervise(viewer: Viewer) -> bool:
    return viewer.ticket.state in rules.WITH_UNIT and viewer.plays(rules.SUPERVISOR)


def may_edit(viewer: Viewer) -> bool:
    """Operators put right what waits to be taken on, dispatchers whatever is open."""
    ticket = viewer.ticket
    if not ticket.is_open:
        return False
    if ticket.state == rules.PENDING and viewer.plays(rules.OPERATOR):
        return True
    return viewer.plays(rules.DISPATCHER)


def _add(viewer: Viewer) -> bool:
    return viewer.ticket.is_open and any(viewer.plays(part) for part in _DESK)


def _event(viewer: Viewer) -> bool:
    if not (viewer.plays(rules.OPERATOR) or viewer.plays(rules.DISPATCHER)):
        return False
    tied = exists().where(TicketLink.ticket_id == viewer.ticket.id, TicketLink.kind == "event")
    return viewer.ticket.is_open and not viewer.uow.session.scalar(select(tied))


_OTHERS: dict[str, Callable[[Viewer], bool]] = {
    "sign": _sign,
    "returns": _return,
    "extensions": _extension,
    "co-reply": _co_reply,
    "contact": _contact,
    "units": _units,
    "urges": _urge,
    "supervisions": _supervise,
    "edit": may_edit,
    "links": _add,
    "pins": _add,
    "events": _event,
}
ORDER = (
    "accept", "reject", "answer", "edit", "dispatch", "merge", "separate", "sign", "returns",
    "contact", "units", "extensions", "holds", "end-hold", "reply", "co-reply", "unit-approval",
    "centre-approval", "send-back", "callbacks", "judgements", "reopen", "urges",
    "supervisions", "links", "pins", "events",
)  # fmt: skip


def can(viewer: Viewer) -> list[str]:
    """The actions open to the viewer, in the order of a ticket's life."""
    return [one for one in ORDER if _may(viewer, one)]


def may_decide(viewer: Viewer, request: TicketRequest) -> bool:
    """Whether the viewer decides this request: somebody else than who asked."""
    if request.state != rules.ASKED or request.asked_by == viewer.id:
        return False
    return any(viewer.plays(part) for part in rules.REQUEST_DECIDERS[request.kind])


def _may(viewer: Viewer, name: str) -> bool:
    if name in _OTHERS:
        return _OTHERS[name](viewer)
    return any(_way(viewer, action) for action in _WAYS[name])


def _way(viewer: Viewer, action: str) -> bool:
    way = rules.TICKET_TRANSITIONS.get((viewer.ticket.state, action))
    return way is not None and any(viewer.plays(part) for part in sorted(way.who))
