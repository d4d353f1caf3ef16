"""What the hall's staff see and do, and the words of appointments."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from appointments.model import Appointment, Rating
from appointments.rules import TRANSITIONS, Refused, State
from appointments.views import DayView
from backend.domains.appointments import (
    planning,
    refusals,
    service,
    staff,
    view,
    wording,
)  # fmt: skip
from backend.domains.identity.events import PersonClosed
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.reveals import Reveal
from tests.appointments_api import CARD, PASS
from tests.appointments_world import MONDAY, NOW, at
from tests.domains.conftest import Stage

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
        lambda uow, who: planning.replace_schedule(uow, who, stage.place.hall, [], None),
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
        lambda uow, who: planning.replace_schedule(uow, who, stage.place.hall, half, shown["etag"]),
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
            action,
            transition.to,
            ticket_no="A001",
            window_number=3,
            reason="停电",
            place="9:00到大厅",
        )
        assert text and "None" not in text
    for state in State:
        assert wording.STATE_TEXT[state]
        assert wording.next_text(state, NOW, "大厅", window_number=3)
    assert wording.next_text(State.CHECKED_IN, NOW, "大厅", ahead=2) == "前面还有2人"
    assert wording.time_range(at(9), at(9, 30)) == "11月23日（周一）9:00-9:30"


def test_the_strip_says_why_a_day_has_nothing():
    """A working day without places is not one of rest."""
    today = NOW.date()
    tomorrow = today + timedelta(days=1)

    def said(status, day=tomorrow, *, left=0, opened=True):
        return wording.day_status_text(DayView(day, status, left, opened=opened), today)

    assert said("calendar_unknown", opened=False) == "放假安排未公布"
    assert said("open", left=7) == "余7"
    assert said("closed", opened=False) == "休息"
    assert said("closed") == "不办"
    assert said("closed", today) == "没有号了"


def test_every_refusal_of_the_engine_has_its_words():
    """Found by reading the engine's own files, so that a new code cannot be forgotten."""
    import re
    from pathlib import Path

    import appointments

    folder = Path(appointments.__file__).parent
    found = set()
    for path in folder.glob("*.py"):
        found |= set(re.findall(r'Refused\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    # What is wrong with a shift is found for many at once; the code is raised or told by its row.
    found |= {"shift_times", "shift_overlap", "shift_twice"}
    assert found == set(refusals.WORDINGS)


def test_refusals_read_well():
    facts = {
        "day": MONDAY, "deadline": at(7), "start": at(9), "end": at(10), "closes": at(10), "until": at(9), "number": 3,
        "release_at": at(0), "lead_minutes": 30, "ticket_no": "A001", "state": "called",
        "action": "skip", "who": "staff", "booked": 2, "row": 0, "days": 30, "status": "paused", "most": 3, "per": "day",
        "days_ahead": 5, "limit": 500, "opens": at(8), "count": 4, "name": "夏季", "minutes": 15,
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
