"""Articles over HTTP for those who write, review and keep them."""

from typing import Any
from uuid import UUID

from flask import Response, request

from backend.domains.knowledge import (
    access,
    bodies,
    comparing,
    documents,
    editing,
    exporting,
    file_answers,
    listing,
    living,
    naming,
    reviewing,
    viewing,
)
from backend.domains.knowledge import staff_schemas as s
from backend.domains.knowledge.model import Article
from backend.http import guards, problems
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, reset, uow
from backend.http.mutation import mutation
from backend.http.openapi_details import REF

bp = blueprint("staff_articles", "知识库：采编、审核、发布、归档")
Answer = tuple[dict[str, Any], int, dict[str, str]]
_ARTICLE = "/staff/articles/<uuid:article_id>"
_MAYBE_MATCH = {**IF_MATCH, "required": False}
STALE: dict[str, Any] = {
    "412": {
        "description": "Somebody saved meanwhile; `current` is the article as it is now",
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [
                        {"$ref": REF + "Problem"},
                        {
                            "type": "object",
                            "required": ["current"],
                            "properties": {"current": {"$ref": REF + "Article"}},
                        },
                    ]
                }
            }
        },
    }
}


def _match() -> str | None:
    return request.headers.get("If-Match")


def _shown(article: Article, status: int = 200) -> Answer:
    found = viewing.of(uow(), principal(), article)
    return found, status, {"ETag": f'"{found["etag"]}"'}


@bp.route("/staff/articles", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.ArticleQuerySchema, location="query")
@bp.response(200, s.ArticlePageSchema)
def articles(query: dict[str, Any]) -> dict[str, Any]:
    """Articles in sight, the last changed first."""
    return listing.page(uow(), principal(), query)


@bp.route("/staff/articles", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.NewArticleSchema)
@bp.response(201, s.ArticleSchema, headers=ETAG)
def create(body: dict[str, Any]) -> Answer:
    """Make an article with its first draft in one's own department."""
    return _shown(editing.create(uow(), principal(), bodies.new_article(body)), 201)


@bp.route("/staff/article-options", methods=["GET"])
@guards.staff(access.READ)
@bp.response(200, s.ArticleOptionsSchema)
def options() -> dict[str, Any]:
    """Categories, kinds, regions and departments to choose from."""
    return naming.options(uow())


@bp.route("/staff/articles/export", methods=["GET"])
@guards.staff(access.READ)
@bp.doc(**file_answers.EXPORT_DOC)
@bp.arguments(s.ExportQuerySchema, location="query")
def export(query: dict[str, Any]) -> Response:
    """Live articles in sight as a file; at most 5000."""
    made = exporting.make(uow(), principal(), query)
    return file_answers.export(made, query["format"])


