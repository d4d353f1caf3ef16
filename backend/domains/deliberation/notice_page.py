"""The notice of a topic as a page to print and hang up: what, under which rule, until when, a QR."""

import html
from typing import Any

import segno
from flask import Response

from backend.domains.community.service import Scope
from backend.domains.deliberation import drafting, kind_rules, moves, ports, rule_view, rules
from backend.domains.deliberation.topic_model import Topic
from backend.kernel.clock import moment_text
from backend.kernel.uow import UnitOfWork

PATH = "/#/packages/council/topic?id="
DOC: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "A page to print",
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
    }
}
_STYLE = """
@page { size: A4; margin: 18mm }
body { font-family: "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
       color: #111; line-height: 1.6; max-width: 720px; margin: 0 auto; padding: 16px }
h1 { font-size: 30px; margin: 0 0 4px } h2 { font-size: 18px; margin: 18px 0 4px }
.top { display: flex; justify-content: space-between; gap: 24px }
.top svg { width: 150px; height: 150px } .small { color: #444; font-size: 14px }
pre { white-space: pre-wrap; font: inherit; margin: 0 } li { margin: 2px 0 }
"""


def answer(uow: UnitOfWork, topic: Topic) -> Response:
    """The page; it loads nothing and runs nothing."""
    sent = Response(page(uow, topic), mimetype="text/html")
    sent.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


def page(uow: UnitOfWork, topic: Topic) -> str:
    """The page's HTML; every text in it is escaped."""
    preset = moves.preset_of(topic)
    rule = preset.vote(topic.turn)
    row = drafting.noticed(uow, topic) or drafting.latest(uow, topic.id)
    place = ports.scope_text(uow, Scope(topic.scope_kind, topic.scope_id))
    state = rules.STATE_TEXT[topic.state]
    if topic.stage_ends_at is not None:
        state += f"，到{moment_text(topic.stage_ends_at)}"
    said = html.escape
    lines = "".join(f"<li>{said(text)}</li>" for text in rule_view.thresholds(rule))
    asks = "".join(f"<li>{said(one.text)}</li>" for one in preset.requirements)
    draft = _draft(row.text, row.question, row.options) if row is not None else ""
    silence = _silence(topic)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{said(topic.title)}</title><style>{_STYLE}</style></head><body>"
        f'<div class="top"><div><p class="small">{said(place)} · {said(preset.name)} · '
        f"{said(topic.number)}</p><h1>{said(topic.title)}</h1><p><strong>{said(state)}</strong>"
        f'</p></div><div>{_code(uow, topic)}<p class="small">扫码看详情、提异议、投票</p></div></div>'
        f"<h2>说明</h2><pre>{said(topic.words)}</pre>{draft}"
        f"<h2>怎么算通过</h2><ul>{lines}{asks}</ul>{silence}"
        f'<p class="small">依据：{said(preset.basis)}</p>'
        f"<p><strong>{said(kind_rules.WORTH_TEXT[preset.worth])}</strong>："
        f"{said(preset.worth_text.split('：', 1)[-1])}</p></body></html>"
    )


def _draft(text: str, question: str, options: list[dict[str, Any]]) -> str:
    listed = "".join(f"<li>{html.escape(option['text'])}</li>" for option in options)
    return (
        f"<h2>方案</h2><pre>{html.escape(text)}</pre>"
        f"<h2>表决的问题</h2><p>{html.escape(question)}</p><ul>{listed}</ul>"
    )


def _silence(topic: Topic) -> str:
    if not topic.silence_with_majority:
        return "<p>没有投票的不算同意，也不算反对。</p>"
    return f"<p>没有投票的随多数计算。依据：{html.escape(topic.silence_basis)}</p>"


def _code(uow: UnitOfWork, topic: Topic) -> str:
    base = uow.services.settings.public_url.rstrip("/")
    if not base:
        return ""
    return segno.make(f"{base}{PATH}{topic.id}", error="m").svg_inline(border=4, omitsize=True)
