"""The states of a version of a kind's texts. Pure."""

from notifications.rules import Transition

TEMPLATE_STATES = ("draft", "active", "retired")
TEMPLATE_ENDS = ("retired",)

TEMPLATE_TRANSITIONS: dict[tuple[str, str], Transition] = {
    ("draft", "activate"): Transition("active", "messages written from now on say it so"),
    ("draft", "discard"): Transition("retired", "thrown away, or another draft took its place"),
    ("active", "replace"): Transition("retired", "the next version is in use"),
    ("active", "reset"): Transition("retired", "the built-in words hold again"),
}


def template_after(state: str, action: str) -> str:
    """The state that follows; KeyError for an action that the state does not allow."""
    return TEMPLATE_TRANSITIONS[state, action].to
