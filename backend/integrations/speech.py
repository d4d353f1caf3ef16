"""Speech to text through an HTTP service.

The request (specified here)::

    POST {url}
    Authorization: Bearer {key}
    Content-Type: the recording's own (audio/mp4, audio/mpeg, audio/webm, …)
    <the recording>                                    ->  200 {"text": "…"}

A service of another dialect implements ``SpeechRecogniser`` beside this one.
"""

import json
from typing import Protocol
from urllib.parse import urlsplit

import requests

_LONGEST = 2000


class SpeechError(Exception):
    """No text came. ``again`` says whether trying later can help."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code, self.again = code, again


class SpeechRecogniser(Protocol):
    """What the house needs to turn a voice note into words."""

    def recognise(self, recording: bytes, media_type: str) -> str:
        """The words, empty where nothing was understood; raises ``SpeechError``."""
        ...


class HttpSpeechRecogniser:
    """The service at ``url``."""

    def __init__(self, url: str, key: str, *, timeout: tuple[float, float] = (3.05, 20.0)) -> None:
        self._url, self._key, self._timeout = url, key, timeout
        self._http = requests.Session()
        if urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}:
            self._http.trust_env = False

    def recognise(self, recording: bytes, media_type: str) -> str:
        """The words of at most two minutes' worth of text (2000 characters)."""
        headers = {"Content-Type": media_type, "Authorization": f"Bearer {self._key}"}
        try:
            reply = self._http.post(
                self._url, data=recording, headers=headers, timeout=self._timeout,
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise SpeechError(type(error).__name__, again=True) from error
        if not reply.ok:
            again = reply.status_code >= 500 or reply.status_code in (401, 403, 408, 429)
            raise SpeechError(f"HTTP {reply.status_code}", again=again)
        try:
            text = json.loads(reply.content)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise SpeechError("unreadable answer", again=False) from error
        if not isinstance(text, str):
            raise SpeechError("unreadable answer", again=False)
        return text.replace("\0", "").strip()[:_LONGEST]
