"""The machine of appointments once more: agents with their consents, visits of several, video.

Whoever books for another has a consent that holds at that moment; several places are booked all
or none; a place for a video consultation goes to nobody else.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis.stateful import invariant
from sqlalchemy import func, select, update

from appointments import booking, consents, moving
from appointments.demand_model import AgentConsent, Visit
from appointments.limits_rules import MOST_AS_AGENT
from appointments.model import Appointment, Slot
from appointments.rules import LIVE, State
from tests.domains import test_appointment_machine as base

WALKS, STEPS = (1_200, 100) if base.LONG else (8, 60)
WANTED = (
    "ask", "answer", "withdraw", "book for another", "book for another: consent_not_given", "visit",
    "visit: slot_full", "cancel a visit", "book: slot_reserved", "book by video",
)  # fmt: skip
VIDEO = ("video",)


class Visiting(base.Machine):
    """As before; some act for others, come with several matters, or do not come at all."""

    tried = (
        *base.TRIED, *("asks",) * 5, *("answers",) * 5, "withdraws", *("books_for_another",) * 8,
        *("visits",) * 6, "cancels_a_visit", *("books_by_video",) * 4,
    )  # fmt: skip

    def prepare(self) -> None:
        # One time of each hall's first business is for video consultations.
        first = select(Slot.hall_id, func.min(Slot.start_at)).where(Slot.group_code == "shebao")
        for hall, start in self.session.execute(first.group_by(Slot.hall_id)).all():
            at = (Slot.hall_id == hall, Slot.start_at == start, Slot.group_code == "shebao")
            self.session.execute(update(Slot).where(*at).values(channel="video"))
        self.session.expire_all()
        self.video = set(self.session.scalars(select(Slot.id).where(Slot.channel == "video")))
        self.consents: dict[UUID, tuple[str, date]] = {}
        self.parts: dict[UUID, set[UUID]] = {}

    def reschedule(self, pick: int, other: int) -> None:
        row = self.row(pick, State.BOOKED)
        if row is None:
            return
        target = self.slots[other % len(self.slots)]
        channels = VIDEO if row.channel == "video" else ("online",)
        done = self.attempt(
            "reschedule",
            lambda: moving.reschedule(self.session, row, target, channels=channels, now=self.now),
        )
        if done is not None:
            self.moved[row.id] += 1

    def asks(self, pick: int, other: int) -> None:
        people = base.PEOPLE
        agent, principal = people[pick % len(people)], people[other % len(people)]
        if agent == principal:
            return
        paper = pick % 3 == 0
        until = self.now.date() + timedelta(days=other % 3)
        wanted = AgentConsent(
            id=uuid4(), principal_key=principal, agent_key=agent,
            item_key=base.ITEMS["shebao"][0] if other % 4 == 0 else None,
            state="given" if paper else "asked", way="paper" if paper else "online", until=until,
            asked_at=self.now, answered_at=self.now if paper else None,
            witnessed_by=uuid4() if paper else None, asked_by=None if paper else agent,
            relation="", asked_name="",
        )  # fmt: skip
        made = self.attempt("ask", lambda: consents.ask(self.session, wanted))
        if made is not None:
            # Those for the same that have run out make room for it.
            today = self.now.date()
            for one, (state, end) in self.consents.items():
                row = self.session.get_one(AgentConsent, one)
                same = row.principal_key == principal and row.agent_key == agent
                if same and row.item_key == made.item_key and end < today:
                    self.consents[one] = (state if state == "refused" else "withdrawn", end)
            self.consents[made.id] = (made.state, until)

    def consent(self, pick: int, *states: str) -> AgentConsent | None:
        """Some consent, rather one in these states than another."""
        known = [one for one, (state, _) in self.consents.items() if state in states]
        known = known or list(self.consents)
        return self.session.get(AgentConsent, known[pick % len(known)]) if known else None

    def answers(self, pick: int, other: int) -> None:
        found = self.consent(pick, "asked")
        if found is not None:
            give = other % 4 > 0
            self.turn("answer", found, lambda: self.answered(found, give))

    def answered(self, consent: AgentConsent, give: bool) -> AgentConsent:
        """One answer, yes or no."""
        return consents.answer(self.session, consent, give=give, now=self.now)

    def withdraws(self, pick: int, _: int) -> None:
        found = self.consent(pick, "given")
        if found is not None:
            self.turn("withdraw", found, lambda: consents.withdraw(self.session, found, self.now))

    def turn(self, name: str, consent: AgentConsent, use: Any) -> None:
        """Change a consent, and note how it stands now."""
        if self.attempt(name, use) is not None:
            self.consents[consent.id] = (consent.state, consent.until)

    def put(self, slot_id: UUID, who: UUID, item: UUID, **more: Any) -> booking.Booking:
        """Book one place."""
        slot = self.session.get_one(Slot, slot_id)
        return booking.book(
            self.session, appointment_id=uuid4(), slot_id=slot_id, person_key=who, item_key=item,
            group_code=slot.group_code, now=self.now, details={"item_name": "社会保障卡挂失"},
            **{"channels": ("online",), **more},
        )  # fmt: skip

    def books_for_another(self, pick: int, other: int) -> None:
        consent = self.consent(pick, "given")
        if consent is None:
            return
        slot = self.session.get_one(Slot, self.slots[other % len(self.slots)])
        item = base.ITEMS[slot.group_code][pick % len(base.ITEMS[slot.group_code])]
        acting = booking.Acting(consent.agent_key, consent.id)
        made = self.attempt(
            "book for another",
            lambda: self.put(slot.id, consent.principal_key, item, acting=acting),
        )
        if made is not None:
            state, until = self.consents[consent.id]
            assert state == "given"
            assert until >= slot.day
            assert consent.item_key in (None, item)
            self.promised[made.appointment.id] = State.BOOKED

    def books_by_video(self, pick: int, other: int) -> None:
        slot = self.slots[pick % len(self.slots)]
        if other % 3:
            slot = sorted(self.video)[pick % len(self.video)]
        group = self.session.get_one(Slot, slot).group_code
        who, item = base.PEOPLE[other % len(base.PEOPLE)], base.ITEMS[group][0]
        made = self.attempt("book by video", lambda: self.put(slot, who, item, channels=VIDEO))
        if made is not None:
            assert slot in self.video
            self.promised[made.appointment.id] = State.BOOKED

    def together(self) -> AbstractContextManager[Any]:
        """All of it or nothing."""
        return self.session.begin_nested()

    def visits(self, pick: int, other: int) -> None:
        """One person's two matters, or two people with the same one: all places or none."""
        several = self.dice.sample(self.slots, 2 + pick % 2)
        people = base.PEOPLE
        visit = Visit(
            id=uuid4(), kind="items" if other % 2 else "group", hall_id=self.halls[0].hall.id,
            made_by=people[pick % len(people)], made_at=self.now,
        )  # fmt: skip

        def use() -> list[UUID]:
            with self.together():
                self.session.add(visit)
                self.session.flush()
                made = []
                for turn, slot in enumerate(sorted(several)):
                    who = people[(pick + (0 if other % 2 else turn)) % len(people)]
                    wanted = base.ITEMS[self.session.get_one(Slot, slot).group_code]
                    one = self.put(slot, who, wanted[turn % len(wanted)], visit_id=visit.id)
                    made.append(one.appointment.id)
                return made

        made = self.attempt("visit", use)
        if made is not None:
            self.parts[visit.id] = set(made)
            self.promised.update(dict.fromkeys(made, State.BOOKED))

    def cancels_a_visit(self, pick: int, _: int) -> None:
        if not self.parts:
            return
        parts = list(self.parts.values())[pick % len(self.parts)]

        def use() -> list[Any]:
            with self.session.begin_nested():
                rows = [
                    self.session.get_one(Appointment, one, populate_existing=True)
                    for one in sorted(parts)
                ]
                return [booking.cancel(self.session, row, self.now) for row in rows]

        done = self.attempt("cancel a visit", use)
        for change in done or ():
            self.promised[change.appointment.id] = change.after

    @invariant()
    def a_visit_is_whole(self) -> None:
        if not hasattr(self, "parts"):
            return
        rows = self.session.execute(
            select(Appointment.visit_id, Appointment.id).where(Appointment.visit_id.is_not(None))
        )
        found: dict[UUID, set[UUID]] = {}
        for visit, one in rows:
            found.setdefault(visit, set()).add(one)
        assert found == self.parts

    @invariant()
    def nobody_acts_without_a_consent(self) -> None:
        if not hasattr(self, "consents"):
            return
        wrong = (
            select(Appointment.id)
            .outerjoin(AgentConsent, AgentConsent.id == Appointment.consent_id)
            .where(
                Appointment.agent_key.is_not(None),
                (AgentConsent.id.is_(None))
                | (AgentConsent.principal_key != Appointment.person_key)
                | (AgentConsent.agent_key != Appointment.agent_key)
                | (AgentConsent.state.not_in(("given", "withdrawn"))),
            )
        )
        assert not list(self.session.scalars(wrong))
        acting = (
            select(func.count())
            .where(
                Appointment.agent_key.is_not(None),
                Appointment.state.in_([state.value for state in LIVE]),
            )
            .group_by(Appointment.agent_key)
        )
        assert max(self.session.scalars(acting), default=0) <= MOST_AS_AGENT

    @invariant()
    def a_quota_is_nobody_elses(self) -> None:
        if not hasattr(self, "parts"):
            return
        wrong = (
            select(Appointment.id)
            .join(Slot, Slot.id == Appointment.slot_id)
            .where(Slot.channel != Appointment.channel)
        )
        assert not list(self.session.scalars(wrong))


def test_agents_groups_and_video_break_no_promise(db: Any) -> None:
    base.Machine.db = db
    base.DONE.clear()
    base.walk(WALKS, STEPS, Visiting)
    assert base.DONE["step"] >= (100_000 if base.LONG else 300)
    # A short walk is too short to promise that it meets the rest; the long one does.
    for name in WANTED if base.LONG else WANTED[:1]:
        assert base.DONE[name], (name, base.DONE)


def test_the_machine_finds_an_agent_whose_consent_is_not_asked_for(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: if this passes in silence, the test above shows little of agents."""
    base.Machine.db = db
    monkeypatch.setattr(consents, "check", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        base.walk(20, 60, Visiting)


def test_the_machine_finds_a_visit_that_is_booked_in_part(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a refused part leaves behind is seen."""
    base.Machine.db = db
    monkeypatch.setattr(Visiting, "together", lambda _: nullcontext())
    with pytest.raises(AssertionError):
        base.walk(20, 60, Visiting)
