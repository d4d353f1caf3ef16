"""State tables as diagrams, so that the docs show what the code does."""

from collections.abc import Mapping
from typing import Any

import appointments.rules
import notifications.rules
from backend.domains.catalog import rules as catalog_rules
from backend.domains.community import rules as community_rules
from backend.domains.content import rules as content_rules
from backend.domains.deliberation import rules as topic_rules
from backend.domains.deliberation import vote_rules
from backend.domains.dispatch import forwarded_rules
from backend.domains.dispatch import rules as dispatch_rules
from backend.domains.hotline import call_rules
from backend.domains.hotline import rules as hotline_rules
from backend.domains.identity import rules as identity_rules
from backend.domains.identity import staff_rules
from backend.domains.knowledge import rules as knowledge_rules
from backend.domains.messages import campaign_rules
from backend.domains.neighbourhood import care_rules, certificate_rules, party_rules
from backend.domains.neighbourhood import rules as activity_rules
from backend.domains.patrols import rules as patrol_rules
from notifications import template_rules

TABLES: dict[str, Mapping[tuple[Any, Any], Any]] = {
    "Appointment 预约": appointments.rules.TRANSITIONS,
    "Message 消息": notifications.rules.TRANSITIONS,
    "Message template 消息模板": template_rules.TEMPLATE_TRANSITIONS,
    "Campaign 群发通知": campaign_rules.TRANSITIONS,
    "Event 事件": dispatch_rules.EVENT_TRANSITIONS,
    "Subtask 子任务": dispatch_rules.SUBTASK_TRANSITIONS,
    "Whistle 吹哨": dispatch_rules.WHISTLE_TRANSITIONS,
    "Event request 挂账和撤销申请": dispatch_rules.REQUEST_TRANSITIONS,
    "Supervision order 督办": dispatch_rules.ORDER_TRANSITIONS,
    "Forwarded message 转来的消息": forwarded_rules.INTAKE_TRANSITIONS,
    "Ticket 工单": hotline_rules.TICKET_TRANSITIONS,
    "Ticket unit 承办单位": hotline_rules.UNIT_TRANSITIONS,
    "Ticket request 退单、延期、挂账和剔除申请": hotline_rules.REQUEST_TRANSITIONS,
    "Ticket order 工单督办": hotline_rules.ORDER_TRANSITIONS,
    "Call 电话": call_rules.CALL_TRANSITIONS,
    "Residence 住处": community_rules.RESIDENCE_TRANSITIONS,
    "Ownership transfer 过户": community_rules.TRANSFER_TRANSITIONS,
    "Proxy 委托投票": community_rules.PROXY_TRANSITIONS,
    "Topic 议题": topic_rules.TOPIC_TRANSITIONS,
    "Topic objection 议题异议": topic_rules.OBJECTION_TRANSITIONS,
    "Topic comment and statement 评论和观点": topic_rules.POST_TRANSITIONS,
    "Moderation case 内容处理": topic_rules.CASE_TRANSITIONS,
    "Vote 表决": vote_rules.VOTE_TRANSITIONS,
    "Paper ballot 纸质票": vote_rules.PAPER_TRANSITIONS,
    "Content check 内容检查": content_rules.CHECK_TRANSITIONS,
    "Patrol 巡查": patrol_rules.PATROL_TRANSITIONS,
    "Activity 社区活动": activity_rules.ACTIVITY_TRANSITIONS,
    "Activity sign-up 活动报名": activity_rules.SIGNUP_TRANSITIONS,
    "Wish 微心愿": care_rules.WISH_TRANSITIONS,
    "Help request 邻里互助": care_rules.HELP_TRANSITIONS,
    "Help offer 愿意帮忙": care_rules.OFFER_TRANSITIONS,
    "Party report 党员报到": party_rules.REPORT_TRANSITIONS,
    "Party post 岗位": party_rules.POST_TRANSITIONS,
    "Post claim 岗位认领": party_rules.CLAIM_TRANSITIONS,
    "Service certificate 服务证明": certificate_rules.CERTIFICATE_TRANSITIONS,
    "Item version 事项版本": catalog_rules.VERSION_TRANSITIONS,
    "Article version 知识版本": knowledge_rules.VERSION_TRANSITIONS,
    "Article 知识文章": knowledge_rules.ARTICLE_TRANSITIONS,
    "Correction 纠错": knowledge_rules.CORRECTION_TRANSITIONS,
    "Unanswered question 未答问题": knowledge_rules.MISS_TRANSITIONS,
    "Person 居民账号": identity_rules.PERSON_TRANSITIONS,
    "Staff account 工作人员账号": staff_rules.STAFF_TRANSITIONS,
}


def mermaid(table: Mapping[tuple[Any, Any], Any]) -> str:
    """A Mermaid state diagram; states without a way out lead to the end mark."""
    lines = ["stateDiagram-v2"]
    for (state, action), transition in table.items():
        limit = getattr(transition, "limit", None)
        lines.append(f"  {state} --> {transition.to}: {action}{f' ≤ {limit} min' if limit else ''}")
    leaving = {str(state) for state, _ in table}
    ends = {str(transition.to) for transition in table.values()} - leaving
    lines += [f"  {end} --> [*]" for end in sorted(ends)]
    return "\n".join(lines)


def page() -> str:
    """All tables as one Markdown page."""
    parts = ["# State machines", "Written by `python -m backend.cli diagrams`; do not edit."]
    for title, table in TABLES.items():
        parts.append(f"## {title}\n\n```mermaid\n{mermaid(table)}\n```")
    return "\n\n".join(parts) + "\n"
