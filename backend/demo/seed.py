"""Fills an empty installation with the demo district; running it again changes nothing."""

from collections.abc import Callable

from backend.demo import (
    seed_appointments,
    seed_bookings,
    seed_catalog,
    seed_community,
    seed_dispatch,
    seed_grid,
    seed_hooks,
    seed_hotline,
    seed_identity,
    seed_knowledge,
    seed_messages,
    seed_neighbourhood,
    seed_open311,
    seed_topics,
)
from backend.kernel.services import Services

PARTS: list[tuple[str, Callable[[Services], object]]] = [
    ("people, staff and departments", seed_identity.seed),
    ("streets, cells and duties", seed_grid.seed),
    ("service items", seed_catalog.seed),
    ("halls, windows and schedules", seed_appointments.seed),
    ("what is arranged around bookings", seed_bookings.seed),
    ("messages", seed_messages.seed),
    ("categories and events of the streets", seed_dispatch.seed),
    ("Open311 services", seed_open311.seed),
    ("articles of the knowledge base", seed_knowledge.seed),
    ("calls and tickets of the hotline", seed_hotline.seed),
    ("communities, homes and owners", seed_community.seed),
    ("topics of the communities", seed_topics.seed),
    ("community life", seed_neighbourhood.seed),
    ("groups of staff", seed_hooks.seed),
]


def seed(services: Services, say: Callable[[str], None] = lambda text: None) -> None:
    """Seed every part in the order in which they stand on each other."""
    for name, part in PARTS:
        say(f"seeding {name}")
        part(services)
