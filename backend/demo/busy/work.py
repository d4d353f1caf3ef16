"""What the server really does for one request of an operator; every change is undone again."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from backend.demo import register, seed_hotline
from backend.demo.busy import hour
from backend.demo.seed_dispatch import Stage
from backend.domains.hotline import deciding, drafts, suggesting, taking
from backend.domains.knowledge import service as knowledge
from backend.domains.retrieval import service as retrieval
from backend.domains.retrieval.ports import INTERNAL
from backend.kernel.clock import FixedClock, local_date
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork


class _Undone(Exception):
    """Ends a unit of work without a trace of it."""


class Work:
    """Does and measures; `began` is the moment at which the simulated hour starts."""

    def __init__(self, services: Services, began: datetime, chance: random.Random) -> None:
        self._services, self._began, self._chance = services, began, chance
        self._words: list[str] = [row["words"] for row in seed_hotline.rows()]
        self._operator = Stage(services).staff("hanmei")
        self._staff_id = register.staff_id("hanmei")
        self._uses: dict[str, Callable[[UnitOfWork], Any]] = {
            hour.SEARCH: self._search, hour.SUGGEST: self._suggest, hour.DRAFT: self._draft,
            hour.SAVE: self._save, hour.ANSWER: self._answer,
        }  # fmt: skip

    def measure(self, kind: str, second: float) -> float:
        """Seconds the request takes, done at this second of the simulated hour."""
        clock = FixedClock(self._began + timedelta(seconds=second))
        services = replace(self._services, clock=clock)
        started = time.perf_counter()
        try:
            with services.unit(self._operator.actor) as uow:
                self._uses[kind](uow)
                uow.session.flush()
                raise _Undone
        except _Undone:
            return time.perf_counter() - started

    def _said(self) -> str:
        words = self._chance.choice(self._words)
        return words[: self._chance.randint(4, len(words))]

    def _search(self, uow: UnitOfWork) -> None:
        scope = retrieval.Scope(INTERNAL, local_date(uow.now))
        query = retrieval.Query(self._said(), scope)
        retrieval.search(uow.services, uow.session, query)

    def _suggest(self, uow: UnitOfWork) -> None:
        body = {"words": self._said(), "title": "", "number": "", "call_id": None}
        suggesting.suggest(uow, self._staff_id, body)

    def _draft(self, uow: UnitOfWork) -> None:
        drafts.save(uow, self._staff_id, "busy-hour", {"words": self._said()}, 0)

    def _new(self, uow: UnitOfWork) -> Any:
        new = taking.NewTicket(
            "request", "phone", self._said(), operator_id=self._staff_id,
            caller_name="来电人", caller_phone="13900000000",
        )  # fmt: skip
        return taking.take(uow, new).id

    def _save(self, uow: UnitOfWork) -> None:
        deciding.accept(uow, self._operator, self._new(uow))

    def _answer(self, uow: UnitOfWork) -> None:
        ticket_id = self._new(uow)
        article = knowledge.live(uow, knowledge.frequent(uow, 1)[0]["id"])
        deciding.answer(uow, self._operator, ticket_id, "按知识库答复", [article.version_id])
