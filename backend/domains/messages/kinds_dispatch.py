"""What is told about events of the street: to those who called, and to those who answer."""

from datetime import timedelta

from backend.domains.messages import fields
from backend.domains.messages.samples import EVENT, EVENT_NEWS, EVENT_WORK, Group
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.rules import Priority

_ALL = (SUBSCRIBE, SERVICE, SMS)
_WECHAT = (SUBSCRIBE, SERVICE)
_LINK = "/events/{event_id}"
_PAGE = "packages/events/event?id={event_id}"
_WORK_LINK = "/worker/events/{event_id}"
_WORK_PAGE = "packages/worker/event?id={event_id}"

#: The keys of the two subscribe templates, with the titles the consent page shows.
TEMPLATES = {"event": "事件进展提醒", "task": "任务待处理提醒"}


# `text` is title and body; `mark` is the state's phrase and the hint of a WeChat card.
def _caller(key: str, name: str, text: tuple[str, str], mark: tuple[str, str], *,
            ladder: tuple[str, ...] = (SERVICE,), sms: str = "",
            priority: Priority = Priority.CHANGE) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, topic="events", title=text[0], body=text[1],
        priority=priority,
        life=timedelta(days=7), ladder=ladder, link=_LINK, page=_PAGE,
        template_key="event" if SUBSCRIBE in ladder else "",
        subscribe=fields.progress(*mark) if SUBSCRIBE in ladder else (),
        service=fields.service(*mark) if ladder else (), sms=sms,
        values=EVENT.of(*text, *mark, sms),
    )  # fmt: skip


def _worker(key: str, name: str, text: tuple[str, str], mark: tuple[str, str], *,
            ladder: tuple[str, ...] = _WECHAT, sms: str = "", life: float = 24,
            priority: Priority = Priority.CALL, group: Group = EVENT_WORK) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, topic="work", title=text[0], body=text[1], priority=priority,
        life=timedelta(hours=life), ladder=ladder, link=_WORK_LINK, page=_WORK_PAGE,
        template_key="task" if SUBSCRIBE in ladder else "",
        subscribe=fields.task(mark[1]) if SUBSCRIBE in ladder else (),
        service=fields.service(*mark, when="due") if ladder else (), sms=sms,
        may_repeat=True, patience=2, values=group.of(*text, *mark, sms),
    )  # fmt: skip


# Whoever called. A subscribe consent is good for one message: it is kept for the result.
RECEIVED = _caller(
    "event_received", "事件收到",
    ("收到了：{title}",
     "编号 {number}。{next_text}"),
    ("已收到", "有进展会告诉您"),
    ladder=(),
)  # fmt: skip
CLAIMED = _caller(
    "event_claimed", "事件认领",
    ("有人负责了：{title}",
     "{staff_name}已认领，{next_text}"),
    ("已认领", "会尽快联系您"),
)  # fmt: skip
SCHEDULED = _caller(
    "event_scheduled", "约定上门",
    ("约好时间了：{title}",
     "{visit}到{place}处理。"),
    ("已约时间", "{visit}到场"),
)  # fmt: skip
DISPOSED = _caller(
    "event_disposed", "事件处置",
    ("处理好了，请看一看：{title}",
     "没有解决请点「没解决」，会接着办。处理情况：{public_text}"),
    ("待核查", "请看看解决了没有"),
    ladder=_ALL,
    sms="您反映的{title}处理好了，没有解决请在呼应小程序点「没解决」或拨打12345。情况：{public_text}",
)  # fmt: skip
RATE = _caller(
    "event_verified", "请评价",
    ("核查通过，请评一评：{title}",
     "办得怎么样？点开评一评，一分钟就好。处理情况：{public_text}"),
    ("待评价", "请评一评"),
    ladder=(),
)  # fmt: skip
CLOSED = _caller(
    "event_closed", "事件办结",
    ("办结了：{title}",
     "15天内还有问题，可以点「没解决」重开一次。处理情况：{public_text}"),
    ("已办结", "15天内可重开一次"),
    priority=Priority.CONFIRMATION,
)  # fmt: skip
MERGED = _caller(
    "event_merged", "并案处理",
    ("和同一件事一起办：{title}",
     "别人也反映了这件事，合并到{parent_number}一起办，结果同样会告诉您。"),
    ("一起办", "结果会告诉您"),
    priority=Priority.CONFIRMATION,
)  # fmt: skip
ENDED = _caller(
    "event_ended", "事件结束",
    ("{ended_title}：{title}",
     "{ended_text}"),
    ("{ended_state}", "详情请点开看"),
)  # fmt: skip
REOPENED = _caller(
    "event_reopened", "事件重开",
    ("重新开始办：{title}",
     "已重开，马上安排人处理。"),
    ("已重开", "马上安排人处理"),
    ladder=(),
)  # fmt: skip

