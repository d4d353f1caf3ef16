"""How one is chosen out of several: instant run-off, and projects within a budget. Pure.

Neither ever draws a lot: where the ballots do not say who goes first, the result says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Ballots = Mapping[tuple[str, ...], int]


def runoff(codes: Sequence[str], ballots: Ballots) -> dict[str, Any]:
    """Instant run-off over ranked ballots with their weights.

    In each round a ballot counts for the first option still in the race. More than half of what
    still counts wins. Otherwise the last one leaves; several that are last together leave together
    where even all their votes would not lift one of them past the next (the order cannot matter
    then). Where it can matter, every order is tried: a winner under all of them wins, otherwise
    all who win under one are tied.
    """
    rounds: list[dict[str, Any]] = []
    winners = _winners(tuple(codes), ballots, rounds, {})
    return {"rounds": rounds, "winners": [code for code in codes if code in winners]}


def _winners(
    left: tuple[str, ...], ballots: Ballots, rounds: list[dict[str, Any]] | None,
    known: dict[tuple[str, ...], frozenset[str]],
) -> frozenset[str]:  # fmt: skip
    """The winners from here on; rounds are noted as long as the order is certain."""
    if left in known:
        return known[left]
    counts = _first_choices(left, ballots)
    valid = sum(counts.values())
    note: dict[str, Any] = {"counts": counts, "spent": sum(ballots.values()) - valid, "out": []}
    if rounds is not None:
        rounds.append(note)
    found = _decided(counts, valid)
    if found is None:
        out = _last(counts)
        note["out"] = out
        if _order_cannot_matter(counts, out):
            found = _winners(_without(left, out), ballots, rounds, known)
        else:
            note["any_order"] = True
            found = frozenset().union(
                *(_winners(_without(left, [one]), ballots, None, known) for one in out)
            )
    known[left] = found
    return found


def _first_choices(left: tuple[str, ...], ballots: Ballots) -> dict[str, int]:
    counts = dict.fromkeys(left, 0)
    for ballot, weight in ballots.items():
        first = next((code for code in ballot if code in counts), None)
        if first is not None:
            counts[first] += weight
    return counts


def _decided(counts: Mapping[str, int], valid: int) -> frozenset[str] | None:
    """The winner, or all that are left when they are level; None while the race goes on."""
    if valid == 0:
        return frozenset()
    ahead = [code for code, votes in counts.items() if 2 * votes > valid]
    if ahead:
        return frozenset(ahead)
    if len(set(counts.values())) == 1:
        return frozenset(counts)
    return None


def _last(counts: Mapping[str, int]) -> list[str]:
    lowest = min(counts.values())
    return [code for code, votes in counts.items() if votes == lowest]


def _order_cannot_matter(counts: Mapping[str, int], out: Sequence[str]) -> bool:
    together = sum(counts[code] for code in out)
    next_up = min(votes for code, votes in counts.items() if code not in out)
    return len(out) == 1 or together < next_up


def _without(left: tuple[str, ...], out: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in left if code not in out)


def within_budget(
    costs: Mapping[str, int], votes: Mapping[str, int], budget_cents: int
) -> dict[str, Any]:
    """Greedy: most approvals first, at a level the cheaper first, what does not fit is passed over.

    Projects level in both that do not all fit are tied: none of them is taken, the rest goes on.
    What nobody approved is not taken.
    """
    groups: dict[tuple[int, int], list[str]] = {}
    for code, cost in costs.items():
        if votes[code]:
            groups.setdefault((-votes[code], cost), []).append(code)
    left = budget_cents
    chosen: list[str] = []
    tied: list[str] = []
    for (_, cost), level in sorted(groups.items()):
        if cost * len(level) <= left:
            chosen += level
            left -= cost * len(level)
        elif len(level) > 1 and cost <= left:
            tied += level
    return {"chosen": chosen, "tied": tied, "spent_cents": budget_cents - left}
