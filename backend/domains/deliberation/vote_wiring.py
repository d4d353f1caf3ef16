"""How votes join the application: their keys, their deadlines, their routes."""

from pathlib import Path

from flask_smorest import Blueprint

from backend.domains.deliberation import (
    vote_annulling,
    vote_counting,
    vote_ports,
    vote_routes,
    vote_sealing,
    vote_staff_routes,
)
from backend.domains.deliberation.ballot_keys import PendingKeys, VoteKeys
from backend.domains.deliberation.events import TopicAnnulled
from backend.domains.deliberation.vote_register import CommunityRegister
from backend.domains.deliberation.vote_topics import DeliberationTopics
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

KEY_FOLDER = "ballot-keys"


def wire(services: Services) -> None:
    """Keys, timers, the regular sealing."""
    settings = services.settings
    services.extensions["vote_keys"] = VoteKeys(settings.ballot_key, settings.ballot_signing_key)
    services.extensions["pending_keys"] = PendingKeys(Path(settings.data_dir) / KEY_FOLDER)
    vote_ports.provide(services, vote_ports.Ports(CommunityRegister(), DeliberationTopics()))
    vote_counting.register(services.timers)
    services.events.subscribe(TopicAnnulled, _on_annulled)
    services.upkeep.add("seal votes", vote_sealing.EVERY_SECONDS, vote_sealing.seal_running)


def blueprints() -> list[Blueprint]:
    """The routes of votes for residents and staff."""
    return [vote_routes.bp, vote_staff_routes.bp]


def _on_annulled(uow: UnitOfWork, event: TopicAnnulled) -> None:
    vote_annulling.does_not_hold(uow, event.topic_id, event.turn, "异议成立")
