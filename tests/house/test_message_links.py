"""No message leads nowhere: the pages exist, and the phone's tests know every address."""

import json
import re

from backend.domains.messages.kinds import KINDS
from tests.house import message_links
from tests.house.tree import ROOT


def _pages() -> set[str]:
    raw = (ROOT / "miniprogram" / "src" / "pages.json").read_text(encoding="utf-8")
    config = json.loads(re.sub(r"^\s*//.*$", "", raw, flags=re.MULTILINE))
    found = {page["path"] for page in config["pages"]}
    for package in config["subPackages"]:
        found |= {f"{package['root']}/{page['path']}" for page in package["pages"]}
    return found


def test_every_card_opens_a_page_of_the_mini_program() -> None:
    pages = _pages()
    wrong = [
        row for row in message_links.links()
        if row["page"] and row["page"].partition("?")[0] not in pages
    ]  # fmt: skip
    assert not wrong, wrong


def test_every_kind_on_wechat_opens_the_page_its_link_leads_to() -> None:
    wrong = [
        kind.key for kind in KINDS
        if kind.link and {"wechat_subscribe", "wechat_service"} & set(kind.ladder) and not kind.page
    ]  # fmt: skip
    assert not wrong, wrong


def test_the_phone_s_tests_know_every_address() -> None:
    kept = message_links.LIST.read_text(encoding="utf-8")
    assert kept == message_links.text(), "run python -m tests.house.message_links"
