"""Proposing a topic: by a verified neighbour, checked before others see it, or by staff."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.domains.community.service import CommunityCard, Scope
from backend.domains.content import service as content
from backend.domains.content.service import ContentDecided
from backend.domains.deliberation import (
    events,
    files,
    kind_data_rules,
    moves,
    parts,
    ports,
    rules,
    stages,
    telling,
)
from backend.domains.deliberation.kind_rules import COMMUNITY, ELECTORATE_TEXT, Preset
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import receipts
from backend.kernel.access import Principal
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PER_DAY = "5 per day"
CHECKED = "topic"


def propose(uow: UnitOfWork, person_id: UUID, body: dict[str, Any]) -> Topic:
    """A new topic of a verified neighbour; the content check comes first.

    Raises `Forbidden` for who is not verified in this community or not entitled in this kind,
    `Invalid` where kind and place do not fit, `RateLimited` after five a day.
    """
    community = _own_community(uow, person_id, body["community_id"])
    preset, scope = fitting(uow, community, body)
    if not ports.may_take_part(uow, person_id, scope, preset.proposers):
        raise Forbidden(
            "not_entitled", title="您不能发起这类议题",
            detail=f"这类议题由{ELECTORATE_TEXT[preset.proposers]}发起",
            action="可以改选「议事」，或请有资格的邻居发起",
        )  # fmt: skip
    uow.services.limiter.hit(PER_DAY, "topic-propose", str(person_id))
    needed = preset.seconding.needed(ports.entitled(uow, scope, preset.proposers))
    topic = _write(
        uow, community, preset, scope, body, proposer_id=person_id, state=rules.PROPOSED,
        seconds_needed=needed, stage_ends_at=uow.now + timedelta(days=rules.PROPOSED_DAYS),
    )  # fmt: skip
    files.attach(uow, topic, body["file_ids"])
    moves.note(uow, topic, "propose", public="发起了议题，正在检查内容", first=True)
    stages.arm(uow, topic)
    _check(uow, topic, body["file_ids"])
    return topic


def propose_by_staff(uow: UnitOfWork, by: Principal, body: dict[str, Any]) -> Topic:
    """A topic the community (or, in a village, its committee) puts up itself: accepted at once."""
    community = ports.community_card(uow, body["community_id"])
    street_id = ports.street_of(uow, community.area_id)
    if not by.may(parts.MANAGE, community=community.area_id, street=street_id):
        raise ports.unknown()
    preset, scope = fitting(uow, community, body)
    topic = _write(
        uow, community, preset, scope, body, staff_id=by.actor.id, state=rules.ACCEPTED,
        published_at=uow.now, accepted_at=uow.now, submitted_at=uow.now,
    )  # fmt: skip
    files.attach(uow, topic, body["file_ids"], shown=True)
    moves.note(uow, topic, "propose", public="社区发起了议题", first=True)
    return topic


def amend(
    uow: UnitOfWork, person_id: UUID, topic_id: UUID, *, title: str, words: str,
    file_ids: Sequence[UUID],
) -> Topic:  # fmt: skip
    """The proposer changes what has not passed the check yet; it is checked anew."""
    part = parts.meet(uow, person_id, topic_id, lock=True)
    ends_at = part.topic.stage_ends_at
    stages.go(uow, part, "amend", ends_at=ends_at, title=title, words=words)
    files.replace(uow, part.topic, file_ids)
    _check(uow, part.topic, file_ids)
    return part.topic


def appeal(uow: UnitOfWork, person_id: UUID, topic_id: UUID, words: str) -> None:
    """The proposer says the refusal of the words is wrong: a person looks."""
    part = parts.meet(uow, person_id, topic_id, lock=True)
    row = content.current(uow, Subject(CHECKED, topic_id))
    if not part.plays(rules.PROPOSER) or row is None or row.state != content.REFUSED:
        raise Conflict("nothing_to_appeal", title="现在没有可以申诉的", action="请刷新后再看")
    content.appeal(uow, row, words)


def withdraw(uow: UnitOfWork, person_id: UUID, topic_id: UUID, reason: str) -> Topic:
    """The proposer takes the topic back, as long as it is not before the neighbours."""
    part = parts.meet(uow, person_id, topic_id, lock=True)
    why = moves.needs(reason, "reason", "请写一句为什么撤回")
    if part.topic.published_at is None:
        content.drop(uow, Subject(CHECKED, topic_id))
    stages.go(uow, part, "withdraw", end_reason=why, public="发起人撤回了议题", reason=why)
    # Why is for the staff: these words were not checked, so neighbours do not get them.
    telling.ended(uow, part.topic, "发起人撤回了议题")
    return part.topic


def on_content(uow: UnitOfWork, told: ContentDecided) -> None:
    """The check has something to say about a topic's words."""
    if told.subject_kind != CHECKED:
        return
    topic = parts.locked(uow, told.subject_id)
    if topic is None or topic.state != rules.PROPOSED:
        return
    if told.state == content.PASSED:
        _published(uow, topic)
    elif topic.proposer_id is not None:
        uow.emit(
            events.PostDecided(
                **telling.facts(uow, topic), person_id=topic.proposer_id, what="议题",
                result=told.state, words=told.reason,
            )
        )  # fmt: skip


