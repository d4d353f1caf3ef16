"""How every step of a ticket is tried (rightly or not), for the machine that drives one.

Each entry is `(machine, name of a member of staff)`; `machine.attempt` bears a refusal.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from backend.domains.hotline import (
    callback,
    closing,
    deciding,
    decisions,
    dispatching,
    handling,
    holding,
    judging,
    merging,
    returning,
    reviewing,
    supervision,
    urging,
)
from backend.domains.hotline.model import TicketOrder, TicketRequest
from tests.hotline_world import CGJ, RSJ, ZJJ

# How each way of the table is tried.
WAYS: dict[str, Any] = {
    "accept": lambda m, n: m.attempt(deciding.accept, m.id, by=n),
    "reject": lambda m, n: m.attempt(deciding.reject, m.id, " ", by=n),
    "answer": lambda m, n: m.attempt(deciding.answer, m.id, "好", [uuid4()], by=n),
    "dispatch": lambda m, n: m.attempt(dispatching.dispatch, m.id, ZJJ, [CGJ], by=n),
    "merge": lambda m, n: m.attempt(merging.merge, m.id, m.twin, by=n),
    "separate": lambda m, n: m.attempt(merging.separate, m.id, "不是", by=n),
    "sign": lambda m, n: m.attempt(dispatching.sign, m.id, by=n),
    "ask_return": lambda m, n: m.give_back(n, "条例"),
    "return_again": lambda m, n: m.give_back(n, "办法"),
    "ask_extension": lambda m, n: m.ask_days(n, 3),
    "ask_hold": lambda m, n: m.ask_pause(n, 30),
    "end_hold": lambda m, n: m.attempt(holding.end_hold, m.id, by=n),
    "submit_reply": lambda m, n: m.attempt(handling.submit_reply, m.id, "办了", "好了", by=n),
    "pass_unit": lambda m, n: m.attempt(reviewing.pass_unit, m.id, by=n),
    "pass_centre": lambda m, n: m.attempt(reviewing.pass_centre, m.id, by=n),
    "send_back": lambda m, n: m.attempt(reviewing.send_back, m.id, "改", by=n),
    "satisfied": lambda m, n: m.ring(n, True, True),
    "dissatisfied": lambda m, n: m.ring(n, True, False),
    "unreached": lambda m, n: m.ring(n, False, None),
    "redo": lambda m, n: m.weigh(n, "redo"),
    "explain": lambda m, n: m.weigh(n, "explained"),
    "exclude": lambda m, n: m.weigh(n, "excluded"),
    "reopen": lambda m, n: m.attempt(closing.reopen, m.id, "又坏了", by=n),
    "cancel": lambda m, n: m.attempt(closing.cancel, m.id, by=uuid4()),
}
ANY: dict[str, Any] = {
    **WAYS,
    "no basis": lambda m, n: m.give_back(n, " "),
    "no reply": lambda m, n: m.attempt(handling.submit_reply, m.id, "", "好了", by=n),
    "no day": lambda m, n: m.ask_days(n, 0),
    "past hold": lambda m, n: m.ask_pause(n, -1),
    "decide": lambda m, n: m.decide(n, False, None),
    "contact": lambda m, n: m.attempt(handling.contact, m.id, "通了话", by=n),
    "add": lambda m, n: m.attempt(handling.add_units, m.id, [ZJJ], by=n),
    "co": lambda m, n: m.attempt(handling.co_reply, m.id, "看过了", by=n),
    "order": lambda m, n: m.order(n),
    "reply order": lambda m, n: m.attempt(supervision.reply, m.last(TicketOrder), "在办", by=n),
    "close order": lambda m, n: m.attempt(supervision.close, m.last(TicketOrder), by=n),
    "urge": lambda m, n: m.attempt(urging.urge, m.id, by=n),
}


def _do(use: Any, *words: Any, **named: Any) -> Any:
    return lambda m, n: m.world.act(n, use, m.id, *words, **named)


# How each offered action is done rightly.
OFFERED: dict[str, Any] = {
    "accept": _do(deciding.accept),
    "dispatch": _do(dispatching.dispatch, CGJ, [RSJ]),
    "merge": lambda m, n: m.world.act(n, merging.merge, m.id, m.twin),
    "separate": _do(merging.separate, "不是一件事"),
    "sign": _do(dispatching.sign),
    "returns": _do(returning.ask_return, "条例", "归别处"),
    "contact": _do(handling.contact, "通了话"),
    "units": _do(handling.add_units, [ZJJ]),
    "extensions": _do(holding.ask_extension, 3, "等配件"),
    "holds": lambda m, n: m.world.act(
        n, holding.ask_hold, m.id, m.clock.now() + timedelta(days=9), "汛期"
    ),
    "end-hold": _do(holding.end_hold),
    "reply": _do(handling.submit_reply, "办了", "好了"),
    "co-reply": _do(handling.co_reply, "看过了"),
    "unit-approval": _do(reviewing.pass_unit),
    "centre-approval": _do(reviewing.pass_centre),
    "send-back": _do(reviewing.send_back, "改"),
    "callbacks": _do(callback.call_back, True, solved=False, satisfied=False),
    "judgements": _do(judging.judge, "excluded", "录音"),
    "reopen": _do(closing.reopen, "又坏了"),
    "supervisions": lambda m, n: m.world.act(
        n, supervision.order, m.id, "请尽快", m.clock.now() + timedelta(days=1)
    ),
    "decide": lambda m, n: m.world.act(
        n, decisions.decide, m.last(TicketRequest), True, "同意", department_id=ZJJ
    ),
}
# Always offered, and changing little.
SMALL = {"contact", "units", "supervisions", "merge"}
KNOWN = {"has_it_already", "no_extension", "already_requested", "hold_too_late", "parent_over"}
