"""From what happens in community life to what neighbours and staff are told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from backend.domains.messages import kinds_community as k
from backend.domains.messages import letters
from backend.domains.neighbourhood import events as e
from backend.domains.neighbourhood.service import hours_text
from backend.kernel.events import EventBus
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import outbox
from notifications.kinds import Kind

# What it is called, what to do, and the phrase of a WeChat card where somebody waits.
_CARE: dict[type[e.CareEvent], tuple[str, str, str]] = {
    e.WishClaimed: ("心愿有人认领", "认领人会联系您。", ""),
    e.WishReleased: ("心愿重新等人认领", "认领人不便完成，会有别人来。", ""),
    e.WishGranted: ("心愿完成了吗", "请打开确认；7天后自动确认。", "待确认"),
    e.WishNotYet: ("心愿还差一点", "许愿人说还没有完成，请联系他。", "待完成"),
    e.HelpOffered: ("有邻居愿意帮忙", "请打开选一位。", "待选择"),
    e.HelpChosen: ("请您帮忙", "对方请您帮忙，请打开看时间和联系方式。", "待帮忙"),
    e.CareParted: ("不用麻烦您了", "对方另有安排，或已经不需要，谢谢您。", ""),
}


def subscribe(events: EventBus) -> None:
    """Hear of everything that neighbours are told about."""
    for kind, handler in (
        (e.SignedUp, on_signed_up),
        (e.PlaceOffered, on_offered),
        (e.PlaceGone, on_gone),
        (e.SignupEnded, on_signup_ended),
        (e.ActivityChanged, on_changed),
        (e.ActivityCancelled, on_cancelled),
        (e.ActivitySoon, on_soon),
        (e.HoursRecorded, on_hours),
        (e.ReportRequested, on_report),
        (e.ReportDecided, on_report_decided),
        (e.WishConfirmed, on_thanked),
        (e.HelpDone, on_thanked),
        (e.CareRemoved, on_removed),
        (e.CareOver, on_care_over),
        (e.ResourceBooked, on_booked),
        (e.ResourceCancelled, on_booking_cancelled),
        *((one, on_care) for one in _CARE),
    ):
        events.subscribe(kind, handler)  # type: ignore[arg-type]  # each handler takes its kind


def on_signed_up(uow: UnitOfWork, event: e.SignedUp) -> None:
    """A place, or a turn in the line."""
    if event.ahead is None:
        _answered(uow, event)
        _activity(uow, event, k.SIGNED_UP)
    else:
        _activity(uow, event, k.WAITING, ahead=event.ahead)


def on_offered(uow: UnitOfWork, event: e.PlaceOffered) -> None:
    """A place fell free: accept it in time."""
    said = {**_said(event), "until": event.until}
    for person in event.person_ids:
        _write(uow, _offer(event, person), k.OFFERED, [person], said)


def on_gone(uow: UnitOfWork, event: e.PlaceGone) -> None:
    """The offer lapsed, or the line ended."""
    _answered(uow, event)
    body = "没有在时间内确认，名额让给了下一位。" if event.lapsed else "活动开始了，这次没有轮到。"
    title = "名额过时了" if event.lapsed else "候补结束"
    _activity(uow, event, k.GONE, gone_text=title, gone_body=body)


def on_signup_ended(uow: UnitOfWork, event: e.SignupEnded) -> None:
    """Who does not come need not be reminded, or told that it moved."""
    _answered(uow, event)
    letters.stop(uow, _subject(event), k.SOON, k.CHANGED, people=event.person_ids)


def on_changed(uow: UnitOfWork, event: e.ActivityChanged) -> None:
    """Another time or place: what was said of either before no longer holds."""
    letters.stop(uow, _subject(event), k.CHANGED, k.SOON)
    _activity(uow, event, k.CHANGED)


def on_cancelled(uow: UnitOfWork, event: e.ActivityCancelled) -> None:
    """It does not take place."""
    _answered(uow, event)
    letters.stop(uow, _subject(event), k.SOON, k.CHANGED)
    _activity(uow, event, k.CANCELLED, reason=event.reason)


def on_soon(uow: UnitOfWork, event: e.ActivitySoon) -> None:
    """It starts soon."""
    _activity(uow, event, k.SOON)


def on_hours(uow: UnitOfWork, event: e.HoursRecorded) -> None:
    """Hours and points are credited."""
    said = {"hours_text": hours_text(event.minutes), "points": event.points}
    _activity(uow, event, k.HOURS, **said)


def on_report(uow: UnitOfWork, event: e.ReportRequested) -> None:
    """The community's staff decide."""
    subject = Subject("party_report", event.report_id)
    said = {"place": event.area_name}
    people = letters.phones(uow, event.staff_ids)
    letters.write(uow, subject, k.REPORT_DUE, [(one, "", said) for one in people])


