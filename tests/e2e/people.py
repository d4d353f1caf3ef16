"""People of the demo signed in over HTTP, beside the browser."""

import uuid
from datetime import datetime
from typing import Any

import requests

from backend.domains.appointments.proofs import HEADER
from backend.kernel.clock import SHANGHAI
from backend.kernel.ids import stable_id
from tests.e2e.demo import Demo

HALL, ITEM = stable_id("hall", "yuehe"), stable_id("item", "11999901RSJ001")


class Person:
    """A resident or a member of staff: in the browser's way (``h5``) or the mini-program's (``weixin``)."""

    def __init__(self, demo: Demo, key: str, *, staff: bool = False, channel: str = "h5") -> None:
        self.base = f"{demo.url}/api/v1"
        self.session = requests.Session()
        way = "/staff/sessions/demo" if staff else "/sessions/demo"
        who = {"username": key} if staff else {"person_key": key, "channel": channel}
        entered = self.send("POST", way, who)
        if channel == "weixin":
            self.session.headers["Authorization"] = f"Bearer {entered['token']}"
        else:
            self.session.headers["X-CSRF-Token"] = entered["csrf_token"]

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """What the API answers."""
        answer = self.session.get(f"{self.base}{path}", params=query, timeout=30)
        assert answer.ok, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do something once."""
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change something once; what the API answers (empty where it says nothing)."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **self.looked(path)}
        answer = self.session.request(
            method, f"{self.base}{path}", json=body, headers=headers, timeout=30
        )
        assert answer.ok, answer.text
        done: dict[str, Any] = answer.json() if answer.content else {}
        return done

    def looked(self, path: str) -> dict[str, str]:
        """Who asks for a place has looked at some times; any will do."""
        if not path.endswith(("/appointments", "/visits", "/waitlist", "/reschedule")):
            return {}
        times = f"{self.base}/halls/{HALL}/slots"
        query = {"item_id": str(ITEM), "date": f"{datetime.now(SHANGHAI):%Y-%m-%d}"}
        answer = self.session.get(times, params=query, timeout=30)
        return {HEADER: answer.headers.get(HEADER, "")}
