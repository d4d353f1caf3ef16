"""GeoReport's two formats from the same rows: plain JSON arrays and XML by element names."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

# A list inside a row: the element of each member.
_MEMBERS = {
    "attributes": "attribute",
    "values": "value",
    "formats": "format",
    "endpoints": "endpoint",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


def many(rows: Sequence[Mapping[str, Any]], root: str, member: str, form: str) -> str:
    """An array: `<root><member>…` or `[…]`."""
    if form == "json":
        return json.dumps(list(rows), ensure_ascii=False)
    top = ET.Element(root)
    for row in rows:
        _fill(ET.SubElement(top, member), row)
    return _written(top)


def one(row: Mapping[str, Any], root: str, form: str) -> str:
    """A single thing: `<root>…` or `{…}`."""
    if form == "json":
        return json.dumps(row, ensure_ascii=False)
    top = ET.Element(root)
    _fill(top, row)
    return _written(top)


def _fill(element: ET.Element, row: Mapping[str, Any]) -> None:
    for key, value in row.items():
        child = ET.SubElement(element, key)
        if isinstance(value, list):
            for member in value:
                inner = ET.SubElement(child, _MEMBERS[key])
                if isinstance(member, Mapping):
                    _fill(inner, member)
                else:
                    inner.text = _text(member)
        elif value is not None:
            child.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # Control characters that a person pasted have no place in XML 1.0.
    return _NOT_XML.sub("", str(value))


def _written(top: ET.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(top, encoding="unicode")
