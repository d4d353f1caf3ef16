"""What other domains may ask of the hotline."""

from backend.domains.hotline.clock_rules import KIND_TEXT as CLOCK_TEXT
from backend.domains.hotline.linking import link_event
from backend.domains.hotline.phones import phone_of
from backend.domains.hotline.ports import Article, Articles, register_articles
from backend.domains.hotline.rules import REQUEST_KIND_TEXT, URGENCY_TEXT
from backend.domains.hotline.rules import STATE_TEXT as TICKET_STATE_TEXT
from backend.domains.hotline.taking import NewTicket, take

__all__ = [
    "CLOCK_TEXT",
    "REQUEST_KIND_TEXT",
    "TICKET_STATE_TEXT",
    "URGENCY_TEXT",
    "Article",
    "Articles",
    "NewTicket",
    "link_event",
    "phone_of",
    "register_articles",
    "take",
]
