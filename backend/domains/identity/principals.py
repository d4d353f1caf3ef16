"""From a session row to who is asking; read anew at each request, so changes hold at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domains.identity import rules, staff_rules
from backend.domains.identity.model import Person
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.privacy import mask_name
from backend.kernel.services import Services
from backend.kernel.sessions import SessionRow


def load_person(services: Services, session: Session, row: SessionRow) -> Principal | None:
    """The resident of a session; None when the account has ended."""
    person = session.get(Person, row.principal_id)
    if person is None or person.state in (rules.MERGED, rules.CLOSED):
        return None
    name = mask_name(services.privacy.open(person.name_sealed)) if person.name_sealed else ""
    return Principal(
        actor=Actor("person", person.id, name),
        session_id=row.id,
        channel=row.channel,
        verified=person.state == rules.VERIFIED,
    )


def load_staff(services: Services, session: Session, row: SessionRow) -> Principal | None:
    """The member of staff of a session; None when the account is disabled.

    Who has not enrolled a second factor, or must change the password, holds no permission.
    """
    account = session.scalar(select(StaffAccount).where(StaffAccount.id == row.principal_id))
    if account is None or account.state == staff_rules.DISABLED:
        return None
    return Principal(
        actor=Actor("staff", account.id, account.name, role_text(account)),
        session_id=row.id,
        channel=row.channel,
        grants=grants_of(account),
        extra={"account": account},
    )


def load_worker(session: Session, person: Principal) -> Principal | None:
    """The member of staff whose work account this resident's phone is bound to, if any."""
    account = session.scalar(
        select(StaffAccount).where(
            StaffAccount.person_id == person.actor.id, StaffAccount.state == staff_rules.ACTIVE
        )
    )
    if account is None:
        return None
    return Principal(
        actor=Actor("staff", account.id, account.name, role_text(account)),
        session_id=person.session_id,
        channel=person.channel,
        grants=grants_of(account),
        extra={"account": account, "person_id": person.actor.id},
    )


def grants_of(account: StaffAccount) -> tuple[Grant, ...]:
    """The account's roles as grants; none before it is fully set up."""
    if account.state != staff_rules.ACTIVE or account.must_change_password:
        return ()
    return tuple(
        Grant(
            role=held.role,
            permissions=frozenset(staff_rules.ROLES[held.role].permissions),
            scope_kind=held.scope_kind,
            scope_id=held.scope_id,
        )
        for held in account.roles
        if held.role in staff_rules.ROLES
    )


def role_text(account: StaffAccount) -> str:
    """The roles' names for the trace, at most 40 characters."""
    names = dict.fromkeys(
        staff_rules.ROLES[held.role].text
        for held in account.roles
        if held.role in staff_rules.ROLES
    )
    return "、".join(names)[:40]
