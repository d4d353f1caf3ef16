"""What the groups and systems of staff are told: what waits where, and nothing about people."""

from datetime import timedelta

from backend.domains.messages.samples import ROOM
from notifications.kinds import STAFF_HOOK, Kind
from notifications.rules import Priority


# A robot does not drop a repetition: told twice does less harm than not at all.
def _room(key: str, name: str, title: str, staff: str, link: str, *,
          priority: Priority = Priority.CALL, life: float = 2) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, title=title, body=staff, staff=staff, link=link, priority=priority,
        life=timedelta(hours=life), ladder=(STAFF_HOOK,), topic="work", may_repeat=True,
        values=ROOM.of(title, staff),
    )  # fmt: skip


CALL = _room(
    "room_event_call", "呼叫待认领",
    "{urgency_text}呼叫待认领：{category}",
    "{street}，编号 {number}。请{until}认领。",
    "/console/dispatch/events/{event_id}",
)  # fmt: skip
ESCALATED = _room(
    "room_event_escalated", "呼叫没人认领",
    "没人认领，已升级：{category}",
    "{street}，编号 {number}。请{until}认领。",
    "/console/dispatch/events/{event_id}",
)  # fmt: skip
WHISTLE = _room(
    "room_event_whistle", "街道吹哨",
    "街道吹哨，请签收：{category}",
    "{street}，编号 {number}。请{until}签收。",
    "/console/dispatch/events/{event_id}",
    life=8,
)  # fmt: skip
EVENT_OVERDUE = _room(
    "room_event_overdue", "事件超时",
    "{clock_text}已超时：{category}",
    "{street}，编号 {number}。时限是{due}，请马上处理或说明原因。",
    "/console/dispatch/events/{event_id}",
    priority=Priority.REMINDER, life=12,
)  # fmt: skip
TICKET = _room(
    "room_ticket_dispatched", "工单待签收",
    "12345{role_text}工单待签收：{category}",
    "编号 {number}。请{until}在工作台签收。",
    "/console/hotline/tickets/{ticket_id}",
    life=8,
)  # fmt: skip
TICKET_OVERDUE = _room(
    "room_ticket_overdue", "工单超时",
    "{clock_text}已超时：{category}",
    "编号 {number}。时限是{due}，请马上处理或说明原因。",
    "/console/hotline/tickets/{ticket_id}",
    priority=Priority.REMINDER, life=12,
)  # fmt: skip
REVIEW = _room(
    "room_article_review", "知识待审核",
    "知识待{step_text}：{title}",
    "编号 {number}。请在工作台审核。",
    "/console/knowledge/{article_id}",
    priority=Priority.REMINDER, life=24,
)  # fmt: skip
EXPIRING = _room(
    "room_article_expiring", "知识快失效",
    "还有{days}天失效：{title}",
    "编号 {number}。还适用请续期，不适用请下架。",
    "/console/knowledge/{article_id}",
    priority=Priority.REMINDER, life=24,
)  # fmt: skip
CORRECTION = _room(
    "room_article_correction", "知识有人纠错",
    "有人纠错：{title}",
    "编号 {number}。请{until}核对并答复。",
    "/console/knowledge/corrections",
    priority=Priority.REMINDER, life=24,
)  # fmt: skip
DOUBT = _room(
    "room_content_review", "发言待复核",
    "有发言等人看",
    "{street}，请{until}在工作台复核。",
    "/console/moderation",
    priority=Priority.REMINDER, life=24,
)  # fmt: skip
#: Sent by the button that tries a hook; no hook chooses it.
TRY = _room(
    "room_try", "试发一条",
    "试发：呼应能发到这里",
    "这是{by_name}从工作台试发的，不用处理。",
    "/console/messages/hooks",
    life=0.25,
)  # fmt: skip

CHOICES = (
    CALL, ESCALATED, WHISTLE, EVENT_OVERDUE, TICKET, TICKET_OVERDUE, REVIEW, EXPIRING, CORRECTION,
    DOUBT,
)  # fmt: skip
KINDS = (*CHOICES, TRY)
