"""Topics as staff see them: the desk's list, and one topic with all that belongs to the work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from backend.domains.deliberation import (
    carrying,
    drafting,
    files,
    moves,
    objecting,
    parts,
    ports,
    requirements,
    rule_view,
    rules,
    stating,
    topic_view,
)
from backend.domains.deliberation.parts import Staff
from backend.domains.deliberation.topic_model import Topic, TopicFollow
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.uow import UnitOfWork

BASE = "/api/v1/staff/topics"
_ACTIONS = (
    "accept", "decline", "discuss", "prolong", "draft", "notice", "redraft", "open_vote",
    "carry_out", "close",
)  # fmt: skip


def query(by: Principal, wanted: dict[str, Any]) -> Select[Any]:
    """The topics within reach, filtered by state, kind, community and words.

    Words a resident wrote and that are not checked yet are with the moderators, not here.
    """
    found = select(Topic).where(parts.visible(by), Topic.published_at.is_not(None))
    state = wanted["state"]
    if state == "open":
        found = found.where(Topic.is_open)
    elif state == "ended":
        found = found.where(~Topic.is_open)
    elif state:
        found = found.where(Topic.state == state)
    if wanted["kind"]:
        found = found.where(Topic.kind == wanted["kind"])
    if wanted["community"]:
        found = found.where(Topic.community_id == wanted["community"])
    if wanted["q"]:
        like = f"%{wanted['q'].replace('%', '').replace('_', '')}%"
        found = found.where(or_(Topic.title.like(like), Topic.number.like(like)))
    return found


def cards(uow: UnitOfWork, by: Principal, rows: Sequence[Topic]) -> list[dict[str, Any]]:
    """Rows of the desk's list, with what the viewer may do."""
    return [
        {
            **topic_view.card(uow, row),
            "community": {
                "id": row.community_id,
                "name": ports.community_card(uow, row.community_id).name,
            },
            "proposer_text": topic_view.proposer_text(uow, row),
            "overdue": row.stage_ends_at is not None and row.stage_ends_at < uow.now,
            "can": can(Staff(by, row)),
        }
        for row in rows
    ]


def can(part: Staff) -> list[str]:
    """What the viewer may do with the topic now."""
    topic = part.topic
    found = [one for one in _ACTIONS if moves.possible(topic, one, part)]
    worker = part.plays(rules.WORKER)
    if worker and topic.state in (rules.ACCEPTED, rules.DISCUSSING, rules.DRAFTING):
        found.append("save_draft")
    if worker and topic.state in (
        rules.ACCEPTED, rules.DISCUSSING, rules.DRAFTING, rules.NOTICING,
    ):  # fmt: skip
        found.append("edit")
    if worker and topic.state in stating.STAGES:
        found.append("state")
    if worker and topic.state == rules.CARRYING_OUT:
        found.append("progress")
    if (worker or part.plays(rules.STREET)) and topic.published_at is not None:
        found.append("answer")
    if worker and topic.state not in rules.TOPIC_ENDS and moves.preset_of(topic).requirements:
        found.append("requirement")
    return found


def show(uow: UnitOfWork, by: Principal, topic_id: UUID) -> dict[str, Any]:
    """One topic for staff."""
    part = parts.reach(uow, by, topic_id)
    return shown(uow, part)


def shown(uow: UnitOfWork, part: Staff) -> dict[str, Any]:
    """The topic before this member of staff."""
    topic = part.topic
    preset = moves.preset_of(topic)
    followers = select(func.count()).where(TopicFollow.topic_id == topic.id)
    area, street = ports.place_names(uow, topic.area_id, topic.street_id)
    card = cards(uow, part.by, [topic])[0]
    if "edit" in card["can"]:
        if topic_view.vote_prepared(uow, topic.id):
            card["can"].remove("edit")
        elif topic.staff_id is not None:
            # What a neighbour wrote stays as it was written.
            card["can"].append("edit_words")
    return {
        **card,
        "words": topic.words,
        "area_name": area,
        "street_name": street,
        "pictures": files.urls(BASE, topic.id, files.of(uow, topic.id, "topic")),
        "stages": rule_view.stages(topic, preset),
        "rule": rule_view.shown(preset),
        "periods": {
            name: {"least": one.least, "usual": one.usual, "most": one.most}
            for name, one in (("discussion", preset.discussion), ("notice", preset.notice),
                              ("objection", preset.objection))
        },
        "turn": topic.turn,
        "silence_with_majority": topic.silence_with_majority,
        "silence_basis": topic.silence_basis,
        "silence_allowed": any(rule.silence_allowed for rule in preset.votes),
        "followers_count": uow.session.scalar(followers) or 0,
        "drafts": [drafting.view(uow, row) for row in drafting.versions(uow, topic.id)],
        "noticed_draft": topic.noticed_draft,
        "requirements": requirements.view(uow, topic),
        "votes": topic_view.votes_of(uow, topic, prepared=True),
        "objections": objections(uow, part),
        "progress": carrying.view(uow, topic.id, BASE),
        "end_reason": topic.end_reason,
        "timeline": _trace(uow, topic),
        "version": topic.version,
    }  # fmt: skip


def objections(uow: UnitOfWork, part: Staff) -> list[dict[str, Any]]:
    """All objections with their words; names masked."""
    rows = objecting.of_topic(uow, part.topic.id)
    names = ports.masked_names(uow, [row.person_id for row in rows])
    pictures = files.many(uow, [row.id for row in rows])
    street = part.plays(rules.STREET)
    return [
        {
            "id": row.id,
            "person": names.get(row.person_id, "") if row.person_id else "",
            "stage_text": rules.STATE_TEXT[row.stage],
            "words": row.words,
            "pictures": files.urls(BASE, part.topic.id, pictures.get(row.id, [])),
            "state": row.state,
            "state_text": rules.OBJECTION_TEXT[row.state],
            "decision": row.decision,
            "at": row.at,
            "decided_at": row.decided_at,
            "can": [action for state, action in rules.OBJECTION_TRANSITIONS if state == row.state]
            if street else [],
        }
        for row in rows
    ]  # fmt: skip


def _trace(uow: UnitOfWork, topic: Topic) -> list[dict[str, Any]]:
    entries = trace.entries(uow.session, moves.subject(topic))
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "text": entry.public_text or entry.internal_text,
            "public": bool(entry.public_text),
            "actor_text": entry.actor_name or {"person": "居民"}.get(entry.actor_kind, "系统"),
        }
        for entry in reversed(entries)
    ]
