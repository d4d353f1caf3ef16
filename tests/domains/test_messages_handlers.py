"""What residents are told when something happens to an appointment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.domains.appointments.events import (
    AppointmentBooked,
    AppointmentCalled,
    AppointmentCancelled,
    AppointmentCheckedIn,
    AppointmentEvent,
    AppointmentFinished,
    AppointmentNoShow,
    AppointmentRescheduled,
    AppointmentSkipped,
    AppointmentStarted,
)
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages import lifecycle, service
from backend.domains.messages.kinds import KINDS
from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.services import Services
from notifications import consent, preferences
from notifications.control_model import MessageDayCount, MessagePreference
from notifications.model import InboxMessage, MessageGrant, OutboxMessage
from tests.people import sign_in_person

TUESDAY_930 = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
Make = Callable[..., AppointmentEvent]


@pytest.fixture
def person(services: Services) -> UUID:
    return sign_in_person(services).id


@pytest.fixture
def make(person: UUID) -> Make:
    appointment = uuid4()

    def build(kind: type[AppointmentEvent], **changes: object) -> AppointmentEvent:
        base = AppointmentEvent(
            appointment_id=appointment, person_id=person, item_id=uuid4(),
            item_name="社会保障卡挂失与补领（含领取后的启用和密码重置）", hall_id=uuid4(),
            hall_name="越和街政务服务中心", hall_address="越和街1号", hall_floor="3楼",
            start=TUESDAY_930, end=TUESDAY_930 + timedelta(minutes=30),
            receipt_number="A261123-482073-5", check_in_code="123456", ticket_no=None,
            window_number=None, by="resident", reason="",
        )  # fmt: skip
        own = {key: value for key, value in changes.items() if not hasattr(base, key)}
        shared = {key: value for key, value in changes.items() if hasattr(base, key)}
        changed = replace(base, **shared)  # type: ignore[arg-type]  # fields of the event
        return kind(**{name: getattr(changed, name) for name in changed.__slots__}, **own)

    return build


def emit(services: Services, *events: object) -> None:
    for event in events:
        with services.unit() as uow:
            uow.emit(event)


def rows(services: Services) -> dict[str, OutboxMessage]:
    with services.unit() as uow:
        found = uow.session.scalars(
            select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.dedupe_key)
        )
        return {row.kind: row for row in found}


def inbox(services: Services, person: UUID) -> list[str]:
    with services.unit() as uow:
        page = service.list_inbox(uow, person, limit=50, cursor=None)
        return [row["kind"].removeprefix("appointment_") for row in page["items"]]


def test_booking_confirms_and_lays_two_reminders_ready(
    services: Services, person: UUID, make: Make
) -> None:
    emit(services, make(AppointmentBooked))
    found = rows(services)
    assert set(found) == {
        "appointment_booked", "appointment_reminder_day", "appointment_reminder_hours",
    }  # fmt: skip
    day, hours = found["appointment_reminder_day"], found["appointment_reminder_hours"]
    assert day.not_before == datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
    assert hours.not_before == TUESDAY_930 - timedelta(hours=2)
    assert hours.expires_at == TUESDAY_930
    assert inbox(services, person) == ["booked"]


def test_reminders_show_when_they_are_due(
    services: Services, clock: FixedClock, person: UUID, make: Make
) -> None:
    emit(services, make(AppointmentBooked))
    clock.set(datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI))
    assert inbox(services, person) == ["reminder_day", "booked"]
    clock.set(datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI))
    assert inbox(services, person) == ["reminder_hours", "reminder_day", "booked"]


@pytest.mark.parametrize(
    ("now", "left_out"),
    [
        (datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI), {"appointment_reminder_day"}),
        (
            datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI),
            {"appointment_reminder_day", "appointment_reminder_hours"},
        ),
    ],
)
def test_no_reminder_when_the_time_is_nearer_already(
    services: Services, clock: FixedClock, make: Make, now: datetime, left_out: set[str]
) -> None:
    clock.set(now)
    emit(services, make(AppointmentBooked))
    assert not left_out & set(rows(services))


@pytest.mark.parametrize(("by", "state"), [("resident", "delivered"), ("staff", "created")])
def test_cancelling_takes_the_reminders_back(
    services: Services, clock: FixedClock, person: UUID, make: Make, by: str, state: str
) -> None:
    emit(services, make(AppointmentBooked))
    emit(services, make(AppointmentCancelled, by=by, reason="停电" if by == "staff" else ""))
    found = rows(services)
    for kind in ("booked", "reminder_day", "reminder_hours"):
        assert found[f"appointment_{kind}"].status == "suppressed"
    assert found["appointment_cancelled"].status == state
    clock.advance(timedelta(days=1))
    assert "reminder_day" not in inbox(services, person)


def test_no_reminder_for_who_has_arrived(services: Services, make: Make) -> None:
    emit(services, make(AppointmentBooked), make(AppointmentCheckedIn, ticket_no="A001"))
    assert rows(services)["appointment_reminder_hours"].status == "suppressed"
    assert rows(services)["appointment_booked"].status == "created"


def test_each_call_is_told_and_replaces_the_one_before(
    services: Services, clock: FixedClock, person: UUID, make: Make
) -> None:
    called = make(AppointmentCalled, ticket_no="A001", window_number=3, by="staff")
    emit(services, called)
    clock.advance(timedelta(seconds=40))
    emit(services, called)
    with services.unit() as uow:
        found = uow.session.scalars(
            select(OutboxMessage.status).order_by(OutboxMessage.created_at)
        ).all()
    assert found == ["suppressed", "created"]
    assert inbox(services, person) == ["called", "called"]
    title = rows(services)["appointment_called"].title
    assert title == "请到3号窗口"


@pytest.mark.parametrize("over", [AppointmentStarted, AppointmentSkipped])
def test_a_call_that_is_over_is_not_sent(
    services: Services, make: Make, over: type[AppointmentEvent]
) -> None:
    details: dict[str, object] = {"ticket_no": "A001", "window_number": 3}
    emit(services, make(AppointmentCalled, **details), make(over, **details))
    assert rows(services)["appointment_called"].status == "suppressed"


def test_finished_asks_for_a_rating_in_the_inbox_only(
    services: Services, clock: FixedClock, person: UUID, make: Make
) -> None:
    emit(services, make(AppointmentBooked))
    clock.advance(timedelta(hours=1))
    emit(services, make(AppointmentFinished, by="staff"))
    found = rows(services)
    assert found["appointment_finished"].status == "delivered"
    assert found["appointment_reminder_day"].status == "suppressed"
    assert inbox(services, person)[0] == "finished"


def test_a_no_show_is_told(services: Services, person: UUID, make: Make) -> None:
    emit(services, make(AppointmentNoShow, by="system"))
    assert inbox(services, person) == ["no_show"]


def test_an_event_told_twice_is_one_message(services: Services, person: UUID, make: Make) -> None:
    emit(services, make(AppointmentBooked), make(AppointmentBooked))
    assert inbox(services, person) == ["booked"]


def test_every_kind_fits_wechat_s_rules_with_long_values(services: Services, make: Make) -> None:
    long = {
        "item_name": "事项" * 1000,
        "hall_floor": "楼" * 500,
        "hall_name": "越和街道" * 20,
        "hall_address": "路" * 300,
        "reason": "因" * 200,
    }
    emit(
        services,
        make(AppointmentBooked, **long),
        make(AppointmentCalled, ticket_no="A001", window_number=3, **long),
        make(AppointmentNoShow, **long),
        make(AppointmentCancelled, by="staff", **long),
    )
    from backend.demo.standin_values import wrong_field

    for row in rows(services).values():
        assert len(row.payload.get("sms", "")) <= 469
        assert row.payload["unfit"] == []
        for channel in ("wechat_subscribe", "wechat_service"):
            fields = row.payload.get(channel)
            if fields:
                data = {key: {"value": value} for key, value in fields.items()}
                assert wrong_field(data) is None


def test_a_change_of_time_moves_the_reminders(services: Services, make: Make) -> None:
    emit(services, make(AppointmentBooked))
    later = TUESDAY_930 + timedelta(days=1)
    moved = {
        "from_slot": uuid4(),
        "from_start": TUESDAY_930,
        "from_hall_name": "越和街政务服务中心",
    }
    emit(services, make(AppointmentRescheduled, start=later, **moved))
    with services.unit() as uow:
        found = list(uow.session.scalars(select(OutboxMessage)))
    reminders = {(row.kind, row.status): row.not_before for row in found if "reminder" in row.kind}
    assert reminders["appointment_reminder_hours", "suppressed"] == TUESDAY_930 - timedelta(hours=2)
    assert reminders["appointment_reminder_hours", "created"] == later - timedelta(hours=2)
    assert reminders["appointment_reminder_day", "created"] is not None
    (told,) = [row for row in found if row.kind == "appointment_rescheduled"]
    assert told.title.startswith("改好时间了")
    emit(services, make(AppointmentCancelled, start=later))
    with services.unit() as uow:
        left = list(uow.session.scalars(select(OutboxMessage)))
    assert not [row for row in left if "reminder" in row.kind and row.status == "created"]


def test_links_and_pages_name_the_appointment(services: Services, make: Make) -> None:
    event = make(AppointmentBooked)
    emit(services, event)
    payload = rows(services)["appointment_booked"].payload
    assert payload["link"] == f"/appointments/{event.appointment_id}"
    assert payload["page"] == f"packages/appointments/ticket?id={event.appointment_id}"


def test_a_merged_account_keeps_messages_grants_choices_and_what_was_counted(
    services: Services, person: UUID, make: Make
) -> None:
    other, day = uuid4(), date(2026, 11, 23)
    emit(services, make(AppointmentBooked))
    with services.unit() as uow:
        for owner in (person, other):
            consent.report(uow.session, uow.now, owner, "t", "accept", source="page")
            uow.session.add(MessageDayCount(person_key=owner, day=day, scope="*", sent=2))
        uow.session.add(MessageDayCount(person_key=person, day=day, scope="news", sent=1))
        preferences.mute(uow.session, uow.now, person, "life", ["sms"])
    emit(services, PersonMerged(person, other))
    assert inbox(services, person) == []
    assert inbox(services, other) == ["booked"]
    with services.unit() as uow:
        assert uow.session.get_one(MessageGrant, (other, "t")).remaining == 2
        assert preferences.choices(uow.session, other) == {"life": {"sms"}}
        counts = uow.session.scalars(select(MessageDayCount).order_by(MessageDayCount.scope))
        assert [(row.person_key, row.scope, row.sent) for row in counts] == [
            (other, "*", 4), (other, "news", 1),
        ]  # fmt: skip


def test_a_closed_account_leaves_nothing(services: Services, person: UUID, make: Make) -> None:
    emit(services, make(AppointmentBooked))
    with services.unit() as uow:
        consent.report(uow.session, uow.now, person, "t", "accept", source="page")
        preferences.mute(uow.session, uow.now, person, "life", ["sms"])
        today = uow.now.date()
        uow.session.add(MessageDayCount(person_key=person, day=today, scope="*", sent=1))
        exported = lifecycle.export(uow, person)
    assert exported["inbox"][0]["kind"] == KINDS.name("appointment_booked")
    assert exported["grants"] == [{"template_id": "t", "remaining": 1, "long_term": False}]
    assert exported["muted"] == {"life": ["sms"]}
    emit(services, PersonClosed(person))
    with services.unit() as uow:
        for table in (
            OutboxMessage, InboxMessage, MessageGrant, MessagePreference, MessageDayCount,
        ):  # fmt: skip
            assert uow.session.scalars(select(table)).all() == []
