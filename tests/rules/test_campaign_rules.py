"""Campaigns: two people, words that are complete, times that make sense."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.messages import campaign_rules as c

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def found(**changes: object) -> dict[str, str]:
    words = {"title": "停水通知", "body": "明天停水", "sms": "", "by_sms": False,
             "send_at": None, "expires_at": None, "now": NOW}  # fmt: skip
    return c.problems(**{**words, **changes})  # type: ignore[arg-type]  # built from parts


def test_only_the_system_starts_and_ends_what_somebody_released():
    system = {key: way for key, way in c.TRANSITIONS.items() if c.SYSTEM_PART in way.who}
    assert {action for _, action in system} == {"start", "lapse", "finish"}
    assert all(way.who == {c.SYSTEM_PART} for way in system.values())


def test_nobody_changes_a_campaign_once_it_is_released():
    later = {action for state, action in c.TRANSITIONS if state in (c.RELEASED, c.RUNNING)}
    assert later == {"start", "lapse", "stop", "finish"}


def test_a_way_back_and_a_stop_need_a_reason():
    asked = {action for (_, action), way in c.TRANSITIONS.items() if "reason" in way.needs}
    assert asked == {"return", "stop"}
    assert set(c.ACTION_TEXT) == {"create", *(action for _, action in c.TRANSITIONS)}


@pytest.mark.parametrize(
    ("releaser", "refused"), [("author", True), ("submitter", True), ("third", False)]
)
def test_whoever_wrote_or_submitted_it_does_not_release_it(releaser: str, refused: bool):
    problem = c.releaser_problem(releaser, created_by="author", submitted_by="submitter")
    assert (problem is not None) == refused


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"title": "", "body": ""}, {"title", "body"}),
        ({"by_sms": True}, {"sms"}),
        ({"by_sms": True, "sms": "明天停水"}, set()),
        ({"send_at": NOW - HOUR}, {"send_at"}),
        ({"send_at": NOW - HOUR, "expires_at": NOW}, {"send_at"}),
        ({"send_at": NOW + c.AHEAD + HOUR}, {"send_at"}),
        ({"send_at": NOW + HOUR, "expires_at": NOW + 2 * HOUR}, set()),
        ({"send_at": NOW + HOUR, "expires_at": NOW + 1.5 * HOUR}, {"expires_at"}),
        ({"expires_at": NOW + c.LONGEST + HOUR}, {"expires_at"}),
    ],
)
def test_what_is_missing_is_named_at_its_field(changes: dict[str, object], fields: set[str]):
    assert set(found(**changes)) == fields


def test_without_an_end_it_may_be_sent_for_three_days():
    assert c.end_of(NOW, None) == NOW + timedelta(days=3)
    assert c.end_of(NOW, NOW + HOUR) == NOW + HOUR


@pytest.mark.parametrize(
    ("halls", "items", "days", "ok"),
    [
        ([], [], None, True),
        (["a"], [], None, False),
        ([], ["b"], None, False),
        (["a"], [], 7, True),
    ],
)
def test_a_hall_or_an_item_asks_for_the_days(
    halls: list[str], items: list[str], days: int | None, ok: bool
):
    problems = c.audience_problems({"halls": halls, "items": items, "booked_days": days})
    assert (not problems) == ok


@pytest.mark.parametrize(
    ("state", "read", "code"),
    [
        ("passed", False, None),
        ("refused", True, "content_refused"),
        ("waiting", True, "content_checking"),
        ("review", False, "content_unread"),
        ("review", True, None),
        ("unavailable", False, "content_unread"),
        ("unavailable", True, None),
        (None, False, "content_unread"),
    ],
)
def test_risky_words_stay_and_open_questions_are_read_by_the_second_person(
    state: str | None, read: bool, code: str | None
):
    problem = c.read_problem(state, "涉及广告", read=read)
    assert (problem[0] if problem else None) == code


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("", "packages/account/inbox"),
        ("/topics/0b5c", "packages/council/topic?id=0b5c"),
        ("/items/0b5c", "packages/catalogue/item?id=0b5c"),
    ],
)
def test_a_card_opens_the_page_of_the_link(link: str, page: str):
    assert c.page_of(link) == page
    assert set(c.PAGES) == set(c.PAGE_TEXT)


def test_the_shares_follow_the_ladder_and_end_in_the_inbox():
    assert c.shares({"sms": 2, "inbox": 3}, ["wechat_service", "sms"]) == [
        ("wechat_service", 0), ("sms", 2), ("inbox", 3),
    ]  # fmt: skip
