"""Rows out of an Excel or CSV file of a register. Packages are measured before they are unpacked."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import IO

import openpyxl

from backend.kernel.errors import Invalid
from backend.kernel.files import MAX_BYTES

ROWS_MOST, COLUMNS_MOST = 20_000, 30
_UNPACKED_MOST, _PARTS_MOST = 60 * 1024 * 1024, 1000
#: Columns by how files head them; the first name is the one that is documented.
COLUMNS: dict[str, tuple[str, ...]] = {
    "building": ("楼栋", "栋", "楼号", "幢"),
    "entrance": ("单元", "梯"),
    "label": ("房号", "房屋", "房间号", "室号"),
    "storey": ("楼层", "所在层"),
    "area": ("面积", "建筑面积", "专有面积", "专有部分面积"),
    "use": ("用途", "房屋用途"),
    "in_roll": ("计入表决",),
    "storeys": ("总层数", "楼栋层数"),
    "has_lift": ("电梯", "有电梯"),
    "role": ("身份", "登记身份"),
    "kind": ("类型", "产权人类型"),
    "name": ("姓名", "产权人", "业主", "名称"),
    "number": ("证件号码", "身份证号", "证件号"),
    "phone": ("手机", "手机号", "联系电话", "电话"),
    "party_member": ("党员",),
}
NEEDED = ("building", "label", "area")
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}
Row = tuple[int, dict[str, str]]


def read(stream: IO[bytes]) -> bytes:
    """The bytes of an upload; `Invalid` above 10 MiB or when empty."""
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise refused("文件太大，请选10MB以内的")
    if not raw:
        raise refused("文件是空的，请重新选择")
    return raw


def rows(raw: bytes) -> Iterator[Row]:
    """The rows with their numbers as a reader of the file counts them, heads known by name."""
    lines = _excel(raw) if raw.startswith(b"PK\x03\x04") else _csv(raw)
    heads = [_FIELD_OF.get(text.strip().rstrip("：:*")) for text in next(lines, [])]
    missing = [COLUMNS[one][0] for one in NEEDED if one not in heads]
    if missing:
        raise refused(f"第一行要写列名，缺少：{'、'.join(missing)}")
    for number, line in enumerate(lines, 2):
        if number > ROWS_MOST + 1:
            raise refused(f"一次最多{ROWS_MOST}行，请拆成几个文件")
        values = {
            head: text.strip() for head, text in zip(heads, line, strict=False) if head
        }  # fmt: skip
        if any(values.values()):
            yield number, values


def _csv(raw: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refused("打不开，请存成 xlsx 或 CSV 再传")
    if "\0" in text:
        raise refused("打不开，请存成 xlsx 或 CSV 再传")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise refused("CSV 格式不对，请另存一份再传") from None


def _excel(raw: bytes) -> Iterator[list[str]]:
    try:
        _measure(raw)
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(max_row=ROWS_MOST + 2, max_col=COLUMNS_MOST, values_only=True)
        for line in lines:
            yield [_text(value) for value in line]
    except (
        KeyError, ValueError, OSError, IndexError, TypeError, AttributeError, SyntaxError,
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError,
    ):  # fmt: skip
        raise refused("表格打不开，请另存一份再传") from None


def _measure(raw: bytes) -> None:
    """`ValueError` for a package that unpacks to too much, or declares entities."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
        if len(parts) > _PARTS_MOST or sum(one.file_size for one in parts) > _UNPACKED_MOST:
            raise ValueError
        for one in parts:
            if one.filename.endswith((".xml", ".rels")):
                with package.open(one) as part:
                    if b"<!DOCTYPE" in part.read(_UNPACKED_MOST).upper():
                        raise ValueError


def _text(value: object) -> str:
    """A cell as a person reads it: 3 instead of 3.0, 89.35 instead of 89.350000001."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def refused(text: str) -> Invalid:
    """The file cannot be taken."""
    return Invalid("bad_file", title="文件不能用", detail=text, fields={"file": [text]})
