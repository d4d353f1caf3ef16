"""The moderators' side: what waits for a look, and their decision."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select

from backend.domains.content import checking, rules
from backend.domains.content.model import ContentCheck, ContentItem
from backend.domains.identity import service as identity
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

MODERATE, DECIDE = "topics.moderate", "topics.decide"


def visible(by: Principal) -> ColumnElement[bool]:
    """The condition under which checks exist for the viewer."""
    found: list[ColumnElement[bool]] = []
    for grant in by.grants:
        if grant.permissions.isdisjoint({MODERATE, DECIDE}):
            continue
        if grant.scope_kind == "district":
            return ContentCheck.id.is_not(None)
        if grant.scope_kind == "community":
            found.append(ContentCheck.area_id == grant.scope_id)
        if grant.scope_kind == "street":
            found.append(ContentCheck.street_id == grant.scope_id)
    return or_(*found) if found else false()


def query_waiting(by: Principal) -> Select[Any]:
    """What waits for a look within reach."""
    return select(ContentCheck).where(
        ContentCheck.state == rules.REVIEW,
        ContentCheck.subject_kind.not_in(rules.READ_ELSEWHERE),
        visible(by),
    )


def shown(uow: UnitOfWork, by: Principal, rows: Sequence[ContentCheck]) -> list[dict[str, Any]]:
    """Rows of the queue: the words, the pictures, who wrote them (masked), why and until when."""
    people = identity.person_cards(uow, [row.person_id for row in rows if row.person_id])
    items = _items(uow, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "author": people[row.person_id].name_masked if row.person_id in people else "",
            "texts": [item.text for item in items.get(row.id, []) if item.kind == rules.TEXT],
            "pictures": [
                f"/api/v1/staff/content-checks/{row.id}/files/{item.file_id}"
                for item in items.get(row.id, []) if item.kind == rules.IMAGE
            ],
            "why": _why(row, items.get(row.id, [])),
            "appeal": row.appeal,
            "since": row.created_at,
            "due_at": row.review_by,
            "can": ["pass", "refuse"] if _may(row, by) else [],
            "version": row.version,
        }
        for row in rows
    ]  # fmt: skip


def decide(
    uow: UnitOfWork, by: Principal, check_id: UUID, *, passed: bool, reason: str
) -> ContentCheck:
    """Let it through, or refuse it with a reason for the author.

    Whoever refused it before does not decide on the appeal: then the street does.
    """
    row = reach(uow, by, check_id)
    if row.state != rules.REVIEW:
        raise Conflict("wrong_state", title="已经处理过了", action="请刷新后再看")
    if not _may(row, by):
        raise Conflict("not_yours", title="要由别人来看", detail="申诉由街道的工作人员决定")
    if not passed and not reason.strip():
        text = "请写明原因，作者会看到"
        raise Invalid("missing", detail=text, fields={"reason": [text]})
    why = "" if passed else reason.strip()
    return checking.change(
        uow, row, "pass" if passed else "refuse", reason=why, decided_by=by.actor.id,
        decided_at=uow.now,
    )  # fmt: skip


def picture(uow: UnitOfWork, by: Principal, check_id: UUID, file_id: UUID) -> StoredFile:
    """A picture of a check within reach."""
    row = reach(uow, by, check_id, lock=False)
    known = select(ContentItem.id).where(
        ContentItem.check_id == row.id, ContentItem.file_id == file_id
    )
    file = uow.session.get(StoredFile, file_id)
    if file is None or uow.session.scalar(known) is None:
        raise _unknown()
    return file


def reach(uow: UnitOfWork, by: Principal, check_id: UUID, *, lock: bool = True) -> ContentCheck:
    """A check within the viewer's reach; `NotFound` for others."""
    query = select(ContentCheck).where(ContentCheck.id == check_id, visible(by))
    if lock:
        query = query.with_for_update()
    row = uow.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise _unknown()
    return row


def _may(row: ContentCheck, by: Principal) -> bool:
    permission = MODERATE
    if row.appealed_at is not None and row.decided_by is not None:
        if row.decided_by == by.actor.id:
            return False
        permission = DECIDE
    return by.may(permission, community=row.area_id, street=row.street_id)


def _why(row: ContentCheck, items: Sequence[ContentItem]) -> str:
    if row.appealed_at is not None:
        return "作者申诉"
    if any(item.state == rules.DOUBTFUL for item in items):
        return "检查服务请人工复核"
    return "检查服务没有查，请人工复核"


def _items(uow: UnitOfWork, check_ids: Sequence[UUID]) -> dict[UUID, list[ContentItem]]:
    rows = uow.session.scalars(
        select(ContentItem)
        .where(ContentItem.check_id.in_(check_ids))
        .order_by(ContentItem.kind.desc(), ContentItem.id)
    )
    found: dict[UUID, list[ContentItem]] = {}
    for row in rows:
        found.setdefault(row.check_id, []).append(row)
    return found


def _unknown() -> NotFound:
    return NotFound("check_unknown", title="没有找到这条内容", action="请返回列表刷新后再看")
