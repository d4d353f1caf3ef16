"""What comments and statements share: the check before others see them, withdrawal, appeals."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from backend.domains.content import service as content
from backend.domains.content.service import ContentDecided
from backend.domains.deliberation import events, files, moves, parts, rules, telling
from backend.domains.deliberation.talk_model import ModerationCase, TopicComment, TopicStatement
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.uow import UnitOfWork

Post = TypeVar("Post", bound=TopicComment | TopicStatement)
COMMENT, STATEMENT = "comment", "statement"
PostType = type[TopicComment] | type[TopicStatement]
KINDS: dict[str, PostType] = {COMMENT: TopicComment, STATEMENT: TopicStatement}
WHAT = {COMMENT: "评论", STATEMENT: "观点"}
_ACTION = {content.PASSED: "pass", content.REFUSED: "refuse", content.REVIEW: "review"}
APPEALABLE = (rules.CASE_HIDDEN,)


def kind_of(post: TopicComment | TopicStatement) -> str:
    """Which of the two it is."""
    return COMMENT if isinstance(post, TopicComment) else STATEMENT


def held(uow: UnitOfWork, kind: type[Post], post_id: UUID) -> Post:
    """The post, held until the transaction ends; `NotFound` when there is none."""
    query = select(kind).where(kind.id == post_id).with_for_update()
    row = uow.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise unknown()
    return row


def find(uow: UnitOfWork, kind: str, post_id: UUID) -> TopicComment | TopicStatement:
    """The comment or statement of that id, which is known to be there."""
    if kind == COMMENT:
        return uow.session.get_one(TopicComment, post_id)
    return uow.session.get_one(TopicStatement, post_id)


def seen(uow: UnitOfWork, person_id: UUID, kind: type[Post], post_id: UUID) -> Post:
    """A post in the person's sight, held: public ones of their topics, and all their own."""
    row = held(uow, kind, post_id)
    parts.meet(uow, person_id, row.topic_id)
    if row.state != rules.VISIBLE and row.person_id != person_id:
        raise unknown()
    return row


def own(uow: UnitOfWork, person_id: UUID, kind: type[Post], post_id: UUID) -> Post:
    """The person's own post, held; anybody else's is `NotFound`."""
    row = held(uow, kind, post_id)
    if row.person_id != person_id:
        raise unknown()
    return row


def check(
    uow: UnitOfWork, topic: Topic, post: TopicComment | TopicStatement, pictures: list[UUID]
) -> None:
    """Put the words to the content check."""
    content.check(
        uow, moves.subject(post), texts=[post.body], files=pictures, person_id=post.person_id,
        place=content.Place(topic.area_id, topic.street_id),
    )  # fmt: skip


def on_content(uow: UnitOfWork, told: ContentDecided) -> None:
    """The check has something to say about a comment or a statement."""
    for kind, model in KINDS.items():
        if told.subject_kind == moves.small_kind(model):
            _entered(uow, find(uow, kind, told.subject_id), told)


def _entered(uow: UnitOfWork, row: TopicComment | TopicStatement, told: ContentDecided) -> None:
    topic = uow.session.get_one(Topic, row.topic_id)
    action = _ACTION.get(told.state)
    if action is not None and (row.state, action) in rules.POST_TRANSITIONS:
        moves.small(uow, row, action, rules.SYSTEM, why=told.reason)
        if row.state == rules.VISIBLE:
            shown(uow, row, shown_now=True)
    if row.person_id is not None and (told.state != content.PASSED or told.by_person):
        tell(uow, topic, row, told.state, told.reason)


def withdraw(uow: UnitOfWork, person_id: UUID, kind: type[Post], post_id: UUID) -> None:
    """The author takes it back; nobody sees it any more, nobody looks at it any more."""
    row = own(uow, person_id, kind, post_id)
    was_public = row.state == rules.VISIBLE
    moves.small(uow, row, "withdraw", rules.AUTHOR)
    content.drop(uow, moves.subject(row))
    if was_public:
        shown(uow, row, shown_now=False)


def appeal(uow: UnitOfWork, person_id: UUID, kind: type[Post], post_id: UUID, words: str) -> None:
    """The author says a refusal or a hiding is wrong: somebody else looks. Once."""
    row = own(uow, person_id, kind, post_id)
    if row.state == rules.REFUSED:
        check_row = content.current(uow, moves.subject(row))
        if check_row is not None:
            content.appeal(uow, check_row, words)
            return
    case = hidden_case(uow, row)
    if row.state != rules.HIDDEN or case is None:
        raise Conflict("nothing_to_appeal", title="现在没有可以申诉的", action="请刷新后再看")
    moves.small(uow, case, "appeal", rules.AUTHOR, why=words, appeal=words,
                appealed_at=uow.now)  # fmt: skip
    topic = uow.session.get_one(Topic, row.topic_id)
    telling.task(uow, topic, "有申诉", f"被隐藏的{WHAT[kind_of(row)]}有申诉，请决定。", street=True)


def hidden_case(uow: UnitOfWork, row: TopicComment | TopicStatement) -> ModerationCase | None:
    """The case by which a post was hidden and that may still be appealed."""
    return uow.session.scalar(
        select(ModerationCase).where(
            ModerationCase.post_kind == kind_of(row), ModerationCase.post_id == row.id,
            ModerationCase.state.in_(APPEALABLE),
        )
    )  # fmt: skip


def shown(uow: UnitOfWork, row: TopicComment | TopicStatement, *, shown_now: bool) -> None:
    """Its pictures and its place among the replies follow what neighbours may see."""
    if not isinstance(row, TopicComment):
        return
    files.show(uow, row.topic_id, "comment", row.id, shown=shown_now)
    if row.parent_id is not None:
        parent = held(uow, TopicComment, row.parent_id)
        parent.replies = max(0, parent.replies + (1 if shown_now else -1))
        uow.session.flush()


def tell(
    uow: UnitOfWork, topic: Topic, row: TopicComment | TopicStatement, result: str, words: str
) -> None:
    """The author hears what became of it."""
    if row.person_id is not None:
        uow.emit(
            events.PostDecided(
                **telling.facts(uow, topic), person_id=row.person_id, what=WHAT[kind_of(row)],
                result=result, words=words,
            )
        )  # fmt: skip


def unknown() -> NotFound:
    """What is out of sight looks like nothing."""
    return NotFound("post_unknown", title="没有找到这条内容", action="请刷新后再看")
