"""Patrols: what comes late, twice or out of order from phones ends as one true record."""

from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from backend.demo.register import person_id, staff_id
from backend.domains.grid.service import distance_m
from backend.domains.patrols import rules, service
from backend.domains.patrols.model import Patrol, TrackPoint
from backend.kernel import sessions
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.ids import new_id, stable_id
from backend.kernel.trace import entries
from tests.conftest import body
from tests.grid_world import db, demo, grid_database  # noqa: F401 - fixtures

YUEHE = stable_id("street", "yuehe")
HALL = (20.5081, 115.3042)
CATERING = ("gas_hose", "gas_valve", "extinguisher", "exit", "flue", "wiring")


def worker(name="chenqiang"):
    grant = Grant("grid_worker", frozenset({"events.handle"}), "street", YUEHE)
    return Principal(Actor("staff", staff_id(name), "陈强", "网格员"), grants=(grant,))


@pytest.fixture
def unit(demo):
    return lambda who=None: demo.unit((who or worker()).actor)


def way(start, *steps):
    """Points `steps` minutes after the start, each 0.0002 degrees further east."""
    return [
        rules.Point(start + timedelta(minutes=n), HALL[0], HALL[1] + 0.0002 * n, 8) for n in steps
    ]


def test_a_patrol_from_start_to_end(unit, clock):
    with unit() as uow:
        patrol = service.start(uow, worker(), uow.now, HALL)
        assert (patrol.state, patrol.street_id, patrol.points_count) == ("open", YUEHE, 1)
        taken = service.add_points(uow, worker(), patrol.id, way(uow.now, 1, 2, 3))
        assert (taken.accepted, taken.known, taken.ignored) == (3, 0, 0)
        assert taken.patrol.distance_m == pytest.approx(62.5, abs=1)
        service.finish(uow, worker(), patrol.id, uow.now + timedelta(minutes=4))
        done = [entry.action for entry in entries(uow.session, service.subject(patrol.id))]
        assert done == ["start", "finish"]
        assert patrol.state == "finished"


def test_every_message_twice_is_once(unit):
    with unit() as uow:
        first = service.start(uow, worker(), uow.now, None)
        assert service.start(uow, worker(), uow.now, None) is first
        points = way(uow.now, 0, 1, 2)
        service.add_points(uow, worker(), first.id, points)
        again = service.add_points(uow, worker(), first.id, [*points, *points])
        assert (again.accepted, again.known, again.patrol.points_count) == (0, 6, 3)
        end = uow.now + timedelta(minutes=3)
        service.finish(uow, worker(), first.id, end)
        assert service.finish(uow, worker(), first.id, end + timedelta(hours=1)).finished_at == end


def test_points_after_the_end_still_belong_and_those_of_another_time_do_not(unit):
    with unit() as uow:
        patrol = service.start(uow, worker(), uow.now, None)
        service.finish(uow, worker(), patrol.id, uow.now + timedelta(minutes=10))
        taken = service.add_points(uow, worker(), patrol.id, way(uow.now, 9, 1, 500, -60))
        assert (taken.accepted, taken.ignored) == (2, 2)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(
    order=st.permutations(list(range(10))),
    cuts=st.lists(st.integers(0, 10), max_size=4),
    repeat=st.integers(0, 9),
)
def test_batches_in_any_order_and_repeated_draw_the_same_track(unit, order, cuts, repeat):
    with unit() as uow:
        start = uow.now - timedelta(hours=1 + repeat, seconds=len(order))
        patrol = service.start(uow, worker(), start, None)
        points = way(start, *range(10))
        edges = sorted({0, 10, *cuts})
        batches = [order[a:b] for a, b in pairwise(edges)]
        for batch in [*batches, batches[repeat % len(batches)]]:
            service.add_points(uow, worker(), patrol.id, [points[n] for n in batch])
        assert service.track(uow, patrol.id) == points
        assert patrol.distance_m == pytest.approx(rules.length_m(points, distance_m), abs=0.1)
        uow.session.rollback()


