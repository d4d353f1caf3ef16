"""iCalendar as RFC 5545 has it: what is written reads back as it was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments import ical
from appointments.rules import ZONE
from tests.calendar_reader import read, text

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
START = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def entry(**given: Any) -> ical.Entry:
    values: dict[str, Any] = {
        "uid": "a@huying", "sequence": 2, "start": START, "end": START + timedelta(minutes=30),
        "summary": "社会保障卡挂失", "location": "政务大厅",
    }  # fmt: skip
    return ical.Entry(**{**values, **given})


def one(made: ical.Entry):
    calendar = read(ical.calendar([made], "我的预约", NOW).encode())
    [event] = calendar.all("VEVENT")
    return calendar, event


def test_a_booking_has_its_local_time_a_zone_and_two_alarms() -> None:
    calendar, event = one(entry())
    assert (calendar.name, calendar.values["VERSION"]) == ("VCALENDAR", "2.0")
    assert event.values["DTSTART"] == "20261124T093000"
    assert event.values["DTEND"] == "20261124T100000"
    assert event.params["DTSTART"] == event.params["DTEND"] == {"TZID": "Asia/Shanghai"}
    assert event.values["DTSTAMP"] == "20261123T000000Z"
    assert (event.values["SEQUENCE"], event.values["STATUS"]) == ("2", "CONFIRMED")
    [zone] = calendar.all("VTIMEZONE")
    [standard] = zone.all("STANDARD")
    assert zone.values["TZID"] == "Asia/Shanghai"
    assert standard.values["TZOFFSETTO"] == f"{START.astimezone(ZONE):%z}"
    alarms = event.all("VALARM")
    assert [alarm.values["TRIGGER"] for alarm in alarms] == ["-PT24H", "-PT1H"]
    assert {alarm.values["ACTION"] for alarm in alarms} == {"DISPLAY"}


def test_a_cancelled_booking_says_so_and_does_not_ring() -> None:
    _, event = one(entry(cancelled=True))
    assert (event.values["STATUS"], event.values["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert not event.all("VALARM")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_any_words_come_back_from_folded_lines(words: str) -> None:
    _, event = one(entry(summary=words, location=words))
    assert text(event.values["SUMMARY"]) == text(event.values["LOCATION"]) == words


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_words_cannot_begin_a_line_of_their_own(end: str) -> None:
    _, event = one(entry(description=f"一{end}END:VEVENT{end}\x00二\x7f"))
    assert text(event.values["DESCRIPTION"]) == "一\nEND:VEVENT\n二"


def test_a_fold_counts_octets_and_the_blank_that_continues() -> None:
    folded = ical.fold("字" * 60).encode()
    assert [len(line) for line in folded.split(b"\r\n")] == [75, 73, 34]
    assert ical.fold("a" * 75) == "a" * 75
    assert ical.fold("a" * 76) == "a" * 75 + "\r\n a"


def test_an_empty_calendar_is_a_calendar() -> None:
    assert not read(ical.calendar([], "我的预约", NOW).encode()).all("VEVENT")
