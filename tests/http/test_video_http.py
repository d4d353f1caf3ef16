"""Consultations by video: booked apart, checked in for by phone, a room for two."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from appointments.model import Appointment, Slot
from appointments.remote_model import VideoRoom
from backend.demo import standin_video
from backend.kernel.trace import TraceEntry
from notifications.model import InboxMessage
from tests.appointments_api import CARD, PASS
from tests.appointments_world import at
from tests.http.hall import call, clerk, manager, resident, spot  # noqa: F401 - fixtures

URL = "https://video.example/{room}#{word}"


@pytest.fixture
def rooms(services, monkeypatch):
    monkeypatch.setattr(services, "settings", replace(services.settings, video_room_url=URL))


@pytest.fixture
def by_video(services, spot):
    """The id of a time by video: 10:00, one place."""
    with services.unit() as uow:
        like = uow.session.get_one(Slot, spot.slot(10))
        made = Slot(
            hall_id=like.hall_id, group_code="shebao", day=like.day, start_at=at(10),
            end_at=at(10, 30), channel="video", capacity=1, release_at=like.release_at,
        )  # fmt: skip
        made.id = new = type(like.id)(int=like.id.int ^ 1)
        uow.session.add(made)
    return str(new)


@pytest.fixture
def mine(call, by_video, resident):
    body = {"slot_id": by_video, "item_id": str(CARD.id), "video": True}
    status, made = call("POST /appointments", resident, body)
    assert status == 201, made
    return made


@pytest.fixture
def checked_in(call, mine, resident, clock):
    clock.set(at(9, 50))
    status, shown = call(f"POST /appointments/{mine['id']}/video-check-in", resident, {})
    assert status == 200, shown
    return shown


def opened(call, spot, clerk, appointment) -> dict:
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    status, room = call(f"POST /staff/appointments/{appointment['id']}/video-room", clerk, {})
    assert status == 200, room
    return room


def entry(call, url: str):
    room, _, word = url.removeprefix("https://video.example/").partition("#")
    return call(f"POST /video-rooms/{room}/entries", {}, {"word": word})


def test_the_screen_in_the_hall_calls_nobody_who_is_at_home(call, spot, clerk, checked_in):
    _, called = call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    assert called["ticket_no"] == checked_in["queue"]["ticket_no"]
    _, screen = call(f"GET /halls/{spot.hall}/screen", {})
    assert screen["calling"] == []


def test_places_by_video_are_seen_and_sold_apart(call, spot, by_video, resident):
    item = str(CARD.id)
    path, day = f"GET /halls/{spot.hall}", "2026-11-23"
    _, halls = call(f"GET /halls?item_id={item}", resident)
    assert halls["items"][0]["video"] is True
    assert call(f"GET /halls?item_id={PASS.id}", resident)[1]["items"][0]["video"] is False
    _, found = call(f"{path}/slots?item_id={item}&date={day}&video=true", resident)
    assert [slot["id"] for slot in found["items"]] == [by_video]
    _, days = call(f"{path}/days?item_id={item}&video=true", resident)
    assert (days["items"][0]["status"], days["items"][0]["remaining"]) == ("open", 1)
    _, days = call(f"{path}/days?item_id={item}", resident)
    assert days["items"][0]["remaining"] == 8
    _, found = call(f"{path}/slots?item_id={item}&date={day}", resident)
    assert by_video not in [slot["id"] for slot in found["items"]]
    for slot, video in ((by_video, False), (str(spot.slot(9)), True)):
        wanted = {"slot_id": slot, "item_id": item, "video": video}
        status, problem = call("POST /appointments", resident, wanted)
        assert (status, problem["code"]) == (409, "slot_reserved")


def test_from_booking_to_the_end(call, spot, mine, resident, clerk, clock, rooms, services):
    assert mine["next_text"] == "11月23日（周一）10:00视频办理，请提前15分钟在手机上签到"
    assert mine["video"] == {
        "opens_at": "2026-11-23T09:45:00+08:00", "closes_at": "2026-11-23T11:00:00+08:00",
        "checked_in": False, "join_url": None, "ended": False,
    }  # fmt: skip
    path = f"/appointments/{mine['id']}"
    clock.set(at(9, 44))
    status, problem = call(f"POST {path}/video-check-in", resident, {})
    assert (status, problem["code"]) == (409, "video_too_early")
    clock.set(at(9, 45))
    status, shown = call(f"POST {path}/video-check-in", resident, {})
    assert (status, shown["queue"]["ticket_no"], shown["queue"]["ahead"]) == (200, "B001", 0)
    assert shown["video"]["checked_in"] is True
    assert call(f"POST {path}/video-check-in", resident, {})[1]["code"] == "already_checked_in"
    status, problem = call(f"POST /staff{path}/video-room", clerk, {})
    assert (status, problem["code"]) == (409, "video_not_called")
    _, board = call(f"GET /staff/halls/{spot.hall}/board", clerk)
    assert board["waiting"][0]["channel"] == "video"
    room = opened(call, spot, clerk, mine)
    _, seen = call(f"GET {path}", resident)
    assert (seen["state_text"], seen["next_text"]) == (
        "轮到您了", "工作人员在视频里等您，请点「进入视频」",
    )  # fmt: skip
    assert seen["video"]["join_url"] != room["join_url"]
    for url, side in ((room["join_url"], "clerk"), (seen["video"]["join_url"], "resident")):
        status, found = entry(call, url)
        assert (status, found) == (200, {
            "side": side, "ticket_no": "B001", "hall_name": "测试街政务服务中心",
            "group_name": "社保医保",
        })  # fmt: skip
    _, again = call(f"POST /staff{path}/video-room", clerk, {})
    assert again["join_url"] == room["join_url"]
    assert again["joined_at"] is not None
    call(f"POST /staff{path}/start", clerk, {})
    assert entry(call, room["join_url"])[0] == 200
    call(f"POST /staff{path}/finish", clerk, {})
    for url in (room["join_url"], seen["video"]["join_url"]):
        assert entry(call, url)[1]["code"] == "video_closed"
    _, seen = call(f"GET {path}", resident)
    assert (seen["video"]["ended"], seen["video"]["join_url"]) == (True, None)
    with services.unit() as uow:
        row = uow.session.scalars(select(VideoRoom)).one()
        assert row.ended_at is not None
        actions = uow.session.scalars(
            select(TraceEntry.action)
            .where(TraceEntry.subject_id == row.appointment_id)
            .order_by(TraceEntry.seq)
        ).all()
    assert actions == [
        "book", "check_in", "call", "open_video", "join_video", "start", "finish",
    ]  # fmt: skip


def test_who_reads_the_table_enters_no_room(call, spot, checked_in, clerk, rooms, services):
    room = opened(call, spot, clerk, checked_in)
    with services.unit() as uow:
        row = uow.session.scalars(select(VideoRoom)).one()
        assert row.nonce.hex() not in room["join_url"]
    for word in (row.nonce.hex(), "x" * 43):
        status, problem = entry(call, f"https://video.example/{row.appointment_id}#{word}")
        assert (status, problem["code"]) == (404, "room_unknown")


def test_the_stand_in_lets_in_whom_it_is_told_to(
    call, spot, checked_in, resident, clerk, rooms, monkeypatch
):
    """Who is there and what was said, for the two sides, until the appointment is over."""

    class Answer:
        def __init__(self, status: int, found: dict) -> None:
            self.ok, self._found = status < 400, found

        def json(self) -> dict:
            return self._found

    def post(self, url: str, *, json: dict, timeout: float) -> Answer:
        return Answer(*call("POST " + url.removeprefix("http://api.test/api/v1"), {}, json))

    monkeypatch.setattr(standin_video.requests.Session, "post", post)
    monkeypatch.setattr(standin_video, "_ASK_AGAIN", 0)
    app = Flask(standin_video.__name__)
    app.extensions["standin_video"] = standin_video.Rooms("http://api.test")
    app.register_blueprint(standin_video.video)
    web = app.test_client()
    room = opened(call, spot, clerk, checked_in)["join_url"]
    _, seen = call(f"GET /appointments/{checked_in['id']}", resident)
    id_, _, hers = room.removeprefix("https://video.example/").partition("#")
    mine = seen["video"]["join_url"].partition("#")[2]

    def said(word: str, text: str = "") -> dict:
        return web.post(f"/video/{id_}/state", json={"word": word, "text": text}).get_json()

    assert web.get(f"/video/{id_}?word={mine}").status_code == 200
    assert web.get(f"/video/{id_}?word=guess").status_code == 403
    assert said(hers)["here"] == ["clerk"]
    found = said(mine, "我在")
    assert sorted(found["here"]) == ["clerk", "resident"]
    assert said(hers)["lines"] == [{"side": "resident", "text": "我在"}]
    call(f"POST /staff/appointments/{checked_in['id']}/start", clerk, {})
    call(f"POST /staff/appointments/{checked_in['id']}/finish", clerk, {})
    assert said(mine) == {"title": "视频现在没有开"}


def test_a_skipped_call_shuts_the_room_until_the_next(
    call, spot, checked_in, resident, clerk, rooms, services, clock
):
    room = opened(call, spot, clerk, checked_in)
    path = f"/staff/appointments/{checked_in['id']}"
    call(f"POST {path}/skip", clerk, {})
    assert entry(call, room["join_url"])[1]["code"] == "video_closed"
    call(f"POST {path}/requeue", clerk, {})
    clock.set(at(9, 55))
    again = opened(call, spot, clerk, checked_in)
    assert entry(call, again["join_url"])[0] == 200
    with services.unit() as uow:
        told = uow.session.scalars(select(InboxMessage.kind)).all()
    assert told.count("video_opened") == 2


def test_a_booking_at_the_hall_has_no_room(call, spot, resident, clerk, rooms):
    wanted = {"slot_id": str(spot.slot(9)), "item_id": str(CARD.id)}
    _, made = call("POST /appointments", resident, wanted)
    assert made["video"] is None
    path = f"/appointments/{made['id']}"
    assert call(f"POST {path}/video-check-in", resident, {})[1]["code"] == "not_video"
    call(f"POST /staff/halls/{spot.hall}/check-ins", clerk, {"code": made["check_in_code"]})
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    assert call(f"POST /staff{path}/video-room", clerk, {})[1]["code"] == "not_video"


def test_without_a_video_service_no_room_opens(call, spot, checked_in, clerk):
    call(f"POST /staff/windows/{spot.windows[0]}/calls", clerk, {})
    status, problem = call(f"POST /staff/appointments/{checked_in['id']}/video-room", clerk, {})
    assert (status, problem["code"]) == (503, "video_not_set")


def test_others_find_nothing(call, mine, sign_in_person, clock):
    clock.set(at(9, 50))
    path = f"/appointments/{mine['id']}"
    assert call(f"POST {path}/video-check-in", sign_in_person(), {})[0] == 404


def test_video_stays_video_when_moved(call, services, spot, mine, resident):
    status, problem = call(
        f"POST /appointments/{mine['id']}/reschedule", resident, {"slot_id": str(spot.slot(9))}
    )
    assert (status, problem["code"]) == (409, "slot_reserved")
    with services.unit() as uow:
        assert uow.session.get_one(Appointment, mine["id"]).channel == "video"


def test_messages_speak_of_the_phone_and_never_of_the_way_to_the_hall(
    call, spot, checked_in, clerk, rooms, services
):
    room = opened(call, spot, clerk, checked_in)
    with services.unit() as uow:
        rows = uow.session.scalars(select(InboxMessage)).all()
        kinds = {row.kind for row in rows}
        texts = [f"{row.title} {row.body} {row.link}" for row in rows]
    assert kinds == {"video_booked", "video_opened"}
    assert room["join_url"] not in "".join(texts)
    assert not any("word" in text or "video.example" in text for text in texts)
    assert not any("二维码" in text or "窗口" in text for text in texts)
