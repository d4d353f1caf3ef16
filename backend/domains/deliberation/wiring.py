"""How deliberation joins the application: topics here, votes in `vote_wiring`."""

from uuid import UUID

from flask_smorest import Blueprint

from backend.domains.community import service as community
from backend.domains.community.service import TopicRef
from backend.domains.content.service import ContentDecided
from backend.domains.deliberation import (
    deadlines,
    events,
    moves,
    objecting,
    opinion_maps,
    own_data,
    posts,
    progress_view,
    proposing,
    rules,
    talk_routes,
    topic_door,
    topic_routes,
    topic_staff_routes,
    vote_preparing,
    vote_wiring,
)
from backend.domains.deliberation.topic_model import Topic
from backend.domains.deliberation.vote_events import (
    VoteAnnulled,
    VoteCounted,
    VoteOpened,
    VotePublished,
)
from backend.domains.identity import service as identity
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.progress.service import register_presenter
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


def wire(services: Services) -> None:
    """Deadlines, checks, votes, people's own words, opinion maps."""
    deadlines.register(services.timers)
    hear = services.events.subscribe
    hear(ContentDecided, proposing.on_content)
    hear(ContentDecided, posts.on_content)
    hear(events.RequirementMet, objecting.on_requirement)
    hear(VoteOpened, topic_door.on_opened)
    hear(VoteCounted, topic_door.on_counted)
    hear(VotePublished, topic_door.on_published)
    hear(VoteAnnulled, topic_door.on_annulled)
    hear(events.TopicEnded, vote_preparing.on_ended)
    hear(events.TopicEnded, lambda uow, told: community.end_for_topic(uow, told.topic_id))
    hear(PersonClosed, own_data.forget)
    hear(PersonMerged, own_data.move)
    identity.register_exporter("topics", own_data.export)
    identity.register_open_matters("topics", own_data.open_matters)
    register_presenter(services, moves.KIND, progress_view.matters)
    community.register_topics(services, _topic_ref)
    services.upkeep.add("opinion maps", opinion_maps.EVERY_SECONDS, opinion_maps.refresh)
    vote_wiring.wire(services)


def blueprints() -> list[Blueprint]:
    """The routes of topics and votes for residents and staff."""
    return [topic_routes.bp, talk_routes.bp, topic_staff_routes.bp, *vote_wiring.blueprints()]


def _topic_ref(uow: UnitOfWork, topic_id: UUID) -> TopicRef | None:
    """What a proxy for one topic needs of it."""
    topic = uow.session.get(Topic, topic_id)
    if topic is None:
        return None
    most = moves.preset_of(topic).vote(topic.turn).proxies
    open_ = topic.state in rules.OPEN_STATES and topic.state not in rules.VOTED
    return TopicRef(topic.id, topic.title, topic.community_id, most, open_)
