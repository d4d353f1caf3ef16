"""How staff accounts and reveals are shown."""

from typing import Any
from uuid import UUID

from backend.domains.identity import staff_rules
from backend.domains.identity.principals import grants_of
from backend.domains.identity.staff_model import StaffAccount, StaffRole
from backend.domains.organisation import service as organisation
from backend.kernel.access import Actor, Principal
from backend.kernel.reveals import Reveal
from backend.kernel.uow import UnitOfWork

STATE_TEXT = {
    staff_rules.ENROLLING: "待绑定动态码",
    staff_rules.ACTIVE: "正常",
    staff_rules.DISABLED: "已停用",
}
SCOPE_KIND_TEXT = {
    "hall": "大厅",
    "department": "部门",
    "community": "社区",
    "street": "街道",
    "district": "全区",
}
FIELD_TEXT = {
    "name": "姓名",
    "phone": "手机号",
    "id_number": "身份证号",
    "phone_search": "按手机号查消息",
    "name_search": "按姓名查消息",
}
SUBJECT_TEXT = {
    "appointment": "预约",
    "person": "居民账号",
    "message": "消息",
    "owner_record": "业主登记",
    "residence": "住处登记",
}


class PlaceNames:
    """Names of places, each kind asked for once however many accounts are shown."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[str, dict[UUID, str]] = {}

    def of(self, kind: str, place_id: UUID | None) -> str:
        """The place's name; 全区 for the district."""
        if place_id is None:
            return SCOPE_KIND_TEXT["district"]
        if kind not in self._known:
            self._known[kind] = organisation.place_names(self._uow, kind)
        return self._known[kind].get(place_id, f"（已撤销的{SCOPE_KIND_TEXT[kind]}）")


def staff_view(uow: UnitOfWork, account: StaffAccount) -> dict[str, Any]:
    """A member of staff as shown to the own console."""
    principal = Principal(Actor("staff", account.id, account.name), grants=grants_of(account))
    names = PlaceNames(uow)
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "state": account.state,
        "must_change_password": account.must_change_password,
        "roles": [_role(held, names) for held in account.roles],
        "permissions": sorted(principal.permissions),
        "halls": _halls(uow, principal),
    }


def account_view(
    uow: UnitOfWork, account: StaffAccount, names: PlaceNames | None = None
) -> dict[str, Any]:
    """An account as shown to an administrator."""
    names = names or PlaceNames(uow)
    locked = staff_rules.locked_for(uow.now, account.locked_until)
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "state": account.state,
        "state_text": STATE_TEXT[account.state],
        "must_change_password": account.must_change_password,
        "locked_until": account.locked_until if locked else None,
        "created_at": account.created_at,
        "signed_in_at": account.signed_in_at,
        "roles": [_role(held, names) for held in account.roles],
    }


def role_list(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every role, what it may do, and the places it can be held at."""
    places = {
        kind: [{"id": place.id, "name": place.name} for place in organisation.places(uow, kind)]
        for kind in staff_rules.SCOPE_KINDS
        if kind != "district"
    }
    places["district"] = []
    return [
        {
            "role": code,
            "role_text": role.text,
            "permissions": sorted(role.permissions),
            "scopes": [
                {
                    "scope_kind": kind,
                    "scope_kind_text": SCOPE_KIND_TEXT[kind],
                    "places": places[kind],
                }
                for kind in role.scopes
            ],
        }
        for code, role in staff_rules.ROLES.items()
    ]


def reveal_view(row: Reveal, labels: dict[UUID, str]) -> dict[str, Any]:
    """One look at a masked value; `labels` names subjects by id (receipt numbers)."""
    kind = SUBJECT_TEXT.get(row.subject_kind, row.subject_kind)
    return {
        "at": row.at,
        "staff_name": row.staff_name,
        "subject": f"{kind} {labels.get(row.subject_id, str(row.subject_id)[-6:])}",
        "field_text": FIELD_TEXT.get(row.field, row.field),
        "purpose": row.purpose,
    }


def _role(held: StaffRole, names: PlaceNames) -> dict[str, Any]:
    known = staff_rules.ROLES.get(held.role)
    return {
        "role": held.role,
        "role_text": known.text if known else held.role,
        "scope_kind": held.scope_kind,
        "scope_id": held.scope_id,
        "scope_text": names.of(held.scope_kind, held.scope_id),
    }


def _halls(uow: UnitOfWork, principal: Principal) -> list[dict[str, Any]]:
    """The halls whose board this person may open."""
    wanted = principal.scope_ids("appointments.view", "hall")
    if not principal.may("appointments.view"):
        return []
    return [
        {"id": place.id, "name": place.name}
        for place in organisation.places(uow, "hall")
        if wanted is None or place.id in wanted
    ]
