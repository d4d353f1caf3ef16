"""Import: rows of a file as drafts of a department, with a report of what was refused and why.

Imported articles are drafts like any others: they go through both reviews.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domains.knowledge import documents, editing, import_files, naming, rules
from backend.domains.knowledge.field_rules import Problem, problems, title_key
from backend.domains.knowledge.import_fields import Refused, content_of
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

PER_HOUR = "60 per hour"


def run(
    uow: UnitOfWork, who: Principal, raw: bytes, name: str, *, department_id: UUID, dry_run: bool
) -> dict[str, Any]:
    """Make drafts of the rows (or only tell, with `dry_run`); refusals by row, title and reason."""
    uow.services.limiter.hit(PER_HOUR, "article_import", str(uow.actor.id))
    unit = editing.check_department(uow, who, department_id)
    kind = import_files.kind_of(raw, name)
    categories = naming.categories(uow)
    regions = {place.code: place.name for place in organisation.streets(uow.session)}
    taken = _titles(uow)
    accepted, made, refused, read = [], [], [], 0
    for number, row in import_files.rows(raw, kind):
        read += 1
        if read > import_files.ROWS_MOST:
            raise Invalid(
                "too_many_rows", title="文件太大", detail=f"一次最多{import_files.ROWS_MOST}篇",
                action="请拆成几个文件再导入",
            )  # fmt: skip
        title = ""
        try:
            import_files.reason_of(row)
            content = {**editing.BLANK, "issuing_unit": unit}
            content |= content_of(row, categories, regions)
            title = content["title"]
            _check(uow, content, taken)
        except Refused as error:
            refused.append({"row": number, "title": title[:128], "reason": str(error)[:500]})
            continue
        taken.add(title_key(title))
        accepted.append(title)
        if not dry_run:
            new = editing.NewArticle(department_id, content, source=f"import_{kind}")
            made.append(editing.create(uow, who, new).id)
    return {
        "dry_run": dry_run, "format": kind, "read": read, "accepted": len(accepted),
        "titles": accepted[:100], "article_ids": made, "refused": refused,
    }  # fmt: skip


def _check(uow: UnitOfWork, content: dict[str, Any], taken: set[str]) -> None:
    found: list[Problem] = problems(content, local_date(uow.now))
    # What only the editor can say may be filled in later.
    found = [one for one in found if one.field != "category_code" or content["category_code"]]
    if found:
        raise Refused("；".join(one.text for one in found))
    if title_key(content["title"]) in taken:
        raise Refused("已有同名的文章")


def _titles(uow: UnitOfWork) -> set[str]:
    """Titles that are live or on their way: importing a file twice makes nothing twice."""
    rows = uow.session.scalars(
        select(ArticleVersion.title)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(
            Article.state != rules.ARCHIVED,
            ArticleVersion.state.in_((*rules.OPEN_VERSIONS, rules.PUBLISHED)),
        )
    )
    return {title_key(title) for title in rows}


def read(stream: Any) -> bytes:
    """The bytes of an upload, at most 10 MiB."""
    return documents.read_limited(stream)
