"""Fictional people for tests, signed in without walking through the forms."""

import itertools
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from unittest.mock import patch
from uuid import UUID

from backend.domains.appointments import proofs
from backend.domains.identity import staff_secrets
from backend.domains.identity.service import create_demo_person, create_demo_staff
from backend.domains.identity.staff_accounts import RoleAt
from backend.kernel import sessions
from backend.kernel.identity_number import check_digit
from backend.kernel.ids import new_id
from backend.kernel.services import Services

_turns = itertools.count()
PASSWORD = "a long enough test password"
# Hashing is slow on purpose; the same password need not be hashed for each account anew.
_hash = cache(staff_secrets.hash_password)


class Headers(dict[str, str]):
    """Request headers of a signed-in person; `.id` says whose they are."""

    id: UUID


_SESSION = ("Authorization", "Cookie")
_signed_in: dict[str, tuple[UUID, str]] = {}


def _remember(headers: Headers, token: str) -> Headers:
    session = next(headers[name] for name in _SESSION if name in headers)
    _signed_in[session] = headers.id, token
    return headers


def proved(
    services: Services, headers: dict[str, str], now: datetime | None = None
) -> dict[str, str]:
    """These headers with a fresh proof of having looked at the times, where they are a resident's.

    A server of its own has the machine's time: give that as `now` if `services` has another.
    """
    session = next((headers[name] for name in _SESSION if name in headers), "")
    if session not in _signed_in:
        return headers
    proof = proofs.issue(services, *_signed_in[session], now or services.clock.now())
    return {**headers, proofs.HEADER: proof}


def fictional_id_number() -> str:
    """A number with a right checksum in the area 999901, which does not exist; never twice."""
    turn = next(_turns)
    born = date(1980, 1, 1) + timedelta(days=turn % 7000)
    body = f"999901{born:%Y%m%d}{700 + turn // 7000:03d}"
    return body + check_digit(body)


def sign_in_person(
    services: Services, *, verified: bool = True, name: str = "测试甲", phone: str | None = None,
    channel: str = "weixin", mini_openid: str | None = None,
) -> Headers:  # fmt: skip
    """Headers of a fresh resident; with channel `h5` they carry cookie and CSRF token."""
    with services.unit() as uow:
        person = create_demo_person(
            uow,
            id=new_id(),
            name=name if verified else None,
            id_number=fictional_id_number() if verified else None,
            phone=phone,
            mini_openid=mini_openid,
        )
        opened = sessions.open_session(
            uow, principal_kind="person", principal_id=person, channel=channel
        )
    headers = Headers()
    if channel == "weixin":
        headers["Authorization"] = f"Bearer {opened.token}"
    else:
        headers["Cookie"] = f"hy_resident={opened.token}"
        headers["X-CSRF-Token"] = opened.csrf_token
    headers.id = person
    return _remember(headers, opened.token)


def sign_in_staff(
    services: Services, *grants: tuple[str, str, UUID | None], name: str = "测试员"
) -> Headers:
    """Headers of a fresh member of staff with `(role, scope kind, scope id)` each."""
    with services.unit() as uow, patch.object(staff_secrets, "hash_password", _hash):
        account = create_demo_staff(
            uow,
            id=new_id(),
            username=f"t{secrets.token_hex(6)}",
            name=name,
            password=PASSWORD,
            roles=[RoleAt(*grant) for grant in grants],
        )
        opened = sessions.open_session(
            uow, principal_kind="staff", principal_id=account, channel="console"
        )
    headers = Headers()
    headers["Cookie"] = f"hy_staff={opened.token}"
    headers["X-CSRF-Token"] = opened.csrf_token
    headers.id = account
    return headers


def headers_of(services: Services, kind: str, principal: UUID, channel: str) -> Headers:
    """Headers of somebody the seed made."""
    with services.unit() as uow:
        opened = sessions.open_session(
            uow, principal_kind=kind, principal_id=principal, channel=channel
        )
    headers = Headers()
    if channel == "weixin":
        headers["Authorization"] = f"Bearer {opened.token}"
    else:
        headers["Cookie"] = f"hy_{'resident' if kind == 'person' else 'staff'}={opened.token}"
        headers["X-CSRF-Token"] = opened.csrf_token
    headers.id = principal
    return _remember(headers, opened.token) if kind == "person" else headers


SignIn = Callable[..., Headers]
