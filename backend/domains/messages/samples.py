"""What the messages of each domain say: the names staff know it by, its shortest and longest.

The longest are what the forms behind them let through. A kind says what all of its group say, and
what its own words name.
"""

from collections.abc import Iterable
from datetime import datetime

from backend.kernel.clock import SHANGHAI
from notifications.kinds import Value
from notifications.placeholder_rules import names

_EARLY = datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI)
_LATE = datetime(2027, 12, 28, 14, 30, tzinfo=SHANGHAI)
_TOLD = (
    "工作人员到现场看过，路面破损约三平方米，已摆放警示标志；材料到货后连夜修补，"
    "第二天早高峰前恢复通行，期间请绕行东侧辅路，注意安全。"
)


def long(text: str, length: int) -> str:
    """`text` said again until it has `length` characters."""
    return (text * (length // len(text) + 1))[:length]


def text(key: str, name: str, short: str, longest: str, length: int = 0) -> Value:
    """Words; the longest is repeated up to `length` where that is given."""
    return Value(key, name, short, long(longest, length) if length else longest)


def whole(key: str, name: str, short: str, longest: str) -> Value:
    """A number, an address, a time in words: never shortened."""
    return Value(key, name, short, longest, whole=True)


def moment(key: str, name: str) -> Value:
    """A point in time."""
    return Value(key, name, _EARLY, _LATE)


class Group:
    """What the messages of a domain say: some things always, others only in some kinds."""

    def __init__(self, always: Iterable[Value], sometimes: Iterable[Value] = ()) -> None:
        self._always = tuple(always)
        self._sometimes = tuple(sometimes)

    def of(self, *texts: str) -> tuple[Value, ...]:
        """What is always said, and what `texts` name besides."""
        named = {name for one in texts for name in names(one)}
        return (*self._always, *(one for one in self._sometimes if one.key in named))

    def but(self, changed: Value) -> "Group":
        """The same, with another value for one key."""

        def new(values: Iterable[Value]) -> list[Value]:
            return [changed if one.key == changed.key else one for one in values]

        return Group(new(self._always), new(self._sometimes))

    def wider(self, always: Iterable[Value]) -> "Group":
        """The same, with more that is always said."""
        return Group((*self._always, *always), self._sometimes)


APPOINTMENT = Group((
    text("item_name", "事项", "社保卡挂失", "城乡居民基本养老保险待遇领取资格认证", 200),
    text("hall_name", "大厅", "越和街政务中心", "越和街道党群服务和政务服务综合中心", 100),
    text("hall_address", "大厅地址", "越和街1号", "越和区人民中路东侧与滨河大道交叉口往北约二百米", 200),
    text("hall_floor", "楼层", "", "三楼东侧办事大厅", 50),
    moment("start", "预约时间"),
    whole("receipt_number", "预约号", "A261123-482073-5", "A261123-482073-5"),
))  # fmt: skip
APPOINTMENT_CALLED = APPOINTMENT.wider((
    whole("ticket_no", "票号", "A001", "A001"), whole("window_number", "窗口号", "1", "128"),
))  # fmt: skip
APPOINTMENT_VIDEO = APPOINTMENT.wider((whole("ticket_no", "票号", "A001", "A001"),))
CONSENT = Group((
    text("other_name", "对方姓名", "张*", "欧阳**"),
    text("item_name", "事项", "各类事项", "城乡居民基本养老保险待遇领取资格认证", 200),
    text("what", "什么事", "想替您办事", "窗口登记了代办委托"),
    text("until_text", "到哪天", "1月4日（周一）", "12月28日（周二）"),
    moment("at", "时间"),
))  # fmt: skip
APPOINTMENT_RESCHEDULED = APPOINTMENT.wider((
    moment("from_start", "原来的时间"),
    text("from_hall_name", "原来的大厅", "越和街政务中心", "越和街道党群服务和政务服务综合中心", 100),
))  # fmt: skip
APPOINTMENT_CANCELLED = APPOINTMENT.wider((
    text("reason_text", "取消原因", "", f"：{long('系统升级，当天不办理', 60)}"),
))  # fmt: skip
_PLACE_OF_HALL = (
    text("item_name", "事项", "社保卡挂失", "城乡居民基本养老保险待遇领取资格认证", 200),
    text("hall_name", "大厅", "越和街政务中心", "越和街道党群服务和政务服务综合中心", 100),
)
KEPT_PLACE = Group((
    *_PLACE_OF_HALL,
    text("hall_address", "大厅地址", "越和街1号", "越和区人民中路东侧与滨河大道交叉口往北约二百米", 200),
    text("hall_floor", "楼层", "", "三楼东侧办事大厅", 50),
    moment("start", "留的时间"), moment("expires_at", "留到什么时候"),
))  # fmt: skip
WAITING = Group((
    *_PLACE_OF_HALL,
    whole("day_text", "哪一天", "1月4日（周一）", "12月28日（周二）"),
    text("why_text", "为什么结束", "没有等到名额", "留的名额没有确认"),
))  # fmt: skip

EVENING = Group((
    text("count", "条数", "2", "50"), moment("at", "汇总时间"),
    text("first", "第一条的标题", "落实到20%：路灯修复", "落实到百分之二十：人民中路路灯修复", 100),
    text("titles", "各条的标题", "落实到20%：路灯修复；这次没有到场", "落实到20%：路灯修复；", 120),
))  # fmt: skip

_PLACE = text("place", "地点", "桂香苑", "越和街道桂香社区人民中路东侧滨河大道口", 200)
_TITLE = text("title", "标题", "路灯不亮", "人民中路与滨河大道路口往北约五十米处人行道地砖松动", 80)
_AT = moment("at", "发生时间")
_DUE = moment("due", "时限")
_UNTIL = whole("until", "什么时候前", "尽快", "在12月28日（周二）14:30前")
_BY = text("by_name", "谁要求的", "王兰", "欧阳", 30)
_WHAT = text("what", "什么事", "挂账申请", "请派人到现场核实情况", 500)
_WORDS = text("words", "说明", "请尽快。", _TOLD, 1000)
_PUBLIC = text("public_text", "答复", "已修好", _TOLD, 1000)
_CLOCK = text("clock_text", "哪个时限", "认领", "联系来电人")

EVENT = Group(
    (
        whole("number", "编号", "E261123-482073-5", "E261123-482073-5"),
        _TITLE, _PLACE, _AT,
        text("urgency_text", "是否紧急", "", "紧急"),
    ),
    (
        text("next_text", "接下来", "会联系您", "在12月28日（周二）14:30前会有人认领，认领了马上告诉您。"),
        text("staff_name", "谁负责", "王兰", "欧阳", 30),
        moment("visit", "上门时间"),
        _PUBLIC,
        whole("parent_number", "并入的编号", "E261123-482073-5", "E261123-482073-5"),
        text("ended_title", "怎么结束", "已撤销", "已转12345"),
        text("ended_text", "结束说明", "这件事不再处理。", "已转12345热线继续办理，工单号", 80),
        text("ended_state", "结束状态", "已撤销", "已转出"),
        _BY,
        text("note", "附言", "", _TOLD, 500),
        _WHAT,
        text("task_title", "任务", "吹哨", "请协办"),
        _WORDS, _CLOCK,
        text("reason", "原因", "内容不适合公开", _TOLD, 500),
    ),
)  # fmt: skip
EVENT_WORK = EVENT.wider((_DUE, _UNTIL))
#: What has a headline: what became of a request, who did not come.
EVENT_NEWS = EVENT_WORK.but(text("what", "什么事", "挂账申请", "没有接受指派"))

TICKET = Group(
    (
        whole("number", "编号", "R261123-482073-5", "R261123-482073-5"),
        _TITLE, _PLACE, _AT,
    ),
    (
        text("next_text", "接下来", "话务员会查清楚再答复您。", "受理后会转给负责的单位。"),
        text("public_text", "答复", "已修好", _TOLD, 4000),
        whole(
            "article_text", "依据网址", "",
            " 参考《城乡居民基本医疗保险参保登记常见问题》：https://huying.example.gov.cn/#/packages/ask"
            "/article?id=01890a5d-ac96-774b-bcce-b302099a8057",
        ),
        text("ended_title", "怎么结束", "不予受理", "不予受理"),
        text("ended_text", "结束说明", "这件事不能由热线受理。", _TOLD, 1000),
        text("ended_state", "结束状态", "不予受理", "不予受理"),
        text("unit_name", "承办单位", "区城管局", "越和区住房和城乡建设局物业管理科", 80),
        text("role_text", "主办还是协办", "主办", "协办"),
        _BY, _CLOCK, _WORDS,
        text("what", "什么事", "待派单", "延期申请已同意"),
    ),
)  # fmt: skip
TICKET_WORK = TICKET.wider((_DUE, _UNTIL))

ARTICLE = Group(
    (
        whole("number", "编号", "Z2611-0042", "Z2611-0042"),
        text("title", "标题", "社保卡补领", "城乡居民基本医疗保险参保登记和待遇享受期常见问题", 128),
        text("place", "地点", "12345知识库", "12345知识库"),
        _AT, _DUE, _UNTIL,
    ),
    (
        text("step_text", "审核环节", "部门审核", "热线中心审核"),
        _BY,
        text("reason", "原因", "请补材料", _TOLD, 500),
        whole("days", "还有几天", "1", "30"),
        whole("expires", "失效日期", "2027年1月4日", "2027年12月28日"),
        text("what", "什么状态", "已失效", "已下架"),
        text("words", "说明", "请核对。", _TOLD, 500),
        whole("due_text", "时限状态", "快到期", "已超时"),
        text("result", "结果", "已采纳", "未采纳"),
    ),
)  # fmt: skip

HOME = Group(
    (
        text("label", "房号", "3-2-501", "12栋2单元2501、12栋2单元2502、12栋2单元2503等8套"),
        text("place", "小区", "桂香苑", "越和街道桂香社区滨河花园", 60),
        text("title", "事情", "房屋过户", "住处待确认"),
        _AT,
        text("reason", "原因", "", _TOLD, 200),
    ),
    (
        text("relation_text", "什么关系", "租户", "家庭成员"),
        text("result", "结果", "已撤销", "没有通过"),
        text("until_text", "期限", "到2027年1月4日", f"议题《{long('滨河花园电梯更新改造方案', 60)}》"),
    ),
)  # fmt: skip

TOPIC = Group(
    (
        whole("number", "编号", "Y261123-482073-5", "Y261123-482073-5"),
        text("title", "标题", "加装电梯", "滨河花园三号楼加装电梯和更换老旧消防管道", 60),
        text("place", "小区", "桂香苑", "越和街道桂香社区滨河花园", 60),
        text("state_text", "状态", "讨论中", "待公布结果"),
        _AT,
    ),
    (
        text("needed", "还要几人联名", "1", "128"),
        text("until_text", "截止时间", "1月4日（周一）9:00", "12月28日（周二）14:30"),
        text("words", "说明", "请看。", _TOLD, 500),
        text("reason", "原因", "已撤回", _TOLD, 500),
        text("percent", "完成百分之几", "5", "100"),
        text("text", "进展", "已开工", _TOLD, 1000),
        text("result", "结果", "成立", "不成立"),
        text("what", "什么内容", "意见", "议题和附图"),
        text("result_text", "检查结果", "已公开", "已保存，稍后检查"),
    ),
)  # fmt: skip

ACTIVITY = Group(
    (
        text("title", "活动", "义诊", "社区老年人智能手机使用培训和反诈宣传", 60),
        text("place", "地点", "党群中心", "越和街道桂香社区党群服务中心三楼多功能厅", 100),
        moment("starts_at", "开始时间"),
        moment("at", "发生时间"),
    ),
    (
        text("ahead", "前面几人", "0", "128"),
        moment("until", "确认期限"),
        text("gone_text", "怎么结束", "候补结束", "名额过时了"),
        text("gone_body", "结束说明", "活动开始了，这次没有轮到。", "没有在时间内确认，名额让给了下一位。"),
        text("reason", "原因", "", _TOLD, 200),
        text("hours_text", "时长", "半小时", "12小时30分钟"),
        text("points", "积分", "1", "120"),
    ),
)  # fmt: skip

REPORT = Group(
    (text("place", "社区", "桂香社区", "越和街道桂香社区", 60),),
    (
        text("result", "结果", "已确认", "未通过"),
        text("report_body", "结果说明", "可以认领岗位和微心愿了。", _TOLD, 200),
    ),
)  # fmt: skip

CARE = Group(
    (
        text("title", "标题", "买菜", "给独居的奶奶读报、换灯泡，陪她去医院拿药", 40),
        text("place", "地点", "社区", "社区"),
        _AT,
        text("what", "什么事", "请您帮忙", "心愿完成了吗"),
        text("words", "说明", "请打开选一位。", _TOLD, 200),
    ),
    (text("phrase", "待办", "待选择", "待完成"),),
)  # fmt: skip

RESOURCE = Group(
    (
        text("title", "场地", "棋牌室", "党群服务中心三楼多功能厅", 60),
        text("place", "地点", "桂香社区", "越和街道桂香社区", 60),
        moment("starts_at", "开始时间"),
        moment("at", "发生时间"),
    ),
    (text("reason", "原因", "", _TOLD, 200),),
)  # fmt: skip

# Nothing in it tells of a person: it goes to groups.
ROOM = Group((), (
    text("category", "类别", "路灯", "物业服务和房屋维修资金使用"),
    text("street", "街道", "全区", "越和街道", 40),
    whole("number", "编号", "E261123-482073-5", "E261123-482073-5"),
    text("urgency_text", "是否紧急", "", "紧急"),
    text("title", "标题", "社保卡补领", "城乡居民基本医疗保险参保登记和待遇享受期常见问题", 128),
    text("role_text", "主办还是协办", "主办", "协办"),
    text("step_text", "审核环节", "部门审核", "中心审核"),
    whole("days", "还有几天", "1", "30"),
    _UNTIL, _DUE, _CLOCK, _BY,
))  # fmt: skip

NEWS = Group((
    text("title", "标题", "停水通知", "滨河花园一带夜间停水检修和应急供水点安排", 100),
    text("body", "正文", "今晚停水。", _TOLD, 900),
    text("sms", "短信内容", "今晚停水，请提前备水。", _TOLD, 469),
    text("district", "发布单位", "越和区", "越和区"),
    moment("at", "发布时间"),
))  # fmt: skip
