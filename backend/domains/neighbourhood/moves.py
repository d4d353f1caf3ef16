"""The one way anything of community life changes its state, and the trace every change leaves."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import update

from backend.domains.neighbourhood import care_rules, certificate_rules, party_rules, rules
from backend.domains.neighbourhood.care_model import HelpOffer, HelpRequest, Wish
from backend.domains.neighbourhood.model import Activity, ActivitySignup, ServiceCertificate
from backend.domains.neighbourhood.party_model import PartyPost, PartyReport, PostClaim
from backend.kernel import trace
from backend.kernel.database import Base
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.state import Table, Transition, step
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

Row = TypeVar("Row", bound=Base)
#: What the trace files a row under, and the table it moves by.
MACHINES: dict[type[Base], tuple[str, Table]] = {
    Activity: ("activity", rules.ACTIVITY_TRANSITIONS),
    ActivitySignup: ("activity_signup", rules.SIGNUP_TRANSITIONS),
    ServiceCertificate: ("service_certificate", certificate_rules.CERTIFICATE_TRANSITIONS),
    Wish: ("wish", care_rules.WISH_TRANSITIONS),
    HelpRequest: ("help_request", care_rules.HELP_TRANSITIONS),
    HelpOffer: ("help_offer", care_rules.OFFER_TRANSITIONS),
    PartyReport: ("party_report", party_rules.REPORT_TRANSITIONS),
    PartyPost: ("party_post", party_rules.POST_TRANSITIONS),
    PostClaim: ("post_claim", party_rules.CLAIM_TRANSITIONS),
}


def subject(row: Any) -> Subject:
    """What trace entries, timers and messages of the row are filed under."""
    return Subject(MACHINES[type(row)][0], row.id)


def may(row: Any, action: str, *parts: str) -> bool:
    """Whether the table lets one of these parts take the action now."""
    way = MACHINES[type(row)][1].get((row.state, action))
    return way is not None and bool(way.who.intersection(parts))


def move(
    uow: UnitOfWork,
    row: Row,
    action: str,
    parts: Iterable[str],
    *,
    public: str = "",
    internal: str = "",
    reason: str = "",
    **values: Any,
) -> Row:
    """Take one way of the row's table, with its trace entry; answers the row as it is then.

    A conditional update on state and version: whoever acted on what is no longer true gets
    `Conflict` and changes nothing. Texts of residents belong into no trace.
    """
    known: Any = row
    way = _allowed(MACHINES[type(row)][1], known.state, action, parts)
    before = known.state
    changed = _changed(uow, known, {"state": way.to, **values})
    trace.record(
        uow, subject=subject(row), action=action, from_state=before, to_state=way.to,
        reason=reason, public_text=public, internal_text=internal,
    )  # fmt: skip
    return changed  # type: ignore[no-any-return]  # of the same model


def begin(uow: UnitOfWork, row: Row, *, public: str = "", internal: str = "") -> Row:
    """Keep a new row, with the first entry of its trace."""
    uow.session.add(row)
    uow.session.flush()
    known: Any = row
    trace.record(
        uow, subject=subject(row), action="create", to_state=known.state, public_text=public,
        internal_text=internal, first=True,
    )  # fmt: skip
    return row


def touch(uow: UnitOfWork, row: Row, action: str, *, internal: str = "", **values: Any) -> Row:
    """Change a row beside its state, with a trace entry; older views of it become stale."""
    known: Any = row
    changed = _changed(uow, known, values)
    trace.record(
        uow, subject=subject(row), action=action, from_state=known.state, to_state=known.state,
        internal_text=internal,
    )  # fmt: skip
    return changed  # type: ignore[no-any-return]  # of the same model


def _changed(uow: UnitOfWork, row: Any, values: dict[str, Any]) -> Any:
    model = type(row)
    uow.session.flush()
    changed = uow.session.scalars(
        update(model)
        .where(model.id == row.id, model.state == row.state, model.version == row.version)
        .values(version=model.version + 1, **values)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if changed is None:
        raise changed_meanwhile()
    return changed


def _allowed(table: Table, state: str, action: str, parts: Iterable[str]) -> Transition:
    way = step(table, state, action)
    if not way.who.intersection(parts):
        raise Forbidden(
            "not_your_step", title="这一步不由您操作", detail="", action="请由负责的人操作"
        )
    return way


def changed_meanwhile() -> Conflict:
    """Somebody else acted first."""
    return Conflict(
        "changed_meanwhile",
        title="情况刚刚变了",
        detail="您看到之后有了变化，这次操作没有生效",
        action="请刷新后再看",
    )


def locked(uow: UnitOfWork, model: type[Row], row_id: UUID) -> Row | None:
    """The row as it is now, held until the transaction ends."""
    return uow.session.get(model, row_id, with_for_update=True, populate_existing=True)
