"""What is alike for all calls to servers outside: did it leave, is the server on this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError


def on_this_machine(url: str) -> bool:
    """Whether ``url`` names this machine: a stand-in, not to be looked for behind a proxy."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def surely_not_sent(error: requests.RequestException) -> bool:
    """Whether the request never reached the server, so that a repeat cannot double anything."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)
