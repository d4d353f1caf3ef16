"""The privacy policy residents agree to: one text, with a version.

A change of what is collected or why needs a new version; a consent names the
version it was given to (PIPL Art. 14, 17).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

DOCUMENT = "privacy"


@cache
def policy() -> dict[str, Any]:
    """{version, effective_from, title, sections: [{heading, paragraphs}]}."""
    text = Path(__file__).with_name("privacy_policy.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def current_version() -> str:
    """The version in force."""
    return str(policy()["version"])
