"""What other domains may ask of dispatch: call in, hand over, and learn what anybody may know."""

from backend.domains.dispatch.attachments import PHOTO, shown_files
from backend.domains.dispatch.categories import Kind
from backend.domains.dispatch.categories import chosen as chosen_category
from backend.domains.dispatch.categories import leaves as category_leaves
from backend.domains.dispatch.categories import read as category
from backend.domains.dispatch.categories import suggested as suggested_category
from backend.domains.dispatch.clock_rules import KIND_TEXT as CLOCK_TEXT
from backend.domains.dispatch.emergency_rules import guidance, urgency_of
from backend.domains.dispatch.for_hotline import (
    EventBrief,
    category_codes,
    category_names,
    danger,
    event_briefs,
    event_by_number,
    events_alike,
    events_near,
    events_of_person,
    suggested_kinds,
    ticket_tied,
)
from backend.domains.dispatch.intake import NewCall, call
from backend.domains.dispatch.intakes import (
    ForwardedMessage,
    event_of,
    forwarded_message,
    message_ticketed,
    receive,
)
from backend.domains.dispatch.ports import TicketWish, register_tickets
from backend.domains.dispatch.published import PublishedEvent
from backend.domains.dispatch.published import categories as published_categories
from backend.domains.dispatch.published import events as published_events
from backend.domains.dispatch.rules import REQUEST_KIND_TEXT, URGENCY_TEXT, URGENT

__all__ = [
    "CLOCK_TEXT",
    "PHOTO",
    "REQUEST_KIND_TEXT",
    "URGENCY_TEXT",
    "URGENT",
    "EventBrief",
    "ForwardedMessage",
    "Kind",
    "NewCall",
    "PublishedEvent",
    "TicketWish",
    "call",
    "category",
    "category_codes",
    "category_leaves",
    "category_names",
    "chosen_category",
    "danger",
    "event_briefs",
    "event_by_number",
    "event_of",
    "events_alike",
    "events_near",
    "events_of_person",
    "forwarded_message",
    "guidance",
    "message_ticketed",
    "published_categories",
    "published_events",
    "receive",
    "register_tickets",
    "shown_files",
    "suggested_category",
    "suggested_kinds",
    "ticket_tied",
    "urgency_of",
]
