"""Topics as votes ask of them. Topics look at votes too, so they are found when they are asked."""

from datetime import datetime
from uuid import UUID

from backend.domains.deliberation import rules
from backend.domains.deliberation.vote_ports import Draft, Place, TopicFacts
from backend.domains.deliberation.vote_rules import OPENLY, SECRETLY, Option
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork


class DeliberationTopics:
    """`vote_ports.Topics` over `topic_door`."""

    def facts(self, uow: UnitOfWork, topic_id: UUID) -> TopicFacts:
        """The topic with its noticed draft; `NotFound` when there is none."""
        from backend.domains.deliberation import topic_door

        found = topic_door.facts(uow, topic_id)
        put = found.draft
        draft = None
        if put is not None:
            options = tuple(
                Option(one["code"], one["text"], one.get("cost_cents")) for one in put.options
            )
            draft = Draft(
                put.question, "", put.ballot, options, put.least, put.most, put.budget_cents,
                SECRETLY if put.secret else OPENLY,
            )  # fmt: skip
        return TopicFacts(
            id=found.id, number=found.number, title=found.title, words="", kind=found.kind,
            preset=found.preset, turn=found.turn,
            place=Place(found.community_id, found.scope.kind, found.scope.id), draft=draft,
            silence_with_majority=found.silence_with_majority,
            awaits_vote=found.state in rules.BEFORE_VOTE,
        )  # fmt: skip

    def opening(self, uow: UnitOfWork, topic_id: UUID, ends_at: datetime, by: Principal) -> None:
        """The topic moves along, or refuses with `Conflict`."""
        from backend.domains.deliberation import topic_door

        topic_door.vote_opening(uow, topic_id, by, ends_at)

    def ended(self, uow: UnitOfWork, topic_id: UUID, papers_waiting: int) -> None:
        """The vote has closed and is being counted."""
        from backend.domains.deliberation import topic_door

        topic_door.vote_ended(uow, topic_id, papers_waiting)

    def annulled(self, uow: UnitOfWork, topic_id: UUID, by: Principal, reason: str) -> None:
        """The street stopped a running vote as a whole."""
        from backend.domains.deliberation import topic_door

        topic_door.vote_annulled(uow, topic_id, by, reason)

    def requirements(self, uow: UnitOfWork, topic_id: UUID) -> list[tuple[str, bool, str]]:
        """What the law asks for beside the vote: text, whether it is met, what was noted."""
        from backend.domains.deliberation import topic_door

        return topic_door.requirements(uow, topic_id)

    def settled(self, uow: UnitOfWork, topic_id: UUID) -> bool:
        """Whether the result holds: nobody can object any more and nothing is missing."""
        from backend.domains.deliberation import topic_door

        return topic_door.settled(uow, topic_id)
