"""The desk answers from the one knowledge base: found while typing, inserted, pinned, sent."""

import pytest

from backend.domains.dispatch.settings_model import EventCategory
from tests import knowledge_world

API = "/api/v1"
ARTICLE = {"title": "失业保险金怎么申领", "public_text": "缴费满一年，每月1500元。"}


@pytest.mark.requirement("000.40")
@pytest.mark.requirement("card.10")
def test_half_a_sentence_finds_the_article_and_the_ticket_keeps_its_version(
    services, client, sign_in_staff, sign_in_person
):
    base = knowledge_world.make(services)
    article = base.publish(**ARTICLE)
    with services.unit() as uow:
        uow.session.add_all(
            [
                EventCategory(code="people", name="民生", position=0),
                EventCategory(code="other", parent_code="people", name="其他"),
            ]
        )
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
    assert (pin["article_id"], pin["version_number"]) == (str(article), 1)
    shown = client.get(f"{API}/questions/{asked['id']}", headers=resident).get_json()
    assert shown["answer"] == ARTICLE["public_text"]
    assert shown["articles"] == [{"id": str(article), "title": ARTICLE["title"]}]
