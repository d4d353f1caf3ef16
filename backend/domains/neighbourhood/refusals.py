"""The booking engine's refusals, worded for shared rooms and places."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from appointments.rules import Refused
from backend.kernel.errors import Conflict, DomainError, Invalid, NotFound

_OTHER = "请选别的时间"
_WEEK = "请检查时段表"
_WORDS: Mapping[str, tuple[type[DomainError], str, str]] = {
    "slot_unknown": (NotFound, "没有这个时间", _OTHER),
    "slot_closed": (Conflict, "这个时间不开放了", _OTHER),
    "slot_past": (Conflict, "这个时间已经过了", _OTHER),
    "slot_too_soon": (Conflict, "来不及了，要提前至少30分钟预约", _OTHER),
    "slot_not_released": (Conflict, "还没有开放预约", _OTHER),
    "slot_full": (Conflict, "刚被约满了", _OTHER),
    "already_booked": (Conflict, "这一天您已约过这里", "要换时间请先取消原来的"),
    "cancel_too_late": (Conflict, "过了取消时间", "来不了请告诉社区"),
    "schedule_overlap": (Invalid, "时段重叠", _WEEK),
    "schedule_too_short": (Invalid, "时段太短，不够一个时长", _WEEK),
    "schedule_invalid": (Invalid, "时段填写有误", _WEEK),
    "day_past": (Invalid, "这一天已经过了", "请选今天或以后"),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Engine refusals inside the block leave it as domain errors."""
    try:
        yield
    except Refused as refused:
        kind, title, action = _WORDS.get(
            refused.code, (Conflict, "现在不能这样操作", "请刷新后再看")
        )
        raise kind(refused.code, title=title, action=action) from refused
