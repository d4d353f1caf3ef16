"""Topics as neighbours see them: cards, and one topic with everything about it.

What is the same for everybody is computed once in a few seconds for each process; only what
concerns the viewer is looked up each time.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from backend.domains.community.service import Scope
from backend.domains.content import service as content
from backend.domains.deliberation import (
    carrying,
    drafting,
    files,
    kind_rules,
    moves,
    objecting,
    parts,
    ports,
    proposing,
    requirements,
    rule_view,
    rules,
    seconding,
    stating,
)
from backend.domains.deliberation.talk_model import TopicComment, TopicStatement
from backend.domains.deliberation.topic_model import Topic, TopicFile, TopicFollow, TopicSecond
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_rules import (
    CANCELLED,
    PREPARED,
    PUBLISHED,
    RUNNING,
    VOTE_STATE_TEXT,
)
from backend.kernel import trace
from backend.kernel.services import Services
from backend.kernel.trace import Subject, TraceEntry
from backend.kernel.uow import UnitOfWork

BASE = "/api/v1/topics"
_KEY = "topic_pages"
_SECONDS, _MOST_KEPT = 3.0, 500
_ACTOR = {"person": "邻居", "staff": "社区", "system": "系统"}


class Pages:
    """Parts of pages that are the same for everybody, by topic and version."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[UUID, int], tuple[float, dict[str, Any]]] = {}

    def get(self, uow: UnitOfWork, topic: Topic) -> dict[str, Any]:
        """The public part, at most three seconds old."""
        key = (topic.id, topic.version)
        at, page = self._kept.get(key, (0.0, {}))
        if page and time.monotonic() - at < _SECONDS:
            return page
        page = _public(uow, topic)
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (time.monotonic(), page)
        return page


def pages(services: Services) -> Pages:
    """This process's pages."""
    found: Pages = services.extensions.setdefault(_KEY, Pages())
    return found


def query(community_ids: Sequence[UUID], person_id: UUID, wanted: dict[str, Any]) -> Select[Any]:
    """Topics of these communities that the person may see, filtered."""
    found = select(Topic).where(
        Topic.community_id.in_(list(community_ids)),
        Topic.published_at.is_not(None) | (Topic.proposer_id == person_id),
    )
    state = wanted.get("state")
    if state == "open":
        found = found.where(Topic.is_open)
    elif state == "ended":
        found = found.where(~Topic.is_open)
    elif state:
        found = found.where(Topic.state == state)
    if wanted.get("kind"):
        found = found.where(Topic.kind == wanted["kind"])
    if wanted.get("mine"):
        followed = select(TopicFollow.topic_id).where(TopicFollow.person_id == person_id)
        found = found.where((Topic.proposer_id == person_id) | Topic.id.in_(followed))
    return found


def cards(uow: UnitOfWork, rows: Sequence[Topic], person_id: UUID) -> list[dict[str, Any]]:
    """Rows of the list."""
    ids = [row.id for row in rows]
    comments = _comment_counts(uow, ids)
    pictures = _first_pictures(uow, ids)
    followed = _own_ids(uow, TopicFollow, ids, person_id)
    return [
        {
            **card(uow, row),
            "comments_count": comments.get(row.id, 0),
            "picture": pictures.get(row.id),
            "mine": row.proposer_id == person_id,
            "followed": row.id in followed or row.proposer_id == person_id,
        }
        for row in rows
    ]


def card(uow: UnitOfWork, row: Topic) -> dict[str, Any]:
    """What every list shows of a topic."""
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "kind_text": kind_rules.KIND_TEXT[row.kind],
        "worth_name": kind_rules.WORTH_TEXT[moves.preset_of(row).worth],
        "title": row.title,
        "state": row.state,
        "state_text": rules.STATE_TEXT[row.state],
        "next_text": rules.next_text(row.state, passed=row.passed),
        "by_when": row.stage_ends_at,
        "open": row.state in rules.OPEN_STATES,
        "passed": row.passed if row.state not in (rules.COUNTING, rules.RESULT_NOTICE) else None,
        "scope_text": ports.scope_text(uow, Scope(row.scope_kind, row.scope_id)),
        "seconds_needed": row.seconds_needed,
        "seconds_count": row.seconds_count,
        "created_at": row.created_at,
        "last_at": row.last_at,
    }


