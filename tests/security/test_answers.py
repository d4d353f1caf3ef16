"""What the API really answers is what its document says, on the seeded district."""

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from sqlalchemy import select

from backend.domains.deliberation import vote_rules
from backend.domains.deliberation.vote_model import Vote
from backend.kernel.ids import stable_id
from tests.security.demo_world import DemoWorld

STAFF = "/api/v1/staff/"
YUEHE = stable_id("street", "yuehe")
# What a call needs in its query.
QUERIES: dict[str, list[str]] = {
    "/halls/{hall_id}/days": ["item_id={item_id}"],
    "/halls/{hall_id}/slots": ["item_id={item_id}&date={date}"],
    "/halls/{hall_id}/suggestions": ["item_id={item_id}&date={date}"],
    "/halls/{hall_id}/visit-times": ["item_ids={item_id},{visit_item_id}&date={date}"],
    "/halls": ["", "item_id={item_id}"],
    "/items": ["", "q=社保卡丢了", "q=zzzz", "theme=shebao&limit=2", "life_event=birth"],
    "/items/suggest": ["q=社保"],
    "/appointments": ["", "state=live", "state=past"],
    "/matters": ["", "open=true", "open=false"],
    "/staff/halls/{hall_id}/slots": ["date={date}"],
    "/staff/halls/{hall_id}/shifts": ["from=2027-03-01&to=2027-03-31"],
    "/staff/items": ["limit=100", "state=draft"],
    "/staff/workdays": ["from=2026-11-23&to=2026-12-06", "from=2031-01-01&to=2031-01-02"],
    "/staff/messages": ["limit=100", "channel=sms"],
    "/demo/sms": ["phone=13800007001"],
    "/staff/duty-people": [f"street={YUEHE}"],
    "/staff/duties/now": [f"street={YUEHE}"],
    "/staff/duties/week": [f"street={YUEHE}"],
    "/staff/events": ["", "state=all&limit=100", "light=red", "q=路灯"],
    "/staff/events/map": ["bbox=115.2,20.4,115.5,20.6"],
    "/staff/reports/heat": ["from=2026-11-01&to=2026-11-23"],
    "/public/events": ["", "state=solved"],
    "/communities/{community_id}/rooms": ["entrance_id={entrance_id}"],
    "/answers": ["q=社保卡", "q=zzzz"],
    "/answers/suggestions": ["q=社保"],
    "/staff/answers": ["q=社保卡", "q=积水&kinds=ticket"],
    "/staff/articles/{article_id}/comparison": ["from=1&to=1"],
    "/staff/hotline-reports": ["from=2026-11-01&to=2026-11-23"],
    "/staff/tickets": ["", "list=overdue&limit=100", "q=路灯"],
    "/point-ranks": [f"area={stable_id('area', 'yuehe-01')}"],
    "/resources/{resource_id}/slots": ["date=2026-11-24"],
    "/staff/resources/{resource_id}/bookings": ["date=2026-11-24"],
    "/staff/activities": ["", "state=published&limit=100"],
    "/worker/events": ["list=claimable", "list=mine", "list=overdue", "list=verify"],
}


# Answered to who has a seat on the roll only; tests/http/test_votes_http.py reads it.
NEEDS_A_SEAT = "/api/v1/votes/{vote_id}/roll-proof"


def is_json(operation: dict[str, Any]) -> bool:
    """Pictures, pages to print, archives and workbooks have their own tests, and so has the stream."""
    return any(
        "application/json" in told.get("content", {"application/json": None})
        for status, told in operation["responses"].items()
        if status.startswith("2")
    )


class Reader:
    """Asks, and holds every answer against the document."""

    def __init__(self, world: DemoWorld) -> None:
        self.world = world
        self.client = world.client
        self.spec: dict[str, Any] = self.client.get("/api/openapi.json").get_json()
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        # The demo's own published vote: the sweeps' world has none.
        self.votes: dict[str, Any] = {}

    def call(
        self, method: str, template: str, who: str, body: Any = None, query: str = "", **ids: Any
    ) -> Any:
        """The JSON of one call below /api/v1; what is wrong with it is noted."""
        known = {**self.world.ids, **ids}
        path = template.format(**known)
        headers = dict(self.world.people[who])
        answer = self.client.open(
            f"/api/v1{path}?{query.format(**known)}", method=method, headers=headers, json=body
        )
        self._check(f"{method} {template}", answer)
        return answer.get_json(silent=True)

    def _check(self, name: str, answer: Any) -> None:
        method, _, template = name.partition(" ")
        operation = self.spec["paths"]["/api/v1" + template][method.lower()]
        if answer.status_code >= 400:
            self.wrong.append(f"{name}: {answer.status_code} {answer.get_data(as_text=True)}")
            return
        told = operation["responses"][str(answer.status_code)]
        self.seen.add(name)
        for header, shape in told.get("headers", {}).items():
            if shape.get("required") and header not in answer.headers:
                self.wrong.append(f"{name} has no {header}")
        if "content" in told:
            schema = told["content"]["application/json"]["schema"]
            whole = {**schema, "components": self.spec["components"]}
            judge = Draft202012Validator(whole, validate_formats=True)
            for error in judge.iter_errors(answer.get_json()):
                where = "/".join(map(str, error.instance_path))
                self.wrong.append(f"{name}: {where}: {error.message[:300]}")

    def every_get(self) -> list[str]:
        """The paths that can be read, below /api/v1."""
        return [
            path.removeprefix("/api/v1")
            for path, found in self.spec["paths"].items()
            if "get" in found and is_json(found["get"]) and path != NEEDS_A_SEAT
        ]


