"""The calendar file and the private feed over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from appointments.remote_model import CalendarFeed
from backend.domains.appointments import calendars
from backend.kernel.trace import TraceEntry
from tests.calendar_reader import read, text
from tests.http.hall import API, booked, call, resident, spot  # noqa: F401 - fixtures


@pytest.fixture
def events(client):
    """The events of a feed or file by its path, and the answer."""

    def run(path: str, headers=None):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.get_data()
        assert answer.content_type == "text/calendar; charset=utf-8"
        return read(answer.get_data()).all("VEVENT"), answer

    return run


@pytest.fixture
def feed(call, resident):
    """Opens the resident's feed; its path."""

    def run() -> str:
        status, shown = call("POST /calendar-feed", resident)
        assert status == 201
        return shown["url"][shown["url"].index("/api/") :]

    return run


def test_a_file_for_one_appointment(events, booked, resident, call, sign_in_person):
    shown = booked()
    path = f"{API}/appointments/{shown['id']}/calendar.ics"
    [event], answer = events(path, resident)
    assert answer.headers["Content-Disposition"] == "attachment; filename=appointment.ics"
    assert text(event.values["SUMMARY"]).startswith("社会保障卡挂失")
    assert shown["hall"]["address"] in text(event.values["LOCATION"])
    assert event.values["DTSTART"] == "20261123T090000"
    assert "身份证原件" in text(event.values["DESCRIPTION"])
    assert shown["check_in_code"] not in answer.get_data(as_text=True)
    assert call(f"GET /appointments/{shown['id']}/calendar.ics", {})[0] == 401
    other = sign_in_person()
    assert call(f"GET /appointments/{shown['id']}/calendar.ics", other)[0] == 404


def test_the_feed_shows_what_is_needed_and_follows_changes(events, feed, booked, call, resident):
    path = feed()
    assert events(path)[0] == []
    shown = booked(11 - 1)
    [event], answer = events(path)
    assert (event.values["STATUS"], event.values["SEQUENCE"]) == ("CONFIRMED", "0")
    said = answer.get_data(as_text=True)
    for secret in ("id", "receipt_number", "query_code", "check_in_code", "qr_token"):
        assert str(shown[secret]) not in said
    assert "DESCRIPTION" not in event.values
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert call(f"POST /appointments/{shown['id']}/cancel", resident, {"reason": "有事"})[0] == 200
    [gone], answer = events(path)
    assert (gone.values["STATUS"], gone.values["SEQUENCE"]) == ("CANCELLED", "1")
    assert gone.values["UID"] == event.values["UID"]
    assert "有事" not in answer.get_data(as_text=True)


def test_an_address_can_be_changed_and_closed(call, client, feed, resident, services):
    assert call("GET /calendar-feed", resident)[1] == {"url": None, "created_at": None}
    first = feed()
    assert call("GET /calendar-feed", resident)[1]["url"].endswith(first)
    second = feed()
    assert second != first
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    for _ in range(2):
        assert client.delete(f"{API}/calendar-feed", headers=resident).status_code == 204
    assert client.get(second).status_code == 404
    assert call("GET /calendar-feed", resident)[1]["url"] is None
    with services.unit() as uow:
        actions = uow.session.scalars(
            select(TraceEntry.action)
            .where(TraceEntry.action.like("%_feed"))
            .order_by(TraceEntry.seq)
        ).all()
    assert actions == ["open_feed", "open_feed", "close_feed"]


def test_the_table_alone_opens_no_feed(feed, services):
    token = feed().rpartition("/")[2].removesuffix(".ics")
    assert len(token) == 43
    with services.unit() as uow:
        [row] = uow.session.scalars(select(CalendarFeed))
        assert token.encode() not in row.token_hash + row.nonce


def test_feeds_are_apart_and_go_with_the_account(
    call, events, feed, booked, sign_in_person, services
):
    booked()
    own = feed()
    other = sign_in_person()
    _, shown = call("POST /calendar-feed", other)
    path = shown["url"][shown["url"].index("/api/") :]
    assert (len(events(own)[0]), len(events(path)[0])) == (1, 0)
    with services.unit() as uow:
        for row in uow.session.scalars(select(CalendarFeed)).all():
            assert calendars.export(uow, row.person_key)
            assert calendars.forget(uow, row.person_key)
            assert not calendars.export(uow, row.person_key)
        assert not calendars.forget(uow, uuid4())


def test_an_address_is_not_asked_without_end(client, feed, monkeypatch):
    monkeypatch.setattr(calendars, "FEED_RATE", "2 per hour")
    path = feed()
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
