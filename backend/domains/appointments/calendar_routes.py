"""Appointments in one's own calendar over HTTP: a file, a private feed."""

from typing import Any
from uuid import UUID

from flask import Response

from appointments.ical import MEDIA_TYPE
from backend.domains.appointments import calendars
from backend.domains.appointments import schemas as s
from backend.domains.appointments.routes import person_id
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import public, resident
from backend.http.mutation import mutation

bp = blueprint("calendars", "日历：单个预约的日历文件，个人订阅地址")


def _doc() -> dict[str, Any]:
    """A fresh one for each route: flask-smorest fills it in place."""
    content = {"text/calendar": {"schema": {"type": "string"}}}
    return {"responses": {"200": {"description": "iCalendar (RFC 5545)", "content": content}}}


@bp.route("/appointments/<uuid:appointment_id>/calendar.ics", methods=["GET"])
@resident
@bp.doc(**_doc())
def show_calendar_file(appointment_id: UUID) -> Response:
    """One appointment for the phone's own calendar, with alarms."""
    text = calendars.file_of(uow(), person_id(), appointment_id)
    return _calendar(text, "attachment; filename=appointment.ics")


@bp.route("/calendar-feed", methods=["GET"])
@resident
@bp.response(200, s.CalendarFeedSchema)
def show_feed() -> dict[str, Any]:
    """The address of one's own feed, if one was opened."""
    return calendars.feed_of(uow(), person_id())


@bp.route("/calendar-feed", methods=["POST"])
@resident
@mutation
@bp.response(201, s.CalendarFeedSchema)
def open_feed() -> dict[str, Any]:
    """Open a feed, or change its address: the one before stops at once."""
    return calendars.open_feed(uow(), person_id())


@bp.route("/calendar-feed", methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def close_feed() -> None:
    """Close the feed: whoever has the address reads nothing more."""
    calendars.close_feed(uow(), person_id())


@bp.route("/calendar-feeds/<string(maxlength=64):feed_token>.ics", methods=["GET"])
@public
@bp.doc(**_doc())
def read_feed(feed_token: str) -> Response:
    """What a calendar program reads. The address itself is the key; nothing else is asked."""
    return _calendar(calendars.read_feed(uow(), feed_token), "inline; filename=appointments.ics")


def _calendar(text: str, disposition: str) -> Response:
    answer = Response(text, content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Cache-Control"] = "private, no-cache"
    # The address is a password: it must not travel on in a Referer or into a search engine.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
