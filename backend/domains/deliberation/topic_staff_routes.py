"""Topics over HTTP for staff: lists, one topic, every step, objections, moderation, the poster."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from backend.domains.deliberation import (
    carrying,
    commenting,
    drafting,
    files,
    leading,
    moderating,
    notice_page,
    objecting,
    opinion_maps,
    parts,
    posts,
    proposing,
    requirements,
    rules,
    staff_view,
    stating,
    talk_schemas,
    talk_view,
)
from backend.domains.deliberation import topic_schemas as t
from backend.domains.deliberation import topic_staff_schemas as s
from backend.domains.deliberation.topic_model import Topic
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, session, uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.pictures import PICTURE_DOC, picture
from backend.http.schemas import paginate
from backend.kernel.errors import Stale

bp = blueprint("staff_topics", "居民议事：社区工作台")
_TOPIC = "/staff/topics/<uuid:topic_id>"
Body = dict[str, Any]


def answer(topic_id: UUID, status: int = 200) -> ResponseReturnValue:
    """The topic as it is now, with its ETag."""
    found = staff_view.show(uow(), principal(), topic_id)
    return found, status, {"ETag": f'"{found["version"]}"'}


def seen() -> int:
    """The version that If-Match names; `Stale` without one."""
    tag = (request.headers.get("If-Match") or "").strip().removeprefix("W/").strip('"')
    number = tag.removeprefix("d")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Stale(
            "version_needed", detail="要带上读取时的版本标记（If-Match）", action="请刷新后再改"
        )
    return int(number)


@bp.route("/staff/topics", methods=["GET"])
@staff("topics.view")
@bp.arguments(s.StaffTopicQuerySchema, location="query")
@bp.response(200, s.StaffTopicPageSchema)
def list_topics(query: Body) -> Body:
    """The topics within reach, what moved last first."""
    rows, following = paginate(
        session(), staff_view.query(principal(), query), [Topic.last_at, Topic.id],
        limit=query["limit"], cursor=query["cursor"],
    )  # fmt: skip
    return {"items": staff_view.cards(uow(), principal(), rows), "next_cursor": following}


@bp.route("/staff/topic-files", methods=["POST"])
@staff("topics.view")
@mutation
@bp.arguments(t.TopicUploadSchema, location="upload")
@bp.response(201, t.TopicFileSchema)
def upload(form: Body) -> Body:
    """Upload a picture for an answer, a report of progress or a requirement."""
    return files.upload(uow(), form["file"].stream)


@bp.route("/staff/topics", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(t.ProposeTopicSchema)
@bp.response(201, s.StaffTopicSchema, headers=ETAG)
def propose(body: Body) -> ResponseReturnValue:
    """The community puts a topic up itself."""
    return answer(proposing.propose_by_staff(uow(), principal(), body).id, 201)


@bp.route(_TOPIC, methods=["GET"])
@staff("topics.view")
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def show(topic_id: UUID) -> ResponseReturnValue:
    """One topic with everything about it and what one may do; the ETag is for an edit."""
    return answer(topic_id)


@bp.route(_TOPIC, methods=["PUT"])
@staff("topics.manage")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.EditStaffTopicSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def edit(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Put right what may be; only what is sent changes. Needs If-Match."""
    leading.edit(uow(), principal(), topic_id, seen(), body)
    return answer(topic_id)


