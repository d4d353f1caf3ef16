"""One demo and one browser for all browser tests; every page is watched while it is driven."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e import browser as chromium
from tests.e2e.demo import Demo

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1440, "height": 900}


#: Playwright's own waits that ran out; anything else that fails is final at once.
WAITED_IN_VAIN = [r"^TimeoutError", r"^AssertionError: (Locator|Page) expected"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that waited in vain on a busy machine tries once more, named (decision 015)."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=WAITED_IN_VAIN))


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The running demo district."""
    running = Demo()
    running.start()
    yield running
    running.stop()
    shutil.rmtree(running.data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """A headless Chromium, or a loud skip that says how to get one."""
    path = chromium.find()
    if path is None:
        text = "NO CHROMIUM: every browser test is skipped; install chromium or set CHROMIUM"
        warnings.warn(pytest.PytestWarning(text), stacklevel=1)
        pytest.skip(text)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.ARGS)
        yield running
        running.close()


class Watched:
    """A page whose errors and foreign requests are collected."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("request", lambda request: self._request(request.url, base))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location}")

    def _request(self, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:")):
            self.foreign.append(url)

    def shot(self, name: str, *, full: bool = False) -> None:
        """Keep a picture for people to look at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=full)


@pytest.fixture
def open_page(chrome: Browser, demo: Demo) -> Iterator[Callable[..., Watched]]:
    """`open_page(phone=True)`: a watched page in a browser of its own, checked at the end."""
    opened: list[Watched] = []

    def make(*, phone: bool = True, size: dict[str, int] | None = None, base: str = "") -> Watched:
        context = chrome.new_context(
            viewport=size or (PHONE if phone else DESK),  # type: ignore[arg-type]  # a plain dict will do
            locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=phone, is_mobile=phone,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Watched(context, base or demo.url))
        return opened[-1]

    yield make
    for watched in opened:
        watched.context.close()
    for watched in opened:
        assert not watched.errors, watched.errors
        assert not watched.foreign, watched.foreign