def _published(uow: UnitOfWork, topic: Topic) -> None:
    """Neighbours see it: they support it, or it goes to the community where none are needed."""
    system = parts.System(topic)
    files.show(uow, topic.id, "topic", None, shown=True)
    if topic.seconds_needed > 0:
        ends_at = stages.until(uow, rules.SECONDING_DAYS)
        text = f"内容检查通过，还要{topic.seconds_needed}人联名"
        stages.go(uow, system, "ask_support", ends_at=ends_at, published_at=uow.now, public=text)
        uow.emit(
            events.TopicSeconding(
                **telling.facts(uow, topic), needed=topic.seconds_needed, due_at=ends_at
            )
        )
    else:
        submit(uow, topic, published_at=uow.now, public="内容检查通过，已交给社区")


def submit(uow: UnitOfWork, topic: Topic, *, public: str, **values: Any) -> None:
    """It goes to the community, which answers within five working days."""
    due = stages.workdays_later(uow, rules.ANSWER_WORKING_DAYS)
    stages.go(
        uow, parts.System(topic), "submit", ends_at=due, submitted_at=uow.now, public=public,
        **values,
    )  # fmt: skip
    uow.emit(
        events.TopicSubmitted(
            **telling.facts(uow, topic), staff_ids=ports.workers(uow, topic.area_id), due_at=due
        )
    )


def fitting(
    uow: UnitOfWork, community: CommunityCard, body: dict[str, Any]
) -> tuple[Preset, Scope]:
    """The preset in force and the scope; `Invalid` where they do not fit the community."""
    day = local_date(uow.now)
    preset = kind_data_rules.in_force(body["kind"], day)
    if community.kind not in preset.communities:
        raise _wrong("kind", "这个社区不用这类议题")
    if body["scope_kind"] not in preset.scopes:
        raise _wrong("scope_kind", "这类议题不能选这个范围")
    scope_id = body["scope_id"] or community.id
    scope = Scope(body["scope_kind"], scope_id)
    ports.check_scope(uow, community.id, scope)
    if preset.least_storeys and scope.kind != COMMUNITY:
        floors, has_lift = ports.storeys(uow, scope)
        if floors < preset.least_storeys or has_lift:
            raise _wrong("scope_id", f"只用于{preset.least_storeys}层以上、没有电梯的楼")
    return preset, scope


def _write(
    uow: UnitOfWork, community: CommunityCard, preset: Preset, scope: Scope,
    body: dict[str, Any], **values: Any,
) -> Topic:  # fmt: skip
    topic_id = new_id()
    receipt = receipts.issue(
        uow, kind="topic", subject=Subject(moves.KIND, topic_id),
        person_id=values.get("proposer_id"), title=body["title"],
    )  # fmt: skip
    topic = Topic(
        id=topic_id, number=receipt.number, community_id=community.id,
        area_id=community.area_id, street_id=ports.street_of(uow, community.area_id),
        scope_kind=scope.kind, scope_id=scope.id, kind=preset.kind, preset_version=preset.version,
        title=body["title"], words=body["words"], created_at=uow.now, last_at=uow.now, version=1,
        **values,
    )  # fmt: skip
    uow.session.add(topic)
    uow.session.flush()
    return topic


def _check(uow: UnitOfWork, topic: Topic, file_ids: Sequence[UUID]) -> None:
    content.check(
        uow, Subject(CHECKED, topic.id), texts=[f"{topic.title}\n{topic.words}"], files=file_ids,
        person_id=topic.proposer_id, place=content.Place(topic.area_id, topic.street_id),
    )  # fmt: skip


def _own_community(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> CommunityCard:
    if not ports.belongs(uow, person_id, community_id):
        raise ports.unknown()
    check_verified(uow, person_id, community_id)
    return ports.community_card(uow, community_id)


def check_verified(uow: UnitOfWork, person_id: UUID, community_id: UUID) -> None:
    """`Forbidden` unless the real name is proved and a home confirmed."""
    if not ports.verified(uow, person_id, community_id):
        raise Forbidden(
            "not_verified", title="请先完成实名认证和住户确认",
            detail="议事要确认是本社区的住户", action="到「我的 - 我的家」添加住房，由社区确认",
        )  # fmt: skip


def _wrong(field: str, text: str) -> Invalid:
    return Invalid("wrong_kind", detail=text, fields={field: [text]})
