"""What those are told who wait for a place, or whose hall closed: a place is kept, or none came."""

from datetime import timedelta

from backend.domains.messages.samples import KEPT_PLACE, WAITING
from notifications.kinds import SERVICE, SMS, Fields, Kind
from notifications.rules import Priority

_OFFER = "/slot-offers/{offer_id}"
_OFFER_PAGE = "packages/appointments/offer?id={offer_id}"


def _service(what: str, hint: str, when: str = "{start:wechat}") -> Fields:
    return (
        ("thing1", "{item_name}"),
        ("time2", when),
        ("thing3", "{hall_name}"),
        ("phrase4", what),
        ("thing5", hint),
    )


OFFERED = Kind(
    key="slot_offered",
    name="候补有名额",
    topic="appointments",
    values=KEPT_PLACE.of(),
    title="等到名额了：{item_name}",
    body="{start}在{hall_name}{hall_floor}有名额，为您留到{expires_at}。点一下就约上；到时不确认，就让给下一位。",
    priority=Priority.CHANGE,
    life=timedelta(hours=12),
    ladder=(SERVICE, SMS),
    link=_OFFER,
    page=_OFFER_PAGE,
    service=_service("等您确认", "点开确认，过时让给下一位"),
    sms="等到名额了：{start}在{hall_name}办理{item_name}，为您留到{expires_at}，请到小程序确认。",
)
INSTEAD = Kind(
    key="slot_offered_instead",
    name="停办后留的名额",
    topic="appointments",
    values=KEPT_PLACE.of(),
    title="给您留了别的时间：{item_name}",
    body="大厅停办，原来的预约取消了。给您留了{start}在{hall_name}{hall_floor}的名额，到{expires_at}为止，点一下就约上。",
    priority=Priority.CHANGE,
    life=timedelta(hours=24),
    ladder=(SERVICE, SMS),
    link=_OFFER,
    page=_OFFER_PAGE,
    service=_service("等您确认", "大厅停办，给您留了这个时间"),
    sms="大厅停办，给您留了{start}在{hall_name}办理{item_name}的名额，到{expires_at}为止，请到小程序确认。",
)
ENDED = Kind(
    key="waiting_ended",
    name="候补结束",
    topic="appointments",
    values=WAITING.of(),
    title="候补结束了：{item_name}",
    body="{day_text}在{hall_name}的候补结束了：{why_text}。还需要办理，可以另约时间。",
    priority=Priority.REMINDER,
    life=timedelta(hours=12),
    ladder=(),
    link="/waitlist/{entry_id}",
)
KINDS = (OFFERED, INSTEAD, ENDED)
