"""What an item consists of: the shape of a version's content and the words for its codes.

After the fields of an acceptance list in the practice of GB/T 39554 (政务服务事项).
Standard library only.
"""

from typing import NotRequired, TypedDict

LEVELS = {
    "province": "省级",
    "city": "市级",
    "district": "区级",
    "street": "街道（镇）级",
    "community": "社区（村）级",
}
ITEM_CLASSES = {
    "approval": "行政审批和备案",
    "utility": "重点领域和公用事业服务",
    "service": "公共服务",
}
CASE_TYPES = {"instant": "即办件", "promise": "承诺件"}
GROUPS = {
    "shebao": "社保医保",
    "huji": "户籍证件",
    "minzheng": "民政残联",
    "shangshi": "企业商事",
    "fangchan": "不动产住建",
    "zonghe": "综合服务",
}
NECESSITIES = {"required": "必须带", "deferrable": "可以后补", "conditional": "符合情形才要"}
MATERIAL_FORMS = {
    "original": "原件",
    "copy": "复印件",
    "both": "原件和复印件",
    "electronic": "电子版",
    "form": "现场或网上填表",
}
ONLINE_DEPTHS = {
    1: "网上咨询",
    2: "网上收件",
    3: "网上预审",
    4: "网上受理",
    5: "网上办理",
    6: "网上反馈结果",
    7: "全程网办",
}
WHOLLY_ONLINE = 7
RESULT_TYPES = {
    "licence": "证照",
    "approval": "批准文书",
    "certificate": "证明",
    "registration": "登记或备案",
    "payment": "待遇或资金",
    "other": "其他",
}
SCOPES = {
    "local": "本区办理",
    "city": "全市通办",
    "province": "全省通办",
    "national": "跨省通办",
}
AUDIENCES = {"person": "个人", "enterprise": "企业和其他组织", "both": "个人和企业"}
UNITS = {"workday": "个工作日", "day": "天", "hour": "小时"}
THEMES = {
    "shengyu": "生育收养",
    "huji": "户籍证件",
    "jiaoyu": "教育科研",
    "jiuye": "就业创业",
    "shebao": "社会保障",
    "yiliao": "医疗卫生",
    "hunyin": "婚姻登记",
    "zhufang": "住房和不动产",
    "jiaotong": "交通出行",
    "chujing": "出境入境",
    "qiye": "企业开办和变更",
    "zhunying": "准营准办",
    "nashui": "纳税缴费",
    "jiuzhu": "社会救助",
    "canji": "助残服务",
    "yanglao": "退休养老",
    "junren": "退役军人",
    "falv": "法律服务",
    "sannong": "农业农村",
    "wenti": "文化体育旅游",
    "chengjian": "城乡建设管理",
    "huanbao": "生态环境",
    "anquan": "公共安全",
    "shenhou": "身后事",
    "qita": "其他",
}


class Limit(TypedDict):
    """A period: `value` in `unit`; value 0 means while the person waits."""

    value: int
    unit: str


class Material(TypedDict):
    """One paper or file the person brings, and the law that asks for it."""

    name: str
    form: str
    count: int
    necessity: str
    source: str
    replaced_by_licence: str | None
    legal_basis: str
    note: str


class Step(TypedDict):
    """One box of the flow chart; `next` names the boxes that may follow."""

    key: str
    name: str
    actor: str
    limit_text: str
    description: str
    next: list[str]


class Fee(TypedDict):
    """A charge and the rule that allows it."""

    name: str
    amount_text: str
    basis: str


class Place(TypedDict):
    """A hall where the item is handled."""

    hall_code: str
    windows_text: str
    hall_name: NotRequired[str]
    address: NotRequired[str]
    floor: NotRequired[str]
    opening_hours: NotRequired[list[str]]
    phone: NotRequired[str]


class Content(TypedDict):
    """Everything of an item that a version fixes."""

    name: str
    summary: str
    aliases: list[str]
    level: str
    item_class: str
    case_type: str
    group_code: str
    bookable: bool
    audience: str
    themes: list[str]
    legal_limit: Limit | None
    promise_limit: Limit | None
    conditions: list[str]
    materials: list[Material]
    steps: list[Step]
    special_procedures: list[str]
    fees: list[Fee]
    visits: int
    visits_reason: str
    online_depth: int
    places: list[Place]
    consult_phone: str
    complaint_phone: str
    courier: bool
    scope: str
    result_type: str
    result_name: str
    remedies: str
    legal_basis: list[str]


def limit_text(limit: Limit | None) -> str:
    """The period in words; empty where the law sets none."""
    if limit is None:
        return ""
    if limit["value"] == 0:
        return "当场办结"
    return f"{limit['value']}{UNITS[limit['unit']]}"
