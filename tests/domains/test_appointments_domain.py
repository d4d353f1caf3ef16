"""What one use case leaves behind: trace, receipt, event and timers, all or nothing."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from appointments.model import Appointment, Hall, Slot
from backend.domains.appointments import (
    deadlines,
    desk,
    events,
    halls,
    planning,
    ports,
    service,
)  # fmt: skip
from backend.domains.identity.events import PersonClosed
from backend.kernel import receipts, trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.receipts import ReceiptRow
from backend.kernel.timers import Timer
from backend.kernel.trace import TraceEntry
from tests.appointments_api import CARD, ONLINE
from tests.appointments_world import MONDAY, at
from tests.people import sign_in_person


def test_booking_gives_receipt_trace_event_timer_and_qr(stage):
    shown = stage.book()
    assert shown["state_text"] == "已预约"
    assert shown["next_text"] == "11月23日（周一）9:00到测试街政务服务中心，出示二维码取号"
    assert shown["materials"] == CARD.material_names
    assert shown["qr_image"].startswith("data:image/png;base64,")
    assert shown["can_cancel"] is False  # 8:00 is later than two hours before 9:00
    assert [line["text"] for line in shown["timeline"]] == [
        "约好了，11月23日（周一）9:00到测试街政务服务中心"
    ]
    with stage.unit() as uow:
        row = uow.session.get(ReceiptRow, shown["receipt_number"])
        assert (row.title, row.person_id) == ("社会保障卡挂失", stage.person)
        assert receipts.query_code(uow.services, row.number) == shown["query_code"]
    (event,) = stage.heard
    assert type(event) is events.AppointmentBooked
    assert (event.receipt_number, event.by) == (shown["receipt_number"], "resident")
    assert stage.timers() == {desk.NO_SHOW_TIMER}


def test_a_handler_that_fails_undoes_everything(stage):
    def fail(uow, event):
        raise RuntimeError("outbox is broken")

    stage.services.events.subscribe(events.AppointmentBooked, fail)
    with pytest.raises(RuntimeError):
        stage.book()
    with stage.unit() as uow:
        assert uow.session.scalar(select(func.count(Appointment.id))) == 0
        assert uow.session.scalar(select(func.count(ReceiptRow.number))) == 0
        assert uow.session.scalar(select(func.sum(Slot.booked))) == 0
        kinds = uow.session.scalars(select(TraceEntry.subject_kind))
        assert "appointment" not in set(kinds)


def test_the_whole_way_is_traced_and_told(stage):
    shown = stage.book()
    ticket = stage.check_in(shown)
    assert (ticket["ticket_no"], ticket["person_name"]) == ("B001", "测*甲")
    assert stage.timers() == {desk.CLOSE_DAY_TIMER}
    called = stage.call()
    assert (called["state_text"], called["window_number"]) == ("请到窗口", 1)
    for name in ("recall", "skip", "requeue"):
        stage.do(shown, name)
    stage.call()
    stage.do(shown, "start")
    done = stage.do(shown, "finish")
    assert done["state"] == "finished"
    assert stage.timers() == set()
    with stage.unit() as uow:
        rated = service.rate(uow, stage.person, shown["id"], 5, "很快")
        entries = trace.entries(uow.session, desk.subject(shown["id"]))
    assert [entry.action for entry in entries] == [
        "book", "check_in", "call", "recall", "skip", "requeue", "call", "start", "finish", "rate",
    ]  # fmt: skip
    for before, after in pairwise(entries):
        assert before.to_state == after.from_state
    assert rated["rating"] == {"score": 5, "comment": "很快"}
    assert rated["can_rate"] is False
    assert [type(event).__name__.removeprefix("Appointment") for event in stage.heard] == [
        "Booked", "CheckedIn", "Called", "Called", "Skipped", "CheckedIn", "Called", "Started",
        "Finished",
    ]  # fmt: skip
    assert stage.heard[2].window_number == 1
    assert stage.heard[2].ticket_no == "B001"


def test_the_owner_sees_her_place_in_the_queue(stage):
    other = sign_in_person(stage.services).id
    first = stage.book()
    stage.check_in(first)
    with stage.services.unit(Actor("person", other)) as uow:
        second = service.book(uow, other, stage.place.slot(9, 30), CARD.id)
    stage.check_in(second)
    with stage.services.unit(Actor("person", other)) as uow:
        seen = service.show(uow, other, second["id"])
    assert seen["queue"]["ahead"] == 1
    assert seen["queue"]["wait_minutes"] == 5
    assert seen["next_text"] == "前面还有1人，大约等5分钟"
    assert seen["qr_image"] is None and seen["qr_token"] is None
    stage.call()
    with stage.services.unit(Actor("person", other)) as uow:
        now = service.show(uow, other, second["id"])
    assert now["next_text"] == "下一个就是您，请留意叫号"
    assert now["etag"] != seen["etag"]


def test_somebody_elses_appointment_is_not_there(stage):
    shown = stage.book(10)
    stranger = uuid4()
    with stage.services.unit(Actor("person", stranger)) as uow:
        for act in (
            lambda: service.show(uow, stranger, shown["id"]),
            lambda: service.cancel(uow, stranger, shown["id"], ""),
            lambda: service.rate(uow, stranger, shown["id"], 5, ""),
            lambda: service.show(uow, stage.person, uuid4()),
        ):
            with pytest.raises(NotFound):
                act()


def test_cancelling_disarms_and_tells(stage):
    shown = stage.book(10)
    with stage.unit() as uow:
        gone = service.cancel(uow, stage.person, shown["id"], "改天再去")
    assert gone["state"] == "cancelled"
    assert stage.timers() == set()
    assert stage.heard[-1].by == "resident"
    with stage.unit() as uow:
        entry = trace.entries(uow.session, desk.subject(shown["id"]))[-1]
        assert (entry.reason, entry.public_text) == ("", "取消了预约")
        assert service.export(uow, stage.person)[0]["cancel_reason"] == "改天再去"
        uow.emit(PersonClosed(stage.person))
        uow.session.expire_all()
        assert service.export(uow, stage.person)[0]["cancel_reason"] == ""
        assert service.export(uow, stage.person)[0]["item"] == "社会保障卡挂失"


def test_items_that_are_not_booked_at_windows(stage):
    with stage.unit() as uow, pytest.raises(Conflict) as caught:
        service.book(uow, stage.person, stage.place.slot(9), ONLINE.id)
    assert caught.value.code == "item_not_bookable"
    with stage.unit() as uow:
        assert halls.list_halls(uow, ONLINE.id) == []
        with pytest.raises(Conflict):
            halls.days(uow, stage.place.hall, ONLINE.id)
        with pytest.raises(NotFound):
            halls.list_halls(uow, uuid4())


def test_elders_book_from_their_quota_and_go_first(stage, monkeypatch):
    monkeypatch.setattr(ports, "reveal_value", lambda uow, id_, field: "999901196403080020")
    with stage.unit() as uow:
        times = halls.slots(uow, stage.place.hall, CARD.id, MONDAY)
        assert times[0]["remaining"] == 4
        assert times[0]["id"] == stage.place.slot(9, channel="elderly")
        shown = service.book(uow, stage.person, times[0]["id"], CARD.id)
        assert uow.session.get(Appointment, shown["id"]).priority == 1


def test_ages_are_in_full_years(stage):
    from datetime import date

    assert ports.years(date(1966, 11, 23), MONDAY) == 60
    assert ports.years(date(1966, 11, 24), MONDAY) == 59
    with stage.services.unit() as uow:
        assert ports.age_of(uow, uuid4()) == 0


def test_a_no_show_is_noted_by_the_worker(stage, clock):
    shown = stage.book(10)
    clock.set(at(10, 59))
    assert stage.services.timers.fire_due(stage.services) == 0
    clock.set(at(11))
    assert stage.services.timers.fire_due(stage.services) == 1
    with stage.unit() as uow:
        assert service.show(uow, stage.person, shown["id"])["state_text"] == "未到"
    assert type(stage.heard[-1]) is events.AppointmentNoShow
    assert stage.heard[-1].by == "system"


def test_a_door_kept_open_longer_moves_the_no_show(stage, clock):
    shown = stage.book(10)
    with stage.services.unit() as uow:
        uow.session.get_one(Hall, shown["hall"]["id"]).late_minutes = 60
    clock.set(at(11))
    assert stage.services.timers.fire_due(stage.services) == 1
    with stage.unit() as uow:
        assert service.show(uow, stage.person, shown["id"])["state_text"] == "已预约"
    clock.set(at(11, 30))
    assert stage.services.timers.fire_due(stage.services) == 1
    with stage.unit() as uow:
        assert service.show(uow, stage.person, shown["id"])["state_text"] == "未到"


def test_a_late_timer_finds_the_matter_moved_on(stage):
    shown = stage.book(10)
    stage.check_in(shown)
    timer = Timer(subject_id=shown["id"])
    with stage.services.unit() as uow:
        deadlines.no_show(uow, timer)
        deadlines.no_show(uow, Timer(subject_id=uuid4()))
        deadlines.close_day(uow, Timer(subject_id=uuid4()))
        assert uow.session.get(Appointment, shown["id"]).state == "checked_in"


def test_what_the_hall_leaves_open_ends_with_its_day(stage, clock):
    shown = stage.book(10)
    stage.check_in(shown)
    clock.set(at(0, 5, day=MONDAY + timedelta(days=1)))
    assert stage.services.timers.fire_due(stage.services) == 1
    with stage.unit() as uow:
        seen = service.show(uow, stage.person, shown["id"])
        deadlines.close_day(uow, Timer(subject_id=shown["id"]))
    assert seen["state"] == "cancelled"
    assert seen["timeline"][0]["text"] == "大厅已下班，这次没有办成，请另约时间"
    assert type(stage.heard[-1]) is events.AppointmentCancelled


def test_the_worker_makes_the_next_days_slots(stage, clock):
    with stage.services.unit() as uow:
        planning.arm_slots(uow, stage.place.hall)
    clock.set(at(0, 5, day=MONDAY + timedelta(days=1)))
    assert stage.services.timers.fire_due(stage.services) == 1
    with stage.services.unit() as uow:
        hall = uow.session.get(Hall, stage.place.hall)
        assert hall.slots_until == MONDAY + timedelta(days=8)
        pending = uow.session.scalars(select(Timer).where(Timer.fired_at.is_(None))).one()
        assert pending.due == at(0, 5, day=MONDAY + timedelta(days=2))
        hall.active = False
        uow.session.flush()
        deadlines.make_slots(uow, Timer(subject_id=hall.id))


def test_a_reader_catches_up_on_slots_when_the_worker_did_not_run(stage, clock):
    clock.advance(timedelta(days=3))
    with stage.unit() as uow:
        days = halls.days(uow, stage.place.hall, CARD.id)
    assert [day["status"] for day in days] == [
        "open", "open", "closed", "closed", "open", "open", "open", "open", "not_released",
        "closed",
    ]  # fmt: skip
    assert [day["weekday_text"] for day in days[:3]] == ["今天", "明天", "周六"]
