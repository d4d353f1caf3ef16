"""/healthz: the process lives. /readyz: it can do its work, part by part."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, json
from sqlalchemy import String, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from backend.http import context
from backend.kernel.database import Base
from backend.kernel.services import Services
from backend.migrations.state import head_revision

WORKER_SILENCE = timedelta(seconds=30)


class Heartbeat(Base):
    """When each background process was last seen."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


def beat(services: Services, name: str) -> None:
    """Note that process `name` is alive."""
    with services.db.transaction() as session:
        now = services.clock.now()
        statement = insert(Heartbeat).values(name=name, at=now)
        session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def check(services: Services) -> dict[str, str]:
    """Each part's state: `ok` or what is wrong."""
    parts = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        with services.db.transaction() as session:
            done = session.scalar(text("SELECT version_num FROM alembic_version"))
            if done != head_revision():
                parts["migrations"] = f"at {done}, wanted {head_revision()}"
            seen = session.get(Heartbeat, "worker")
            if seen is None or datetime.now(UTC) - seen.at > WORKER_SILENCE:
                parts["worker"] = "silent"
    except SQLAlchemyError as error:
        parts.update(database=type(error).__name__, migrations="unknown", worker="unknown")
    parts["redis"] = "ok" if services.redis.alive else "unreachable"
    return parts


def register(app: Flask) -> None:
    """Serve both pages. Without Redis the service works on, slower, so it stays ready."""

    @app.get("/healthz")
    def show_alive() -> Response:
        return _json({"status": "alive"}, 200)

    @app.get("/readyz")
    def show_ready() -> Response:
        parts = check(context.services())
        needed = ("database", "migrations", "worker")
        ready = all(parts[name] == "ok" for name in needed)
        return _json(
            {"status": "ready" if ready else "not ready", "parts": parts}, 200 if ready else 503
        )


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
