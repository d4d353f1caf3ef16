"""Groups and systems of staff: added, changed, tried and switched off by the administrator."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from backend.domains.messages import hook_gateway, hook_rules, kinds_rooms, letters, rules
from backend.domains.messages.hook_model import StaffHook
from backend.domains.organisation import service as organisation
from backend.kernel import trace
from backend.kernel.access import Principal
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications.model import OutboxMessage

KIND = "staff_hook"
_UNITS = ("street", "department")
#: The fewest characters of a webhook's secret.
_SECRET = 16
_KINDS = {kind.key: kind.name for kind in kinds_rooms.CHOICES}


def listed(uow: UnitOfWork) -> dict[str, Any]:
    """Every hook with what became of its last message; the kinds and units to choose from."""
    rows = uow.session.scalars(select(StaffHook).order_by(StaffHook.name, StaffHook.id)).all()
    units = [
        {"id": place.id, "kind": kind, "name": place.name}
        for kind in _UNITS
        for place in organisation.places(uow, kind)
    ]
    return {
        "items": _shown(uow, rows),
        "kinds": [{"key": key, "name": name} for key, name in _KINDS.items()],
        "units": units,
    }


def add(uow: UnitOfWork, by: Principal, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new hook, switched on."""
    address = str(body["address"])
    _check_address(uow, body["dialect"], address)
    _check_secret(body["dialect"], body["secret"], needed=True)
    _check(uow, body)
    assert by.actor.id is not None
    row = StaffHook(
        name=body["name"], dialect=body["dialect"], unit_id=body["unit_id"], active=True,
        kinds=sorted(set(body["kinds"])), created_by=by.actor.id, created_at=uow.now,
        updated_at=uow.now, address=b"", shown="", version=1,
    )  # fmt: skip
    _seal(uow, row, address, body["secret"])
    uow.session.add(row)
    uow.session.flush()
    _trace(uow, row, "create", f"{row.name}，{row.shown}，{_kind_names(row.kinds)}")
    return _shown(uow, [row])[0]


def change(
    uow: UnitOfWork, hook_id: UUID, body: Mapping[str, Any], if_match: str | None
) -> dict[str, Any]:
    """Change what is sent; an address or a secret that is left out stays. `Stale` on a race."""
    row = _held(uow, hook_id)
    _seen(row, if_match)
    _check(uow, body)
    address, secret = body.get("address"), body.get("secret")
    if address:
        _check_address(uow, row.dialect, address)
    _check_secret(row.dialect, secret or "", needed=False)
    said = _differences(row, body)
    row.name, row.unit_id, row.active = body["name"], body["unit_id"], body["active"]
    row.kinds, row.updated_at, row.version = sorted(set(body["kinds"])), uow.now, row.version + 1
    if address or secret:
        said += [text for value, text in ((address, "换了地址"), (secret, "换了密钥")) if value]
        _seal(uow, row, address or uow.services.privacy.open(row.address), secret or "")
    uow.session.flush()
    _trace(uow, row, "change", "；".join(said) or "没有变化")
    return _shown(uow, [row])[0]


def try_it(uow: UnitOfWork, by: Principal, hook_id: UUID) -> dict[str, Any]:
    """Send one message there now; the list shows what became of it."""
    row = _held(uow, hook_id)
    if not row.active:
        raise Conflict("hook_off", title="这个工作群停用了", action="请先启用再试发")
    # Each try is a matter of its own.
    values = {"by_name": by.actor.name or "管理员"}
    letters.write(uow, Subject("staff_hook_try", uuid4()), kinds_rooms.TRY, [(row.id, "", values)])
    _trace(uow, row, "try", row.name)
    return _shown(uow, [row])[0]


