"""Campaigns over HTTP: writing, dry run, release by a second person, progress and stop."""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from backend.domains.messages import (
    campaign_audience,
    campaign_parts,
    campaign_preview,
    campaign_reach,
    campaign_view,
    campaigns,
)
from backend.domains.messages import campaign_schemas as s
from backend.domains.messages.campaign_model import Campaign
from backend.domains.messages.campaign_parts import RELEASE, WRITE
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.conditional import ETAG, IF_MATCH
from backend.http.context import principal, session, uow
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("campaigns", "群发通知：写、试算、双人放行、停止")
_CAMPAIGN = "/staff/campaigns/<uuid:campaign_id>"
_STEPS = {"submit": campaigns.submit, "recall": campaigns.recall, "discard": campaigns.discard}


def _match() -> str | None:
    return request.headers.get("If-Match")


def _shown(row: Campaign, status: int = 200) -> ResponseReturnValue:
    found = campaign_view.show(uow(), principal(), row)
    return found, status, {"ETag": f'"{row.version}"'}


@bp.route("/staff/campaigns", methods=["GET"])
@guards.staff(WRITE)
@bp.arguments(s.CampaignQuerySchema, location="query")
@bp.response(200, s.CampaignPageSchema)
def list_campaigns(query: dict[str, Any]) -> dict[str, Any]:
    """Campaigns, the newest first."""
    rows, following = paginate(
        session(),
        campaigns.query_all(principal(), query["state"]),
        [Campaign.created_at, Campaign.id],
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return {"items": campaign_view.cards(uow(), rows), "next_cursor": following}


@bp.route("/staff/campaigns", methods=["POST"])
@guards.staff(WRITE)
@mutation
@bp.arguments(s.EditCampaignSchema)
@bp.response(201, s.CampaignSchema, headers=ETAG)
def create(body: dict[str, Any]) -> ResponseReturnValue:
    """A draft."""
    return _shown(campaigns.create(uow(), principal(), body), 201)


@bp.route("/staff/campaign-options", methods=["GET"])
@guards.staff(WRITE)
@bp.response(200, s.CampaignOptionsSchema)
def options() -> dict[str, Any]:
    """What an audience can name and a notice can lead to."""
    campaign_parts.admitted(principal(), WRITE)
    return {**campaign_audience.choices(uow()), "preview": campaign_preview.blank(uow())}


@bp.route(_CAMPAIGN, methods=["GET"])
@guards.staff(WRITE)
@bp.response(200, s.CampaignSchema, headers=ETAG)
def show(campaign_id: UUID) -> ResponseReturnValue:
    """One campaign with preview, progress and history; the ETag is for the next step."""
    return _shown(campaign_parts.reach(uow(), principal(), campaign_id))


@bp.route(_CAMPAIGN, methods=["PUT"])
@guards.staff(WRITE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.EditCampaignSchema)
@bp.response(200, s.CampaignSchema, headers=ETAG)
def save(body: dict[str, Any], campaign_id: UUID) -> ResponseReturnValue:
    """Change a draft; needs If-Match."""
    return _shown(campaigns.save(uow(), principal(), campaign_id, body, _match()))


@bp.route(f"{_CAMPAIGN}/dry-run", methods=["GET"])
@guards.staff(WRITE)
@bp.response(200, s.CampaignDryRunSchema)
def dry_run(campaign_id: UUID) -> dict[str, Any]:
    """Whom it would reach by which channel, with a masked sample; nothing is sent."""
    row = campaign_parts.reach(uow(), principal(), campaign_id)
    return campaign_reach.dry_run(uow(), row)


@bp.route(f"{_CAMPAIGN}/steps", methods=["POST"])
@guards.staff(WRITE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.CampaignStepSchema)
@bp.response(200, s.CampaignSchema, headers=ETAG)
def take_step(body: dict[str, Any], campaign_id: UUID) -> ResponseReturnValue:
    """Submit a draft for release, take it back, or give it up; needs If-Match."""
    act = _STEPS[body["action"]]
    return _shown(act(uow(), principal(), campaign_id, _match()))


@bp.route(f"{_CAMPAIGN}/decisions", methods=["POST"])
@guards.staff(RELEASE)
@mutation
@bp.doc(parameters=[IF_MATCH])
@bp.arguments(s.CampaignDecisionSchema)
@bp.response(200, s.CampaignSchema, headers=ETAG)
def decide(body: dict[str, Any], campaign_id: UUID) -> ResponseReturnValue:
    """Release what somebody else wrote and submitted, or send it back; needs If-Match."""
    who = principal()
    if body["release"]:
        row = campaigns.release(uow(), who, campaign_id, _match(), read=body["read"])
    else:
        row = campaigns.send_back(uow(), who, campaign_id, _match(), body["reason"])
    return _shown(row)


@bp.route(f"{_CAMPAIGN}/stops", methods=["POST"])
@guards.staff(WRITE)
@mutation
@bp.arguments(s.CampaignStopSchema)
@bp.response(200, s.CampaignSchema, headers=ETAG)
def stop(body: dict[str, Any], campaign_id: UUID) -> ResponseReturnValue:
    """Send nothing more, from this moment on."""
    row = campaigns.stop(uow(), principal(), campaign_id, body["reason"], withdraw=body["withdraw"])
    return _shown(row)
