"""A ticket's words for everybody: names that a dictionary or the ticket knows, and all numbers, go."""

import re

import rjieba

from backend.domains.hotline.model import Ticket
from backend.domains.hotline.scrub_rules import scrub
from backend.domains.identity import service as identity
from backend.kernel.uow import UnitOfWork

_HAN = re.compile(r"[\u3400-\u9fff]{2,4}")


def scrubbed(uow: UnitOfWork, ticket: Ticket, text: str) -> str:
    """`text` of the ticket without the caller's name, names of people, and numbers."""
    names = {*caller_names(uow, ticket), *people_in(text)}
    return scrub(text, names)


def caller_names(uow: UnitOfWork, ticket: Ticket) -> list[str]:
    """Under which names the caller may stand in the words: as told, and as registered."""
    found = []
    if ticket.caller_name_sealed:
        found.append(uow.services.privacy.open(ticket.caller_name_sealed))
    if ticket.person_id:
        card = identity.person_cards(uow, {ticket.person_id}).get(ticket.person_id)
        found += [card.name] if card else []
    return found


def people_in(text: str) -> set[str]:
    """What the dictionary takes for names of people, two to four characters long."""
    return {word for word, tag in rjieba.tag(text) if tag.startswith("nr") and _HAN.fullmatch(word)}
