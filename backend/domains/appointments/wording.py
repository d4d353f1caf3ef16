"""The words residents and staff read about an appointment. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from appointments.release_rules import ReleaseRule
from appointments.rules import Action, State
from appointments.views import DayView
from backend.kernel.clock import day_text, local, moment_text

STATE_TEXT = {
    State.BOOKED: "已预约",
    State.CHECKED_IN: "排队中",
    State.CALLED: "请到窗口",
    State.SKIPPED: "过号",
    State.PARKED: "暂候",
    State.SERVING: "办理中",
    State.FINISHED: "已办结",
    State.CANCELLED: "已取消",
    State.NO_SHOW: "未到",
}
CONSENT_TEXT = {
    "asked": "等对方答复",
    "given": "可以代办",
    "refused": "没有同意",
    "withdrawn": "已撤回",
}
DAY_STATUS_TEXT = {
    "full": "约满",
    "closed": "休息",
    "not_released": "未放号",
    "calendar_unknown": "放假安排未公布",
}
WINDOW_STATUS_TEXT = {"open": "办理中", "paused": "暂停", "closed": "未开"}
WAITING_TEXT = {
    "waiting": "候补中",
    "offered": "有名额，等您确认",
    "booked": "已约上",
    "left": "已退出",
    "ended": "已结束",
}
MISSED_TEXT = {
    "counted": "计入",
    "appealed": "申诉中",
    "upheld": "申诉未通过",
    "forgiven": "不计入",
}
OFFER_TEXT = {
    "open": "等您确认",
    "accepted": "已约上",
    "declined": "已放弃",
    "lapsed": "已过期",
    "void": "已收回",
}
CHANNEL_TEXT = {"online": "网上", "on_site": "现场", "elderly": "长者", "video": "视频"}
VIDEO_TRACE = {
    Action.CHECK_IN: "已签到 {}，请在手机上等候",
    Action.CALL: "轮到 {}，工作人员马上打开视频",
    Action.RECALL: "再次叫到 {}，请点「进入视频」",
    Action.REQUEUE: "{} 重新排队",
    Action.START: "开始视频办理",
    Action.PARK: "{} 暂候，材料备齐后工作人员再打开视频",
    Action.SKIP: "叫到 {} 时没有进来，已过号",
}
VIDEO_NEXT = {
    State.CALLED: "轮到您了，请拿好手机，工作人员马上打开视频",
    State.SERVING: "正在视频办理",
    State.PARKED: "号码保留着，材料备齐后工作人员再打开视频",
    State.SKIPPED: "叫到您时没有进来，请拨打大厅电话重新排队",
}
ROOM_OPENED = "视频已打开，请在手机上点「进入视频」"
FIELD_TEXT = {"name": "姓名", "phone": "手机号", "id_number": "身份证号"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def consent_text(state: str, until: date, today: date) -> str:
    """How a consent to act for somebody stands; one that ran out says so."""
    over = state in ("asked", "given") and until < today
    return "已过期" if over else CONSENT_TEXT[state]


def weekday_text(day: date, today: date) -> str:
    """今天, 明天, or the weekday."""
    if day == today:
        return "今天"
    if day == today + timedelta(days=1):
        return "明天"
    return WEEKDAYS[day.weekday()]


def day_status_text(day: DayView, today: date) -> str:
    """What stands below a day in the calendar strip."""
    if day.status == "open":
        return f"余{day.remaining}"
    if day.status == "closed" and day.opened:
        # A working day all the same: its times are over, it was closed, or others are served.
        return "没有号了" if day.day == today else "不办"
    return DAY_STATUS_TEXT[day.status]


def next_text(
    state: State,
    start: datetime,
    hall_name: str,
    *,
    ahead: int | None = None,
    wait_minutes: int | None = None,
    window_number: int | None = None,
) -> str:
    """What happens next, in one sentence."""
    if state is State.BOOKED:
        return f"{moment_text(start)}到{hall_name}，出示二维码取号"
    if state is State.CHECKED_IN:
        return _waiting_text(ahead or 0, wait_minutes)
    if state is State.CALLED:
        return f"请到{window_number}号窗口"
    if state is State.SKIPPED:
        return "叫号时您不在，请到前台重新排队"
    if state in (State.PARKED, State.SERVING):
        parked = f"号码保留着，材料备齐后回{window_number}号窗口，不用重新取号"
        return parked if state is State.PARKED else f"正在{window_number}号窗口办理"
    return _end_text(state)


def video_next_text(
    state: State, start: datetime, *, opened: bool, ahead: int, wait_minutes: int | None
) -> str:
    """What happens next with a consultation by video, in one sentence."""
    if opened:
        return "工作人员在视频里等您，请点「进入视频」"
    if state is State.BOOKED:
        return f"{moment_text(start)}视频办理，请提前15分钟在手机上签到"
    if state is State.CHECKED_IN:
        return _waiting_text(ahead, wait_minutes)
    return VIDEO_NEXT.get(state) or _end_text(state)


def video_state_text(state: State) -> str:
    """How an appointment by video stands."""
    return "轮到您了" if state is State.CALLED else STATE_TEXT[state]


def _waiting_text(ahead: int, wait_minutes: int | None) -> str:
    if ahead == 0:
        return "下一个就是您，请留意叫号"
    if wait_minutes is None:
        return f"前面还有{ahead}人"
    return f"前面还有{ahead}人，大约等{wait_minutes}分钟"


def _end_text(state: State) -> str:
    if state is State.FINISHED:
        return "办完了，欢迎评价"
    if state is State.CANCELLED:
        return "名额已放回，需要时可以再约"
    return "这次没有到场，需要时可以再约"


def booked_text(start: datetime, hall_name: str, *, by_video: bool = False) -> str:
    """The first line of the timeline."""
    if by_video:
        return f"约好了，{moment_text(start)}由{hall_name}视频办理"
    return f"约好了，{place_text(start, hall_name)}"


def place_text(start: datetime, hall_name: str) -> str:
    """When and where, in one breath."""
    return f"{moment_text(start)}到{hall_name}"


def walked_in_text(ticket_no: str | None) -> str:
    """The first line of the timeline of a ticket from the door."""
    return f"现场取号 {ticket_no}，请在大厅等候叫号"


def trace_text(
    action: Action,
    after: State,
    *,
    ticket_no: str | None,
    window_number: int | None,
    reason: str,
    place: str,
    by_video: bool = False,
) -> str:
    """The line the timeline shows for an action; anybody with the query code may read it."""
    texts = {
        Action.CANCEL: "取消了预约",
        Action.HALL_CANCEL: f"大厅取消了这次预约：{reason}",
        Action.CHECK_IN: f"已取号 {ticket_no}，请在大厅等候叫号",
        Action.CALL: f"叫到 {ticket_no}，请到{window_number}号窗口",
        Action.RECALL: f"再次叫号 {ticket_no}，请到{window_number}号窗口",
        Action.SKIP: f"叫号时不在，{ticket_no} 已过号",
        Action.REQUEUE: f"{ticket_no} 重新排队",
        Action.PARK: f"{ticket_no} 暂候，材料备齐后回窗口接着办",
        Action.TRANSFER: f"{ticket_no} 转到别的窗口，排队位置不变",
        Action.RESCHEDULE: f"改期，{place}",
        Action.START: f"{window_number}号窗口开始办理",
        Action.FINISH: "办完了",
        Action.NO_SHOW: "没有到场",
        Action.PAPER_FINISH: "办完了（大厅断网时办的，按纸质记录补录）",
        Action.PAPER_NO_SHOW: "没有到场（按大厅断网时的纸质记录补录）",
        Action.PAPER_LEAVE: "取号后先走了（按大厅断网时的纸质记录补录）",
    }
    if by_video and action in VIDEO_TRACE:
        return VIDEO_TRACE[action].format(ticket_no)
    if action is Action.CLOSE_DAY:
        return {
            State.CANCELLED: "大厅已下班，这次没有办成，请另约时间",
            State.NO_SHOW: "到大厅下班仍未到窗口",
            State.FINISHED: "办完了",
        }[after]
    return texts[action]


def release_text(rule: ReleaseRule) -> str:
    """When places are given out, in one line."""
    if rule.days is None:
        return "到可约的日子就放号"
    first = f"提前{rule.days}个工作日{rule.at:%H:%M}放{rule.first_percent}%"
    if rule.first_percent == 100:
        return first
    return f"{first}，提前{rule.rest_days}个工作日{rule.rest_at:%H:%M}放其余"


def time_range(start: datetime, end: datetime) -> str:
    """`11月23日（周一）9:00-9:30`."""
    return f"{moment_text(start)}-{_clock(end)}"


def _clock(moment: datetime) -> str:
    here = local(moment)
    return f"{here.hour}:{here.minute:02d}"


def date_text(day: date) -> str:
    """`11月23日（周一）`."""
    return day_text(day)


def queue_rules_text(rules: Mapping[str, int | None]) -> str:
    """A hall's queue rules, in one line."""
    behind, run = rules["return_behind"], rules["priority_run"]
    back = "按回来的时间排" if behind is None else f"排在{behind}人之后"
    first = "优先的一直先叫" if not run else f"连叫{run}个优先的就叫一个普通的"
    return (
        f"迟到{rules['grace_minutes']}分钟内不影响排队，时段过后{rules['late_minutes']}分钟停止取号；"
        f"过号回来{back}，过号{rules['most_skips']}次不再叫；{first}；"
        f"大厅晚{rules['hall_late_minutes']}分钟以上不计未到"
    )
