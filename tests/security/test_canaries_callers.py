"""Planted callers who asked for confidence: who they are gets out nowhere, what they said nowhere else.

Every route that may be read is asked by every role of staff, by residents and by visitors, with
the tickets' ids and with the words themselves; bodies, lists, counts, exports and logs are looked
through. With a guard taken out the same sweep finds the words.
"""

import re
from collections.abc import Iterator

import pytest

from backend.domains.hotline import (
    access,
    callback,
    card_view,
    deciding,
    dispatching,
    handling,
    reviewing,
    taking,
)
from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import misses
from backend.kernel.ids import stable_id
from tests.people import Headers, sign_in_person, sign_in_staff
from tests.security.demo_world import DemoWorld
from tests.security.dispatch_cast import principal
from tests.security.sweeping import texts, worth_asking

SURNAME, PHONE, WORDS = "夔", "13800009753", "獬豸暗语怎么办"
NAME = f"{SURNAME}牛麟"
# Even masked they would tell whoever knows the person.
# The last four digits stand by themselves: random ids hold any four digits now and then, also
# as a whole group between two hyphens.
CALLER = tuple(map(re.compile, (SURNAME, PHONE, f"(?<![0-9A-Za-z-]){PHONE[-4:]}(?![0-9A-Za-z-])")))
CGJ, ZJJ, YUEHE = (
    stable_id("department", "cgj"), stable_id("department", "zjj"), stable_id("street", "yuehe"),
)  # fmt: skip
_SCOPES = {
    "hall": stable_id("hall", "yuehe"), "community": stable_id("area", "yuehe-01"),
    "department": ZJJ, "street": YUEHE, "district": None,
}  # fmt: skip
TICKETS = ("/api/v1/staff/tickets", "/api/v1/staff/tickets/<uuid:ticket_id>")
# The log of messages repeats a ticket's title to its readers, who read tickets too.
QUOTED = (*TICKETS, "/api/v1/staff/messages")
ASKED = ("/answers", "/articles", "/items", "/tickets", "/suggest", "/events", "/suggestions")


def _closed(world: DemoWorld, ticket_id) -> None:
    """Answered to the caller's content: what else would become a precedent."""
    services = world.services
    for name, step, *words in (
        ("gaobo", dispatching.sign),
        ("gaobo", handling.contact, "说好了"),
        ("gaobo", handling.submit_reply, f"查了{WORDS}", f"关于{WORDS}的答复"),
        ("liangjian", reviewing.pass_unit),
        ("maolin", reviewing.pass_centre),
    ):
        who = principal(services, name)
        with services.unit(who.actor) as uow:
            step(uow, who, ticket_id, *words)
    cai = principal(services, "caiyun")
    with services.unit(cai.actor) as uow:
        callback.call_back(uow, cai, ticket_id, True, solved=True, satisfied=True)


def _dispatched(world: DemoWorld):
    services = world.services
    han, sun = principal(services, "hanmei"), principal(services, "sunhao")
    with services.unit(han.actor) as uow:
        ticket_id = taking.take(
            uow,
            taking.NewTicket(
                kind="consult", source="phone", words=WORDS, category_code="street_lamp",
                caller_name=NAME, caller_phone=PHONE, confidential=True, operator_id=han.actor.id,
                address="月河街道", latitude=31.15, longitude=121.15,
            ),
        ).id  # fmt: skip
        deciding.accept(uow, han, ticket_id)
    with services.unit(sun.actor) as uow:
        dispatching.dispatch(uow, sun, ticket_id, CGJ)
    return ticket_id


@pytest.fixture
def planted(
    world: DemoWorld, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[DemoWorld, list, dict[str, Headers]]]:
    """One confidential ticket at work, one closed and praised; somebody of every role."""
    # What the sweep itself asks for would be listed as asked in vain.
    monkeypatch.setattr(misses, "noticed", lambda *args: None)
    with world.undone():
        tickets = [_dispatched(world), _dispatched(world)]
        _closed(world, tickets[1])
        services = world.services
        people = {"visitor": Headers(), "resident": sign_in_person(services),
                  "worker": world.people["worker"]}  # fmt: skip
        for name, role in ROLES.items():
            widest = role.scopes[-1]
            people[name] = sign_in_staff(services, (name, widest, _SCOPES[widest]))
        people["own_handler"] = sign_in_staff(services, ("department_handler", "department", CGJ))
        yield world, tickets, people


