"""A small WSGI application that says which process answers."""

import os
from collections.abc import Callable, Iterable
from typing import Any


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The number of this process; of a POST it reads the body at /all, some at /some, else nothing."""
    body = str(os.getpid()).encode()
    if environ["REQUEST_METHOD"] == "POST":
        most = {"/all": -1, "/some": 3}.get(environ["PATH_INFO"], 0)
        body = environ["wsgi.input"].read(most) if most else b"nothing"
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
