"""One row of a register's file: what it says, and why it cannot be taken. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domains.community import rules

OWNER, MEMBER = "owner", "member"
_ROLES = {"": OWNER, "产权人": OWNER, "业主": OWNER, "户籍成员": MEMBER, "家庭成员": MEMBER}
_USES = {
    "": rules.HOME, "住宅": rules.HOME, "住房": rules.HOME, "商铺": rules.SHOP, "商业": rules.SHOP,
    "车位": rules.PARKING, "车库": rules.PARKING,
}  # fmt: skip
_KINDS = {"": rules.PERSON, "个人": rules.PERSON, "单位": rules.COMPANY, "企业": rules.COMPANY}
_YES, _NO = ("是", "有", "1", "Y", "TRUE", "√"), ("否", "无", "0", "N", "FALSE", "没有")
STOREYS_MOST = 200


class Refused(ValueError):
    """The row cannot be taken; the text says why, for the person who sent it."""


@dataclass(frozen=True, slots=True)
class RoomRow:
    """What a row says of its room. `storeys` and `has_lift` are the building's; None: not said."""

    building: str
    entrance: str
    label: str
    storey: int
    area_centi: int
    use: str
    in_roll: bool
    storeys: int | None
    has_lift: bool | None


def room_of(values: Mapping[str, str]) -> RoomRow:
    """The room of a row; `Refused` says what is wrong with it."""
    building = _named(values.get("building", ""), "栋")
    if not 1 <= len(building) <= 40:
        raise Refused("没有楼栋，或者太长")
    entrance = _named(values.get("entrance", ""), "单元")
    if len(entrance) > 40:
        raise Refused("单元名太长")
    label = rules.label_of(values.get("label", ""))
    if label is None:
        raise Refused("房号应像 3-2-501")
    area = rules.area_centi(values.get("area", ""))
    if area is None:
        raise Refused("面积应大于0，最多两位小数，如 89.35")
    use = _USES.get(values.get("use", ""))
    if use is None:
        raise Refused("用途应为住宅、商铺或车位")
    said = _yes_no(values.get("in_roll", ""), "计入表决")
    return RoomRow(
        building=building, entrance=entrance, label=label,
        storey=_storey(values.get("storey", "")), area_centi=area, use=use,
        in_roll=use != rules.PARKING if said is None else said,
        storeys=_storeys(values.get("storeys", "")),
        has_lift=_yes_no(values.get("has_lift", ""), "电梯"),
    )  # fmt: skip


def _named(text: str, unit: str) -> str:
    """`3` in a list's column is `3栋`, or `3单元`: people must read what it is."""
    return f"{text}{unit}" if text.isascii() and text.isdigit() else text


def role_of(values: Mapping[str, str]) -> str:
    """Whether the row's person owns the room or is registered at the house."""
    role = _ROLES.get(values.get("role", ""))
    if role is None:
        raise Refused("身份应为产权人或户籍成员")
    return role


def party_member(values: Mapping[str, str]) -> bool:
    """Whether the row marks a party member."""
    return bool(_yes_no(values.get("party_member", ""), "党员"))


def owner_kind(values: Mapping[str, str]) -> str:
    """个人 or 单位 as the row says; where it does not, by the letters of a company's code."""
    said = values.get("kind", "")
    if said not in _KINDS:
        raise Refused("类型应为个人或单位")
    if said:
        return _KINDS[said]
    plain = values.get("number", "").strip().upper()
    return rules.COMPANY if len(plain) == 18 and not plain[:17].isdigit() else rules.PERSON


def _yes_no(text: str, what: str) -> bool | None:
    plain = text.upper()
    if not plain:
        return None
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise Refused(f"“{what}”请填是或否")


def _storey(text: str) -> int:
    plain = text.removesuffix("层").removesuffix("楼")
    if not plain:
        return 1
    try:
        found = int(plain)
    except ValueError:
        raise Refused("楼层应为整数") from None
    if not -9 <= found <= STOREYS_MOST:
        raise Refused("楼层不对")
    return found


def _storeys(text: str) -> int | None:
    if not text:
        return None
    found = _storey(text)
    if found < 1:
        raise Refused("总层数不对")
    return found
