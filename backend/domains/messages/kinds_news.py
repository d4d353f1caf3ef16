"""What is told to many at once: the notices that campaigns send."""

from datetime import timedelta

from backend.domains.messages.samples import NEWS
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.rules import Priority

#: The keys of the subscribe templates, with the titles the consent page shows.
TEMPLATES = {"news": "通知公告提醒"}

#: The words are the campaign's own; WeChat's cards carry its title and ask to read on.
NOTICE = Kind(
    key="campaign", name="群发通知", topic="news", title="{title}", body="{body}",
    priority=Priority.NEWS, life=timedelta(hours=72), ladder=(SUBSCRIBE, SERVICE, SMS),
    link="{link}", page="{page}", template_key="news",
    subscribe=(
        ("thing1", "{title}"), ("thing2", "{district}"), ("time3", "{at:wechat}"),
        ("thing4", "点开看全文"),
    ),
    service=(
        ("thing1", "{title}"), ("time2", "{at:wechat}"), ("thing3", "{district}"),
        ("phrase4", "新通知"), ("thing5", "点开看全文"),
    ),
    sms="{sms}",
    values=NEWS.of(),
)  # fmt: skip

KINDS = (NOTICE,)
