"""Certificates of service: made from what is recorded, printed, and checked by anybody."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domains.identity import service as identity
from backend.domains.neighbourhood import access, certificate_rules, hours, moves, rules
from backend.domains.neighbourhood.model import Activity, ServiceCertificate
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.uow import UnitOfWork

_TRIES = 5
_LOOK_UPS = "30 per 5 minutes"
_OUTDATED = "时长有更正，请以新证书为准"


def issue(uow: UnitOfWork, person_id: UUID, first: date, last: date) -> ServiceCertificate:
    """A certificate of the person's recorded service between the days, both included."""
    problem = certificate_rules.period_problem(first, last, local_date(uow.now))
    if problem:
        raise Invalid("invalid", title=problem[1], fields={problem[0]: [problem[1]]})
    lines = [
        {"title": activity.title, "kind": rules.KIND_TEXT[activity.kind],
         "day": local_date(activity.starts_at).isoformat(), "minutes": signup.minutes}
        for signup, activity in reversed(hours.served(uow, person_id))
        if first <= local_date(activity.starts_at) <= last
    ]  # fmt: skip
    if not lines:
        raise Conflict("nothing_served", title="这段时间没有已确认的服务时长",
                       detail="活动结束一天后时长才确认", action="换一段时间再试")  # fmt: skip
    name = identity.reveal_value(uow, person_id, "name")
    return _numbered(
        uow, person_id=person_id, name_sealed=uow.services.privacy.seal(name), first_day=first,
        last_day=last, minutes=sum(line["minutes"] for line in lines), activities=len(lines),
        lines=lines, state=certificate_rules.VALID, issued_at=uow.now,
    )  # fmt: skip


def _numbered(uow: UnitOfWork, **values: Any) -> ServiceCertificate:
    for _ in range(_TRIES):
        number = certificate_rules.new_number(local_date(uow.now))
        try:
            with uow.session.begin_nested():
                row = ServiceCertificate(number=number, **values)
                return moves.begin(uow, row, public="开具服务证明")
        except IntegrityError as error:
            if "number" not in str(error.orig):
                raise
    raise AssertionError("48 random bits met five times")


def mine(uow: UnitOfWork, person_id: UUID) -> list[ServiceCertificate]:
    """The person's certificates, the latest first."""
    query = select(ServiceCertificate).where(ServiceCertificate.person_id == person_id)
    return list(uow.session.scalars(query.order_by(ServiceCertificate.issued_at.desc())))


def own(uow: UnitOfWork, person_id: UUID, certificate_id: UUID) -> ServiceCertificate:
    """One of them; anybody else's is `NotFound`."""
    row = uow.session.get(ServiceCertificate, certificate_id)
    if row is None or row.person_id != person_id:
        raise access.unknown()
    return row


def withdraw(uow: UnitOfWork, person_id: UUID, certificate_id: UUID) -> ServiceCertificate:
    """The person takes it back, for example because the paper was lost."""
    row = own(uow, person_id, certificate_id)
    changed = moves.move(uow, row, "withdraw", (rules.PERSON,), public="本人作废证明")
    changed.reason = "本人作废"
    uow.session.flush()
    return changed


def withdraw_stale(uow: UnitOfWork, person_id: UUID, activity: Activity) -> None:
    """The hours of this activity were corrected: certificates of that day no longer hold."""
    day = local_date(activity.starts_at)
    stale = select(ServiceCertificate).where(
        ServiceCertificate.person_id == person_id,
        ServiceCertificate.state == certificate_rules.VALID,
        ServiceCertificate.first_day <= day,
        ServiceCertificate.last_day >= day,
    )
    for row in list(uow.session.scalars(stale)):
        changed = moves.move(uow, row, "withdraw", (rules.STAFF, rules.SYSTEM), public=_OUTDATED)
        changed.reason = _OUTDATED
    uow.session.flush()


def public(uow: UnitOfWork, typed: str, who: str) -> ServiceCertificate:
    """What anybody who holds the number may check; `who` is counted against guessing."""
    uow.services.limiter.hit(_LOOK_UPS, "certificate", who)
    number = certificate_rules.normalise(typed)
    row = None
    if number is not None:
        query = select(ServiceCertificate).where(ServiceCertificate.number == number)
        row = uow.session.scalar(query)
    if row is None:
        raise NotFound(
            "certificate_unknown", title="没有这份证明", detail="编号不对，或不是本平台开具的",
            action="请照着证明核对编号",
        )  # fmt: skip
    return row


def show(row: ServiceCertificate) -> dict[str, Any]:
    """The certificate without its holder."""
    return {
        "id": row.id,
        "number": row.number,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "minutes": row.minutes,
        "activities": row.activities,
        "state": row.state,
        "state_text": certificate_rules.CERTIFICATE_TEXT[row.state],
        "reason": row.reason,
        "issued_at": row.issued_at,
    }
