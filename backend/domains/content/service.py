"""What other domains may ask of the content check.

`check` puts words and pictures to it, `ContentDecided` (in `events`) tells the outcome, `notice`
is what the author reads meanwhile, `appeal` is the author's way to a person, `drop` ends it.
"""

from backend.domains.content.checking import (
    Place,
    appeal,
    asked_by_machine,
    check,
    current,
    currents,
    drop,
    notice,
    read_by_staff,
)
from backend.domains.content.events import ContentDecided
from backend.domains.content.rules import PASSED, REFUSED, REVIEW, STATE_TEXT, UNAVAILABLE, WAITING
from backend.domains.content.schemas import ContentNoticeSchema

__all__ = [
    "PASSED",
    "REFUSED",
    "REVIEW",
    "STATE_TEXT",
    "UNAVAILABLE",
    "WAITING",
    "ContentDecided",
    "ContentNoticeSchema",
    "Place",
    "appeal",
    "asked_by_machine",
    "check",
    "current",
    "currents",
    "drop",
    "notice",
    "read_by_staff",
]