def test_the_next_start_lets_a_forgotten_patrol_lapse_and_its_end_may_come_later(unit):
    with unit() as uow:
        start = uow.now - timedelta(hours=3)
        old = service.start(uow, worker(), start, None)
        service.add_points(uow, worker(), old.id, way(start, 1, 30))
        new = service.start(uow, worker(), uow.now, None)
        assert (old.state, new.state) == ("lapsed", "open")
        assert old.finished_at == start + timedelta(minutes=30)
        service.finish(uow, worker(), old.id, start + timedelta(minutes=45))
        assert (old.state, old.finished_at) == ("finished", start + timedelta(minutes=45))
        service.add_points(uow, worker(), old.id, way(start, 40))


def test_a_start_that_arrives_after_the_next_one_does_not_end_that(unit):
    with unit() as uow:
        new = service.start(uow, worker(), uow.now, None)
        late = service.start(uow, worker(), uow.now - timedelta(hours=2), None)
        assert (new.state, late.state) == ("open", "lapsed")
        service.finish(uow, worker(), late.id, uow.now - timedelta(hours=1))
        assert late.state == "finished"


def test_wrong_clocks_and_other_people_s_patrols_are_refused(unit):
    with unit() as uow:
        with pytest.raises(Invalid):
            service.start(uow, worker(), uow.now + timedelta(days=3), None)
        with pytest.raises(Invalid):
            service.start(uow, worker(), uow.now - timedelta(days=60), None)
        patrol = service.start(uow, worker(), uow.now, None)
        with pytest.raises(Invalid):
            service.finish(uow, worker(), patrol.id, uow.now - timedelta(hours=1))
        with pytest.raises(NotFound):
            service.add_points(uow, worker("liuxia"), patrol.id, way(uow.now, 1))
        with pytest.raises(NotFound):
            service.finish(uow, worker(), new_id(), uow.now)


def test_the_worker_process_ends_forgotten_patrols_and_forgets_old_tracks(demo, unit, clock):
    with unit() as uow:
        patrol = service.start(uow, worker(), uow.now, HALL)
    assert service.lapse_forgotten(demo) == 0
    clock.advance(timedelta(hours=17))
    assert service.lapse_forgotten(demo) == 1
    clock.advance(timedelta(days=200))
    service.forget_tracks(demo)
    with unit() as uow:
        kept = uow.session.get_one(Patrol, patrol.id)
        assert (kept.state, kept.points_count) == ("lapsed", 1)
        assert uow.session.scalar(select(func.count()).select_from(TrackPoint)) == 0


