"""The machine of appointments once more, with those who wait for a place and are asked.

A kept place is nobody else's, an offer ends once, and whoever takes one up has the booking.
"""

from typing import Any
from uuid import UUID, uuid4

from hypothesis.stateful import invariant
from sqlalchemy import func, select, update

from appointments import booking, missed, offers, waitlist
from appointments.demand_model import Offer, WaitlistEntry
from appointments.model import Appointment, Slot
from appointments.rules import State
from tests.domains import test_appointment_machine as base

WALKS, STEPS = (1_200, 100) if base.LONG else (8, 60)
ANSWERS = ("accept", "accept", "decline", "lapse")
WANTED = ("join", "offer", "accept", "declined", "book: slot_full")


class Waiting(base.Machine):
    """As before; a place that comes free is kept for the first who waits."""

    tried = (
        *base.TRIED, *("book",) * 6, *("waits",) * 6, *("is_asked",) * 6, *("answers",) * 5,
        "stops_waiting", "the_hall_closes", "misses",
    )  # fmt: skip

    def prepare(self) -> None:
        # Two times of each hall with one place each: nearly always full.
        few = (
            select(Slot.id).where(Slot.group_code == "shebao").order_by(Slot.start_at, Slot.hall_id)
        )
        self.slots = list(self.session.scalars(few))[:4]
        self.session.execute(update(Slot).values(closed=Slot.id.not_in(self.slots), capacity=1))
        self.session.expire_all()
        self.entries: list[UUID] = []
        self.offers: list[UUID] = []
        self.over: dict[UUID, str] = {}

    def waits(self, pick: int, other: int) -> None:
        slot = self.session.get_one(Slot, self.slots[pick % len(self.slots)])
        hall = next(one.hall for one in self.halls if one.hall.id == slot.hall_id)
        wanted = base.ITEMS[slot.group_code]
        at = slot.start_at.astimezone(base.NOW.tzinfo).time()

        def use() -> Any:
            return waitlist.join(
                self.session, entry_id=uuid4(), hall=hall, item_name="社会保障卡挂失",
                person_key=base.PEOPLE[other % len(base.PEOPLE)],
                item_key=wanted[other % len(wanted)], group_code=slot.group_code, day=slot.day,
                earliest=at, latest=at, channels=("online",), priority=other % 2, now=self.now,
            )  # fmt: skip

        made = self.attempt("join", use)
        if made is not None:
            self.entries.append(made.id)

    def is_asked(self, pick: int, _: int) -> None:
        waiting = select(WaitlistEntry).where(WaitlistEntry.state == "waiting")
        entries = list(self.session.scalars(waiting.order_by(WaitlistEntry.id)))
        if not entries:
            return
        entry = entries[pick % len(entries)]
        slots = select(Slot.id).where(
            Slot.hall_id == entry.hall_id, Slot.day == entry.day,
            Slot.group_code == entry.group_code,
        )  # fmt: skip
        for slot in self.session.scalars(slots.order_by(Slot.id)).all():
            made = offers.offer_next(self.session, slot, uuid4(), self.now)
            if made is not None:
                base.DONE["offer"] += 1
                self.offers.append(made.id)

    def answers(self, pick: int, other: int) -> None:
        known = [one for one in self.offers if one not in self.over] or self.offers
        if not known:
            return
        offer = known[pick % len(known)]
        what = ANSWERS[other % len(ANSWERS)]
        if what == "accept":
            made = self.attempt("accept", lambda: self._accept(offer))
            if made is not None:
                assert offer not in self.over, "an offer ends once"
                self.over[offer] = "accepted"
                self.promised[made.appointment.id] = State.BOOKED
            return
        state = {"decline": "declined", "lapse": "lapsed"}[what]
        if self.attempt(state, lambda: offers.end(self.session, offer, state, self.now)):
            assert offer not in self.over, "an offer ends once"
            self.over[offer] = state

    def _accept(self, offer: UUID) -> booking.Booking:
        return offers.accept(
            self.session, offer, appointment_id=uuid4(), priority=0,
            details={"item_name": "社会保障卡挂失"}, now=self.now,
        )  # fmt: skip

    def stops_waiting(self, pick: int, _: int) -> None:
        if not self.entries:
            return
        entry = self.entries[pick % len(self.entries)]
        done = self.attempt("leave", lambda: offers.leave(self.session, entry, self.now))
        if done is not None and done[1] is not None:
            self.over[done[1].id] = "declined"

    def the_hall_closes(self, pick: int, _: int) -> None:
        """A booked person's place is taken back, and another one is kept for her."""
        row = self.row(pick, State.BOOKED)
        if row is None or row.state != State.BOOKED:
            return
        self.change("closing", row, lambda one: booking.hall_cancel(self.session, one, self.now))
        kept = offers.offer_instead(
            self.session, row, uuid4(), channels=("online",), hall_codes=(), now=self.now
        )
        if kept is not None:
            self.offers.append(kept.id)

    def misses(self, pick: int, _: int) -> None:
        row = self.row(pick, State.NO_SHOW)
        if row is not None:
            missed.count(self.session, row, self.now)

    @invariant()
    def who_is_asked_has_one_place_kept(self) -> None:
        if not hasattr(self, "over"):
            return
        self.session.flush()
        rows = self.session.execute(select(Offer.id, Offer.state))
        found = {row.id: row.state for row in rows}
        expected = {one: self.over.get(one, "open") for one in self.offers}
        assert found == expected
        asked = select(WaitlistEntry.id).where(WaitlistEntry.state == "offered")
        open_ = select(Offer.entry_id).where(Offer.state == "open", Offer.entry_id.is_not(None))
        assert sorted(self.session.scalars(asked)) == sorted(self.session.scalars(open_))

    @invariant()
    def what_was_accepted_is_booked(self) -> None:
        if not hasattr(self, "over"):
            return
        accepted = [one for one, state in self.over.items() if state == "accepted"]
        rows = self.session.scalars(
            select(Offer.booked_id)
            .join(Appointment, Appointment.id == Offer.booked_id)
            .where(Offer.state == "accepted", Appointment.person_key == Offer.person_key)
        ).all()
        assert len(set(rows)) == len(accepted)
        assert set(rows) <= set(self.promised)

    @invariant()
    def nobody_waits_twice(self) -> None:
        if not hasattr(self, "over"):
            return
        keys = (WaitlistEntry.person_key, WaitlistEntry.item_key, WaitlistEntry.day)
        live = WaitlistEntry.state.in_(waitlist.OPEN)
        counts = select(func.count()).where(live).group_by(*keys)
        assert set(self.session.scalars(counts)) <= {1}


def test_kept_places_are_neither_lost_nor_sold(db: Any) -> None:
    base.Machine.db = db
    base.DONE.clear()
    base.walk(WALKS, STEPS, Waiting)
    assert base.DONE["step"] >= (100_000 if base.LONG else 300)
    # A short walk is too short to promise that it meets the rest; the long one does.
    for name in WANTED if base.LONG else WANTED[:1]:
        assert base.DONE[name], (name, base.DONE)
