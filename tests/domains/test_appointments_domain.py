"""What one use case leaves behind: trace, receipt, event and timers, all or nothing."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from appointments.model import Appointment, Hall, Rating, Slot
from appointments.rules import TRANSITIONS, Refused, State
from backend.domains.appointments import (
    deadlines,
    desk,
    events,
    halls,
    planning,
    ports,
    refusals,
    service,
    staff,
    view,
    wording,
)  # fmt: skip
from backend.domains.identity.events import PersonClosed
from backend.kernel import receipts, trace
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.receipts import ReceiptRow
from backend.kernel.reveals import Reveal
from backend.kernel.timers import Timer
from backend.kernel.trace import TraceEntry
from tests.appointments_api import CARD, ONLINE, PASS, Place, fake_items, place
from tests.appointments_world import MONDAY, NOW, at
from tests.people import sign_in_person

KINDS = [kind for kind in vars(events).values() if isinstance(kind, type)]
EVENTS = [kind for kind in KINDS if issubclass(kind, events.AppointmentEvent)]


@dataclass
class Stage:
    services: object
    place: Place
    person: UUID
    heard: list

    def unit(self, actor: Actor | None = None):
        return self.services.unit(actor or Actor("person", self.person))

    def book(self, hour: int = 9, item=CARD) -> dict:
        with self.unit() as uow:
            slot = self.place.slot(hour, group=item.group_code)
            return service.book(uow, self.person, slot, item.id)

    def clerk(self, hall: UUID | None = None, *permissions: str) -> Principal:
        held = permissions or ("queue.operate", "appointments.view", "personal.reveal")
        grant = Grant("clerk", frozenset(held), "hall", hall or self.place.hall)
        return Principal(Actor("staff", uuid4(), "周敏", "clerk"), grants=(grant,))

    def step(self, act, who: Principal | None = None):
        who = who or self.clerk()
        with self.unit(who.actor) as uow:
            return act(uow, who)

    def check_in(self, shown: dict) -> dict:
        code = shown["check_in_code"]
        return self.step(
            lambda uow, who: staff.check_in(uow, who, self.place.hall, code=code, token=None)
        )

    def call(self, window: int = 0) -> dict:
        return self.step(lambda uow, who: staff.call(uow, who, self.place.windows[window], None))

    def do(self, shown: dict, name: str, version: int | None = None) -> dict:
        return self.step(lambda uow, who: staff.step(uow, who, shown["id"], name, version))

    def timers(self) -> set[str]:
        with self.services.unit() as uow:
            query = select(Timer.kind).where(
                Timer.fired_at.is_(None), Timer.subject_kind == "appointment"
            )
            return set(uow.session.scalars(query))


@pytest.fixture
def stage(services, monkeypatch) -> Stage:
    fake_items(monkeypatch)
    heard: list = []
    for kind in EVENTS:
        services.events.subscribe(kind, lambda uow, event: heard.append(event))
    person = sign_in_person(services).id
    return Stage(services, place(services), person, heard)


@pytest.mark.requirement("000.34")
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


# -- the hall's staff ----------------------------------------------------------------------


def test_a_clerk_reaches_only_the_own_hall(stage):
    shown = stage.book()
    stranger = stage.clerk(uuid4())
    acts = [
        lambda uow, who: staff.board(uow, who, stage.place.hall, None),
        lambda uow, who: staff.check_in(uow, who, stage.place.hall, code="000000", token=None),
        lambda uow, who: staff.call(uow, who, stage.place.windows[0], None),
        lambda uow, who: staff.set_window(uow, who, stage.place.windows[0], "closed"),
        lambda uow, who: staff.step(uow, who, shown["id"], "skip", None),
        lambda uow, who: staff.reveal(uow, who, shown["id"], "name", "核对身份"),
        lambda uow, who: planning.show_schedule(uow, who, stage.place.hall),
        lambda uow, who: planning.list_slots(uow, who, stage.place.hall, MONDAY),
        lambda uow, who: planning.set_capacity(uow, who, stage.place.slot(9), 9),
        lambda uow, who: planning.replace_schedule(uow, who, stage.place.hall, []),
        lambda uow, who: planning.override_day(
            uow, who, stage.place.hall, MONDAY, opened=False, note=""
        ),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            stage.step(act, stranger)


def test_the_board(stage):
    waiting = stage.book()
    stage.check_in(waiting)
    stage.call()
    other = stage.book(10, PASS)
    board = stage.step(lambda uow, who: staff.board(uow, who, stage.place.hall, None))
    assert board["windows"][0]["current"]["ticket_no"] == "B001"
    assert board["windows"][0]["groups"] == ["社保医保"]
    assert board["windows"][1]["current"] is None
    assert board["waiting"] == []
    assert {row["id"] for row in board["appointments"]} == {waiting["id"], other["id"]}
    assert board["stats"].booked == 2
    shut = stage.step(lambda uow, who: staff.set_window(uow, who, stage.place.windows[0], "paused"))
    assert (shut["status_text"], shut["current"]["state"]) == ("暂停", "called")
    free = stage.step(lambda uow, who: staff.set_window(uow, who, stage.place.windows[1], "closed"))
    assert (free["status_text"], free["current"]) == ("未开", None)


def test_one_row_of_the_board_with_its_story(stage):
    shown = stage.book()
    stage.check_in(shown)
    found = stage.step(lambda uow, who: staff.detail(uow, who, shown["id"]))
    assert found["receipt_number"] == shown["receipt_number"]
    assert [line["action"] for line in found["timeline"]] == ["check_in", "book"]
    with pytest.raises(NotFound):
        stage.step(lambda uow, who: staff.detail(uow, who, shown["id"]), stage.clerk(uuid4()))


def test_waited_minutes(stage, clock):
    shown = stage.book()
    stage.check_in(shown)
    clock.advance(timedelta(minutes=7, seconds=30))
    board = stage.step(lambda uow, who: staff.board(uow, who, stage.place.hall, None))
    assert board["waiting"][0]["wait_minutes"] == 7
    called = stage.call()
    clock.advance(timedelta(minutes=9))
    assert stage.do(called, "start")["wait_minutes"] == 7


def test_check_in_wants_one_of_code_and_token(stage):
    for code, token in ((None, None), ("123456", "HY1.a.b")):
        with pytest.raises(Invalid) as caught:
            stage.step(
                lambda uow, who, code=code, token=token: staff.check_in(
                    uow, who, stage.place.hall, code=code, token=token
                )
            )
        assert caught.value.code == "code_or_token"


def test_an_old_version_is_refused(stage):
    shown = stage.book()
    ticket = stage.check_in(shown)
    stage.call()
    with pytest.raises(Exception, match="stale"):
        stage.do(shown, "skip", version=ticket["version"])
    assert stage.do(shown, "skip", version=ticket["version"] + 1)["state"] == "skipped"


def test_a_reveal_is_logged_with_its_purpose(stage):
    shown = stage.book()
    who = stage.clerk()
    value = stage.step(
        lambda uow, who: staff.reveal(uow, who, shown["id"], "name", "当面核对身份"), who
    )
    assert value == "测试甲"
    with stage.services.unit() as uow:
        row = uow.session.scalars(select(Reveal)).one()
    assert (row.staff_id, row.field, row.purpose) == (who.actor.id, "name", "当面核对身份")
    with pytest.raises(Invalid):
        stage.step(lambda uow, who: staff.reveal(uow, who, shown["id"], "name", "看"))


def manager(stage: Stage) -> Principal:
    return stage.clerk(None, "schedules.edit", "appointments.view")


def test_closing_a_day_needs_a_reason_when_people_are_booked(stage):
    shown = stage.book(10)

    def close(note):
        return stage.step(
            lambda uow, who: planning.override_day(
                uow, who, stage.place.hall, MONDAY, opened=False, note=note
            ),
            manager(stage),
        )

    with pytest.raises(Invalid) as caught:
        close("")
    assert "1人约了" in caught.value.title
    assert close("台风停办")["cancelled"] == 1
    assert (stage.heard[-1].by, stage.heard[-1].reason) == ("staff", "台风停办")
    with stage.unit() as uow:
        seen = service.show(uow, stage.person, shown["id"])
    assert seen["timeline"][0]["text"] == "大厅取消了这次预约：台风停办"
    with stage.unit() as uow, pytest.raises(Conflict) as refused:
        service.book(uow, stage.person, stage.place.slot(10), CARD.id)
    assert refused.value.code == "slot_closed"


def test_schedules_are_shown_and_replaced(stage):
    shown = stage.step(
        lambda uow, who: planning.show_schedule(uow, who, stage.place.hall), manager(stage)
    )
    assert len(shown["items"]) == 20
    assert shown["groups"][0] == {"code": "shebao", "name": "社保医保"}
    half = [row for row in shown["items"] if row["channel"] == "online"]
    after = stage.step(
        lambda uow, who: planning.replace_schedule(uow, who, stage.place.hall, half),
        manager(stage),
    )
    assert len(after["items"]) == 10
    slots = stage.step(
        lambda uow, who: planning.list_slots(uow, who, stage.place.hall, MONDAY), manager(stage)
    )
    assert {slot["channel_text"] for slot in slots if not slot["closed"]} == {"网上"}
    changed = stage.step(
        lambda uow, who: planning.set_capacity(uow, who, stage.place.slot(9), 9), manager(stage)
    )
    assert changed["capacity"] == 9


# -- words ---------------------------------------------------------------------------------


def test_every_action_and_state_has_its_words():
    for (_, action), transition in TRANSITIONS.items():
        text = wording.trace_text(
            action, transition.to, ticket_no="A001", window_number=3, reason="停电"
        )
        assert text and "None" not in text
    for state in State:
        assert wording.STATE_TEXT[state]
        assert wording.next_text(state, NOW, "大厅", window_number=3)
    assert wording.next_text(State.CHECKED_IN, NOW, "大厅", ahead=2) == "前面还有2人"
    assert wording.time_range(at(9), at(9, 30)) == "11月23日（周一）9:00-9:30"
    assert wording.day_status_text("calendar_unknown", 0) == "放假安排未公布"


def test_every_refusal_of_the_engine_has_its_words():
    """Found by reading the engine's own files, so that a new code cannot be forgotten."""
    import re
    from pathlib import Path

    import appointments

    folder = Path(appointments.__file__).parent
    found = set()
    for path in folder.glob("*.py"):
        found |= set(re.findall(r'Refused\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert found == set(refusals.WORDINGS)


def test_refusals_read_well():
    facts = {
        "day": MONDAY, "deadline": at(7), "start": at(9), "end": at(10), "closes": at(10),
        "release_at": at(0), "lead_minutes": 30, "ticket_no": "A001", "state": "called",
        "action": "skip", "who": "staff", "booked": 2, "row": 0, "days": 30, "status": "paused",
    }  # fmt: skip
    for code in refusals.WORDINGS:
        error = refusals.worded(Refused(code, **facts))
        assert error.code == code
        assert error.title and error.action
    problem = refusals.worded(Refused("cancel_too_late", deadline=at(7)))
    assert problem.detail == "要在11月23日（周一）7:00之前取消"


# -- for the other domains -----------------------------------------------------------------


def test_what_a_person_takes_along_and_leaves(stage):
    shown = stage.book()
    stage.book(10, PASS)
    stage.check_in(shown)
    stage.call()
    stage.do(shown, "start")
    stage.do(shown, "finish")
    with stage.unit() as uow:
        service.rate(uow, stage.person, shown["id"], 4, "我叫测试甲")
        assert service.open_matters(uow, stage.person) == [
            "11月23日（周一）10:00的预约：居住证办理"
        ]
        exported = service.export(uow, stage.person)
        assert [row["item"] for row in exported] == ["居住证办理", "社会保障卡挂失"]
        assert exported[1]["rating"] == {"score": 4, "comment": "我叫测试甲"}
        uow.emit(PersonClosed(stage.person))
        assert uow.session.get_one(Rating, shown["id"]).score == 4
        uow.session.expire_all()
        assert uow.session.get_one(Rating, shown["id"]).comment == ""


def test_lists_are_by_time_and_state(stage):
    later, sooner = stage.book(10, PASS), stage.book(9)
    with stage.unit() as uow:
        live = uow.session.scalars(service.query_mine(stage.person, "live")).all()
        assert {row.id for row in live} == {later["id"], sooner["id"]}
        assert uow.session.scalars(service.query_mine(stage.person, "past")).all() == []
        assert len(uow.session.scalars(service.query_mine(stage.person, None)).all()) == 2
        assert service.present(uow, []) == []


def test_the_qr_code_ends_with_its_day(stage):
    shown = stage.book()
    with stage.unit() as uow:
        row = uow.session.get(Appointment, shown["id"])
        from appointments.tokens import read

        key = view.qr_key(uow.services)
        assert read(key, shown["qr_token"], at(23, 59)).appointment_id == row.id
        with pytest.raises(Refused, match="qr_expired"):
            read(key, shown["qr_token"], at(0, 1, day=MONDAY + timedelta(days=1)))
