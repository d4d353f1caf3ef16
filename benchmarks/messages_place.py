"""What the benchmark of messages needs around it: a fast stand-in, workers, people who consent."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import text

from backend.demo.openids import demo_openid
from backend.demo.standin_settings import standin_environment
from backend.domains.catalog import live_index
from backend.domains.identity.service import create_demo_person
from backend.domains.retrieval import upkeep as retrieval
from backend.domains.routing import training
from backend.kernel.ids import new_id
from benchmarks.place import Place
from tests.live import free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 300.0
#: How often each reader has tapped 'accept'.
TAPS = 60


def settle_in(place: Place) -> None:
    """What a fresh district makes its worker do once: it would take the first minute of a figure."""
    while live_index.embed_missing(place.services) or retrieval.embed_missing(place.services):
        pass
    training.train_missing(place.services)


@dataclass
class Fast:
    """The stand-ins in a process of their own, with their memory in RAM."""

    url: str
    environ: dict[str, str]

    def asked(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON at `path`; with a body it is posted."""
        with requests.Session() as http:
            http.trust_env = False
            if body is None:
                return http.get(self.url + path, timeout=10).json()
            return http.post(self.url + path, json=body, timeout=10).json()


@contextlib.contextmanager
def standin(place: Place) -> Iterator[Fast]:
    """Serve them until the end of the block."""
    port = free_port()
    environ = {
        **place.environ, **standin_environment(port), "STANDIN_FAST": "1", "STANDIN_PUSH_URL": "none",
    }  # fmt: skip
    process = _start(environ, "backend.demo.standins")
    made = Fast(f"http://127.0.0.1:{port}", environ)
    try:
        for _ in range(300):
            with contextlib.suppress(requests.RequestException):
                made.asked("/healthz")
                break
            time.sleep(0.1)
        yield made
    finally:
        _end(process)


class Readers:
    """People with an openid who have consented, on both sides, as often as will be needed."""

    def __init__(self, place: Place, fast: Fast, count: int) -> None:
        self.environ = fast.environ
        self.people: list[tuple[UUID, str]] = []
        for start in range(0, count, 200):
            with place.services.unit() as uow:
                for number in range(start, min(start + 200, count)):
                    openid = demo_openid(f"bench-{number}-{time.time_ns()}")
                    person = create_demo_person(uow, id=new_id(), mini_openid=openid)
                    self.people.append((person, openid))
        template = self.environ["WECHAT_TEMPLATE_BOOKED"]
        with requests.Session() as http:
            http.trust_env = False
            for _, openid in self.people:
                body = {"openid": openid, "results": {template: "accept"}, "times": TAPS}
                http.post(f"{fast.url}/demo/consents", json=body, timeout=10).raise_for_status()
        with place.services.db.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO message_grant (person_key, template_id, remaining, long_term,"
                    " updated_at) SELECT unnest(CAST(:people AS uuid[])), :template, :times, false,"
                    " now()"
                ),
                {
                    "people": [str(person) for person, _ in self.people],
                    "template": template, "times": TAPS,
                },
            )  # fmt: skip


@contextlib.contextmanager
def workers(environ: dict[str, str], count: int) -> Iterator[None]:
    """So many of the product's workers, until the end of the block."""
    running = [_start(environ, "backend.worker") for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            _end(process)


def run_to_end(environ: dict[str, str], module: str, count: int) -> None:
    """Start `module` so many times at once and wait for all."""
    for process in [_start(environ, module) for _ in range(count)]:
        if process.wait(timeout=PATIENCE):
            raise RuntimeError(f"{module} failed")


def wait_for_none_waiting(place: Place) -> None:
    """Until every message of the benchmark has left."""
    until = time.monotonic() + PATIENCE
    while place.scalar(
        "SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'bench:%' AND status IN"
        " ('created', 'leased', 'sending', 'temporary_failure')"
    ):
        if time.monotonic() > until:
            raise RuntimeError("messages are still waiting")
        time.sleep(0.2)


def _start(environ: dict[str, str], module: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environ)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
