"""The door of votes: what topics, staff and residents do with them."""

from backend.domains.deliberation.ballot_casting import Cast, cast
from backend.domains.deliberation.vote_counting import close, count, publish
from backend.domains.deliberation.vote_events import (
    VoteAnnulled,
    VoteClosed,
    VoteCounted,
    VoteOpened,
    VotePublished,
)
from backend.domains.deliberation.vote_opening import open_vote
from backend.domains.deliberation.vote_ports import (
    Draft,
    Place,
    Ports,
    Register,
    TopicFacts,
    Topics,
    provide,
)
from backend.domains.deliberation.vote_preparing import cancel, edit, prepare
from backend.domains.deliberation.vote_rules import Answer, Option
from backend.domains.deliberation.vote_sealing import seal_running
from backend.domains.deliberation.vote_view import summary

__all__ = [
    "Answer",
    "Cast",
    "Draft",
    "Option",
    "Place",
    "Ports",
    "Register",
    "TopicFacts",
    "Topics",
    "VoteAnnulled",
    "VoteClosed",
    "VoteCounted",
    "VoteOpened",
    "VotePublished",
    "cancel",
    "cast",
    "close",
    "count",
    "edit",
    "open_vote",
    "prepare",
    "provide",
    "publish",
    "seal_running",
    "summary",
]
