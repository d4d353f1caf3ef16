"""What residents read and ask: articles, answers, suggestions, feedback."""

from typing import Any
from uuid import UUID

from flask import Response, request

from backend.domains.knowledge import (
    answering,
    documents,
    file_answers,
    reading,
    rules,
    usage,
)
from backend.domains.knowledge import schemas as s
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import reset, services, uow
from backend.http.mutation import mutation

bp = blueprint("public_answers", "问一问：公开的知识文章、搜索、反馈")


def _address() -> str:
    return request.remote_addr or "unknown"


@bp.route("/articles/<uuid:article_id>", methods=["GET"])
@guards.public
@bp.response(200, s.PublicArticleSchema)
def show(article_id: UUID) -> dict[str, Any]:
    """A public article; one that has expired says so in `expired_text`."""
    found, version_id = reading.show(uow(), article_id)
    # Read to its end first: counting takes a connection of its own.
    reset()
    usage.viewed(services(), article_id, version_id, rules.PUBLIC)
    return found


@bp.route("/articles/<uuid:article_id>/files/<uuid:file_id>", methods=["GET"])
@guards.public
@bp.doc(**file_answers.DOC)
def show_file(article_id: UUID, file_id: UUID) -> Response:
    """A public attachment of a public article."""
    return file_answers.answer(documents.for_residents(uow(), article_id, file_id))


@bp.route("/answers", methods=["GET"])
@guards.public
@bp.arguments(s.AnswerQuerySchema, location="query")
@bp.response(200, s.AnswerPageSchema)
def answers(query: dict[str, Any]) -> dict[str, Any]:
    """Public articles and service items that answer the words, the best first."""
    found = answering.for_residents(uow(), query, _address())
    reset()
    answering.note_resident_miss(services(), query, found, _address())
    return found


@bp.route("/answers/suggestions", methods=["GET"])
@guards.public
@bp.arguments(s.SuggestQuerySchema, location="query")
@bp.response(200, s.AnswerSuggestionListSchema)
def suggestions(query: dict[str, Any]) -> dict[str, Any]:
    """Titles that what was typed may become."""
    return {"items": answering.suggestions(uow(), query["q"], _address())}


@bp.route("/answers/feedback", methods=["POST"])
@guards.public
@mutation
@bp.arguments(s.AnswerFeedbackSchema)
@bp.response(204)
def feedback(body: dict[str, Any]) -> None:
    """Whether an answer helped; nobody is asked who they are."""
    answering.feedback(uow(), body, _address())


@bp.route("/public/frequent-questions", methods=["GET"])
@guards.public
@bp.arguments(s.FrequentQuerySchema, location="query")
@bp.response(200, s.FrequentArticleListSchema)
def frequent(query: dict[str, Any]) -> dict[str, Any]:
    """Public articles that helped most in the last 30 days."""
    return {"items": usage.frequent(uow(), query["limit"])}
