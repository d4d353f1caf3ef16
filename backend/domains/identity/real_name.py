"""Proving a real name: the provider's interface, and what follows from its verdict."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from backend.domains.identity import consent, names, persons, rules
from backend.domains.identity.events import PersonVerified
from backend.domains.identity.model import Person, RealNameCheck
from backend.kernel import identity_number, state, trace
from backend.kernel.clock import SHANGHAI, local_date
from backend.kernel.errors import Conflict, Invalid, RateLimited, Unavailable
from backend.kernel.uow import UnitOfWork

MATCH, MISMATCH, NOT_FOUND = "match", "mismatch", "not_found"
EXTENSION = "real_name"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the authority says. `presence` is true when the person herself was seen
    (face, card read by its chip), not only her data compared."""

    outcome: str
    presence: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the resident says: cleaned name and number, and the number's fingerprint."""

    name: str
    id_number: str
    mark: bytes


class ProviderDown(Exception):
    """The provider could not be asked; nothing is known."""


class RealNameProvider(Protocol):
    """Compares a name and an identity number with the authority's register."""

    name: str

    def check(self, name: str, id_number: str) -> Verdict:
        """The verdict on cleaned input; raises `ProviderDown`."""
        ...


def verify(uow: UnitOfWork, person_id: UUID, name: str, id_number: str) -> UUID:
    """Prove the acting resident's real name; answers the account that stays.

    When the person already exists (from another channel), this account joins it.
    """
    claim = _checked(uow, name, id_number)
    provider: RealNameProvider | None = uow.services.extensions.get(EXTENSION)
    if provider is None:
        raise Unavailable("real_name_off", detail="实名认证暂未开通", action="请到大厅窗口办理")
    person = persons.get(uow, person_id)
    if person.state == rules.VERIFIED:
        if person.id_number_fingerprint == claim.mark:
            return person_id
        raise Conflict(
            "already_verified",
            detail="您已经用另一个身份证号认证过了",
            action="认证有误请带身份证到大厅更正，或拨打 12345",
        )
    if consent.agreed_version(uow, person_id) != consent.current_version():
        raise Conflict(
            "consent_needed", title="请先看隐私说明", detail="实名认证前，请先阅读并同意隐私说明"
        )
    attempt = _count(uow, person_id, claim.mark, provider.name)
    verdict = _ask(uow, provider, attempt, claim)
    known = _known(uow, claim.mark) or _become(uow, person_id, claim, provider, verdict)
    return person_id if known.id == person_id else _join(uow, person_id, known, claim, verdict)


def _checked(uow: UnitOfWork, name: str, id_number: str) -> _Claim:
    fields: dict[str, list[str]] = {}
    name = rules.clean_name(name)
    problem = rules.name_problem(name)
    if problem:
        fields["name"] = [problem]
    try:
        id_number = identity_number.validate(
            rules.clean_id_number(id_number), today=local_date(uow.now)
        )
    except Invalid as error:
        fields.update(error.fields)
    if fields:
        raise Invalid(
            "invalid_real_name",
            title="请核对姓名和身份证号",
            detail="；".join(text for texts in fields.values() for text in texts),
            fields=fields,
        )
    return _Claim(name, id_number, uow.services.privacy.fingerprint(id_number, "id_number"))


