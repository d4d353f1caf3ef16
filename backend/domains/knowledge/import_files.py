"""Rows out of files: JSONL, Markdown with a head of fields, Word, Excel. Sizes are limited first."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import docx
import frontmatter
import openpyxl
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from backend.domains.knowledge import documents
from backend.domains.knowledge.import_fields import Refused, field_of

ROWS_MOST, COLUMNS_MOST, HEAD_MOST = 2000, 60, 10_000
_ALIAS = re.compile(r"(?m)(?:^|[\s\[{,:-])[&*][\w-]")
_HEAD = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
Rows = Iterator[tuple[int, dict[str, Any]]]


def kind_of(raw: bytes, name: str) -> str:
    """`jsonl`, `md`, `docx` or `xlsx`: packages by their bytes, texts by the name's end."""
    if raw.startswith(b"PK\x03\x04"):
        return documents.EXTENSIONS[documents.package_kind(raw)]
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending in ("jsonl", "md"):
        return ending
    if ending == "markdown":
        return "md"
    raise documents.refused("只收 jsonl、md、docx、xlsx 文件")


def rows(raw: bytes, kind: str) -> Rows:
    """The rows of a file with their numbers, as they stand there; `Invalid` for no such file.

    A row that cannot be read comes as `{"__refused__": why}`.
    """
    return {"jsonl": _jsonl, "md": _markdown, "docx": _word, "xlsx": _excel}[kind](raw)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise documents.refused("文字编码不是 UTF-8，请另存为 UTF-8 再传") from None


def _jsonl(raw: bytes) -> Rows:
    for number, line in enumerate(_text(raw).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            yield number, {"__refused__": "这一行不是有效的 JSON"}
            continue
        yield number, row if isinstance(row, dict) else {"__refused__": "这一行不是一篇文章"}


def _markdown(raw: bytes) -> Rows:
    text = _text(raw)
    head = _HEAD.match(text)
    if head and (len(head[1]) > HEAD_MOST or _ALIAS.search(head[1])):
        raise documents.refused("文件头里有不能接收的内容")
    try:
        post = frontmatter.loads(text)
    except Exception as error:
        # The YAML reader has errors of its own kind, all of which mean the same here.
        raise documents.refused("文件头写得不对，请检查每行的“名称: 内容”") from error
    body, row = post.content.strip(), dict(post.metadata)
    if not any(field_of(key) == "title" for key in row):
        found = re.match(r"#\s+(.+?)\s*#*\s*(?:\n|\Z)", body)
        if found:
            row["title"], body = found[1], body[found.end() :].strip()
    if body and not any(field_of(key) == "public_text" for key in row):
        row["public_text"] = body
    yield 1, row


def _excel(raw: bytes) -> Rows:
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(max_row=ROWS_MOST + 2, max_col=COLUMNS_MOST, values_only=True)
        heads = [field_of(value) for value in next(lines, ())]
    except (KeyError, ValueError, OSError, IndexError, TypeError, AttributeError):
        raise documents.refused("表格打不开，请另存一份再传") from None
    if "title" not in heads:
        raise documents.refused("第一行要写列名，至少有“标题”和“公开内容”")
    for number, line in enumerate(lines, 2):
        values = [(head, value) for head, value in zip(heads, line, strict=False) if head]
        if any(value not in (None, "") for _, value in values):
            row: dict[str, Any] = {}
            for head, value in values:
                row.setdefault(str(head), value)
            yield number, row


def _word(raw: bytes) -> Rows:
    try:
        document = docx.Document(io.BytesIO(raw))
        row = _word_row(document)
    except (KeyError, ValueError, OSError, AttributeError, SyntaxError):
        raise documents.refused("文档打不开，请另存一份再传") from None
    yield 1, row


def _word_row(document: WordDocument) -> dict[str, Any]:
    row: dict[str, Any] = {}
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            fields = _fields_table(block) if not lines else None
            if fields is not None:
                row.update(fields)
            else:
                lines.extend(_table_lines(block))
        else:
            line = _paragraph_line(block)
            if line and "title" not in row and not lines:
                row["title"] = line.lstrip("# ").strip()
            elif line:
                lines.append(line)
    if lines:
        row.setdefault("public_text", "\n\n".join(lines))
    return row


def _fields_table(table: Table) -> dict[str, Any] | None:
    """A table of two columns before the text whose left cells all name fields."""
    if len(table.columns) != 2:
        return None
    pairs = [(row.cells[0].text, row.cells[1].text) for row in table.rows]
    named = [(field_of(key), value) for key, value in pairs]
    if not named or any(field is None for field, _ in named):
        return None
    return {str(field): value for field, value in named}


def _paragraph_line(paragraph: Paragraph) -> str:
    text = paragraph.text.strip()
    if not text:
        return ""
    style = paragraph.style.name if paragraph.style is not None else ""
    if style.lower() == "title":
        return f"# {text}"
    found = _HEADING.search(style)
    if found:
        return f"{'#' * min(int(found[1]), 6)} {text}"
    return f"- {text}" if "list" in style.lower() else text


def _table_lines(table: Table) -> list[str]:
    lines = []
    for number, row in enumerate(table.rows):
        cells = [" ".join(cell.text.split()).replace("|", "/") for cell in row.cells]
        lines.append(f"| {' | '.join(cells)} |")
        if number == 0:
            lines.append(f"|{' --- |' * len(cells)}")
    return ["\n".join(lines)] if lines else []


def reason_of(row: dict[str, Any]) -> None:
    """Raise `Refused` for a row that could not be read."""
    if "__refused__" in row:
        raise Refused(str(row["__refused__"]))
