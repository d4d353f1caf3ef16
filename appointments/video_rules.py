"""When a video consultation (远程视频) is checked in for, and when its room lets people in. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.rules import AT_WINDOW, Refused, State

#: The quota of video consultations; never sold to who comes to the hall, nor the other way.
CHANNEL = "video"
#: How long before the booked time one can say that one is there.
OPENS_BEFORE = timedelta(minutes=15)


def opens_at(start: datetime, early_minutes: int) -> datetime:
    """From when checking in by phone is possible; `early_minutes` is what the hall allows more."""
    return start - OPENS_BEFORE - timedelta(minutes=early_minutes)


def check_present(channel: str, start: datetime, early_minutes: int, now: datetime) -> None:
    """Refuse to check in by phone for a booking at the hall, or too early."""
    if channel != CHANNEL:
        raise Refused("not_video")
    opens = opens_at(start, early_minutes)
    if now < opens:
        raise Refused("video_too_early", opens=opens)


def lets_in(state: State, ended: bool) -> bool:
    """Whether the room is open: while the person is called or served, and it has not ended."""
    return state in AT_WINDOW and not ended