def show(uow: UnitOfWork, person_id: UUID, topic_id: UUID) -> dict[str, Any]:
    """One topic for a resident of its community; `NotFound` for others."""
    part = parts.meet(uow, person_id, topic_id)
    topic = part.topic
    page = pages(uow.services).get(uow, topic)
    can = actions(uow, part)
    mine = topic.proposer_id == person_id
    followed = mine or uow.session.get(TopicFollow, (topic.id, person_id)) is not None
    notice = None
    if mine and topic.state == rules.PROPOSED:
        notice = content.notice(content.current(uow, Subject(proposing.CHECKED, topic.id)))
        can += [one for one in ("appeal",) if notice and one in notice["can"]]
    return {
        **page,
        "mine": mine,
        "followed": followed,
        "seconded": "second" not in can and _seconded(uow, topic, person_id),
        "my_objections": _own_objections(uow, topic, person_id),
        "notice": notice,
        "can": can,
        "main_action": main_action(page, can),
    }


def actions(uow: UnitOfWork, part: parts.Neighbour) -> list[str]:
    """What the viewer may do now."""
    topic, state = part.topic, part.topic.state
    found = ["follow"]
    verified = ports.verified(uow, part.id, topic.community_id)
    if moves.possible(topic, "withdraw", part):
        found.append("withdraw")
    if moves.possible(topic, "amend", part):
        found.append("amend")
    if not verified:
        return found
    if state in rules.TALKING:
        found.append("comment")
    if state in stating.STAGES:
        found.append("state")
    if objecting.possible(uow, topic):
        found.append("object")
    if state == rules.VOTING:
        found.append("vote")
    others = state == rules.SECONDING and topic.proposer_id != part.id
    if others and not _seconded(uow, topic, part.id) and seconding.entitled(uow, topic, part.id):
        found.append("second")
    return found


_MAIN = (
    ("vote", "去投票"), ("second", "我来联名"), ("appeal", "申诉"), ("state", "说说看法"),
    ("progress", "看落实进展"), ("result", "看结果"), ("draft", "看方案"), ("comment", "说一句"),
)  # fmt: skip


def main_action(page: Mapping[str, Any], can: Sequence[str]) -> dict[str, str] | None:
    """The one thing the page puts first; never a way to what is not there."""
    state, there = page["state"], set(can)
    if state in (rules.CARRYING_OUT, rules.CLOSED) and page["progress_percent"] is not None:
        there.add("progress")
    if any(one["state"] == PUBLISHED for one in page["votes"]):
        there.add("result")
    if state == rules.NOTICING and page["draft"] is not None:
        there.add("draft")
    return next(({"code": code, "text": text} for code, text in _MAIN if code in there), None)


def draft_of(uow: UnitOfWork, topic: Topic) -> dict[str, Any] | None:
    """The draft neighbours may read: the one published for notice, or the latest while drafting."""
    row = drafting.noticed(uow, topic)
    if row is None and topic.state in (rules.DRAFTING, rules.NOTICING):
        row = drafting.latest(uow, topic.id)
    return drafting.view(uow, row) if row is not None else None


def votes_of(uow: UnitOfWork, topic: Topic, *, prepared: bool = False) -> list[dict[str, Any]]:
    """The votes held on it, oldest first, for the desk with the `prepared`; no result is in here."""
    hidden = (CANCELLED,) if prepared else (PREPARED, CANCELLED)
    rows = uow.session.scalars(
        select(Vote)
        .where(Vote.topic_id == topic.id, Vote.state.not_in(hidden))
        .order_by(Vote.created_at)
    )
    preset = moves.preset_of(topic)
    return [
        {
            "id": row.id,
            "turn": row.turn,
            "name": preset.vote(row.turn).name,
            "state": row.state,
            "state_text": VOTE_STATE_TEXT[row.state],
            "opened_at": row.opened_at,
            "closes_at": row.closes_at,
        }
        for row in rows
    ]


def vote_prepared(uow: UnitOfWork, topic_id: UUID) -> bool:
    """Whether a vote on it has been prepared or runs: what it asks is settled."""
    settled = (PREPARED, *RUNNING)
    query = select(Vote.id).where(Vote.topic_id == topic_id, Vote.state.in_(settled)).limit(1)
    return uow.session.scalar(query) is not None


def timeline(uow: UnitOfWork, topic_id: UUID) -> list[dict[str, Any]]:
    """What anybody in the community may read of the trace, the newest first."""
    entries = trace.entries(uow.session, Subject(moves.KIND, topic_id))
    return [_line(entry) for entry in reversed(entries) if entry.public_text]


