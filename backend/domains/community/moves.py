"""The one way a claim, a transfer or a proxy changes its state, and the trace of every change."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import update

from backend.domains.community import rules
from backend.domains.community.model import Residence
from backend.domains.community.paper_model import OwnershipTransfer, VoteProxy
from backend.kernel import trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.state import Table, step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

Row = TypeVar("Row", Residence, OwnershipTransfer, VoteProxy)
_TABLES: dict[type[Any], tuple[str, Table]] = {
    Residence: ("residence", rules.RESIDENCE_TRANSITIONS),
    OwnershipTransfer: ("transfer", rules.TRANSFER_TRANSITIONS),
    VoteProxy: ("proxy", rules.PROXY_TRANSITIONS),
}


def subject(row: Residence | OwnershipTransfer | VoteProxy) -> Subject:
    """What its trace is filed under."""
    return Subject(_TABLES[type(row)][0], row.id)


def move(
    uow: UnitOfWork, row: Row, action: str, who: str, *, reason: str = "", public: str = "",
    internal: str = "", actor: Actor | None = None, **values: Any,
) -> Row:  # fmt: skip
    """Take one way of the row's table as `who` (resident, staff, system), with its trace entry.

    Conditional on state and version: whoever acted on what is no longer true gets `Conflict` and
    changes nothing. `Forbidden` where the step is somebody else's, `Invalid` without a reason
    that it needs.
    """
    model = type(row)
    way = step(_TABLES[model][1], row.state, action)
    if who not in way.who:
        raise Forbidden("not_your_step", title="这一步不由您操作", action="请由社区工作人员操作")
    if "reason" in way.needs and not reason.strip():
        raise Invalid("reason_needed", title="请写明原因", fields={"reason": ["请写明原因"]})
    before = row.state
    changed: Row | None = uow.session.scalars(
        update(model)
        .where(model.id == row.id, model.state == before, model.version == row.version)
        .values(state=way.to, version=model.version + 1, **_reason(reason), **values)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise changed_meanwhile()
    note(
        uow, changed, action, before=before, reason=reason, public=public, internal=internal,
        actor=actor,
    )  # fmt: skip
    return changed


def _reason(reason: str) -> dict[str, Any]:
    return {"reason": reason} if reason else {}


def note(
    uow: UnitOfWork, row: Residence | OwnershipTransfer | VoteProxy, action: str, *,
    before: str | None = None, reason: str = "", public: str = "", internal: str = "",
    actor: Actor | None = None, first: bool = False,
) -> None:  # fmt: skip
    """A trace entry about the row."""
    trace.record(
        uow, subject=subject(row), action=action, from_state=before, to_state=row.state,
        reason=reason, public_text=public, internal_text=internal, actor=actor, first=first,
    )  # fmt: skip


def locked(uow: UnitOfWork, model: type[Row], row_id: UUID) -> Row:
    """The row as it is now, held until the transaction ends; `NotFound` when there is none."""
    row = uow.session.get(model, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise unknown()
    return row


def expect(row: Residence | OwnershipTransfer | VoteProxy, version: int | None) -> None:
    """`Conflict` when the row has changed since the version that was seen."""
    if version is not None and row.version != version:
        raise changed_meanwhile()


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile", title="别人刚处理过", detail="这一条刚有了变化，您的操作没有生效",
        action="请刷新后再看",
    )  # fmt: skip


def unknown() -> NotFound:
    """What is out of reach looks like nothing."""
    return NotFound("register_unknown", title="没有找到", action="请返回列表刷新后再看")
