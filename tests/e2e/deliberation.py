"""What the browser tests of deliberation share: votes of their own, made over the API."""

import uuid
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.demo import Demo
from tests.e2e.dispatch import Phone
from tests.e2e.people import Person

ESTATE = "桂香苑"
OPTIONS = (("flower", "迎春花市"), ("feast", "邻里百家宴"), ("opera", "粤剧专场"))


class Desk(Person):
    """A community worker beside the browser, who may open a survey at once."""

    def __init__(self, demo: Demo, username: str = "fangmin") -> None:
        super().__init__(demo, username, staff=True)
        rows = self.get("/staff/communities")["items"]
        self.community = next(one["id"] for one in rows if one["name"] == ESTATE)

    def vote(self, ballot: str, *, secret: bool = False, least: int = 1, most: int = 1) -> str:
        """A survey of its own among the estate's residents, open for casting; the vote's id."""
        title = f"春节办什么 {uuid.uuid4().hex[:6]}"
        topic = self.post(
            "/staff/topics",
            {"community_id": self.community, "kind": "survey", "scope_kind": "community",
             "scope_id": None, "title": title, "words": "经费只够一样。", "file_ids": []},
        )["id"]  # fmt: skip
        self.post(f"/staff/topics/{topic}/stages", {"action": "draft", "reason": ""})
        options = [{"code": code, "text": text, "detail": ""} for code, text in OPTIONS]
        draft = {
            "text": "腊月里办。", "question": f"{title}？", "ballot": ballot, "options": options,
            "least": least, "most": most, "budget_cents": None, "secret": secret, "note": "",
        }  # fmt: skip
        headers = {"If-Match": '"d0"', "Idempotency-Key": str(uuid.uuid4())}
        address = f"{self.base}/staff/topics/{topic}/draft"
        self.session.put(address, json=draft, headers=headers, timeout=30).raise_for_status()
        self.post(f"/staff/topics/{topic}/notices", {"days": 0})
        made: str = self.post(f"/staff/topics/{topic}/votes", {"days": 7})["id"]
        self.post(f"/staff/votes/{made}/openings", {})
        return made


def topic_called(person: Person, part: str) -> dict[str, Any]:
    """The seeded topic with these words in its title, as this resident sees it."""
    for place in person.get("/communities/mine")["items"]:
        for state in ("open", "ended"):
            found = person.get("/topics", community=place["id"], state=state, limit=50)["items"]
            for one in found:
                if part in one["title"]:
                    return person.get(f"/topics/{one['id']}")
    raise AssertionError(f"nobody seeded {part}")


def vote_of(topic: dict[str, Any]) -> str:
    """Its latest vote."""
    found: str = topic["votes"][-1]["id"]
    return found


def option(phone: Phone, text: str) -> Locator:
    """An option of the ballot in front."""
    return phone.top(".option").filter(has_text=text)


def confirm(phone: Phone, words: str) -> None:
    """Say yes in the dialog in front, once it shows these words."""
    box = phone.top("[role=dialog]")
    expect(box).to_contain_text(words)
    box.locator(".buttons uni-button").first.click()


def say(phone: Phone, field: str, text: str) -> None:
    """Write into a field of several lines."""
    phone.top(f"#{field} textarea").fill(text)
