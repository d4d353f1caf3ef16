"""appointments complete: release batches, shifts, offers, consents, limits, parked tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES_BEFORE = "state IN ('booked', 'called', 'cancelled', 'checked_in', 'finished', 'no_show', 'serving', 'skipped')"
_STATES = "state IN ('booked', 'called', 'cancelled', 'checked_in', 'finished', 'no_show', 'parked', 'serving', 'skipped')"
_LIVE_BEFORE = "state IN ('booked', 'called', 'checked_in', 'serving', 'skipped')"
_LIVE = "state IN ('booked', 'called', 'checked_in', 'parked', 'serving', 'skipped')"
_CHANNELS_BEFORE = "channel IN ('online', 'on_site', 'elderly')"
_CHANNELS = "channel IN ('online', 'on_site', 'elderly', 'video')"


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _live(rule: str) -> None:
    for name, columns in (
        ("uq_appointment_one_live", ["person_key", "item_key", "day"]),
        ("uq_appointment_live_code", ["hall_id", "check_in_code"]),
    ):
        op.drop_index(name, table_name="appointment")
        op.create_index(name, "appointment", columns, unique=True, postgresql_where=sa.text(rule))


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "agent_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_key", sa.Uuid(), nullable=False),
        sa.Column("agent_key", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("witnessed_by", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_name", sa.String(length=50), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'refused', 'withdrawn')",
            name=op.f("ck_agent_consent_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('given', 'withdrawn') OR answered_at IS NOT NULL",
            name=op.f("ck_agent_consent_answered"),
        ),
        sa.CheckConstraint(
            "way <> 'paper' OR witnessed_by IS NOT NULL", name=op.f("ck_agent_consent_witnessed")
        ),
        sa.CheckConstraint("way IN ('online', 'paper')", name=op.f("ck_agent_consent_way")),
        sa.CheckConstraint("principal_key <> agent_key", name=op.f("ck_agent_consent_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_consent")),
    )
    op.create_index(
        op.f("ix_agent_consent_agent_key"), "agent_consent", ["agent_key"], unique=False
    )
    op.create_index(
        "uq_agent_consent_live",
        "agent_consent",
        [
            "principal_key",
            "agent_key",
            sa.literal_column("coalesce(item_key, '00000000-0000-0000-0000-000000000000'::uuid)"),
        ],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'given')"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "person_precedence",
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_person_precedence")),
    )
    op.create_table(
        "booking_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=True),
        sa.Column("group_code", sa.String(length=32), nullable=True),
        sa.Column("item_key", sa.Uuid(), nullable=True),
        sa.Column("per", sa.String(length=5), nullable=False),
        sa.Column("most", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("per IN ('day', 'week', 'live')", name=op.f("ck_booking_limit_per")),
        sa.CheckConstraint("most BETWEEN 1 AND 100", name=op.f("ck_booking_limit_most")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_booking_limit_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_booking_limit_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_limit")),
    )
    op.create_index(
        "uq_booking_limit_of",
        "booking_limit",
        [
            "per",
            sa.literal_column("coalesce(hall_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            sa.literal_column("coalesce(group_code, '')"),
            sa.literal_column("coalesce(item_key, '00000000-0000-0000-0000-000000000000'::uuid)"),
        ],
        unique=True,
    )
    op.create_table(
        "hall_pace",
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("slot_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("online", sa.SmallInteger(), nullable=False),
        sa.Column("on_site", sa.SmallInteger(), nullable=False),
        sa.Column("elderly", sa.SmallInteger(), nullable=False),
        sa.Column("video", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "online >= 0 AND on_site >= 0 AND elderly >= 0 AND video >= 0 AND online + on_site + elderly + video = 100",
            name=op.f("ck_hall_pace_quotas"),
        ),
        sa.CheckConstraint(
            "slot_minutes BETWEEN 5 AND 240 AND places BETWEEN 1 AND 100",
            name=op.f("ck_hall_pace_pace"),
        ),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_hall_pace_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_hall_pace_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "group_code", name=op.f("pk_hall_pace")),
    )
    op.create_table(
        "hall_season",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_hall_season_days")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_hall_season_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_season")),
    )
    op.create_index(
        op.f("ix_hall_season_hall_id_first_day"),
        "hall_season",
        ["hall_id", "first_day"],
        unique=False,
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('items', 'group')", name=op.f("ck_visit_kind")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_visit_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.Uuid(), nullable=False),
        sa.Column("item_name", sa.String(length=100), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("earliest", sa.Time(), nullable=True),
        sa.Column("latest", sa.Time(), nullable=True),
        sa.Column("elderly", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lapses", sa.SmallInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'booked', 'left', 'ended')",
            name=op.f("ck_waitlist_entry_state"),
        ),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_waitlist_entry_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_waitlist_entry_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    op.create_index(
        op.f("ix_waitlist_entry_person_key"), "waitlist_entry", ["person_key"], unique=False
    )
    op.create_index(
        "ix_waitlist_entry_turn",
        "waitlist_entry",
        ["hall_id", "group_code", "day", "priority", "joined_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_waitlist_entry_live",
        "waitlist_entry",
        ["person_key", "item_key", "day"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.create_table(
        "window_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("staff_key", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_window_shift_times")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_window_shift_hall_id")),
        sa.ForeignKeyConstraint(
            ["window_id"], ["hall_window.id"], name=op.f("fk_window_shift_window_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_shift")),
    )
    op.create_index(
        op.f("ix_window_shift_hall_id_day"), "window_shift", ["hall_id", "day"], unique=False
    )
    op.create_index(
        op.f("ix_window_shift_window_id_day"), "window_shift", ["window_id", "day"], unique=False
    )
    op.create_table(
        "missed_appointment",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("appeal", sa.String(length=500), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'appealed' OR appealed_at IS NOT NULL",
            name=op.f("ck_missed_appointment_appeal"),
        ),
        sa.CheckConstraint(
            "state IN ('counted', 'appealed', 'upheld', 'forgiven')",
            name=op.f("ck_missed_appointment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_missed_appointment_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall.id"], name=op.f("fk_missed_appointment_hall_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_missed_appointment")),
    )
    op.create_index(
        "ix_missed_appointment_open",
        "missed_appointment",
        ["hall_id"],
        unique=False,
        postgresql_where=sa.text("state = 'appealed'"),
    )
    op.create_index(
        op.f("ix_missed_appointment_person_key_at"),
        "missed_appointment",
        ["person_key", "at"],
        unique=False,
    )
    op.create_table(
        "slot_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state = 'open' OR ended_at IS NOT NULL", name=op.f("ck_slot_offer_ended")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed', 'void')",
            name=op.f("ck_slot_offer_state"),
        ),
        sa.CheckConstraint(
            "(entry_id IS NULL) <> (appointment_id IS NULL)", name=op.f("ck_slot_offer_for_one")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_slot_offer_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["booked_id"], ["appointment.id"], name=op.f("fk_slot_offer_booked_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name=op.f("fk_slot_offer_entry_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_slot_offer_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_offer")),
    )
    op.create_index(
        "ix_slot_offer_open",
        "slot_offer",
        ["slot_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_slot_offer_person_key"), "slot_offer", ["person_key"], unique=False)
    op.create_index(
        "uq_slot_offer_appointment",
        "slot_offer",
        ["appointment_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_slot_offer_entry",
        "slot_offer",
        ["entry_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("appointment", sa.Column("agent_key", sa.Uuid(), nullable=True))
    op.add_column("appointment", sa.Column("consent_id", sa.Uuid(), nullable=True))
    op.add_column("appointment", sa.Column("visit_id", sa.Uuid(), nullable=True))
    op.add_column(
        "appointment",
        sa.Column(
            "source", sa.String(length=10), server_default=sa.text("'booked'"), nullable=False
        ),
    )
    op.add_column(
        "appointment",
        sa.Column("rescheduled", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("appointment", sa.Column("for_window_id", sa.Uuid(), nullable=True))
    op.alter_column("appointment", "slot_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(
        "ix_appointment_agent",
        "appointment",
        ["agent_key", "start_at"],
        unique=False,
        postgresql_where=sa.text("agent_key IS NOT NULL"),
    )
    op.create_index(
        "ix_appointment_visit",
        "appointment",
        ["visit_id"],
        unique=False,
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_appointment_visit_id"), "appointment", "visit", ["visit_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_appointment_for_window_id"),
        "appointment",
        "hall_window",
        ["for_window_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_appointment_consent_id"), "appointment", "agent_consent", ["consent_id"], ["id"]
    )
    op.add_column("hall", sa.Column("release_days", sa.SmallInteger(), nullable=True))
    op.add_column(
        "hall",
        sa.Column("release_time", sa.Time(), server_default=sa.text("'09:00'"), nullable=False),
    )
    op.add_column(
        "hall",
        sa.Column(
            "first_percent", sa.SmallInteger(), server_default=sa.text("100"), nullable=False
        ),
    )
    op.add_column(
        "hall",
        sa.Column("rest_days", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
    )
    op.add_column(
        "hall", sa.Column("rest_time", sa.Time(), server_default=sa.text("'18:00'"), nullable=False)
    )
    op.add_column(
        "hall",
        sa.Column("offer_minutes", sa.Integer(), server_default=sa.text("30"), nullable=False),
    )
    op.add_column("hall_schedule", sa.Column("season_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_hall_schedule_season_id"), "hall_schedule", "hall_season", ["season_id"], ["id"]
    )
    op.add_column(
        "slot", sa.Column("held", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("slot", sa.Column("first_places", sa.Integer(), nullable=True))
    op.add_column("slot", sa.Column("rest_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_hall_release"),
        "hall",
        "release_days BETWEEN 0 AND 20 AND first_percent BETWEEN 1 AND 100 AND rest_days BETWEEN 0 AND 20 AND offer_minutes BETWEEN 5 AND 1440",
    )
    op.create_check_constraint(
        op.f("ck_slot_batches"),
        "slot",
        "(rest_at IS NULL) = (first_places IS NULL) AND first_places >= 0",
    )
    _check("slot", "never_oversold", "booked >= 0 AND held >= 0 AND booked + held <= capacity")
    _check("slot", "channel", _CHANNELS)
    _check("hall_schedule", "channel", _CHANNELS)
    _check("appointment", "state", _STATES)
    op.create_check_constraint(
        op.f("ck_appointment_source"), "appointment", "source IN ('booked', 'walk_in', 'paper')"
    )
    op.create_check_constraint(
        op.f("ck_appointment_slot"), "appointment", "slot_id IS NOT NULL OR source <> 'booked'"
    )
    _live(_LIVE)


def downgrade() -> None:
    """Take it back. What only the newer schema can hold goes: video places, walk-ins' rows."""
    op.execute(
        "UPDATE appointment SET state = 'finished', finished_at = coalesce(finished_at, now()) WHERE state = 'parked'"
    )
    op.execute("DELETE FROM slot_offer")
    op.execute("DELETE FROM missed_appointment")
    op.drop_table("calendar_feed")
    op.execute(
        "DELETE FROM appointment_rating WHERE appointment_id IN (SELECT id FROM appointment WHERE slot_id IS NULL OR channel = 'video')"
    )
    op.execute("DELETE FROM appointment WHERE slot_id IS NULL OR channel = 'video'")
    op.execute("DELETE FROM slot WHERE channel = 'video'")
    op.execute("DELETE FROM hall_schedule WHERE channel = 'video' OR season_id IS NOT NULL")
    _live(_LIVE_BEFORE)
    op.drop_constraint(op.f("ck_appointment_slot"), "appointment", type_="check")
    op.drop_constraint(op.f("ck_appointment_source"), "appointment", type_="check")
    _check("appointment", "state", _STATES_BEFORE)
    _check("hall_schedule", "channel", _CHANNELS_BEFORE)
    _check("slot", "channel", _CHANNELS_BEFORE)
    _check("slot", "never_oversold", "booked BETWEEN 0 AND capacity")
    op.drop_constraint(op.f("ck_slot_batches"), "slot", type_="check")
    op.drop_constraint(op.f("ck_hall_release"), "hall", type_="check")
    op.drop_column("slot", "rest_at")
    op.drop_column("slot", "first_places")
    op.drop_column("slot", "held")
    op.drop_constraint(op.f("fk_hall_schedule_season_id"), "hall_schedule", type_="foreignkey")
    op.drop_column("hall_schedule", "season_id")
    op.drop_column("hall", "offer_minutes")
    op.drop_column("hall", "rest_time")
    op.drop_column("hall", "rest_days")
    op.drop_column("hall", "first_percent")
    op.drop_column("hall", "release_time")
    op.drop_column("hall", "release_days")
    op.drop_constraint(op.f("fk_appointment_consent_id"), "appointment", type_="foreignkey")
    op.drop_constraint(op.f("fk_appointment_for_window_id"), "appointment", type_="foreignkey")
    op.drop_constraint(op.f("fk_appointment_visit_id"), "appointment", type_="foreignkey")
    op.drop_index(
        "ix_appointment_visit",
        table_name="appointment",
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_appointment_agent",
        table_name="appointment",
        postgresql_where=sa.text("agent_key IS NOT NULL"),
    )
    op.alter_column("appointment", "slot_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("appointment", "for_window_id")
    op.drop_column("appointment", "rescheduled")
    op.drop_column("appointment", "source")
    op.drop_column("appointment", "visit_id")
    op.drop_column("appointment", "consent_id")
    op.drop_column("appointment", "agent_key")
    op.drop_index(
        "uq_slot_offer_entry", table_name="slot_offer", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index(
        "uq_slot_offer_appointment",
        table_name="slot_offer",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_slot_offer_person_key"), table_name="slot_offer")
    op.drop_index(
        "ix_slot_offer_open", table_name="slot_offer", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_table("slot_offer")
    op.drop_index(op.f("ix_missed_appointment_person_key_at"), table_name="missed_appointment")
    op.drop_index(
        "ix_missed_appointment_open",
        table_name="missed_appointment",
        postgresql_where=sa.text("state = 'appealed'"),
    )
    op.drop_table("missed_appointment")
    op.drop_index(op.f("ix_window_shift_window_id_day"), table_name="window_shift")
    op.drop_index(op.f("ix_window_shift_hall_id_day"), table_name="window_shift")
    op.drop_table("window_shift")
    op.drop_index(
        "uq_waitlist_entry_live",
        table_name="waitlist_entry",
        postgresql_where=sa.text("state IN ('waiting', 'offered')"),
    )
    op.drop_index(
        "ix_waitlist_entry_turn",
        table_name="waitlist_entry",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_waitlist_entry_person_key"), table_name="waitlist_entry")
    op.drop_table("waitlist_entry")
    op.drop_table("visit")
    op.drop_index(op.f("ix_hall_season_hall_id_first_day"), table_name="hall_season")
    op.drop_table("hall_season")
    op.drop_table("hall_pace")
    op.drop_index("uq_booking_limit_of", table_name="booking_limit")
    op.drop_table("booking_limit")
    op.drop_table("person_precedence")
    op.drop_index(
        "uq_agent_consent_live",
        table_name="agent_consent",
        postgresql_where=sa.text("state IN ('asked', 'given')"),
    )
    op.drop_index(op.f("ix_agent_consent_agent_key"), table_name="agent_consent")
    op.drop_table("agent_consent")
