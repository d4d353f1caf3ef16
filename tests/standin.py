"""The stand-ins of WeChat and of the text-message provider, served over real HTTP for a test."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from backend import config
from backend.app import compose
from backend.config import Settings
from backend.demo import standin_templates
from backend.demo.standin_checks import WeChatRules
from backend.demo.standin_push import Pusher
from backend.demo.standin_settings import from_settings, standin_environment
from backend.demo.standins import QuietHandler, create_standins
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.services import Services


def card(template_id: str) -> dict[str, str]:
    """A message that fills all fields of a registered template."""
    name = template_id.rpartition("-")[2]
    _, fields = {**standin_templates.SUBSCRIBE, **standin_templates.SERVICE}[name]
    return {key: example for _, key, example in fields}


class Standin:
    """Both stand-ins on a free port; `environ` points a backend at them."""

    def __init__(self, data_dir: Path, push_url: str = "", *, two_providers: bool = False) -> None:
        self._listen(0)
        port = self._server.server_port
        # One provider of text messages, unless a test is about two.
        one = {} if two_providers else {"SMS_B_API_URL": ""}
        self.environ = {**standin_environment(port), "WECHAT_PAGE_STATE": "developer", **one}
        self.settings = config.load({**self.environ, "ENVIRONMENT": "test"})
        app = create_standins(from_settings_in(self.settings, data_dir, push_url))
        self._server.app = self._app = app
        self.rules: WeChatRules = app.extensions["standin_rules"]
        self.store = self.rules.store
        self.url = f"http://127.0.0.1:{port}"
        self._http = requests.Session()
        self._http.trust_env = False
        self._serve()

    def _listen(self, port: int) -> None:
        self._server = make_server(
            "127.0.0.1", port, NotFound(), threaded=True, request_handler=QuietHandler
        )

    def _serve(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Nobody listens any more; what was remembered stays."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def up(self) -> None:
        """Listen again at the same address."""
        self._listen(self._server.server_port)
        self._server.app = self._app
        self._serve()

    def get(self, path: str, **params: str) -> Any:
        """The JSON at `path`."""
        return self._http.get(self.url + path, params=params, timeout=5).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON answer to `body`."""
        return self._http.post(self.url + path, json=body, timeout=5).json()

    def fault(self, path: str, times: int = 1, **fault: Any) -> None:
        """Misbehave at `path` the next few times."""
        self.post("/demo/faults", {"path": path, "times": times, **fault})

    def allow(self, openid: str, template_id: str, times: int = 1) -> None:
        """The person taps accept on the phone."""
        for _ in range(times):
            self.post("/demo/consents", {"openid": openid, "results": {template_id: "accept"}})

    def calls(self, path: str) -> list[dict[str, Any]]:
        """Requests that arrived at `path`, oldest first."""
        return self.store.rows("SELECT * FROM log WHERE path = ? ORDER BY id", path)

    def push_to(self, url: str) -> None:
        """Push receipts and consents to the backend at `url`."""
        rules = self.rules
        rules.settings = dataclasses.replace(
            rules.settings, push_url=f"{url}/wechat/push", report_url=f"{url}/sms/reports"
        )
        rules.pusher = Pusher(rules.settings, rules.store)

    def close(self) -> None:
        """Stop serving."""
        self.down()
        self._http.close()
        self.store.close()


def from_settings_in(settings: Settings, data_dir: Path, push_url: str) -> Any:
    """The stand-ins' settings with their memory in `data_dir`."""
    return dataclasses.replace(from_settings(settings, push_url), data_dir=data_dir)


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[Standin]:
    """Fresh stand-ins without push."""
    made = Standin(tmp_path / "standin")
    yield made
    made.close()


@pytest.fixture
def talking(
    base_environ: dict[str, str], postgres: Postgres, db: Database, clock: FixedClock,
    valkey: Valkey, standin: Standin,
) -> Iterator[Services]:  # fmt: skip
    """The composed application, set up to talk to the stand-ins, on an isolated database."""
    environ = {**base_environ, **standin.environ, "DATABASE_URL": postgres.url_of("shared")}
    made = compose(config.load(environ), database=db, clock=clock)
    made.redis.client.flushall()
    yield made
