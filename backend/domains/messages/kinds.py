"""The kinds of message, as data: words, WeChat fields, urgency, life and ladder of channels."""

from datetime import timedelta

from backend.domains.messages import (
    kinds_community,
    kinds_consents,
    kinds_dispatch,
    kinds_hotline,
    kinds_news,
    kinds_register,
    kinds_rooms,
    kinds_topics,
    kinds_video,
    kinds_waiting,
)
from backend.domains.messages.samples import (
    APPOINTMENT,
    APPOINTMENT_CALLED,
    APPOINTMENT_CANCELLED,
    APPOINTMENT_RESCHEDULED,
    EVENING,
)
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Fields, Kind, Kinds
from notifications.rules import Priority

_LINK = "/appointments/{appointment_id}"
_PAGE = "packages/appointments/ticket?id={appointment_id}"
_ALL = (SUBSCRIBE, SERVICE, SMS)

#: The keys of the subscribe templates, with the titles the consent page shows.
TEMPLATES = {
    "booked": "预约成功提醒",
    "called": "叫号提醒",
    "reminder": "办事前提醒",
    **kinds_dispatch.TEMPLATES,
    **kinds_hotline.TEMPLATES,
    **kinds_community.TEMPLATES,
    **kinds_topics.TEMPLATES,
    **kinds_news.TEMPLATES,
}


def _service(what: str, hint: str) -> Fields:
    """The one service-account template: matter, time, place, state, hint."""
    return (
        ("thing1", "{item_name}"),
        ("time2", "{start:wechat}"),
        ("thing3", "{hall_name}"),
        ("phrase4", what),
        ("thing5", hint),
    )


_BOOKED = Kind(
    key="appointment_booked",
    name="预约成功",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="约好了：{item_name}",
    body="{start}到{hall_name}{hall_floor}办理。带好材料，到了出示二维码取号。预约号 {receipt_number}。",
    priority=Priority.CONFIRMATION,
    life=timedelta(hours=24),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="booked",
    subscribe=(
        ("thing1", "{item_name}"),
        ("time2", "{start:wechat}"),
        ("thing3", "{hall_name}"),
        ("character_string4", "{receipt_number}"),
        ("thing5", "到了出示二维码取号"),
    ),
    service=_service("已预约", "到了出示二维码取号"),
    # The page asks for consent right after booking: a minute for the answer.
    grace=timedelta(minutes=1),
    sms="约好了：{start}到{hall_name}办理{item_name}，预约号{receipt_number}。地址：{hall_address}。",
)

_CANCELLED = Kind(
    key="appointment_cancelled",
    name="预约取消",
    topic="appointments",
    values=APPOINTMENT_CANCELLED.of(),
    title="预约已取消：{item_name}",
    body="{start}在{hall_name}的预约取消了{reason_text}。还需要办理，可以另约时间。",
    priority=Priority.CHANGE,
    life=timedelta(hours=12),
    ladder=(SERVICE, SMS),
    link=_LINK,
    page=_PAGE,
    service=_service("已取消", "需要时可另约时间"),
    sms="您{start}在{hall_name}的预约取消了{reason_text}。需要时请另约时间，或拨打12345。",
    may_repeat=True,
)

_RESCHEDULED = Kind(
    key="appointment_rescheduled",
    name="改期",
    topic="appointments",
    values=APPOINTMENT_RESCHEDULED.of(),
    title="改好时间了：{item_name}",
    body="改到{start}，{hall_name}{hall_floor}。原来{from_start}在{from_hall_name}的名额已放回，预约号不变。",
    priority=Priority.CHANGE,
    life=timedelta(hours=12),
    ladder=(SERVICE, SMS),
    link=_LINK,
    page=_PAGE,
    service=_service("已改期", "请按新的时间前往"),
    sms="改好时间了：{start}到{hall_name}办理{item_name}，地址：{hall_address}。",
    may_repeat=True,
)

_REMINDER_FIELDS: Fields = (
    ("thing1", "{item_name}"),
    ("time2", "{start:wechat}"),
    ("thing3", "{hall_name}"),
    ("thing4", "来不了请提前取消，把名额让给别人"),
)

_DAY = Kind(
    key="appointment_reminder_day",
    name="前一天提醒",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="明天{start:clock}去办{item_name}",
    body="{start}到{hall_name}{hall_floor}。带好材料；来不了请提前取消。",
    priority=Priority.REMINDER,
    life=timedelta(hours=15),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="reminder",
    subscribe=_REMINDER_FIELDS,
    service=_service("待办理", "来不了请提前取消"),
    sms="提醒：明天{start:clock}到{hall_name}办理{item_name}，地址：{hall_address}。来不了请提前取消。",
)

