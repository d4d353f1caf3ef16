"""community: the register, topics, votes and their proof, life among neighbours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


_VOTE_RECORD_IS_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION vote_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""

_POINT_ENTRY_IS_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION point_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.id, OLD.area_id, OLD.reason, OLD.points, OLD.minutes,
      OLD.subject_kind, OLD.subject_id, OLD.title, OLD.at) IS NOT DISTINCT FROM
      (NEW.id, NEW.area_id, NEW.reason, NEW.points, NEW.minutes,
      NEW.subject_kind, NEW.subject_id, NEW.title, NEW.at) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'point_entry is append-only';
END $$;
"""

_ROLL_ADDS_UP = """
CREATE OR REPLACE FUNCTION roll_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  SELECT count(*) AS heads, coalesce(sum(area_centi), 0) AS area, coalesce(max(ordinal), 0) AS last
  INTO found FROM roll_entry WHERE vote_id = NEW.vote_id;
  IF found.heads <> NEW.heads OR found.area <> NEW.area_centi OR found.last <> NEW.heads THEN
    RAISE EXCEPTION 'the roll does not add up' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""

_ROLL_IS_CLOSED = """
CREATE OR REPLACE FUNCTION roll_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM roll JOIN added ON added.vote_id = roll.vote_id) THEN
    RAISE EXCEPTION 'the roll is frozen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""

_BALLOT_IS_KEPT = """
CREATE OR REPLACE FUNCTION ballot_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ordinal IS NULL AND NEW.ordinal IS NOT NULL
     AND (to_jsonb(OLD) - 'ordinal') = (to_jsonb(NEW) - 'ordinal') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a ballot is never changed';
END $$;
"""

