"""Where messages lead, as both front ends are told: `python -m tests.house.message_links` writes
the list that the phone's tests read.
"""

import json
import re
import sys

from backend.domains.messages import campaign_rules
from backend.domains.messages.kinds import KINDS
from notifications.kinds import STAFF_HOOK
from tests.house.tree import ROOT

#: What the phone's tests read: each address of the inbox with the page of the mini-program.
LIST = ROOT / "miniprogram" / "tests" / "unit" / "message-links.json"
_ID = "0198a000-0000-7000-8000-000000000001"
#: Where a campaign leads is its author's choice among these pages, checked when it is saved.
_CHOSEN = "{link}"
#: The pages of community life that a message can name, as its handlers write them.
_CARE = (f"wishes?id={_ID}", f"help?id={_ID}", "party", "bookings")


def links() -> list[dict[str, str]]:
    """Every address a kind gives its messages, with what its card opens; each pair once."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind in KINDS:
        # A group of staff opens the console.
        if kind.link == _CHOSEN or STAFF_HOOK in kind.ladder:
            continue
        for care in _CARE if "{care_page}" in kind.link else ("",):
            pair = _filled(kind.link, care), _filled(kind.page, care)
            if any(pair):
                found.setdefault(pair, set()).add(kind.key)
    for place in campaign_rules.PAGES:
        link = f"/{place}/{_ID}"
        found.setdefault((link, campaign_rules.page_of(link)), set()).add("campaign")
    return [
        {"link": link, "page": page, "kinds": ", ".join(sorted(kinds))}
        for (link, page), kinds in sorted(found.items())
    ]


def _filled(address: str, care: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: care if name[1] == "care_page" else _ID, address)


def text() -> str:
    """The list as the file holds it."""
    return json.dumps(links(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    LIST.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{LIST}\n")
