"""iCalendar (RFC 5545) of appointments, for the calendar of a phone or computer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from appointments.rules import ZONE

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: How long before the start a calendar rings.
ALARMS = (timedelta(days=1), timedelta(hours=1))
_LINE_OCTETS = 75
_ZONE_NAME = "Asia/Shanghai"
# One offset since 1991: no rule of summer time is needed.
_ZONE_LINES = (
    "BEGIN:VTIMEZONE",
    f"TZID:{_ZONE_NAME}",
    "BEGIN:STANDARD",
    "DTSTART:19910915T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment in a calendar. `sequence` grows with each change, so that the newest wins."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str
    cancelled: bool = False
    description: str = ""


def calendar(entries: Iterable[Entry], name: str, now: datetime) -> str:
    """The whole file, its lines folded and ended as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Huying//Appointments//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escape(name)}",
        f"X-WR-TIMEZONE:{_ZONE_NAME}",
        # What a subscriber may wait between two looks.
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *_ZONE_LINES,
    ]
    for entry in entries:
        lines += _event(entry, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(entry: Entry, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(entry.uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;TZID={_ZONE_NAME}:{_local(entry.start)}",
        f"DTEND;TZID={_ZONE_NAME}:{_local(entry.end)}",
        f"SUMMARY:{escape(entry.summary)}",
        f"LOCATION:{escape(entry.location)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}",
        "CLASS:PRIVATE",
    ]
    if entry.description:
        lines.append(f"DESCRIPTION:{escape(entry.description)}")
    if not entry.cancelled:
        lines += _alarms(entry.summary)
    lines.append("END:VEVENT")
    return lines


def _alarms(summary: str) -> Sequence[str]:
    lines: list[str] = []
    for before in ALARMS:
        hours = int(before.total_seconds() // 3600)
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escape(summary)}",
            f"TRIGGER:-PT{hours}H",
            "END:VALARM",
        ]
    return lines


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y%m%dT%H%M%S}"


def escape(text: str) -> str:
    """TEXT as the standard writes it: no bare comma, semicolon, backslash, line end or control."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(mark for mark in text if mark >= " " and mark != "\x7f")


def fold(line: str) -> str:
    """The line in pieces of at most 75 octets, never through a character."""
    pieces, piece, size = [], "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > _LINE_OCTETS:
            pieces.append(piece)
            # The blank that begins a continuation counts too.
            piece, size = "", 1
        piece += mark
        size += octets
    return "\r\n ".join([*pieces, piece])