def _count(uow: UnitOfWork, person_id: UUID, mark: bytes, provider: str) -> UUID:
    """Note the try in a unit of its own: a refusal must not take it back."""
    today = datetime.combine(local_date(uow.now), time(), SHANGHAI)
    with uow.services.unit(uow.actor) as own:
        lock = int.from_bytes(person_id.bytes[8:], signed=True)
        own.session.execute(select(func.pg_advisory_xact_lock(lock)))
        tries = select(func.count()).select_from(RealNameCheck).where(RealNameCheck.at >= today)
        mine = own.session.scalar(tries.where(RealNameCheck.person_id == person_id)) or 0
        its = own.session.scalar(tries.where(RealNameCheck.number_fingerprint == mark)) or 0
        if mine >= rules.REAL_NAME_TRIES_A_DAY or its >= rules.REAL_NAME_TRIES_PER_NUMBER_A_DAY:
            left = int((today.timestamp() + 86400) - own.now.timestamp()) + 1
            raise RateLimited(
                retry_after=left,
                detail="今天核对的次数用完了",
                action="请明天再试，或带身份证到大厅办理",
            )
        row = RealNameCheck(
            person_id=person_id,
            number_fingerprint=mark,
            at=own.now,
            provider=provider,
            outcome="asked",
        )
        own.session.add(row)
        own.session.flush()
        return row.id


def _ask(uow: UnitOfWork, provider: RealNameProvider, attempt: UUID, claim: _Claim) -> Verdict:
    try:
        verdict = provider.check(claim.name, claim.id_number)
    except ProviderDown as error:
        raise Unavailable(
            "real_name_unavailable", detail="身份核验暂时没有回应", action="请过几分钟再试"
        ) from error
    with uow.services.unit(uow.actor) as own:
        own.session.execute(
            update(RealNameCheck)
            .where(RealNameCheck.id == attempt)
            .values(outcome=verdict.outcome, reference=verdict.reference[:80])
        )
    if verdict.outcome == NOT_FOUND:
        text = "没有查到这个身份证号，请对照证件再输一遍"
        raise Invalid("id_number_unknown", title=text, fields={"id_number": [text]})
    if verdict.outcome != MATCH:
        text = "姓名和身份证号对不上，请照身份证填写"
        raise Invalid("name_mismatch", title=text, fields={"name": [text]})
    return verdict


def _become(
    uow: UnitOfWork, person_id: UUID, claim: _Claim, provider: RealNameProvider, verdict: Verdict
) -> Person:
    """Make the account this person's; answers the person, which may be another device's account."""
    person = persons.get(uow, person_id, lock=True)
    before = person.state
    privacy = uow.services.privacy
    try:
        with uow.session.begin_nested():
            person.state = state.step(rules.PERSON_TRANSITIONS, before, "verify").to
            names.put(uow, person, claim.name)
            person.id_number_sealed = privacy.seal(claim.id_number)
            person.id_number_fingerprint = claim.mark
            person.verified_at = uow.now
            person.provider = provider.name
    except IntegrityError as error:
        if "id_number_fingerprint" not in str(error.orig):
            raise
        # Proved on two devices in the same moment: the first one is the person.
        first = _known(uow, claim.mark)
        assert first is not None
        return first
    trace.record(
        uow,
        subject=persons.subject(person_id),
        action="verify",
        from_state=before,
        to_state=person.state,
        public_text="通过实名认证",
        internal_text=f"{provider.name} {verdict.reference}".strip(),
    )
    uow.emit(PersonVerified(person_id))
    return person


def _join(uow: UnitOfWork, person_id: UUID, known: Person, claim: _Claim, verdict: Verdict) -> UUID:
    assert known.name_sealed is not None
    if uow.services.privacy.open(known.name_sealed) != claim.name:
        raise Conflict(
            "verified_under_other_name",
            detail="这个身份证号已用另一个姓名认证过",
            action="改过名字的，请带身份证到任一大厅更正；有疑问拨打 12345",
        )
    if not verdict.presence:
        # Name and number are known to employers and landlords: they open nobody's account.
        raise Conflict(
            "verified_elsewhere",
            detail="这个身份证号已在您的另一个账号认证过",
            action="请用当时的手机号或微信登录，再绑定现在的手机号",
        )
    return persons.join(uow, person_id, known.id)


def _known(uow: UnitOfWork, mark: bytes) -> Person | None:
    return uow.session.scalar(select(Person).where(Person.id_number_fingerprint == mark))
