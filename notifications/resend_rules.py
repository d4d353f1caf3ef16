"""Whether a message may be sent again on somebody's word. Pure."""

from __future__ import annotations

from datetime import datetime

#: The codes of a message that was stopped because it no longer holds, of one whose reader turned
#: its topic off, and of one nobody reported on.
CANCELLED, MUTED, UNHEARD = "cancelled", "muted", "unheard"

#: Why a message is not sent again.
IS_DELIVERED, RUNS, NO_LONGER_HOLDS, WAS_RESENT = "delivered", "running", "over", "resent"
TURNED_OFF, IN_DIGEST = "muted", "gathered"
#: What has to be asked a second time before it is.
MAY_HAVE_ARRIVED, OUT_OF_DATE, OVERTAKEN = "may_have_arrived", "out_of_date", "overtaken"

_BY_STATE = {
    "delivered": IS_DELIVERED,
    "gathered": IN_DIGEST,
    **dict.fromkeys(("created", "leased", "sending", "temporary_failure"), RUNS),
}


def hindrance(status: str, errcode: str, *, of_campaign: bool, resent: bool) -> str | None:
    """Why a message in this state is not sent again; None when nothing speaks against it.

    What was delivered is there, what still runs will be told of itself, what went out with the
    evening's digest is to be sought there, what was stopped (a booking that was cancelled, a
    campaign that was ended) is no longer true, and who turned a topic off is left in peace.
    """
    if resent:
        return WAS_RESENT
    if status != "suppressed":
        return _BY_STATE.get(status)
    if errcode == MUTED:
        return TURNED_OFF
    return NO_LONGER_HOLDS if errcode == CANCELLED or of_campaign else None


def doubts(
    status: str, errcode: str, *, unclear: bool, newer: bool, expires_at: datetime, now: datetime
) -> tuple[str, ...]:
    """What a person has to confirm: that it may arrive twice, that it may no longer be true.

    ``unclear``: at least one attempt had no readable answer. ``newer``: something else was told
    of the same matter since.
    """
    found = []
    if status == "accepted" or errcode == UNHEARD or unclear:
        found.append(MAY_HAVE_ARRIVED)
    if newer:
        found.append(OVERTAKEN)
    if expires_at <= now:
        found.append(OUT_OF_DATE)
    return tuple(found)
