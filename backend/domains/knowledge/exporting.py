"""Export of live articles in sight: JSON lines, Excel, or Markdown files in a package.

A cell that a spreadsheet would take for a formula is made a text: an article may hold words that
somebody meant to run on the reader's machine.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import frontmatter
import openpyxl
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import select

from backend.domains.knowledge import access, listing, naming, rules
from backend.domains.knowledge.field_rules import FIELDS, LABELS
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

MOST = 5000
FORMATS = {
    "jsonl": ("application/x-ndjson", "jsonl"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "md": ("application/zip", "zip"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL_MOST = 32_000


def make(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> bytes:
    """The file of the articles that the query means; never a draft, never out of sight."""
    rows = list(_rows(uow, who, query))
    if len(rows) > MOST:
        raise Invalid(
            "too_many_rows", title="内容太多", detail=f"一次最多导出{MOST}篇", action="请先筛选"
        )
    return {"jsonl": _jsonl, "xlsx": _excel, "md": _markdown}[query["format"]](rows)


def _rows(uow: UnitOfWork, who: Principal, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen = access.sight(who)
    wanted = listing.articles(uow, who, query).with_only_columns(Article.id)
    found = uow.session.execute(
        select(Article, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.article_id == Article.id)
        .where(
            Article.id.in_(wanted),
            Article.state == rules.PUBLISHED,
            ArticleVersion.state == rules.PUBLISHED,
            access.visible(seen),
        )
        .order_by(Article.serial)
        .limit(MOST + 1)
    )
    names = organisation.place_names(uow, "department")
    categories = naming.categories(uow)
    for article, version in found:
        inner = seen.whole(article.department_id) or seen.reads_internal(article.department_id)
        content = {field: getattr(version, field) for field in FIELDS}
        if not inner:
            content["internal_text"] = ""
        yield {
            "number": article.number,
            "version": version.number,
            "department": names.get(article.department_id, ""),
            "category_name": categories.get(version.category_code, ""),
            **{key: _plain(value) for key, value in content.items()},
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value


def _jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _markdown(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for row in rows:
            head = {key: value for key, value in row.items() if key != "public_text" and value}
            post = frontmatter.Post(row["public_text"], **head)
            package.writestr(f"{row['number']}.md", frontmatter.dumps(post, allow_unicode=True))
    return out.getvalue()


def _excel(rows: list[dict[str, Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("知识库")
    heads = {"number": "编号", "version": "版本", "department": "部门", **LABELS}
    sheet.append(list(heads.values()))
    for row in rows:
        named = row | {
            "category_code": row["category_name"] or row["category_code"],
            "material_kind": rules.MATERIAL_TEXT.get(row["material_kind"], ""),
            "audience": rules.AUDIENCE_TEXT[row["audience"]],
        }
        sheet.append([_cell(sheet, named[key]) for key in heads])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=safe(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"
    return cell


def safe(value: Any) -> Any:
    """A value that no spreadsheet runs: texts that begin like a formula get an apostrophe."""
    if isinstance(value, list):
        value = "、".join(value)
    if not isinstance(value, str):
        return value
    text = "".join(char for char in value if char in "\n\t" or ord(char) >= 32)[:_CELL_MOST]
    return f"'{text}" if text.startswith(_FORMULA) else text