@bp.route(f"{_TOPIC}/acceptances", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.AcceptTopicSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def accept(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Take it up."""
    leading.accept(uow(), principal(), topic_id, body["note"])
    return answer(topic_id)


@bp.route(f"{_TOPIC}/declines", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.DeclineTopicSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def decline(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Do not take it up, and say why."""
    leading.decline(uow(), principal(), topic_id, body["reason"])
    return answer(topic_id)


@bp.route(f"{_TOPIC}/stages", methods=["POST"])
@staff("topics.view")
@mutation
@bp.arguments(s.TopicStageActionSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def go(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Discuss, prolong, draft, take a draft back, or carry out without a vote."""
    unit, by = uow(), principal()
    match body["action"]:
        case "discuss":
            leading.discuss(unit, by, topic_id, body["days"], body["reason"])
        case "prolong":
            leading.prolong(unit, by, topic_id, body["days"], body["reason"])
        case "draft":
            leading.draft(unit, by, topic_id)
        case "redraft":
            leading.redraft(unit, by, topic_id, body["reason"])
        case _:
            leading.carry_out(unit, by, topic_id)
    return answer(topic_id)


@bp.route(f"{_TOPIC}/draft", methods=["GET"])
@staff("topics.view")
@bp.response(200, t.TopicDraftSchema, headers=ETAG)
def show_draft(topic_id: UUID) -> ResponseReturnValue:
    """The version saved last; its ETag goes along with the next save. 404 before the first."""
    parts.reach(uow(), principal(), topic_id)
    row = drafting.latest(uow(), topic_id)
    if row is None:
        raise posts.unknown()
    return drafting.view(uow(), row), 200, {"ETag": f'"d{row.number}"'}


@bp.route(f"{_TOPIC}/draft", methods=["PUT"])
@staff("topics.manage")
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.SaveTopicDraftSchema)
@bp.response(200, t.TopicDraftSchema, headers=ETAG)
def save_draft(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Save a new version on top of the one seen (If-Match `"d0"` for the first).

    412 `draft_changed` carries the other's version in `current`.
    """
    row = drafting.save(uow(), principal(), topic_id, seen(), body)
    return drafting.view(uow(), row), 200, {"ETag": f'"d{row.number}"'}


@bp.route(f"{_TOPIC}/notices", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.NoticeTopicSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def notice(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Publish the draft for notice."""
    leading.notice(uow(), principal(), topic_id, body["days"])
    return answer(topic_id)


@bp.route(f"{_TOPIC}/notice", methods=["GET"])
@staff("topics.view")
@bp.doc(**notice_page.DOC)
def poster(topic_id: UUID) -> Response:
    """The notice as a page to print, with a QR code of the topic."""
    part = parts.reach(uow(), principal(), topic_id)
    return notice_page.answer(uow(), part.topic)


@bp.route(f"{_TOPIC}/official-answers", methods=["POST"])
@staff("topics.view")
@mutation
@bp.arguments(s.OfficialAnswerSchema)
@bp.response(201, talk_schemas.TopicCommentSchema)
def official_answer(body: Body, topic_id: UUID) -> Body:
    """Answer neighbours; marked as official and seen at once."""
    row = commenting.answer(
        uow(), principal(), topic_id, body["text"], parent_id=body["parent_id"],
        file_ids=body["file_ids"],
    )  # fmt: skip
    topic = session().get_one(Topic, topic_id)
    return talk_view.comments(uow(), topic, [row], None, everything=True)[0]


@bp.route(f"{_TOPIC}/statements", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(talk_schemas.WriteStatementSchema)
@bp.response(201, s.StaffTopicSchema, headers=ETAG)
def state(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Put a first statement neighbours may agree with."""
    stating.state_by_staff(uow(), principal(), topic_id, body["text"])
    return answer(topic_id, 201)


@bp.route(f"{_TOPIC}/comments", methods=["GET"])
@staff("topics.view")
@bp.arguments(talk_schemas.CommentListQuerySchema, location="query")
@bp.response(200, talk_schemas.CommentPageSchema)
def list_comments(query: Body, topic_id: UUID) -> Body:
    """All comments, also those neighbours do not see."""
    topic = parts.reach(uow(), principal(), topic_id).topic
    keys, down = talk_view.keys(query["sort"])
    wanted = talk_view.query(
        topic_id, None, parent_id=query["parent"], sort=query["sort"], everything=True
    )
    rows, following = paginate(
        session(), wanted, keys, limit=query["limit"], cursor=query["cursor"], descending=down
    )
    shown = talk_view.comments(uow(), topic, rows, None, everything=True)
    return {"items": shown, "next_cursor": following}


@bp.route(f"{_TOPIC}/opinion-map", methods=["GET"])
@staff("topics.view")
@bp.response(200, talk_schemas.OpinionMapSchema)
def opinion_map(topic_id: UUID) -> Body:
    """Where neighbours stand, what unites and what parts them; nobody is named."""
    return opinion_maps.view(uow(), parts.reach(uow(), principal(), topic_id).topic, None)


@bp.route(f"{_TOPIC}/requirements", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.MeetRequirementSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def requirement(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Write down that something the law asks for beside the vote is met."""
    requirements.meet(
        uow(), principal(), topic_id, body["code"], note=body["note"], file_ids=body["file_ids"]
    )
    return answer(topic_id)


@bp.route(f"{_TOPIC}/progress", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.ReportProgressSchema)
@bp.response(201, s.StaffTopicSchema, headers=ETAG)
def progress(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """Report what was done (落实反馈)."""
    carrying.report(uow(), principal(), topic_id, body)
    return answer(topic_id, 201)


@bp.route(f"{_TOPIC}/closings", methods=["POST"])
@staff("topics.manage")
@mutation
@bp.arguments(s.CloseTopicSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def close(body: Body, topic_id: UUID) -> ResponseReturnValue:
    """It is done."""
    carrying.close(uow(), principal(), topic_id, body["summary"])
    return answer(topic_id)


@bp.route(f"{_TOPIC}/files/<uuid:picture_id>", methods=["GET"])
@staff("topics.view")
@bp.doc(**PICTURE_DOC)
@bp.arguments(t.TopicPictureSizeSchema, location="query")
def show_file(query: Body, topic_id: UUID, picture_id: UUID) -> Response:
    """A picture of a topic within reach."""
    parts.reach(uow(), principal(), topic_id)
    row = files.served(uow(), topic_id, picture_id, everything=True)
    return picture(uow(), row, small=query["size"] == "small")


@bp.route("/staff/topic-objections/<uuid:objection_id>/decisions", methods=["POST"])
@staff("topics.decide")
@mutation
@bp.arguments(s.DecideObjectionSchema)
@bp.response(200, s.StaffTopicSchema, headers=ETAG)
def decide_objection(body: Body, objection_id: UUID) -> ResponseReturnValue:
    """Mediate, settle, dismiss or sustain an objection."""
    row = objecting.decide(uow(), principal(), objection_id, body["action"], body["reason"])
    return answer(row.topic_id)


@bp.route("/staff/moderation", methods=["GET"])
@staff("topics.view")
@bp.response(200, s.ModerationListSchema)
def moderation() -> Body:
    """Reported posts and appeals that wait; what the content check doubts has its own queue."""
    return {"items": moderating.waiting(uow(), principal())}


@bp.route("/staff/moderation-cases/<uuid:case_id>/decisions", methods=["POST"])
@staff("topics.view")
@mutation
@bp.arguments(s.DecideCaseSchema)
@bp.response(200, s.ModerationOutcomeSchema)
def decide_case(body: Body, case_id: UUID) -> Body:
    """Keep or hide; on appeal uphold or restore."""
    return _outcome(moderating.decide(uow(), principal(), case_id, body["action"], body["reason"]))


@bp.route("/staff/comments/<uuid:comment_id>/hidings", methods=["POST"])
@staff("topics.moderate")
@mutation
@bp.arguments(t.TopicReasonSchema)
@bp.response(200, s.ModerationOutcomeSchema)
def hide_comment(body: Body, comment_id: UUID) -> Body:
    """Hide a comment, with a reason its author reads."""
    return _outcome(
        moderating.hide(uow(), principal(), posts.COMMENT, comment_id, body["reason"])
    )  # fmt: skip


@bp.route("/staff/statements/<uuid:statement_id>/hidings", methods=["POST"])
@staff("topics.moderate")
@mutation
@bp.arguments(t.TopicReasonSchema)
@bp.response(200, s.ModerationOutcomeSchema)
def hide_statement(body: Body, statement_id: UUID) -> Body:
    """Hide a statement, with a reason its author reads."""
    return _outcome(
        moderating.hide(uow(), principal(), posts.STATEMENT, statement_id, body["reason"])
    )  # fmt: skip


def _outcome(case: Any) -> Body:
    return {"id": case.id, "state": case.state, "state_text": rules.CASE_TEXT[case.state]}
