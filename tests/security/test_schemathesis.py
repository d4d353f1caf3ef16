"""Schemathesis over the whole API on the seeded district: no 5xx, and what the document says.

Each operation gets data that fits its schema and data that does not, from a resident or a
member of staff with every right (or from nobody), with ids that exist and ids that do not.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from tests.security.demo_world import DemoWorld
from tests.security.judge import faults

# The parts of the API page; together they hold every operation.
TAGS = (
    "accounts", "activities", "agent_consents", "answer_scripts", "api_keys", "appointments",
    "booking_limits", "calendars", "campaigns", "catalog", "catalog_staff", "config",
    "content_checks", "demo", "demo_hurrying", "event_intakes", "event_reports", "event_settings",
    "events", "grid", "grid_staff", "homes", "hotline_calls", "kiosks",
    "staff_kiosks", "staff_paper", "video", "hotline_figures", "identity",
    "message_health", "message_limits", "message_log", "message_templates", "messages",
    "neighbours", "patrols", "progress", "public_answers", "public_events", "public_hotline",
    "questions", "register_papers", "register_staff", "rosters", "shared_resources", "staff", "booking_fairness",
    "staff_activities", "staff_appointments", "staff_articles", "staff_events",
    "staff_events_live", "staff_hall", "staff_hooks", "staff_insight", "staff_knowledge",
    "staff_neighbours", "staff_patrols", "staff_rosters", "staff_supply", "staff_tickets", "staff_topics", "staff_votes",
    "ticket_actions", "ticket_limits", "tickets", "topic_talk", "topics", "visits", "votes",
    "waitlist", "workdays", "worker_events",
)  # fmt: skip
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
# LONG=1 looks twenty-five times as long.
EXAMPLES = 200 if os.environ.get("LONG") else 8
SETTINGS = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip


@pytest.fixture(scope="session")
def operations(world: DemoWorld) -> list[Any]:
    """Every operation of the document, bound to the application."""
    config = schemathesis.Config()
    # The sessions are ours: made-up cookies would only ever be turned away.
    config.projects.default.generation.with_security_parameters = False
    spec = world.client.get("/api/openapi.json").get_json()
    schema = schemathesis.openapi.from_dict(spec, config=config)
    schema.app = world.app
    return [found.ok() for found in schema.get_all_operations()]


def test_every_operation_has_a_part_of_the_page(operations: list[Any]) -> None:
    assert {tag for operation in operations for tag in operation.tags} == set(TAGS)
    assert all(len(operation.tags) == 1 for operation in operations)


@pytest.mark.parametrize("tag", TAGS)
def test_whatever_is_asked_the_answer_is_as_the_document_says(
    world: DemoWorld, operations: list[Any], tag: str
) -> None:
    found: dict[str, str] = {}
    for operation in operations:
        if tag in operation.tags:
            for case, wrong in _tried(world, operation):
                found.setdefault(f"{operation.label}: {wrong[:300]}", case.as_curl_command()[:500])
    assert not found, "\n".join(f"{wrong}\n    {how}" for wrong, how in found.items())


def _tried(world: DemoWorld, operation: Any) -> Iterator[tuple[Any, str]]:
    wrong: list[tuple[Any, str]] = []
    own = "staff" if "/staff/" in operation.path else "resident"
    own = "worker" if "/worker/" in operation.path else own
    own = "kiosk" if "/kiosk/" in operation.path else own
    callers = st.sampled_from([own, own, own, "nobody"])
    # With nothing but a path, data that does not fit is an address of something else or of nothing.
    fits_only = not any((*operation.query, *operation.headers, *operation.cookies, *operation.body))
    for mode in [GenerationMode.POSITIVE] if fits_only else GenerationMode:

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode), deep=st.booleans(), who=callers)
        def attempt(case: Any, deep: bool, who: str) -> None:
            if deep:
                _point_at_what_exists(case, world.ids)
            wrong.extend((case, fault) for fault in _faults(world, operation, case, who))

        try:
            attempt()
        except Unsatisfiable:
            # Nothing can be wrong about a call without parameters and body.
            assert mode is GenerationMode.NEGATIVE
    yield from wrong


def _faults(world: DemoWorld, operation: Any, case: Any, who: str) -> list[str]:
    with world.undone():
        headers = dict(world.people.get(who, {}))
        cookie = headers.pop("Cookie", "")
        answer = case.call(headers=headers, cookies=dict([cookie.split("=", 1)] if cookie else []))
    wrong = faults(answer)
    if not wrong and answer.status_code < 400:
        if str(answer.status_code) not in operation.definition.raw["responses"]:
            wrong.append(f"{answer.status_code} is not in the document")
        try:
            case.validate_response(answer, checks=CHECKS)
        except BaseExceptionGroup as errors:
            wrong += [str(error) for error in errors.exceptions]
        except AssertionError as error:
            wrong.append(str(error))
    return wrong


def _point_at_what_exists(case: Any, ids: dict[str, Any]) -> None:
    """Let the call get past 'no such thing', where the interesting code is."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: _plain(ids[name]) for name in part if name in ids})


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)
