"""What every answer of the API must be, whatever was asked."""

import json
import re
from typing import Any

CODE = re.compile(r"[a-z][a-z0-9_]*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROBLEM = "application/problem+json"


def faults(answer: Any) -> list[str]:
    """What is wrong with an answer of Flask's or schemathesis' client; empty when all is well."""
    status = answer.status_code
    kind = _content_type(answer)
    if status < 400:
        return []
    found = [f"status {status}"] if status >= 500 and not _meant(answer) else []
    if kind != PROBLEM:
        return [*found, f"{status} as {kind}"]
    body = json.loads(_text(answer))
    found += [f"{name} is missing" for name in ("type", "code", "request_id") if not body.get(name)]
    if body.get("status") != status:
        found.append(f"status {body.get('status')} in the body of a {status}")
    if not CODE.fullmatch(body.get("code", "")):
        found.append(f"code {body.get('code')!r}")
    found += [
        f"{name} is not Chinese: {body.get(name)!r}"
        for name in ("title", "detail", "action")
        if not CHINESE.search(body.get(name) or "")
    ]
    for field, texts in body.get("errors", {}).items():
        found += [f"{field}: {text!r}" for text in texts if not CHINESE.search(text)]
    return found


def _meant(answer: Any) -> bool:
    """A refusal that tells the caller to ask in another way: the streams are full."""
    return answer.status_code == 503 and '"streams_full"' in _text(answer)


def _content_type(answer: Any) -> str:
    headers = {str(name).lower(): value for name, value in answer.headers.items()}
    value = headers.get("content-type", "")
    return str(value[0] if isinstance(value, list) else value)


def _text(answer: Any) -> str:
    return answer.get_data(as_text=True) if hasattr(answer, "get_data") else str(answer.text)