@bp.route("/staff/article-files", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.arguments(s.ArticleUploadSchema, location="upload")
@bp.response(201, s.UploadedArticleFileSchema)
def upload(form: dict[str, Any]) -> dict[str, Any]:
    """Upload an attachment, to be named in a draft."""
    row = documents.upload(uow(), form["file"].stream)
    return bodies.uploaded(row, form["file"].filename or "")


@bp.route("/staff/article-files/<uuid:file_id>", methods=["GET"])
@guards.staff(access.EDIT)
@bp.doc(**file_answers.DOC)
def own_file(file_id: UUID) -> Response:
    """An attachment one has uploaded."""
    return file_answers.answer(documents.own(uow(), file_id))


@bp.route(_ARTICLE, methods=["GET"])
@guards.staff(access.READ)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def show(article_id: UUID) -> Answer:
    """One article; the ETag is what the next save must name in If-Match."""
    return _shown(access.article(uow(), principal(), article_id))


@bp.route(f"{_ARTICLE}/files/<uuid:file_id>", methods=["GET"])
@guards.staff(access.READ)
@bp.doc(**file_answers.DOC)
def show_file(article_id: UUID, file_id: UUID) -> Response:
    """An attachment of a version in sight."""
    return file_answers.answer(documents.for_staff(uow(), principal(), article_id, file_id))


@bp.route(f"{_ARTICLE}/draft", methods=["PUT"])
@guards.staff(access.EDIT)
@mutation
@bp.doc(parameters=[IF_MATCH], responses=STALE)
@bp.arguments(s.ArticleContentSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def save(body: dict[str, Any], article_id: UUID) -> Answer | Response:
    """Save the draft, or begin the next version; needs If-Match.

    When somebody saved meanwhile the 412 carries the article as it is now in `current`, so that
    both wordings can be put side by side and nobody's words are lost.
    """
    try:
        return _shown(editing.save(uow(), principal(), article_id, bodies.draft(body), _match()))
    except editing.StaleDraft as stale:
        # What was claimed and locked is let go before the present state is read.
        uow().session.rollback()
        reset()
        current = viewing.show(uow(), principal(), article_id)
        return bodies.stale(problems.from_domain(stale), s.ArticleSchema().dump(current))


@bp.route(f"{_ARTICLE}/draft", methods=["DELETE"])
@guards.staff(access.EDIT)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.response(200, s.ArticleSchema, headers=ETAG)
def discard(article_id: UUID) -> Answer:
    """Give up the draft; it stays in the history."""
    return _shown(editing.discard(uow(), principal(), article_id, _match()))


@bp.route(f"{_ARTICLE}/drafts", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleDraftFromSchema)
@bp.response(201, s.ArticleSchema, headers=ETAG)
def open_draft(body: dict[str, Any], article_id: UUID) -> Answer:
    """Begin the next version from the live one, or from an older one by its number."""
    article = editing.open_draft(uow(), principal(), article_id, _match(), body["number"])
    return _shown(article, 201)


@bp.route(f"{_ARTICLE}/submissions", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleStepSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def submit(body: dict[str, Any], article_id: UUID) -> Answer:
    """Hand the draft to the department's reviewer; 422 lists what is missing."""
    return _shown(reviewing.submit(uow(), principal(), article_id, _match()))


@bp.route(f"{_ARTICLE}/recalls", methods=["POST"])
@guards.staff(access.EDIT)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleStepSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def recall(body: dict[str, Any], article_id: UUID) -> Answer:
    """Take the version back out of review to change it."""
    return _shown(reviewing.recall(uow(), principal(), article_id, _match()))


@bp.route(f"{_ARTICLE}/approvals", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleStepSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def approve(body: dict[str, Any], article_id: UUID) -> Answer:
    """Pass the version on: the department to the centre, the centre to the readers."""
    return _shown(reviewing.approve(uow(), principal(), article_id, _match()))


@bp.route(f"{_ARTICLE}/returns", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleReasonSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def send_back(body: dict[str, Any], article_id: UUID) -> Answer:
    """Back to the author with the reason."""
    article = reviewing.send_back(uow(), principal(), article_id, body["reason"], _match())
    return _shown(article)


@bp.route(f"{_ARTICLE}/withdrawals", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleReasonSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def withdraw(body: dict[str, Any], article_id: UUID) -> Answer:
    """Take the article down at once, with the reason."""
    article = living.withdraw(uow(), principal(), article_id, body["reason"], _match())
    return _shown(article)


@bp.route(f"{_ARTICLE}/renewals", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleRenewalSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def renew(body: dict[str, Any], article_id: UUID) -> Answer:
    """Let the live text hold longer."""
    return _shown(living.renew(uow(), principal(), article_id, if_match=_match(), **body))


@bp.route(f"{_ARTICLE}/archivals", methods=["POST"])
@guards.staff(access.READ)
@mutation
@bp.doc(parameters=[_MAYBE_MATCH])
@bp.arguments(s.ArticleStepSchema)
@bp.response(200, s.ArticleSchema, headers=ETAG)
def archive(body: dict[str, Any], article_id: UUID) -> Answer:
    """The end of an article that is not live any more."""
    return _shown(living.archive(uow(), principal(), article_id, _match()))


@bp.route(f"{_ARTICLE}/comparison", methods=["GET"])
@guards.staff(access.READ)
@bp.arguments(s.ComparisonQuerySchema, location="query")
@bp.response(200, s.ArticleComparisonSchema)
def compare(query: dict[str, Any], article_id: UUID) -> dict[str, Any]:
    """Two versions in sight, word by word."""
    return comparing.compare(uow(), principal(), article_id, (query["from_"], query["to"]))