def names(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of hooks by id, for the log."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = uow.session.execute(select(StaffHook.id, StaffHook.name).where(StaffHook.id.in_(wanted)))
    return dict(rows.all())


def active(uow: UnitOfWork) -> dict[UUID, str]:
    """Names of the hooks that are in use, by id."""
    query = select(StaffHook.id, StaffHook.name).where(StaffHook.active).order_by(StaffHook.name)
    return dict(uow.session.execute(query).all())


def etag(row: StaffHook) -> str:
    """What a change must name in If-Match."""
    return f"{row.id.hex[-12:]}-{row.version}"


def _shown(uow: UnitOfWork, rows: Iterable[StaffHook]) -> list[dict[str, Any]]:
    listed = list(rows)
    last = _last(uow, [row.id for row in listed])
    unit_names = {id_: name for kind in _UNITS
                  for id_, name in organisation.place_names(uow, kind).items()}  # fmt: skip
    return [
        {
            "id": row.id,
            "name": row.name,
            "dialect": row.dialect,
            "dialect_text": hook_rules.DIALECT_TEXT[row.dialect],
            "unit_id": row.unit_id,
            "unit_name": unit_names.get(row.unit_id, "已撤销的单位") if row.unit_id else "全区",
            "address_shown": row.shown,
            "kinds": row.kinds,
            "active": row.active,
            "last": _outcome(last.get(row.id)),
            "etag": etag(row),
        }
        for row in listed
    ]


def _last(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, OutboxMessage]:
    """The newest message of each hook."""
    rows = uow.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.person_key.in_(ids))
        .order_by(OutboxMessage.person_key, OutboxMessage.created_at.desc())
        .ext(distinct_on(OutboxMessage.person_key))
    )
    return {row.person_key: row for row in rows}


def _outcome(row: OutboxMessage | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "title": row.title,
        "at": row.updated_at,
        "state": row.status,
        "state_text": rules.STATE_TEXT[row.status],
        "error": rules.error_text(row.last_errcode, row.last_error),
    }


def _held(uow: UnitOfWork, hook_id: UUID) -> StaffHook:
    row = uow.session.get(StaffHook, hook_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("hook_unknown", title="没有这个工作群", action="请刷新后再看")
    return row


def _seen(row: StaffHook, if_match: str | None) -> None:
    if (if_match or "").strip().removeprefix("W/").strip('"') != etag(row):
        raise Stale("stale", detail="别人刚改过这个工作群", action="请刷新后再改")


def _check(uow: UnitOfWork, body: Mapping[str, Any]) -> None:
    unknown = set(body["kinds"]) - set(_KINDS)
    if unknown:
        text = "有的消息不能发到工作群"
        raise Invalid("unknown_kind", detail=text, fields={"kinds": [text]})
    if body["unit_id"] is None:
        return
    if not any(body["unit_id"] in organisation.place_names(uow, kind) for kind in _UNITS):
        raise Invalid("unknown_unit", detail="没有这个单位", fields={"unit_id": ["没有这个单位"]})


def _check_address(uow: UnitOfWork, dialect: str, address: str) -> None:
    trusted = hook_gateway.trusted_origin(uow.services.settings)
    if problem := hook_rules.address_problem(dialect, address, trusted):
        raise Invalid("bad_address", detail=problem, fields={"address": [problem]})


def _check_secret(dialect: str, secret: str, *, needed: bool) -> None:
    problem = ""
    if dialect == hook_rules.WEBHOOK and (needed or secret) and len(secret) < _SECRET:
        problem = f"密钥至少{_SECRET}个字，对方用它核对是不是呼应发的"
    if dialect == hook_rules.WECOM and secret:
        problem = "群机器人没有密钥，不用填"
    if problem:
        raise Invalid("bad_secret", detail=problem, fields={"secret": [problem]})


def _seal(uow: UnitOfWork, row: StaffHook, address: str, secret: str) -> None:
    privacy = uow.services.privacy
    row.address, row.shown = privacy.seal(address), hook_rules.shown(row.dialect, address)
    if secret:
        row.secret = privacy.seal(secret)


def _differences(row: StaffHook, body: Mapping[str, Any]) -> list[str]:
    said = []
    if row.name != body["name"]:
        said.append(f"{row.name} → {body['name']}")
    if row.unit_id != body["unit_id"]:
        said.append("换了单位")
    if row.active != body["active"]:
        said.append("启用" if body["active"] else "停用")
    if set(row.kinds) != set(body["kinds"]):
        said.append(f"{_kind_names(row.kinds)} → {_kind_names(body['kinds'])}")
    return said


def _kind_names(keys: Iterable[str]) -> str:
    return "、".join(_KINDS.get(key, key) for key in sorted(keys)) or "不收消息"


def _trace(uow: UnitOfWork, row: StaffHook, action: str, text: str) -> None:
    trace.record(uow, subject=Subject(KIND, row.id), action=action, internal_text=text)
