"""Acting for others over HTTP: residents ask and answer, clerks take down papers."""

from typing import Any
from uuid import UUID

from backend.domains.appointments import consent_schemas as s
from backend.domains.appointments import consents
from backend.domains.appointments.routes import person_id
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import resident
from backend.http.mutation import mutation

bp = blueprint("agent_consents", "代办：请人代办、替人办事的委托")


@bp.route("/agent-consents", methods=["GET"])
@resident
@bp.response(200, s.AgentConsentListSchema)
def list_consents() -> dict[str, Any]:
    """Consents one gave, was given, asked for or was asked for; newest first."""
    return {"items": consents.mine(uow(), person_id())}


@bp.route("/agent-consents", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.AskConsentSchema)
@bp.response(201, s.AgentConsentSchema)
def ask_consent(body: dict[str, Any]) -> dict[str, Any]:
    """Ask somebody; the answer is the same whether there is such a person or not."""
    whom = consents.Named(body["name"], body["phone"])
    return consents.ask(uow(), person_id(), body["role"], whom, _wish(body))


@bp.route("/agent-consents/<uuid:consent_id>/answer", methods=["POST"])
@resident(verified=True)
@mutation
@bp.arguments(s.AnswerConsentSchema)
@bp.response(200, s.AgentConsentSchema)
def answer_consent(body: dict[str, Any], consent_id: UUID) -> dict[str, Any]:
    """Say yes or no to what one was asked."""
    return consents.answer(uow(), person_id(), consent_id, give=body["give"])


@bp.route("/agent-consents/<uuid:consent_id>/withdraw", methods=["POST"])
@resident
@mutation
@bp.response(200, s.AgentConsentSchema)
def withdraw_consent(consent_id: UUID) -> dict[str, Any]:
    """Take it back, from either side; what was booked stays."""
    return consents.withdraw(uow(), person_id(), consent_id)


@bp.route("/staff/agent-consents", methods=["POST"])
@guards.staff("queue.operate")
@mutation
@bp.arguments(s.PaperConsentSchema)
@bp.response(201, s.PaperConsentShownSchema)
def record_consent(body: dict[str, Any]) -> dict[str, Any]:
    """A clerk saw the signed paper and both cards."""
    people = {
        side: (body[side]["name"], body[side]["id_number"]) for side in ("principal", "agent")
    }
    return consents.record(uow(), principal(), body["hall_id"], people, _wish(body))


def _wish(body: dict[str, Any]) -> consents.Wish:
    return consents.Wish(body["item_id"], body["relation"], body["until"])
