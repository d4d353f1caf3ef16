"""The desk answers from the one knowledge base: found while typing, inserted, pinned, sent."""

import pytest

from backend.domains.catalog import service as catalog
from backend.domains.dispatch.settings_model import EventCategory
from tests import catalog_samples, knowledge_world

API = "/api/v1"
ARTICLE = {"title": "失业保险金怎么申领", "public_text": "缴费满一年，每月1500元。"}


def categories(services) -> None:
    with services.unit() as uow:
        uow.session.add_all(
            [
                EventCategory(code="people", name="民生", position=0),
                EventCategory(code="other", parent_code="people", name="其他"),
            ]
        )


@pytest.mark.requirement("000.40")
@pytest.mark.requirement("card.10")
def test_half_a_sentence_finds_the_article_and_the_ticket_keeps_its_version(
    services, client, sign_in_staff, sign_in_person
):
    base = knowledge_world.make(services)
    article = base.publish(**ARTICLE)
    categories(services)
    operator, resident = sign_in_staff(("operator", "district", None)), sign_in_person()
    (found,) = client.get(f"{API}/staff/answers?q=失业保险金怎", headers=operator).get_json()[
        "items"
    ]
    assert (found["id"], found["public_text"]) == (str(article), ARTICLE["public_text"])
    # The resident's own search finds the same, in the same app that their question is filed in.
    (own,) = client.get(f"{API}/answers?q=失业保险金").get_json()["items"]
    assert own["id"] == found["id"]
    asked = client.post(
        f"{API}/questions", headers=resident, json={"query": "失业金", "words": "我能领吗"}
    ).get_json()
    ticket = f"{API}/staff/tickets/{asked['id']}"
    body = {"public_text": found["public_text"], "version_ids": [found["version_id"]]}
    answered = client.post(f"{ticket}/answer", headers=operator, json=body)
    assert answered.status_code == 200, answered.get_json()
    # The article goes on; what the answer stands on stays.
    base.save(article, public_text="每月1600元。")
    base.publish(article)
    (pin,) = client.get(ticket, headers=operator).get_json()["pins"]
    assert (pin["kind"], pin["source_id"], pin["version_number"]) == ("article", str(article), 1)
    shown = client.get(f"{API}/questions/{asked['id']}", headers=resident).get_json()
    assert shown["answer"] == ARTICLE["public_text"]
    assert shown["sources"] == [{"kind": "article", "id": str(article), "title": ARTICLE["title"]}]


def test_a_service_item_alone_answers_and_its_version_stays_pinned(
    services, client, sign_in_staff, sign_in_person
):
    knowledge_world.make(services)
    categories(services)
    with services.unit() as uow:
        version = catalog_samples.published(uow)
        item, first = version.item_id, version.id
    operator, resident = sign_in_staff(("operator", "district", None)), sign_in_person()

    def found():
        query = f"{API}/staff/answers?q=社会保障卡挂失"
        (hit,) = client.get(query, headers=operator).get_json()["items"]
        return hit

    hit = found()
    assert (hit["kind"], hit["number"]) == ("item", "TEST-0001")
    assert (hit["version_id"], hit["version_number"]) == (str(first), 1)
    asked = client.post(
        f"{API}/questions", headers=resident, json={"words": "社保卡丢了怎么办"}
    ).get_json()
    ticket = f"{API}/staff/tickets/{asked['id']}"
    with services.unit() as uow:
        seen = catalog.etag(catalog.newest(uow, item))
        catalog.save_draft(uow, item, catalog_samples.sample(name="社会保障卡挂失与补领"), seen)
        second = catalog.publish(uow, item).id
        seen = catalog.etag(catalog.newest(uow, item))
        draft = catalog.save_draft(uow, item, catalog_samples.sample(summary="x"), seen).id
    body = {"public_text": hit["public_text"], "version_ids": [str(first)]}
    # Nobody answers from what has been replaced, nor from what is not published.
    late = client.post(f"{ticket}/answer", headers=operator, json=body)
    assert (late.status_code, late.get_json()["code"]) == (409, "article_changed")
    unknown = {**body, "version_ids": [str(draft)]}
    assert client.post(f"{ticket}/answer", headers=operator, json=unknown).status_code == 404
    body["version_ids"] = [found()["version_id"]]
    assert body["version_ids"] == [str(second)]
    answered = client.post(f"{ticket}/answer", headers=operator, json=body)
    assert answered.status_code == 200, answered.get_json()
    (pin,) = answered.get_json()["pins"]
    assert (pin["kind"], pin["source_id"], pin["version_number"]) == ("item", str(item), 2)
    shown = client.get(f"{API}/questions/{asked['id']}", headers=resident).get_json()
    assert shown["sources"] == [{"kind": "item", "id": str(item), "title": "社会保障卡挂失与补领"}]
    assert client.get(f"{API}/items/{item}").status_code == 200
