"""Around articles over HTTP: staff's answers, corrections, unanswered questions, usage, import."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.domains.knowledge import (
    access,
    answering,
    bulk,
    correcting_view,
    corrections,
    importing,
    misses,
    usage,
    viewing,
)
from backend.domains.knowledge import desk_schemas as s
from backend.domains.knowledge.staff_schemas import (
    ArticleSchema,
    CorrectionPageSchema,
    CorrectionSchema,
)
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG
from backend.http.context import principal, reset, services, uow
from backend.http.mutation import mutation
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid

bp = blueprint("staff_knowledge", "知识库：坐席检索、纠错、未答问题、使用情况、导入")
_USAGE_DAYS = 29
_USAGE_MOST = 366


@bp.route("/staff/answers", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.StaffAnswerQuerySchema, location="query")
@bp.response(200, s.StaffAnswersSchema)
def answers(query: dict[str, Any]) -> dict[str, Any]:
    """Articles, items and closed tickets that answer a caller's words."""
    found = answering.for_staff(uow(), principal(), query)
    reset()
    answering.note_staff_miss(services(), query, found, principal())
    return found


@bp.route("/staff/articles/<uuid:article_id>/corrections", methods=["POST"])
@guards.staff(access.CORRECT)
@mutation
@bp.arguments(s.NewCorrectionSchema)
@bp.response(201, CorrectionSchema)
def correct(body: dict[str, Any], article_id: UUID) -> dict[str, Any]:
    """Tell the department of a mistake; it answers within two working days."""
    row = corrections.ask(uow(), principal(), article_id, body["words"], body["quote"])
    return correcting_view.one(uow(), principal(), row)


@bp.route("/staff/corrections", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.CorrectionQuerySchema, location="query")
@bp.response(200, CorrectionPageSchema)
def list_corrections(query: dict[str, Any]) -> dict[str, Any]:
    """One's own corrections and those of one's department, the newest first."""
    return correcting_view.page(
        uow(), principal(), state=query["state"], limit=query["limit"], cursor=query["cursor"]
    )


@bp.route("/staff/corrections/<uuid:correction_id>/answer", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.CorrectionAnswerSchema)
@bp.response(200, CorrectionSchema)
def answer(body: dict[str, Any], correction_id: UUID) -> dict[str, Any]:
    """Take it up (a draft is opened) or say why not."""
    given = corrections.Answer(body["accepted"], body["answer"])
    row = corrections.answer(uow(), principal(), correction_id, given)
    return correcting_view.one(uow(), principal(), row)


@bp.route("/staff/search-misses", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.MissQuerySchema, location="query")
@bp.response(200, s.MissPageSchema)
def list_misses(query: dict[str, Any]) -> dict[str, Any]:
    """What was asked and not answered, the most asked first."""
    return misses.page(uow(), principal(), **query)


@bp.route("/staff/search-misses/<uuid:miss_id>/dismissals", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.arguments(s.MissDismissalSchema)
@bp.response(200, s.MissSchema)
def dismiss(body: dict[str, Any], miss_id: UUID) -> dict[str, Any]:
    """Nothing is to be written for it, with the reason."""
    return misses.dismiss(uow(), principal(), miss_id, body["reason"])


@bp.route("/staff/search-misses/<uuid:miss_id>/articles", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.MissArticleSchema)
@bp.response(201, ArticleSchema, headers=ETAG)
def fill(body: dict[str, Any], miss_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Begin an article that answers it."""
    article = misses.fill(uow(), principal(), miss_id, body["department_id"], body["title"])
    found = viewing.show(uow(), principal(), article.id)
    return found, 201, {"ETag": f'"{found["etag"]}"'}


@bp.route("/staff/knowledge-usage", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.UsageQuerySchema, location="query")
@bp.response(200, s.KnowledgeUsageSchema)
def used(query: dict[str, Any]) -> dict[str, Any]:
    """The most used articles between two days."""
    end = query["to"] or local_date(uow().now)
    begin = query["from_"] or end - timedelta(days=_USAGE_DAYS)
    if not timedelta(0) <= end - begin <= timedelta(days=_USAGE_MOST):
        text = "起止日期应按先后，最多相隔一年"
        raise Invalid("bad_span", detail=text, fields={"from": [text]})
    rows = usage.report(uow(), principal(), begin, end)
    return {"from": begin, "to": end, "items": rows, "next_cursor": None}


@bp.route("/staff/article-imports", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.ArticleImportSchema, location="upload")
@bp.response(200, s.ArticleImportReportSchema)
def import_articles(form: dict[str, Any]) -> dict[str, Any]:
    """Make drafts from a file (jsonl, md, docx, xlsx), or only tell what would become of it."""
    return importing.run(
        uow(),
        principal(),
        importing.read(form["file"].stream),
        form["file"].filename or "",
        department_id=form["department_id"],
        dry_run=form["dry_run"],
    )


@bp.route("/staff/article-submissions", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.ArticleSubmissionsSchema)
@bp.response(200, s.ArticleSubmissionsReportSchema)
def submit_several(body: dict[str, Any]) -> dict[str, Any]:
    """Hand several drafts to the department's reviewer; each that cannot be says why."""
    return bulk.submit(uow(), principal(), body["article_ids"])
