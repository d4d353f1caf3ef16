"""How alike two short texts are, cheap enough to ask for hundreds of texts in a request."""

from collections import Counter
from functools import lru_cache
from math import sqrt

from backend.domains.routing.text_features import normal

_SHORT = 400


def similarity(one: str, other: str) -> float:
    """0 … 1: the cosine of the texts' characters and pairs of characters; 0 for an empty text."""
    left, right = _weights(one[:_SHORT]), _weights(other[:_SHORT])
    if len(left) > len(right):
        left, right = right, left
    return min(sum(value * right[piece] for piece, value in left.items() if piece in right), 1.0)


@lru_cache(maxsize=4096)
def _weights(text: str) -> dict[str, float]:
    plain = normal(text).replace(" ", "")
    counts = Counter(plain[place : place + 2] for place in range(len(plain) - 1))
    weights = {pair: 1 + 0.5 * (count - 1) for pair, count in counts.items()}
    # Single characters tell little: they only help where nothing longer is common.
    weights.update((sign, 0.4) for sign in set(plain))
    length = sqrt(sum(value * value for value in weights.values()))
    return {piece: value / length for piece, value in weights.items()} if length else {}
