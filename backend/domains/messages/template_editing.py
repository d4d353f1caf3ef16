"""What staff do with the words of messages: look, try, keep a draft, use it, go back."""

from collections.abc import Mapping
from typing import Any

from backend.domains.messages import previews, registered, template_texts, template_view
from backend.domains.messages.kinds import KINDS
from backend.kernel import trace
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.ids import stable_id
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork
from notifications import checking, templates
from notifications.checking import Finding
from notifications.control_model import MessageTemplate
from notifications.kinds import STAFF_HOOK, Kind
from notifications.templates import applied

VIEW, EDIT = "messages.view", "messages.manage"


def show(uow: UnitOfWork, key: str, *, fresh: bool = False) -> dict[str, Any]:
    """A kind with its words, all their versions, and the fields WeChat knows; its ETag."""
    kind = _kind(key)
    known = registered.accounts(uow.services, fresh=fresh)
    return template_view.detail(uow, kind, templates.listed(uow.session, key), known)


def try_out(uow: UnitOfWork, key: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """What the words would look like, shortest and longest, and what is wrong with them."""
    kind = _kind(key)
    made = applied(kind, template_texts.kept(kind, texts))
    cards = _cards(uow, kind)
    found = _findings(kind, made, cards)
    drawn = template_texts.drawable(made)
    sign = uow.services.settings.sms.sign
    return {
        **{
            which: previews.preview(
                drawn, checking.sample(drawn, which), sign=sign, registered=cards
            )
            for which in ("short", "long")
        },
        "problems": checking.refused(found),
        "warnings": _told(found),
    }


def save_draft(
    uow: UnitOfWork, key: str, texts: Mapping[str, Any], note: str, if_match: str | None
) -> dict[str, Any]:
    """Keep the words as a new draft; `Invalid` names every field that cannot be sent. Traced.

    `Stale` when somebody has changed the kind's words since they were read.
    """
    kind = _kind(key)
    cards = _cards(uow, kind)
    rows = _held(uow, key, if_match)
    kept = templates.difference(kind, template_texts.kept(kind, texts))
    if not kept:
        words = "和自带的文字一样，没有要存的改动"
        raise Invalid("nothing_changed", detail=words, action="要用自带的文字，请点「恢复自带」")
    made = applied(kind, kept)
    _refuse(_findings(kind, made, cards))
    before = next((row for row in rows if row.state in ("draft", "active")), None)
    was = applied(kind, before.texts) if before else kind
    row = templates.draft(
        uow.session, uow.now, key, kept, note=note, by=template_view.staff_id(uow)
    )
    changes = template_texts.difference_text(
        template_texts.written(was), template_texts.written(made)
    )
    _trace(uow, kind, "draft", f"第{row.version}版草稿。{changes}", (None, "draft"))
    return show(uow, key)


def activate(uow: UnitOfWork, key: str, version: int, if_match: str | None) -> dict[str, Any]:
    """Use a draft from now on. It is checked again: WeChat's templates may have changed. Traced."""
    kind = _kind(key)
    cards = _cards(uow, kind)
    row = _find(_held(uow, key, if_match), version)
    if row.state != "draft":
        raise Conflict("not_a_draft", detail="这一版不是草稿", action="请以它为底稿另存一版")
    _refuse(_findings(kind, applied(kind, row.texts), cards))
    templates.activate(uow.session, uow.now, row, template_view.staff_id(uow))
    _trace(uow, kind, "activate", f"启用第{version}版", ("draft", "active"))
    return show(uow, key)


def discard(uow: UnitOfWork, key: str, if_match: str | None) -> dict[str, Any]:
    """Throw the draft away. Traced."""
    kind = _kind(key)
    row = _in_state(_held(uow, key, if_match), "draft", "没有草稿")
    templates.retire(uow.session, row, "discard")
    _trace(uow, kind, "discard", f"丢弃第{row.version}版草稿", ("draft", "retired"))
    return show(uow, key)


def reset(uow: UnitOfWork, key: str, if_match: str | None) -> dict[str, Any]:
    """Use the built-in words again. Traced."""
    kind = _kind(key)
    row = _in_state(_held(uow, key, if_match), "active", "现在用的就是自带的文字")
    templates.retire(uow.session, row, "reset")
    _trace(uow, kind, "reset", f"停用第{row.version}版，恢复自带的文字", ("active", "retired"))
    return show(uow, key)


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise NotFound("message_kind_not_found", action="请返回消息模板刷新")
    return KINDS[key]


def _cards(uow: UnitOfWork, kind: Kind) -> dict[str, Any]:
    return registered.of_kind(uow.services, kind, registered.accounts(uow.services))


def _held(uow: UnitOfWork, key: str, if_match: str | None) -> list[MessageTemplate]:
    rows = templates.hold(uow.session, key)
    seen = (if_match or "").strip().removeprefix("W/").strip('"')
    if seen != template_view.etag(rows):
        raise Stale("stale", detail="别人刚改过这种消息的文字", action="请刷新后再改")
    return rows


def _find(rows: list[MessageTemplate], version: int) -> MessageTemplate:
    found = next((row for row in rows if row.version == version), None)
    if found is None:
        raise NotFound("version_not_found", action="请刷新后再试")
    return found


def _in_state(rows: list[MessageTemplate], state: str, otherwise: str) -> MessageTemplate:
    found = next((row for row in rows if row.state == state), None)
    if found is None:
        raise Conflict("nothing_to_end", detail=otherwise, action="请刷新后再看")
    return found


def _findings(kind: Kind, made: Kind, cards: dict[str, Any]) -> list[Finding]:
    found = checking.check(made, cards)
    if STAFF_HOOK in set(made.ladder) - set(kind.ladder):
        text = "发送方式：这种消息是发给个人的，不能改发工作群"
        found.append(Finding("ladder", text))
    return found


def _refuse(findings: list[Finding]) -> None:
    if problems := checking.refused(findings):
        text = next(iter(problems.values()))[0]
        raise Invalid("template_unfit", detail=text, action="改好再保存", fields=problems)


def _told(findings: list[Finding]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for one in findings:
        if not one.stops:
            made.setdefault(one.field, []).append(one.text)
    return made


def _trace(
    uow: UnitOfWork, kind: Kind, action: str, text: str, way: tuple[str | None, str]
) -> None:
    trace.record(
        uow,
        subject=Subject("message_template", stable_id("message_template", kind.key)),
        action=action,
        from_state=way[0],
        to_state=way[1],
        internal_text=f"{kind.name}：{text}",
    )
