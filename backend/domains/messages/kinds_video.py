"""What those are told who booked a consultation by video: be at the phone, the room is open.

The link of the room stands on the page of the appointment and in no message, which is kept.
"""

from datetime import timedelta

from backend.domains.messages.samples import APPOINTMENT, APPOINTMENT_RESCHEDULED, APPOINTMENT_VIDEO
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Fields, Kind
from notifications.rules import Priority

_LINK = "/appointments/{appointment_id}"
_PAGE = "packages/appointments/ticket?id={appointment_id}"
_ALL = (SUBSCRIBE, SERVICE, SMS)
_EARLY = "请提前15分钟在手机上签到"


def _service(what: str, hint: str) -> Fields:
    return (
        ("thing1", "{item_name}"),
        ("time2", "{start:wechat}"),
        ("thing3", "{hall_name}"),
        ("phrase4", what),
        ("thing5", hint),
    )


BOOKED = Kind(
    key="video_booked",
    name="视频预约成功",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="约好了视频办理：{item_name}",
    body="{start}由{hall_name}视频办理，不用到大厅。请提前15分钟在手机上签到，备好材料。预约号 {receipt_number}。",
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
        ("thing5", _EARLY),
    ),
    service=_service("视频预约", _EARLY),
    # The page asks for consent right after booking: a minute for the answer.
    grace=timedelta(minutes=1),
    sms="约好了：{start}视频办理{item_name}，预约号{receipt_number}。请提前15分钟在小程序里签到。",
)
RESCHEDULED = Kind(
    key="video_rescheduled",
    name="视频改期",
    topic="appointments",
    values=APPOINTMENT_RESCHEDULED.of(),
    title="改好时间了：{item_name}",
    body="视频办理改到{start}，原来{from_start}的名额已放回，预约号不变。请提前15分钟在手机上签到。",
    priority=Priority.CHANGE,
    life=timedelta(hours=12),
    ladder=(SERVICE, SMS),
    link=_LINK,
    page=_PAGE,
    service=_service("已改期", _EARLY),
    sms="改好时间了：{start}视频办理{item_name}。请提前15分钟在小程序里签到。",
    may_repeat=True,
)
_REMINDER_FIELDS: Fields = (
    ("thing1", "{item_name}"),
    ("time2", "{start:wechat}"),
    ("thing3", "{hall_name}"),
    ("thing4", _EARLY),
)
DAY = Kind(
    key="video_reminder_day",
    name="视频前一天提醒",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="明天{start:clock}视频办理{item_name}",
    body="{start}由{hall_name}视频办理，不用到大厅。请提前15分钟在手机上签到；来不了请提前取消。",
    priority=Priority.REMINDER,
    life=timedelta(hours=15),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="reminder",
    subscribe=_REMINDER_FIELDS,
    service=_service("待办理", _EARLY),
    sms="提醒：明天{start:clock}视频办理{item_name}，请提前15分钟在小程序里签到。来不了请提前取消。",
)
HOURS = Kind(
    key="video_reminder_hours",
    name="视频两小时前提醒",
    topic="appointments",
    values=APPOINTMENT.of(),
    title="今天{start:clock}视频办理{item_name}",
    body="还有两小时：{start:clock}由{hall_name}视频办理。请提前15分钟在手机上签到，备好材料。",
    priority=Priority.REMINDER,
    life=timedelta(hours=2),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="reminder",
    subscribe=_REMINDER_FIELDS,
    service=_service("待办理", _EARLY),
    sms="提醒：今天{start:clock}视频办理{item_name}，请提前15分钟在小程序里签到。",
)
OPENED = Kind(
    key="video_opened",
    name="视频打开",
    topic="appointments",
    values=APPOINTMENT_VIDEO.of(),
    title="轮到您了，请进入视频",
    body="轮到您了：{ticket_no}，{hall_name}的工作人员在视频里等您办理{item_name}。请打开预约页面，点「进入视频」。",
    priority=Priority.CALL,
    life=timedelta(minutes=10),
    ladder=_ALL,
    link=_LINK,
    page=_PAGE,
    template_key="called",
    subscribe=(
        ("character_string1", "{ticket_no}"),
        ("thing2", "点开进入视频"),
        ("thing3", "{item_name}"),
        ("thing4", "{hall_name}"),
    ),
    service=_service("进入视频", "{ticket_no} 轮到您了，点开进入视频"),
    sms="轮到您了：{ticket_no}，{hall_name}的工作人员在视频里等您，请打开小程序的预约页面进入视频。",
    may_repeat=True,
    patience=2,
)
KINDS = (BOOKED, RESCHEDULED, DAY, HOURS, OPENED)
#: What is said by video instead of what is said of the way to the hall.
INSTEAD = {
    "appointment_booked": BOOKED.key,
    "appointment_rescheduled": RESCHEDULED.key,
    "appointment_reminder_day": DAY.key,
    "appointment_reminder_hours": HOURS.key,
}
