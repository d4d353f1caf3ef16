"""POST to an address that somebody typed in: only to the open internet, never back into our house.

Against server-side request forgery: https alone, no redirect, no proxy, no user in the address;
the name is resolved once, every address it has must be public, and the connection goes to the
address that was checked, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    SSLError,
)

_TIMEOUT = urllib3.Timeout(connect=3.05, read=8.0)
_MOST_BYTES = 64 * 1024
# Both carry an IPv4 address inside: what they lead to cannot be seen from outside.
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


class OutsideError(Exception):
    """The call failed. ``kind``: refused (by us: not a public address), unreachable (surely not
    sent), unclear (it may have arrived). The address is never part of the message.
    """

    def __init__(self, kind: str, code: str = "") -> None:
        super().__init__(kind, code)
        self.kind, self.code = kind, code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KiB of it."""

    status: int
    body: bytes


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _CARRIERS):
            return False
    return found.is_global and not found.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, trusted: str = "") -> Answer:
    """Send ``body`` to ``url``; raises ``OutsideError`` when no answer could be had.

    ``trusted`` is an origin to which none of the rules apply: the demo's stand-in.
    """
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    failure: OutsideError
    try:
        with _pool(url, trusted) as pool:
            reply = pool.request(
                "POST", target, body=body, redirect=False, retries=False, preload_content=False,
                headers={**headers, "Host": parts.netloc.rpartition("@")[2]},
            )  # fmt: skip
            try:
                return Answer(reply.status, reply.read(_MOST_BYTES, decode_content=False))
            finally:
                reply.close()
    except OutsideError as error:
        failure = error
    except (NewConnectionError, ConnectTimeoutError, SSLError) as error:
        failure = OutsideError("unreachable", type(error).__name__)
    except (HTTPError, OSError) as error:
        failure = OutsideError("unclear", type(error).__name__)
    # Raised here, so that no exception with an address hangs behind it.
    raise failure


def _pool(url: str, trusted: str) -> urllib3.HTTPConnectionPool:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise OutsideError("refused", "bad_address") from None
    if trusted and f"{parts.scheme}://{parts.netloc}" == trusted:
        return urllib3.HTTPConnectionPool(host, port or 80, timeout=_TIMEOUT)
    if parts.scheme != "https" or not host or parts.username is not None:
        raise OutsideError("refused", "not_https")
    return urllib3.HTTPSConnectionPool(
        _resolved(host, port or 443), port or 443, timeout=_TIMEOUT, cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(), server_hostname=host, assert_hostname=host,
    )  # fmt: skip


def _resolved(host: str, port: int) -> str:
    """One of the host's addresses, all of which are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideError("unreachable", type(error).__name__) from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise OutsideError("refused", "private_address")
    return addresses[0]
