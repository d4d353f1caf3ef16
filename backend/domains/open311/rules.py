"""Decisions of Open311 GeoReport v2: what a request must hold, what a query may ask.

Pure: standard library only. Source: the GeoReport v2 specification (wiki.open311.org).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

OPEN, CLOSED = "open", "closed"
LONGEST_SPAN = timedelta(days=90)
MOST_ROWS = 1000
MOST_DESCRIPTION = 4000
MOST_LISTED = 50
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_.-]{1,40})\](\[\])?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?")
_MOST_VALUE = 500


class BadRequest(Exception):
    """What the caller must mend, as a sentence; answered with 400."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question of a service. `values` are the choices (key, name) of a list."""

    code: str
    datatype: str
    required: bool
    description: str
    datatype_description: str = ""
    order: int = 1
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What `GET requests` asks for. With `ids` everything else is void."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    statuses: frozenset[str] = field(default_factory=lambda: frozenset({OPEN, CLOSED}))


def moment(text: str, name: str) -> datetime:
    """A W3C moment with its offset; raises `BadRequest` for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"{name} 不是有效的时间，例如 2026-11-23T08:00:00+08:00") from None
    if found.tzinfo is None:
        raise BadRequest(f"{name} 需要带时区，例如 2026-11-23T08:00:00+08:00 或以 Z 结尾")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise BadRequest(f"{name} 超出范围") from None


def query(args: Mapping[str, str], now: datetime) -> Query:
    """The query of `GET requests`: the last 90 days where no dates are given."""
    ids = _listed(args, "service_request_id")
    if ids:
        return Query(ids=ids)
    statuses = frozenset(_listed(args, "status")) or frozenset({OPEN, CLOSED})
    if statuses - {OPEN, CLOSED}:
        raise BadRequest("status 只能是 open 或 closed")
    start, end = _span(args, now)
    return Query((), _listed(args, "service_code"), start, end, statuses)


def _span(args: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    first, last = args.get("start_date", "").strip(), args.get("end_date", "").strip()
    end = moment(last, "end_date") if last else None
    if first:
        start = moment(first, "start_date")
        end = end or min(now, _later(start))
    else:
        end = end or now
        start = _earlier(end)
    if end < start:
        raise BadRequest("end_date 早于 start_date")
    if end - start > LONGEST_SPAN:
        raise BadRequest("start_date 到 end_date 不能超过 90 天")
    return start, end


def _later(start: datetime) -> datetime:
    try:
        return start + LONGEST_SPAN
    except OverflowError:
        raise BadRequest("start_date 超出范围") from None


def _earlier(end: datetime) -> datetime:
    try:
        return end - LONGEST_SPAN
    except OverflowError:
        raise BadRequest("end_date 超出范围") from None


def _listed(args: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in args.get(name, "").split(",") if part.strip())
    if len(found) > MOST_LISTED:
        raise BadRequest(f"{name} 一次最多 {MOST_LISTED} 个")
    return found


def place(lat: str, long: str, address: str, address_id: str) -> tuple[float, float] | None:
    """The coordinates, WGS-84; None where words or an address id say the place instead."""
    if not lat and not long:
        if not address.strip() and not address_id.strip():
            raise BadRequest("需要 lat 和 long，或 address_string，或 address_id")
        return None
    if not _NUMBER.fullmatch(lat.strip()) or not _NUMBER.fullmatch(long.strip()):
        raise BadRequest("lat 和 long 要成对给出，用十进制度（WGS-84）")
    latitude, longitude = float(lat), float(long)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadRequest("lat 在 -90 到 90 之间，long 在 -180 到 180 之间")
    return latitude, longitude


def description(text: str) -> str:
    """The words, at most 4,000 characters."""
    text = text.strip()
    if len(text) > MOST_DESCRIPTION:
        raise BadRequest(f"description 最多 {MOST_DESCRIPTION} 个字")
    return text


def media_url(text: str) -> str:
    """An http(s) address, or nothing. It is shown to staff and never fetched from here."""
    text = text.strip()
    if text and (not re.fullmatch(r"https?://[^\s<>\"]+", text) or len(text) > _MOST_VALUE):
        raise BadRequest("media_url 要以 http:// 或 https:// 开头，最多 500 个字符")
    return text


def attributes(
    form: Mapping[str, Sequence[str]], asked: Sequence[Attribute]
) -> dict[str, str | list[str]]:
    """The answers by attribute code, checked against what the service asks.

    Raises `BadRequest` for an unknown attribute, a missing required one or a value that does
    not fit its datatype.
    """
    known = {one.code: one for one in asked}
    given: dict[str, list[str]] = {}
    for key, values in form.items():
        match = _ATTRIBUTE.fullmatch(key)
        if match is None:
            continue
        if match[1] not in known:
            raise BadRequest(f"这类服务没有属性 {match[1]}")
        given.setdefault(match[1], []).extend(v.strip() for v in values if v.strip())
    answers: dict[str, str | list[str]] = {}
    for one in asked:
        values = given.get(one.code, [])
        if not values:
            if one.required:
                raise BadRequest(f"缺少必填属性 attribute[{one.code}]（{one.description}）")
            continue
        for value in values:
            _check(one, value)
        if one.datatype != "multivaluelist" and len(values) > 1:
            raise BadRequest(f"attribute[{one.code}] 只能有一个值")
        answers[one.code] = values if one.datatype == "multivaluelist" else values[0]
    return answers


def _check(one: Attribute, value: str) -> None:
    if len(value) > _MOST_VALUE:
        raise BadRequest(f"attribute[{one.code}] 太长，最多 {_MOST_VALUE} 个字")
    if one.values and value not in {key for key, _ in one.values}:
        raise BadRequest(f"attribute[{one.code}] 不在可选范围内")
    if one.datatype == "number" and not _NUMBER.fullmatch(value):
        raise BadRequest(f"attribute[{one.code}] 要填数字")
    if one.datatype == "datetime":
        moment(value, f"attribute[{one.code}]")


def format_of(name: str) -> str | None:
    """The format an address ends with; None for one that is not spoken here."""
    return name if name in ("xml", "json") else None
