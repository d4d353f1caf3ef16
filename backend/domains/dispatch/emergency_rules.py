"""Words that mean danger: what must be dialled first, and what is urgent. Pure."""

from dataclasses import dataclass

URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Service:
    """An emergency service and when to call it."""

    number: str
    name: str
    words: tuple[str, ...]
    advice: str


SERVICES = (
    Service(
        "119", "火警和救援",
        ("着火", "起火", "失火", "火灾", "冒烟", "浓烟", "爆炸", "被困", "困在电梯",
         "电梯困人", "坍塌", "倒塌", "落水", "溺水", "要跳楼", "跳楼"),
        "请先拨打119，远离危险，不要返回取物",
    ),
    Service(
        "119", "火警和救援",
        ("燃气泄漏", "煤气泄漏", "天然气泄漏", "燃气味", "煤气味", "天然气味", "煤气的味道",
         "燃气的味道", "天然气的味道", "漏煤气", "漏燃气", "漏天然气", "煤气漏", "燃气漏",
         "天然气漏"),
        "有燃气味时不要开关电灯电器、不要点火，开窗后到室外再拨打119",
    ),
    Service(
        "120", "急救",
        ("昏迷", "晕倒", "流血不止", "大出血", "心脏病", "没有呼吸", "没呼吸", "触电", "中毒",
         "受重伤", "伤势严重", "有人受伤", "快生了", "抽搐"),
        "请先拨打120，守在伤者身边，不要随意搬动",
    ),
    Service(
        "110", "报警",
        ("打架", "斗殴", "持刀", "砍人", "抢劫", "抢夺", "绑架", "入室盗窃", "家暴", "打人",
         "行凶", "偷东西", "诈骗", "轻生", "自杀", "炸弹"),
        "请先拨打110，保持安全距离",
    ),
    Service(
        "122", "交通事故",
        ("车祸", "撞车", "交通事故", "肇事", "撞人"),
        "请先拨打122，有人受伤同时拨打120",
    ),
)  # fmt: skip
NUMBERS = {service.number: service.name for service in SERVICES}

_URGENT_WORDS = (
    "紧急", "危险", "爆管", "水管爆", "喷水", "漏电", "裸露电线", "电线掉", "井盖缺", "井盖丢",
    "井盖没", "没有井盖", "路面塌", "塌陷", "倒在路中", "树倒", "大面积停水", "大面积停电",
    "积水很深", "淹水", "漏气", "燃气味", "煤气味", "砸到", "掉下来", "快掉", "老人走失",
    "孩子走失", "走失",
)  # fmt: skip
# Said so that nothing is happening now.
_NOT_NOW = ("没有着火", "没着火", "怕着火", "防火", "消防栓", "消防通道", "灭火器")


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a caller is shown before anything else; `services` is (number, name), likely first."""

    matched: bool
    services: tuple[tuple[str, str], ...]
    advice: str


def guidance(words: str) -> Guidance:
    """Which emergency services the words call for; not matched when they name no danger."""
    text = words
    for phrase in _NOT_NOW:
        text = text.replace(phrase, "")
    found = [service for service in SERVICES if any(word in text for word in service.words)]
    return Guidance(
        matched=bool(found),
        services=tuple({service.number: service.name for service in found}.items()),
        advice="；".join(service.advice for service in found),
    )


def urgency_of(words: str, category_urgency: str) -> str:
    """`urgent` where the category is, or where the words are of danger; else the category's."""
    if category_urgency == URGENT or guidance(words).matched:
        return URGENT
    if any(word in words for word in _URGENT_WORDS):
        return URGENT
    return category_urgency
