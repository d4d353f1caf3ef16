"""The connection to PostgreSQL and what every table shares."""

import select
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from psycopg._preparing import PrepareManager
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Engine,
    MetaData,
    Table,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# A connection unused for longer than this (seconds) is asked whether it lives before it is used.
_TRUSTED_FOR = 30.0


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in, aware UTC on the way out, `timestamptz` in between."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a cursor's text is turned back into."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive moment rather than guess its zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an aware moment is needed")
        return value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the moment in UTC."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of all tables of the kernel and the domains."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether the column is one of the ids, however many: they go as one array.

    With `in_` each would be a parameter, of which PostgreSQL takes 65,535.
    """
    return cast(ColumnElement[bool], column == any_(bindparam(None, list(ids), ARRAY(Uuid()))))


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table behind a model, for statements on hot paths that need none of the ORM's care."""
    return cast(Table, model.__table__)


class Database:
    """A pool of connections; `transaction()` is the only way to get a session."""

    def __init__(self, url: str, *, pool_size: int = 10, max_overflow: int = 10) -> None:
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=10,
            # An error message must not carry the values of the statement that failed.
            hide_parameters=True,
            connect_args={
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c statement_timeout=15000 "
                "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000",
            },
        )
        event.listen(self.engine, "connect", _keep_prepared)
        event.listen(self.engine, "checkin", _note_return)
        event.listen(self.engine, "checkout", self._look_before_use)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    def _look_before_use(self, connection: Any, record: Any, _: Any) -> None:
        """Replace a pooled connection that has ended, without a round trip for each that lives.

        A server that stops or ends a session says so, which makes the socket readable: that
        costs one look, not a question. Only a peer that vanished silently says nothing; it is
        found by asking whatever has been idle for long.
        """
        returned = record.info.get("returned_at")
        if returned is None:
            return
        if time.monotonic() - returned < _TRUSTED_FOR and not _has_something_to_say(connection):
            return
        dialect = self.engine.dialect
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            # Those opened before the same moment have most likely ended with it.
            raise InvalidatePoolError from error

    def session(self) -> Session:
        """A session whose end is the caller's business; prefer `transaction()`."""
        return self._sessions()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back on any error."""
        session = self.session()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class _KeptPrepared(PrepareManager):
    """Prepared statements that outlive a rollback, as they do in PostgreSQL itself.

    psycopg throws them all away at each rollback, in case it undid a CREATE. Here every read
    and every refusal ends in a rollback and none of them changes the schema, so each would be
    parsed and planned anew, for ever.
    """

    # The oldest unused one goes when there are more than these.
    prepared_max = 300

    def clear(self) -> bool:
        """Keep them."""
        return False


def _keep_prepared(connection: Any, _: Any) -> None:
    # psycopg has no public way to say so; `tests/kernel` notices when a release changes it.
    connection._prepared = _KeptPrepared()


def _note_return(_: Any, record: Any) -> None:
    record.info["returned_at"] = time.monotonic()


def _has_something_to_say(connection: Any) -> bool:
    """Whether an idle connection has unread bytes or its end waiting."""
    if connection is None or connection.closed or not hasattr(select, "poll"):
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))