@pytest.fixture
def reader(world: DemoWorld) -> Any:
    """A reader whose calls leave nothing behind."""
    with world.undone():
        made = Reader(world)
        with world.services.unit() as uow:
            published = select(Vote.id).where(Vote.state == vote_rules.PUBLISHED).limit(1)
            made.votes["vote_id"] = uow.session.scalars(published).one()
        yield made
    assert not made.wrong, "\n".join(made.wrong)


def test_everything_that_can_be_read_reads_as_documented(reader: Reader) -> None:
    for template in reader.every_get():
        part = template.split("/")[1]
        who = part if part in ("staff", "worker", "kiosk") else "resident"
        for query in QUERIES.get(template, [""]):
            reader.call("GET", template, who, query=query, **reader.votes)
    assert {one.partition(" ")[2] for one in reader.seen} == set(reader.every_get())


def test_every_guide_and_every_matter_of_the_log_reads_as_documented(reader: Reader) -> None:
    cursor = ""
    while cursor is not None:
        page = reader.call("GET", "/items", "resident", query=f"limit=100&cursor={cursor}")
        for item in page["items"]:
            reader.call("GET", "/items/{item_id}", "resident", item_id=item["id"])
        cursor = page["next_cursor"]
    for row in reader.call("GET", "/staff/items", "staff", query="limit=100")["items"]:
        reader.call("GET", "/staff/items/{item_id}", "staff", item_id=row["id"])
    for row in reader.call("GET", "/staff/messages", "staff", query="limit=100")["items"]:
        reader.call("GET", "/staff/messages/{message_id}", "staff", message_id=row["id"])
    for event in reader.call("GET", "/life-events", "resident")["items"]:
        reader.call("GET", "/life-events/{code}", "resident", code=event["code"])
    for hall in reader.call("GET", "/halls", "resident")["items"]:
        for part in ("board", "schedules"):
            reader.call("GET", f"/staff/halls/{{hall_id}}/{part}", "staff", hall_id=hall["id"])
        reader.call("GET", "/halls/{hall_id}/screen", "resident", hall_id=hall["id"])


def book(reader: Reader, day: str) -> Any:
    """An appointment on `day` for something of which the resident has none yet."""
    cards = reader.call("GET", "/items", "resident", query="street=yuehe&limit=100")["items"]
    taken = str(reader.world.ids["item_id"])
    item = next(one["id"] for one in cards if one["bookable"] and one["id"] != taken)
    slots = reader.call(
        "GET", "/halls/{hall_id}/slots", "resident", query=f"item_id={item}&date={day}"
    )
    slot = next(one["id"] for one in slots["items"] if one["status"] == "open")
    return reader.call("POST", "/appointments", "resident", {"slot_id": slot, "item_id": item})


def window_for(reader: Reader, appointment: str) -> str:
    """A free window that serves what the appointment is for."""
    board = reader.call("GET", "/staff/halls/{hall_id}/board", "staff")
    group = next(row["group_name"] for row in board["waiting"] if row["id"] == appointment)
    return next(
        str(window["id"])
        for window in board["windows"]
        if group in window["groups"] and not window["current"]
    )


def test_a_visit_from_booking_to_rating_reads_as_documented(reader: Reader) -> None:
    call = reader.call
    later = book(reader, "2026-11-24")
    call(
        "POST", "/appointments/{appointment_id}/cancel", "resident", {}, appointment_id=later["id"]
    )
    booked = book(reader, "2026-11-23")
    visit = {"appointment_id": booked["id"], "receipt_number": booked["receipt_number"]}

    def look() -> None:
        call("GET", "/appointments/{appointment_id}", "resident", **visit)
        call("GET", "/appointments", "resident")
        call("GET", "/matters/{receipt_number}", "resident", **visit)
        call("GET", "/halls/{hall_id}/screen", "resident")
        call("GET", "/staff/halls/{hall_id}/board", "staff")
        call("GET", "/staff/appointments/{appointment_id}", "staff", **visit)

    look()
    call("POST", "/staff/halls/{hall_id}/check-ins", "staff", {"token": booked["qr_token"]})
    look()
    visit["window_id"] = window_for(reader, booked["id"])
    wanted = {"appointment_id": booked["id"]}
    call("PATCH", "/staff/windows/{window_id}", "staff", {"status": "open"}, **visit)
    call("POST", "/staff/windows/{window_id}/calls", "staff", wanted, **visit)
    look()
    for step in ("recall", "skip", "requeue"):
        call("POST", f"/staff/appointments/{{appointment_id}}/{step}", "staff", {}, **visit)
        look()
    call("POST", "/staff/windows/{window_id}/calls", "staff", wanted, **visit)
    for step in ("start", "finish"):
        call("POST", f"/staff/appointments/{{appointment_id}}/{step}", "staff", {}, **visit)
        look()
    call("POST", "/appointments/{appointment_id}/rating", "resident", {"score": 5}, **visit)
    look()
    number = {"receipt_number": booked["receipt_number"], "query_code": booked["query_code"]}
    call("POST", "/matter-lookups", "resident", number)
    call("POST", "/staff/appointments/{appointment_id}/reveals", "staff",
         {"field": "phone", "purpose": "核对到场人员"}, **visit)  # fmt: skip
    call("GET", "/staff/reveals", "staff")
    for message in call("GET", "/messages", "resident")["items"]:
        call("POST", "/messages/{message_id}/read", "resident", message_id=message["id"])
    call("GET", "/me/export", "resident")
