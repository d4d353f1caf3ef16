"""The current request's unit of work and principal."""

from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from backend.kernel.access import ANONYMOUS, Principal
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


def services() -> Services:
    """The application's long-lived parts."""
    return cast(Services, current_app.extensions["huying"])


def session() -> Session:
    """The request's database session: read-only use unless inside `@mutation`."""
    if "db_session" not in g:
        g.db_session = services().db.session()
    return cast(Session, g.db_session)


def uow() -> UnitOfWork:
    """The request's unit of work; one for the whole request."""
    if "uow" not in g:
        g.uow = UnitOfWork(session(), services(), principal().actor)
    return cast(UnitOfWork, g.uow)


def principal() -> Principal:
    """Who is asking; `ANONYMOUS` where no guard found anybody."""
    return cast(Principal, g.get("principal", ANONYMOUS))


def request_id() -> str:
    """The id that ties the answer, the log lines and a caller's question together."""
    return cast(str, g.get("request_id", ""))


def reset() -> None:
    """Forget the session and unit so that a retried mutation starts clean."""
    found = g.pop("db_session", None)
    g.pop("uow", None)
    if found is not None:
        found.close()
