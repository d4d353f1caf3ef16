"""What staff do with an event, by the name it has in addresses: the same at desk and phone.

A step is a function of unit of work, principal, the thing's id and the parsed body; it answers
the id of the event that changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domains.dispatch import (
    access,
    claiming,
    correcting,
    detail_view,
    handling,
    merging,
    moves,
    requests,
    showing,
    subtasks,
    supervision,
    transfer,
    whistles,
)
from backend.domains.dispatch import action_schemas as a
from backend.domains.dispatch.model import Event
from backend.domains.dispatch.schemas import NothingSchema
from backend.domains.grid.service import to_wgs84
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

Body = dict[str, Any]
Act = Callable[[UnitOfWork, Principal, UUID, Body], UUID]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it promises (for the API page), the body it takes, what it does."""

    promise: str
    schema: Any
    act: Act


def take(uow: UnitOfWork, by: Principal, id_: UUID, body: Body, *, step: Step, base: str) -> Body:
    """Take the step; answers the event as it is then.

    The viewer may have lost sight of it by this very step (a department gave it back): the
    answer still shows it once.
    """
    event_id = step.act(uow, by, id_, body)
    event = uow.session.get_one(Event, event_id)
    return detail_view.show(uow, access.Viewer(uow, by, event), base)


def _expect(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> None:
    """For use cases that take no version themselves: hold the event, compare, go on."""
    if (version := body.pop("version", None)) is not None:
        access.enter(uow, by, event_id, version)


def _dispose(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
    event = handling.dispose(uow, by, event_id, **_tuples(body))
    showing.put(uow, event)
    return event.id


def _plain(use: Callable[..., Event]) -> Act:
    def act(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
        return use(uow, by, event_id, **_tuples(body)).id

    return act


def _unversioned(use: Callable[..., Any]) -> Act:
    def act(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
        _expect(uow, by, event_id, body)
        use(uow, by, event_id, **_tuples(body))
        return event_id

    return act


def _of_part(use: Callable[..., Any]) -> Act:
    """A step of a subtask, whistle, request or order, which knows its event."""

    def act(uow: UnitOfWork, by: Principal, part_id: UUID, body: Body) -> UUID:
        event_id: UUID = use(uow, by, part_id, **_tuples(body)).event_id
        return event_id

    return act


def _tuples(body: Body) -> Body:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}


def _claim(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
    # The claim itself decides who is first, whatever version was seen.
    return claiming.claim(uow, by, event_id).id


def _blow(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
    whistles.blow(uow, by, event_id, **body)
    return event_id


def _end_hold(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
    _expect(uow, by, event_id, body)
    return requests.end_hold(uow, by, event_id).id


def _split(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
    _expect(uow, by, event_id, body)
    merging.split(uow, by, event_id, **body)
    return event_id


def _corrected(use: Callable[..., Event]) -> Act:
    def act(uow: UnitOfWork, by: Principal, event_id: UUID, body: Body) -> UUID:
        reason = body.pop("reason")
        event = use(uow, by, event_id, **body)
        if reason:
            moves.note(uow, event, "note", internal=f"更正的原因：{reason}")
        return event.id

    return act


def _set_place(uow: UnitOfWork, by: Principal, event_id: UUID, **body: Any) -> Event:
    system = body.pop("coordinate_system")
    if body["latitude"] is None:
        # Only the words of the address were wrong.
        event = access.reach(uow, by, event_id)
        body["latitude"], body["longitude"] = event.latitude, event.longitude
    else:
        body["latitude"], body["longitude"] = to_wgs84(body["latitude"], body["longitude"], system)
    if body["latitude"] is None:
        text = "请在地图上选一个位置"
        raise Invalid("place_needed", detail=text, fields={"latitude": [text]})
    return correcting.set_place(uow, by, event_id, **body)


# Steps of both the desk and the phone: POST …/events/{id}/{name}.
BOTH = {
    "claim": Step("Take a call; the first one wins.", a.StepSchema, _claim),
    "release": Step(
        "Give a claim back within 30 minutes.", a.StepReasonSchema, _plain(claiming.release)
    ),
    "accept": Step("Take what was assigned.", a.StepSchema, _plain(claiming.accept)),
    "decline": Step(
        "Say that one cannot take what was assigned.", a.StepReasonSchema, _plain(claiming.decline)
    ),
    "schedule": Step("Say when somebody comes.", a.VisitSchema, _plain(handling.schedule)),
    "start": Step("Begin the work on the spot.", a.StepSchema, _plain(handling.start)),
    "contact": Step(
        "Note that the caller was contacted.", a.ContactSchema, _plain(handling.contact)
    ),
    "notes": Step("Add words and pictures.", a.StaffNoteSchema, _unversioned(handling.note)),
    "dispose": Step("Say what was done.", a.DisposeSchema, _dispose),
    "verify": Step(
        "Say whether it is solved; one with no hand in it.", a.VerifySchema, _plain(handling.verify)
    ),
    "whistles": Step("Call a department to the spot.", a.BlowSchema, _blow),
    "subtasks": Step(
        "Give a part of the work to somebody.", a.GiveSubtaskSchema, _unversioned(subtasks.add)
    ),
    "requests": Step("Ask for a hold or a cancellation.", a.AskSchema, _unversioned(requests.ask)),
    "end-hold": Step("Go on before a hold is over.", a.StepSchema, _end_hold),
    "transfers": Step(
        "Hand over to 110, 119, 120 or 122.",
        a.TransferSchema,
        _unversioned(transfer.to_emergency),
    ),
}
# The desk's own.
DESK = {
    "assign": Step("Give it to one person.", a.AssignSchema, _plain(claiming.assign)),
    "merge": Step("Link a duplicate to another event.", a.MergeSchema, _plain(merging.merge)),
    "separate": Step(
        "Undo a link: it is called again.", a.StepReasonSchema, _plain(merging.separate)
    ),
    "split": Step("Some callers mean another matter.", a.SplitSchema, _split),
    "ticket": Step("Go on as a 12345 ticket.", a.TicketLinkSchema, _plain(transfer.to_ticket)),
    "supervisions": Step(
        "Order an answer by a moment.", a.SuperviseSchema, _unversioned(supervision.order)
    ),
    "reopen": Step("Open it again.", a.StepReasonSchema, _plain(handling.reopen)),
    "urgency": Step("Correct the urgency.", a.UrgencySchema, _corrected(correcting.set_urgency)),
    "category": Step(
        "Correct the kind.", a.RecategoriseSchema, _corrected(correcting.set_category)
    ),
    "place": Step("Correct the place.", a.PlaceSchema, _corrected(_set_place)),
}
# POST …/subtasks/{id}/{name} and …/whistles/{id}/{name}, both at desk and phone.
SUBTASK = {
    "accept": Step("Take the subtask on.", NothingSchema, _of_part(subtasks.accept)),
    "finish": Step("The subtask is done.", a.FinishSubtaskSchema, _of_part(subtasks.finish)),
    "return": Step("Not ours, or not possible.", a.ReasonOnlySchema, _of_part(subtasks.give_back)),
    "withdraw": Step("No longer needed.", NothingSchema, _of_part(subtasks.withdraw)),
}
WHISTLE = {
    "sign": Step("The department takes it.", a.WhistleNoteSchema, _of_part(whistles.sign)),
    "contact": Step(
        "The department got in touch.", a.WhistleNoteSchema, _of_part(whistles.contact)
    ),
    "arrive": Step("The department is there.", a.WhistleNoteSchema, _of_part(whistles.arrive)),
    "finish": Step("The department's part is done.", a.WhistleEndSchema, _of_part(whistles.finish)),
    "return": Step(
        "Not the department's matter.", a.ReasonOnlySchema, _of_part(whistles.give_back)
    ),
    "withdraw": Step("No longer needed.", a.ReasonOnlySchema, _of_part(whistles.withdraw)),
}
REQUEST = {
    "decision": Step("Approve or not.", a.DecisionSchema, _of_part(requests.decide)),
    "withdraw": Step("Take the request back.", NothingSchema, _of_part(requests.withdraw)),
}
ORDER = {
    "reply": Step("Answer the order.", a.OrderReplySchema, _of_part(supervision.reply)),
    "close": Step("Content with the answer.", NothingSchema, _of_part(supervision.close)),
}
