"""What neighbours write is looked at before others see it: the content check, told of and heard."""

from typing import Any
from uuid import UUID

from backend.domains.content import service as content
from backend.domains.content.events import ContentDecided
from backend.domains.neighbourhood import access, moves, ports
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

_MODELS: dict[str, type[Wish] | type[HelpRequest]] = {"wish": Wish, "help_request": HelpRequest}


def put(uow: UnitOfWork, row: Wish | HelpRequest) -> None:
    """Have the words of a fresh or rewritten row looked at; until then only the author sees it."""
    content.check(
        uow, moves.subject(row), texts=[row.title, row.words], person_id=row.person_id,
        place=content.Place(area_id=row.area_id, street_id=ports.street_of(uow, row.area_id)),
    )  # fmt: skip


def on_decided(uow: UnitOfWork, told: ContentDecided) -> None:
    """Passed: neighbours see it. Anything else: they do not (any more)."""
    model = _MODELS.get(told.subject_kind)
    row = moves.locked(uow, model, told.subject_id) if model else None
    if row is None:
        return
    visible = told.state == content.PASSED
    if row.visible != visible:
        moves.touch(uow, row, "show" if visible else "hide", internal="内容检查", visible=visible)


def appeal(uow: UnitOfWork, row: Wish | HelpRequest, words: str) -> None:
    """The author says a refusal is wrong: a person looks."""
    check = content.current(uow, moves.subject(row))
    if check is None or check.state != content.REFUSED:
        raise Conflict("not_refused", title="现在不用申诉", action="请刷新后再看")
    content.appeal(uow, check, words)


def rewritable(uow: UnitOfWork, row: Wish | HelpRequest) -> bool:
    """Whether the author may write it anew: while it was refused."""
    check = content.current(uow, moves.subject(row))
    return check is not None and check.state == content.REFUSED


def notices(uow: UnitOfWork, kind: str, ids: list[UUID]) -> dict[UUID, dict[str, Any] | None]:
    """What each author reads; nothing for what is public."""
    found = content.currents(uow, kind, ids)
    return {id_: content.notice(check) for id_, check in found.items()}


def drop(uow: UnitOfWork, row: Wish | HelpRequest) -> None:
    """It is over: nothing of it needs a look."""
    content.drop(uow, moves.subject(row))


def own(uow: UnitOfWork, model: type[Any], person_id: UUID, row_id: UUID) -> Any:
    """The author's own row, locked; anybody else's is `NotFound`."""
    row = moves.locked(uow, model, row_id)
    if row is None or row.person_id != person_id:
        raise access.unknown()
    return row
