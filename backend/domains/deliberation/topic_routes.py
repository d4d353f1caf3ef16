"""Topics over HTTP for residents."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue
from werkzeug.http import generate_etag, quote_etag

from backend.domains.deliberation import (
    carrying,
    files,
    kinds_view,
    objecting,
    parts,
    ports,
    proposing,
    seconding,
    topic_view,
)
from backend.domains.deliberation import topic_schemas as s
from backend.domains.deliberation.topic_model import Topic
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_NONE_MATCH, NOT_CHANGED, unchanged
from backend.http.context import principal, session, uow
from backend.http.guards import resident
from backend.http.mutation import mutation
from backend.http.pictures import PICTURE_DOC, picture
from backend.http.schemas import paginate

bp = blueprint("topics", "居民议事：议题")
_TOPIC = "/topics/<uuid:topic_id>"


def person_id() -> UUID:
    """The signed-in resident (the guards make sure there is one)."""
    found = principal().actor.id
    assert found is not None
    return found


def detail(topic_id: UUID) -> dict[str, Any]:
    """The topic as the signed-in resident sees it."""
    return topic_view.show(uow(), person_id(), topic_id)


@bp.route("/communities/mine", methods=["GET"])
@resident
@bp.response(200, s.MyCommunitiesSchema)
def my_communities() -> dict[str, Any]:
    """The communities one belongs to, and what one may propose there."""
    return {"items": kinds_view.communities(uow(), person_id())}


@bp.route("/topic-files", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TopicUploadSchema, location="upload")
@bp.response(201, s.TopicFileSchema)
def upload(form: dict[str, Any]) -> dict[str, Any]:
    """Upload a picture, to be named when proposing, commenting or objecting."""
    return files.upload(uow(), form["file"].stream)


@bp.route("/topics", methods=["GET"])
@resident
@bp.arguments(s.TopicListQuerySchema, location="query")
@bp.response(200, s.TopicListSchema)
def list_topics(query: dict[str, Any]) -> dict[str, Any]:
    """The topics of one's communities, what moved last first."""
    own = [one.id for one in ports.communities_of(uow(), person_id())]
    if query["community"] is not None:
        own = [one for one in own if one == query["community"]]
    rows, following = paginate(
        session(), topic_view.query(own, person_id(), query), [Topic.last_at, Topic.id],
        limit=query["limit"], cursor=query["cursor"],
    )  # fmt: skip
    return {"items": topic_view.cards(uow(), rows, person_id()), "next_cursor": following}


@bp.route("/topics", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ProposeTopicSchema)
@bp.response(201, s.TopicDetailSchema)
def propose(body: dict[str, Any]) -> dict[str, Any]:
    """Propose a topic; neighbours see it once its words are checked."""
    return detail(proposing.propose(uow(), person_id(), body).id)


@bp.route(_TOPIC, methods=["GET"])
@resident
@bp.doc(parameters=[IF_NONE_MATCH])
@bp.alt_response(304, description=NOT_CHANGED, headers=ETAG)
@bp.response(200, s.TopicDetailSchema, headers=ETAG)
def show(topic_id: UUID) -> ResponseReturnValue:
    """One topic: where it stands, under which rule, what one may do."""
    found = detail(topic_id)
    tag = generate_etag(repr(found).encode())
    headers = {"ETag": quote_etag(tag, weak=True), "Cache-Control": "private, no-cache"}
    if unchanged(tag):
        return Response(status=304, headers=headers)
    return found, 200, headers


@bp.route(_TOPIC, methods=["PUT"])
@resident
@mutation
@bp.arguments(s.AmendTopicSchema)
@bp.response(200, s.TopicDetailSchema)
def amend(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Write one's own topic anew, as long as the check has not let it through."""
    proposing.amend(uow(), person_id(), topic_id, **body)
    return detail(topic_id)


@bp.route(f"{_TOPIC}/appeals", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TopicAppealSchema)
@bp.response(201, s.TopicDetailSchema)
def appeal(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Say that the refusal of the words is wrong: a person looks."""
    proposing.appeal(uow(), person_id(), topic_id, body["words"])
    return detail(topic_id)


@bp.route(f"{_TOPIC}/withdrawals", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TopicReasonSchema)
@bp.response(201, s.TopicDetailSchema)
def withdraw(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Take one's own topic back."""
    proposing.withdraw(uow(), person_id(), topic_id, body["reason"])
    return detail(topic_id)


@bp.route(f"{_TOPIC}/seconds", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TopicNothingSchema)
@bp.response(201, s.TopicDetailSchema)
def second(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Support a proposal."""
    seconding.second(uow(), person_id(), topic_id)
    return detail(topic_id)


@bp.route(f"{_TOPIC}/follow", methods=["POST"])
@resident
@mutation
@bp.arguments(s.TopicNothingSchema)
@bp.response(201, s.TopicDetailSchema)
def follow(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Hear of it from now on."""
    parts.meet(uow(), person_id(), topic_id)
    seconding.follow(uow(), person_id(), topic_id)
    return detail(topic_id)


@bp.route(f"{_TOPIC}/follow", methods=["DELETE"])
@resident
@mutation
@bp.response(200, s.TopicDetailSchema)
def unfollow(topic_id: UUID) -> dict[str, Any]:
    """Hear of it no more."""
    parts.meet(uow(), person_id(), topic_id)
    seconding.unfollow(uow(), person_id(), topic_id)
    return detail(topic_id)


@bp.route(f"{_TOPIC}/objections", methods=["POST"])
@resident
@mutation
@bp.arguments(s.ObjectTopicSchema)
@bp.response(201, s.TopicDetailSchema)
def object_(body: dict[str, Any], topic_id: UUID) -> dict[str, Any]:
    """Object to a published draft or result."""
    objecting.raise_(uow(), person_id(), topic_id, body["words"], body["file_ids"])
    return detail(topic_id)


@bp.route(f"{_TOPIC}/progress", methods=["GET"])
@resident
@bp.response(200, s.TopicProgressListSchema)
def progress(topic_id: UUID) -> dict[str, Any]:
    """What became of it: reports with pictures and dates."""
    parts.meet(uow(), person_id(), topic_id)
    return {"items": carrying.view(uow(), topic_id, topic_view.BASE)}


@bp.route(f"{_TOPIC}/files/<uuid:picture_id>", methods=["GET"])
@resident
@bp.doc(**PICTURE_DOC)
@bp.arguments(s.TopicPictureSizeSchema, location="query")
def show_file(query: dict[str, Any], topic_id: UUID, picture_id: UUID) -> Response:
    """A picture of a topic: a public one, or one's own."""
    parts.meet(uow(), person_id(), topic_id)
    row = files.served(uow(), topic_id, picture_id, person_id=person_id())
    return picture(uow(), row, small=query["size"] == "small")
