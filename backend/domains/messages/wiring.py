"""Puts the clients, the channels and the engine together."""

import os
import secrets
import socket

from flask_smorest import Blueprint

from backend.config import SmsAccount
from backend.domains.identity import service as identity
from backend.domains.messages import (
    address_book,
    campaign_routes,
    campaign_running,
    consent_handlers,
    dispatch_handlers,
    followers,
    handlers,
    health_routes,
    hook_routes,
    hotline_handlers,
    knowledge_handlers,
    lifecycle,
    limit_routes,
    neighbourhood_handlers,
    pushes,
    register_handlers,
    registered,
    room_handlers,
    routes,
    service,
    staff_routes,
    template_routes,
    topic_handlers,
    waiting_handlers,
)
from backend.domains.messages.hook_gateway import StaffHookGateway
from backend.domains.messages.kinds import DIGEST, KINDS
from backend.domains.messages.providers import SmsSender, WeChatGateway
from backend.integrations.sms import HttpSmsProvider, SmsProvider
from backend.integrations.sms_form import FormSmsProvider
from backend.integrations.sms_pool import SmsPool
from backend.integrations.wechat import WeChatServer
from backend.kernel.services import Services
from notifications import limits, receipts, templates, weights
from notifications.buckets import Buckets
from notifications.channels.base import Channel
from notifications.channels.sms import SmsChannel
from notifications.channels.staff_hook import StaffHookChannel
from notifications.channels.wechat import ServiceChannel, SubscribeChannel
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, STAFF_HOOK, SUBSCRIBE
from notifications.limits import FRESH, Limits
from notifications.rules import NIGHT, day_of
from notifications.weight_rules import EVERY, pick
from notifications.weights import Weights

# Seconds between two looks at the campaigns, and at receipts without a message.
_CAMPAIGNS, _RECEIPTS = 1.0, 20.0
#: Calls under way at once: enough for 400 a second where WeChat takes 80 ms to answer. As many are
#: in doubt when the process is killed.
_THREADS = 32


def wire(services: Services) -> None:
    """Fill `services.wechat`, `.sms` and `.delivery`, and listen to the other domains."""
    settings = services.settings
    services.wechat = _account(services, settings.wechat.app_id, settings.wechat.app_secret)
    service_account = _account(
        services, settings.wechat.service_app_id, settings.wechat.service_app_secret
    )
    services.extensions["wechat_accounts"] = {"mini": services.wechat, "service": service_account}
    services.sms = pool = _sms(services)
    gateway = WeChatGateway(services.wechat, service_account, page_state=settings.wechat.page_state)
    pushed = bool(pushes.codecs(services))
    channels: dict[str, Channel] = {
        SUBSCRIBE: SubscribeChannel(gateway, service.template_ids(settings), reports=pushed),
        SERVICE: ServiceChannel(
            gateway,
            settings.wechat.service_template,
            reports=pushed,
            drops=settings.wechat.service_drops_repeats,
        ),
        STAFF_HOOK: StaffHookChannel(StaffHookGateway(settings)),
    }
    if pool is not None:
        channels[SMS] = SmsChannel(SmsSender(pool), pool.weights, reports=settings.sms.reports)
        services.upkeep.add("shares of SMS providers", EVERY.total_seconds(), _judge)
    buckets = Buckets(services.redis, settings.wechat.app_id)
    services.extensions["message_buckets"] = buckets
    engine = Delivery(
        services.db.transaction,
        services.clock.now,
        lambda session, keys: address_book.addresses_of(services, session, keys),
        channels,
        owner=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80],
        night=NIGHT if settings.quiet_hours else None,
        threads=1 if settings.environment == "test" else _THREADS,
        limits=Limits(
            buckets,
            exempt=lambda kind: _topic_of(kind) == "work",
            fresh=0 if settings.environment == "test" else FRESH,
        ),
        digest=DIGEST,
        topic_of=_topic_of,
    )
    services.delivery = Loop(services, engine)
    services.extensions.setdefault("config_parts", {})["subscribe_templates"] = (
        service.subscribe_templates
    )
    handlers.subscribe(services.events)
    consent_handlers.subscribe(services.events)
    dispatch_handlers.subscribe(services.events)
    hotline_handlers.subscribe(services.events)
    knowledge_handlers.subscribe(services.events)
    neighbourhood_handlers.subscribe(services.events)
    register_handlers.subscribe(services.events)
    room_handlers.subscribe(services.events)
    topic_handlers.subscribe(services.events)
    waiting_handlers.subscribe(services.events)
    lifecycle.subscribe(services.events)
    followers.subscribe(services.events)
    services.upkeep.add("service followers", followers.EVERY_SECONDS, followers.resolve)
    services.upkeep.add("followers who left", 3600, followers.purge)
    services.upkeep.add("wechat pushes", 3600, pushes.purge)
    services.upkeep.add("wechat templates", 3600, registered.refresh)
    templates.forget()
    services.upkeep.add("unheard messages", 600, lambda services: engine.unheard())
    services.upkeep.add("receipts that missed their messages", _RECEIPTS, _link_receipts)
    services.upkeep.add("message day counts", 3600, _forget_counts)
    services.upkeep.add("campaigns", _CAMPAIGNS, campaign_running.run)
    identity.register_exporter("messages", lifecycle.export)


def _topic_of(kind: str) -> str:
    return KINDS[kind].topic if kind in KINDS else ""


def _link_receipts(services: Services) -> None:
    with services.unit() as uow:
        receipts.link(uow.session, uow.now)


def _forget_counts(services: Services) -> None:
    with services.unit() as uow:
        limits.forget(uow.session, day_of(uow.now))


class Loop:
    """The worker's loop body: first what came in, then what is to go out."""

    def __init__(self, services: Services, engine: Delivery) -> None:
        self._services = services
        self.engine = engine

    def run_once(self) -> int:
        """Handle stored pushes, then send what is due; how many were touched."""
        return pushes.handle_stored(self._services) + self.engine.run_once()

    def finish(self) -> None:
        """Let calls under way end, and write down what they came to."""
        self.engine.finish()


def blueprints() -> list[Blueprint]:
    """The routes below /api/v1."""
    return [
        routes.bp, staff_routes.bp, health_routes.bp, limit_routes.bp, template_routes.bp,
        hook_routes.bp, campaign_routes.bp,
    ]  # fmt: skip


def _account(services: Services, app_id: str, app_secret: str) -> WeChatServer | None:
    if not app_id or not app_secret:
        return None
    return WeChatServer(
        app_id, app_secret, redis=services.redis, api_base=services.settings.wechat.api_base
    )


def _sms(services: Services) -> SmsPool | None:
    accounts = services.settings.sms.accounts
    if not accounts:
        return None
    wanted = {one.name: one.weight for one in accounts}
    shares = Weights(services.db.transaction, SMS, wanted)
    sign = services.settings.sms.sign
    return SmsPool([_provider(one, sign) for one in accounts], shares, pick)


def _provider(account: SmsAccount, sign: str) -> SmsProvider:
    dialects: dict[str, type[HttpSmsProvider] | type[FormSmsProvider]] = {
        "json": HttpSmsProvider,
        "form": FormSmsProvider,
    }
    return dialects[account.dialect](
        account.api_url, account.api_key, account.api_secret, sign=sign, name=account.name
    )


def _judge(services: Services) -> None:
    """Move the shares of the SMS providers by what they did; one worker at a time."""
    wanted = {one.name: one.weight for one in services.settings.sms.accounts}
    with services.unit() as uow:
        weights.ensure(uow.session, uow.now, SMS, wanted)
        weights.judge(uow.session, uow.now, SMS)
