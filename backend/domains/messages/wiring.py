"""Puts the clients, the channels and the engine together."""

import os
import secrets
import socket

from flask_smorest import Blueprint

from backend.config import Settings
from backend.domains.identity import service as identity
from backend.domains.messages import (
    address_book,
    dispatch_handlers,
    handlers,
    hotline_handlers,
    knowledge_handlers,
    lifecycle,
    neighbourhood_handlers,
    pushes,
    register_handlers,
    routes,
    service,
    staff_routes,
    topic_handlers,
)
from backend.domains.messages.providers import SmsSender, WeChatGateway
from backend.integrations.sms import HttpSmsProvider
from backend.integrations.wechat import WeChatServer
from backend.kernel.services import Services
from notifications.channels.base import Channel
from notifications.channels.sms import SmsChannel
from notifications.channels.wechat import ServiceChannel, SubscribeChannel
from notifications.delivery import Delivery
from notifications.kinds import SERVICE, SMS, SUBSCRIBE
from notifications.rules import NIGHT

_THREADS = 4


def wire(services: Services) -> None:
    """Fill `services.wechat`, `.sms` and `.delivery`, and listen to the other domains."""
    settings = services.settings
    services.wechat = _account(services, settings.wechat.app_id, settings.wechat.app_secret)
    service_account = _account(
        services, settings.wechat.service_app_id, settings.wechat.service_app_secret
    )
    services.sms = _sms(settings)
    gateway = WeChatGateway(services.wechat, service_account, page_state=settings.wechat.page_state)
    channels: dict[str, Channel] = {
        SUBSCRIBE: SubscribeChannel(gateway, service.template_ids(settings)),
        SERVICE: ServiceChannel(gateway, settings.wechat.service_template),
    }
    if services.sms is not None:
        channels[SMS] = SmsChannel(SmsSender(services.sms))
    engine = Delivery(
        services.db.transaction,
        services.clock.now,
        lambda session, key: address_book.addresses(services, session, key),
        channels,
        owner=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80],
        night=NIGHT if settings.quiet_hours else None,
        threads=1 if settings.environment == "test" else _THREADS,
    )
    services.delivery = Loop(services, engine)
    services.extensions.setdefault("config_parts", {})["subscribe_templates"] = (
        service.subscribe_templates
    )
    handlers.subscribe(services.events)
    dispatch_handlers.subscribe(services.events)
    hotline_handlers.subscribe(services.events)
    knowledge_handlers.subscribe(services.events)
    neighbourhood_handlers.subscribe(services.events)
    register_handlers.subscribe(services.events)
    topic_handlers.subscribe(services.events)
    lifecycle.subscribe(services.events)
    services.upkeep.add("wechat pushes", 3600, pushes.purge)
    identity.register_exporter("messages", lifecycle.export)


class Loop:
    """The worker's loop body: first what came in, then what is to go out."""

    def __init__(self, services: Services, engine: Delivery) -> None:
        self._services = services
        self.engine = engine

    def run_once(self) -> int:
        """Handle stored pushes, then send what is due; how many were touched."""
        return pushes.handle_stored(self._services) + self.engine.run_once()


def blueprints() -> list[Blueprint]:
    """The routes below /api/v1."""
    return [routes.bp, staff_routes.bp]


def _account(services: Services, app_id: str, app_secret: str) -> WeChatServer | None:
    if not app_id or not app_secret:
        return None
    return WeChatServer(
        app_id, app_secret, redis=services.redis, api_base=services.settings.wechat.api_base
    )


def _sms(settings: Settings) -> HttpSmsProvider | None:
    if not settings.sms.api_url:
        return None
    return HttpSmsProvider(
        settings.sms.api_url,
        settings.sms.api_key,
        settings.sms.api_secret,
        sign=settings.sms.sign,
    )
