"""How votes join the application: their keys, their deadlines, their routes."""

from pathlib import Path

from backend.domains.deliberation import vote_counting, vote_ports, vote_sealing
from backend.domains.deliberation.ballot_keys import PendingKeys, VoteKeys
from backend.domains.deliberation.vote_register import CommunityRegister
from backend.domains.deliberation.vote_topics import DeliberationTopics
from backend.kernel.services import Services

KEY_FOLDER = "ballot-keys"


def wire(services: Services) -> None:
    """Keys, timers, the regular sealing."""
    settings = services.settings
    services.extensions["vote_keys"] = VoteKeys(settings.ballot_key, settings.ballot_signing_key)
    services.extensions["pending_keys"] = PendingKeys(Path(settings.data_dir) / KEY_FOLDER)
    vote_ports.provide(services, vote_ports.Ports(CommunityRegister(), DeliberationTopics()))
    vote_counting.register(services.timers)
    services.upkeep.add("seal votes", vote_sealing.EVERY_SECONDS, vote_sealing.seal_running)
