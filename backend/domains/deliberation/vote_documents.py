"""Pages to print: the certificate of a result, and what a lift vote hands over to the approval."""

import html
from typing import Any
from uuid import UUID

import segno
from flask import Response

from backend.domains.deliberation import vote_log, vote_rolls, vote_view
from backend.domains.deliberation.kind_rules import LIFT, WEIGHT_TEXT
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_ports import register_of, topics_of
from backend.domains.deliberation.vote_preparing import own
from backend.domains.deliberation.vote_staff_view import VIEW
from backend.kernel.access import Principal
from backend.kernel.clock import local, moment_text
from backend.kernel.errors import Conflict
from backend.kernel.uow import UnitOfWork

PATH = "/#/packages/council/result?id="
_STYLE = """
@page { size: A4; margin: 18mm }
body { font-family: "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
       color: #111; line-height: 1.7; max-width: 720px; margin: 0 auto; padding: 16px }
h1 { font-size: 28px; text-align: center } h2 { font-size: 18px; margin: 20px 0 6px }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #555; padding: 6px 10px; text-align: left }
.small { color: #444; font-size: 13px; overflow-wrap: anywhere; white-space: pre-wrap }
.sign { margin-top: 32px } svg { width: 120px; height: 120px }
"""
_said = html.escape


def certificate(uow: UnitOfWork, by: Principal, vote_id: UUID) -> Response:
    """The certificate of a published result; `Conflict` for one that does not count any more."""
    vote = own(uow, by, vote_id, VIEW)
    found = vote_view.result(uow, vote_id)
    if found["annulled"]:
        raise Conflict("vote_annulled", title="这次表决已经作废", detail="作废的结果不开证明")
    link = f"{uow.services.settings.public_url}{PATH}{vote.id}"
    note = vote_log.checkpoints(uow, vote.id)[-1].note
    parts = [
        f"<h1>表决结果证明</h1><p>{_said(vote.scope_text)} · 议题 {_said(vote.topic_number)}</p>",
        f"<h2>{_said(vote.title)}</h2><p><b>结果：{_said(found['outcome_text'])}</b></p>",
        _numbers(found),
        _rule(found),
        _times(vote),
        "<h2>核对</h2><p>扫码查看结果，下载全部材料，用核对程序重新计票。</p>",
        segno.make(link, error="m").svg_inline(border=4, omitsize=True),
        f'<pre class="small">{_said(note)}</pre>',
        '<p class="sign">社区（盖章）：＿＿＿＿＿＿＿＿　监票人：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿</p>',
    ]
    return _page("表决结果证明", "".join(parts))


def hand_over(uow: UnitOfWork, by: Principal, vote_id: UUID) -> Response:
    """The hand-over document of a lift that the owners of an entrance have passed.

    Not before the time to object is over and every owner whose own space is used has agreed.
    """
    vote = own(uow, by, vote_id, VIEW)
    if vote.kind != LIFT:
        raise Conflict("no_lift", title="这不是加装电梯的表决")
    found = vote_view.result(uow, vote_id)
    if not found["passed"] or found["annulled"]:
        raise Conflict("not_passed", title="表决没有通过，不能移交")
    if not topics_of(uow).settled(uow, vote.topic_id):
        raise Conflict(
            "not_settled", title="现在还不能移交",
            detail="要等公示期满、异议办完，协议和被占用业主的同意书都齐了",
        )  # fmt: skip
    building = register_of(uow).building(uow, vote_rolls.place_of(vote))
    needs = topics_of(uow).requirements(uow, vote.topic_id)
    rows = "".join(
        f"<tr><td>{_said(text)}</td><td>{'已备' if met else '未备'}</td><td>{_said(note)}</td></tr>"
        for text, met, note in needs
    )
    parts = [
        "<h1>加装电梯联合审批移交单</h1>",
        f"<p>{_said(vote.scope_text)} · {_said(building['name'])} · {building['storeys']} 层 · "
        f"{'已有电梯' if building['has_lift'] else '没有电梯'} · 议题 {_said(vote.topic_number)}</p>",
        f"<h2>{_said(vote.title)}</h2><p><b>业主表决：{_said(found['outcome_text'])}</b></p>",
        _numbers(found), _rule(found), _times(vote),
        "<h2>随附材料</h2><table><tr><th>材料</th><th>情况</th><th>说明</th></tr>",
        rows, "</table>",
        "<p>本单只移交业主表决的结果和材料，不代替审批。公示期已满，公示期内的异议已由街道办结。</p>",
        '<p class="sign">移交人：＿＿＿＿＿＿　接收人：＿＿＿＿＿＿　日期：＿＿＿＿＿＿</p>',
    ]  # fmt: skip
    return _page("加装电梯联合审批移交单", "".join(parts))


def _numbers(found: dict[str, Any]) -> str:
    """Heads and area side by side: quorum first, then each option."""
    record = found["record"]
    names = list(record["entitled"])
    head = "".join(f"<th>{WEIGHT_TEXT[name]}</th>" for name in names)
    rows = [("应参加", record["entitled"])]
    if record["taking_part"] is not None:
        rows.append(("实际参加", record["taking_part"]))
    # In the order of the ballot, whatever order the record keeps.
    counted = record.get("options", {})
    rows += [
        (one["text"], counted[one["code"]]) for one in found["options"] if one["code"] in counted
    ]
    body = "".join(
        f"<tr><td>{_said(label)}</td>"
        + "".join(f"<td>{_amount(name, values[name])}</td>" for name in names)
        + "</tr>"
        for label, values in rows
    )
    return f"<table><tr><th></th>{head}</tr>{body}</table>"


def _amount(name: str, number: int) -> str:
    if name == "area":
        return f"{number // 100}.{number % 100:02d} 平方米"
    return f"{number} 人"


def _rule(found: dict[str, Any]) -> str:
    rule = found["rule"]
    asked = [f"参与的{text}" for text in rule["quorum"]]
    asked += [f"同意的{text}" for text in rule["passing"]]
    lines = "".join(f"<li>{_said(text)}</li>" for text in asked)
    silence = "；未投票的计入多数" if rule["silence_with_majority"] else ""
    return (
        f"<h2>适用规则</h2><p>{_said(rule['name'])}（第 {rule['version']} 版）{silence}</p>"
        f"<ul>{lines}</ul><p>{_said(rule['basis'])}</p><p>{_said(rule['worth_text'])}</p>"
    )


def _times(vote: Vote) -> str:
    assert vote.opened_at and vote.closes_at and vote.counted_at
    year = local(vote.opened_at).year
    return (
        f"<p>{year}年：{moment_text(vote.opened_at)}开始，{moment_text(vote.closes_at)}截止，"
        f"{moment_text(vote.counted_at)}计票。</p>"
    )


def _page(title: str, body: str) -> Response:
    """A page that loads nothing and runs nothing."""
    sent = Response(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>",
        mimetype="text/html",
    )
    sent.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cache-Control"] = "private, no-store"
    return sent
