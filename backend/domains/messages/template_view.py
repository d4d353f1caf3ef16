"""How kinds of message and the versions of their words are shown to staff."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from backend.domains.identity import service as identity
from backend.domains.messages import registered, rules, template_texts
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.registered import Account
from backend.domains.messages.topics import TOPICS
from backend.kernel.uow import UnitOfWork
from notifications import checking, templates
from notifications.control_model import MessageTemplate
from notifications.kinds import Kind, Value, printable
from notifications.templates import applied


def overview(uow: UnitOfWork, *, fresh: bool = False) -> dict[str, Any]:
    """All kinds by topic, with how they are told now and what is wrong with their templates."""
    known = registered.accounts(uow.services, fresh=fresh)
    in_use = templates.in_use(uow.session)
    drafts = templates.drafts(uow.session)
    order = list(TOPICS)
    kinds = sorted(KINDS, key=lambda kind: (order.index(kind.topic), kind.priority))
    items = []
    for kind in kinds:
        now, version = in_use.of(kind)
        cards = registered.of_kind(uow.services, kind, known)
        problems = [
            text
            for texts in checking.refused(checking.check(now, cards)).values()
            for text in texts
        ]
        if version == 0 and kind.key in in_use:
            problems.append("改过的文字用到了已经没有的内容，现在按自带的文字发，请重新编辑")
        items.append(
            {**facts(kind), "ladder": list(now.ladder), "ladder_texts": ladder_texts(now),
             "version": version or None, "has_draft": kind.key in drafts, "problems": problems}
        )  # fmt: skip
    moments = [account.read_at for account in known.values() if account.read_at]
    return {
        "items": items,
        "account_problems": registered.problems(uow.services, known),
        "read_at": min(moments) if moments else None,
    }


def detail(
    uow: UnitOfWork, kind: Kind, rows: list[MessageTemplate], known: Mapping[str, Account]
) -> dict[str, Any]:
    """One kind with all versions of its words."""
    cards = registered.of_kind(uow.services, kind, known)
    people = identity.staff_cards(uow, _people(rows))
    names = {key: card.name for key, card in people.items()}
    versions = [_version(kind, row, names) for row in rows]
    return {
        **facts(kind),
        "ladder": list(kind.ladder),
        "ladder_texts": ladder_texts(kind),
        "values": [_value(value) for value in kind.values],
        "builtin": template_texts.written(kind),
        "versions": versions,
        "cards": {
            "subscribe": _card(cards["subscribe"]) if kind.template_key else None,
            "service": _card(cards["service"]),
        },
        "can_subscribe": bool(kind.template_key),
        "account_problems": [one.problem for one in known.values() if one.problem],
        "etag": etag(rows),
    }


def etag(rows: Iterable[MessageTemplate]) -> str:
    """Names the state of a kind's versions."""
    return "-".join(f"{row.version}{row.state[0]}" for row in rows) or "0"


def facts(kind: Kind) -> dict[str, Any]:
    """What a kind is, apart from its words."""
    return {
        "key": kind.key,
        "name": kind.name,
        "topic": kind.topic,
        "topic_text": TOPICS[kind.topic],
        "priority": int(kind.priority),
        "priority_text": rules.PRIORITY_TEXT[kind.priority],
        "life_minutes": int(kind.life.total_seconds() // 60),
        "digest": kind.digest,
        "may_repeat": kind.may_repeat,
    }


def ladder_texts(kind: Kind) -> list[str]:
    """The channels in their order, the inbox first."""
    return [rules.CHANNEL_TEXT[name] for name in ("inbox", *kind.ladder)]


def staff_id(uow: UnitOfWork) -> UUID:
    """Who is at work; only staff get here."""
    if uow.actor.id is None:
        raise LookupError("nobody is signed in")
    return uow.actor.id


def _people(rows: Iterable[MessageTemplate]) -> set[UUID]:
    return {one for row in rows for one in (row.created_by, row.activated_by) if one}


def _version(kind: Kind, row: MessageTemplate, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "state_text": rules.TEMPLATE_STATE_TEXT[row.state],
        "note": row.note,
        "texts": template_texts.written(applied(kind, row.texts)),
        "created_at": row.created_at,
        "created_by": names.get(row.created_by, "已离岗人员"),
        "activated_at": row.activated_at,
        "activated_by": names.get(row.activated_by, "已离岗人员") if row.activated_by else "",
    }


def _value(value: Value) -> dict[str, Any]:
    shown = printable({"short": value.short, "long": value.long})
    return {
        "name": value.name,
        "moment": value.is_moment,
        "short": format(shown["short"], ""),
        "long": format(shown["long"], ""),
    }


def _card(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "title": found.title,
        "long_term": found.long_term,
        "fields": [
            {"key": one.key, "label": one.label or one.key, "choices": list(one.choices)}
            for one in found.fields
        ],
    }
