"""The engine's refusals, worded for people: what happened and what to do next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from appointments.rules import Refused, State
from backend.domains.appointments.wording import OFFER_TEXT, STATE_TEXT, WAITING_TEXT
from backend.kernel.clock import day_text, moment_text
from backend.kernel.errors import Conflict, DomainError, Gone, Invalid, NotFound, Unavailable

Facts = dict[str, Any]
Wording = tuple[type[DomainError], str, str | Callable[[Facts], str], str]
_OTHER_TIME = "请选别的时间"
_REFRESH = "请刷新后再看"


def _day(facts: Facts) -> str:
    day: date = facts["day"]
    return day_text(day)


def _at(name: str) -> Callable[[Facts], str]:
    def text(facts: Facts) -> str:
        moment: datetime = facts[name]
        return moment_text(moment)

    return text


def _place(facts: Facts) -> str:
    return f"第{facts['row'] + 1}行"


_CHECKED_IN: Wording = (
    Conflict,
    "已经取过号了",
    lambda f: f"号码 {f['ticket_no']}，现在{STATE_TEXT[State(f['state'])]}",
    "不用再扫，请留意叫号",
)
_ROW = "请检查时段表"
_PER = {"day": "同一天最多约{}个", "week": "一周最多约{}个", "live": "没办完的预约最多留{}个"}
WORDINGS: dict[str, Wording] = {
    "slot_unknown": (NotFound, "没有这个时间", "这个时间已不存在", _OTHER_TIME),
    "slot_wrong_group": (Invalid, "这个时间不办这件事", "窗口和事项对不上", _OTHER_TIME),
    "slot_wrong_hall": (
        Conflict,
        "这个大厅不办这件事",
        "",
        "请看办事指南里的办理地点",
    ),
    "slot_closed": (Conflict, "这个时间停约了", "大厅调整了时间", _OTHER_TIME),
    "slot_reserved": (
        Conflict,
        "这个名额有专门用途",
        "是留给长者、现场或视频办理的名额",
        _OTHER_TIME,
    ),
    "slot_past": (Conflict, "这个时间已经过了", "", _OTHER_TIME),
    "slot_too_soon": (
        Conflict,
        "来不及了",
        lambda f: f"要提前至少{f['lead_minutes']}分钟预约",
        "请选晚一点的时间",
    ),
    "slot_not_released": (
        Conflict,
        "还没有放号",
        lambda f: f"{_at('release_at')(f)}开始预约",
        "到时再来，或选别的时间",
    ),
    "slot_full": (Conflict, "刚被约满了", "这个时间没有名额了", "请选别的时间或别的大厅"),
    "already_booked": (
        Conflict,
        "您已约过",
        lambda f: f"{_day(f)}这件事您已有一个预约",
        "到「我的预约」查看；要换时间可以在那里改期",
    ),
    "barred": (
        Conflict,
        "暂时不能网上预约",
        lambda f: f"90天内有3次约了没有到，{_at('until')(f)}后可以再约",
        "可以直接到大厅取现场号；有特殊情况请到「预约记录」申诉",
    ),
    "already_waiting": (
        Conflict,
        "您已经在候补了",
        lambda f: f"{_day(f)}这件事您已有一个候补",
        "到「我的候补」查看",
    ),
    "waitlist_not_full": (Conflict, "现在有名额", "不用候补，可以直接约", "请返回选择时间"),
    "waitlist_no_times": (
        Conflict,
        "这一天没有可以候补的时间",
        "时间已经过了，或者还没有放号",
        "请选别的日子",
    ),
    "waitlist_unknown": (NotFound, "没有找到这个候补", "", _REFRESH),
    "waitlist_over": (
        Conflict,
        "候补已经结束了",
        lambda f: f"这个候补现在是「{WAITING_TEXT.get(f['state'], '已结束')}」",
        _REFRESH,
    ),
    "offer_unknown": (NotFound, "没有找到这个名额", "", _REFRESH),
    "offer_over": (
        Conflict,
        "名额没有了",
        lambda f: f"这个名额{OFFER_TEXT.get(f['state'], '已结束')}",
        "到「我的候补」看看，或选别的时间",
    ),
    "offer_open": (Conflict, "名额还留着", "还没有到时间", _REFRESH),
    "missed_settled": (Conflict, "已经处理过了", "", _REFRESH),
    "missed_not_appealed": (Conflict, "没有人申诉", "没有申诉的只能撤销，不能驳回", _REFRESH),
    "same_slot": (Conflict, "已经是这个时间了", "新时间和原来的一样", _OTHER_TIME),
    "rescheduled_too_often": (
        Conflict,
        "改期次数用完了",
        lambda f: f"每个预约最多改{f['most']}次",
        "时间不合适可以取消后重新预约",
    ),
    "limit_reached": (
        Conflict,
        "预约数到上限了",
        lambda f: _PER[f["per"]].format(f["most"]),
        "请先办完或取消用不上的预约，再来约",
    ),
    "agent_limit_reached": (
        Conflict,
        "代办数到上限了",
        lambda f: f"替别人约的、还没办完的最多{f['most']}个",
        "请先办完，再替别人约",
    ),
    "consent_unknown": (NotFound, "没有找到这份委托", "", "请到「代办」里查看"),
    "consent_until": (
        Invalid,
        "期限不对",
        "委托从今天起，最长一年",
        "请重新选择到哪天为止",
    ),
    "consents_open": (
        Conflict,
        "等答复的太多",
        lambda f: f"最多同时有{f['most']}份委托等对方答复",
        "请等对方答复，或撤回用不上的",
    ),
    "consent_exists": (
        Conflict,
        "已经有一份了",
        "同一个人、同一件事已有一份委托，或正等答复",
        "请到「代办」里查看",
    ),
    "consent_answered": (Conflict, "已经答复过了", "这份委托的情况已经变了", _REFRESH),
    "consent_not_given": (
        Conflict,
        "这份委托现在不能用",
        "对方还没有同意，或已经撤回、过期",
        "请到「代办」里查看，或重新请对方同意",
    ),
    "consent_other_item": (
        Conflict,
        "委托的不是这件事",
        "对方只同意您代办另一件事",
        "请另外请对方同意",
    ),
    "visit_apart": (Invalid, "不在同一处", "一次办的时间要在同一天、同一个大厅", _OTHER_TIME),
    "visit_kind": (
        Invalid,
        "人数不对",
        "几件事一起办是同一个人的；几个人一起约要有不同的人",
        "请返回重新选择",
    ),
    "visit_overlap": (Conflict, "时间撞上了", "同一个人不能同时在两个窗口", _OTHER_TIME),
    "codes_exhausted": (Unavailable, "暂时约不了", "大厅的取号码用完了", "请选别的大厅"),
    "cancel_too_late": (
        Conflict,
        "过了取消时间",
        lambda f: f"要在{_at('deadline')(f)}之前取消",
        "来不了请致电大厅",
    ),
    "wrong_state": (
        Conflict,
        "现在不能这样操作",
        lambda f: f"这个预约现在是「{STATE_TEXT[State(f['state'])]}」",
        _REFRESH,
    ),
    "not_for_you": (Conflict, "现在不能这样操作", "", _REFRESH),
    "changed_meanwhile": (Conflict, "别人刚处理过", "另一位工作人员刚刚操作了", _REFRESH),
    "check_in_too_early": (
        Conflict,
        "还没到取号的日子",
        lambda f: f"预约的是{_at('start')(f)}",
        "请当天再来取号",
    ),
    "check_in_too_late": (
        Conflict,
        "过了取号时间",
        lambda f: f"预约的时段到{_at('end')(f)}",
        "请重新预约，或到前台取现场号",
    ),
    "no_show_too_early": (
        Conflict,
        "还不能记未到",
        lambda f: f"{_at('closes')(f)}之后才能记未到",
        "请再等等",
    ),
    "already_checked_in": _CHECKED_IN,
    "code_unknown": (Invalid, "没有找到这个取号码", "这个大厅没有这个号码", "请核对6位数字和大厅"),
    "none_today": (
        Invalid,
        "没有找到今天的预约",
        "这个证件今天在这个大厅没有预约",
        "请核对证件和大厅；没有预约可以现场取号",
    ),
    "qr_invalid": (
        Invalid,
        "二维码无效",
        "不是本系统的二维码，或已被改动",
        "请打开小程序里的预约重新出示",
    ),
    "qr_expired": (Gone, "二维码过期了", "预约的日子已经过了", "请重新预约"),
    "other_hall": (Conflict, "约的不是这个大厅", "", "请核对预约里的大厅"),
    "window_unknown": (NotFound, "没有找到这个窗口", "", "请刷新后再试"),
    "window_not_open": (Conflict, "窗口没有开", "", "请先把窗口设为「办理中」"),
    "window_busy": (Conflict, "窗口还有人", "当前的号还没有办完", "请先办结或过号，再叫下一位"),
    "window_wrong_group": (Conflict, "这个窗口不办这类事", "", "请换能办的窗口叫号"),
    "for_other_window": (
        Conflict,
        "这个号转给了别的窗口",
        lambda f: f"要到{f['number']}号窗口办",
        "请叫下一位",
    ),
    "transfer_where": (Invalid, "没有选转到哪里", "选一个窗口或一类业务", "请选一样"),
    "transfer_closed": (
        Conflict,
        "那个窗口没有开",
        lambda f: f"{f['number']}号窗口今天没有开",
        "请选开着的窗口，或转给一类业务",
    ),
    "transfer_same": (Conflict, "就在这里办", "号码现在就在这个窗口或这类业务", "请选别的窗口"),
    "group_not_served": (Conflict, "这个大厅不办这类业务", "没有窗口办这类业务", "请选别的业务"),
    "skipped_too_often": (
        Conflict,
        "过号次数到了",
        lambda f: f"叫了{f['most']}次都不在，这个号不再叫",
        "请重新取号：先把这个号记为「未到」，再取现场号",
    ),
    "window_status_unknown": (Invalid, "窗口状态不对", "", "请选办理中、暂停或关闭"),
    "queue_empty": (Conflict, "没有人在排队", "这个窗口能办的号都叫完了", "稍等有人取号再叫"),
    "appointment_unknown": (NotFound, "没有找到这个预约", "", _REFRESH),
    "hall_unknown": (NotFound, "没有找到这个大厅", "", _REFRESH),
    "rating_not_finished": (Conflict, "办完才能评价", "", "办结后再来评价"),
    "rating_too_late": (
        Conflict,
        "过了评价时间",
        lambda f: f"办结后{f['days']}天内可以评价",
        "有意见请拨打12345",
    ),
    "rating_out_of_range": (Invalid, "评分不对", "评分是1到5分", "请重新选择"),
    "already_rated": (Conflict, "已经评价过了", "每次办理评价一次", "谢谢您的评价"),
    "capacity_below_booked": (
        Conflict,
        "名额不能比已约的少",
        lambda f: f"已有{f['booked']}人预约",
        "请填不小于这个数的名额",
    ),
    "release_beyond_reach": (
        Invalid,
        "放号太早",
        lambda f: f"这个大厅最多提前{f['days_ahead']}个工作日预约",
        "请把放号提前的天数改小",
    ),
    "release_rest_first": (
        Invalid,
        "第二批比第一批还早",
        "第二批要在第一批之后放出来",
        "请改第二批的时间，或把第一批改成100%",
    ),
    "too_many_places": (
        Conflict,
        "名额太多了",
        lambda f: f"一个时段最多{f['limit']}个名额",
        "请少加一些",
    ),
    "not_video": (Conflict, "这不是视频预约", "", "请到大厅取号"),
    "video_too_early": (
        Conflict,
        "还没有到签到时间",
        lambda f: f"{_at('opens')(f)}起可以签到",
        "到时再点签到，不用提前等",
    ),
    "video_not_called": (
        Conflict,
        "还没有叫到这个号",
        lambda f: f"这个号现在是「{STATE_TEXT[f['state']]}」",
        "请先叫号，再打开视频",
    ),
    "video_closed": (Conflict, "视频现在没有开", "", "请在手机上的预约页面等工作人员打开"),
    "day_past": (Invalid, "这一天已经过了", "", "请选今天或以后"),
    "season_unknown": (NotFound, "没有找到这个时段模板", "", _REFRESH),
    "season_days": (
        Invalid,
        "日期不对",
        lambda f: f"结束日期不能早于开始日期，最长{f['most']}天",
        "请重新选择日期",
    ),
    "season_overlap": (
        Conflict,
        "日期重叠",
        lambda f: f"和「{f['name']}」的日期重叠",
        "请改日期，或先改另一个",
    ),
    "shift_unknown": (NotFound, "没有找到这个班", "", _REFRESH),
    "shift_times": (Invalid, "下班要晚于上班", "", "请改时间"),
    "shift_overlap": (Conflict, "这个窗口那时已有人", "同一个窗口的两个班重叠", "请改时间或窗口"),
    "shift_twice": (Conflict, "这个人那时在别的窗口", "同一个人的两个班重叠", "请改时间或换人"),
    "week_monday": (Invalid, "请选两个不同的周", "用每周的星期一表示", "请重新选择"),
    "week_empty": (Conflict, "没有班可以复制", "那一周没有排班，或日子已经过了", "请选别的周"),
    "week_taken": (
        Conflict,
        "那一周已有排班",
        lambda f: f"已有{f['count']}个班",
        "要换掉它们，请选「替换」",
    ),
    "pace_twice": (Invalid, "业务重复", _place, "一类业务只填一行"),
    "pace_quotas": (Invalid, "比例不对", lambda f: _place(f) + "加起来应是100%", "请改比例"),
    "schedule_overlap": (Invalid, "时段重叠", lambda f: _place(f) + "和前面的重叠", _ROW),
    "schedule_unknown_group": (Invalid, "没有这个业务类别", _place, _ROW),
    "schedule_invalid": (Invalid, "时段填写有误", _place, _ROW),
    "schedule_too_short": (Invalid, "时段太短", lambda f: _place(f) + "不够一个号的时长", _ROW),
}


def worded(refused: Refused) -> DomainError:
    """The error a person gets for an engine refusal, under the same code."""
    kind, title, detail, action = WORDINGS[refused.code]
    text = detail if isinstance(detail, str) else detail(refused.facts)
    return kind(refused.code, title=title, detail=text, action=action)


def title_of(code: str) -> str:
    """A refusal in a few words, for one line of many."""
    return WORDINGS[code][1]


@contextmanager
def in_words() -> Iterator[None]:
    """Engine refusals inside the block leave it as domain errors."""
    try:
        yield
    except Refused as refused:
        raise worded(refused) from refused
