"""Time goes faster where a visitor of the demo asks for it: a stage ends now, a vote ends soon.

Nothing of a running vote is touched: its end is part of what the opening checkpoint signs. A short
vote is therefore asked for before it is opened. Production never imports this.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import marshmallow as ma

from backend.domains.deliberation import moves, parts, ports, rules, stages, vote_opening
from backend.domains.deliberation.vote_model import Vote
from backend.http.blueprint import blueprint
from backend.http.context import uow
from backend.http.guards import public
from backend.http.mutation import mutation
from backend.http.schemas import Moment, Schema
from backend.kernel.errors import Conflict
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

bp = blueprint("demo_hurrying", "只在演示中有：让议题的一步马上到期")
_FOLDER = "demo-short-votes"
# Stages that end by the calendar and by nothing else.
_WAITING = frozenset({rules.SECONDING, rules.DISCUSSING, rules.NOTICING, rules.OBJECTION})


class DemoStageEndSchema(Schema):
    """When the stage ends now."""

    ends_at = Moment(required=True)


class DemoShortVoteSchema(Schema):
    """How long the topic's next vote is open."""

    seconds = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(10, 3600))


def wire(services: Services) -> None:
    """Let votes that were asked to be short end early."""
    folder = Path(services.settings.data_dir) / _FOLDER

    def sooner(vote: Vote, now: datetime) -> datetime | None:
        asked = folder / str(vote.topic_id)
        return now + timedelta(seconds=int(asked.read_text())) if asked.exists() else None

    services.extensions[vote_opening.SOONER] = sooner


@bp.route("/demo/topics/<uuid:topic_id>/stage-ends", methods=["POST"])
@public
@mutation(replay=False)
@bp.response(201, DemoStageEndSchema)
def end_stage(topic_id: UUID) -> dict[str, Any]:
    """Let the topic's seconding, discussion, notice or time to object end now."""
    topic = parts.locked(uow(), topic_id)
    if topic is None:
        raise ports.unknown()
    if topic.state not in _WAITING:
        raise Conflict("no_waiting", title="这一步不是在等时间", detail="现在等的是人，不是日子")
    moves.touch(uow(), topic, stage_ends_at=uow().now)
    stages.arm(uow(), topic)
    return {"ends_at": uow().now}


@bp.route("/demo/topics/<uuid:topic_id>/short-votes", methods=["POST"])
@public
@mutation(replay=False)
@bp.arguments(DemoShortVoteSchema)
@bp.response(204)
def shorten_vote(body: dict[str, Any], topic_id: UUID) -> None:
    """Let the next vote that is opened on the topic end after so many seconds."""
    _known(uow(), topic_id)
    folder = Path(uow().services.settings.data_dir) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(topic_id)).write_text(str(body["seconds"]))


def _known(work: UnitOfWork, topic_id: UUID) -> None:
    if parts.locked(work, topic_id) is None:
        raise ports.unknown()