def on_report_decided(uow: UnitOfWork, event: e.ReportDecided) -> None:
    """Confirmed, or why not."""
    good = "可以认领岗位和微心愿了。"
    said = {
        "place": event.area_name, "result": "已确认" if event.confirmed else "未通过",
        "report_body": good if event.confirmed else event.reason, "care_page": "party",
    }  # fmt: skip
    subject = Subject("party_report", event.report_id)
    letters.write(uow, subject, k.REPORT_DECIDED, [(event.person_id, "", said)])


def on_care(uow: UnitOfWork, event: e.CareEvent) -> None:
    """Something about a wish or help; who has to answer is told by the service account too."""
    what, words, phrase = _CARE[type(event)]
    # Who is let go may be one of several: what others are asked stands.
    _care_over(uow, event, [event.person_id] if isinstance(event, e.CareParted) else None)
    kind = k.CARE_CALL if phrase else k.CARE
    _care(uow, event, kind, what=what, words=words, phrase=phrase)


def on_thanked(uow: UnitOfWork, event: e.WishConfirmed | e.HelpDone) -> None:
    """Thanks and points."""
    _care_over(uow, event)
    words = f"{event.thanks or '谢谢您的热心'}。积分已记。"
    _care(uow, event, k.CARE, what="帮到邻居了", words=words)


def on_removed(uow: UnitOfWork, event: e.CareRemoved) -> None:
    """Staff took it down."""
    _care_over(uow, event)
    _care(uow, event, k.CARE, what="社区撤下了", words=event.reason)


def on_care_over(uow: UnitOfWork, event: e.CareOver) -> None:
    """Nobody has to choose, to help or to confirm any more."""
    _care_over(uow, event)


def on_booked(uow: UnitOfWork, event: e.ResourceBooked) -> None:
    """A shared room is booked."""
    _resource(uow, event, k.BOOKED)


def on_booking_cancelled(uow: UnitOfWork, event: e.ResourceCancelled) -> None:
    """Who gave it back knows; whom the staff cancelled is told why."""
    if event.by_staff:
        _resource(uow, event, k.BOOKING_CANCELLED, reason=event.reason)


def _activity(uow: UnitOfWork, event: e.ActivityEvent, kind: Kind, **more: Any) -> None:
    _write(uow, _subject(event), kind, event.person_ids, {**_said(event), **more})


def _said(event: e.ActivityEvent) -> dict[str, Any]:
    return {
        "subject_id": event.activity_id, "title": event.title, "place": event.place,
        "starts_at": event.starts_at, "at": event.starts_at,
    }  # fmt: skip


def _care(uow: UnitOfWork, event: e.CareEvent, kind: Kind, **more: Any) -> None:
    page = "wishes" if event.subject_kind == "wish" else "help"
    said = {
        "title": event.title, "care_page": f"{page}?id={event.subject_id}", "at": uow.now,
        "place": "社区", **more,
    }  # fmt: skip
    subject = Subject(event.subject_kind, event.subject_id)
    _write(uow, subject, kind, [event.person_id], said)


def _care_over(
    uow: UnitOfWork, event: e.CareEvent | e.CareOver, people: Iterable[UUID] | None = None
) -> None:
    letters.stop(uow, Subject(event.subject_kind, event.subject_id), k.CARE_CALL, people=people)


def _resource(uow: UnitOfWork, event: e.ResourceEvent, kind: Kind, **more: Any) -> None:
    said = {
        "title": event.name, "place": event.place, "starts_at": event.starts_at,
        "at": event.starts_at, "care_page": "bookings", **more,
    }  # fmt: skip
    subject = Subject("resource_booking", event.booking_id)
    _write(uow, subject, kind, [event.person_id], said)


def _write(
    uow: UnitOfWork, subject: Subject, kind: Kind, people: Iterable[UUID], said: dict[str, Any]
) -> None:
    letters.write(uow, subject, kind, [(one, "", said) for one in people])


def _answered(uow: UnitOfWork, event: e.ActivityEvent) -> None:
    """The offer these people had needs no card any more."""
    for person in event.person_ids:
        outbox.cancel(uow.session, _offer(event, person), [k.OFFERED.key], uow.now)


def _offer(event: e.ActivityEvent, person: UUID) -> Subject:
    """One person's offer: others' cards of the same activity stand."""
    return Subject("activity_offer", stable_id("activity-offer", f"{event.activity_id}:{person}"))


def _subject(event: e.ActivityEvent) -> Subject:
    return Subject("activity", event.activity_id)