def sees_tickets(name: str) -> bool:
    """Whether tickets at cgj are this role's to see."""
    permissions = ROLES[name].permissions if name in ROLES else ()
    return name == "own_handler" or bool(set(permissions) & set(access.SEEING))


def sweep(
    world: DemoWorld, tickets, people, name: str, only: str = "/"
) -> Iterator[tuple[str, str, str]]:
    """Template, address and all that was answered, for every route that this one can read."""
    headers = people[name]
    days = "from=2026-11-01&to=2026-11-30"
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.endswith("/stream"):
            continue
        if not worth_asking(world.app, rule, name):
            continue
        if only not in rule.rule or not rule.rule.startswith(("/api/v1/", "/open311")):
            continue
        queries = [""]
        if "report" in rule.rule:
            queries = [f"?{days}", f"?{days}&group=category", f"?{days}&group=street"]
        elif rule.rule.endswith("/export"):
            queries = ["?format=jsonl", "?format=xlsx"]
        elif rule.rule.endswith(ASKED):
            queries += [f"?q={word}" for word in (WORDS, NAME, PHONE)]
        if rule.rule.endswith("/staff/answers"):
            queries += [f"?q={WORDS}&deep=true"]
        for ticket_id in tickets if "ticket_id" in rule.arguments else tickets[:1]:
            path = rule.rule
            for argument in rule.arguments:
                start = path.rindex("<", 0, path.index(f"{argument}>"))
                end = path.index(">", start) + 1
                value = ticket_id if argument == "ticket_id" else world.ids.get(argument, "x")
                path = f"{path[:start]}{value}{path[end:]}"
            for query in queries:
                world.services.redis.client.flushall()
                yield (
                    rule.rule,
                    path + query,
                    texts(world.client.get(path + query, headers=headers)),
                )


def test_who_asked_for_confidence_is_named_nowhere_and_quoted_only_to_who_may_read(
    planted, capsys
) -> None:
    world, tickets, people = planted
    wrong, tried = [], 0
    for name in people:
        for template, address, shown in sweep(world, tickets, people, name):
            tried += 1
            # What was asked for comes back in links and in what a refusal repeats.
            plain = shown.replace(address, "")
            for one in CALLER:
                if not one.search(address) and (found := one.search(plain)):
                    around = plain[max(0, found.start() - 60) : found.end() + 60]
                    wrong.append(f"{name} {address}: the caller in …{around}…")
            if WORDS in plain and not (sees_tickets(name) and template in QUOTED):
                wrong.append(f"{name} {address}: the words")
    assert tried > 500
    assert not wrong, "\n".join(wrong)
    logged = "".join(capsys.readouterr())
    assert not [word for word in (NAME, PHONE, WORDS) if word in logged]


def test_a_number_or_name_asked_for_finds_no_confidential_ticket(planted) -> None:
    """Counts tell nothing either: neither of who called nor, to the public, of what they said."""
    world, _, people = planted
    for word in (PHONE, NAME):
        found = world.client.get(f"{TICKETS[0]}?q={word}", headers=people["operator"]).get_json()
        assert found["items"] == []
    for who, root in (("visitor", "/api/v1/answers"), ("operator", "/api/v1/staff/answers")):
        found = world.client.get(f"{root}?q={WORDS}", headers=people[who]).get_json()
        assert WORDS not in str(found)
        assert "ticket" not in {one["kind"] for one in found["items"] if WORDS in one["title"]}


def test_the_sweep_finds_the_words_once_reach_is_not_asked_for(planted, monkeypatch) -> None:
    """The negative control: the planted words are there, only the guard keeps them in."""
    world, tickets, people = planted

    def leaks() -> set[str]:
        found = sweep(world, tickets, people, "department_head", "/staff/tickets")
        return {template for template, _, shown in found if WORDS in shown}

    assert leaks() == set()
    monkeypatch.setattr(access.Viewer, "reaches", True)
    monkeypatch.setattr(access, "visible", lambda by: None)
    assert leaks() == set(TICKETS)


def test_the_sweep_finds_the_caller_once_confidence_is_forgotten(planted, monkeypatch) -> None:
    world, tickets, people = planted

    def leaks() -> set[str]:
        found = sweep(world, tickets, people, "operator", "/staff/tickets")
        return {
            template for template, _, shown in found if any(one.search(shown) for one in CALLER)
        }

    def told(uow, row, person):
        name = row.caller_name_sealed
        return (uow.services.privacy.open(name) if name else "", None)

    assert leaks() == set()
    monkeypatch.setattr(card_view, "caller_of", told)
    assert leaks() == set(TICKETS)
