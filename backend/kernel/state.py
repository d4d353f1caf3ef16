"""State machines as tables: `{(state, action): Transition}`; a service never sets a state by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Transition:
    """One way out of a state.

    `who` names the roles allowed, `needs` what must be given (reason, evidence, …),
    `limit` the time in minutes within which it is due (None where there is none).
    """

    to: str
    who: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    limit: int | None = None


Table = Mapping[tuple[str, str], Transition]


def step(table: Table, state: str, action: str) -> Transition:
    """The transition for `action` in `state`; raises `Conflict` where there is none."""
    try:
        return table[state, action]
    except KeyError:
        raise Conflict("wrong_state", detail="现在的状态不能这样操作，请刷新后再看") from None


def open_states(table: Table) -> frozenset[str]:
    """The states that have at least one way out."""
    return frozenset(state for state, _ in table)
