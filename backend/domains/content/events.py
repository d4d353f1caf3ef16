"""What the check tells the domains whose texts it looks at."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ContentDecided:
    """A check changed: `state` is passed, refused, review or unavailable.

    `by_person`: a member of staff decided, not the machine; then `reason` is theirs.
    """

    check_id: UUID
    subject_kind: str
    subject_id: UUID
    person_id: UUID | None
    state: str
    reason: str
    by_person: bool
