"""How routing joins the application."""

from backend.domains.routing import live, service, training
from backend.kernel.services import Services

LOOK_EVERY_SECONDS = 60


def wire(services: Services) -> None:
    """Give this process its models, and dispatch its suggestions and likeness."""
    services.extensions[live.EXTENSION] = live.LiveModels(services)
    services.extensions["suggest_category"] = service.category_pairs
    services.extensions["text_similarity"] = service.similarity
    services.upkeep.add("routing models", LOOK_EVERY_SECONDS, training.train_missing)