@pytest.fixture
def phone(demo, client):
    """`phone("POST", path, json)` as worker Chen on the phone; `who` for another person."""

    def call(method, path, data=None, status=200, who="worker-chen"):
        with demo.unit() as uow:
            opened = sessions.open_session(
                uow, principal_kind="person", principal_id=person_id(who), channel="weixin"
            )
        headers = {"Authorization": f"Bearer {opened.token}"}
        answer = client.open(f"/api/v1{path}", method=method, json=data, headers=headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return body(answer)

    return call


@pytest.fixture
def desk(demo, client):
    """`desk("linfang", "GET", path)`: a console's answer."""

    def call(username, method, path, data=None, status=200, raw=False):
        with demo.unit() as uow:
            opened = sessions.open_session(
                uow, principal_kind="staff", principal_id=staff_id(username), channel="console"
            )
        headers = {"Cookie": f"hy_staff={opened.token}", "X-CSRF-Token": opened.csrf_token}
        answer = client.open(f"/api/v1{path}", method=method, json=data, headers=headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer if raw else body(answer)

    return call


def test_the_phone_s_own_shift(phone, clock):
    shift = phone("GET", "/worker/shift")
    assert shift["on_duty"] is True
    assert shift["shift_text"] == "全天"
    assert len(shift["cells"]) == 14
    phone("GET", "/worker/shift", status=403, who="wang-xiulan")


def started(phone, at="2026-11-23T07:30:00+08:00", **more):
    return phone("POST", "/worker/patrols", {"started_at": at, **more}, status=201)


def test_a_phone_in_mars_coordinates_walks_in_the_right_place(phone, desk):
    patrol = started(phone)
    from backend.domains.grid.service import wgs84_to_gcj02

    points = []
    for minute in range(5):
        latitude, longitude = wgs84_to_gcj02(HALL[0], HALL[1] + 0.0003 * minute)
        points.append({"at": f"2026-11-23T07:3{minute}:00+08:00", "latitude": latitude,
                       "longitude": longitude, "accuracy": 5})  # fmt: skip
    path = f"/worker/patrols/{patrol['id']}/points"
    taken = phone("POST", path, {"points": points, "coordinate_system": "gcj02"})
    assert (taken["accepted"], taken["points_count"]) == (5, 5)
    phone("POST", path, {"points": []}, status=422)
    phone("POST", path, {"points": [{**points[0], "latitude": 91}]}, status=422)
    end = {"finished_at": "2026-11-23T07:50:00+08:00"}
    ended = phone("POST", f"/worker/patrols/{patrol['id']}/finish", end)
    assert (ended["state_text"], ended["points_count"]) == ("已结束", 5)
    assert [one["id"] for one in phone("GET", "/worker/patrols")["items"]] == [patrol["id"]]
    shown = desk("linfang", "GET", f"/staff/patrols/{patrol['id']}")
    line = shown["track"]["geometry"]["coordinates"]
    assert line[0] == pytest.approx([HALL[1], HALL[0]], abs=2e-6)
    assert len(shown["track"]["properties"]["times"]) == len(line) == 5
    day = desk("linfang", "GET", f"/staff/patrols?date=2026-11-23&street={YUEHE}")
    assert [(one["staff_name"], one["distance_m"] > 100) for one in day["items"]] == [
        ("陈强", True)
    ]


def test_who_may_look_at_a_patrol(phone, desk, demo):
    patrol = started(phone)
    assert patrol["finished_at"] is None
    path = f"/staff/patrols/{patrol['id']}"
    assert desk("hemin", "GET", path)["track"]["geometry"] is None
    desk("chenqiang", "GET", path, status=403)
    desk("zhoumin", "GET", "/staff/patrols", status=403)
    with demo.unit() as uow:
        uow.session.get_one(Patrol, UUID(patrol["id"])).street_id = stable_id("street", "rongan")
    desk("linfang", "GET", path, status=404)
    assert desk("linfang", "GET", "/staff/patrols")["items"] == []
    desk("hemin", "GET", "/staff/patrols?date=0001-01-01", status=422)
    phone("GET", "/worker/patrols", status=403, who="wang-xiulan")


def picture(demo):
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "JPEG")
    stream.seek(0)
    with demo.unit(worker().actor) as uow:
        return str(demo.files.store(uow, stream, "event_photo").id)


def check(**changes):
    answers = [{"key": key, "ok": True} for key in CATERING]
    return {"place_type": "catering", "place_name": "榕荫小炒", "latitude": HALL[0],
            "longitude": HALL[1], "answers": answers, **changes}  # fmt: skip


def test_a_check_keeps_the_questions_and_the_photos(phone, desk, demo):
    patrol = started(phone)
    path = f"/worker/patrols/{patrol['id']}/checks"
    photo = picture(demo)
    sent = check(version=1, checked_at="2026-11-23T07:40:00+08:00")
    sent["answers"][3] |= {"ok": False, "note": "后门锁着", "file_ids": [photo]}
    made = phone("POST", path, sent, status=201)
    assert (made["failed"], made["list_name"], made["list_version"]) == (1, "小餐饮", 1)
    assert made["answers"][3]["text"].startswith("安全出口畅通")
    assert phone("POST", path, sent, status=201)["id"] == made["id"]
    shown = desk("linfang", "GET", f"/staff/patrols/{patrol['id']}")
    assert (shown["checks_count"], shown["failed_count"]) == (1, 1)
    file = desk("linfang", "GET", f"/staff/patrols/{patrol['id']}/files/{photo}", raw=True)
    assert file.mimetype == "image/jpeg"
    desk("linfang", "GET", f"/staff/patrols/{patrol['id']}/files/{new_id()}", status=404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place_type": "castle"}, "place_type"),
        ({"version": 9}, "place_type"),
        ({"answers": [{"key": "exit", "ok": True}]}, "answers"),
        ({"answers": [{"key": "roof", "ok": True}]}, "answers.0.key"),
        ({"answers": [{"key": "exit", "ok": False}]}, "answers.0.note"),
        ({"checked_at": "2025-01-01T00:00:00+08:00"}, "checked_at"),
        ({"latitude": None}, "latitude"),
    ],
)
def test_a_check_that_cannot_be_is_a_field_error(phone, change, field):
    patrol = started(phone)
    answer = phone("POST", f"/worker/patrols/{patrol['id']}/checks", check(**change), status=422)
    assert field in answer["errors"]


