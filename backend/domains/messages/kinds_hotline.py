"""What is told about 12345 tickets and articles: to callers, to units, to editors."""

from datetime import timedelta

from backend.domains.messages import fields
from backend.domains.messages.samples import ARTICLE, TICKET, TICKET_WORK
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind
from notifications.rules import Priority

_ALL = (SUBSCRIBE, SERVICE, SMS)
_WECHAT = (SUBSCRIBE, SERVICE)
_LINK = "/tickets/{ticket_id}"
_PAGE = "packages/tickets/ticket?id={ticket_id}"

#: The key of the callers' subscribe template, with the title the consent page shows.
TEMPLATES = {"ticket": "诉求办理进度提醒"}


# `text` is title and body; `mark` is the state's phrase and the hint of a WeChat card.
def _caller(key: str, name: str, text: tuple[str, str], mark: tuple[str, str], *,
            ladder: tuple[str, ...] = (SERVICE,), sms: str = "",
            link: str = _LINK, page: str = _PAGE,
            priority: Priority = Priority.CHANGE) -> Kind:  # fmt: skip
    return Kind(
        key=key, name=name, topic="hotline", title=text[0], body=text[1],
        priority=priority,
        life=timedelta(days=7), ladder=ladder, link=link, page=page,
        template_key="ticket" if SUBSCRIBE in ladder else "",
        subscribe=fields.progress(*mark) if SUBSCRIBE in ladder else (),
        service=fields.service(*mark) if ladder else (), sms=sms,
        values=TICKET.of(*text, *mark, sms),
    )  # fmt: skip


# Tickets and articles are worked on at the console: a phone only tells.
def _staff(key: str, name: str, text: tuple[str, str], mark: tuple[str, str], *,
           ladder: tuple[str, ...] = _WECHAT, sms: str = "", life: float = 24,
           priority: Priority = Priority.REMINDER, digest: bool = False,
           topic: str = "work") -> Kind:  # fmt: skip
    group = ARTICLE if topic == "knowledge" else TICKET_WORK
    return Kind(
        key=key, name=name, topic=topic, title=text[0], body=text[1], priority=priority,
        life=timedelta(hours=life), ladder=ladder,
        template_key="task" if SUBSCRIBE in ladder else "",
        subscribe=fields.task(mark[1]) if SUBSCRIBE in ladder else (),
        service=fields.service(*mark, when="due") if ladder else (), sms=sms,
        may_repeat=True, patience=2, digest=digest, values=group.of(*text, *mark, sms),
    )  # fmt: skip


# Whoever called. A subscribe consent is good for one message: it is kept for the answer.
RECEIVED = _caller(
    "ticket_received", "诉求收到",
    ("收到了：{title}",
     "编号 {number}。{next_text}"),
    ("已收到", "有进展会告诉您"),
    ladder=(SMS,),
    sms="收到您的诉求，编号{number}。{next_text}查进展请拨打12345。",
)  # fmt: skip
ANSWERED = _caller(
    "ticket_answered", "诉求答复",
    ("有答复了：{title}",
     "{public_text}{article_text}"),
    ("已答复", "点开看答复"),
    ladder=_ALL,
    sms="您反映的{title}有答复了（编号{number}，可拨打12345问）：{public_text}{article_text}",
)  # fmt: skip
ENDED = _caller(
    "ticket_ended", "诉求结束",
    ("{ended_title}：{title}",
     "{ended_text}"),
    ("{ended_state}", "详情请点开看"),
    ladder=(SERVICE, SMS),
    sms="您反映的{title}{ended_title}：{ended_text}",
)  # fmt: skip
HANDED = _caller(
    "ticket_handed", "诉求转办",
    ("已转{unit_name}：{title}",
     "编号 {number}。{unit_name}会联系您，办好后再告诉您。"),
    ("已转办", "单位会联系您"),
    priority=Priority.CONFIRMATION,
)  # fmt: skip
MERGED = _caller(
    "ticket_merged", "诉求并案",
    ("和同一件事一起办：{title}",
     "别人也反映了这件事，合在一起办，结果同样会告诉您。"),
    ("一起办", "结果会告诉您"),
    ladder=(),
)  # fmt: skip
REDONE = _caller(
    "ticket_redone", "重新办理",
    ("重新办理：{title}",
     "这件事交{unit_name}重新办理，办好后再答复您。"),
    ("重新办理", "会再答复您"),
)  # fmt: skip
QUESTION_ANSWERED = _caller(
    "question_answered", "提问有答复",
    ("您问的有答复了：{title}",
     "{public_text}{article_text}"),
    ("已答复", "点开看答复"),
    ladder=_WECHAT,
    priority=Priority.CONFIRMATION,
    link="/questions/{ticket_id}",
    page="packages/ask/question?id={ticket_id}",
)  # fmt: skip

