"""Counting again, from the rule in vote.json and the ballots alone."""

from collections import Counter


def recount(vote: dict, entitled: dict, ballots: "list[tuple[list, dict]]") -> dict:
    """The result. `ballots` are (choice, weight by name) of those that count."""
    names = vote["rule"]["weights"]
    whole = {name: entitled[name] for name in names}
    part = {name: sum(weight[name] for _, weight in ballots) for name in names}
    result = {"format": "huying-result/1", "method": vote["method"], "entitled": whole}
    if vote["secrecy"] == "secret" and len(ballots) < vote["rule"]["k"]:
        return {
            **result,
            "taking_part": None,
            "below": vote["rule"]["k"],
            "outcome": "too_few",
            "passed": None,
        }
    votes = tallied(vote, names, ballots)
    result["taking_part"] = part
    result["options"] = votes
    result["quorum"] = judge(vote["rule"]["quorum"], part, whole, part)
    if vote["rule"]["passing"]:
        result.update(decided(vote, votes, whole, part, result["quorum"]))
    else:
        result.update(wished(vote, names, votes, ballots))
    return result


def tallied(vote: dict, names: list, ballots: list) -> dict:
    """What each option got; with ranks, first places."""
    votes = {option["code"]: dict.fromkeys(names, 0) for option in vote["options"]}
    for choice, weight in ballots:
        for code in choice[:1] if vote["method"] == "ranked" else choice:
            for name in names:
                votes[code][name] += weight[name]
    return votes


def judge(rule: dict, part: dict, whole: dict, taking_part: dict) -> dict:
    """Each share asked for: part/of against the fraction, in whole numbers."""
    found = {}
    for name, (sign, share, base) in rule.items():
        of = whole[name] if base == "entitled" else taking_part[name]
        top, bottom = (int(number) for number in share.split("/"))
        left, right = part[name] * bottom, of * top
        enough = of > 0 and (left > right if sign == ">" else left >= right)
        found[name] = {"part": part[name], "of": of, "needs": [sign, share], "met": enough}
    return found


def decided(vote: dict, votes: dict, whole: dict, part: dict, quorum: dict) -> dict:
    """Whether it passes."""
    names = vote["rule"]["weights"]
    valid = all(one["met"] for one in quorum.values())
    silent = silence(vote, votes, whole, part) if valid else None
    base = whole if silent else part
    codes = ["agree"] if "agree" in votes else [code for code in votes if code != "abstain"]
    passing = {}
    for code in codes:
        got = dict(votes[code])
        if silent and silent["to"] == code:
            got = {name: got[name] + silent[name] for name in names}
        passing[code] = judge(vote["rule"]["passing"], got, whole, base)
    winners = [c for c in codes if all(one["met"] for one in passing[c].values())] if valid else []
    outcome = "no_quorum" if not valid else "passed" if winners else "not_passed"
    return {
        "silence": silent,
        "passing": passing,
        "winners": winners,
        "outcome": outcome,
        "passed": outcome == "passed",
    }


def silence(vote: dict, votes: dict, whole: dict, part: dict) -> "dict | None":
    """未投从多数, only where the vote says so: with the one option ahead by every weight."""
    if not vote["silence_with_majority"]:
        return None
    names = vote["rule"]["weights"]
    for code in votes:
        others = [votes[other] for other in votes if other != code]
        if code != "abstain" and all(
            votes[code][name] > max(other[name] for other in others) for name in names
        ):
            return {"to": code, **{name: whole[name] - part[name] for name in names}}
    return None


def wished(vote: dict, names: list, votes: dict, ballots: list) -> dict:
    """What people wish, where nothing is decided."""
    result: dict = {"passed": None}
    if vote["method"] == "budget":
        result["projects"] = {name: projects(vote, votes, name) for name in names}
        level = any(one["tied"] for one in result["projects"].values())
        result["outcome"] = "tied" if level else "counted"
        return result
    if vote["method"] == "ranked":
        result["ranked"] = {}
        for name in names:
            weighed: Counter = Counter()
            for choice, weight in ballots:
                weighed[tuple(choice)] += weight[name]
            result["ranked"][name] = Race(list(votes), weighed).run()
        winners = {name: result["ranked"][name]["winners"] for name in names}
    else:
        winners = {}
        for name in names:
            best = max(one[name] for one in votes.values())
            winners[name] = [code for code in votes if best > 0 and votes[code][name] == best]
    result["winners"] = winners
    result["outcome"] = "tied" if any(len(one) > 1 for one in winners.values()) else "counted"
    return result


def projects(vote: dict, votes: dict, name: str) -> dict:
    """Most approvals first; level ones the cheaper first; level in both and too dear: tied."""
    left, chosen, tied = vote["budget_cents"], [], []
    costs = {option["code"]: option["cost_cents"] for option in vote["options"]}
    levels: dict = {}
    for code, cost in costs.items():
        if votes[code][name]:
            levels.setdefault((votes[code][name], cost), []).append(code)
    for level in sorted(levels, key=lambda one: (-one[0], one[1])):
        codes, cost = levels[level], level[1]
        if cost * len(codes) <= left:
            chosen += codes
            left -= cost * len(codes)
        elif len(codes) > 1 and cost <= left:
            tied += codes
    return {"chosen": chosen, "tied": tied, "spent_cents": vote["budget_cents"] - left}


class Race:
    """Instant run-off: the last leaves until one has more than half."""

    # Ten options, the most a vote may rank, leave no more ways to go than that.
    MOST_WAYS = 2**10

    def __init__(self, codes: list, ballots: Counter) -> None:
        self.codes, self.ballots = codes, ballots
        self.all = sum(ballots.values())
        self.rounds: list = []
        self.seen: dict = {}

    def run(self) -> dict:
        """Rounds and winners."""
        winners = self.winners(self.codes, noting=True)
        return {"rounds": self.rounds, "winners": [c for c in self.codes if c in winners]}

    def winners(self, left: list, noting: bool) -> set:
        """Who can win from here."""
        key = tuple(left)
        if key not in self.seen:
            if len(self.seen) > self.MOST_WAYS:
                raise ValueError("more options than can be ranked")
            self.seen[key] = self._winners(left, noting)
        return self.seen[key]

    def _winners(self, left: list, noting: bool) -> set:
        counts = dict.fromkeys(left, 0)
        for ballot, weight in self.ballots.items():
            for code in ballot:
                if code in counts:
                    counts[code] += weight
                    break
        valid = sum(counts.values())
        note = {"counts": counts, "spent": self.all - valid, "out": []}
        if noting:
            self.rounds.append(note)
        if not valid:
            return set()
        over_half = {code for code in left if counts[code] * 2 > valid}
        if over_half:
            return over_half
        if min(counts.values()) == max(counts.values()):
            return set(left)
        lowest = min(counts.values())
        out = [code for code in left if counts[code] == lowest]
        note["out"] = out
        stay = [code for code in left if code not in out]
        if len(out) == 1 or lowest * len(out) < min(counts[code] for code in stay):
            return self.winners(stay, noting)
        note["any_order"] = True
        found: set = set()
        for one in out:
            found |= self.winners([code for code in left if code != one], noting=False)
        return found
