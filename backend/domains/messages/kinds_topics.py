"""What is told about topics: to neighbours who follow them, to authors, to community and street."""

from datetime import timedelta

from backend.domains.messages.samples import TOPIC
from notifications.kinds import SERVICE, SUBSCRIBE, Fields, Kind
from notifications.rules import Priority

_LINK = "/topics/{topic_id}"
_PAGE = "packages/council/topic?id={topic_id}"

#: The key of the subscribe template, with the title the consent page shows.
TEMPLATES = {"council": "议事投票提醒"}


def _service(state: str, hint: str) -> Fields:
    """The service account's one template: matter, time, place, state, hint."""
    return (
        ("thing1", "{title}"),
        ("time2", "{at:wechat}"),
        ("thing3", "{place}"),
        ("phrase4", state),
        ("thing5", hint),
    )


def _subscribe(state: str, hint: str) -> Fields:
    """The subscribe template: matter, community, state, hint."""
    return (("thing1", "{title}"), ("thing2", "{place}"), ("phrase3", state), ("thing4", hint))


# Where `mark` (a phrase and a hint) is given WeChat tells it too.
def _kind(key: str, name: str, text: tuple[str, str], mark: tuple[str, str] | None = None, *,
          life: float = 72, priority: Priority = Priority.CONFIRMATION,
          digest: bool = False) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, topic="council", title=text[0], body=text[1], priority=priority,
        life=timedelta(hours=life), ladder=(SUBSCRIBE, SERVICE) if mark else (), link=_LINK, page=_PAGE,
        template_key="council" if mark else "", subscribe=_subscribe(*mark) if mark else (),
        service=_service(*mark) if mark else (), may_repeat=True, digest=digest,
        values=TOPIC.of(*text, *(mark or ())),
    )  # fmt: skip


PUBLIC = _kind(
    "topic_public", "议题公开",
    ("邻居能看到了：{title}",
     "编号 {number}，还要{needed}人联名，到{until_text}。可以把议题分享给邻居。"),
)  # fmt: skip
STAGE = _kind(
    "topic_stage", "议题进展",
    ("{state_text}：{title}", "{place}：{words}"),
    ("{state_text}", "点开看详情"),
)  # fmt: skip
ENDED = _kind(
    "topic_ended", "议题结束",
    ("{state_text}：{title}", "{place}，编号 {number}。{reason}"),
    ("{state_text}", "点开看详情"),
    digest=True,
)  # fmt: skip
PROGRESS = _kind(
    "topic_progress", "落实反馈",
    ("落实到{percent}%：{title}", "{text}"),
    ("有进展", "点开看照片"),
    digest=True,
)  # fmt: skip
OBJECTION = _kind(
    "topic_objection", "异议处理",
    ("您的异议{result}：{title}", "{reason}"),
    ("异议有结果", "点开看说明"),
    priority=Priority.CHANGE,
)  # fmt: skip
POST = _kind(
    "topic_post", "内容检查",
    ("您的{what}{result_text}：{title}", "{words}"),
)  # fmt: skip
ANSWERED = _kind(
    "topic_answered", "社区答复",
    ("社区答复了您：{title}", "{words}"),
    ("有答复", "点开看答复"),
)  # fmt: skip
TASK = Kind(
    key="topic_task", name="议题待处理", topic="work",
    title="{what}：{title}", body="{place}，{number}。{words}",
    priority=Priority.REMINDER, life=timedelta(hours=48), ladder=(SERVICE,),
    service=_service("待处理", "{what}"), may_repeat=True, values=TOPIC.of("{what}{words}"),
)  # fmt: skip

KINDS = (PUBLIC, STAGE, ENDED, PROGRESS, OBJECTION, POST, ANSWERED, TASK)