_CAST_BALLOT_ONCE = """
CREATE OR REPLACE FUNCTION secret_ballot_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ballot_participation WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'this seat has voted' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "content_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.String(length=500), server_default="", nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(appealed_at IS NULL) = (appeal = '')", name=op.f("ck_content_check_appeal")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_content_check_reason")
        ),
        sa.CheckConstraint(
            "state <> 'review' OR review_by IS NOT NULL", name=op.f("ck_content_check_review")
        ),
        sa.CheckConstraint(
            "state IN ('waiting','passed','refused','review','unavailable','replaced')",
            name=op.f("ck_content_check_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_check")),
    )
    op.create_index(
        "ix_content_check_person_id",
        "content_check",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_content_check_review",
        "content_check",
        ["review_by", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'review'"),
    )
    op.create_index(
        "uq_content_check_current",
        "content_check",
        ["subject_kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'replaced'"),
    )
    op.create_table(
        "neighbour_profile",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ranked", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_neighbour_profile")),
    )
    op.create_table(
        "service_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.String(length=100), server_default="", nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('valid','withdrawn')", name=op.f("ck_service_certificate_state")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_service_certificate_period")),
        sa.CheckConstraint(
            "minutes > 0 AND activities > 0", name=op.f("ck_service_certificate_something")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_service_certificate_number")),
    )
    op.create_index(
        "ix_service_certificate_person",
        "service_certificate",
        ["person_id", "issued_at"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "content_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("label", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_trace", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint(
            "(kind = 'image') = (file_id IS NOT NULL)", name=op.f("ck_content_item_kind")
        ),
        sa.CheckConstraint("kind IN ('text','image')", name=op.f("ck_content_item_kinds")),
        sa.CheckConstraint(
            "state IN ('pending','asked','pass','risky','review')",
            name=op.f("ck_content_item_state"),
        ),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["content_check.id"],
            name=op.f("fk_content_item_check_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_content_item_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_item")),
    )
    op.create_index("ix_content_item_check_id", "content_item", ["check_id"], unique=False)
    op.create_index(
        "ix_content_item_open",
        "content_item",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending','asked')"),
    )
    op.create_index(
        "uq_content_item_media_trace",
        "content_item",
        ["media_trace"],
        unique=True,
        postgresql_where=sa.text("media_trace <> ''"),
    )
    op.create_table(
        "register_file",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('claim','transfer','proxy')", name=op.f("ck_register_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_register_file_file_id")
        ),
        sa.PrimaryKeyConstraint("subject_id", "file_id", name=op.f("pk_register_file")),
    )
    op.create_index("ix_register_file_file_id", "register_file", ["file_id"], unique=False)
    op.create_table(
        "vote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("topic_number", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("scope_kind", sa.String(length=10), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("scope_text", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("preset_version", sa.Integer(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("electorate", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("secrecy", sa.String(length=10), nullable=False),
        sa.Column("changeable", sa.Boolean(), nullable=False),
        sa.Column("silence_with_majority", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("proxies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("private_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("bundle_file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "NOT (secrecy = 'secret' AND changeable)", name=op.f("ck_vote_secret_is_final")
        ),
        sa.CheckConstraint(
            "NOT (secrecy = 'secret' AND rule -> 'weights' ? 'area')", name=op.f("ck_vote_apart")
        ),
        sa.CheckConstraint(
            "method IN ('single','multiple','ranked','budget')", name=op.f("ck_vote_method")
        ),
        sa.CheckConstraint("secrecy IN ('open','secret')", name=op.f("ck_vote_secrecy")),
        sa.CheckConstraint(
            "state IN ('prepared','cancelled') OR (opened_at IS NOT NULL AND public_key IS NOT NULL AND closes_at > opened_at)",
            name=op.f("ck_vote_opened"),
        ),
        sa.CheckConstraint(
            "state IN ('prepared','open','closing','counted','published','cancelled','annulled')",
            name=op.f("ck_vote_state"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (bundle_file_id IS NULL)", name=op.f("ck_vote_published")
        ),
        sa.CheckConstraint("least BETWEEN 1 AND most", name=op.f("ck_vote_choices")),
        sa.ForeignKeyConstraint(
            ["bundle_file_id"], ["stored_file.id"], name=op.f("fk_vote_bundle_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_community_id"), "vote", ["community_id"], unique=False)
    op.create_index(
        "ix_vote_running",
        "vote",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state IN ('open','closing')"),
    )
    op.create_index("ix_vote_topic_id", "vote", ["topic_id", "created_at"], unique=False)
    op.create_index(
        "uq_vote_live",
        "vote",
        ["topic_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('prepared','open','closing')"),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=60), server_default="", nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Integer(), server_default="200", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_up_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("most_waiting", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("check_in", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience IN ('everybody','members','party')", name=op.f("ck_activity_audience")
        ),
        sa.CheckConstraint(
            "check_in IN ('code','place','both','either')", name=op.f("ck_activity_check_in")
        ),
        sa.CheckConstraint(
            "check_in NOT IN ('place','both') OR latitude IS NOT NULL",
            name=op.f("ck_activity_check_in_place"),
        ),
        sa.CheckConstraint(
            "kind IN ('volunteer','party','lecture','legal_advice','help','culture')",
            name=op.f("ck_activity_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','published','running','ended','settled','cancelled')",
            name=op.f("ck_activity_state"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_activity_place")
        ),
        sa.CheckConstraint("radius_m BETWEEN 20 AND 2000", name=op.f("ck_activity_radius")),
        sa.CheckConstraint("sign_up_from < sign_up_until", name=op.f("ck_activity_sign_up")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_activity_times")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_activity_never_too_many")),
        sa.CheckConstraint("waiting BETWEEN 0 AND most_waiting", name=op.f("ck_activity_waiting")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_activity_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_area", "activity", ["area_id", "starts_at", "id"], unique=False)
    op.create_index("ix_activity_starts", "activity", ["starts_at", "id"], unique=False)
    op.create_table(
        "ballot_receipt",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_ballot_receipt_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", "ordinal", name=op.f("pk_ballot_receipt")),
    )
    op.create_table(
        "help_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share_phone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("visible", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=True),
        sa.Column("thanks", sa.String(length=10), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('carry','errand','repair','company','borrow','phone','other')",
            name=op.f("ck_help_request_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'asked' OR helper_id IS NULL", name=op.f("ck_help_request_unhelped")
        ),
        sa.CheckConstraint(
            "state IN ('asked','matched','done','withdrawn','lapsed')",
            name=op.f("ck_help_request_state"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_help_request_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    op.create_index(
        "ix_help_request_area", "help_request", ["area_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_help_request_helper",
        "help_request",
        ["helper_id"],
        unique=False,
        postgresql_where=sa.text("helper_id IS NOT NULL"),
    )
    op.create_index(
        "ix_help_request_person",
        "help_request",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "housing_community",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("room_count_declared", sa.Integer(), server_default="0", nullable=False),
        sa.Column("area_declared_centi", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('estate','village')", name=op.f("ck_housing_community_kind")),
        sa.CheckConstraint("area_declared_centi > 0", name=op.f("ck_housing_community_area")),
        sa.CheckConstraint(
            "room_count_declared >= 0", name=op.f("ck_housing_community_room_count")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_housing_community_area_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_community")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_housing_community_area_id_name")),
    )
    op.create_index(
        op.f("ix_housing_community_area_id"), "housing_community", ["area_id"], unique=False
    )
    op.create_table(
        "party_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("when_text", sa.String(length=60), server_default="", nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_party_post_state")),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("ck_party_post_never_too_many")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_party_post_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_post")),
    )
    op.create_index(
        "ix_party_post_area", "party_post", ["area_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "party_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("branch_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("skills_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested','confirmed','refused','ended')",
            name=op.f("ck_party_report_state"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_party_report_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_report")),
    )
    op.create_index("ix_party_report_area", "party_report", ["area_id", "at", "id"], unique=False)
    op.create_index(
        "ix_party_report_person",
        "party_report",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_party_report_live",
        "party_report",
        ["area_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested','confirmed') AND person_id IS NOT NULL"),
    )
    op.create_table(
        "point_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason = 'correction' OR points >= 0", name=op.f("ck_point_entry_gained")
        ),
        sa.CheckConstraint(
            "reason IN ('service','help','wish','correction')", name=op.f("ck_point_entry_reason")
        ),
        sa.CheckConstraint("points <> 0 OR minutes <> 0", name=op.f("ck_point_entry_something")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_point_entry_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_entry")),
    )
    op.create_index(
        "ix_point_entry_area",
        "point_entry",
        ["area_id", "person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_point_entry_person",
        "point_entry",
        ["person_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_point_entry_subject",
        "point_entry",
        ["subject_kind", "subject_id", "reason"],
        unique=True,
        postgresql_where=sa.text("reason <> 'correction'"),
    )
    op.create_table(
        "roll",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("area_centi", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("area_centi >= 0", name=op.f("ck_roll_area")),
        sa.CheckConstraint("heads > 0", name=op.f("ck_roll_heads")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_roll_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_roll")),
    )
    op.create_table(
        "roll_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("rooms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_centi", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("area_centi >= 0", name=op.f("ck_roll_entry_area")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_roll_entry_ordinal")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_roll_entry_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entry")),
        sa.UniqueConstraint("vote_id", "ordinal", name=op.f("uq_roll_entry_vote_id_ordinal")),
        sa.UniqueConstraint("vote_id", "ref_id", name=op.f("uq_roll_entry_vote_id_ref_id")),
    )
    op.create_table(
        "shared_resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit_name", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hall','room','parking','court','other')",
            name=op.f("ck_shared_resource_kind"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_shared_resource_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_resource")),
    )
    op.create_index("ix_shared_resource_area", "shared_resource", ["area_id"], unique=False)
    op.create_table(
        "vote_checkpoint",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opening','running','final')", name=op.f("ck_vote_checkpoint_kind")
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_vote_checkpoint_seq")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_vote_checkpoint_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", "seq", name=op.f("pk_vote_checkpoint")),
    )
    op.create_table(
        "vote_log",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("ballots_peaks", sa.LargeBinary(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("receipts_peaks", sa.LargeBinary(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("area_centi", sa.BigInteger(), nullable=False),
        sa.Column("pending_public", sa.LargeBinary(), nullable=True),
        sa.Column("pending_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "ballots >= 0 AND receipts >= 0 AND batches >= 0", name=op.f("ck_vote_log_sizes")
        ),
        sa.CheckConstraint("heads >= 0 AND area_centi >= 0", name=op.f("ck_vote_log_turnout")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_vote_log_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_vote_log")),
    )
    op.create_table(
        "vote_result",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_vote_result_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_vote_result")),
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("share_phone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("visible", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thanks", sa.String(length=10), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'open' OR holder_id IS NULL", name=op.f("ck_wish_unheld")),
        sa.CheckConstraint(
            "state IN ('open','claimed','granted','confirmed','withdrawn','lapsed')",
            name=op.f("ck_wish_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed','granted') OR claimed_at IS NOT NULL",
            name=op.f("ck_wish_claimed"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_wish_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_index("ix_wish_area", "wish", ["area_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_wish_holder",
        "wish",
        ["holder_id"],
        unique=False,
        postgresql_where=sa.text("holder_id IS NOT NULL"),
    )
    op.create_index(
        "ix_wish_person",
        "wish",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "activity_signup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.String(length=10), server_default="", nullable=False),
        sa.Column("minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'attended') = (checked_in_at IS NOT NULL)",
            name=op.f("ck_activity_signup_attended"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_activity_signup_offer"),
        ),
        sa.CheckConstraint(
            "state <> 'waitlisted' OR turn IS NOT NULL", name=op.f("ck_activity_signup_turn")
        ),
        sa.CheckConstraint(
            "state IN ('confirmed','waitlisted','offered','attended','absent','cancelled')",
            name=op.f("ck_activity_signup_state"),
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_activity_signup_minutes")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_signup_activity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_signup")),
    )
    op.create_index(
        "ix_activity_signup_activity",
        "activity_signup",
        ["activity_id", "signed_up_at"],
        unique=False,
    )
    op.create_index(
        "ix_activity_signup_person",
        "activity_signup",
        ["person_id", "signed_up_at", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_activity_signup_live",
        "activity_signup",
        ["activity_id", "person_id"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('confirmed','waitlisted','offered','attended','absent') AND person_id IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_activity_signup_turn",
        "activity_signup",
        ["activity_id", "turn"],
        unique=True,
        postgresql_where=sa.text("turn IS NOT NULL"),
    )
    op.create_table(
        "ballot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=True),
        sa.Column("receipt_code", sa.String(length=14), nullable=True),
        sa.Column("attempt", sa.LargeBinary(), nullable=True),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.CheckConstraint("how IN ('online','proxy','paper')", name=op.f("ck_ballot_how")),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (batch IS NOT NULL)", name=op.f("ck_ballot_one_kind")
        ),
        sa.CheckConstraint(
            "batch IS NULL OR ordinal IS NOT NULL", name=op.f("ck_ballot_secret_is_sealed")
        ),
        sa.CheckConstraint(
            "num_nulls(entry_id, seq, how, receipt_code, attempt, mark) IN (0, 6)",
            name=op.f("ck_ballot_open_or_secret"),
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_ballot_seq")),
        sa.ForeignKeyConstraint(["entry_id"], ["roll_entry.id"], name=op.f("fk_ballot_entry_id")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_ballot_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint(
            "vote_id", "entry_id", "seq", name=op.f("uq_ballot_vote_id_entry_id_seq")
        ),
        sa.UniqueConstraint("vote_id", "ordinal", name=op.f("uq_ballot_vote_id_ordinal")),
        sa.UniqueConstraint("vote_id", "receipt_code", name=op.f("uq_ballot_vote_id_receipt_code")),
    )
    op.create_index(
        "ix_ballot_unsealed",
        "ballot",
        ["vote_id"],
        unique=False,
        postgresql_where=sa.text("ordinal IS NULL"),
    )
    op.create_index(
        "uq_ballot_attempt",
        "ballot",
        ["entry_id", "attempt"],
        unique=True,
        postgresql_where=sa.text("attempt IS NOT NULL"),
    )
    op.create_table(
        "ballot_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('entered','differing','agreed','void')", name=op.f("ck_ballot_paper_state")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roll_entry.id"], name=op.f("fk_ballot_paper_entry_id")
        ),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_ballot_paper_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_paper")),
        sa.UniqueConstraint("vote_id", "sheet", name=op.f("uq_ballot_paper_vote_id_sheet")),
    )
    op.create_index(
        "uq_ballot_paper_live",
        "ballot_paper",
        ["entry_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "ballot_participation",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("receipt_code", sa.String(length=14), nullable=False),
        sa.CheckConstraint("batch > 0", name=op.f("ck_ballot_participation_batch")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roll_entry.id"], name=op.f("fk_ballot_participation_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_ballot_participation_vote_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ballot_participation")),
        sa.UniqueConstraint(
            "vote_id", "receipt_code", name=op.f("uq_ballot_participation_vote_id_receipt_code")
        ),
    )
    op.create_table(
        "ballot_pending",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_code", sa.String(length=14), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roll_entry.id"], name=op.f("fk_ballot_pending_entry_id")
        ),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_ballot_pending_vote_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ballot_pending")),
        sa.UniqueConstraint(
            "vote_id", "receipt_code", name=op.f("uq_ballot_pending_vote_id_receipt_code")
        ),
    )
    op.create_index(op.f("ix_ballot_pending_vote_id"), "ballot_pending", ["vote_id"], unique=False)
    op.create_table(
        "help_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("help_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("share_phone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('standing','chosen','passed','taken_back')", name=op.f("ck_help_offer_state")
        ),
        sa.ForeignKeyConstraint(
            ["help_id"], ["help_request.id"], name=op.f("fk_help_offer_help_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_offer")),
    )
    op.create_index(
        "ix_help_offer_person",
        "help_offer",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_help_offer_chosen",
        "help_offer",
        ["help_id"],
        unique=True,
        postgresql_where=sa.text("state = 'chosen'"),
    )
    op.create_index(
        "uq_help_offer_live",
        "help_offer",
        ["help_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'taken_back' AND person_id IS NOT NULL"),
    )
    op.create_table(
        "housing_building",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("storeys", sa.Integer(), nullable=False),
        sa.Column("has_lift", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("storeys BETWEEN 1 AND 200", name=op.f("ck_housing_building_storeys")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["housing_community.id"],
            name=op.f("fk_housing_building_community_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_building")),
        sa.UniqueConstraint(
            "community_id", "name", name=op.f("uq_housing_building_community_id_name")
        ),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_housing_building_id_community_id")),
    )
    op.create_table(
        "housing_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["housing_community.id"], name=op.f("fk_housing_party_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_party")),
        sa.UniqueConstraint(
            "community_id", "key_hash", name=op.f("uq_housing_party_community_id_key_hash")
        ),
    )
    op.create_table(
        "owner_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("party_member", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind = 'person' OR person_id IS NULL",
            name=op.f("ck_owner_record_companies_have_no_account"),
        ),
        sa.CheckConstraint("kind IN ('person','company')", name=op.f("ck_owner_record_kind")),
        sa.CheckConstraint(
            "(phone_sealed IS NULL) = (phone_fingerprint IS NULL)",
            name=op.f("ck_owner_record_phone"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["housing_community.id"], name=op.f("fk_owner_record_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_owner_record_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_record")),
        sa.UniqueConstraint(
            "community_id",
            "number_fingerprint",
            name=op.f("uq_owner_record_community_id_number_fingerprint"),
        ),
    )
    op.create_index(
        "ix_owner_record_person_id",
        "owner_record",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_owner_record_phone",
        "owner_record",
        ["community_id", "phone_fingerprint"],
        unique=False,
        postgresql_where=sa.text("phone_fingerprint IS NOT NULL"),
    )
    op.create_index(
        "uq_owner_record_person",
        "owner_record",
        ["community_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "post_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('held','released','served')", name=op.f("ck_post_claim_state")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["party_post.id"], name=op.f("fk_post_claim_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_claim")),
    )
    op.create_index(
        "ix_post_claim_person",
        "post_claim",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_post_claim_live",
        "post_claim",
        ["post_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'held' AND person_id IS NOT NULL"),
    )
    op.create_table(
        "resource_booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["shared_resource.id"], name=op.f("fk_resource_booking_resource_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_booking")),
    )
    op.create_index(
        "ix_resource_booking_person",
        "resource_booking",
        ["person_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_resource_booking_resource",
        "resource_booking",
        ["resource_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "roll_caster",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roll_entry.id"], name=op.f("fk_roll_caster_entry_id")
        ),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_roll_caster_vote_id")),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=op.f("pk_roll_caster")),
    )
    op.create_index(
        "ix_roll_caster_person_id", "roll_caster", ["person_id", "vote_id"], unique=False
    )
    op.create_table(
        "roll_room",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roll_entry.id"], name=op.f("fk_roll_room_entry_id")
        ),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_roll_room_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", "room_id", name=op.f("pk_roll_room")),
    )
    op.create_index(op.f("ix_roll_room_entry_id"), "roll_room", ["entry_id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=False),
        sa.Column("scope_kind", sa.String(length=10), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("preset_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            sa.Computed(
                "state IN ('proposed','seconding','submitted','accepted','discussing','drafting','noticing','voting','counting','result_notice','objection','carrying_out')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("seconds_needed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("noticed_draft", sa.Integer(), nullable=True),
        sa.Column("silence_with_majority", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("silence_basis", sa.String(length=300), server_default="", nullable=False),
        sa.Column("end_reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("stage_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('closed','declined','failed','lapsed','withdrawn'))",
            name=op.f("ck_topic_ended"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('noticing','voting','counting','result_notice','objection','carrying_out','closed','failed')) OR kind = 'matter' OR noticed_draft IS NOT NULL",
            name=op.f("ck_topic_noticed"),
        ),
        sa.CheckConstraint(
            "NOT silence_with_majority OR silence_basis <> ''", name=op.f("ck_topic_silence")
        ),
        sa.CheckConstraint(
            "kind IN ('matter','owners_ordinary','owners_major','lift','village','survey','intent','budget')",
            name=op.f("ck_topic_kind"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('community','building','entrance')", name=op.f("ck_topic_scope_kind")
        ),
        sa.CheckConstraint(
            "state <> 'submitted' OR seconds_count >= seconds_needed",
            name=op.f("ck_topic_submitted"),
        ),
        sa.CheckConstraint(
            "state <> 'voting' OR noticed_draft IS NOT NULL", name=op.f("ck_topic_voting")
        ),
        sa.CheckConstraint(
            "state IN ('proposed','seconding','submitted','accepted','discussing','drafting','noticing','voting','counting','result_notice','objection','carrying_out','closed','declined','lapsed','withdrawn','failed')",
            name=op.f("ck_topic_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined','withdrawn','failed') OR end_reason <> ''",
            name=op.f("ck_topic_end_reason"),
        ),
        sa.CheckConstraint(
            "proposer_id IS NULL OR staff_id IS NULL", name=op.f("ck_topic_proposer")
        ),
        sa.CheckConstraint(
            "seconds_needed >= 0 AND seconds_count >= 0", name=op.f("ck_topic_seconds")
        ),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_topic_turn")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["housing_community.id"], name=op.f("fk_topic_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("number", name=op.f("uq_topic_number")),
    )
    op.create_index(
        "ix_topic_community_id", "topic", ["community_id", "last_at", "id"], unique=False
    )
    op.create_index(
        "ix_topic_proposer_id",
        "topic",
        ["proposer_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("proposer_id IS NOT NULL"),
    )
    op.create_index("ix_topic_state", "topic", ["state", "last_at", "id"], unique=False)
    op.create_table(
        "ballot_paper_entry",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.LargeBinary(), nullable=False),
        sa.Column("ballot_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["ballot_paper.id"], name=op.f("fk_ballot_paper_entry_paper_id")
        ),
        sa.PrimaryKeyConstraint("paper_id", "staff_id", name=op.f("pk_ballot_paper_entry")),
    )
    op.create_table(
        "housing_entrance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id", "community_id"],
            ["housing_building.id", "housing_building.community_id"],
            name=op.f("fk_housing_entrance_building_id_community_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_entrance")),
        sa.UniqueConstraint(
            "building_id", "name", name=op.f("uq_housing_entrance_building_id_name")
        ),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_housing_entrance_id_community_id")),
    )
    op.create_index(
        op.f("ix_housing_entrance_community_id"), "housing_entrance", ["community_id"], unique=False
    )
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("post_kind", sa.String(length=10), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.String(length=300), server_default="", nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("appeal_by", sa.Uuid(), nullable=True),
        sa.Column("appeal_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "post_kind IN ('comment','statement')", name=op.f("ck_moderation_case_post_kind")
        ),
        sa.CheckConstraint(
            "state IN ('open','kept','hidden','appealed','upheld','restored')",
            name=op.f("ck_moderation_case_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('hidden','upheld','restored') OR reason <> ''",
            name=op.f("ck_moderation_case_reason"),
        ),
        sa.CheckConstraint(
            "appeal_by IS NULL OR appeal_by <> decided_by", name=op.f("ck_moderation_case_second")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_moderation_case_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
    )
    op.create_index("ix_moderation_case_topic_id", "moderation_case", ["topic_id"], unique=False)
    op.create_index(
        "ix_moderation_case_waiting",
        "moderation_case",
        ["opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open','appealed')"),
    )
    op.create_index(
        "uq_moderation_case_open",
        "moderation_case",
        ["post_kind", "post_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open','hidden','appealed')"),
    )
    op.create_table(
        "opinion_map",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("drawing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("model", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answers_seen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_opinion_map_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_opinion_map")),
    )
    op.create_table(
        "party_member",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner_record.id"], name=op.f("fk_party_member_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["housing_party.id"], name=op.f("fk_party_member_party_id")
        ),
        sa.PrimaryKeyConstraint("party_id", "owner_id", name=op.f("pk_party_member")),
    )
    op.create_index(op.f("ix_party_member_owner_id"), "party_member", ["owner_id"], unique=False)
    op.create_table(
        "topic_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("official", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("likes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("replies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('checking','visible','refused','under_review','hidden','withdrawn')",
            name=op.f("ck_topic_comment_state"),
        ),
        sa.CheckConstraint(
            "NOT official OR staff_id IS NOT NULL", name=op.f("ck_topic_comment_official")
        ),
        sa.CheckConstraint("likes >= 0 AND replies >= 0", name=op.f("ck_topic_comment_counts")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_topic_comment_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["topic_comment.id"], name=op.f("fk_topic_comment_parent_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_comment_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_comment")),
    )
    op.create_index(
        "ix_topic_comment_liked",
        "topic_comment",
        ["topic_id", "parent_id", "likes", "id"],
        unique=False,
    )
    op.create_index(
        "ix_topic_comment_new", "topic_comment", ["topic_id", "parent_id", "at", "id"], unique=False
    )
    op.create_index(
        "ix_topic_comment_person_id",
        "topic_comment",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "topic_draft",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("ballot", sa.String(length=10), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("least", sa.Integer(), server_default="1", nullable=False),
        sa.Column("most", sa.Integer(), server_default="1", nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ballot = 'budget') = (budget_cents IS NOT NULL)", name=op.f("ck_topic_draft_budget")
        ),
        sa.CheckConstraint(
            "ballot IN ('single','multiple','ranked','budget')", name=op.f("ck_topic_draft_ballot")
        ),
        sa.CheckConstraint("least >= 0 AND most >= least", name=op.f("ck_topic_draft_bounds")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_topic_draft_number")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_draft_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "number", name=op.f("pk_topic_draft")),
    )
    op.create_table(
        "topic_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("shown", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(part = 'topic') = (part_id IS NULL)", name=op.f("ck_topic_file_part_id")
        ),
        sa.CheckConstraint(
            "part IN ('topic','comment','objection','requirement','progress')",
            name=op.f("ck_topic_file_part"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_topic_file_file_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_file_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_file")),
        sa.UniqueConstraint("topic_id", "file_id", name=op.f("uq_topic_file_topic_id_file_id")),
    )
    op.create_index(
        "ix_topic_file_part_id",
        "topic_file",
        ["part_id"],
        unique=False,
        postgresql_where=sa.text("part_id IS NOT NULL"),
    )
    op.create_table(
        "topic_follow",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_follow_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "person_id", name=op.f("pk_topic_follow")),
    )
    op.create_index("ix_topic_follow_person_id", "topic_follow", ["person_id"], unique=False)
    op.create_table(
        "topic_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=500), server_default="", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('dismissed','settled','sustained')) = (decided_at IS NOT NULL)",
            name=op.f("ck_topic_objection_decided"),
        ),
        sa.CheckConstraint(
            "stage IN ('noticing','objection')", name=op.f("ck_topic_objection_stage")
        ),
        sa.CheckConstraint(
            "state IN ('raised','mediating','settled','dismissed','sustained')",
            name=op.f("ck_topic_objection_state"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_objection_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_objection")),
    )
    op.create_index(
        "ix_topic_objection_topic_id", "topic_objection", ["topic_id", "at"], unique=False
    )
    op.create_index(
        "uq_topic_objection_open",
        "topic_objection",
        ["topic_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('raised','mediating') AND person_id IS NOT NULL"),
    )
    op.create_table(
        "topic_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_topic_progress_percent")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_progress_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_progress")),
    )
    op.create_index(
        "ix_topic_progress_topic_id", "topic_progress", ["topic_id", "at"], unique=False
    )
    op.create_table(
        "topic_requirement",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_requirement_topic_id")
        ),
        sa.PrimaryKeyConstraint("topic_id", "code", name=op.f("pk_topic_requirement")),
    )
    op.create_table(
        "topic_second",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_second_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "person_id", name=op.f("pk_topic_second")),
    )
    op.create_index("ix_topic_second_person_id", "topic_second", ["person_id"], unique=False)
    op.create_table(
        "topic_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(length=140), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('checking','visible','refused','under_review','hidden','withdrawn')",
            name=op.f("ck_topic_statement_state"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_statement_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_statement")),
    )
    op.create_index(
        "ix_topic_statement_person_id",
        "topic_statement",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_topic_statement_topic_id", "topic_statement", ["topic_id", "at", "id"], unique=False
    )
    op.create_table(
        "vote_proxy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("principal_party_id", sa.Uuid(), nullable=True),
        sa.Column("principal_person_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "holder_id IS NOT NULL OR state NOT IN ('given','confirmed')",
            name=op.f("ck_vote_proxy_live_holder"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(principal_party_id, principal_person_id) = 1 OR state NOT IN ('given','confirmed')",
            name=op.f("ck_vote_proxy_one_principal"),
        ),
        sa.CheckConstraint(
            "state IN ('given','confirmed','refused','revoked','expired')",
            name=op.f("ck_vote_proxy_state"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(topic_id, until) = 1", name=op.f("ck_vote_proxy_one_scope")
        ),
        sa.CheckConstraint("principal_person_id <> holder_id", name=op.f("ck_vote_proxy_another")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["housing_community.id"], name=op.f("fk_vote_proxy_community_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_vote_proxy_given_by")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_vote_proxy_holder_id")),
        sa.ForeignKeyConstraint(
            ["principal_party_id"],
            ["housing_party.id"],
            name=op.f("fk_vote_proxy_principal_party_id"),
        ),
        sa.ForeignKeyConstraint(
            ["principal_person_id"], ["person.id"], name=op.f("fk_vote_proxy_principal_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_proxy")),
    )
    op.create_index(
        "ix_vote_proxy_community", "vote_proxy", ["community_id", "given_at", "id"], unique=False
    )
    op.create_index(
        "ix_vote_proxy_holder",
        "vote_proxy",
        ["holder_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('given','confirmed')"),
    )
    op.create_index(
        "uq_vote_proxy_live",
        "vote_proxy",
        ["community_id", "principal_party_id", "principal_person_id", "topic_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state IN ('given','confirmed')"),
    )
    op.create_table(
        "comment_like",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["topic_comment.id"], name=op.f("fk_comment_like_comment_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_like")),
    )
    op.create_index("ix_comment_like_person_id", "comment_like", ["person_id"], unique=False)
    op.create_table(
        "housing_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entrance_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("storey", sa.Integer(), nullable=False),
        sa.Column("area_centi", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(length=10), nullable=False),
        sa.Column("in_roll", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("use IN ('home','shop','parking')", name=op.f("ck_housing_room_use")),
        sa.CheckConstraint(
            "area_centi > 0 AND area_centi <= 10000000", name=op.f("ck_housing_room_area")
        ),
        sa.ForeignKeyConstraint(
            ["entrance_id", "community_id"],
            ["housing_entrance.id", "housing_entrance.community_id"],
            name=op.f("fk_housing_room_entrance_id_community_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_room")),
        sa.UniqueConstraint(
            "community_id", "label", name=op.f("uq_housing_room_community_id_label")
        ),
    )
    op.create_index("ix_housing_room_entrance_id", "housing_room", ["entrance_id"], unique=False)
    op.create_table(
        "post_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=200), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "why IN ('abuse','privacy','false','advert','other')", name=op.f("ck_post_report_why")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_post_report_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_report")),
        sa.UniqueConstraint("case_id", "person_id", name=op.f("uq_post_report_case_id_person_id")),
    )
    op.create_table(
        "statement_vote",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('agree','disagree','pass')", name=op.f("ck_statement_vote_answer")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["topic_statement.id"], name=op.f("fk_statement_vote_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_statement_vote_topic_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", "person_id", name=op.f("pk_statement_vote")),
    )
    op.create_index("ix_statement_vote_person_id", "statement_vote", ["person_id"], unique=False)
    op.create_index(
        "ix_statement_vote_topic_id", "statement_vote", ["topic_id", "at"], unique=False
    )
    op.create_table(
        "household_member",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner_record.id"], name=op.f("fk_household_member_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["housing_room.id"], name=op.f("fk_household_member_room_id")
        ),
        sa.PrimaryKeyConstraint("room_id", "owner_id", name=op.f("pk_household_member")),
    )
    op.create_index(
        op.f("ix_household_member_owner_id"), "household_member", ["owner_id"], unique=False
    )
    op.create_table(
        "ownership_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("from_party_id", sa.Uuid(), nullable=True),
        sa.Column("to_party_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owners_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("owners_count", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (to_party_id IS NOT NULL)",
            name=op.f("ck_ownership_transfer_to_party"),
        ),
        sa.CheckConstraint(
            "state = 'requested' OR owners_sealed IS NULL",
            name=op.f("ck_ownership_transfer_owners_erased"),
        ),
        sa.CheckConstraint(
            "state IN ('requested','confirmed','refused','withdrawn')",
            name=op.f("ck_ownership_transfer_state"),
        ),
        sa.CheckConstraint(
            "state IN ('requested','withdrawn') OR decided_by IS NOT NULL",
            name=op.f("ck_ownership_transfer_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["from_party_id"],
            ["housing_party.id"],
            name=op.f("fk_ownership_transfer_from_party_id"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_ownership_transfer_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["housing_room.id"], name=op.f("fk_ownership_transfer_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_party_id"], ["housing_party.id"], name=op.f("fk_ownership_transfer_to_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_transfer")),
    )
    op.create_index(
        "ix_ownership_transfer_person",
        "ownership_transfer",
        ["requested_by"],
        unique=False,
        postgresql_where=sa.text("requested_by IS NOT NULL"),
    )
    op.create_index(
        "ix_ownership_transfer_room_id",
        "ownership_transfer",
        ["room_id", "decided_at"],
        unique=False,
    )
    op.create_index(
        "uq_ownership_transfer_open",
        "ownership_transfer",
        ["room_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "residence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "relation IN ('owner','family','tenant')", name=op.f("ck_residence_relation")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by IS NOT NULL", name=op.f("ck_residence_decided")
        ),
        sa.CheckConstraint(
            "state IN ('claimed','confirmed','refused','ended','moved')",
            name=op.f("ck_residence_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed','confirmed') OR person_id IS NOT NULL",
            name=op.f("ck_residence_live_person"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_residence_person_id")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["housing_room.id"], name=op.f("fk_residence_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
    )
    op.create_index(
        "ix_residence_claims",
        "residence",
        ["claimed_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index("ix_residence_room_id", "residence", ["room_id", "state"], unique=False)
    op.create_index(
        "uq_residence_live",
        "residence",
        ["person_id", "room_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('claimed','confirmed')"),
    )
    op.create_table(
        "room_ownership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "source IN ('import','transfer')", name=op.f("ck_room_ownership_source")
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_room_ownership_until")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["housing_party.id"], name=op.f("fk_room_ownership_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["housing_room.id"], name=op.f("fk_room_ownership_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_ownership")),
    )
    op.create_index(
        "ix_room_ownership_party",
        "room_ownership",
        ["party_id"],
        unique=False,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "ix_room_ownership_room_id", "room_ownership", ["room_id", "since"], unique=False
    )
    op.create_index(
        "uq_room_ownership_live",
        "room_ownership",
        ["room_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    # ### end Alembic commands ###
    op.drop_constraint("ck_staff_role_scope_kind", "staff_role", type_="check")
    op.create_check_constraint(
        op.f("ck_staff_role_scope_kind"),
        "staff_role",
        "scope_kind IN ('hall','department','community','street','district')",
    )
    op.execute(_VOTE_RECORD_IS_APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER ballot_receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON ballot_receipt FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(_POINT_ENTRY_IS_APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER point_entry_append_only BEFORE UPDATE OR DELETE ON point_entry "
        "FOR EACH ROW EXECUTE FUNCTION point_entry_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER roll_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON roll FOR "
        "EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(_ROLL_ADDS_UP)
    op.execute(
        "CREATE TRIGGER roll_sums BEFORE INSERT ON roll FOR EACH ROW EXECUTE FUNCTION "
        "roll_adds_up()"
    )
    op.execute(
        "CREATE TRIGGER roll_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "roll_entry FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(_ROLL_IS_CLOSED)
    op.execute(
        "CREATE TRIGGER roll_entry_closed AFTER INSERT ON roll_entry REFERENCING NEW "
        "TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roll_is_closed()"
    )
    op.execute(
        "CREATE TRIGGER vote_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON vote_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER vote_result_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "vote_result FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(_BALLOT_IS_KEPT)
    op.execute(
        "CREATE TRIGGER ballot_kept BEFORE UPDATE OR DELETE ON ballot FOR EACH ROW "
        "EXECUTE FUNCTION ballot_is_kept()"
    )
    op.execute(
        "CREATE TRIGGER ballot_participation_append_only BEFORE UPDATE OR DELETE OR "
        "TRUNCATE ON ballot_participation FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(_CAST_BALLOT_ONCE)
    op.execute(
        "CREATE TRIGGER ballot_pending_once BEFORE INSERT ON ballot_pending FOR EACH ROW "
        "EXECUTE FUNCTION secret_ballot_once()"
    )
    op.execute(
        "CREATE TRIGGER roll_caster_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "roll_caster FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER roll_caster_closed AFTER INSERT ON roll_caster REFERENCING NEW "
        "TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roll_is_closed()"
    )
    op.execute(
        "CREATE TRIGGER roll_room_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "roll_room FOR EACH STATEMENT EXECUTE FUNCTION vote_record_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER roll_room_closed AFTER INSERT ON roll_room REFERENCING NEW TABLE "
        "AS added FOR EACH STATEMENT EXECUTE FUNCTION roll_is_closed()"
    )


def downgrade() -> None:
    """Take it back."""
    op.execute("DELETE FROM staff_role WHERE scope_kind = 'community'")
    op.drop_constraint("ck_staff_role_scope_kind", "staff_role", type_="check")
    op.create_check_constraint(
        op.f("ck_staff_role_scope_kind"),
        "staff_role",
        "scope_kind IN ('hall','department','street','district')",
    )
    op.drop_index(
        "uq_room_ownership_live",
        table_name="room_ownership",
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index("ix_room_ownership_room_id", table_name="room_ownership")
    op.drop_index(
        "ix_room_ownership_party",
        table_name="room_ownership",
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_table("room_ownership")
    op.drop_index(
        "uq_residence_live",
        table_name="residence",
        postgresql_where=sa.text("state IN ('claimed','confirmed')"),
    )
    op.drop_index("ix_residence_room_id", table_name="residence")
    op.drop_index(
        "ix_residence_claims", table_name="residence", postgresql_where=sa.text("state = 'claimed'")
    )
    op.drop_table("residence")
    op.drop_index(
        "uq_ownership_transfer_open",
        table_name="ownership_transfer",
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.drop_index("ix_ownership_transfer_room_id", table_name="ownership_transfer")
    op.drop_index(
        "ix_ownership_transfer_person",
        table_name="ownership_transfer",
        postgresql_where=sa.text("requested_by IS NOT NULL"),
    )
    op.drop_table("ownership_transfer")
    op.drop_index(op.f("ix_household_member_owner_id"), table_name="household_member")
    op.drop_table("household_member")
    op.drop_index("ix_statement_vote_topic_id", table_name="statement_vote")
    op.drop_index("ix_statement_vote_person_id", table_name="statement_vote")
    op.drop_table("statement_vote")
    op.drop_table("post_report")
    op.drop_index("ix_housing_room_entrance_id", table_name="housing_room")
    op.drop_table("housing_room")
    op.drop_index("ix_comment_like_person_id", table_name="comment_like")
    op.drop_table("comment_like")
    op.drop_index(
        "uq_vote_proxy_live",
        table_name="vote_proxy",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state IN ('given','confirmed')"),
    )
    op.drop_index(
        "ix_vote_proxy_holder",
        table_name="vote_proxy",
        postgresql_where=sa.text("state IN ('given','confirmed')"),
    )
    op.drop_index("ix_vote_proxy_community", table_name="vote_proxy")
    op.drop_table("vote_proxy")
    op.drop_index("ix_topic_statement_topic_id", table_name="topic_statement")
    op.drop_index(
        "ix_topic_statement_person_id",
        table_name="topic_statement",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("topic_statement")
    op.drop_index("ix_topic_second_person_id", table_name="topic_second")
    op.drop_table("topic_second")
    op.drop_table("topic_requirement")
    op.drop_index("ix_topic_progress_topic_id", table_name="topic_progress")
    op.drop_table("topic_progress")
    op.drop_index(
        "uq_topic_objection_open",
        table_name="topic_objection",
        postgresql_where=sa.text("state IN ('raised','mediating') AND person_id IS NOT NULL"),
    )
    op.drop_index("ix_topic_objection_topic_id", table_name="topic_objection")
    op.drop_table("topic_objection")
    op.drop_index("ix_topic_follow_person_id", table_name="topic_follow")
    op.drop_table("topic_follow")
    op.drop_index(
        "ix_topic_file_part_id",
        table_name="topic_file",
        postgresql_where=sa.text("part_id IS NOT NULL"),
    )
    op.drop_table("topic_file")
    op.drop_table("topic_draft")
    op.drop_index(
        "ix_topic_comment_person_id",
        table_name="topic_comment",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index("ix_topic_comment_new", table_name="topic_comment")
    op.drop_index("ix_topic_comment_liked", table_name="topic_comment")
    op.drop_table("topic_comment")
    op.drop_index(op.f("ix_party_member_owner_id"), table_name="party_member")
    op.drop_table("party_member")
    op.drop_table("opinion_map")
    op.drop_index(
        "uq_moderation_case_open",
        table_name="moderation_case",
        postgresql_where=sa.text("state IN ('open','hidden','appealed')"),
    )
    op.drop_index(
        "ix_moderation_case_waiting",
        table_name="moderation_case",
        postgresql_where=sa.text("state IN ('open','appealed')"),
    )
    op.drop_index("ix_moderation_case_topic_id", table_name="moderation_case")
    op.drop_table("moderation_case")
    op.drop_index(op.f("ix_housing_entrance_community_id"), table_name="housing_entrance")
    op.drop_table("housing_entrance")
    op.drop_table("ballot_paper_entry")
    op.drop_index("ix_topic_state", table_name="topic")
    op.drop_index(
        "ix_topic_proposer_id",
        table_name="topic",
        postgresql_where=sa.text("proposer_id IS NOT NULL"),
    )
    op.drop_index("ix_topic_community_id", table_name="topic")
    op.drop_table("topic")
    op.drop_index(op.f("ix_roll_room_entry_id"), table_name="roll_room")
    op.drop_table("roll_room")
    op.drop_index("ix_roll_caster_person_id", table_name="roll_caster")
    op.drop_table("roll_caster")
    op.drop_index("ix_resource_booking_resource", table_name="resource_booking")
    op.drop_index(
        "ix_resource_booking_person",
        table_name="resource_booking",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("resource_booking")
    op.drop_index(
        "uq_post_claim_live",
        table_name="post_claim",
        postgresql_where=sa.text("state = 'held' AND person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_post_claim_person",
        table_name="post_claim",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("post_claim")
    op.drop_index(
        "uq_owner_record_person",
        table_name="owner_record",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_owner_record_phone",
        table_name="owner_record",
        postgresql_where=sa.text("phone_fingerprint IS NOT NULL"),
    )
    op.drop_index(
        "ix_owner_record_person_id",
        table_name="owner_record",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("owner_record")
    op.drop_table("housing_party")
    op.drop_table("housing_building")
    op.drop_index(
        "uq_help_offer_live",
        table_name="help_offer",
        postgresql_where=sa.text("state <> 'taken_back' AND person_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_help_offer_chosen",
        table_name="help_offer",
        postgresql_where=sa.text("state = 'chosen'"),
    )
    op.drop_index(
        "ix_help_offer_person",
        table_name="help_offer",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("help_offer")
    op.drop_index(op.f("ix_ballot_pending_vote_id"), table_name="ballot_pending")
    op.drop_table("ballot_pending")
    op.drop_table("ballot_participation")
    op.drop_index(
        "uq_ballot_paper_live",
        table_name="ballot_paper",
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.drop_table("ballot_paper")
    op.drop_index(
        "uq_ballot_attempt", table_name="ballot", postgresql_where=sa.text("attempt IS NOT NULL")
    )
    op.drop_index(
        "ix_ballot_unsealed", table_name="ballot", postgresql_where=sa.text("ordinal IS NULL")
    )
    op.drop_table("ballot")
    op.drop_index(
        "uq_activity_signup_turn",
        table_name="activity_signup",
        postgresql_where=sa.text("turn IS NOT NULL"),
    )
    op.drop_index(
        "uq_activity_signup_live",
        table_name="activity_signup",
        postgresql_where=sa.text(
            "state IN ('confirmed','waitlisted','offered','attended','absent') AND person_id IS NOT NULL"
        ),
    )
    op.drop_index(
        "ix_activity_signup_person",
        table_name="activity_signup",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index("ix_activity_signup_activity", table_name="activity_signup")
    op.drop_table("activity_signup")
    op.drop_index(
        "ix_wish_person", table_name="wish", postgresql_where=sa.text("person_id IS NOT NULL")
    )
    op.drop_index(
        "ix_wish_holder", table_name="wish", postgresql_where=sa.text("holder_id IS NOT NULL")
    )
    op.drop_index("ix_wish_area", table_name="wish")
    op.drop_table("wish")
    op.drop_table("vote_result")
    op.drop_table("vote_log")
    op.drop_table("vote_checkpoint")
    op.drop_index("ix_shared_resource_area", table_name="shared_resource")
    op.drop_table("shared_resource")
    op.drop_table("roll_entry")
    op.drop_table("roll")
    op.drop_index(
        "uq_point_entry_subject",
        table_name="point_entry",
        postgresql_where=sa.text("reason <> 'correction'"),
    )
    op.drop_index(
        "ix_point_entry_person",
        table_name="point_entry",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_point_entry_area",
        table_name="point_entry",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("point_entry")
    op.drop_index(
        "uq_party_report_live",
        table_name="party_report",
        postgresql_where=sa.text("state IN ('requested','confirmed') AND person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_party_report_person",
        table_name="party_report",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index("ix_party_report_area", table_name="party_report")
    op.drop_table("party_report")
    op.drop_index("ix_party_post_area", table_name="party_post")
    op.drop_table("party_post")
    op.drop_index(op.f("ix_housing_community_area_id"), table_name="housing_community")
    op.drop_table("housing_community")
    op.drop_index(
        "ix_help_request_person",
        table_name="help_request",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_help_request_helper",
        table_name="help_request",
        postgresql_where=sa.text("helper_id IS NOT NULL"),
    )
    op.drop_index("ix_help_request_area", table_name="help_request")
    op.drop_table("help_request")
    op.drop_table("ballot_receipt")
    op.drop_index("ix_activity_starts", table_name="activity")
    op.drop_index("ix_activity_area", table_name="activity")
    op.drop_table("activity")
    op.drop_index(
        "uq_vote_live",
        table_name="vote",
        postgresql_where=sa.text("state IN ('prepared','open','closing')"),
    )
    op.drop_index("ix_vote_topic_id", table_name="vote")
    op.drop_index(
        "ix_vote_running",
        table_name="vote",
        postgresql_where=sa.text("state IN ('open','closing')"),
    )
    op.drop_index(op.f("ix_vote_community_id"), table_name="vote")
    op.drop_table("vote")
    op.drop_index("ix_register_file_file_id", table_name="register_file")
    op.drop_table("register_file")
    op.drop_index(
        "uq_content_item_media_trace",
        table_name="content_item",
        postgresql_where=sa.text("media_trace <> ''"),
    )
    op.drop_index(
        "ix_content_item_open",
        table_name="content_item",
        postgresql_where=sa.text("state IN ('pending','asked')"),
    )
    op.drop_index("ix_content_item_check_id", table_name="content_item")
    op.drop_table("content_item")
    op.drop_index(
        "ix_service_certificate_person",
        table_name="service_certificate",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("service_certificate")
    op.drop_table("neighbour_profile")
    op.drop_index(
        "uq_content_check_current",
        table_name="content_check",
        postgresql_where=sa.text("state <> 'replaced'"),
    )
    op.drop_index(
        "ix_content_check_review",
        table_name="content_check",
        postgresql_where=sa.text("state = 'review'"),
    )
    op.drop_index(
        "ix_content_check_person_id",
        table_name="content_check",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_table("content_check")
    # ### end Alembic commands ###
    op.execute("DROP FUNCTION IF EXISTS vote_record_is_append_only()")
    op.execute("DROP FUNCTION IF EXISTS point_entry_is_append_only()")
    op.execute("DROP FUNCTION IF EXISTS roll_adds_up()")
    op.execute("DROP FUNCTION IF EXISTS roll_is_closed()")
    op.execute("DROP FUNCTION IF EXISTS ballot_is_kept()")
    op.execute("DROP FUNCTION IF EXISTS secret_ballot_once()")
