"""The one way a topic, a post, an objection or a case changes its state, and its trace."""

from typing import Any, TypeVar

from sqlalchemy import update

from backend.domains.deliberation import kind_data_rules, rules
from backend.domains.deliberation.kind_rules import Preset
from backend.domains.deliberation.parts import Part
from backend.domains.deliberation.talk_model import ModerationCase, TopicComment, TopicStatement
from backend.domains.deliberation.topic_model import Topic, TopicObjection
from backend.kernel import trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.state import Table, Transition, step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

KIND = "topic"
Small = TypeVar("Small", bound=TopicComment | TopicStatement | TopicObjection | ModerationCase)
_SMALL: dict[type[Any], tuple[str, Table]] = {
    TopicComment: ("topic_comment", rules.POST_TRANSITIONS),
    TopicStatement: ("topic_statement", rules.POST_TRANSITIONS),
    TopicObjection: ("topic_objection", rules.OBJECTION_TRANSITIONS),
    ModerationCase: ("moderation_case", rules.CASE_TRANSITIONS),
}


def subject(
    row: Topic | TopicComment | TopicStatement | TopicObjection | ModerationCase,
) -> Subject:
    """What its trace is filed under."""
    return Subject(KIND if isinstance(row, Topic) else _SMALL[type(row)][0], row.id)


def small_kind(model: type[Any]) -> str:
    """The kind of subject under which the trace of such a row is filed."""
    return _SMALL[model][0]


def preset_of(topic: Topic) -> Preset:
    """The preset the topic began under."""
    return kind_data_rules.preset(topic.kind, topic.preset_version)


def allowed(topic: Topic, action: str, part: Part) -> Transition:
    """The transition, if the kind has it and somebody with this part may take it.

    Raises `Conflict` where there is none now, `Forbidden` where it is another's.
    """
    way = step(rules.TOPIC_TRANSITIONS, topic.state, action)
    if not any(part.plays(one) for one in sorted(way.who)):
        raise not_yours()
    preset = preset_of(topic)
    without_vote = action == "carry_out" and topic.state == rules.DRAFTING
    if not rules.fits(preset.stages, action, topic.state, way.to) or (
        without_vote and preset.vote_needed
    ):
        raise Conflict("not_of_this_kind", title="这类议题没有这一步", action="请刷新后再看")
    return way


def possible(topic: Topic, action: str, part: Part) -> bool:
    """Whether `allowed` would answer."""
    try:
        allowed(topic, action, part)
    except (Conflict, Forbidden):
        return False
    return True


def move(
    uow: UnitOfWork, part: Part, action: str, *, public: str = "", internal: str = "",
    reason: str = "", actor: Actor | None = None, **values: Any,
) -> str:  # fmt: skip
    """Take one way of the topic's table, with its trace entry; answers the state before.

    A conditional update on state and version: whoever acted on what is no longer true gets
    `Conflict` and changes nothing.
    """
    topic = part.topic
    way = allowed(topic, action, part)
    before = topic.state
    if way.to in rules.TOPIC_ENDS:
        values["ended_at"] = uow.now
    values.setdefault("stage_ends_at", None)
    changed = uow.session.scalars(
        update(Topic)
        .where(Topic.id == topic.id, Topic.state == before, Topic.version == topic.version)
        .values(state=way.to, version=Topic.version + 1, last_at=uow.now, **values)
        .returning(Topic)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise changed_meanwhile()
    note(
        uow, topic, action, before=before, public=public, internal=internal, reason=reason,
        actor=actor,
    )  # fmt: skip
    return before


def note(
    uow: UnitOfWork, topic: Topic, action: str, *, before: str | None = None, public: str = "",
    internal: str = "", reason: str = "", actor: Actor | None = None, first: bool = False,
) -> None:  # fmt: skip
    """A trace entry. The topic's row must be held by this unit of work."""
    trace.record(
        uow, subject=subject(topic), action=action,
        from_state=None if first else before or topic.state, to_state=topic.state, reason=reason,
        public_text=public, internal_text=internal, actor=actor, first=first,
    )  # fmt: skip


def touch(uow: UnitOfWork, topic: Topic, **values: Any) -> None:
    """Change a topic beside its state; colleagues' older views of it become stale."""
    uow.session.scalars(
        update(Topic)
        .where(Topic.id == topic.id)
        .values(version=Topic.version + 1, last_at=uow.now, **values)
        .returning(Topic)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one()


def small(
    uow: UnitOfWork, row: Small, action: str, who: str, *, why: str = "", internal: str = "",
    **values: Any,
) -> Small:  # fmt: skip
    """Take one way of a post's, objection's or case's table as `who`, with its trace entry.

    `why` is the reason in the trace; `values` are columns.
    """
    _, table = _SMALL[type(row)]
    way = step(table, row.state, action)
    if who not in way.who:
        raise not_yours()
    before = row.state
    model: Any = type(row)
    changed: Small | None = uow.session.scalars(
        update(model)
        .where(model.id == row.id, model.state == before)
        .values(state=way.to, **values)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise changed_meanwhile()
    trace.record(
        uow, subject=subject(row), action=action, from_state=before, to_state=way.to,
        reason=why, internal_text=internal,
    )  # fmt: skip
    return changed


def needs(text: str, field: str, message: str) -> str:
    """`text` without blanks around it; `Invalid` at the field when nothing is left."""
    clean = text.strip()
    if not clean:
        raise Invalid("missing", detail=message, fields={field: [message]})
    return clean


def not_yours() -> Forbidden:
    """In sight, but this step is somebody else's."""
    return Forbidden("not_your_step", title="这一步不由您操作", action="请由负责的人员操作")


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile", title="别人刚处理过", detail="这里刚有了变化，您的操作没有生效",
        action="请刷新后再看",
    )  # fmt: skip
