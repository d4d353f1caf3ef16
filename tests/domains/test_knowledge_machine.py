"""Whoever tries whatever and whenever: refused without a trace, or one step of the tables.

Hypothesis drives one article with a clock of its own. After every step at most one version is
live and one in the making, nobody passed their own, no version is ever lost, and what residents
find and read is exactly what is public and holds today.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from backend.domains.knowledge import editing, living, reading, reviewing, rules, store
from backend.domains.retrieval import live
from backend.domains.retrieval import service as retrieval
from backend.kernel import trace
from backend.kernel.clock import local_date
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.knowledge_world import STAFF, make

REFUSALS = (Conflict, Forbidden, Invalid, NotFound, Stale)
who = st.one_of(
    st.sampled_from(("author", "author", "author2", "head", "head", "head2", "centre", "centre")),
    st.sampled_from(tuple(STAFF)),
)
EDITORS = {"author", "author2", "head", "head2"}
DEPARTMENT, CENTRE = {"head", "head2"}, {"centre", "centre2"}


class Machine(RuleBasedStateMachine):
    """One article and everybody."""

    services: Any

    @initialize(internal=st.booleans(), days=st.sampled_from((None, 3, 40)))
    def begin(self, internal: bool, days: int | None) -> None:
        self.base = make(self.services)
        end = None if days is None else self.today + timedelta(days=days)
        audience = "internal" if internal else "public"
        self.id = self.base.write(expires_on=end, audience=audience)
        self.numbers: dict[int, Any] = {}

    @property
    def today(self) -> date:
        return local_date(self.services.clock.now())

    def entries(self) -> int:
        with self.services.unit() as uow:
            return len(trace.entries(uow.session, store.subject(self.id)))

    def attempt(self, name: str, right: bool, use: Any, *args: Any, **more: Any) -> bool:
        """Try it; whoever must not, does not, and a refusal leaves nothing behind."""
        before = (self.entries(), self.base.article(self.id).version)
        try:
            self.base.act(name, use, self.id, *args, **more)
        except REFUSALS:
            assert (self.entries(), self.base.article(self.id).version) == before
            return False
        assert right, f"{name} must not do this"
        assert self.entries() > before[0]
        return True

    @rule(name=who, words=st.sampled_from(("甲", "乙", "丙")), stale=st.booleans())
    def save(self, name: str, words: str, stale: bool) -> None:
        version = self.base.article(self.id).version - (1 if stale else 0)
        draft = editing.Draft({"summary": words})
        right = name in EDITORS and not stale
        self.attempt(name, right, editing.save, draft, str(version))

    @rule(name=who)
    def submit(self, name: str) -> None:
        self.attempt(name, name in EDITORS, reviewing.submit)

    @rule(name=who)
    def approve(self, name: str) -> None:
        version = self.opened()
        right = version is not None and self.may_review(name, version)
        self.attempt(name, right, reviewing.approve)

    @rule()
    def walk(self) -> None:
        for name, use in (("author", reviewing.submit), ("head", reviewing.approve),
                          ("head2", reviewing.approve), ("centre", reviewing.approve)):  # fmt: skip
            right = True
            if use is reviewing.approve:
                version = self.opened()
                right = version is not None and self.may_review(name, version)
            self.attempt(name, right, use)

    @rule(name=who)
    def send_back(self, name: str) -> None:
        version = self.opened()
        right = version is not None and self.may_review(name, version)
        self.attempt(name, right, reviewing.send_back, "请改")

    @rule(name=who)
    def recall(self, name: str) -> None:
        self.attempt(name, name in EDITORS, reviewing.recall)

    @rule(name=who)
    def discard(self, name: str) -> None:
        self.attempt(name, name in EDITORS, editing.discard, None)

    @rule(name=who)
    def withdraw(self, name: str) -> None:
        self.attempt(name, name in DEPARTMENT | CENTRE, living.withdraw, "有误")

    @rule(name=who, days=st.sampled_from((-1, 2, 60)))
    def renew(self, name: str, days: int) -> None:
        day = self.today + timedelta(days=days)
        right = name in DEPARTMENT and days >= 0
        self.attempt(name, right, living.renew, expires_on=day)

    @rule(name=who, sure=st.integers(0, 3))
    def archive(self, name: str, sure: int) -> None:
        if sure == 3:
            right = name in EDITORS | CENTRE
            self.attempt(name, right, living.archive)

    @rule(name=st.sampled_from(("author", "head")), days=st.sampled_from((None, 2, 30)))
    def later(self, name: str, days: int | None) -> None:
        begin = None if days is None else self.today + timedelta(days=days)
        tag = editing.etag(self.base.article(self.id))
        draft = editing.Draft({"effective_on": begin, "expires_on": None})
        self.attempt(name, True, editing.save, draft, tag)

    @rule(days=st.sampled_from((1, 3, 35)))
    def wait(self, days: int) -> None:
        self.services.clock.advance(timedelta(days=days))
        self.services.timers.fire_due(self.services)

    def opened(self) -> Any:
        return next((one for one in self.versions() if one.state in rules.OPEN_VERSIONS), None)

    def versions(self) -> list[Any]:
        return self.base.versions(self.id)

    def may_review(self, name: str, version: Any) -> bool:
        person = self.base.people[name].actor.id
        if person in version.writer_ids:
            return False
        return name in (DEPARTMENT if version.state == "department_review" else CENTRE)

    @invariant()
    def one_live_one_open_and_none_lost(self) -> None:
        found = self.versions()
        assert sorted(one.number for one in found) == list(range(1, len(found) + 1))
        assert sum(one.state == "published" for one in found) <= 1
        assert sum(one.state in rules.OPEN_VERSIONS for one in found) <= 1
        for one in found:
            known = self.numbers.get(one.number)
            if known is not None:
                assert known == one.public_text + one.summary, "what was live never changes"
            if one.state in ("published", "superseded"):
                self.numbers[one.number] = one.public_text + one.summary
                three = {*one.writer_ids, one.department_reviewer_id, one.centre_reviewer_id}
                assert len(three) == len(one.writer_ids) + 2

    @invariant()
    def residents_find_and_read_what_is_public_and_holds(self) -> None:
        article = self.base.article(self.id)
        shown = next((one for one in self.versions() if one.state == "published"), None)
        over = shown is not None and rules.expired(shown.expires_on, self.today)
        holds = shown is not None and article.state == "published" and not over
        public = shown is not None and shown.audience == "public"
        for audience, expected in (("public", holds and public), ("internal", holds)):
            with self.services.unit() as uow:
                scope = retrieval.Scope(audience, self.today)
                found = retrieval.search(
                    self.services, uow.session, retrieval.Query("失业保险金", scope)
                )
            assert (found.total == 1) == expected
        with self.services.unit() as uow:
            try:
                read = reading.show(uow, self.id)[0]
            except NotFound:
                assert not (holds and public)
            else:
                assert public
                assert article.state in ("published", "expired")
                assert read["expired"] == (not holds)


def test_the_article_machine_keeps_its_promises(services):
    class Bound(Machine):
        pass

    Bound.services = services
    start = services.clock.now()

    class Fresh(Bound):
        def __init__(self) -> None:
            services.db.restart()
            # What the last example put into the index was rolled back.
            services.extensions[live.EXTENSION] = live.LiveIndex(services, background=False)
            services.clock.set(start)
            services.redis.client.flushall()
            super().__init__()

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=14, stateful_step_count=20, deadline=None,
            phases=[Phase.generate], derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
