"""Whose messages: a person looked up by a mobile number or a full name.

Numbers and names are kept sealed, so both are found by their keyed hash: the whole number, the
whole name. Each look-up needs a purpose and leaves an entry among the reveals: it ties a name or a
number to what a person was told.
"""

import re
import unicodedata
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.identity import service as identity
from backend.kernel.errors import Invalid
from backend.kernel.ids import stable_id
from backend.kernel.reveals import log_reveal
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications.model import OutboxMessage

#: Of people of one name those written to last are shown.
_SHOWN = 20
_RULE = "30 per 15 minutes"
_PHONE = re.compile(r"1\d{10}")


def find(uow: UnitOfWork, *, q: str, purpose: str) -> dict[str, Any]:
    """People with this number or name, masked, and how many messages each was written.

    Of a name only those who were written to; `complete` is false where more share it than are
    shown, or where names sealed long ago still wait for their hash.
    Raises `Invalid` for what is neither, or a purpose that says too little.
    """
    wanted = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", q))
    by_phone = bool(_PHONE.fullmatch(wanted.removeprefix("+86")))
    if not by_phone and (len(wanted) < 2 or any(char.isdigit() for char in wanted)):
        text = "请填 11 位手机号、姓名全名，或者受理编号"
        raise Invalid("not_a_reader", title=text, fields={"q": [text]})
    uow.services.limiter.hit(_RULE, "message-readers", str(uow.actor.id))
    complete = True
    if by_phone:
        found = _with_phone(uow, wanted.removeprefix("+86"))
    else:
        found, complete = _with_name(uow, wanted)
    _enter(uow, found, "phone_search" if by_phone else "name_search", purpose)
    return {"items": _shown(uow, found), "complete": complete}


def _with_phone(uow: UnitOfWork, phone: str) -> list[UUID]:
    person = identity.person_by_channel(uow.services, uow.session, "phone", phone)
    return [person] if person else []


def _with_name(uow: UnitOfWork, name: str) -> tuple[list[UUID], bool]:
    query = (
        select(OutboxMessage.person_key)
        .where(OutboxMessage.person_key.in_(identity.named(uow, name)))
        .group_by(OutboxMessage.person_key)
        .order_by(func.max(OutboxMessage.created_at).desc(), OutboxMessage.person_key)
        .limit(_SHOWN + 1)
    )
    found = list(uow.session.scalars(query))
    return found[:_SHOWN], len(found) <= _SHOWN and identity.all_marked(uow)


def _enter(uow: UnitOfWork, found: list[UUID], field: str, purpose: str) -> None:
    # That nobody was found tells something too.
    for person in found or [stable_id("person", "nobody")]:
        log_reveal(uow, Subject("person", person), field, purpose)


def _shown(uow: UnitOfWork, found: list[UUID]) -> list[dict[str, Any]]:
    people = identity.person_cards(uow, found)
    counts = dict(
        uow.session.execute(
            select(OutboxMessage.person_key, func.count())
            .where(OutboxMessage.person_key.in_(found))
            .group_by(OutboxMessage.person_key)
        ).all()
    )
    return [
        {
            "person_id": person,
            "name": people[person].name_masked,
            "phone": people[person].phone_masked,
            "messages": counts.get(person, 0),
        }
        for person in found
        if person in people
    ]
