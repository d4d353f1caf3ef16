"""Photos of tickets: sent with them or added, seen by whoever may see the ticket, and by nobody else."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from backend.domains.hotline import own_data
from backend.domains.hotline.model import TicketFile
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.kernel.files import StoredFile
from backend.kernel.ids import new_id
from tests.hotline_api import HotlineApi, make_api
from tests.hotline_world import CGJ


@pytest.fixture
def api(services, client) -> HotlineApi:
    return make_api(services, client)


def file(api: HotlineApi, who: str = "zhao", **changes):
    body = {"kind": "complaint", "words": "路灯坏了", **changes}
    return api.ok("POST /tickets", who, body)


def bytes_of(api: HotlineApi, who: str, url: str) -> tuple[int, bytes]:
    answer = api.client.get(url, headers=api.headers(who))
    return answer.status_code, answer.get_data()


def test_a_photo_sent_with_a_ticket_is_the_callers_and_the_desks(api: HotlineApi) -> None:
    photo = api.photo("zhao")
    ticket = file(api, file_ids=[photo, photo], confidential=True)
    (own,) = ticket["files"]
    assert own["id"] == photo
    (seen,) = api.ok(f"GET /staff/tickets/{ticket['id']}", "desk:han")["files"]
    assert seen["id"] == photo
    for who, url in (("zhao", own["url"]), ("desk:han", seen["url"])):
        status, body = bytes_of(api, who, url)
        assert (status, Image.open(io.BytesIO(body)).format) == (200, "JPEG")
    small = bytes_of(api, "zhao", own["small_url"])[1]
    assert max(Image.open(io.BytesIO(small)).size) <= 320


def test_who_may_not_see_the_ticket_does_not_see_its_photos(api: HotlineApi) -> None:
    ticket = file(api, file_ids=[api.photo("zhao")])
    mine = ticket["files"][0]["url"]
    staff = mine.replace("/tickets/", "/staff/tickets/")
    # gao's unit has not got it yet; tang's never will.
    for who, url, status in (
        ("li", mine, 404), ("nobody", mine, 401), ("nobody", staff, 401),
        ("desk:gao", staff, 404), ("desk:tang", staff, 404),
    ):  # fmt: skip
        assert bytes_of(api, who, url)[0] == status, (who, url)
    api.act("han", ticket, "accept")
    api.act("sun", ticket, "dispatch", {"lead_id": str(CGJ)})
    assert bytes_of(api, "desk:gao", staff)[0] == 200
    assert bytes_of(api, "desk:tang", staff)[0] == 404
    # One's own ticket opens no door to another's photo.
    other = file(api, "li")
    assert (
        bytes_of(api, "li", f"/api/v1/tickets/{other['id']}/files/{ticket['files'][0]['id']}")[0]
        == 404
    )


def test_only_photos_that_one_has_uploaded_can_be_named(api: HotlineApi) -> None:
    ticket = file(api)
    strange, own = api.photo("li"), api.photo("zhao")
    for who, what, body in (
        ("zhao", "POST /tickets", {"kind": "complaint", "words": "x", "file_ids": [strange]}),
        ("zhao", "POST /tickets", {"kind": "complaint", "words": "x", "file_ids": [str(new_id())]}),
        ("zhao", f"POST /tickets/{ticket['id']}/notes", {"words": "x", "file_ids": [own, strange]}),
        ("desk:han", "POST /staff/tickets", {"kind": "complaint", "words": "x", "file_ids": [own]}),
        (
            "desk:han",
            f"POST /staff/tickets/{ticket['id']}/notes",
            {"words": "x", "file_ids": [own]},
        ),
        ("zhao", "POST /tickets", {"kind": "complaint", "words": "x", "file_ids": [own] * 10}),
    ):
        status, answer = api.ask(what, who, body)
        assert (status, list(answer["errors"])) == (422, ["file_ids"]), what
    assert api.ok(f"GET /tickets/{ticket['id']}", "zhao")["files"] == []


def test_notes_add_photos_and_a_colleagues_stay_inside(api: HotlineApi) -> None:
    ticket = file(api, file_ids=[api.photo("zhao")])
    path = f"/tickets/{ticket['id']}"
    told = api.ok(f"POST {path}/notes", "zhao", {"words": "还在", "file_ids": [api.photo("zhao")]})
    assert len(told["files"]) == 2
    inside = api.photo("desk:han")
    shown = api.act("han", ticket, "notes", {"words": "现场照片", "file_ids": [inside]})
    assert len(shown["files"]) == 3
    assert len(api.ok(f"GET {path}", "zhao")["files"]) == 2
    assert bytes_of(api, "zhao", f"/api/v1{path}/files/{inside}")[0] == 404
    assert bytes_of(api, "desk:han", f"/api/v1/staff{path}/files/{inside}")[0] == 200


def test_an_operator_takes_a_ticket_down_with_photos(api: HotlineApi) -> None:
    ticket = api.new(file_ids=[api.photo("desk:han")])
    assert len(ticket["files"]) == 1


def test_photos_go_with_the_account(api: HotlineApi, services) -> None:
    ticket = file(api, file_ids=[api.photo("zhao")])
    inside = api.photo("desk:han")
    api.act("han", ticket, "notes", {"words": "现场", "file_ids": [inside]})
    source, target = api.headers("zhao").id, new_id()
    with services.unit() as uow:
        own_data.move(uow, PersonMerged(source_id=source, target_id=target))
        by = set(uow.session.scalars(select(TicketFile.by)))
        assert target in by and source not in by
        own_data.move(uow, PersonMerged(source_id=target, target_id=source))
        own_data.forget(uow, PersonClosed(person_id=source))
        assert {str(one) for one in uow.session.scalars(select(TicketFile.file_id))} == {inside}
        assert uow.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_photos_go_along_when_a_ticket_becomes_an_event_for_those_who_may_see_it(
    api: HotlineApi, sign_in_staff
) -> None:
    first, second = api.photo("zhao"), api.photo("desk:han")
    ticket = file(api, file_ids=[first], confidential=True)
    more = {"words": "补一张", "file_ids": [second]}
    api.ok(f"POST /staff/tickets/{ticket['id']}/notes", "desk:han", more)
    (event,) = api.act("han", ticket, "events")["links"]["events"]
    api.known["desk:street"] = sign_in_staff(("dispatcher", "district", None))
    photos = api.ok(f"GET /staff/events/{event['id']}", "desk:street")["photos"]
    assert {one["id"] for one in photos} == {first, second}
    for photo in photos:
        assert bytes_of(api, "desk:street", photo["url"])[0] == 200
        # Neither a unit without a part in it, nor a stranger, nor the public.
        assert bytes_of(api, "desk:gao", photo["url"])[0] == 404
        assert bytes_of(api, "nobody", photo["url"])[0] == 401
        public = photo["url"].replace("/staff/", "/public/")
        assert bytes_of(api, "nobody", public)[0] == 404
