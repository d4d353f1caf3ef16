"""When a video consultation (远程视频) is checked in for, and when its room lets people in. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.rules import AT_WINDOW, Refused, State

#: The quota of video consultations; never sold to who comes to the hall, nor the other way.
CHANNEL = "video"
#: How long before the booked time one can say that one is there.
OPENS_BEFORE = timedelta(minutes=15)


def opens_at(start: datetime) -> datetime:
    """From when checking in by phone is possible."""
    return start - OPENS_BEFORE


def check_present(channel: str, start: datetime, now: datetime) -> None:
    """Refuse to check in by phone for a booking at the hall, or too early."""
    if channel != CHANNEL:
        raise Refused("not_video")
    if now < opens_at(start):
        raise Refused("video_too_early", opens=opens_at(start))


def lets_in(state: State, ended: bool) -> bool:
    """Whether the room is open: while the person is called or served, and it has not ended."""
    return state in AT_WINDOW and not ended
