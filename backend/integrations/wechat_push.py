"""WeChat's message push in safe mode: signature, AES-256-CBC, XML and JSON.

Written on ``cryptography`` and not on wechatpy's codec, which compares signatures with ``==``
and answers malformed input with IndexError, ValueError or struct.error.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class PushRejected(Exception):
    """A push that must not be believed; ``reason`` is forged, foreign, malformed or stale."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason, text)
        self.reason = reason


def sign(token: str, *parts: str) -> str:
    """WeChat's signature: SHA-1 of the token and the parts, sorted and joined."""
    joined = "".join(sorted((token, *parts))).encode(errors="surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def parse(text: str) -> dict[str, Any]:
    """The one object in an XML or JSON text; raises ``PushRejected('malformed')``."""
    try:
        as_json = text.lstrip()[:1] == "{"
        found = json.loads(text) if as_json else xmltodict.parse(text)["xml"]
    except (ValueError, KeyError, TypeError, ExpatError, RecursionError) as error:
        raise PushRejected("malformed", type(error).__name__) from None
    if not isinstance(found, dict):
        raise PushRejected("malformed", "not an object")
    return found


def read(raw: str | bytes) -> str:
    """The text of a body as it arrived; raises ``PushRejected('malformed')``."""
    try:
        return raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise PushRejected("malformed", "not UTF-8") from None


class PushCodec:
    """Opens and makes pushes of one account.

    ``encoding_aes_key`` is the 43 characters of the account's settings page; a wrong length,
    or a character that no such key has, raises ValueError at once.
    """

    def __init__(self, token: str, encoding_aes_key: str, appid: str) -> None:
        if len(encoding_aes_key) != 43:
            raise ValueError("encoding_aes_key must have 43 characters")
        self._token = token
        self._key = base64.b64decode(encoding_aes_key + "=", validate=True)
        self._appid = appid.encode()

    def verify(self, signature: str, timestamp: str, nonce: str) -> bool:
        """Whether the signature of WeChat's address check (GET) is right."""
        return _equal(sign(self._token, timestamp, nonce), signature)

    def decrypt(
        self, body: Mapping[str, Any] | str | bytes, msg_signature: str, timestamp: str, nonce: str
    ) -> str:
        """The plain text of a push; ``body`` is a mapping with ``Encrypt`` or the XML or JSON.

        The signature is checked first, in constant time, before anything is decrypted.
        Raises ``PushRejected`` for a forged signature, a foreign appid and malformed input.
        """
        found = parse(read(body)) if isinstance(body, str | bytes) else body
        sealed = found.get("Encrypt") if isinstance(found, Mapping) else None
        if not isinstance(sealed, str):
            raise PushRejected("malformed", "no Encrypt")
        if not _equal(sign(self._token, str(timestamp), str(nonce), sealed), msg_signature):
            raise PushRejected("forged")
        try:
            text, appid = self._frame(base64.b64decode(sealed, validate=True))
            if not hmac.compare_digest(appid, self._appid):
                raise PushRejected("foreign")
            return text.decode()
        except (ValueError, IndexError, struct.error, binascii.Error) as error:
            raise PushRejected("malformed", type(error).__name__) from None

    def _frame(self, raw: bytes) -> tuple[bytes, bytes]:
        """The text and the appid behind the random 16 bytes and the length."""
        plain = self._cipher().decryptor().update(raw)
        pad = plain[-1]
        (length,) = struct.unpack(">I", plain[16:20])
        end = len(plain) - pad
        if len(raw) % 16 or not 1 <= pad <= _BLOCK or 20 + length > end:
            raise PushRejected("malformed", "bad frame")
        return plain[20 : 20 + length], plain[20 + length : end]

    def encrypt(self, text: str, timestamp: str, nonce: str) -> str:
        """The XML envelope in which WeChat sends ``text``."""
        sealed = self.seal(text)
        signature = sign(self._token, str(timestamp), str(nonce), sealed)
        return (
            f"<xml>\n<Encrypt><![CDATA[{sealed}]]></Encrypt>\n"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>\n"
            f"<TimeStamp>{timestamp}</TimeStamp>\n"
            f"<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
        )

    def seal(self, text: str) -> str:
        """The ``Encrypt`` value alone."""
        body = text.encode()
        frame = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + self._appid
        pad = _BLOCK - len(frame) % _BLOCK
        sealed = self._cipher().encryptor().update(frame + bytes([pad]) * pad)
        return base64.b64encode(sealed).decode()

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        """The ``msg_signature`` that belongs to a sealed text."""
        return sign(self._token, timestamp, nonce, sealed)

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _equal(right: str, given: object) -> bool:
    """Whether they are the same; the time it takes tells nothing of how far they agree."""
    known = given if isinstance(given, str) else ""
    return hmac.compare_digest(right.encode(), known.encode(errors="replace"))
