"""Who has an account and can be written to how, as queries that other domains narrow down."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from backend.domains.identity import rules
from backend.domains.identity.model import ChannelIdentity, Person

MINI, SERVICE, PHONE = "mini_openid", "service_openid", "phone"
_LIVING = (rules.PROVISIONAL, rules.VERIFIED)


def query_people(
    *, verified: bool = False, elder_mode: bool = False, within: Iterable[Select[Any]] = ()
) -> Select[UUID]:
    """The ids of everybody with a living account, in no order.

    With `verified` only those whose real name is proved, with `elder_mode` only those who chose
    it; `within` are queries of ids, all of which a person must be in.
    """
    query = select(Person.id).where(Person.state.in_(_LIVING))
    if verified:
        query = query.where(Person.state == rules.VERIFIED)
    if elder_mode:
        query = query.where(Person.elder_mode)
    for one in within:
        query = query.where(Person.id.in_(one))
    return query


def query_reachable(kind: str) -> Select[UUID]:
    """Who has an address of this kind: `MINI`, `SERVICE` or `PHONE`."""
    return select(ChannelIdentity.person_id).where(ChannelIdentity.kind == kind)
