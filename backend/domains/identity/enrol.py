"""Persons known from elsewhere: a register, a counter, a seed."""

from uuid import UUID

from backend.domains.identity import names, persons, rules
from backend.domains.identity.model import Consent, Person
from backend.domains.identity.privacy_policy import DOCUMENT, current_version
from backend.kernel import trace
from backend.kernel.uow import UnitOfWork


def create_demo_person(
    uow: UnitOfWork,
    *,
    id: UUID,
    name: str | None = None,
    id_number: str | None = None,
    phone: str | None = None,
    mini_openid: str | None = None,
    service_openid: str | None = None,
    elder_mode: bool = False,
    consented: bool = True,
) -> UUID:
    """A fictional person under a fixed id, verified when name and number are given.

    Does nothing when the id exists already. For seeds and tests.
    """
    if uow.session.get(Person, id) is not None:
        return id
    privacy = uow.services.privacy
    known = name is not None and id_number is not None
    person = Person(
        id=id,
        state=rules.VERIFIED if known else rules.PROVISIONAL,
        created_at=uow.now,
        elder_mode=elder_mode,
    )
    if name is not None and id_number is not None:
        names.put(uow, person, name)
        person.id_number_sealed = privacy.seal(id_number)
        person.id_number_fingerprint = privacy.fingerprint(id_number, "id_number")
        person.verified_at, person.provider = uow.now, "seed"
    uow.session.add(person)
    uow.session.flush()
    values = {"mini_openid": mini_openid, "service_openid": service_openid, "phone": phone}
    for kind, value in values.items():
        if value:
            persons.attach(uow, id, kind, value)
    if consented:
        uow.session.add(
            Consent(
                person_id=id, document=DOCUMENT, version=current_version(),
                agreed=True, at=uow.now, channel="seed",
            )
        )  # fmt: skip
    trace.record(
        uow, subject=persons.subject(id), action="create", to_state=person.state,
        public_text="开通账号",
    )  # fmt: skip
    return id
