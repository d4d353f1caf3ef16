"""The desks' lists of tickets, with counts of what waits where."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from backend.domains.hotline import access, call_rules, calls, card_view, rules
from backend.domains.hotline.model import Ticket, TicketClock, TicketUnit
from backend.http.schemas import paginate
from backend.kernel import receipts
from backend.kernel.access import Principal
from backend.kernel.clock import SHANGHAI
from backend.kernel.errors import Invalid
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

# Words are looked for in what is open, or in so much of the past.
SEARCHED_DAYS = 90
SEARCH_SECONDS = 3.0
FRESH_SECONDS = 5.0
_MOST_KEPT = 500
_HAS = (rules.WAITING, rules.SIGNED, rules.REPLIED)
_RUNNING = and_(TicketClock.stopped_at.is_(None), TicketClock.ticket_id == Ticket.id)
Condition = ColumnElement[bool]


def page(uow: UnitOfWork, by: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """The tickets within reach that fit, the newest first, with counts of every list.

    Words that are nowhere in millions of tickets are looked for `SEARCH_SECONDS`; then the
    viewer is asked to narrow the search (`Invalid`), and nobody else waits for it.
    """
    with _bounded(uow) if query["q"] else nullcontext():
        rows, following = paginate(
            uow.session,
            _wanted(uow, by, query),
            [Ticket.created_at, Ticket.id],
            limit=query["limit"],
            cursor=query["cursor"],
        )
    return {
        "items": card_view.cards(uow, rows),
        "next_cursor": following,
        "counts": counts(uow, by),
    }


@contextmanager
def _bounded(uow: UnitOfWork) -> Iterator[None]:
    set_ = text("SELECT set_config('statement_timeout', :most, true)")
    before = uow.session.scalar(text("SELECT current_setting('statement_timeout')"))
    try:
        with uow.session.begin_nested():
            uow.session.execute(set_, {"most": f"{round(SEARCH_SECONDS * 1000)}ms"})
            yield
            uow.session.execute(set_, {"most": before})
    except OperationalError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        raise Invalid(
            "search_too_wide",
            title="搜索范围过大，请缩小",
            detail="要找的工单太多，没有在时限内找完",
            action="请选日期、类别或单位，或者用编号、电话找",
            fields={"q": ["搜索范围过大，请缩小"]},
        ) from error


def within(by: Principal) -> Condition:
    """The condition under which tickets exist for the viewer."""
    found = access.visible(by)
    return true() if found is None else found


def listed(uow: UnitOfWork, by: Principal, name: str) -> Condition:
    """What a list holds for this viewer, of all within reach."""
    plain: dict[str, tuple[str, ...]] = {
        "pending": (rules.PENDING,),
        "to_dispatch": (rules.TO_DISPATCH, rules.RETURN_REVIEW),
        "callback": (rules.CALLBACK,),
        "judgement": (rules.JUDGEMENT,),
    }
    if name in plain:
        return and_(Ticket.is_open, Ticket.state.in_(plain[name]))
    if name == "mine":
        return and_(Ticket.is_open, _mine(by))
    if name == "unit":
        return and_(Ticket.is_open, _held_by(access.departments(by, *access.WORKING)))
    if name == "to_review":
        return and_(Ticket.is_open, _reviews(by))
    if name == "overdue":
        return and_(Ticket.is_open, has_light("red", uow.now))
    return true()


def _mine(by: Principal) -> Condition:
    """Taken down by the viewer, or signed by the viewer and still at work.

    As ids found by two indexes: an OR would walk every open ticket for the few of one person.
    """
    mine = aliased(Ticket)
    taken = select(mine.id).where(mine.is_open, mine.operator_id == by.actor.id)
    signed = select(TicketUnit.ticket_id).where(
        TicketUnit.signed_by == by.actor.id, TicketUnit.state.in_(_HAS)
    )
    return Ticket.id.in_(taken.union_all(signed))


def _held_by(departments: set[UUID]) -> Condition:
    if not departments:
        return false()
    held = select(TicketUnit.id).where(
        TicketUnit.ticket_id == Ticket.id,
        TicketUnit.department_id.in_(departments),
        TicketUnit.state.in_(_HAS),
    )
    # OFFSET 0 keeps it a look-up by row: a page then walks the open tickets from the newest and
    # stops, instead of fetching and sorting all that the department has.
    return held.offset(0).exists()


def _reviews(by: Principal) -> Condition:
    """What waits for the viewer's own yes or no."""
    ways: list[Condition] = []
    heads = by.scope_ids("tickets.review", "department")
    if heads:
        ways.append(and_(Ticket.state == rules.UNIT_REVIEW, Ticket.lead_unit_id.in_(heads)))
    for permission, states in (
        ("tickets.audit", (rules.CENTRE_REVIEW,)),
        ("tickets.supervise", (rules.EXTENSION_REVIEW, rules.HOLD_REVIEW)),
        ("tickets.arbitrate", (rules.ARBITRATION,)),
    ):
        if by.may(permission):
            ways.append(Ticket.state.in_(states))
    return or_(*ways) if ways else false()