# Whoever answers.
CALL = _worker(
    "event_call", "呼叫",
    ("{urgency_text}呼叫：{title}",
     "{place}。请{until}认领，先认领的负责。编号 {number}。"),
    ("待认领", "请{until}认领"),
    ladder=_ALL,
    sms="呼叫：{title}，{place}。请{until}在呼应小程序认领。",
    life=2,
)  # fmt: skip
TAKEN = _worker(
    "event_taken", "已有人认领",
    ("{staff_name}认领了：{title}",
     "{place}的事由{staff_name}负责，您可以放下了。"),
    ("已认领", "您可以放下了"),
    ladder=(),
    priority=Priority.NEWS,
)  # fmt: skip
ASSIGNED = _worker(
    "event_assigned", "指派",
    ("指派给您：{title}",
     "{place}。{by_name}指派，请{until}接受。{note}"),
    ("待接受", "请{until}接受"),
    ladder=_ALL,
    sms="指派给您：{title}，{place}。请{until}在呼应小程序接受。",
)  # fmt: skip
TASK = _worker(
    "event_task", "协办与吹哨",
    ("{task_title}：{title}",
     "{place}。请{until}处理。{by_name}请您：{what}"),
    ("待签收", "{what}"),
    ladder=_ALL,
    sms="{task_title}：{title}，{place}。请{until}在呼应处理。{what}",
)  # fmt: skip
VERIFY = _worker(
    "event_verify", "核查",
    ("请去核查：{title}",
     "{place}已处理，请{until}到现场看看解决了没有。"),
    ("待核查", "请{until}核查"),
    priority=Priority.REMINDER,
)  # fmt: skip
ANSWER = _worker(
    "event_answer", "需要处理",
    ("{what}：{title}",
     "{words}"),
    ("待处理", "{what}"),
    group=EVENT_NEWS,
)  # fmt: skip
NEWS = _worker(
    "event_news", "事件动态",
    ("{what}：{title}",
     "{words}"),
    ("有动态", "{what}"),
    ladder=(),
    priority=Priority.NEWS,
    group=EVENT_NEWS,
)  # fmt: skip
RESULT_REFUSED = _worker(
    "event_result_refused", "处置结果未公开",
    ("处置结果没有公开：{title}",
     "居民在地图上看不到这条结果和照片，反映人照常收到。判断有误请告诉调度员。原因：{reason}"),
    ("未通过", "{reason}"),
    priority=Priority.REMINDER, life=72,
)  # fmt: skip
WARNED = _worker(
    "event_warned", "快到期",
    ("{clock_text}快到期：{title}",
     "{place}。{clock_text}的时限是{due}，请抓紧。"),
    ("快到期", "{clock_text}快到期，请抓紧"),
    priority=Priority.REMINDER,
)  # fmt: skip
OVERDUE = _worker(
    "event_overdue", "超时",
    ("{clock_text}已超时：{title}",
     "{place}。{clock_text}的时限是{due}，已经过了，请马上处理或说明原因。"),
    ("已超时", "{clock_text}已超时"),
)  # fmt: skip
ORDER = _worker(
    "event_order", "督办",
    ("督办：{title}",
     "{by_name}督办，请{until}回复：{words}"),
    ("督办", "请{until}回复"),
    ladder=_ALL,
    sms="督办：{title}。请{until}回复。{words}",
)  # fmt: skip

KINDS = (
    RECEIVED, CLAIMED, SCHEDULED, DISPOSED, RATE, CLOSED, MERGED, ENDED, REOPENED,
    CALL, TAKEN, ASSIGNED, TASK, VERIFY, ANSWER, NEWS, RESULT_REFUSED, WARNED, OVERDUE, ORDER,
)  # fmt: skip

#: Calls that no longer hold once somebody took the event, or it ended.
CALLS = (CALL.key, ASSIGNED.key)
#: What needs no answer any more when an event has ended.
PENDING = (*CALLS, TASK.key, VERIFY.key, WARNED.key, OVERDUE.key, ANSWER.key,
           # What callers are told of the end says more.
           CLAIMED.key, SCHEDULED.key, DISPOSED.key)  # fmt: skip