def test_another_s_photo_is_not_taken(phone, demo):
    patrol = started(phone)
    sent = check()
    sent["answers"][0] |= {"ok": False, "note": "x", "file_ids": [str(new_id())]}
    answer = phone("POST", f"/worker/patrols/{patrol['id']}/checks", sent, status=422)
    assert "answers.0.file_ids" in answer["errors"]


def test_lists_get_new_versions_and_old_phones_are_understood(phone, desk):
    lists = desk("wulei", "GET", "/staff/check-lists")["items"]
    catering = next(one for one in lists if one["place_type"] == "catering")
    assert len(lists) >= 6
    path = "/staff/check-lists/catering"
    items = [*catering["items"], {"key": "licence", "text": "证照在明显处", "hint": ""}]
    new = {"name": "小餐饮", "items": items, "version": 1}
    assert desk("wulei", "PUT", path, new)["version"] == 2
    desk("wulei", "PUT", path, new, status=412)
    desk("wulei", "PUT", path, {**new, "version": 2, "items": [*items, items[0]]}, status=422)
    desk("linfang", "PUT", path, new, status=403)
    hotel = {"name": "小旅馆", "items": items[:2], "version": 0}
    assert desk("wulei", "PUT", "/staff/check-lists/hotel", hotel)["version"] == 1
    desk("wulei", "PUT", "/staff/check-lists/Hotel", hotel, status=422)
    told = {one["place_type"]: one for one in phone("GET", "/worker/check-lists")["items"]}
    assert (told["catering"]["version"], told["hotel"]["name"]) == (2, "小旅馆")
    patrol = started(phone)
    made = phone("POST", f"/worker/patrols/{patrol['id']}/checks", check(), status=201)
    assert made["list_version"] == 1


def test_a_fault_knows_the_event_that_came_of_it(phone, demo, monkeypatch):
    patrol = started(phone)
    sent = check()
    sent["answers"][3] |= {"ok": False, "note": "后门锁着"}
    path = f"/worker/patrols/{patrol['id']}/checks"
    made = phone("POST", path, sent, status=201)
    event = new_id()
    link = {"key": "exit", "event_id": str(event)}
    answer = phone("POST", f"{path}/{made['id']}/events", link, status=422)
    assert "event_id" in answer["errors"]
    monkeypatch.setattr(service, "found_events", lambda uow, ids: {one: [event] for one in ids})
    linked = phone("POST", f"{path}/{made['id']}/events", link)
    assert linked["answers"][3]["event_id"] == str(event)
    wrong = {**link, "key": "flue"}
    assert "key" in phone("POST", f"{path}/{made['id']}/events", wrong, status=422)["errors"]
    phone("POST", f"{path}/{new_id()}/events", link, status=404)
    assert phone("GET", "/worker/patrols")["items"][0]["found_count"] == 1
