"""A changing call: one transaction, and with its Idempotency-Key safe to send again."""

import hashlib
import random
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast, overload

from flask import Response, g, make_response, request
from sqlalchemy import String, bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from backend.http import context
from backend.kernel.database import Base, table_of
from backend.kernel.errors import Invalid, Unavailable
from backend.kernel.uow import UnitOfWork

F = TypeVar("F", bound=Callable[..., Any])
MUTATION = "_huying_mutation"
KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r"[A-Za-z0-9._:-]{8,100}")
_TRIES = 4
# serialization failure, deadlock, lock not available: the whole unit may be tried anew
_RETRYABLE = {"40001", "40P01", "55P03"}


class IdempotencyKey(Base):
    """The answer once given to a key. `answer` is sealed: it may hold personal data."""

    __tablename__ = "idempotency_key"

    scope: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    body_hash: Mapped[bytes]
    status: Mapped[int | None]
    answer: Mapped[bytes | None]
    etag: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(index=True)


_KEYS = table_of(IdempotencyKey)
_CLAIM = insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.key)
_KEEP = (
    update(_KEYS)
    .where(_KEYS.c.scope == bindparam("of_scope"), _KEYS.c.key == bindparam("of_key"))
    .values(status=bindparam("status"), answer=bindparam("answer"), etag=bindparam("etag"))
)


@overload
def mutation(view: F) -> F: ...
@overload
def mutation(*, replay: bool = True) -> Callable[[F], F]: ...
def mutation(view: F | None = None, *, replay: bool = True) -> Any:
    """Run the view in one transaction, committed after its answer is complete.

    With `replay` (the rule) the call needs an Idempotency-Key: the same key and body get the
    same answer and one effect, however many arrive at once; another body gets 422. Without
    it (sign-in, where the answer holds a fresh secret that must not be stored) a repeat is
    simply another attempt.
    """

    def decorate(inner: F) -> F:
        @wraps(inner)
        def run(*args: Any, **kwargs: Any) -> Response:
            for attempt in range(_TRIES):
                try:
                    return _run_once(inner, args, kwargs, replay)
                except DBAPIError as error:
                    context.reset()
                    state = getattr(error.orig, "sqlstate", None)
                    if state not in _RETRYABLE:
                        raise
                    if attempt == _TRIES - 1:
                        raise Unavailable(
                            "busy", detail="同时办理的人很多", action="请过几秒再试"
                        ) from error
                    time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
            raise AssertionError("unreachable")

        setattr(run, MUTATION, "replay" if replay else "plain")
        return cast(F, run)

    return decorate(view) if view is not None else decorate


def _run_once(view: Callable[..., Any], args: Any, kwargs: Any, replay: bool) -> Response:
    session = context.session()
    try:
        answer = (_with_key if replay else _plainly)(view, args, kwargs)
        if answer.status_code < 400:
            session.commit()
        else:
            session.rollback()
        return answer
    except BaseException:
        session.rollback()
        raise


def _plainly(view: Callable[..., Any], args: Any, kwargs: Any) -> Response:
    return make_response(view(*args, **kwargs))


def _with_key(view: Callable[..., Any], args: Any, kwargs: Any) -> Response:
    unit = context.uow()
    scope, key, body_hash = _scope(), called(), _body_hash()
    # A second call with the same key waits here until the first has committed or failed.
    fresh = unit.session.execute(
        _CLAIM, {"scope": scope, "key": key, "body_hash": body_hash, "created_at": unit.now}
    ).scalar()
    if fresh is None:
        return _replay(unit, scope, key, body_hash)
    answer = make_response(view(*args, **kwargs))
    if answer.status_code < 400:
        unit.session.execute(
            _KEEP,
            {
                "of_scope": scope,
                "of_key": key,
                "status": answer.status_code,
                "answer": unit.services.privacy.seal(answer.get_data(as_text=True)),
                "etag": answer.headers.get("ETag"),
            },
        )
    return answer


def _replay(unit: UnitOfWork, scope: str, key: str, body_hash: bytes) -> Response:
    row = unit.session.get_one(IdempotencyKey, (scope, key))
    if row.body_hash != body_hash:
        raise Invalid(
            "idempotency_key_reused",
            title="这次操作和上次不同",
            detail="同一个操作编号不能用于两份不同的内容",
            action="请返回上一页重新提交",
        )
    assert row.status is not None and row.answer is not None
    answer = Response(
        unit.services.privacy.open(row.answer), row.status, content_type="application/json"
    )
    if row.etag:
        answer.headers["ETag"] = row.etag
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def purge(uow: UnitOfWork) -> int:
    """Forget answers older than a day; how many."""
    done = uow.session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < uow.now - KEPT_FOR)
    )
    return cast(int, done.rowcount)  # type: ignore[attr-defined]  # a cursor result


def called() -> str:
    """The Idempotency-Key of this call; raises `Invalid` where there is none."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Invalid(
            "idempotency_key_needed",
            title="缺少操作编号",
            detail="请求需要带上 Idempotency-Key（8到100位字母、数字、点、横线）",
            action="请刷新页面后再试",
        )
    return key


def _scope() -> str:
    """Keys of two principals, or of two routes, never meet."""
    actor = context.principal().actor
    who = f"{actor.kind}:{actor.id}" if actor.id else f"public:{request.remote_addr}"
    return f"{who} {request.method} {request.path}"[:200]


def _body_hash() -> bytes:
    # The path too: a scope is cut to its column, and two long paths must not meet there.
    parts = [
        _form_hash() if request.mimetype == "multipart/form-data" else request.get_data(),
        request.query_string,
        request.headers.get("If-Match", "").encode(),
        request.path.encode(),
    ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.digest()


def _form_hash() -> bytes:
    """A form by its fields and files: the boundary between them is another at each try.

    File names and types are left out, since nothing here believes them.
    """
    found = [(b"field", name, text.encode()) for name, text in request.form.items(multi=True)]
    for name, file in request.files.items(multi=True):
        found.append((b"file", name, hashlib.file_digest(file.stream, "sha256").digest()))  # type: ignore[arg-type]  # werkzeug's stream reads and seeks
        file.stream.seek(0)
    digest = hashlib.sha256()
    for kind, name, value in sorted(found):
        for part in (kind, name.encode(errors="surrogateescape"), value):
            digest.update(len(part).to_bytes(8) + part)
    return digest.digest()


def keep_session_row() -> Any:
    """The session row the guard found, for views that end it."""
    return g.get("session_row")
