"""Finding, creating, merging and ending residents' accounts."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domains.identity import rules
from backend.domains.identity.events import PersonClosed, PersonMerged, UnionKnown
from backend.domains.identity.model import ChannelIdentity, Consent, Person, RealNameCheck, SmsCode
from backend.kernel import sessions, state, trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork


def subject(person_id: UUID) -> Subject:
    """What trace entries about this account are filed under."""
    return Subject("person", person_id)


def get(uow: UnitOfWork, person_id: UUID, *, lock: bool = False) -> Person:
    """The living account; `NotFound` when there is none, or it has been merged or closed."""
    query = select(Person).where(Person.id == person_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    person = uow.session.scalar(query)
    if person is None or person.state in (rules.MERGED, rules.CLOSED):
        raise NotFound("person_not_found", detail="这个账号不存在或已注销")
    return person


def owner(uow: UnitOfWork, kind: str, value: str) -> UUID | None:
    """Whose channel identity this is."""
    mark = uow.services.privacy.fingerprint(value, kind)
    return uow.session.scalar(
        select(ChannelIdentity.person_id).where(
            ChannelIdentity.kind == kind, ChannelIdentity.fingerprint == mark
        )
    )


def create(uow: UnitOfWork) -> Person:
    """A new provisional account."""
    person = Person(id=new_id(), state=rules.PROVISIONAL, created_at=uow.now, elder_mode=False)
    uow.session.add(person)
    uow.session.flush()
    trace.record(
        uow,
        subject=subject(person.id),
        action="create",
        to_state=person.state,
        public_text="开通账号",
        actor=Actor("person", person.id),
    )
    return person


def attach(uow: UnitOfWork, person_id: UUID, kind: str, value: str) -> UUID:
    """Make `value` a channel identity of the person; answers whose it is now.

    The unique key decides a race: whoever comes second gets the first one's id
    and nothing is changed. A phone also replaces the person's earlier phone.
    """
    privacy = uow.services.privacy
    mark, sealed = privacy.fingerprint(value, kind), privacy.seal(value)
    holder = owner(uow, kind, value)
    if holder is None and kind == "phone":
        _drop_phone(uow, person_id)
    new = holder is None
    if holder is None:
        uow.session.execute(
            insert(ChannelIdentity)
            .values(
                id=new_id(), person_id=person_id, kind=kind,
                fingerprint=mark, sealed=sealed, proved_at=uow.now,
            )
            .on_conflict_do_nothing(index_elements=["kind", "fingerprint"])
        )  # fmt: skip
        holder = owner(uow, kind, value)
    if holder == person_id:
        uow.session.execute(
            update(ChannelIdentity)
            .where(ChannelIdentity.kind == kind, ChannelIdentity.fingerprint == mark)
            .values(proved_at=uow.now)
        )
        if kind == "phone":
            _set_phone(uow, person_id, mark, sealed)
        if new and kind == "unionid":
            uow.emit(UnionKnown(person_id, mark))
    assert holder is not None
    return holder


def detach(uow: UnitOfWork, kind: str, value: str) -> None:
    """Forget a channel identity that its channel has ended; nothing happens where it is nobody's."""
    mark = uow.services.privacy.fingerprint(value, kind)
    uow.session.execute(
        delete(ChannelIdentity)
        .where(ChannelIdentity.kind == kind, ChannelIdentity.fingerprint == mark)
        .execution_options(synchronize_session=False)
    )


def find_or_create(uow: UnitOfWork, kind: str, value: str) -> UUID:
    """The account of a channel identity, opened when it is new; safe when two come at once."""
    holder = owner(uow, kind, value)
    if holder is not None:
        return attach(uow, holder, kind, value)
    nested = uow.session.begin_nested()
    person = create(uow)
    holder = attach(uow, person.id, kind, value)
    if holder == person.id:
        nested.commit()
    else:
        nested.rollback()
    return holder


