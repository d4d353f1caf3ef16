"""Templates as they are registered with WeChat: the fields that a message must fill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# `预约时间:{{time2.DATA}}`, one field a line; a service account's own words may stand around it.
_FIELD = re.compile(r"(?:([^\n{}:：]{1,40})[:：]\s*)?\{\{\s*([A-Za-z_]+[0-9]*)\.DATA\s*\}\}")
#: WeChat's number for templates that are granted until withdrawn; 2 is for one send each.
_LONG_TERM = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key, the words before it on the card, and the values it is limited to."""

    key: str
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """A template of the account. ``long_term`` is None where WeChat does not say."""

    template_id: str
    title: str
    long_term: bool | None
    fields: tuple[Field, ...]

    def label(self, key: str) -> str:
        """The words before a field; its key where the template has none of that name."""
        return next((one.label for one in self.fields if one.key == key and one.label), key)


def read_subscribe(row: Mapping[str, Any]) -> Registered:
    """One row of ``wxaapi/newtmpl/gettemplate``."""
    listed = row.get("keywordEnumValueList")
    choices = {
        str(one.get("keywordCode", "")).removesuffix(".DATA"): one.get("enumValueList") or ()
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    }
    return Registered(
        template_id=str(row.get("priTmplId", "")),
        title=str(row.get("title", "")),
        long_term=row.get("type") == _LONG_TERM,
        fields=_fields(row, choices),
    )


def read_service(row: Mapping[str, Any]) -> Registered:
    """One row of ``cgi-bin/template/get_all_private_template``."""
    title = str(row.get("title", ""))
    return Registered(str(row.get("template_id", "")), title, None, _fields(row, {}))


def _fields(row: Mapping[str, Any], choices: Mapping[str, Iterable[Any]]) -> tuple[Field, ...]:
    content = str(row.get("content", ""))
    return tuple(
        Field(key, (label or "").strip(), tuple(str(one) for one in choices.get(key, ())))
        for label, key in _FIELD.findall(content)
    )