# Whoever works on a ticket.
DISPATCHED = _staff(
    "ticket_dispatched", "派单",
    ("{role_text}工单：{title}",
     "{number}，{place}。请{until}在工作台签收。"),
    ("待签收", "请{until}签收"),
    ladder=_ALL,
    sms="12345{role_text}工单{number}：{title}。请{until}在工作台签收。",
    priority=Priority.CALL,
)  # fmt: skip
URGED = _staff(
    "ticket_urged", "催办",
    ("来电人催办：{title}",
     "{number}的来电人又来催了。请尽快联系来电人，说明进展。"),
    ("催办", "请尽快联系来电人"),
    priority=Priority.CALL,
)  # fmt: skip
WARNED = _staff(
    "ticket_warned", "工单快到期",
    ("{clock_text}快到期：{title}",
     "{number}，{clock_text}的时限是{due}，请抓紧。"),
    ("快到期", "{clock_text}快到期，请抓紧"),
)  # fmt: skip
OVERDUE = _staff(
    "ticket_overdue", "工单超时",
    ("{clock_text}已超时：{title}",
     "{number}，{clock_text}的时限是{due}，已经过了，请马上处理或说明原因。"),
    ("已超时", "{clock_text}已超时"),
    priority=Priority.CALL,
)  # fmt: skip
ORDER = _staff(
    "ticket_order", "工单督办",
    ("督办：{title}",
     "{by_name}督办{number}，请{until}回复：{words}"),
    ("督办", "请{until}回复"),
    ladder=_ALL,
    sms="督办工单{number}：{title}。请{until}回复。{words}",
    priority=Priority.CALL,
)  # fmt: skip
TASK = _staff(
    "ticket_task", "工单待处理",
    ("{what}：{title}",
     "{number}。{words}"),
    ("待处理", "{what}"),
)  # fmt: skip
NEWS = _staff(
    "ticket_news", "工单动态",
    ("{what}：{title}",
     "{number}。{words}"),
    ("有动态", "{what}"),
    ladder=(),
    priority=Priority.NEWS,
)  # fmt: skip

# Whoever answers for an article.
REVIEW_DUE = _staff(
    "article_review_due", "知识待审核",
    ("请审核：{title}",
     "知识{number}待{step_text}，{by_name}提交。请在工作台审核。"),
    ("待审核", "请在工作台审核"),
    life=72,
    topic="knowledge",
)  # fmt: skip
RETURNED = _staff(
    "article_returned", "知识退回",
    ("知识退回修改：{title}",
     "{by_name}退回了{number}：{reason}。"),
    ("退回修改", "请修改后再提交"),
    life=72,
    topic="knowledge",
)  # fmt: skip
EXPIRING = _staff(
    "article_expiring", "知识快失效",
    ("还有{days}天失效：{title}",
     "知识{number}到{expires}失效。还适用请续期，不适用请下架。"),
    ("快失效", "请续期或下架"),
    life=72,
    digest=True,
    topic="knowledge",
)  # fmt: skip
ARTICLE_ENDED = _staff(
    "article_ended", "知识失效",
    ("知识{what}：{title}",
     "{words}"),
    ("{what}", "知识{what}"),
    life=72,
    digest=True,
    topic="knowledge",
)  # fmt: skip
CORRECTION = _staff(
    "article_correction", "知识纠错",
    ("有人纠错：{title}",
     "请{until}答复。{by_name}指出{number}：{words}"),
    ("待答复", "请{until}答复"),
    life=72,
    topic="knowledge",
)  # fmt: skip
CORRECTION_DUE = _staff(
    "article_correction_due", "纠错到期",
    ("纠错{due_text}：{title}",
     "对{number}的纠错{due_text}，请马上核对并答复。"),
    ("待答复", "请核对并答复"),
    topic="knowledge",
)  # fmt: skip
CORRECTION_ANSWERED = _staff(
    "article_correction_answered", "纠错答复",
    ("纠错{result}：{title}",
     "{words}"),
    ("已答复", "纠错{result}"),
    ladder=(),
    priority=Priority.NEWS,
    topic="knowledge",
)  # fmt: skip

KINDS = (
    RECEIVED, HANDED, MERGED, ANSWERED, ENDED, REDONE, QUESTION_ANSWERED,
    DISPATCHED, URGED, WARNED, OVERDUE, ORDER, TASK, NEWS,
    REVIEW_DUE, RETURNED, EXPIRING, ARTICLE_ENDED, CORRECTION, CORRECTION_DUE,
    CORRECTION_ANSWERED,
)  # fmt: skip

#: Calls upon a unit that no longer hold once it has answered, or the ticket ended.
PENDING = (DISPATCHED.key, URGED.key, WARNED.key, OVERDUE.key, TASK.key)
#: What a caller was told of the way, and an answer or the end says better.
ON_THE_WAY = (HANDED.key, REDONE.key)
