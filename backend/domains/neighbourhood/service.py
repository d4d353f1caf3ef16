"""What other domains may ask of community life, and how it is told who belongs where."""

from backend.domains.neighbourhood.point_rules import hours_text
from backend.domains.neighbourhood.ports import Membership, register_membership
from backend.domains.neighbourhood.reach import coming_activities, query_signed_up

__all__ = [
    "Membership",
    "coming_activities",
    "hours_text",
    "query_signed_up",
    "register_membership",
]
