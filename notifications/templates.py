"""Versions of a kind's texts, and the ones in use, as the outbox reads them.

A version holds what differs from the kind as it was declared. The versions in use are read once in
a few seconds per process, not once per message: a new one holds everywhere within ``FRESH``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from notifications.checking import unknown_names
from notifications.control_model import MessageTemplate
from notifications.kinds import Fields, Kind
from notifications.template_rules import template_after

log = structlog.get_logger()
#: Seconds for which the versions read are used.
FRESH = 5.0
TEXTS = ("title", "body", "sms", "staff", "subscribe", "service", "ladder")
_CARDS = ("subscribe", "service")
_LOCK = 0x4D544D50
_CHANGED = "message templates changed"


class InUse:
    """The versions in use at one moment."""

    def __init__(self, rows: Iterable[tuple[str, int, Mapping[str, Any]]] = ()) -> None:
        self._rows = {key: (number, texts) for key, number, texts in rows}
        self._made: dict[str, tuple[Kind, Kind, int]] = {}

    def of(self, kind: Kind) -> tuple[Kind, int]:
        """The kind as it is said now, and the number of the version (0: as it was declared).

        A version that names what the kind no longer says is passed over: a message must not fail
        because of its words.
        """
        if kind.key not in self._rows:
            return kind, 0
        made = self._made.get(kind.key)
        if made is None or made[0] is not kind:
            made = self._made[kind.key] = (kind, *self._make(kind))
        return made[1], made[2]

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def _make(self, kind: Kind) -> tuple[Kind, int]:
        number, texts = self._rows[kind.key]
        made = applied(kind, texts)
        if missing := unknown_names(made):
            log.warning("message template passed over", kind=kind.key, missing=missing)
            return kind, 0
        return made, number


_read: WeakKeyDictionary[Engine, tuple[float, InUse]] = WeakKeyDictionary()
_guard = threading.Lock()


def texts_of(kind: Kind) -> dict[str, Any]:
    """All texts of a kind as JSON keeps them."""
    return {name: _plain(getattr(kind, name)) for name in TEXTS}


def difference(kind: Kind, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Of ``texts`` those that are not the kind's own."""
    own = texts_of(kind)
    return {name: _plain(texts[name]) for name in TEXTS if name in texts
            and _plain(texts[name]) != own[name]}  # fmt: skip


def applied(kind: Kind, texts: Mapping[str, Any]) -> Kind:
    """The kind with the texts of a version in place of its own."""
    changed: dict[str, Any] = {name: texts[name] for name in TEXTS if name in texts}
    for card in _CARDS:
        if card in changed:
            changed[card] = _fields(changed[card])
    if "ladder" in changed:
        changed["ladder"] = tuple(changed["ladder"])
    return replace(kind, **changed)


def in_use(session: Session) -> InUse:
    """The version in use of each kind that has one, at most ``FRESH`` seconds old."""
    if session.info.get(_CHANGED):
        # What is not committed yet must not be kept for others.
        return _versions(session)
    engine = session.get_bind().engine
    with _guard:
        kept = _read.get(engine)
    if kept and time.monotonic() - kept[0] < FRESH:
        return kept[1]
    found = _versions(session)
    with _guard:
        _read[engine] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Read the versions anew at the next message."""
    with _guard:
        _read.clear()


def drafts(session: Session) -> set[str]:
    """The kinds of which somebody keeps a draft."""
    query = select(MessageTemplate.kind).where(MessageTemplate.state == "draft")
    return set(session.scalars(query))


def hold(session: Session, kind_key: str) -> list[MessageTemplate]:
    """All versions of a kind, newest first; nobody else changes them until the end of this."""
    number = func.hashtext(kind_key)
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, number)))
    return listed(session, kind_key)


def listed(session: Session, kind_key: str) -> list[MessageTemplate]:
    """All versions of a kind, newest first."""
    query = select(MessageTemplate).where(MessageTemplate.kind == kind_key)
    return list(
        session.scalars(
            query.order_by(MessageTemplate.version.desc()).execution_options(populate_existing=True)
        )
    )


def draft(
    session: Session, now: datetime, kind_key: str, texts: Mapping[str, Any], *,
    note: str, by: UUID,
) -> MessageTemplate:  # fmt: skip
    """A new version as a draft; the draft before it is retired. Call under ``hold``."""
    rows = listed(session, kind_key)
    for row in rows:
        if row.state == "draft":
            retire(session, row, "discard")
    made = MessageTemplate(
        id=uuid4(), kind=kind_key, version=max((row.version for row in rows), default=0) + 1,
        state="draft", texts=dict(texts), note=note, created_by=by, created_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def activate(session: Session, now: datetime, row: MessageTemplate, by: UUID) -> None:
    """Use a draft from now on; the version before it is retired. Call under ``hold``."""
    for other in listed(session, row.kind):
        if other.state == "active":
            retire(session, other, "replace")
    row.state = template_after(row.state, "activate")
    row.activated_by, row.activated_at = by, now
    _changed(session)


def retire(session: Session, row: MessageTemplate, action: str) -> None:
    """End a version: ``discard`` a draft, ``replace`` or ``reset`` the one in use."""
    row.state = template_after(row.state, action)
    _changed(session)


def _changed(session: Session) -> None:
    session.flush()
    if not session.info.get(_CHANGED):
        session.info[_CHANGED] = True
        event.listen(session, "after_commit", lambda _: forget())


def _versions(session: Session) -> InUse:
    columns = (MessageTemplate.kind, MessageTemplate.version, MessageTemplate.texts)
    rows = session.execute(select(*columns).where(MessageTemplate.state == "active"))
    return InUse((kind, number, texts) for kind, number, texts in rows)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else [
        one if isinstance(one, str) else list(one) for one in value
    ]  # fmt: skip


def _fields(rows: Any) -> Fields:
    return tuple((str(key), str(text)) for key, text in rows)
