"""What messages tell the other domains."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConsentReported:
    """A page reported a tap on the subscribe question: template id → accept, reject or ban."""

    person_id: UUID
    results: dict[str, str]


@dataclass(frozen=True, slots=True)
class ServiceMessageReceived:
    """A resident who follows the service account wrote to it. `message_key` names the message."""

    person_id: UUID
    words: str
    message_key: str


@dataclass(frozen=True, slots=True)
class MediaChecked:
    """WeChat's answer about a picture: its `suggest` (pass, risky, review) and label."""

    trace_id: str
    suggestion: str
    label: int