def _line(entry: TraceEntry) -> dict[str, Any]:
    actor = _ACTOR.get(entry.actor_kind, "系统")
    if entry.action in ("sustain", "redraft", "decide_objection", "mediate"):
        actor = "街道"
    return {"at": entry.at, "text": entry.public_text, "actor_text": actor}


def _public(uow: UnitOfWork, topic: Topic) -> dict[str, Any]:
    preset = moves.preset_of(topic)
    place = ports.community_card(uow, topic.community_id)
    reports = carrying.view(uow, topic.id, BASE)
    return {
        **card(uow, topic),
        "words": topic.words,
        "community": {"id": place.id, "name": place.name},
        "proposer_text": proposer_text(uow, topic),
        "pictures": files.urls(BASE, topic.id, files.of(uow, topic.id, "topic")),
        "stages": rule_view.stages(topic, preset),
        "rule": rule_view.shown(preset),
        "silence_with_majority": topic.silence_with_majority,
        "silence_basis": topic.silence_basis,
        "requirements": [
            {"text": one["text"], "met": one["met_at"] is not None}
            for one in requirements.view(uow, topic)
        ],
        "draft": draft_of(uow, topic),
        "votes": votes_of(uow, topic),
        "objections": _objection_counts(uow, topic.id),
        "progress_percent": reports[0]["percent"] if reports else None,
        "end_reason": "发起人撤回了议题" if topic.state == rules.WITHDRAWN else topic.end_reason,
        "comments_count": _comment_counts(uow, [topic.id]).get(topic.id, 0),
        "statements_count": _statements(uow, topic.id),
        "timeline": timeline(uow, topic.id),
        "version": topic.version,
    }


def proposer_text(uow: UnitOfWork, topic: Topic) -> str:
    """Who proposed it: a masked name, or the community."""
    if topic.proposer_id is None:
        return "社区" if topic.staff_id else "已注销用户"
    return ports.masked_names(uow, [topic.proposer_id]).get(topic.proposer_id, "邻居")


def _objection_counts(uow: UnitOfWork, topic_id: UUID) -> dict[str, Any]:
    rows = objecting.of_topic(uow, topic_id)
    decided = [row for row in rows if row.state in rules.OBJECTION_ENDS]
    return {
        "total": len(rows),
        "open": len(rows) - len(decided),
        "decisions": [
            {"result_text": rules.OBJECTION_TEXT[row.state], "reason": row.decision,
             "at": row.decided_at}
            for row in decided
        ],
    }  # fmt: skip


def _own_objections(uow: UnitOfWork, topic: Topic, person_id: UUID) -> list[dict[str, Any]]:
    if topic.state in (rules.PROPOSED, rules.SECONDING, rules.SUBMITTED, rules.ACCEPTED):
        return []
    rows = [row for row in objecting.of_topic(uow, topic.id) if row.person_id == person_id]
    return [
        {
            "id": row.id,
            "words": row.words,
            "state": row.state,
            "state_text": rules.OBJECTION_TEXT[row.state],
            "decision": row.decision,
            "at": row.at,
        }
        for row in rows
    ]


def _seconded(uow: UnitOfWork, topic: Topic, person_id: UUID) -> bool:
    return uow.session.get(TopicSecond, (topic.id, person_id)) is not None


def _own_ids(uow: UnitOfWork, table: Any, ids: Sequence[UUID], person_id: UUID) -> set[UUID]:
    rows = select(table.topic_id).where(table.topic_id.in_(ids), table.person_id == person_id)
    return set(uow.session.scalars(rows))


def _comment_counts(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = uow.session.execute(
        select(TopicComment.topic_id, func.count())
        .where(TopicComment.topic_id.in_(ids), TopicComment.state == rules.VISIBLE)
        .group_by(TopicComment.topic_id)
    )
    return {row[0]: row[1] for row in rows}


def _statements(uow: UnitOfWork, topic_id: UUID) -> int:
    count = select(func.count()).where(
        TopicStatement.topic_id == topic_id, TopicStatement.state == rules.VISIBLE
    )
    return uow.session.scalar(count) or 0


def _first_pictures(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = uow.session.execute(
        select(TopicFile.topic_id, TopicFile.file_id)
        .where(TopicFile.topic_id.in_(ids), TopicFile.part == "topic", TopicFile.shown)
        .order_by(TopicFile.topic_id, TopicFile.position.desc())
    )
    return {topic: f"{BASE}/{topic}/files/{file}?size=small" for topic, file in rows}
