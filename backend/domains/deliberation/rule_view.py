"""A kind's rule as pages show it: thresholds in words, legal basis, what the result is worth."""

from typing import Any

from backend.domains.deliberation import kind_rules, rules
from backend.domains.deliberation.kind_rules import Preset, VoteRule
from backend.domains.deliberation.topic_model import Topic


def shown(preset: Preset) -> dict[str, Any]:
    """The rule as an answer shows it."""
    return {
        "kind": preset.kind,
        "version": preset.version,
        "name": preset.name,
        "in_force_from": preset.in_force_from,
        "basis": preset.basis,
        "worth": preset.worth,
        "worth_name": kind_rules.WORTH_TEXT[preset.worth],
        "worth_text": preset.worth_text,
        "votes": [_vote(rule) for rule in preset.votes],
        "requirements": [one.text for one in preset.requirements],
        "notes": list(preset.notes),
    }


def _vote(rule: VoteRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "electorate": rule.electorate,
        "electorate_text": kind_rules.ELECTORATE_TEXT[rule.electorate],
        "weights": list(rule.weights),
        "thresholds": thresholds(rule),
        "ballots": list(rule.ballots),
        "secrecy": list(rule.secrecy),
        "changeable": rule.changeable,
        "proxies": rule.proxies,
        "days": {"least": rule.days.least, "usual": rule.days.usual, "most": rule.days.most},
    }


def thresholds(rule: VoteRule) -> list[str]:
    """What must be reached, one sentence each; a vote that decides nothing says so."""
    found = [
        f"参与的{kind_rules.WEIGHT_TEXT[weight]}{one.text}" for weight, one in rule.quorum.items()
    ]
    found += [
        f"同意的{kind_rules.WEIGHT_TEXT[weight]}{one.text}" for weight, one in rule.passing.items()
    ]
    return found or ["没有门槛，只反映想法"]


def stages(topic: Topic, preset: Preset) -> list[dict[str, Any]]:
    """The kind's stages with where the topic is: done, now or todo.

    Stages that it did not pass through and will not are left out.
    """
    skipped = _skipped(topic, preset)
    order = [
        one for one in preset.stages
        if one != rules.SECONDING or topic.seconds_needed or topic.state == rules.SECONDING
    ]  # fmt: skip
    order = [one for one in order if one != rules.PROPOSED or topic.state == rules.PROPOSED]
    order = [one for one in order if one not in skipped]
    here = order.index(topic.state) if topic.state in order else None
    closed = topic.state == rules.CLOSED
    found = []
    for place, state in enumerate(order):
        status = "todo"
        if closed or (here is not None and place < here):
            status = "done"
        elif place == here:
            status = "now"
        text = rules.STATE_TEXT[state]
        found.append({"state": state, "text": text, "status": status})
    return found


def _skipped(topic: Topic, preset: Preset) -> set[str]:
    if topic.state not in (rules.CARRYING_OUT, rules.CLOSED):
        return set()
    found = set()
    if topic.passed is None and not preset.vote_needed:
        # Everybody agreed, and it was carried out without a vote.
        found |= {rules.VOTING, rules.COUNTING, rules.RESULT_NOTICE, rules.OBJECTION}
        found |= {rules.NOTICING} if topic.noticed_draft is None else set()
    if topic.passed is False:
        found.add(rules.CARRYING_OUT)
    return found
