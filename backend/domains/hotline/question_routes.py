"""问一问 without an answer: the question goes to the desk, and its answer comes back here."""

from typing import Any
from uuid import UUID

from backend.domains.hotline import asking, resident_view
from backend.domains.hotline import schemas_resident as s
from backend.domains.hotline.resident_routes import person_id
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import resident
from backend.http.mutation import mutation

bp = blueprint("questions", "问一问：没有找到答案时提问")


@bp.route("/questions", methods=["POST"])
@resident
@mutation
@bp.arguments(s.AskQuestionSchema)
@bp.response(201, s.QuestionSchema)
def ask(body: dict[str, Any]) -> dict[str, Any]:
    """The search did not help: ask the desk."""
    ticket = asking.ask(uow(), person_id(), body["query"], body["words"])
    return resident_view.question(uow(), person_id(), ticket.id)


@bp.route("/questions/<uuid:question_id>", methods=["GET"])
@resident
@bp.response(200, s.QuestionSchema)
def show(question_id: UUID) -> dict[str, Any]:
    """One's own question and, once there is one, its answer."""
    return resident_view.question(uow(), person_id(), question_id)