def _wanted(uow: UnitOfWork, by: Principal, query: dict[str, Any]) -> Select[Any]:
    found = select(Ticket).where(within(by), listed(uow, by, query["list"]))
    if query["state"]:
        found = found.where(Ticket.state == query["state"])
        if query["state"] in rules.OPEN_STATES:
            found = found.where(Ticket.is_open)
    if query["kind"]:
        found = found.where(Ticket.kind == query["kind"])
    if query["department"]:
        found = found.where(Ticket.lead_unit_id == query["department"])
    if query["category"]:
        found = found.where(Ticket.category_code == query["category"])
    if query["light"]:
        found = found.where(Ticket.is_open, has_light(query["light"], uow.now))
    start, end = query["from_"], query["to"]
    if query["q"]:
        found = found.where(_named(uow, query["q"]))
        if query["list"] == "all" and start is None:
            start = (uow.now - timedelta(days=SEARCHED_DAYS)).astimezone(SHANGHAI).date()
    if start:
        found = found.where(Ticket.created_at >= midnight(start))
    if end:
        found = found.where(Ticket.created_at < midnight(end + timedelta(days=1)))
    return found


def has_light(light: str, now: datetime) -> Condition:
    """The condition that a ticket's worst clock shows this light; a hold stops the time."""
    at = func.coalesce(TicketClock.paused_at, now)
    red = exists().where(_RUNNING, TicketClock.due_at < at)
    late = exists().where(_RUNNING, TicketClock.warn_at <= at)
    any_ = exists().where(_RUNNING, TicketClock.due_at.is_not(None))
    return {
        "red": red,
        "yellow": and_(late, ~red),
        "green": and_(any_, ~late, ~red),
        "none": ~any_,
    }[light]


def _named(uow: UnitOfWork, asked: str) -> Condition:
    number = receipts.normalise(asked)
    if number is not None:
        return Ticket.number == number
    plain = asked.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{plain}%"
    ways: list[Condition] = [
        Ticket.title.ilike(like), Ticket.address.ilike(like), Ticket.words.ilike(like),
        Ticket.number.ilike(f"{plain}%"),
    ]  # fmt: skip
    if len(call_rules.normal_number(asked)) >= 7:
        # Whoever asked to stay unknown is not found by the number either.
        mark = calls.fingerprint(uow, asked)
        ways.append(and_(Ticket.caller_phone_hash == mark, Ticket.confidential.is_(False)))
    return or_(*ways)


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, day_time.min, SHANGHAI)


def counts(uow: UnitOfWork, by: Principal) -> dict[str, int]:
    """How much is open in each list within reach, at most five seconds old; `all`: all open."""
    name = f"{by.actor.id} {sorted(by.permissions)}"
    return dict(_kept(uow.services, name, lambda: _counts(uow, by)))


def _counts(uow: UnitOfWork, by: Principal) -> dict[str, int]:
    names = (
        "pending", "to_dispatch", "mine", "unit", "to_review", "callback", "judgement", "overdue",
    )  # fmt: skip
    columns = [func.count().filter(listed(uow, by, name)).label(name) for name in names]
    row = uow.session.execute(
        select(func.count().label("all"), *columns)
        .select_from(Ticket)
        .where(Ticket.is_open, within(by))
    ).one()
    return dict(row._mapping)


def _kept(services: Services, name: str, compute: Callable[[], Any]) -> Any:
    kept = services.extensions.setdefault("ticket_counts", {})
    at, value = kept.get(name, (float("-inf"), None))
    if time.monotonic() - at < FRESH_SECONDS:
        return value
    value = compute()
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept[name] = time.monotonic(), value
    return value
