"""Comments, statements and the opinion map over HTTP for residents."""

from typing import Any
from uuid import UUID

from backend.domains.deliberation import (
    commenting,
    moderating,
    opinion_maps,
    parts,
    posts,
    stating,
    talk_view,
)
from backend.domains.deliberation import talk_schemas as s
from backend.domains.deliberation.talk_model import TopicComment, TopicStatement
from backend.domains.deliberation.topic_routes import person_id
from backend.domains.deliberation.topic_schemas import TopicAppealSchema
from backend.http.blueprint import blueprint
from backend.http.context import session, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("topic_talk", "居民议事：评论、观点")
_TOPIC = "/topics/<uuid:topic_id>"
_COMMENT = "/comments/<uuid:comment_id>"
_STATEMENT = "/statements/<uuid:statement_id>"


def _comment(comment_id: UUID) -> dict[str, Any]:
    row = session().get_one(TopicComment, comment_id)
    return talk_view.one_comment(uow(), row, person_id())


def _statements(topic_id: UUID) -> dict[str, Any]:
    return {"items": talk_view.statements(uow(), topic_id, person_id())}


@bp.route(f"{_TOPIC}/comments", methods=["GET"])
@resident
@bp.arguments(s.CommentListQuerySchema, location="query")
@bp.response(200, s.CommentPageSchema)
def list_comments(query: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Comments, or the replies to one; sorted newest, oldest, liked or official."""
    topic = parts.meet(uow(), person_id(), topic_id).topic
    keys, down = talk_view.keys(query["sort"])
    wanted = talk_view.query(
        topic_id, person_id(), parent_id=query["parent"], sort=query["sort"]
    )  # fmt: skip
    rows, following = paginate(
        session(), wanted, keys, limit=query["limit"], cursor=query["cursor"], descending=down
    )
    shown = talk_view.comments(uow(), topic, rows, person_id())
    return {"items": shown, "next_cursor": following}


@bp.route(f"{_TOPIC}/comments", methods=["POST"])
@resident
@mutation
@bp.arguments(s.WriteCommentSchema)
@bp.response(201, s.TopicCommentSchema)
def write(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Say something; neighbours see it once it is checked."""
    row = commenting.write(
        uow(), person_id(), topic_id, body["text"], parent_id=body["parent_id"],
        file_ids=body["file_ids"],
    )  # fmt: skip
    return _comment(row.id)


@bp.route(_COMMENT, methods=["PUT"])
@resident
@mutation
@bp.arguments(s.EditCommentSchema)
@bp.response(200, s.TopicCommentSchema)
def edit(body: dict[str, Any], comment_id: UUID) -> dict[str, Any]:
    """Write one's own comment anew before it is public."""
    return _comment(commenting.edit(uow(), person_id(), comment_id, body["text"]).id)


@bp.route(_COMMENT, methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def withdraw(comment_id: UUID) -> None:
    """Take one's own comment back."""
    posts.withdraw(uow(), person_id(), TopicComment, comment_id)


@bp.route(f"{_COMMENT}/likes", methods=["POST"])
@resident
@mutation
@bp.arguments(s.LikeCommentSchema)
@bp.response(200, s.TopicCommentSchema)
def like(body: dict[str, Any], comment_id: UUID) -> dict[str, Any]:
    """Like a comment, or not any more."""
    return _comment(commenting.like(uow(), person_id(), comment_id, liked=body["liked"]).id)


@bp.route(f"{_COMMENT}/reports", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ReportPostSchema)
@bp.response(204)
def report(body: dict[str, Any], comment_id: UUID) -> None:
    """Report a comment; a moderator looks."""
    moderating.report(uow(), person_id(), posts.COMMENT, comment_id, **body)


@bp.route(f"{_COMMENT}/appeals", methods=["POST"])
@resident
@mutation
@bp.arguments(TopicAppealSchema)
@bp.response(201, s.TopicCommentSchema)
def appeal(body: dict[str, Any], comment_id: UUID) -> dict[str, Any]:
    """Say that a refusal or hiding is wrong: somebody else looks."""
    posts.appeal(uow(), person_id(), TopicComment, comment_id, body["words"])
    return _comment(comment_id)


@bp.route(f"{_TOPIC}/statements", methods=["GET"])
@resident
@bp.response(200, s.StatementListSchema)
def list_statements(topic_id: UUID) -> dict[str, Any]:
    """The statements with one's own answers."""
    parts.meet(uow(), person_id(), topic_id)
    return _statements(topic_id)


@bp.route(f"{_TOPIC}/statements", methods=["POST"])
@resident
@mutation
@bp.arguments(s.WriteStatementSchema)
@bp.response(201, s.StatementListSchema)
def state(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Put a short sentence others may agree with."""
    stating.state(uow(), person_id(), topic_id, body["text"])
    return _statements(topic_id)


@bp.route(f"{_STATEMENT}/vote", methods=["PUT"])
@resident
@mutation
@bp.arguments(s.AnswerStatementSchema)
@bp.response(200, s.StatementListSchema)
def answer(body: dict[str, Any], statement_id: UUID) -> dict[str, Any]:
    """Agree, disagree or pass; the last answer counts."""
    stating.answer(uow(), person_id(), statement_id, body["answer"])
    return _statements(session().get_one(TopicStatement, statement_id).topic_id)


@bp.route(_STATEMENT, methods=["DELETE"])
@resident
@mutation
@bp.response(204)
def withdraw_statement(statement_id: UUID) -> None:
    """Take one's own statement back."""
    posts.withdraw(uow(), person_id(), TopicStatement, statement_id)


@bp.route(f"{_STATEMENT}/reports", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ReportPostSchema)
@bp.response(204)
def report_statement(body: dict[str, Any], statement_id: UUID) -> None:
    """Report a statement; a moderator looks."""
    moderating.report(uow(), person_id(), posts.STATEMENT, statement_id, **body)


@bp.route(f"{_STATEMENT}/appeals", methods=["POST"])
@resident
@mutation
@bp.arguments(TopicAppealSchema)
@bp.response(201, s.StatementListSchema)
def appeal_statement(body: dict[str, Any], statement_id: UUID) -> dict[str, Any]:
    """Say that a refusal or hiding is wrong: somebody else looks."""
    posts.appeal(uow(), person_id(), TopicStatement, statement_id, body["words"])
    return _statements(session().get_one(TopicStatement, statement_id).topic_id)


@bp.route(f"{_TOPIC}/opinion-map", methods=["GET"])
@resident
@bp.response(200, s.OpinionMapSchema)
def opinion_map(topic_id: UUID) -> dict[str, Any]:
    """Where neighbours stand, what unites and what parts them; nobody is named."""
    topic = parts.meet(uow(), person_id(), topic_id).topic
    return opinion_maps.view(uow(), topic, person_id())
