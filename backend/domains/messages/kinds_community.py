"""What is told about community life: places at activities, wishes, help, shared rooms."""

from datetime import timedelta

from backend.domains.messages import samples
from notifications.kinds import SERVICE, SUBSCRIBE, Fields, Kind
from notifications.rules import Priority

_ACTIVITY = "/activities/{subject_id}"
_ACTIVITY_PAGE = "packages/neighbourhood/activity?id={subject_id}"
_CARE_PAGE = "packages/neighbourhood/{care_page}"
_CARE = "/neighbourhood/{care_page}"

#: The key of the subscribe template, with the title the consent page shows.
TEMPLATES = {"life": "邻里活动提醒"}


def _service(state: str, hint: str) -> Fields:
    """The service account's one template: matter, time, place, state, hint."""
    return (
        ("thing1", "{title}"),
        ("time2", "{at:wechat}"),
        ("thing3", "{place}"),
        ("phrase4", state),
        ("thing5", hint),
    )


def _subscribe(hint: str) -> Fields:
    """The subscribe template: matter, time, place, hint."""
    return (
        ("thing1", "{title}"),
        ("time2", "{at:wechat}"),
        ("thing3", "{place}"),
        ("thing4", hint),
    )


# Where `mark` (a phrase and a hint) is given WeChat tells it too.
def _kind(key: str, name: str, text: tuple[str, str], mark: tuple[str, str] | None = None, *,
          link: str = _ACTIVITY, page: str = _ACTIVITY_PAGE, life: float = 72,
          priority: Priority = Priority.CHANGE, topic: str = "life",
          group: samples.Group = samples.ACTIVITY) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, topic=topic, title=text[0], body=text[1], priority=priority,
        life=timedelta(hours=life), ladder=(SUBSCRIBE, SERVICE) if mark else (), link=link,
        page=page, template_key="life" if mark else "",
        subscribe=_subscribe(mark[1]) if mark else (), service=_service(*mark) if mark else (),
        values=group.of(*text, *(mark or ())),
    )  # fmt: skip


def _care(key: str, name: str, text: tuple[str, str],
          mark: tuple[str, str] | None = None, *, group: samples.Group = samples.CARE) -> Kind:  # fmt: skip
    return _kind(key, name, text, mark, link=_CARE, page=_CARE_PAGE, group=group)


SIGNED_UP = _kind(
    "activity_signed_up", "活动报名",
    ("报名成功：{title}", "{starts_at}，{place}。到了请签到；来不了请提前取消。"),
    priority=Priority.CONFIRMATION,
)  # fmt: skip
WAITING = _kind(
    "activity_waiting", "活动候补",
    ("已候补：{title}", "前面有{ahead}人。有人退出时按先后顺序通知您。"),
    priority=Priority.CONFIRMATION,
)  # fmt: skip
OFFERED = _kind(
    "activity_offered", "候补到名额",
    ("有名额了：{title}", "请在{until}前确认，过时让给下一位。"),
    ("待确认", "请在{until}前确认"),
    life=12,
)  # fmt: skip
GONE = _kind(
    "activity_gone", "候补结束",
    ("{gone_text}：{title}", "{gone_body}"),
)  # fmt: skip
CHANGED = _kind(
    "activity_changed", "活动变更",
    ("时间或地点有变：{title}", "现在是{starts_at}，{place}。来不了请取消报名。"),
    ("有变更", "请看新的时间和地点"),
)  # fmt: skip
CANCELLED = _kind(
    "activity_cancelled", "活动取消",
    ("活动取消：{title}", "原定{starts_at}。{reason}"),
    ("已取消", "活动不办了"),
)  # fmt: skip
SOON = _kind(
    "activity_soon", "活动提醒",
    ("就要开始：{title}", "{starts_at}，{place}。到了请签到；来不了请取消，把名额让给邻居。"),
    ("快开始", "到了请签到"),
    life=20,
    priority=Priority.REMINDER,
)  # fmt: skip
HOURS = _kind(
    "activity_hours", "服务时长",
    ("记了{hours_text}：{title}", "得{points}分。到「我的时长」可以开服务证明。"),
    life=24 * 7,
    priority=Priority.NEWS,
)  # fmt: skip

REPORT_DUE = _kind(
    "party_report_due", "党员报到待确认",
    ("有党员报到", "{place}有党员报到，请在工作台确认。"),
    link="", page="",
    priority=Priority.REMINDER,
    topic="work",
    group=samples.REPORT,
)  # fmt: skip
REPORT_DECIDED = _care(
    "party_report_decided", "党员报到结果",
    ("报到{result}：{place}", "{report_body}"),
    group=samples.REPORT,
)  # fmt: skip
CARE = _care(
    "neighbour_news", "邻里动态",
    ("{what}：{title}", "{words}"),
)  # fmt: skip
CARE_CALL = _care(
    "neighbour_call", "邻里待办",
    ("{what}：{title}", "{words}"),
    ("{phrase}", "{what}"),
)  # fmt: skip
BOOKED = _care(
    "resource_booked", "场地预约",
    ("约好了：{title}", "{starts_at}，{place}。来不了请提前取消。"),
    group=samples.RESOURCE,
)  # fmt: skip
BOOKING_CANCELLED = _care(
    "resource_cancelled", "场地取消",
    ("场地取消：{title}", "{starts_at}的预约取消了。{reason}"),
    ("已取消", "请看原因，或另约时间"),
    group=samples.RESOURCE,
)  # fmt: skip

KINDS = (
    SIGNED_UP, WAITING, OFFERED, GONE, CHANGED, CANCELLED, SOON, HOURS, REPORT_DUE,
    REPORT_DECIDED, CARE, CARE_CALL, BOOKED, BOOKING_CANCELLED,
)  # fmt: skip
