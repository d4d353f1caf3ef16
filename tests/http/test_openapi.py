"""The OpenAPI document tells what guards, keys and refusals each route has; the page needs nobody."""

import re

import pytest

from tests.http.probe import PREFIX


@pytest.fixture
def spec(api):
    return api.get("/api/openapi.json").get_json()


def test_the_document_is_openapi_31(spec) -> None:
    assert spec["openapi"] == "3.1.0"
    assert spec["info"]["version"] == "v1"


def test_guards_and_keys_are_told(spec) -> None:
    things = spec["paths"][f"{PREFIX}/things"]["post"]
    assert things["security"] == [{"resident": []}, {"resident_cookie": [], "csrf": []}]
    assert [one["name"] for one in things["parameters"]] == ["Idempotency-Key"]
    assert spec["paths"][f"{PREFIX}/desk"]["get"]["x-guard"] == "staff:queue.operate"
    assert "security" not in spec["paths"][f"{PREFIX}/open"]["get"]
    tokens = spec["paths"][f"{PREFIX}/tokens"]["post"]
    assert "Idempotency-Key" not in str(tokens.get("parameters"))


def test_every_operation_may_answer_with_a_problem(spec) -> None:
    for path in spec["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_bodies_refuse_what_is_not_listed_and_moments_have_a_format(spec) -> None:
    thing = spec["components"]["schemas"]["ProbeThing"]
    assert thing["additionalProperties"] is False
    assert thing["properties"]["at"]["format"] == "date-time"
    assert thing["properties"]["name"]["maxLength"] == 10


def test_answers_hold_every_field_and_bodies_say_which_are_needed(spec) -> None:
    schemas = spec["components"]["schemas"]
    assert schemas["ProbeFilePage"]["required"] == ["items", "next_cursor"]
    assert schemas["ProbeThing"]["required"] == ["name"]


def test_only_schemas_in_use_are_told(spec) -> None:
    assert "Problem" in spec["components"]["schemas"]
    assert not {"Error", "PaginationMetadata"} & set(spec["components"]["schemas"])
    assert "responses" not in spec["components"]


def test_nothing_in_an_address_is_null(spec) -> None:
    cursor, limit = spec["paths"][f"{PREFIX}/open"]["get"]["parameters"]
    assert cursor["schema"] == {"type": "string", "maxLength": 300}
    assert limit["schema"]["default"] == 20


def test_asking_twice_gives_the_same_document(api, spec) -> None:
    assert api.get("/api/openapi.json").get_json() == spec


def test_the_page_to_read_it_needs_no_foreign_host(api) -> None:
    answer = api.get("/api/")
    assert answer.content_type.startswith("text/html")
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", answer.get_data(as_text=True))
