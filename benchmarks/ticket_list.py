"""Lists of tickets as desks ask for them: 10,000 tickets against 5 million, and the naive way.

Each list is asked from its first page and from its middle (by cursor), in one process and without
HTTP. Beside it the naive way in the same database: `OFFSET` to the same place, and `count(*)` of
the list, which pages with numbers need. `naive` is its time over ours; `growth` is ours at 5 million
over ours at 10,000. The small set has as many open tickets as fill every page.

BENCH_TICKETS sets the large one's size, BENCH_READS how often each list is asked.
"""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select, text

from backend import config
from backend.app import compose
from backend.demo.register import staff_id
from backend.domains.hotline import card_view, desk
from backend.domains.hotline.model import Ticket
from backend.domains.hotline.schemas import TicketListQuerySchema
from backend.http.schemas import cursor_at
from backend.kernel.access import Principal
from backend.kernel.database import Database
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from benchmarks.dispatch_fill import database, drop
from benchmarks.dispatch_people import account
from benchmarks.load import Outcome
from benchmarks.place import Place
from benchmarks.ticket_fill import fill

ALL = int(os.environ.get("BENCH_TICKETS", "5000000"))
TIMES = int(os.environ.get("BENCH_READS", "100"))
SMALL = {"open_": 3_000, "over": 7_000}
LARGE = {"open_": ALL // 100, "over": ALL - ALL // 100}
OPERATORS = 60
# Each way of asking is asked until this much time is spent: the naive one may take seconds.
SECONDS = 8.0
Read = Callable[[UnitOfWork], Any]
Filter = ColumnElement[bool]


@dataclass(frozen=True)
class Asked:
    """One list: who asks for it, with what, and the same filter for the naive way."""

    by: str
    query: dict[str, Any]
    filters: tuple[Filter, ...] = field(default=())
    deep: bool = True


@dataclass(frozen=True)
class Side:
    """One of the two databases with what is asked of it, ours and naively."""

    services: Services
    ours: dict[str, Read]
    naive: dict[str, Read]


def run(place: Place) -> dict[str, Any]:
    """Times of every list in both sizes, growth, and the naive way's times."""
    place.services.db.dispose()
    found: dict[str, Any] = {}
    sides: dict[str, Side] = {}
    operators = [staff_id("hanmei"), *(stable_id("bench", str(n)) for n in range(OPERATORS - 1))]
    try:
        for name, size in (("small", SMALL), ("large", LARGE)):
            dsn = database(place.environ["BENCH_DSN"], f"tickets_{name}")
            url = dsn.replace("postgresql://", "postgresql+psycopg://")
            settings = config.load({**place.environ, "DATABASE_URL": url})
            services = compose(settings, database=Database(url))
            made = fill(services, dsn, operators, **size)
            found[f"{name}_set"] = str(made)
            sides[name] = _side(services)
        for name in sides["small"].ours:
            found[name] = _compare(name, sides["small"], sides["large"])
    finally:
        for name, side in sides.items():
            side.services.db.dispose()
            drop(place.environ["BENCH_DSN"], f"tickets_{name}")
    return found


def _lists() -> dict[str, Asked]:
    """The lists by name. 孙浩 dispatches, 韩梅 answers calls, 高波 works for a department."""
    zjj = stable_id("department", "zjj")
    return {
        "to_dispatch": Asked("sunhao", {"list": "to_dispatch"}),
        "callback": Asked("sunhao", {"list": "callback"}),
        "overdue": Asked("sunhao", {"list": "overdue"}),
        "unit": Asked("gaobo", {"list": "unit"}),
        "mine": Asked("hanmei", {"list": "mine"}),
        "all": Asked("sunhao", {"list": "all"}),
        "all_of_department": Asked("gaobo", {"list": "all"}),
        "state_handling": Asked("sunhao", {"state": "handling"}, (Ticket.state == "handling",)),
        "state_closed": Asked("sunhao", {"state": "closed"}, (Ticket.state == "closed",)),
        "category": Asked(
            "sunhao", {"category": "street_lamp"}, (Ticket.category_code == "street_lamp",)
        ),
        "department": Asked("sunhao", {"department": zjj}, (Ticket.lead_unit_id == zjj,)),
        "kind": Asked("sunhao", {"kind": "report"}, (Ticket.kind == "report",)),
        "light_yellow": Asked("sunhao", {"light": "yellow"}, deep=False),
        "words_in_open": Asked(
            "sunhao", {"list": "overdue", "q": "积水"}, (Ticket.words.ilike("%积水%"),), deep=False
        ),
        "words_rare_in_90_days": Asked("sunhao", {"q": "北岸路899"}, deep=False),
        "words_nowhere": Asked("sunhao", {"q": "从来没有的话"}, deep=False),
        "phone": Asked("sunhao", {"q": "13800000007"}, deep=False),
    }


def _side(services: Services) -> Side:
    ours: dict[str, Read] = {}
    naive: dict[str, Read] = {}
    for name, asked in _lists().items():
        by = account(services, asked.by)
        ours[name] = _page(by, asked.query)
        if "q" not in asked.query and "light" not in asked.query:
            naive[name] = _numbered(by, asked, 0)
        if asked.deep:
            with services.unit() as uow:
                _unhurried(uow)
                middle = _count(uow, by, asked) // 2
                row = uow.session.execute(
                    _wanted(uow, by, asked).with_only_columns(Ticket.created_at, Ticket.id)
                    .order_by(Ticket.created_at.desc(), Ticket.id.desc())
                    .offset(middle).limit(1)
                ).one()  # fmt: skip
            ours[f"{name}_middle"] = _page(by, asked.query, cursor_at([row[0], row[1]]))
            naive[f"{name}_middle"] = _numbered(by, asked, middle + 1)
    ours["recount"] = _recount(account(services, "sunhao"))
    ours["recount_of_department"] = _recount(account(services, "gaobo"))
    return Side(services, ours, naive)


def _page(by: Principal, given: dict[str, Any], cursor: str | None = None) -> Read:
    query = {**TicketListQuerySchema().load({}), **given, "cursor": cursor}
    return lambda uow: desk.page(uow, by, query)["items"]


def _recount(by: Principal) -> Read:
    """The counts of every list, which are kept for five seconds."""

    def read(uow: UnitOfWork) -> Any:
        uow.services.extensions.pop("ticket_counts", None)
        return desk.counts(uow, by)

    return read


def _wanted(uow: UnitOfWork, by: Principal, asked: Asked) -> Any:
    held = desk.listed(uow, by, asked.query.get("list", "all"))
    return select(Ticket).where(desk.within(by), held, *asked.filters)


def _count(uow: UnitOfWork, by: Principal, asked: Asked) -> int:
    counted = select(func.count()).select_from(_wanted(uow, by, asked).subquery())
    return int(uow.session.scalar(counted) or 0)


def _numbered(by: Principal, asked: Asked, start: int) -> Read:
    """A page by its number: OFFSET, and how many there are in all."""
    limit = TicketListQuerySchema().load({})["limit"]

    def read(uow: UnitOfWork) -> Any:
        _unhurried(uow)
        query = _wanted(uow, by, asked)
        query = query.order_by(Ticket.created_at.desc(), Ticket.id.desc())
        rows = list(uow.session.scalars(query.offset(start).limit(limit)))
        _count(uow, by, asked)
        return card_view.cards(uow, rows)

    return read


def _unhurried(uow: UnitOfWork) -> None:
    """What takes longer than the application allows is measured all the same."""
    uow.session.execute(text("SET LOCAL statement_timeout = 0"))


def _compare(name: str, small: Side, large: Side) -> dict[str, Any]:
    """Everything in turn, so that what else the machine does hits all alike."""
    asked = {
        "small": (small.services, small.ours[name]),
        "large": (large.services, large.ours[name]),
    }
    for key, side in (("naive_small", small), ("naive_large", large)):
        if name in side.naive:
            asked[key] = (side.services, side.naive[name])
    outcomes = {key: Outcome() for key in asked}
    rows: dict[str, int] = {}
    # Past the driver's threshold for prepared statements and the server's for generic plans.
    for turn in range(-12, TIMES):
        for key, (services, read) in asked.items():
            if sum(outcomes[key].latencies) > SECONDS * 1000:
                continue
            started = time.perf_counter()
            with services.unit() as uow:
                rows[key] = len(read(uow))
            if turn >= 0 or key.startswith("naive"):
                outcomes[key].latencies.append((time.perf_counter() - started) * 1000)
    gc.collect()
    return _row(outcomes, rows)


def _row(outcomes: dict[str, Outcome], rows: dict[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    medians = {key: outcome.percentile(0.5) for key, outcome in outcomes.items()}
    for key in ("small", "large"):
        row[f"{key}_p50_ms"] = round(medians[key], 2)
        row[f"{key}_p95_ms"] = round(outcomes[key].percentile(0.95), 2)
        row[f"{key}_rows"] = rows[key]
    row["growth"] = f"{(medians['large'] / medians['small'] - 1) * 100:+.0f}%"
    for key in ("small", "large"):
        if f"naive_{key}" in medians:
            row[f"naive_{key}"] = f"×{medians[f'naive_{key}'] / medians[key]:.1f}"
    return row
