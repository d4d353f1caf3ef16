"""Somebody for each column of the access table, signed in."""

from typing import Any
from uuid import UUID

from backend.demo import register
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from tests.people import Headers, headers_of, sign_in_person, sign_in_staff

CENTRE = ("operator", "hotline_dispatcher", "hotline_reviewer", "callback_agent")


def people(services: Services, hall: UUID, owner: Headers) -> dict[str, Headers]:
    """Headers by column: `owner` has what the routes are asked about, `hall` is the clerk's."""
    return {
        "owner": owner,
        "unverified": sign_in_person(services, verified=False),
        "stranger": sign_in_person(services, name="测试乙"),
        "clerk": sign_in_staff(services, ("clerk", "hall", hall)),
        "clerk_elsewhere": sign_in_staff(
            services, ("clerk", "hall", stable_id("hall", "district"))
        ),
        "manager": sign_in_staff(services, ("hall_manager", "hall", hall)),
        "editor": sign_in_staff(services, _of("item_editor", "rsj")),
        "editor_elsewhere": sign_in_staff(services, _of("item_editor", "ga")),
        "supervisor": sign_in_staff(services, ("supervisor", "district", None)),
        "administrator": sign_in_staff(services, ("administrator", "district", None)),
        "grid_worker": headers_of(services, "person", register.person_id("worker-chen"), "weixin"),
        "grid_worker_elsewhere": _phone(services, ("grid_worker", "street", _street("rongan"))),
        "dispatcher": sign_in_staff(services, ("dispatcher", "district", None)),
        "street_leader": sign_in_staff(services, ("street_leader", "street", _street("yuehe"))),
        "department_handler": sign_in_staff(services, _of("department_handler", "cgj")),
        **{name: sign_in_staff(services, (name, "district", None)) for name in CENTRE},
        "department_head": sign_in_staff(services, _of("department_head", "cgj")),
        "department_head_elsewhere": sign_in_staff(services, _of("department_head", "zjj")),
    }


def _street(code: str) -> UUID:
    return stable_id("street", code)


def _phone(services: Services, grant: tuple[str, str, UUID]) -> Headers:
    """A resident's phone bound to the account of a fresh member of staff."""
    staff_id = sign_in_staff(services, grant).id
    headers = sign_in_person(services, name="测试丙")
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff_id).person_id = headers.id
    return headers


def _of(role: str, department: str) -> tuple[str, str, Any]:
    return role, "department", stable_id("department", department)
