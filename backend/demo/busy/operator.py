"""One operator of the busy hour: a console that polls, searches, saves and answers over HTTP."""

import queue
import random
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

from backend.demo.busy import hour

#: As the operator's page asks (console/src/pages/hotline/OperatorPage.vue), in real seconds.
POLL_SECONDS = 1.5
#: A telephone rings so long before anybody can pick it up, in simulated seconds.
RING = 2.0
_API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Hour:
    """What all who take part share. `pace` is simulated seconds in a real one."""

    base: str
    pace: float
    words: list[str]
    found: hour.Outcome
    free: "queue.SimpleQueue[Operator]"
    began: float
    stop: threading.Event

    def now(self) -> float:
        """The simulated second."""
        return (time.perf_counter() - self.began) * self.pace

    def talk(self, seconds: float) -> None:
        """Let simulated seconds go by."""
        time.sleep(seconds / self.pace)


class Operator(threading.Thread):
    """Works until the hour is over; `rang` tells the moment its next call began to ring."""

    def __init__(self, shared: Hour, username: str, headers: dict[str, str], seed: int) -> None:
        super().__init__(name=username, daemon=True)
        self.username, self.shared = username, shared
        self.rang: queue.SimpleQueue[tuple[float, float]] = queue.SimpleQueue()
        self._chance = random.Random(seed)  # noqa: S311 - draws of a simulation, no secret
        self._http = requests.Session()
        self._http.headers.update(headers)
        self._etag = ""
        self._draft = 0
        self._pin: tuple[str, str] | None = None

    def run(self) -> None:
        """Take call after call."""
        self._ask("agent", "PUT", "/staff/calls/agent", {"state": "ready"})
        # So that sixty pages do not ask in the same instant.
        time.sleep(self._chance.uniform(0, POLL_SECONDS))
        self.shared.free.put(self)
        while not self.shared.stop.is_set():
            call = self._poll()
            if call and call["state"] == "ringing":
                self._take(call["id"])
                self._etag = ""
                self.shared.free.put(self)
            else:
                time.sleep(POLL_SECONDS)

    def _poll(self) -> Any:
        found = self._ask(hour.POLL, "GET", "/staff/calls/current", etag=True)
        return found["call"] if found else None

    def _take(self, call_id: str) -> None:
        came, rang = self.rang.get()
        pop = (time.perf_counter() - rang) * 1000
        self.shared.found.waited(self.shared.now(), hour.POP, pop)
        self.shared.talk(RING)
        self._ask("pick-up", "POST", f"/staff/calls/{call_id}/answer", {})
        with self.shared.found.lock:
            self.shared.found.rings.append(self.shared.now() - came)
        said, self._draft, self._pin = self._chance.choice(self.shared.words), 0, None
        for step in hour.conversation(self._chance):
            if isinstance(step, str):
                self._do(step, said, call_id)
            else:
                self.shared.talk(step)
        self._ask("hang-up", "POST", f"/staff/calls/{call_id}/end", {})

    def _do(self, kind: str, said: str, call_id: str) -> None:
        heard = said[: self._chance.randint(4, max(4, len(said)))]
        if kind in (hour.SEARCH, hour.DEEP):
            self._search(kind, heard)
        elif kind == hour.SUGGEST:
            body = {"words": heard, "call_id": call_id}
            self._ask(kind, "POST", "/staff/ticket-suggestions", body)
        elif kind == hour.DRAFT:
            self._keep(call_id, heard)
        else:
            self._finish(kind, said, call_id)

    def _search(self, kind: str, heard: str) -> None:
        deep = "true" if kind == hour.DEEP else "false"
        found = self._ask(
            kind, "GET", "/staff/answers", params={"q": heard[:300], "deep": deep}
        )  # fmt: skip
        for one in found["items"] if found else ():
            if one["kind"] == "article" and one["version_id"] and one["public_text"]:
                self._pin = (one["version_id"], one["public_text"])
                break

    def _keep(self, call_id: str, heard: str) -> None:
        body = {"body": {"words": heard}, "version": self._draft}
        kept = self._ask(hour.DRAFT, "PUT", f"/staff/ticket-drafts/call-{call_id}", body)
        self._draft = kept["version"] if kept else self._draft

    def _finish(self, kind: str, said: str, call_id: str) -> None:
        """What the operator waits for when the ticket is saved: all its requests together."""
        began, started = self.shared.now(), time.perf_counter()
        body = {
            "source": "phone", "kind": "consult" if kind == hour.ANSWER else "request",
            "words": said, "call_id": call_id, "confidential": False,
        }  # fmt: skip
        made = self._ask("ticket", "POST", "/staff/tickets", body)
        if made is None:
            return
        if kind == hour.ANSWER and self._pin:
            version, text = self._pin
            answer = {"public_text": text[:4000], "version_ids": [version]}
            self._ask("reply", "POST", f"/staff/tickets/{made['id']}/answer", answer)
        elif "accept" in made["can"]:
            self._ask("accept", "POST", f"/staff/tickets/{made['id']}/accept", {})
        with self.shared.found.lock:
            self.shared.found.tickets.append(made["number"])
        self.shared.found.waited(began, kind, (time.perf_counter() - started) * 1000)

    def _ask(
        self, kind: str, method: str, path: str, body: dict[str, Any] | None = None,
        *, params: dict[str, str] | None = None, etag: bool = False,
    ) -> Any:  # fmt: skip
        headers = {"If-None-Match": self._etag} if etag and self._etag else {}
        if method != "GET":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        began, started = self.shared.now(), time.perf_counter()
        try:
            answer = self._http.request(
                method, self.shared.base + _API + path, json=body, params=params,
                headers=headers, timeout=30,
            )  # fmt: skip
        except requests.RequestException as error:
            self.shared.found.fail(f"{kind} {type(error).__name__}")
            return None
        if answer.status_code >= 400:
            self.shared.found.fail(f"{kind} {answer.status_code}")
            return None
        if kind in hour.ACTION_TEXT:
            self.shared.found.waited(began, kind, (time.perf_counter() - started) * 1000)
        if etag:
            self._etag = answer.headers.get("ETag", "")
        return answer.json() if answer.content and answer.status_code != 304 else None
