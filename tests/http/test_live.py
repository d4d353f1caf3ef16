"""Live lists: nothing lost, nothing shown to whom it does not concern, ended with the session."""

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from backend.domains.dispatch import claiming, feed, live, live_routes, moves
from backend.domains.dispatch.live import Hub
from backend.domains.dispatch.model import Event
from backend.domains.grid import index
from backend.domains.grid.model import Area
from backend.domains.organisation import service as organisation
from backend.kernel import sessions
from backend.kernel.clock import SystemClock
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from tests.conftest import KeyedClient
from tests.dispatch_api import API, Api, make_api, staff_headers
from tests.dispatch_world import SIDE, SOUTH, WEST, make_world
from tests.live import Server
from tests.web import web_app

NIL = UUID(int=0)


@pytest.fixture
def api(live_services: Services) -> Iterator[Api]:
    """The street on a database of its own, where commits are real."""
    app = web_app(live_services)
    app.test_client_class = KeyedClient
    made = make_api(live_services, app.test_client(use_cookies=False))
    yield made
    hub: Hub = live_services.extensions[live.EXTENSION]
    for listener in list(hub._listeners):
        hub.leave(listener)
    wait_for(lambda: hub._thread is None)


def wait_for(done: Callable[[], Any], seconds: float = 10.0) -> Any:
    """What `done` answers, as soon as it is something."""
    ends = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)
    return found


class Stream:
    """A console's stream read in a thread: what came, in order."""

    def __init__(self, api: Api, who: str, after: str | None = None) -> None:
        path = f"{API}/staff/events/stream" + (f"?after={after}" if after else "")
        self.answer = api.client.get(path, headers=api.headers(who), buffered=False)
        self.status = self.answer.status_code
        self.lines: list[dict[str, Any]] = []
        self.ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        parts = iter(self.answer.response)
        for chunk in parts:
            for block in chunk.decode().split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
                if "event" in fields:
                    self.lines.append(fields)
        self.ended = True
        self.answer.close()

    def changes(self) -> list[dict[str, Any]]:
        return [json.loads(one["data"]) for one in self.lines if one["event"] == "change"]


def test_a_change_reaches_those_who_may_see_it_within_two_seconds(api: Api) -> None:
    he, lin, gao = (Stream(api, f"desk:{name}") for name in ("he", "lin", "gao"))
    started = time.monotonic()
    event = api.report("wang")
    wait_for(he.changes, 2.0)
    assert time.monotonic() - started < 2
    (change,) = he.changes()
    assert (change["what"], change["event"]["id"]) == ("call", event["id"])
    assert change["event"]["mine"] is None
    wait_for(lin.changes, 2.0)
    api.ok(f"POST /worker/events/{event['id']}/claim", "phone:chen", {})
    wait_for(lambda: len(he.changes()) > 1, 2.0)
    assert he.changes()[-1]["event"]["lead_name"] == "chen"
    assert gao.changes() == []
    assert "wang" not in json.dumps(he.changes())


def test_the_desk_of_a_street_is_told_when_an_event_leaves_it(api: Api) -> None:
    with api.services.unit() as uow:
        organisation.put(uow.session, "street", [("next", "邻街街道")])
        west, east, north = WEST + SIDE * 2, WEST + SIDE * 3, SOUTH + SIDE
        ring = [[west, SOUTH], [east, SOUTH], [east, north], [west, north], [west, SOUTH]]
        uow.session.add(
            Area(
                id=new_id(), kind="street", code="next", name="邻街街道", aliases=[],
                street_id=stable_id("street", "next"), parent_id=None,
                geometry={"type": "Polygon", "coordinates": [ring]},
                west=west, south=SOUTH, east=east, north=north,
            )
        )  # fmt: skip
        index.touch(uow)
    event = api.report("wang")
    lin, he = Stream(api, "desk:lin"), Stream(api, "desk:he")
    wait_for(lambda: lin.lines and he.lines)
    since = lin.lines[0]["id"]
    elsewhere = {"latitude": SOUTH + SIDE / 2, "longitude": WEST + SIDE * 2.5}
    api.ok(f"POST /staff/events/{event['id']}/place", "desk:he", elsewhere)
    (told,) = wait_for(lin.changes)
    assert (told["what"], told["event_id"]) == ("moved", event["id"])
    # Where it went, and nothing else of what is another street's now.
    assert (told["number"], told["moved_to"], told["event"]) == (event["number"], "邻街街道", None)
    # Whoever sees both streets sees it move.
    wait_for(he.changes)
    assert all(one["event"]["street_name"] == "邻街街道" for one in he.changes())
    # The same by asking, after more has happened to it.
    api.ok(f"POST /staff/events/{event['id']}/urgency", "desk:he", {"urgency": "urgent"})
    (asked,) = wait_for(
        lambda: api.ok(f"GET /staff/events/changes?after={since}", "desk:lin")["items"]
    )
    assert asked["what"] == "moved"
    assert api.ask(f"GET /staff/events/{event['id']}", "desk:lin")[0] == 404
    assert api.ok("GET /staff/events", "desk:lin")["items"] == []