def merge(uow: UnitOfWork, source: Person, target: Person) -> None:
    """Let the provisional account `source` become part of `target`.

    Sessions, channel identities and consents move; `source` stays as a pointer.
    Both rows must be locked by the caller.
    """
    transition = state.step(rules.PERSON_TRANSITIONS, source.state, "merge")
    before = source.state
    phone = source.phone_fingerprint, source.phone_sealed
    source.state = transition.to
    source.merged_into = target.id
    source.closed_at = uow.now
    source.phone_fingerprint = source.phone_sealed = None
    source.name_fingerprint = source.name_sealed = None
    uow.session.flush()
    if phone[0] is not None:
        # The phone just proved is the newer one.
        _drop_phone(uow, target.id)
        target.phone_fingerprint, target.phone_sealed = phone
        uow.session.flush()
    for table in (ChannelIdentity, Consent, RealNameCheck):
        uow.session.execute(
            update(table).where(table.person_id == source.id).values(person_id=target.id)
        )
    target.elder_mode = target.elder_mode or source.elder_mode
    sessions.reassign(uow, "person", source.id, target.id)
    uow.session.flush()
    trace.record(
        uow,
        subject=subject(source.id),
        action="merge",
        from_state=before,
        to_state=source.state,
        public_text="并入本人已有的账号",
        internal_text=f"into {target.id}",
    )
    trace.record(
        uow,
        subject=subject(target.id),
        action="absorb",
        from_state=target.state,
        to_state=target.state,
        public_text="并入本人在另一渠道的账号",
        internal_text=f"from {source.id}",
    )
    uow.emit(PersonMerged(source_id=source.id, target_id=target.id))


def join(uow: UnitOfWork, first: UUID, second: UUID) -> UUID:
    """Unite two accounts proved to be one person's; answers the one that stays.

    `Conflict` when both carry a real name: two persons are never united.
    """
    if first == second:
        return first
    locked = [get(uow, id_, lock=True) for id_ in sorted((first, second))]
    loose = [person for person in locked if person.state == rules.PROVISIONAL]
    if not loose:
        raise Conflict(
            "belongs_to_another",
            detail="它已经绑定了另一位实名用户",
            action="请换一个，或请对方先改绑",
        )
    # With two provisional accounts the older id (made first) stays.
    source = loose[-1]
    target = next(person for person in locked if person is not source)
    merge(uow, source, target)
    return target.id


def close(uow: UnitOfWork, person_id: UUID) -> None:
    """End the account: sessions, channels and personal values go, the bare id stays."""
    person = get(uow, person_id, lock=True)
    before, phone = person.state, person.phone_fingerprint
    person.state = state.step(rules.PERSON_TRANSITIONS, before, "close").to
    person.closed_at = uow.now
    person.phone_fingerprint = person.phone_sealed = None
    person.id_number_fingerprint = person.id_number_sealed = None
    person.name_fingerprint = person.name_sealed = None
    person.verified_at = person.provider = None
    person.elder_mode = False
    uow.session.flush()
    if phone is not None:
        uow.session.execute(delete(SmsCode).where(SmsCode.phone_fingerprint == phone))
    sessions.revoke_all(uow, "person", person_id)
    uow.session.execute(delete(ChannelIdentity).where(ChannelIdentity.person_id == person_id))
    uow.session.execute(
        update(RealNameCheck)
        .where(RealNameCheck.person_id == person_id)
        .values(number_fingerprint=None, reference="")
    )
    uow.session.flush()
    trace.record(
        uow,
        subject=subject(person_id),
        action="close",
        from_state=before,
        to_state=person.state,
        public_text="本人注销账号",
    )
    uow.emit(PersonClosed(person_id=person_id))


def _drop_phone(uow: UnitOfWork, person_id: UUID) -> None:
    uow.session.execute(
        delete(ChannelIdentity).where(
            ChannelIdentity.person_id == person_id, ChannelIdentity.kind == "phone"
        )
    )


def _set_phone(uow: UnitOfWork, person_id: UUID, mark: bytes, sealed: bytes) -> None:
    person = uow.session.get_one(Person, person_id)
    if person.phone_fingerprint != mark:
        person.phone_fingerprint, person.phone_sealed = mark, sealed
        uow.session.flush()
