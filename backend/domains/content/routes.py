"""The moderators' queue over HTTP, and the address under which WeChat fetches pictures."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.domains.content import desk, picture_links, rules
from backend.domains.content import schemas as s
from backend.domains.content.model import ContentCheck
from backend.http.blueprint import blueprint
from backend.http.context import principal, session, uow
from backend.http.guards import public, staff
from backend.http.mutation import mutation
from backend.http.pictures import PICTURE_DOC, picture
from backend.http.schemas import paginate

bp = blueprint("content_checks", "内容检查：人工复核")
_CHECK = "/staff/content-checks/<uuid:content_check_id>"


@bp.route("/staff/content-checks", methods=["GET"])
@staff("topics.view")
@bp.arguments(s.ContentQueueQuerySchema, location="query")
@bp.response(200, s.ContentCheckPageSchema)
def waiting(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for a look, the most urgent first."""
    rows, following = paginate(
        session(), desk.query_waiting(principal()), [ContentCheck.review_by, ContentCheck.id],
        limit=query["limit"], cursor=query["cursor"], descending=False,
    )  # fmt: skip
    return {"items": desk.shown(uow(), principal(), rows), "next_cursor": following}


@bp.route(f"{_CHECK}/decisions", methods=["POST"])
@staff("topics.view")
@mutation
@bp.arguments(s.DecideContentSchema)
@bp.response(200, s.ContentDecisionSchema)
def decide(body: dict[str, Any], content_check_id: UUID) -> dict[str, Any]:
    """Let it through, or refuse it with a reason."""
    row = desk.decide(uow(), principal(), content_check_id, **body)
    text = rules.STATE_TEXT[row.state]
    return {"id": row.id, "state": row.state, "state_text": text, "reason": row.reason}


@bp.route(f"{_CHECK}/files/<uuid:checked_file_id>", methods=["GET"])
@staff("topics.view")
@bp.doc(**PICTURE_DOC)
def show_picture(content_check_id: UUID, checked_file_id: UUID) -> Response:
    """A picture that waits for a look."""
    return picture(uow(), desk.picture(uow(), principal(), content_check_id, checked_file_id))


@bp.route("/content-files/<uuid:checked_file_id>/<int:until>/<string(maxlength=64):signature>",
          methods=["GET"])  # fmt: skip
@public
@bp.doc(**PICTURE_DOC)
def fetch(checked_file_id: UUID, until: int, signature: str) -> Response:
    """A picture by its signed address, for the content check of WeChat."""
    return picture(uow(), picture_links.opened(uow(), checked_file_id, until, signature))
