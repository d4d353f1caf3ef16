"""One ticket of the demo, from its intake to the state it is to be in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.demo import register
from backend.demo.history import Past
from backend.demo.seed_dispatch import Stage
from backend.domains.hotline import (
    callback,
    closing,
    deciding,
    dispatching,
    handling,
    holding,
    judging,
    merging,
    returning,
    reviewing,
    rules,
    supervision,
    taking,
    urging,
)
from backend.domains.hotline.model import TicketRequest
from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import service as knowledge
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import stable_id

# When each step is done: hours after the intake, and at most this share of the ticket's age.
_STEPS = {
    "accept": (0.2, 0.01), "dispatch": (1.5, 0.05), "return": (3, 0.1), "decide": (6, 0.15),
    "sign": (8, 0.2), "contact": (11, 0.25), "ask": (40, 0.4), "grant": (50, 0.45),
    "reply": (60, 0.6), "unit": (66, 0.65), "centre": (72, 0.7), "back": (76, 0.75),
    "judge": (90, 0.8), "again": (120, 0.85), "last": (150, 0.9),
}  # fmt: skip
_HANDLERS = {"rsj": "yuhua", "cgj": "gaobo", "zjj": "tangli"}
_HEADS = {"cgj": "liangjian"}
_HANDLER, _HEAD = "liuyang", "xurong"
# The states in the order of the work, and what has to be done for each.
_ORDER = (
    "pending", "to_dispatch", "to_sign", "handling", "unit_review", "centre_review", "callback",
    "closed",
)  # fmt: skip
_AS = {
    "return_review": "to_sign", "arbitration": "to_sign", "extension_review": "handling",
    "hold_review": "handling", "on_hold": "handling", "judgement": "callback",
    "archived": "closed",
}  # fmt: skip
_REPLY = "已到现场处理完毕，后续会继续巡查。"


@dataclass
class Story:
    """Tells one row of the data file."""

    stage: Stage
    past: Past
    row: dict[str, Any]
    now: datetime
    articles: dict[str, UUID]
    made: dict[str, UUID]
    call_id: UUID | None
    ticket_id: UUID = field(init=False)

    def tell(self) -> UUID:
        """From the intake on; the ticket's id."""
        self._take()
        to = self.row["to"]
        ends: dict[str, Callable[[], None]] = {
            "rejected": self._reject, "answered": self._answer, "cancelled": self._cancel,
            "merged": self._merge,
        }  # fmt: skip
        if to in ends:
            ends[to]()
            return self.ticket_id
        reached = _ORDER.index(_AS.get(to, to))
        for needed, step in (
            (1, self._accept), (2, self._dispatch), (3, self._sign), (4, self._reply),
            (5, self._unit), (6, self._centre),
        ):  # fmt: skip
            if reached >= needed:
                step()
        self._beside(to)
        if reached >= _ORDER.index("callback"):
            self._back(to)
        return self.ticket_id

    def _when(self, step: str) -> datetime:
        hours, share = _STEPS[step]
        age = self.row["hours"]
        slow = 8 if self.row.get("slow") and step not in ("accept", "dispatch") else 1
        moment = self.now - timedelta(hours=age) + timedelta(hours=min(hours * slow, age * share))
        self.past.until(moment)
        return moment

    def _do(
        self, step: str, by: Principal, use: Callable[..., Any], *args: Any, **more: Any
    ) -> Any:
        """`use(uow, by, …)` at the moment of a step."""
        with self.stage.at(self._when(step), by.actor) as uow:
            return use(uow, by, *args, **more)

    def _at(self, code: str, own: dict[str, str], lent: str, role: str) -> Principal:
        """Who does it for a unit, with the role there; small units are helped out."""
        held = self.stage.staff(own.get(code, lent))
        grant = Grant(
            role, frozenset(ROLES[role].permissions), "department", stable_id("department", code)
        )
        return replace(held, grants=(*held.grants, grant))

    @property
    def _unit_code(self) -> str:
        return str(self.row.get("unit2") or self.row["unit"])

    @property
    def _handler(self) -> Principal:
        return self._at(self._unit_code, _HANDLERS, _HANDLER, "department_handler")

    def _take(self) -> None:
        row = self.row
        person = register.person_id(row["person"]) if "person" in row else None
        operator = self.stage.staff("wangqing" if self.call_id else "hanmei")
        actor = operator.actor if person is None else Actor("person", person)
        moment = self.now - timedelta(hours=row["hours"])
        self.past.until(moment)
        with self.stage.at(moment, actor) as uow:
            new = taking.NewTicket(
                kind=row["kind"],
                source=row.get("source", "phone"),
                words=row["words"],
                category_code=row["category"],
                urgency=row.get("urgent"),
                address=row.get("address", ""),
                caller_name=row.get("name", ""),
                caller_phone=row.get("phone", ""),
                person_id=person,
                confidential=row.get("confidential", False),
                operator_id=operator.actor.id if person is None else None,
                call_id=self.call_id,
                question=row.get("question", ""),
            )
            self.ticket_id = taking.take(uow, new).id

    def _accept(self) -> None:
        self._do("accept", self.stage.staff("hanmei"), deciding.accept, self.ticket_id)

    def _reject(self) -> None:
        by = self.stage.staff("hanmei")
        self._do("accept", by, deciding.reject, self.ticket_id, self.row["why"])

    def _answer(self) -> None:
        by = self.stage.staff("wangqing")
        with self.stage.services.unit() as uow:
            article = knowledge.live(uow, self.articles[self.row["article"]])
        self._do(
            "accept", by, deciding.answer, self.ticket_id, article.public_text,
            [article.version_id],
        )  # fmt: skip

    def _cancel(self) -> None:
        person = register.person_id(self.row["person"])
        with self.stage.at(self._when("dispatch"), Actor("person", person)) as uow:
            closing.cancel(uow, person, self.ticket_id)

    def _merge(self) -> None:
        self._accept()
        parent = self.made[self.row["into"]]
        by = self.stage.staff("sunhao")
        self._do("dispatch", by, merging.merge, self.ticket_id, parent, "同一地点同一件事")

    def _dispatch(self) -> None:
        by = self.stage.staff("sunhao")
        co = [stable_id("department", code) for code in self.row.get("co", [])]
        unit = stable_id("department", self.row["unit"])
        self._do("dispatch", by, dispatching.dispatch, self.ticket_id, unit, co)
        if "basis" not in self.row:
            return
        asker = self._at(self.row["unit"], _HANDLERS, _HANDLER, "department_handler")
        given = (self.ticket_id, self.row["basis"], self.row["why"])
        self._do("return", asker, returning.ask_return, *given)
        other = self.row.get("returned") or self.row.get("second")
        if other is None:
            return
        to = stable_id("department", other)
        self._do("decide", by, returning.approve_return, self._request(), to)
        if "second" in self.row:
            asker = self._at(other, _HANDLERS, _HANDLER, "department_handler")
            self._do("sign", asker, returning.ask_return, *given)

    def _request(self) -> UUID:
        with self.stage.services.unit() as uow:
            query = select(TicketRequest.id).where(
                TicketRequest.ticket_id == self.ticket_id, TicketRequest.state == rules.ASKED
            )
            return uow.session.scalars(query).one()

    def _sign(self) -> None:
        self._do("sign", self._handler, dispatching.sign, self.ticket_id)
        self._do(
            "contact", self._handler, handling.contact, self.ticket_id,
            "和来电人通了电话，问清了时间和位置",
        )  # fmt: skip

    def _reply(self, step: str = "reply") -> None:
        versions = []
        if "article" in self.row:
            with self.stage.services.unit() as uow:
                versions = [knowledge.live(uow, self.articles[self.row["article"]]).version_id]
        text = self.row.get("reply", _REPLY)
        self._do(
            step, self._handler, handling.submit_reply, self.ticket_id,
            f"{text}（现场照片和处理记录已存档）", text, version_ids=versions,
        )  # fmt: skip

    def _unit(self, step: str = "unit") -> None:
        head = self._at(self._unit_code, _HEADS, _HEAD, "department_head")
        self._do(step, head, reviewing.pass_unit, self.ticket_id)

    def _centre(self, step: str = "centre") -> None:
        self._do(step, self.stage.staff("maolin"), reviewing.pass_centre, self.ticket_id)

    def _beside(self, to: str) -> None:
        """Requests, urges and orders of tickets at work."""
        row, supervisor = self.row, self.stage.staff("zhengjie")
        if to == "extension_review" or row.get("extended"):
            self._do("ask", self._handler, holding.ask_extension, self.ticket_id, row["days"],
                     "现场要等产权单位配合")  # fmt: skip
        if row.get("extended"):
            self._do("grant", supervisor, holding.decide_extension, self._request(), True)
        if to == "hold_review" or row.get("held"):
            self._do("ask", self._handler, holding.ask_hold, self.ticket_id,
                     self.now + timedelta(days=20), "要等上级部门的检测报告")  # fmt: skip
        if row.get("held"):
            self._do("grant", supervisor, holding.decide_hold, self._request(), True, "同意")
        for number in range(row.get("urges", 0)):
            by = self.stage.staff("wangqing")
            moment = self.now - timedelta(hours=1 + number * 24)
            if moment > self._when("contact"):
                with self.stage.at(moment, by.actor) as uow:
                    urging.urge(uow, by, self.ticket_id, "又来电话问什么时候有人来")
        if row.get("order"):
            due = self.now + timedelta(hours=20)
            self._do("reply", supervisor, supervision.order, self.ticket_id,
                     "连续三晚扰民，请说明执法安排", due)  # fmt: skip

    def _back(self, to: str) -> None:
        """The call-back, and what a bad word leads to."""
        row, by = self.row, self.stage.staff("caiyun")
        for number in range(3 if row.get("unreached") else row.get("failed", 0)):
            with self.stage.at(self._when("back") + timedelta(hours=number), by.actor) as uow:
                callback.call_back(uow, by, self.ticket_id, False, note="没有人接")
        bad = any(row.get(key) for key in ("redo", "explained", "excluded"))
        good = row.get("satisfied", True) and not bad
        if to == "callback" or row.get("unreached"):
            return
        self._do(
            "back", by, callback.call_back, self.ticket_id, True,
            solved=row.get("solved", not bad), satisfied=good,
            note="" if good else "说问题还在",
        )  # fmt: skip
        if not good:
            self._judge()

    def _judge(self) -> None:
        row, judge = self.row, self.stage.staff("maolin")
        if row.get("redo"):
            self._do("judge", judge, judging.judge, self.ticket_id, judging.REDO, "没有办到位")
            self._reply("again")
            self._unit("again")
            self._centre("again")
            by = self.stage.staff("caiyun")
            self._do("last", by, callback.call_back, self.ticket_id, True, solved=True,
                     satisfied=True)  # fmt: skip
        elif row.get("explained"):
            why = "已按规定处理，来电人的要求超出职责"
            self._do("judge", judge, judging.judge, self.ticket_id, judging.EXPLAINED, why)
        elif row.get("excluded") or row.get("exclude_asked"):
            why = "要求与公共利益相悖，附现场测试记录和录音"
            self._do("judge", judge, judging.judge, self.ticket_id, judging.EXCLUDED, why)
            if row.get("excluded"):
                second = self.stage.staff("zhengjie")
                self._do("again", second, judging.decide_exclusion, self._request(), True, "属实")
