"""Accounts and roles of staff, and the log of reveals."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.domains.identity import staff_accounts
from backend.domains.identity import staff_schemas as s
from backend.domains.identity.staff_accounts import RoleAt
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.identity.staff_views import (
    PlaceNames,
    account_view,
    reveal_view,
    role_list,
)
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.guards import staff
from backend.http.mutation import mutation
from backend.http.schemas import PageArgs, paginate
from backend.kernel.receipts import ReceiptRow
from backend.kernel.reveals import Reveal

bp = blueprint("accounts", "工作人员账号、角色与敏感信息查看记录")


@bp.route("/staff/accounts", methods=["GET"])
@staff()
@bp.arguments(s.AccountArgs, location="query")
@bp.response(200, s.AccountPage)
def list_accounts(args: dict[str, Any]) -> dict[str, Any]:
    """All accounts for an administrator; those of the own hall for a hall manager."""
    query = select(StaffAccount).where(staff_accounts.visible_to(principal()))  # type: ignore[arg-type]  # a condition
    wanted = args["q"].strip().lower()
    if wanted:
        query = query.where(
            or_(
                StaffAccount.username.contains(wanted, autoescape=True),
                StaffAccount.name.contains(wanted, autoescape=True),
            )
        )
    rows, cursor = paginate(
        uow().session,
        query,
        [StaffAccount.username],
        limit=args["limit"],
        cursor=args["cursor"],
        descending=False,
    )
    names = PlaceNames(uow())
    return {"items": [account_view(uow(), row, names) for row in rows], "next_cursor": cursor}


@bp.route("/staff/accounts", methods=["POST"])
@staff("accounts.edit")
@mutation(replay=False)
@bp.arguments(s.AccountInSchema)
@bp.response(201, s.NewAccountSchema)
def create_account(body: dict[str, Any]) -> dict[str, Any]:
    """A new account; its temporary password is told once."""
    account, password = staff_accounts.create(
        uow(), username=body["username"], name=body["name"], roles=_roles(body["roles"])
    )
    return {**account_view(uow(), account), "initial_password": password}


@bp.route("/staff/accounts/<uuid:account_id>", methods=["PATCH"])
@staff("accounts.edit")
@mutation
@bp.arguments(s.AccountPatchSchema)
@bp.response(200, s.AccountSchema)
def change_account(body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Rename, change roles, disable or enable; holds at once."""
    if "roles" in body:
        body["roles"] = _roles(body["roles"])
    return account_view(uow(), staff_accounts.change(uow(), account_id, **body))


@bp.route("/staff/accounts/<uuid:account_id>/password-resets", methods=["POST"])
@staff("accounts.edit")
@mutation(replay=False)
@bp.response(201, s.TemporaryPasswordSchema)
def reset_password(account_id: UUID) -> dict[str, str]:
    """A temporary password, told once; the account's sessions end."""
    return {"temporary_password": staff_accounts.reset_password(uow(), account_id)}


@bp.route("/staff/accounts/<uuid:account_id>/totp-resets", methods=["POST"])
@staff("accounts.edit")
@mutation
@bp.response(200, s.AccountSchema)
def reset_totp(account_id: UUID) -> dict[str, Any]:
    """Take a lost second factor away; the account must enrol a new one."""
    return account_view(uow(), staff_accounts.reset_totp(uow(), account_id))


@bp.route("/staff/roles", methods=["GET"])
@staff("accounts.edit")
@bp.response(200, s.RolesSchema)
def list_roles() -> dict[str, Any]:
    """Every role and the places it can be held at."""
    return {"items": role_list(uow())}


@bp.route("/staff/reveals", methods=["GET"])
@staff("audit.view")
@bp.arguments(PageArgs, location="query")
@bp.response(200, s.RevealPage)
def list_reveals(args: dict[str, Any]) -> dict[str, Any]:
    """Who saw which masked value in full, newest first."""
    rows, cursor = paginate(
        uow().session,
        select(Reveal),
        [Reveal.at, Reveal.id],
        limit=args["limit"],
        cursor=args["cursor"],
    )
    labels = uow().session.execute(
        select(ReceiptRow.subject_id, ReceiptRow.number).where(
            ReceiptRow.subject_id.in_([row.subject_id for row in rows])
        )
    )
    known = {row.subject_id: row.number for row in labels}
    return {"items": [reveal_view(row, known) for row in rows], "next_cursor": cursor}


def _roles(rows: list[dict[str, Any]]) -> list[RoleAt]:
    return [RoleAt(row["role"], row["scope_kind"], row["scope_id"]) for row in rows]