def test_a_stream_takes_up_where_it_was_cut_off(api: Api) -> None:
    first = Stream(api, "desk:he")
    one = api.report("wang")
    wait_for(first.changes)
    last = first.lines[-1]["id"]
    two = api.report("li")
    api.ok(f"POST /staff/events/{two['id']}/urgency", "desk:he", {"urgency": "urgent"})
    again = Stream(api, "desk:he", after=last)
    wait_for(again.changes)
    # Each event once, as it is now.
    got = [change["event"] for change in again.changes()]
    assert {event["id"] for event in got} - {one["id"]} == {two["id"]}
    assert got[-1]["urgency"] == "urgent"


def test_asking_answers_the_same_as_listening(api: Api) -> None:
    start = api.ok("GET /staff/events/changes", "desk:he")
    assert (start["items"], start["reset"]) == ([], False)
    event = api.report("wang")
    after = f"after={start['next_cursor']}"
    found = wait_for(lambda: api.ok(f"GET /staff/events/changes?{after}", "desk:he")["items"])
    assert [row["event"]["id"] for row in found] == [event["id"]]
    assert api.ok(f"GET /staff/events/changes?{after}", "desk:gao")["items"] == []
    following = api.ok(f"GET /staff/events/changes?{after}", "desk:he")["next_cursor"]
    assert api.ok(f"GET /staff/events/changes?after={following}", "desk:he")["items"] == []


def test_who_has_been_away_too_long_is_told_to_read_anew(api: Api) -> None:
    old = api.ok("GET /staff/events/changes", "desk:he")["next_cursor"]
    api.services.clock.advance(feed.KEPT_FOR)
    api.known.clear()
    assert api.ok(f"GET /staff/events/changes?after={old}", "desk:ma")["reset"] is True
    stream = Stream(api, "desk:ma", after=old)
    wait_for(lambda: "reset" in [one["event"] for one in stream.lines])


def test_a_made_up_place_is_refused(api: Api) -> None:
    for bad in ("x", "1", "1-2", "1-2-x", "-1-2-3", f"{1 << 64}-1-1", "1-2-3-4"):
        assert api.ask(f"GET /staff/events/changes?after={bad}", "desk:he")[0] == 422
        with pytest.raises(Invalid):
            feed.read_place(bad)


def test_a_row_whose_transaction_ends_late_is_read_all_the_same(live_services: Services) -> None:
    """The negative control reads by id alone and loses it."""
    world = make_world(live_services)
    event_id = world.call().id

    def place() -> feed.Place:
        with live_services.unit() as uow:
            return feed.here(uow.session, uow.now)

    def after(at: feed.Place) -> list[feed.Change]:
        with live_services.unit() as uow:
            return feed.after(uow.session, at, uow.now)[0]

    start = place()
    slow, quick = live_services.db.session(), live_services.db.session()
    # The slow one gets its transaction id first and writes first, but commits last.
    slow.execute(text("SELECT pg_current_xact_id()"))
    insert = text(
        "INSERT INTO event_change (event_id, what, at) VALUES (:event, :what, now()) RETURNING id"
    )
    first = slow.execute(insert, {"event": event_id, "what": "slow"}).scalar_one()
    second = quick.execute(insert, {"event": event_id, "what": "quick"}).scalar_one()
    quick.commit()
    assert first < second
    by_id = text("SELECT max(id) FROM event_change")
    with live_services.unit() as uow:
        naive = uow.session.execute(by_id).scalar_one()
    assert naive == second
    assert after(start) == []
    slow.commit()
    assert [change.what for change in after(start)] == ["slow", "quick"]
    with live_services.unit() as uow:
        later = text("SELECT count(*) FROM event_change WHERE id > :naive")
        assert uow.session.execute(later, {"naive": naive}).scalar_one() == 0
    slow.close()
    quick.close()


def test_no_change_is_lost_or_doubled_under_a_storm_of_writers(live_services: Services) -> None:
    world = make_world(live_services)
    events = [world.call().id for _ in range(8)]
    with live_services.unit() as uow:
        at = feed.here(uow.session, uow.now)
    stop, seen = threading.Event(), []

    def read() -> None:
        nonlocal at
        idle = 0
        while idle < 5:
            with live_services.unit() as uow:
                found, at = feed.after(uow.session, at, uow.now)
            seen.extend(change.place.id for change in found)
            idle = idle + 1 if stop.is_set() and not found else 0
            time.sleep(0.005)

    def write(event_id: UUID) -> None:
        for turn in range(25):
            with live_services.unit() as uow:
                event = uow.session.get_one(Event, event_id)
                moves.feed(uow, event, f"turn {turn}")
                time.sleep(0.002 * (turn % 3))

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=write, args=(event_id,)) for event_id in events]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join(30)
    stop.set()
    reader.join(30)
    assert len(seen) == len(set(seen)) == 200


