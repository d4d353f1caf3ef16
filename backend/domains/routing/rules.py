"""What follows from how sure a suggestion is, and when a new model may take over. Pure."""

from collections.abc import Mapping

CATEGORY = "category"
DEPARTMENT = "department"
TARGETS = (CATEGORY, DEPARTMENT)

# A class needs this many examples before its accuracy means anything.
LEAST_OF_A_CLASS = 4
# So many closed events that neither has seen decide between two models; fewer tell nothing.
LEAST_MEASURED = 30
# How much worse than the model in use a new one may measure: the noise of such measurements.
TOLERANCE = 0.03

ADOPT = "adopt"
HINT = "hint"
NOTHING = "nothing"
_WORTH_SHOWING = 0.02


def use_of(sure: float, threshold: float) -> str:
    """What a suggestion is good for: filled in (`adopt`), shown (`hint`) or left out (`nothing`).

    A model never dispatches: `adopt` fills in a category that a person can still change.
    """
    if sure >= threshold:
        return ADOPT
    return HINT if sure >= _WORTH_SHOWING else NOTHING


def may_replace(new: float, old: float | None) -> bool:
    """Whether a model of this accuracy may follow one of that (None: nothing to compare with)."""
    return old is None or new >= old - TOLERANCE


def usable(examples: Mapping[str, int]) -> set[str]:
    """The classes that have enough examples; none where fewer than two would be left."""
    found = {code for code, count in examples.items() if count >= LEAST_OF_A_CLASS}
    return found if len(found) > 1 else set()
