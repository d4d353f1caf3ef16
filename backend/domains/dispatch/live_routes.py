"""The desk's live list over HTTP: a stream of server-sent events, and the same by asking."""

import queue
from collections.abc import Iterator
from typing import Any

from flask import Response, request

from backend.domains.dispatch import audience, feed, live
from backend.domains.dispatch import staff_schemas as s
from backend.domains.dispatch.live import Hub, Listener, Told
from backend.http import guards, streams
from backend.http.blueprint import blueprint
from backend.http.context import principal, services, uow
from backend.kernel.uow import UnitOfWork

bp = blueprint("staff_events_live", "事件实时更新")
HEARTBEAT_SECONDS = 15.0
_STREAM_DOC = {
    "responses": {
        "200": {
            "description": "`event: change`, `data:` as an item of /staff/events/changes; "
            "`event: heartbeat` each 15 s; `event: reset` when changes were missed; "
            "`event: end` when the session has ended. `id:` is for Last-Event-ID or `after`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    }
}


@bp.route("/staff/events/changes", methods=["GET"])
@guards.staff()
@bp.arguments(s.ChangesQuerySchema, location="query")
@bp.response(200, s.ChangeListSchema)
def list_changes(query: dict[str, Any]) -> dict[str, Any]:
    """What has changed since `after`; without it, where to start from."""
    items, place, reset = _since(uow(), query["after"])
    return {"items": items, "next_cursor": str(place), "reset": reset}


@bp.route("/staff/events/stream", methods=["GET"])
@guards.staff()
@bp.doc(**_STREAM_DOC)
@bp.arguments(s.ChangesQuerySchema, location="query")
def stream_changes(query: dict[str, Any]) -> Response:
    """Changes as they come. 503 when there are too many streams: ask /staff/events/changes."""
    hub: Hub = services().extensions[live.EXTENSION]
    after = request.headers.get("Last-Event-ID") or query["after"]
    # First the live part, then what came before: twice is harmless, a gap is not.
    listener = hub.join(uow(), principal())
    try:
        items, place, reset = _since(uow(), after)
    except BaseException:
        hub.leave(listener)
        raise
    told = [Told("change", item["id"], audience.in_json(item)) for item in items]
    first = [live.RESET] if reset else told
    answer = Response(_lines(hub, listener, first, str(place)), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-cache"
    # A proxy that collects before it passes on would make it no stream.
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: hub.leave(listener))
    return answer


def _since(unit: UnitOfWork, after: str | None) -> tuple[list[dict[str, Any]], feed.Place, bool]:
    if after is None:
        return [], feed.here(unit.session, unit.now), False
    place = feed.read_place(after)
    if feed.too_old(place, unit.now):
        return [], feed.here(unit.session, unit.now), True
    changes, further = feed.after(unit.session, place, unit.now)
    scope = audience.scope_of(unit, principal())
    found = audience.seen(unit, feed.last_of_each(changes))
    items = [item for one in found if (item := one.item_for(scope)) is not None]
    return items, further, False


def _lines(hub: Hub, listener: Listener, first: list[Told], place: str) -> Iterator[bytes]:
    streams.begin()
    yield b"retry: 3000\n\n" + _line(Told("heartbeat", place))
    for told in first:
        yield _line(told)
    while True:
        try:
            told = listener.waiting.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            told = Told("heartbeat", str(hub.place))
        yield _line(told)
        if told.kind == "end":
            return


def _line(told: Told) -> bytes:
    id_ = f"id: {told.place}\n" if told.place else ""
    return f"event: {told.kind}\n{id_}data: {told.data}\n\n".encode()