_HOURS = Kind(
    key="appointment_reminder_hours",
    name="两小时前提醒",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="今天{start:clock}去办{item_name}",
    body="还有两小时：{start:clock}到{hall_name}{hall_floor}，到了出示二维码取号。",
    priority=Priority.REMINDER,
    life=timedelta(hours=2),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="reminder",
    subscribe=_REMINDER_FIELDS,
    service=_service("待办理", "到了出示二维码取号"),
    sms="提醒：今天{start:clock}到{hall_name}办理{item_name}，地址：{hall_address}。",
)

_CALLED = Kind(
    key="appointment_called",
    name="叫号",
    topic="appointments",
    values=APPOINTMENT_CALLED.of(),
    title="请到{window_number}号窗口",
    body="叫到您了：{ticket_no}，请到{hall_name}{window_number}号窗口办理{item_name}。",
    priority=Priority.CALL,
    life=timedelta(minutes=10),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="called",
    subscribe=(
        ("character_string1", "{ticket_no}"),
        ("thing2", "{window_number}号窗口"),
        ("thing3", "{item_name}"),
        ("thing4", "{hall_name}"),
    ),
    service=_service("请到窗口", "{ticket_no} 请到{window_number}号窗口"),
    sms="叫到您了：{ticket_no}，请到{hall_name}{window_number}号窗口。",
    may_repeat=True,
    patience=2,
)

_NO_SHOW = Kind(
    key="appointment_no_show",
    name="没到场",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="这次没有到场：{item_name}",
    body="{start}在{hall_name}的预约没有到场。还需要办理，可以另约时间；记错了请拨打12345。",
    priority=Priority.NEWS,
    life=timedelta(days=2),
    ladder=(SERVICE,),
    digest=True,
    link=_LINK,
    page=_PAGE,
    service=_service("未到场", "需要时可另约时间"),
)

_FINISHED = Kind(
    key="appointment_finished",
    name="办结评价",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="办完了，说说感受：{item_name}",
    body="{hall_name}已办完您的{item_name}。服务怎么样？点开评一评，一分钟就好。",
    priority=Priority.NEWS,
    life=timedelta(days=7),
    link=_LINK,
)

_WELCOME = Kind(
    key="welcome",
    name="欢迎",
    topic="account",
    title="欢迎来到呼应",
    body="预约、提醒和叫号都会告诉您。点「办事」查事项、约时间；遇到难处，拨打12345。",
    priority=Priority.NEWS,
    life=timedelta(days=30),
)

#: What the evening's one message says of several that could wait.
DIGEST = Kind(
    key="digest",
    name="每天汇总",
    topic="account",
    values=EVENING.of(),
    title="今天有{count}条新消息",
    body="{titles}",
    priority=Priority.NEWS,
    life=timedelta(hours=20),
    ladder=(SERVICE, SMS),
    page="packages/account/inbox",
    service=(
        ("thing1", "今天有{count}条新消息"),
        ("time2", "{at:wechat}"),
        ("thing3", "呼应小程序"),
        ("phrase4", "待查看"),
        ("thing5", "{first}"),
    ),
    sms="今天有{count}条新消息：{titles}。打开呼应小程序「消息」可以看。",
)

KINDS = Kinds(
    (
        DIGEST, _BOOKED, _CANCELLED, _RESCHEDULED, _DAY, _HOURS, _CALLED, _NO_SHOW, _FINISHED, _WELCOME,
        *kinds_consents.KINDS, *kinds_dispatch.KINDS, *kinds_hotline.KINDS, *kinds_community.KINDS,
        *kinds_register.KINDS, *kinds_topics.KINDS, *kinds_rooms.KINDS, *kinds_news.KINDS,
        *kinds_waiting.KINDS, *kinds_video.KINDS,
    )
)  # fmt: skip

#: What no longer needs saying once an appointment is over, or under way.
UPCOMING = (
    *(_BOOKED.key, _RESCHEDULED.key, _DAY.key, _HOURS.key),
    *(kinds_video.BOOKED.key, kinds_video.RESCHEDULED.key),
    *(kinds_video.DAY.key, kinds_video.HOURS.key),
)
REMINDERS = (_DAY.key, _HOURS.key, kinds_video.DAY.key, kinds_video.HOURS.key)
CALL = _CALLED.key
CALLS = (CALL, kinds_video.OPENED.key)
