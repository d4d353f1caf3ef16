"""The street of `dispatch_world` over HTTP: everybody signed in, files uploaded, steps taken."""

import io
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from PIL import Image

from backend.domains.identity.staff_model import StaffAccount
from backend.kernel import sessions
from backend.kernel.services import Services
from tests import dispatch_world
from tests.dispatch_world import IN_A, World
from tests.people import Headers, sign_in_person

API = "/api/v1"


def picture(colour: str = "green", size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def staff_headers(services: Services, staff_id: UUID) -> Headers:
    """The console's session of a member of staff."""
    with services.unit() as uow:
        opened = sessions.open_session(
            uow, principal_kind="staff", principal_id=staff_id, channel="console"
        )
    headers = Headers({"Cookie": f"hy_staff={opened.token}", "X-CSRF-Token": opened.csrf_token})
    headers.id = staff_id
    return headers


def bind(services: Services, staff_id: UUID, **person: Any) -> Headers:
    """A phone bound to the member of staff; its headers."""
    headers = sign_in_person(services, **person)
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, staff_id).person_id = headers.id
    return headers


@dataclass
class Api:
    """`ask("POST /events", who, {…})` answers status and body; people sign in when named first."""

    client: FlaskClient
    services: Services
    world: World
    known: dict[str, Headers] = field(default_factory=dict)

    def headers(self, who: str) -> Headers:
        """`wang`, `li` … residents; `desk:he` a console; `phone:chen` a bound phone; `nobody`."""
        if who == "nobody":
            return Headers()
        if who not in self.known:
            kind, _, name = who.rpartition(":")
            if kind == "desk":
                made = staff_headers(self.services, self.world.id(name))
            elif kind == "phone":
                made = bind(self.services, self.world.id(name), name=name)
            else:
                phone = f"1380001{len(self.known):04d}"
                made = sign_in_person(self.services, name=f"{name}某某", phone=phone)
            self.known[who] = made
        return self.known[who]

    def ask(self, what: str, who: str, json: Any = None, **headers: str) -> tuple[int, Any]:
        """One call."""
        method, _, path = what.partition(" ")
        answer = self.client.open(
            API + path, method=method, headers={**self.headers(who), **headers}, json=json
        )
        return answer.status_code, answer.get_json() if answer.is_json else answer.get_data()

    def ok(self, what: str, who: str, json: Any = None, **headers: str) -> Any:
        """One call that succeeds."""
        status, body = self.ask(what, who, json, **headers)
        assert status < 300, (what, who, status, body)
        return body

    def raw(self, path: str, who: str, **headers: str) -> Any:
        """The answer to a GET, whole."""
        return self.client.get(path, headers={**self.headers(who), **headers})

    def upload(
        self,
        who: str,
        body: bytes | None = None,
        purpose: str = "event_photo",
        key: str | None = None,
    ) -> tuple[int, Any]:
        """Upload a file by the way of this person's kind."""
        root = {"phone": "/worker/files", "desk": "/staff/files"}.get(
            who.partition(":")[0], "/files"
        )
        answer = self.client.post(
            API + root,
            headers={**self.headers(who), "Idempotency-Key": key or uuid4().hex},
            data={"purpose": purpose, "file": (io.BytesIO(body or picture()), "x.jpg")},
            content_type="multipart/form-data",
        )
        return answer.status_code, answer.get_json()

    def photo(self, who: str, colour: str = "green") -> str:
        """The id of a fresh photo."""
        status, body = self.upload(who, picture(colour))
        assert status == 201, body
        return str(body["id"])

    def report(self, who: str = "wang", **changes: Any) -> Any:
        """A resident's report in cell A."""
        body = {"words": "路灯不亮了，晚上很黑", "category_code": "light", **IN_A, **changes}
        return self.ok("POST /events", who, body)


def make_api(services: Services, client: FlaskClient) -> Api:
    """The street in the database, and a client for it."""
    return Api(client, services, dispatch_world.make_world(services))
