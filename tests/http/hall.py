"""People and a hall for tests of the appointments API."""

import pytest

from tests.appointments_api import CARD, Place, fake_items, place
from tests.conftest import body

API = "/api/v1"
# Settings of a hall that are put in place as a whole.
SETTINGS = ("/schedules", "/paces", "/release", "/queue-rules")


@pytest.fixture
def spot(services, monkeypatch) -> Place:
    fake_items(monkeypatch)
    return place(services)


@pytest.fixture
def resident(sign_in_person) -> dict[str, str]:
    return sign_in_person()


@pytest.fixture
def clerk(sign_in_staff, spot) -> dict[str, str]:
    return sign_in_staff(("clerk", "hall", spot.hall))


@pytest.fixture
def manager(sign_in_staff, spot) -> dict[str, str]:
    return sign_in_staff(("hall_manager", "hall", spot.hall))


@pytest.fixture
def call(client):
    """`call("POST /appointments", headers, **json) -> (status, body)`."""

    def run(what: str, headers: dict[str, str], json: object = None, **extra: str):
        method, _, path = what.partition(" ")
        if method == "PUT" and path.endswith(SETTINGS) and "If-Match" not in extra:
            # As the console does: what is changed has been read.
            read = client.get(API + path, headers=headers)
            extra["If-Match"] = read.headers.get("ETag", '"none"')
        answer = client.open(API + path, method=method, headers={**headers, **extra}, json=json)
        return answer.status_code, body(answer)

    return run


@pytest.fixture
def booked(call, spot, resident):
    def run(hour: int = 9, item=CARD, headers=None) -> dict:
        slot = str(spot.slot(hour, group=item.group_code))
        status, shown = call(
            "POST /appointments", headers or resident, {"slot_id": slot, "item_id": str(item.id)}
        )
        assert status == 201, shown
        return shown

    return run
