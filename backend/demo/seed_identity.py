"""The demo's departments, streets, residents and staff. Running it again changes nothing."""

from backend.demo import register
from backend.demo.district import district
from backend.demo.openids import demo_openid
from backend.domains.identity.service import RoleAt, create_demo_person, create_demo_staff
from backend.domains.organisation import service as organisation
from backend.kernel.ids import stable_id
from backend.kernel.services import Services

# A community is an area of the grid.
_ID_KIND = {"community": "area"}


def seed(services: Services) -> None:
    """Bring in everything this domain needs for the demo, in one transaction."""
    with services.unit() as uow:
        organisation.load(uow.session, district())
        for person in register.persons():
            known = person.key != "visitor"
            create_demo_person(
                uow,
                id=register.person_id(person.key),
                name=person.name,
                id_number=person.id_number,
                phone=person.phone,
                mini_openid=demo_openid(person.key) if known else None,
                service_openid=demo_openid(person.key, "service") if known else None,
                elder_mode=person.elder_mode,
                consented=known,
            )
        for member in register.staff():
            create_demo_staff(
                uow,
                id=register.staff_id(member.username),
                username=member.username,
                name=member.name,
                password=member.password,
                roles=[
                    RoleAt(role, kind, stable_id(_ID_KIND.get(kind, kind), code) if code else None)
                    for role, kind, code in member.roles
                ],
                person_id=register.person_id(member.person) if member.person else None,
            )
