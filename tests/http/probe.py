"""A small application on the real HTTP layer: one route for each thing the layer promises."""

from typing import Any
from uuid import uuid4

import marshmallow as ma
from flask import Response
from sqlalchemy import select, text

from backend import app as house
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import public, resident, staff
from backend.http.mutation import mutation
from backend.http.schemas import Moment, PageArgs, Schema, ShortText, page_schema, paginate
from backend.kernel import errors, sessions
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.files import StoredFile
from backend.kernel.services import Services
from backend.kernel.sessions import SessionRow

bp = blueprint("probe", "For tests of the HTTP layer")
PREFIX = "/api/v1/probe"


class ProbeThingSchema(Schema):
    """Something to write down."""

    name = ShortText(10, required=True)
    count = ma.fields.Integer()
    at = Moment()
    owner = ma.fields.UUID()
    tags = ma.fields.List(ShortText(5))
    free = ma.fields.String()


class ProbeFailSchema(Schema):
    """How to fail after having written."""

    how = ma.fields.String(required=True)


class ProbeFileSchema(Schema):
    """A row of a list."""

    id = ma.fields.UUID()


def write(what: str) -> None:
    """The effect whose number the tests count."""
    uow().session.execute(text("INSERT INTO probe_effect (what) VALUES (:what)"), {"what": what})


@bp.route("/probe/things", methods=["POST"])
@resident
@mutation
@bp.arguments(ProbeThingSchema)
@bp.response(201, ProbeThingSchema)
def add_thing(body: dict[str, Any]) -> dict[str, Any]:
    """Write a thing down."""
    write(body["name"])
    if "free" in body:
        uow().session.execute(text("SELECT CAST(:free AS text)"), {"free": body["free"]})
    if "count" in body:
        uow().session.execute(text("SELECT CAST(:count AS integer)"), {"count": body["count"]})
    return {**body, "owner": uuid4()}


@bp.route("/probe/failures", methods=["POST"])
@resident
@mutation
@bp.arguments(ProbeFailSchema)
@bp.response(200)
def fail(body: dict[str, Any]) -> Any:
    """Write, then fail."""
    write("failed")
    if body["how"] == "response":
        return Response("{}", 409)
    if body["how"] == "unexpected":
        raise RuntimeError("13800005678 broke it")
    if body["how"] == "constraint":
        uow().session.execute(text("INSERT INTO probe_effect (what) VALUES (NULL)"))
    raise FAILURES[body["how"]]


FAILURES = {
    "invalid": errors.Invalid(fields={"name": ["不对"]}),
    "unauthenticated": errors.Unauthenticated(),
    "forbidden": errors.Forbidden(),
    "not_found": errors.NotFound(),
    "conflict": errors.Conflict("too_late", "来晚了", "已经约满", "请选别的时间"),
    "stale": errors.Stale(),
    "gone": errors.Gone(),
    "rate_limited": errors.RateLimited(30),
    "unavailable": errors.Unavailable(),
}
TRIES: dict[str, int] = {}


@bp.route("/probe/flaky/<state>/<int:failures>", methods=["POST"])
@resident
@mutation
@bp.response(200)
def flaky(state: str, failures: int) -> dict[str, int]:
    """Meet a database error `failures` times before it works."""
    write("flaky")
    TRIES[state] = TRIES.get(state, 0) + 1
    if TRIES[state] <= failures:
        uow().session.execute(
            text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
        )
    return {"tries": TRIES[state]}


@bp.route("/probe/tokens", methods=["POST"])
@public
@mutation(replay=False)
@bp.response(200)
def make_token() -> dict[str, str]:
    """A fresh secret each time."""
    write("token")
    return {"token": uuid4().hex}


@bp.route("/probe/own")
@resident
@bp.response(200)
def show_own() -> dict[str, str]:
    """Who the resident is."""
    return {"id": str(principal().actor.id)}


@bp.route("/probe/verified")
@resident(verified=True)
@bp.response(200)
def show_verified() -> dict[str, str]:
    """For checked names only."""
    return {"id": str(principal().actor.id)}


@bp.route("/probe/desk")
@staff("queue.operate")
@bp.response(200)
def show_desk() -> dict[str, str]:
    """For whoever operates a queue."""
    return {"id": str(principal().actor.id)}


@bp.route("/probe/desk", methods=["POST"])
@staff()
@mutation
@bp.response(200)
def work_desk() -> dict[str, str]:
    """For any member of staff."""
    write("desk")
    return {"id": str(principal().actor.id)}


@bp.route("/probe/open")
@public
@bp.arguments(PageArgs, location="query")
@bp.response(200)
def show_open(args: dict[str, Any]) -> dict[str, Any]:
    """For anybody; says who is known."""
    return {"kind": principal().actor.kind, **args}


@bp.route("/probe/boom")
@public
@bp.response(200)
def boom() -> None:
    """A mistake of ours."""
    raise RuntimeError("no such person 11010519491231002X")


@bp.route("/probe/files")
@public
@bp.arguments(PageArgs, location="query")
@bp.response(200, page_schema(ProbeFileSchema))
def list_files(args: dict[str, Any]) -> dict[str, Any]:
    """A list in pages."""
    keys = [StoredFile.created_at, StoredFile.id]
    items, following = paginate(uow().session, select(StoredFile), keys, **args)
    return {"items": items, "next_cursor": following}


VERIFIED: set[Any] = set()
GRANTS: dict[Any, tuple[Grant, ...]] = {}


def _load(app: Services, session: Any, row: SessionRow) -> Principal:
    actor = Actor(row.principal_kind, row.principal_id, "某人")
    return Principal(actor, row.id, row.channel, GRANTS.get(actor.id, ()), actor.id in VERIFIED)


def make(services: Services, monkeypatch: Any) -> Any:
    """The application with nothing but the probe's routes, on `services`."""
    monkeypatch.setattr(house, "_blueprints", lambda settings: [bp])
    services.extensions["principals"] = {"person": _load, "staff": _load}
    with services.db.transaction() as session:
        session.execute(text("CREATE TABLE probe_effect (what text NOT NULL)"))
    return house.create_app(services.settings, services)


def effects(services: Services) -> list[str]:
    """What has taken effect."""
    with services.db.transaction() as session:
        return list(session.scalars(text("SELECT what FROM probe_effect")))


def sign_in(
    services: Services, kind: str = "person", channel: str = "weixin", *,
    verified: bool = False, grants: tuple[Grant, ...] = (),
) -> dict[str, str]:  # fmt: skip
    """Headers of somebody new; `id` and `session` tell who."""
    principal_id = uuid4()
    if verified:
        VERIFIED.add(principal_id)
    GRANTS[principal_id] = grants
    with services.unit() as unit:
        opened = sessions.open_session(
            unit, principal_kind=kind, principal_id=principal_id, channel=channel
        )
    if channel == "weixin":
        return {"Authorization": f"Bearer {opened.token}"}
    cookie = {"person": "hy_resident", "staff": "hy_staff"}[kind]
    return {"Cookie": f"{cookie}={opened.token}", "X-CSRF-Token": opened.csrf_token}
