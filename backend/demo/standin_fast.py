"""The same stand-ins for measurements: they must not be what is measured.

Calls of WeChat's API are read and answered in one event loop on lines that stay open, with the
memory in RAM and no log; whatever else is asked, and everything while faults are ordered, goes to
the Flask application.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from werkzeug.test import Client

from backend.demo.standin_checks import Body, Refused, WeChatRules
from backend.demo.standin_wechat import CALLS, answer

_MOST_BYTES = 1 << 20


class _Line(asyncio.Protocol):
    """One connection: a request is answered before the next one is read."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._rules: WeChatRules = app.extensions["standin_rules"]
        self._buffer = b""
        self._busy = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write to."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is complete."""
        self._buffer += data
        if len(self._buffer) > _MOST_BYTES:
            self._transport.close()
        elif not self._busy:
            self._next()

    def _next(self) -> None:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = [line.partition(":")[::2] for line in lines[1:]]
        length = next((int(v) for n, v in headers if n.lower() == "content-length"), 0)
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        method, target, _ = lines[0].split(" ", 2)
        path, _, query = target.partition("?")
        if method == "POST" and path in CALLS and not self._rules.store.faulty:
            self._write(200, "application/json", self._answer(path, query, rest[:length]))
            return
        self._busy = True
        asked = (method, target, [(n, v.strip()) for n, v in headers], rest[:length])
        task = asyncio.get_running_loop().create_task(self._ask_flask(*asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answer(self, path: str, query: str, raw: bytes) -> bytes:
        token = parse_qs(query).get("access_token", [""])[0]
        try:
            found = json.loads(raw)
        except ValueError:
            found = None
        body: Body = found if isinstance(found, dict) else {}
        try:
            return json.dumps(answer(self._rules, path, token, body)).encode()
        except Refused as refused:
            return json.dumps(refused.body()).encode()

    async def _ask_flask(
        self, method: str, target: str, headers: list[tuple[str, str]], raw: bytes
    ) -> None:
        reply = await asyncio.to_thread(
            Client(self._app).open, target, method=method, headers=headers, data=raw
        )
        self._write(reply.status_code, reply.content_type, reply.get_data())
        self._busy = False
        self._next()

    def _write(self, status: int, kind: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def serve(app: Flask, port: int) -> None:
    """Listen on loopback until the process ends."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Line(app), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())
