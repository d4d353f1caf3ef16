"""A ticket's words for everybody: names that a dictionary or the ticket knows, and all numbers, go."""

import re

import rjieba

from backend.domains.hotline.model import Ticket
from backend.domains.hotline.scrub_rules import scrub
from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork

_HAN = re.compile(r"[\u3400-\u9fff]{2,4}")
# What the dictionary takes for names and nobody is called: found by counting over the public
# corpora of tickets. Words that can be a given name (文明, 阳光) are not here and go.
_NO_NAMES = frozenset(
    [
        "井盖",
        "石墩",
        "红绿灯",
        "路基",
        "延长线",
        "马路边",
        "宿舍楼",
        "麻将馆",
        "摩托",
        "沙石",
        "盏灯",
        "大小便",
        "暴风雨",
        "洪水",
        "幼儿园",
        "小学生",
        "初中生",
        "青少年",
        "师范生",
        "小升初",
        "高三",
        "养老金",
        "养老",
        "续保",
        "银行卡",
        "许可证",
        "许可",
        "通知书",
        "承诺书",
        "公开信",
        "养狗证",
        "盖章",
        "申请人",
        "承建商",
        "仲裁委",
        "高新区",
        "公共安全",
        "安全法",
        "广大群众",
        "老公",
        "孙子",
        "顾客",
        "顾问",
        "老同志",
        "宝宝",
        "黑名单",
        "张贴",
        "张贴人",
        "克扣",
        "拉客",
        "养狗",
        "屠宰",
        "拓宽",
        "采石",
        "付清",
        "左转",
        "陈述",
        "拜托",
        "谢谢",
        "谢谢您",
        "安静",
        "高昂",
        "太贵",
        "齐全",
        "权威",
        "杜绝",
        "幸福感",
        "小城镇",
        "小镇",
        "何时能",
        "何时休",
        "段时间",
        "令人",
        "严肃处理",
        "严肃查处",
        "严格执行",
        "采取措施",
        "普惠性",
        "满天飞",
        "石沉大海",
    ]
)


def scrubbed(uow: UnitOfWork, ticket: Ticket, text: str) -> str:
    """`text` of the ticket without the caller's name, names of people, and numbers."""
    names = {*caller_names(uow, ticket), *people_in(text)}
    return scrub(text, names)


def caller_names(uow: UnitOfWork, ticket: Ticket) -> list[str]:
    """Under which names the caller may stand in the words: as told, and as registered."""
    found = []
    if ticket.caller_name_sealed:
        found.append(uow.services.privacy.open(ticket.caller_name_sealed))
    if ticket.person_id:
        card = identity.person_cards(uow, {ticket.person_id}).get(ticket.person_id)
        found += [card.name] if card else []
    return found


def people_in(text: str) -> set[str]:
    """What the dictionary takes for names of people, two to four characters long."""
    found = {word for word, tag in rjieba.tag(text) if tag.startswith("nr")}
    return {word for word in found - _NO_NAMES if _HAN.fullmatch(word)}
