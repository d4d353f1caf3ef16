"""An unsteady way to the server: answers are lost after it has committed, calls arrive twice."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Fate = Literal["through", "lost", "twice"]
Decide = Callable[[str, str, int], Fate]
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Unsteady:
    """A proxy before the server at `upstream`; what becomes of a call is for `decide` to say.

    `decide(method, path, times)` hears of every call, with how often its key has come.
    `lost`: the server does it and answers, and the line breaks before the answer is through.
    `twice`: the same call reaches the server two times at once; the later answer is passed on.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.decide: Decide = lambda method, path, times: "through"
        self.keys: Counter[str] = Counter()
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.replayed = 0
        self._lock = threading.Lock()
        way = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                way.pass_on(self)

            def do_POST(self) -> None:
                way.pass_on(self)

            def do_PATCH(self) -> None:
                way.pass_on(self)

            def do_DELETE(self) -> None:
                way.pass_on(self)

            def log_message(self, *args: object) -> None:
                """The tests say what went wrong."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close the way."""
        self._server.shutdown()
        self._server.server_close()

    def pass_on(self, call: BaseHTTPRequestHandler) -> None:
        """One call and its fate."""
        body = call.rfile.read(int(call.headers.get("Content-Length") or 0))
        path = urlsplit(call.path).path
        key = call.headers.get("Idempotency-Key", "")
        with self._lock:
            self.keys[key] += 1
            fate = self.decide(call.command, path, self.keys[key])
        if fate == "twice":
            with self._lock:
                self.doubled.append(path)
            answer = self._both(call, body)
        else:
            answer = self._ask(call, body)
        if fate == "lost":
            with self._lock:
                self.lost.append(path)
            call.close_connection = True
            return
        status, headers, content = answer
        call.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP:
                call.send_header(name, value)
            if name == "Idempotency-Replayed":
                self.replayed += 1
        call.send_header("Content-Length", str(len(content)))
        call.end_headers()
        if call.command != "HEAD":
            call.wfile.write(content)

    def _both(
        self, call: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        other = threading.Thread(target=self._ask, args=(call, body))
        other.start()
        answer = self._ask(call, body)
        other.join()
        return answer

    def _ask(
        self, call: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        assert self.upstream.hostname
        line = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=30)
        try:
            headers = {k: v for k, v in call.headers.items() if k.lower() != "connection"}
            line.request(call.command, call.path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            line.close()
