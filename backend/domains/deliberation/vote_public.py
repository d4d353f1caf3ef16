"""What is published of a vote before anybody casts, byte for byte; checkpoints hold its hash."""

import base64
import hashlib
from typing import Any

from backend.domains.deliberation import record_rules
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_rules import Option, Question

FORMAT = "huying-vote/1"


def question_of(vote: Vote) -> Question:
    """What the vote asks."""
    options = tuple(Option(**one) for one in vote.options)
    return Question(vote.method, options, vote.least, vote.most, vote.budget_cents)


def public_vote(vote: Vote) -> dict[str, Any]:
    """The question, the rule and the times, as they stand from the opening on."""
    assert vote.opened_at is not None and vote.closes_at is not None and vote.public_key
    return {
        "format": FORMAT,
        "id": str(vote.id),
        "topic": vote.topic_number,
        "topic_id": str(vote.topic_id),
        "community_id": str(vote.community_id),
        "scope_kind": vote.scope_kind,
        "scope_id": str(vote.scope_id),
        "days": vote.days,
        "turn": vote.turn,
        "scope": vote.scope_text,
        "kind": vote.kind,
        "preset_version": vote.preset_version,
        "electorate": vote.electorate,
        "rule": vote.rule,
        "title": vote.title,
        "words": vote.words,
        "method": vote.method,
        "options": vote.options,
        "least": vote.least,
        "most": vote.most,
        "budget_cents": vote.budget_cents,
        "secrecy": vote.secrecy,
        "changeable": vote.changeable,
        "silence_with_majority": vote.silence_with_majority,
        "proxies": vote.proxies,
        "opened_at": vote.opened_at.isoformat(),
        "closes_at": vote.closes_at.isoformat(),
        "ballot_key": base64.b64encode(vote.public_key).decode(),
    }


def vote_hash(vote: Vote) -> bytes:
    """SHA-256 of the published file."""
    return hashlib.sha256(record_rules.canonical(public_vote(vote))).digest()
