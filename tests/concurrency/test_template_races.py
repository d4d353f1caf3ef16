"""Many at once change the words of one message: one is kept, the others are told to look again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select

from backend.domains.messages import template_editing as editing
from backend.domains.messages.kinds import KINDS
from backend.domains.messages.template_texts import written
from backend.kernel.access import Actor
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.services import Services
from notifications.control_model import MessageTemplate

KEY = "appointment_booked"
AT_ONCE = 8


def together(services: Services, act: Any) -> Counter[str]:
    gate = Barrier(AT_ONCE)

    def run(number: int) -> str:
        gate.wait(timeout=30)
        try:
            with services.unit(Actor("staff", new_id(), f"s{number}")) as uow:
                act(uow, number)
        except DomainError as refused:
            return refused.code
        return "kept"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, range(AT_ONCE)))


def test_of_many_who_saw_the_same_words_one_changes_them(live_services: Services) -> None:
    texts = written(KINDS[KEY])

    def draft(uow: Any, number: int) -> None:
        editing.save_draft(uow, KEY, {**texts, "title": f"第{number}个：{{事项}}"}, "", "0")

    assert together(live_services, draft) == {"kept": 1, "stale": AT_ONCE - 1}

    def use(uow: Any, _: int) -> None:
        editing.activate(uow, KEY, 1, "1d")

    assert together(live_services, use) == {"kept": 1, "stale": AT_ONCE - 1}
    with live_services.unit() as uow:
        states = list(uow.session.scalars(select(MessageTemplate.state)))
    assert states == ["active"]
