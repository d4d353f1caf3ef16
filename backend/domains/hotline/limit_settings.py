"""What a district sets for its hotline: the limits of clocks, and what the three rates should reach."""

from typing import Any

from sqlalchemy import delete, select

from backend.domains.dispatch import service as dispatch
from backend.domains.hotline import clock_rules, rates_rules, rules
from backend.domains.hotline.model import RateTarget, TicketLimit
from backend.kernel import limit_lists, trace
from backend.kernel.access import Principal
from backend.kernel.errors import Forbidden, Invalid
from backend.kernel.ids import stable_id
from backend.kernel.limit_lists import LimitList
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PERMISSION = "tickets.settings"
_LIMITS = LimitList(TicketLimit, "qualifier", clock_rules.KIND_TEXT, lock=0x4C494D02)


def targets(uow: UnitOfWork) -> dict[str, float | None]:
    """What each of the three rates should reach (0 to 1); None where the district set nothing."""
    rows = {row.rate: row.target for row in uow.session.scalars(select(RateTarget))}
    return {rate: rows.get(rate) for rate in rates_rules.RATE_TEXT}


def shown(uow: UnitOfWork) -> dict[str, Any]:
    """The limits and targets set, and the limits that hold where none is set."""
    items, wanted = _LIMITS.items(uow), targets(uow)
    return {
        "items": items,
        "defaults": [
            {
                "kind": kind,
                "kind_text": clock_rules.KIND_TEXT[kind],
                "qualifier": qualifier,
                "amount": limit.amount,
                "unit": limit.unit,
            }
            for (kind, qualifier), limit in clock_rules.DEFAULTS.items()
        ],
        "targets": wanted,
        "etag": limit_lists.etag(items, wanted),
    }


def save(
    uow: UnitOfWork, by: Principal, body: dict[str, Any], if_match: str | None
) -> dict[str, Any]:
    """Put limits and targets in place of those before; clocks that run keep theirs. Traced.

    `Stale` when somebody has changed them since they were read; `Forbidden` to whoever is not
    at the district; `Invalid` for what a kind of clock cannot depend on.
    """
    if by.scope_ids(PERMISSION, "department") is not None:
        raise Forbidden(detail="时限和目标由区里统一设定", action="请联系区热线中心")
    _LIMITS.held(uow)
    limit_lists.seen(if_match, shown(uow)["etag"])
    _check(body["items"])
    before = targets(uow)
    said = [_LIMITS.replace(uow, body["items"], dispatch.category_codes(uow))]
    wanted = {rate: body["targets"].get(rate) for rate in rates_rules.RATE_TEXT}
    uow.session.execute(delete(RateTarget).execution_options(synchronize_session=False))
    uow.session.add_all(
        [RateTarget(rate=rate, target=one) for rate, one in wanted.items() if one is not None]
    )
    uow.session.flush()
    said += [
        f"{rates_rules.RATE_TEXT[rate]}目标 {_percent(before[rate])} → {_percent(one)}"
        for rate, one in wanted.items()
        if one != before[rate]
    ]
    trace.record(
        uow,
        subject=Subject("ticket_limits", stable_id("ticket_limits", "all")),
        action="change",
        internal_text="；".join(one for one in said if one) or "没有变化",
    )
    return shown(uow)


def _check(items: list[dict[str, Any]]) -> None:
    for item in items:
        known = rules.DIFFICULTY_TEXT if item["kind"] == clock_rules.HANDLE else rules.URGENCY_TEXT
        if item["qualifier"] is not None and item["qualifier"] not in known:
            text = f"{clock_rules.KIND_TEXT[item['kind']]}请选：{'、'.join(known.values())}"
            raise Invalid("bad_qualifier", detail=text, fields={"items": [text]})


def _percent(value: float | None) -> str:
    return "未定" if value is None else f"{value:.1%}"
