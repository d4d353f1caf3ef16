"""Papers of the register for tests: pictures, transfers asked for and decided, what was heard."""

import io

from PIL import Image

from backend.domains.community import attachments, claiming, events, rules, transfers
from backend.kernel.access import Actor
from backend.kernel.services import Services
from tests.community_world import Estate, estate, worker

SOLD = (
    events.RoomTransferred, events.TransferDecided, events.ProxyChanged, events.HomeDecided,
)  # fmt: skip


def listening(services: Services) -> Estate:
    """An estate that keeps what was told in `heard`."""
    made = estate(services)
    for kind in SOLD:
        services.events.subscribe(kind, lambda uow, event: made.heard.append(event))
    return made


def heard(stage, kind):
    return [event for event in stage.heard if isinstance(event, kind)]


def picture(stage, person_id, kind="person"):
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(body, "PNG")
    body.seek(0)
    with stage.unit(Actor(kind, person_id)) as uow:
        return attachments.upload(uow, body, attachments.RESIDENT_FILES)["id"]


def ask(stage, person_id, home_id, *owners, with_me=False):
    wish = transfers.Wish(owners, with_me, "", (picture(stage, person_id),))
    with stage.unit(Actor("person", person_id)) as uow:
        return transfers.request(uow, person_id, home_id, wish).id


def decide(stage, transfer_id, by=None, reason=None):
    by = by or worker()
    with stage.unit(by.actor) as uow:
        if reason is None:
            transfers.confirm(uow, by, transfer_id)
        else:
            transfers.refuse(uow, by, transfer_id, reason)


def home_of(stage, person_id, states=rules.RESIDENCE_STATES):
    with stage.unit() as uow:
        return claiming.own_rows(uow, person_id, states)[0]


def sold(stage, buyer, label="1-1-101"):
    """The buyer claims, sends papers, staff confirm; answers the buyer's person."""
    person = stage.person(buyer)
    home = stage.claim(person, label)
    decide(stage, ask(stage, person, home, with_me=True))
    return person
