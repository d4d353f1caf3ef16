"""Shared schema parts: unknown fields are refused, times carry their offset, texts a limit."""

import base64
import json
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from backend.http import wording
from backend.kernel.clock import local
from backend.kernel.errors import Invalid

wording.apply()


class Schema(ma.Schema):
    """Parent of every schema. Unknown fields are an error, not silently dropped."""

    class Meta:
        """Strictness for all."""

        unknown = ma.RAISE

    error_messages = {  # noqa: RUF012 - marshmallow declares it as an instance variable
        "unknown": "没有这一项",
        "type": "应为 JSON 对象",
    }


class Moment(ma.fields.Field[datetime]):
    """A moment as ISO 8601 with the offset of Asia/Shanghai, to the second; from 1970 to 2199.

    Earlier ones have offsets with seconds, which ISO 8601 cannot say.
    """

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else local(value).isoformat(timespec="seconds")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ma.ValidationError("时间格式不对，应像 2026-11-23T09:30:00+08:00") from None
        if moment.tzinfo is None:
            raise ma.ValidationError("时间要带时区，应像 2026-11-23T09:30:00+08:00")
        if not 1970 <= moment.year < 2200:
            raise ma.ValidationError("时间应在 1970 年到 2199 年之间")
        return moment


class Day(ma.fields.Date):
    """A day that arithmetic and the calendar can bear: 1900-01-01 to 2199-12-31."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= day.year < 2200:
            raise ma.ValidationError("日期应在 1900 年到 2199 年之间")
        return day


class ShortText(ma.fields.String):
    """One line of text: trimmed, in NFC, 1 (or 0, if not `needed`) to `maximum` characters.

    Control and bidirectional-override characters are refused: they can disguise a name.
    """

    def __init__(self, maximum: int = 100, *, needed: bool = True, lines: bool = False, **kw: Any):
        low = 1 if needed else 0
        super().__init__(
            validate=ma.validate.Length(low, maximum, error=self._length(low, maximum)), **kw
        )
        self._lines = lines

    @staticmethod
    def _length(low: int, maximum: int) -> str:
        return f"请填写，最多{maximum}个字" if low else f"最多{maximum}个字"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize(
            "NFC", super()._deserialize(value, attr, data, **kwargs)
        ).strip()
        allowed = "\n" if self._lines else ""
        if any(
            unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in allowed
            for char in text
        ):
            raise ma.ValidationError("含有看不见的特殊字符，请重新输入")
        return text


class FilePart(Upload):  # type: ignore[misc]  # untyped upstream
    """A file of a multipart form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ma.ValidationError("请选一个文件")
        return value


class Code(ma.fields.String):
    """One of a closed list of codes, in an answer; the document lists them."""

    def __init__(self, codes: Iterable[str], **kwargs: Any):
        super().__init__(validate=ma.validate.OneOf(list(codes)), **kwargs)


class PageArgs(Schema):
    """`?cursor=&limit=` of every list."""

    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(max=300))
    limit = ma.fields.Integer(
        load_default=20, validate=ma.validate.Range(1, 100, error="应在1到100之间")
    )


def page_schema(item: type[Schema], **extra: ma.fields.Field[Any]) -> type[Schema]:
    """The schema of a list answer whose rows are `item`."""
    fields: dict[str, Any] = {
        "items": ma.fields.List(ma.fields.Nested(item)),
        "next_cursor": ma.fields.String(allow_none=True),
        **extra,
    }
    return Schema.from_dict(fields, name=f"{item.__name__.removesuffix('Schema')}Page")  # type: ignore[return-value]  # a generated subclass


def paginate(
    session: Session, query: Select[Any], keys: list[Any], *, limit: int, cursor: str | None,
    descending: bool = True,
) -> tuple[list[Any], str | None]:  # fmt: skip
    """One page of `query`, ordered by the columns `keys` (unique together), and the next cursor."""
    if cursor:
        values = _decode(cursor, keys)
        bound = tuple_(*keys) < tuple_(*values) if descending else tuple_(*keys) > tuple_(*values)
        query = query.where(bound)
    order = [key.desc() if descending else key.asc() for key in keys]
    rows = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], cursor_at([getattr(last, key.key) for key in keys])


def cursor_at(values: list[Any]) -> str:
    """The cursor of the page that begins after the row with these values of the keys."""
    plain = [v.isoformat() if isinstance(v, datetime) else str(v) for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode()


def _decode(cursor: str, keys: list[Any]) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(plain, list) or len(plain) != len(keys):
            raise ValueError
        return [_typed(key, value) for key, value in zip(keys, plain, strict=True)]
    except (ValueError, TypeError, AttributeError):
        raise Invalid("bad_cursor", title="翻页标记无效", action="请回到第一页") from None


def _typed(key: Any, value: Any) -> Any:
    kind = key.type.python_type
    if not isinstance(value, str):
        raise ValueError
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    return kind(value)
