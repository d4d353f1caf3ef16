"""The grants of several people at once: locked, taken in memory, written in two statements.

A batch of messages needs as many grants; asking for each would cost two statements a message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Integer, String, Table, Uuid, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from notifications.model import MessageGrant, MessageGrantEvent

Key = tuple[UUID, str]

_GRANTS = cast(Table, MessageGrant.__table__)
_LEDGER = cast(Table, MessageGrantEvent.__table__)
_WANTED = (
    func.unnest(
        bindparam("people", type_=ARRAY(Uuid())), bindparam("templates", type_=ARRAY(String()))
    )
    .table_valued("person_key", "template_id")
    .render_derived()
)
# In one order everywhere, so that two batches never wait for each other.
_LOCK = (
    select(_GRANTS.c.person_key, _GRANTS.c.template_id, _GRANTS.c.remaining, _GRANTS.c.long_term)
    .where(
        _GRANTS.c.person_key == _WANTED.c.person_key,
        _GRANTS.c.template_id == _WANTED.c.template_id,
    )
    .order_by(_GRANTS.c.person_key, _GRANTS.c.template_id)
    .with_for_update(of=_GRANTS)
)
_TAKEN = (
    func.unnest(
        bindparam("people", type_=ARRAY(Uuid())),
        bindparam("templates", type_=ARRAY(String())),
        bindparam("counts", type_=ARRAY(Integer())),
    )
    .table_valued("person_key", "template_id", "count")
    .render_derived()
)
_WRITE = (
    update(_GRANTS)
    .where(
        _GRANTS.c.person_key == _TAKEN.c.person_key,
        _GRANTS.c.template_id == _TAKEN.c.template_id,
    )
    .values(remaining=_GRANTS.c.remaining - _TAKEN.c.count, updated_at=bindparam("now"))
)


class Purse:
    """What these people still allow; nobody else takes from it until the transaction ends."""

    def __init__(self, session: Session, wanted: Collection[Key]) -> None:
        self._session = session
        self._left: dict[Key, int] = {}
        self._lasting: set[Key] = set()
        self._taken: Counter[Key] = Counter()
        if wanted:
            pairs = sorted(set(wanted))
            values = {"people": [p for p, _ in pairs], "templates": [t for _, t in pairs]}
            for person, template, remaining, long_term in session.execute(_LOCK, values):
                self._left[person, template] = remaining
                if long_term:
                    self._lasting.add((person, template))

    def take(self, person_key: UUID, template_id: str) -> bool:
        """One grant for one send; False when none is left. A lasting one is not used up."""
        key = (person_key, template_id)
        if key not in self._lasting:
            if self._left.get(key, 0) < 1:
                return False
            self._left[key] -= 1
        self._taken[key] += 1
        return True

    def put_back(self, person_key: UUID, template_id: str) -> None:
        """It was not needed after all; nothing of it is ever written."""
        key = (person_key, template_id)
        self._taken[key] -= 1
        if key not in self._lasting:
            self._left[key] += 1

    def close(self, now: datetime) -> None:
        """Write what was taken, each grant with its entry in the ledger."""
        spent = {key: n for key, n in self._taken.items() if n and key not in self._lasting}
        if spent:
            values = {
                "people": [p for p, _ in spent], "templates": [t for _, t in spent],
                "counts": list(spent.values()), "now": now,
            }  # fmt: skip
            self._session.execute(_WRITE, values)
        entries = [
            {
                "id": uuid4(), "event_key": None, "person_key": key[0], "template_id": key[1],
                "source": "outbox", "what": "spend", "change": 0 if key in self._lasting else -1,
                "paired": False, "at": now,
            }
            for key in self._taken.elements()
        ]  # fmt: skip
        if entries:
            self._session.execute(insert(_LEDGER), entries)