def test_a_stream_ends_with_its_session(api: Api) -> None:
    stream, other = Stream(api, "desk:he"), Stream(api, "desk:ma")
    with api.services.unit() as uow:
        sessions.revoke_all(uow, "staff", api.world.id("he"))
    wait_for(lambda: stream.ended, 3.0)
    assert stream.lines[-1]["event"] == "end"
    assert not other.ended


def test_a_silent_stream_beats(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_routes, "HEARTBEAT_SECONDS", 0.05)
    stream = Stream(api, "desk:he")
    wait_for(lambda: len(stream.lines) > 3)
    assert {one["event"] for one in stream.lines} == {"heartbeat"}
    assert all(feed.read_place(one["id"]) for one in stream.lines)


def test_one_too_many_is_told_to_ask_instead(api: Api) -> None:
    hub: Hub = api.services.extensions[live.EXTENSION]
    hub._limit = 1
    first = Stream(api, "desk:he")
    assert first.status == 200
    answer = api.client.get(f"{API}/staff/events/stream", headers=api.headers("desk:ma"))
    assert (answer.status_code, answer.get_json()["code"]) == (503, "streams_full")
    assert answer.headers["Retry-After"]
    assert api.ask("GET /staff/events/changes", "desk:ma")[0] == 200


def test_streams_are_for_staff(api: Api) -> None:
    assert api.raw(f"{API}/staff/events/stream", "wang").status_code == 401
    assert api.raw(f"{API}/staff/events/stream", "phone:chen").status_code == 401


def test_a_slow_reader_is_told_to_read_anew_and_holds_nobody_up() -> None:
    from backend.domains.dispatch.audience import Scope

    listener = live.Listener(NIL, Scope(NIL, None, frozenset(), frozenset()))
    for _ in range(1000):
        listener.tell(live.Told("change"))
    assert listener.waiting.qsize() <= 400
    kinds = {listener.waiting.get_nowait().kind for _ in range(listener.waiting.qsize())}
    assert "reset" in kinds


def test_the_reader_outlives_trouble_with_the_database(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    monkeypatch.setattr(live, "CHECK_SECONDS", 0.05)
    really, failures = feed.after, []

    def broken(*args: Any) -> Any:
        if len(failures) < 3:
            failures.append(1)
            raise OperationalError("SELECT", {}, Exception("gone"))
        return really(*args)

    monkeypatch.setattr(feed, "after", broken)
    stream = Stream(api, "desk:he")
    wait_for(lambda: len(failures) == 3)
    event = api.report("wang")
    wait_for(stream.changes)
    assert stream.changes()[0]["event"]["id"] == event["id"]


def test_two_hundred_consoles_and_the_requests_beside_them(
    base_environ: dict[str, str], live_db: str, live_services: Services
) -> None:
    """Real gunicorn: 200 streams on two processes, and ordinary requests stay quick."""
    import os

    # The server has the machine's clock; a session must be alive by it.
    live_services.clock = SystemClock()
    world = make_world(live_services)
    event_id = world.call().id
    he = staff_headers(live_services, world.id("he"))
    environ = {
        **os.environ, **base_environ, "DATABASE_URL": live_db, "ENVIRONMENT": "test",
        "LIVE_STREAMS": "200",
    }  # fmt: skip
    server = Server(environ, threads=8)
    server.start()
    sockets: list[socket.socket] = []
    try:
        for _ in range(200):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            request = f"GET {API}/staff/events/stream HTTP/1.1\r\nHost: x\r\n"
            request += f"Cookie: {he['Cookie']}\r\n\r\n"
            one.sendall(request.encode())
            sockets.append(one)
        heads = [one.recv(4096) for one in sockets]
        assert [b" 200 " in head for head in heads] == [True] * 200
        slowest = 0.0
        for _ in range(20):
            begun = time.monotonic()
            urllib.request.urlopen(f"{server.url}/healthz", timeout=5).close()
            slowest = max(slowest, time.monotonic() - begun)
        begun = time.monotonic()
        world.act("chen", claiming.claim, event_id)
        for one in sockets:
            got = b""
            while b"event: change" not in got:
                got += one.recv(65536)
        assert time.monotonic() - begun < 5
        assert slowest < 1
    finally:
        for one in sockets:
            one.close()
        server.stop()
