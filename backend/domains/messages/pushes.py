"""Taking in WeChat's pushes, and acting on them later in the worker."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from backend.domains.identity import service as identity
from backend.domains.messages import followers, rules, service, sms_reports
from backend.domains.messages.events import MediaChecked, ServiceMessageReceived
from backend.domains.messages.push_model import WeChatPush
from backend.integrations.wechat import PushCodec, PushRejected
from backend.integrations.wechat_push import parse
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import consent, receipts
from notifications.kinds import SERVICE, SUBSCRIBE

log = structlog.get_logger()
_RETRY = timedelta(minutes=1)
_MOST_FAILURES = 20
KEPT = timedelta(days=3)


def codecs(services: Services) -> dict[str, PushCodec]:
    """One codec an account; empty when the push is not set up."""
    wechat = services.settings.wechat
    if not wechat.push_token or not wechat.push_aes_key:
        return {}
    accounts = {"mini": wechat.app_id, "service": wechat.service_app_id}
    return {
        name: PushCodec(wechat.push_token, wechat.push_aes_key, app_id)
        for name, app_id in accounts.items()
        if app_id
    }


def open_push(
    services: Services, body: str, signature: str, timestamp: str, nonce: str
) -> tuple[str, dict[str, Any]]:
    """The account a push is for and its message.

    Raises ``PushRejected``: forged, foreign, stale (signed too long ago) or malformed.
    """
    envelope = parse(body)
    rejected = PushRejected("foreign")
    for account, codec in codecs(services).items():
        try:
            text = codec.decrypt(envelope, signature, timestamp, nonce)
        except PushRejected as error:
            if error.reason != "foreign":
                raise
            rejected = error
            continue
        if not rules.fresh(timestamp, services.clock.now()):
            raise PushRejected("stale")
        message = parse(text)
        if not rules.well_formed(message):
            raise PushRejected("malformed", "not a message")
        return account, message
    raise rejected


def store(
    uow: UnitOfWork, account: str, message: Mapping[str, Any], timestamp: str, nonce: str
) -> bool:
    """Keep a push for the worker; False when this very request was seen before (a replay).

    WeChat's own repetition, freshly signed, is taken and kept once.
    """
    nonce_key = hashlib.sha256(f"{timestamp}\n{nonce}".encode()).hexdigest()
    values = {
        "id": new_id(),
        "nonce_key": nonce_key,
        "event_key": rules.push_key(message),
        "account": account,
        "sealed": uow.services.privacy.seal(json.dumps(message)),
        "received_at": uow.now,
        "next_at": uow.now,
        "failures": 0,
        "last_error": "",
    }
    done = uow.session.scalar(
        insert(WeChatPush).values(values).on_conflict_do_nothing().returning(WeChatPush.id)
    )
    if done is not None:
        return True
    known = select(WeChatPush.id).where(WeChatPush.nonce_key == nonce_key)
    return uow.session.scalar(known) is None


def handle_stored(services: Services, limit: int = 50) -> int:
    """Act on stored pushes, each in a transaction of its own; how many."""
    done = 0
    while done < limit and _handle_one(services):
        done += 1
    return done


def purge(services: Services) -> None:
    """Forget pushes older than three days; a replay of one would be stale anyway."""
    with services.unit() as uow:
        uow.session.execute(delete(WeChatPush).where(WeChatPush.received_at < uow.now - KEPT))


def _handle_one(services: Services) -> bool:
    with services.unit() as uow:
        row = uow.session.scalars(
            select(WeChatPush)
            .where(WeChatPush.handled_at.is_(None), WeChatPush.next_at <= uow.now)
            .order_by(WeChatPush.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return False
        try:
            with uow.session.begin_nested():
                handle(uow, row.account, json.loads(services.privacy.open(row.sealed)), row.id)
            row.handled_at, row.sealed = uow.now, b""
        except Exception as error:
            # One push that cannot be handled must not hold up the others.
            log.exception("push not handled", push_id=str(row.id))
            row.failures += 1
            row.last_error = type(error).__name__
            row.next_at = uow.now + _RETRY * row.failures
            if row.failures >= _MOST_FAILURES:
                row.handled_at, row.sealed = uow.now, b""
    return True


def handle(uow: UnitOfWork, account: str, message: Mapping[str, Any], push_id: UUID) -> None:
    """Enter consents and receipts, pass on what a person wrote; other pushes change nothing."""
    event = message.get("Event")
    if message.get("MsgType") == sms_reports.STORED:
        sms_reports.enter(uow, account, message)
        return
    if account == "service":
        _of_service(uow, message)
        return
    if event == "wxa_media_check" and account == "mini":
        uow.emit(MediaChecked(*rules.media_answer(message)))
        return
    if account != "mini" or event not in _SUBSCRIBE_EVENTS:
        return
    if event == "subscribe_msg_sent_event":
        for item in rules.push_items(message):
            ok = item.get("ErrorCode") == "0"
            _receipt(
                uow,
                SUBSCRIBE,
                item.get("MsgID", ""),
                "success" if ok else item.get("ErrorStatus", "failed"),
            )
        return
    _consents(uow, event, message, push_id)


def _of_service(uow: UnitOfWork, message: Mapping[str, Any]) -> None:
    """What the service account tells: words, receipts, who follows it and who left."""
    event = message.get("Event")
    if message.get("MsgType") == "text":
        _written(uow, message)
    elif event == "TEMPLATESENDJOBFINISH":
        number = str(message.get("MsgID") or message.get("MsgId") or "")
        _receipt(uow, SERVICE, number, str(message.get("Status", "")))
    elif event in ("subscribe", "unsubscribe"):
        openid, moment = str(message["FromUserName"]), str(message["CreateTime"])
        followers.changed(uow, openid, moment, following=event == "subscribe")


_SUBSCRIBE_EVENTS = (
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
    "subscribe_msg_sent_event",
)


def _consents(uow: UnitOfWork, event: str, message: Mapping[str, Any], push_id: UUID) -> None:
    openid = str(message["FromUserName"])
    person = identity.person_by_channel(uow.services, uow.session, "mini_openid", openid)
    if person is None:
        return
    standing = service.long_term_ids(uow.services.settings)
    for number, item in enumerate(rules.push_items(message)):
        template = item.get("TemplateId", "")[:100]
        answer = rules.consent_answer(item.get("SubscribeStatusString", ""))
        key = f"push:{push_id}:{number}"
        if event == "subscribe_msg_popup_event" or (answer == "accept" and template in standing):
            consent.report(
                uow.session, uow.now, person, template, answer, source="push", event_key=key,
                long_term=template in standing,
            )  # fmt: skip
        elif answer == "reject":
            # Switched off in WeChat's settings: whatever was granted is gone.
            consent.exhaust(uow.session, uow.now, person, template, source="push", event_key=key)


def _written(uow: UnitOfWork, message: Mapping[str, Any]) -> None:
    openid = str(message["FromUserName"])
    person = identity.person_by_channel(uow.services, uow.session, "service_openid", openid)
    if person is not None:
        words, key = str(message.get("Content", ""))[:4000], str(message.get("MsgId", ""))[:60]
        uow.emit(ServiceMessageReceived(person, words, key))


def _receipt(uow: UnitOfWork, channel: str, number: str, status: str) -> None:
    if not number:
        return
    receipts.record(
        uow.session,
        uow.now,
        event_key=f"{channel}:{number}"[:120],
        channel=channel,
        provider_msgid=number[:80],
        ok=status == "success",
        text=status,
    )
