"""Logs as JSON lines, each with its request id, with personal data masked on the way out."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from backend.kernel.privacy import mask_id_number, mask_phone

_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_PHONE = re.compile(r"(?<!\d)(?P<country>(?:00|\+)?86[ -]?)?(?P<number>1[3-9]\d{9})(?!\d)")
_NAMES = "access_token|secret|session_key|password|token|authorization"
_SECRET = re.compile(
    rf"""(?ix) ((?:{_NAMES}) ["']? \s* [=:] \s* ["']? (?:bearer\s+)?) [^&\s"',}}]+ """
)
_SECRET_NAME = re.compile(rf"(?i)(?:{_NAMES})$")


def masked(text: str) -> str:
    """`text` with identity numbers, phones and secrets in it made unreadable."""
    text = _ID.sub(lambda found: mask_id_number(found[0]), text)
    text = _PHONE.sub(
        lambda found: (found["country"] or "") + mask_phone(found["number"]),
        text,
    )
    return _SECRET.sub(r"\1***", text)


def _mask_value(value: Any) -> Any:
    """`value` masked at any depth; a number that reads like a phone is one."""
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        text = masked(str(value))
        return value if text == str(value) else text
    if isinstance(value, dict):
        return {masked(str(key)): _mask_item(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask_value(item) for item in value]
    return masked(value if isinstance(value, str) else repr(value))


def _mask_item(name: str, value: Any) -> Any:
    return "***" if value and _SECRET_NAME.search(name) else _mask_value(value)


def _mask_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _mask_item(key, value) for key, value in event.items()}


# One list for the process, changed in place: loggers keep the one they were first used with.
_PIPELINE: list[Any] = []


def configure(level: str = "INFO") -> None:
    """Send structlog and the standard library's loggers through one JSON pipeline to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    finish: list[Any] = [
        structlog.processors.format_exc_info,
        _mask_event,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    # What is not written down is not made up either.
    quiet = structlog.stdlib.filter_by_level
    _PIPELINE[:] = [quiet, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.configure(
        processors=_PIPELINE,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
