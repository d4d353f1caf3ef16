"""What other domains may ask of deliberation."""

from backend.domains.deliberation.reach import open_topics, query_followers
from backend.domains.deliberation.rules import STATE_TEXT as TOPIC_STATE_TEXT

__all__ = ["TOPIC_STATE_TEXT", "open_topics", "query_followers"]
