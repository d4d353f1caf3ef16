"""What other domains ask: which category or department words speak for, and likeness."""

from dataclasses import dataclass

from backend.domains.routing import live, rules, training
from backend.domains.routing.similar_words import similarity
from backend.kernel.services import Services

__all__ = ["Suggestion", "category_pairs", "similarity", "suggest"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code, and how sure the model is of it: of 100 suggestions with .80, about 80 are right."""

    code: str
    sure: float


def suggest(
    services: Services, title: str, text: str, target: str = rules.CATEGORY, limit: int = 3
) -> list[Suggestion]:
    """The likeliest codes, best first; none before a model has been trained.

    It only suggests: whoever asks compares `sure` with `settings.routing_threshold`.
    """
    model = live.models(services).current(target)
    if model is None:
        return []
    ranked = model.ranking("", training.joined(title, text), limit)
    return [
        Suggestion(code, round(sure, 3))
        for code, sure in ranked
        if rules.use_of(sure, 1.0) != rules.NOTHING
    ]


def category_pairs(services: Services, words: str) -> list[tuple[str, float]]:
    """`suggest` for categories as plain pairs: the port that dispatch asks."""
    return [(found.code, found.sure) for found in suggest(services, "", words)]
