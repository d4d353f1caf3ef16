"""Which messages may be sent again, and what is asked before."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications import resend_rules as rules
from notifications.rules import STATES

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("created", rules.RUNS), ("leased", rules.RUNS), ("sending", rules.RUNS),
        ("temporary_failure", rules.RUNS), ("delivered", rules.IS_DELIVERED),
        ("accepted", None), ("permanent_failure", None), ("technical_failure", None),
        ("expired", None), ("suppressed", None), ("gathered", rules.IN_DIGEST),
    ],
)  # fmt: skip
def test_what_runs_or_was_delivered_is_not_sent_again(status: str, wanted: str | None) -> None:
    assert rules.hindrance(status, "", of_campaign=False, resent=False) == wanted


def test_every_state_has_its_answer() -> None:
    for status in STATES:
        rules.hindrance(status, "", of_campaign=False, resent=False)
        assert rules.hindrance(status, "", of_campaign=False, resent=True) == rules.WAS_RESENT


def test_what_was_stopped_no_longer_holds() -> None:
    stopped = rules.hindrance("suppressed", rules.CANCELLED, of_campaign=False, resent=False)
    assert stopped == rules.NO_LONGER_HOLDS
    ended = rules.hindrance("suppressed", "", of_campaign=True, resent=False)
    assert ended == rules.NO_LONGER_HOLDS
    # A campaign's message that merely failed may be tried again.
    failed = rules.hindrance("permanent_failure", "47003", of_campaign=True, resent=False)
    assert failed is None


def test_who_turned_a_topic_off_is_left_in_peace_and_a_full_day_is_no_hindrance() -> None:
    muted = rules.hindrance("suppressed", rules.MUTED, of_campaign=False, resent=False)
    assert muted == rules.TURNED_OFF
    assert rules.hindrance("suppressed", "capped", of_campaign=False, resent=False) is None


@pytest.mark.parametrize(
    ("status", "errcode", "unclear", "minutes", "wanted"),
    [
        ("permanent_failure", "47003", False, 1, ()),
        ("accepted", "", False, 1, (rules.MAY_HAVE_ARRIVED,)),
        ("technical_failure", "ambiguous", True, 1, (rules.MAY_HAVE_ARRIVED,)),
        ("technical_failure", rules.UNHEARD, False, 1, (rules.MAY_HAVE_ARRIVED,)),
        ("expired", "", False, 0, (rules.OUT_OF_DATE,)),
        ("accepted", "", True, -1, (rules.MAY_HAVE_ARRIVED, rules.OUT_OF_DATE)),
    ],
)
def test_what_is_asked_first(
    status: str, errcode: str, unclear: bool, minutes: int, wanted: tuple[str, ...]
) -> None:
    expires = NOW + timedelta(minutes=minutes)
    found = rules.doubts(status, errcode, unclear=unclear, newer=False, expires_at=expires, now=NOW)
    assert found == wanted


def test_a_matter_that_went_on_is_asked_about() -> None:
    found = rules.doubts(
        "permanent_failure", "47003", unclear=False, newer=True,
        expires_at=NOW + timedelta(hours=1), now=NOW,
    )  # fmt: skip
    assert found == (rules.OVERTAKEN,)
