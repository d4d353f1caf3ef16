"""What the browser tests of dispatch share: places, photos, the page in front, a feed overheard."""

import uuid
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from backend.demo import drawings
from tests.e2e.conftest import Watched
from tests.e2e.demo import Demo
from tests.e2e.people import Person

# Notes the addresses of streams and what comes over them, beside the page's own listeners.
_EAR = """
window.streams = []; window.heard = []
window.EventSource = class extends window.EventSource {
  constructor(address, options) {
    super(address, options)
    window.streams.push(String(address))
    this.addEventListener('change', (event) => window.heard.push(JSON.parse(event.data).event.id))
  }
}
"""


def mark() -> str:
    """A number that tells a test's own words from all others in the demo."""
    return f"{uuid.uuid4().int % 90_000 + 10_000} 号"


@dataclass
class Phone:
    """The app on a phone at a place."""

    watched: Watched
    demo: Demo

    def show(self, path: str) -> None:
        """Open a page of the app by its address."""
        self.watched.page.goto(f"{self.demo.url}/#{path}")

    def enter(self, person: str, *, elder: bool = False) -> None:
        """Sign in as a demo person, perhaps with large letters."""
        page = self.watched.page
        if not elder:
            # Her account may ask for large letters: a page in normal size is asked for here.
            Person(self.demo, person).send("PATCH", "/me", {"elder_mode": False})
        page.goto(f"{self.demo.url}/")
        page.evaluate("on => localStorage.setItem('elder', on)", "1" if elder else "0")
        self.show("/packages/account/sign-in")
        page.reload()
        page.get_by_text("我看过并同意《隐私政策》").click()
        page.locator(f"#demo-{person}").click()
        expect(page.locator(f"#demo-{person}")).to_have_count(0)

    def stand_at(self, latitude: float, longitude: float) -> None:
        """Where the phone finds itself; the person allows it to ask."""
        context = self.watched.context
        context.grant_permissions(["geolocation"])
        context.set_geolocation({"latitude": latitude, "longitude": longitude})

    def top(self, selector: str) -> Locator:
        """Something on the page in front: pages behind it stay in the document."""
        return self.watched.page.locator("uni-page").last.locator(selector)

    def says(self, text: Any) -> Locator:
        """Words on the page in front."""
        return self.top("uni-page-body").get_by_text(text).first

    def shoot(self, field: str, kind: str, *, after: bool = False) -> None:
        """Take a photo in the form shown."""
        with self.watched.page.expect_file_chooser() as chooser:
            self.top(f"#{field}-camera").click()
        body = drawings.drawing(kind, after)
        chooser.value.set_files({"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": body})
        shown = self.top(f"uni-view:has(> #{field}-camera)").locator("..").locator(".shot")
        expect(shown).to_have_count(1)


def overhear(watched: Watched) -> None:
    """From now on the page notes what it hears by server-sent events."""
    watched.context.add_init_script(_EAR)


def heard(watched: Watched) -> list[str]:
    """Ids of events that came over the stream, in order."""
    return list(watched.page.evaluate("window.heard"))
