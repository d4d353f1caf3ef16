"""The hotline of `hotline_world` over HTTP: everybody signed in, calls told by the exchange."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from flask.testing import FlaskClient

from backend.domains.hotline import cti_keys
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.services import Services
from tests.dispatch_api import Api
from tests.hotline_world import World, make_world

NUMBER = "13812345678"


@dataclass
class HotlineApi(Api):
    """As dispatch's, with the telephone exchange."""

    key: str = ""

    @property
    def hotline(self) -> World:
        """The people and articles."""
        return cast(World, self.world)

    def username(self, name: str) -> str:
        """What the exchange calls an operator."""
        with self.services.unit() as uow:
            return uow.session.get_one(StaffAccount, self.world.id(name)).username

    def tell(self, event: str, call_id: str = "c1", **more: Any) -> tuple[int, Any]:
        """One event of the exchange."""
        body = {"event": event, "call_id": call_id, **more}
        answer = self.client.post("/cti/v1/events", json=body, headers={"X-Api-Key": self.key})
        return answer.status_code, answer.get_json()

    def ring(self, call_id: str = "c1", number: str = NUMBER, **more: Any) -> None:
        """A call comes in."""
        status, body = self.tell("ringing", call_id, number=number, **more)
        assert status == 200, body

    def new(self, who: str = "desk:han", **changes: Any) -> Any:
        """A ticket taken down at the desk."""
        body = {"kind": "complaint", "words": "路灯坏了，晚上很黑", "category_code": "light",
                "caller_name": "王小兰", "caller_phone": NUMBER, **changes}  # fmt: skip
        return self.ok("POST /staff/tickets", who, body)

    def act(self, who: str, ticket: Any, action: str, body: Any = None) -> Any:
        """One step with a ticket; the ticket as it is then."""
        return self.ok(f"POST /staff/tickets/{ticket['id']}/{action}", f"desk:{who}", body or {})


def make_api(services: Services, client: FlaskClient) -> HotlineApi:
    """The hotline in the database, and a client for it."""
    world = make_world(services)
    with services.unit() as uow:
        _, key = cti_keys.issue(uow, "测试交换机", uuid4().hex)
    return HotlineApi(client, services, cast(Any, world), key=key)
