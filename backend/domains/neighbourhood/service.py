"""What other domains may ask of community life, and how it is told who belongs where."""

from backend.domains.neighbourhood.point_rules import hours_text
from backend.domains.neighbourhood.ports import Membership, register_membership

__all__ = ["Membership", "hours_text", "register_membership"]
