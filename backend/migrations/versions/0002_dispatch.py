"""dispatch: grid, patrols, events, routing, hot issues, Open311."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def upgrade() -> None:
    """Make the change."""
    op.add_column("staff_account", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_staff_account_person_id"), "staff_account", "person", ["person_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_staff_account_person_id"), "staff_account", ["person_id"])
    op.create_table(
        "area_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_area_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_revision")),
    )
    op.create_table(
        "check_list",
        sa.Column("place_type", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_check_list_version")),
        sa.PrimaryKeyConstraint("place_type", "version", name=op.f("pk_check_list")),
    )
    op.create_table(
        "clock_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("urgency", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "unit IN ('minutes','hours','working_days')", name=op.f("ck_clock_rule_unit")
        ),
        sa.CheckConstraint("urgency IN ('urgent','normal')", name=op.f("ck_clock_rule_urgency")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_clock_rule_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rule")),
    )
    op.create_index(
        "uq_clock_rule",
        "clock_rule",
        ["kind", "category_code", "urgency"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("tile", sa.Integer(), nullable=True),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("cell_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            sa.Computed(
                "state IN ('called','assigned','claimed','scheduled','in_progress','whistled','disposed','verified','reopened')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("on_hold", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("hard", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("confidential", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("callers_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reopened_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("caller_reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("public_result", sa.Text(), server_default="", nullable=False),
        sa.Column("external_number", sa.String(length=60), server_default="", nullable=False),
        sa.Column("ticket_number", sa.String(length=60), nullable=True),
        sa.Column("transferred_to", sa.String(length=20), server_default="", nullable=False),
        sa.Column("patrol_id", sa.Uuid(), nullable=True),
        sa.Column("disposer_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (parent_id IS NOT NULL)", name=op.f("ck_event_merged")
        ),
        sa.CheckConstraint(
            "NOT (state IN ('assigned','claimed','scheduled','in_progress','whistled','disposed','verified')) OR lead_id IS NOT NULL",
            name=op.f("ck_event_led"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('called','reopened')) OR lead_id IS NULL", name=op.f("ck_event_unled")
        ),
        sa.CheckConstraint(
            "level IN ('worker','deputy','leader','street','dispatch')", name=op.f("ck_event_level")
        ),
        sa.CheckConstraint(
            "source IN ('resident','patrol','superior','ticket','wechat','open311')",
            name=op.f("ck_event_source"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_event_closed")
        ),
        sa.CheckConstraint(
            "state <> 'ticketed' OR ticket_number IS NOT NULL", name=op.f("ck_event_ticket")
        ),
        sa.CheckConstraint(
            "state IN ('called','assigned','claimed','scheduled','in_progress','whistled','disposed','verified','closed','reopened','cancelled','transferred','merged','ticketed')",
            name=op.f("ck_event_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('disposed','verified','closed') OR disposer_id IS NOT NULL",
            name=op.f("ck_event_disposer"),
        ),
        sa.CheckConstraint("urgency IN ('urgent','normal')", name=op.f("ck_event_urgency")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_event_place")),
        sa.CheckConstraint("callers_count >= 0", name=op.f("ck_event_callers_count")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_event_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["event.id"], name=op.f("fk_event_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("number", name=op.f("uq_event_number")),
        postgresql_with={"fillfactor": "85"},
    )
    op.create_index("ix_event_called_at", "event", ["called_at", "id"], unique=False)
    op.create_index(
        "ix_event_closed_at",
        "event",
        ["closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(
        "ix_event_closed_tile",
        "event",
        ["tile", "closed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(
        "ix_event_open_called",
        "event",
        ["called_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_category",
        "event",
        ["category_code", "called_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_cell",
        "event",
        ["cell_id", "state", "called_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_lead",
        "event",
        ["lead_id", "called_at"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_state",
        "event",
        ["state", "called_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_street",
        "event",
        ["street_id", "called_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_event_open_tile", "event", ["tile"], unique=False, postgresql_where=sa.text("is_open")
    )
    op.create_index(
        "ix_event_parent_id",
        "event",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_patrol_id",
        "event",
        ["patrol_id"],
        unique=False,
        postgresql_where=sa.text("patrol_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_street_called_at", "event", ["street_id", "called_at", "id"], unique=False
    )
    op.create_index(
        "ix_event_to_verify",
        "event",
        ["street_id", "disposed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'disposed'"),
    )
    op.create_index(
        "ix_event_unled_cell",
        "event",
        ["cell_id", "called_at"],
        unique=False,
        postgresql_where=sa.text("is_open AND lead_id IS NULL"),
    )
    op.create_index(
        "uq_event_external",
        "event",
        ["source", "external_number"],
        unique=True,
        postgresql_where=sa.text("external_number <> ''"),
    )
    op.create_table(
        "event_category",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent_code", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("hint", sa.String(length=200), server_default="", nullable=False),
        sa.Column("icon", sa.String(length=40), server_default="", nullable=False),
        sa.Column("urgency", sa.String(length=10), server_default="normal", nullable=False),
        sa.Column("dispose_amount", sa.Integer(), server_default="168", nullable=False),
        sa.Column("dispose_unit", sa.String(length=12), server_default="hours", nullable=False),
        sa.Column("before_photo", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("after_photo", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("department_code", sa.String(length=40), nullable=True),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("public", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "dispose_unit IN ('minutes','hours','working_days')",
            name=op.f("ck_event_category_dispose_unit"),
        ),
        sa.CheckConstraint(
            "urgency IN ('urgent','normal')", name=op.f("ck_event_category_urgency")
        ),
        sa.CheckConstraint("dispose_amount > 0", name=op.f("ck_event_category_dispose_amount")),
        sa.CheckConstraint(
            "parent_code IS NULL OR parent_code <> code", name=op.f("ck_event_category_parent")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_event_category")),
    )
    op.create_index(
        "ix_event_category_parent_code", "event_category", ["parent_code"], unique=False
    )
    op.create_table(
        "event_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_change")),
    )
    op.create_index("ix_event_change_at", "event_change", ["at"], unique=False)
    op.create_index("ix_event_change_xid", "event_change", ["xid", "id"], unique=False)
    op.create_table(
        "hot_issue_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "made_at IS NOT NULL OR requested_at IS NOT NULL", name=op.f("ck_hot_issue_run_wanted")
        ),
        sa.CheckConstraint("messages >= 0", name=op.f("ck_hot_issue_run_messages")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_hot_issue_run")),
    )
    op.create_table(
        "open311_api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_api_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_open311_api_key_fingerprint")),
    )
    op.create_table(
        "open311_attribute",
        sa.Column("service_code", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("datatype", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("description", sa.String(length=120), nullable=False),
        sa.Column("datatype_description", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "datatype IN ('string','number','datetime','text','singlevaluelist','multivaluelist')",
            name=op.f("ck_open311_attribute_datatype"),
        ),
        sa.PrimaryKeyConstraint("service_code", "code", name=op.f("pk_open311_attribute")),
    )
    op.create_table(
        "routing_model",
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("closed_events", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_for", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "target IN ('category','department')", name=op.f("ck_routing_model_target")
        ),
        sa.CheckConstraint("accuracy BETWEEN 0 AND 1", name=op.f("ck_routing_model_accuracy")),
        sa.CheckConstraint(
            "closed_events BETWEEN 0 AND examples", name=op.f("ck_routing_model_examples")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_routing_model_version")),
        sa.PrimaryKeyConstraint("target", "version", name=op.f("pk_routing_model")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("street_id", sa.Uuid(), nullable=False),
        sa.Column("geometry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.String(length=60)), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'street') = (parent_id IS NULL)", name=op.f("ck_area_parent")),
        sa.CheckConstraint(
            "geometry ->> 'type' IN ('Polygon','MultiPolygon')", name=op.f("ck_area_geometry")
        ),
        sa.CheckConstraint("kind IN ('street','community','cell')", name=op.f("ck_area_kind")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_area_version")),
        sa.CheckConstraint("west < east AND south < north", name=op.f("ck_area_box")),
        sa.CheckConstraint(
            "west >= -180 AND east <= 180 AND south >= -90 AND north <= 90",
            name=op.f("ck_area_degrees"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_area_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_index(op.f("ix_area_street_id"), "area", ["street_id"], unique=False)
    op.create_index(
        "uq_area_of_street", "area", ["street_id"], unique=True, postgresql_where="kind = 'street'"
    )
    op.create_table(
        "duty_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_duty_shift_weekdays")),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_duty_shift_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
    )
    op.create_index(
        "uq_duty_shift_name",
        "duty_shift",
        ["street_id", "name"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "escalation_chain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("levels", postgresql.ARRAY(sa.String(length=10)), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "levels <@ ARRAY['worker','deputy','leader','street']::varchar[]",
            name=op.f("ck_escalation_chain_levels"),
        ),
        sa.CheckConstraint("cardinality(levels) >= 1", name=op.f("ck_escalation_chain_not_empty")),
        sa.ForeignKeyConstraint(
            ["street_id"], ["street.id"], name=op.f("fk_escalation_chain_street_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_chain")),
        sa.UniqueConstraint(
            "street_id",
            name=op.f("uq_escalation_chain_street_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "event_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("staff_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('worker','deputy','leader','street','dispatch')",
            name=op.f("ck_event_attempt_level"),
        ),
        sa.CheckConstraint(
            "outcome IN ('waiting','passed','empty','claimed','over')",
            name=op.f("ck_event_attempt_outcome"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_attempt_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_attempt")),
    )
    op.create_index("ix_event_attempt_event_id", "event_attempt", ["event_id", "at"], unique=False)
    op.create_index(
        "ix_event_attempt_open",
        "event_attempt",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("outcome IN ('waiting','passed')"),
    )
    op.create_index(
        "ix_event_attempt_staff",
        "event_attempt",
        ["staff_ids"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("outcome IN ('waiting','passed')"),
    )
    op.create_table(
        "event_caller",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('first','joined','moved')", name=op.f("ck_event_caller_kind")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_event_caller_score")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_caller_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_caller")),
    )
    op.create_index("ix_event_caller_event_id", "event_caller", ["event_id"], unique=False)
    op.create_index(
        "ix_event_caller_person_id",
        "event_caller",
        ["person_id", "joined_at"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_caller_staff_id",
        "event_caller",
        ["staff_id", "joined_at"],
        unique=False,
        postgresql_where=sa.text("staff_id IS NOT NULL"),
    )
    op.create_index(
        "uq_event_caller_person",
        "event_caller",
        ["event_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "event_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_amount", sa.Integer(), nullable=False),
        sa.Column("limit_unit", sa.String(length=12), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "limit_unit IN ('minutes','hours','working_days')",
            name=op.f("ck_event_clock_limit_unit"),
        ),
        sa.CheckConstraint(
            "outcome <> 'running' OR stopped_at IS NULL", name=op.f("ck_event_clock_running")
        ),
        sa.CheckConstraint(
            "outcome IN ('running','met','overdue','cancelled')",
            name=op.f("ck_event_clock_outcome"),
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR outcome <> 'running'", name=op.f("ck_event_clock_ended")
        ),
        sa.CheckConstraint("limit_amount > 0", name=op.f("ck_event_clock_limit_amount")),
        sa.CheckConstraint("paused_seconds >= 0", name=op.f("ck_event_clock_paused_seconds")),
        sa.CheckConstraint(
            "stopped_at IS NULL OR paused_at IS NULL", name=op.f("ck_event_clock_paused")
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR stopped_at >= started_at", name=op.f("ck_event_clock_stopped")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_clock_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_clock")),
    )
    op.create_index(
        "ix_event_clock_due",
        "event_clock",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.create_index("ix_event_clock_event_id", "event_clock", ["event_id"], unique=False)
    op.create_index(
        "ix_event_clock_open",
        "event_clock",
        ["event_id"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index(
        "uq_event_clock_open",
        "event_clock",
        ["subject_id", "kind"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "event_file",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("subtask_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('report','before','after','result','note','voice','verify')",
            name=op.f("ck_event_file_role"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_file_event_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_event_file_file_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "file_id", "role", name=op.f("pk_event_file")),
    )
    op.create_index("ix_event_file_file_id", "event_file", ["file_id"], unique=False)
    op.create_table(
        "event_intake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("source_key", sa.String(length=80), server_default="", nullable=False),
        sa.Column("sender_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.String(length=30), server_default="", nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'converted') = (event_id IS NOT NULL)", name=op.f("ck_event_intake_converted")
        ),
        sa.CheckConstraint(
            "channel IN ('paste','push','open311')", name=op.f("ck_event_intake_channel")
        ),
        sa.CheckConstraint(
            "state IN ('waiting','converted','dismissed')", name=op.f("ck_event_intake_state")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_intake_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_intake")),
    )
    op.create_index(op.f("ix_event_intake_person_id"), "event_intake", ["person_id"], unique=False)
    op.create_index(
        "ix_event_intake_waiting",
        "event_intake",
        ["received_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_event_intake_source",
        "event_intake",
        ["channel", "source_key"],
        unique=True,
        postgresql_where=sa.text("source_key <> ''"),
    )
    op.create_table(
        "event_recording",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("tried", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recognised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_event_recording_seconds")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_event_recording_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_event_recording")),
    )
    op.create_index(
        "ix_event_recording_due",
        "event_recording",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "event_release",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_release_event_id")),
        sa.PrimaryKeyConstraint("event_id", "staff_id", name=op.f("pk_event_release")),
    )
    op.create_table(
        "event_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('hold','cancel')", name=op.f("ck_event_request_kind")),
        sa.CheckConstraint(
            "state IN ('pending','approved','rejected','withdrawn','ended')",
            name=op.f("ck_event_request_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_event_request_two_people")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_request_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_request")),
    )
    op.create_index("ix_event_request_event_id", "event_request", ["event_id"], unique=False)
    op.create_index(
        "uq_event_request_open",
        "event_request",
        ["event_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending','approved')"),
    )
    op.create_table(
        "event_subtask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting','accepted','done','returned','withdrawn')",
            name=op.f("ck_event_subtask_state"),
        ),
        sa.CheckConstraint(
            "(staff_id IS NULL) <> (department_id IS NULL)", name=op.f("ck_event_subtask_holder")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_subtask_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_subtask")),
    )
    op.create_index(
        "ix_event_subtask_department",
        "event_subtask",
        ["department_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting','accepted')"),
    )
    op.create_index("ix_event_subtask_event_id", "event_subtask", ["event_id"], unique=False)
    op.create_index(
        "ix_event_subtask_staff",
        "event_subtask",
        ["staff_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting','accepted')"),
    )
    op.create_table(
        "event_whistle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("blown_by", sa.Uuid(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("blown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('called','signed','contacted','arrived','finished','returned','withdrawn')",
            name=op.f("ck_event_whistle_state"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_whistle_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_whistle")),
    )
    op.create_index(
        "ix_event_whistle_department",
        "event_whistle",
        ["department_id", "blown_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('called','signed','contacted','arrived')"),
    )
    op.create_index("ix_event_whistle_event_id", "event_whistle", ["event_id"], unique=False)
    op.create_index(
        "uq_event_whistle_open",
        "event_whistle",
        ["event_id", "department_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('called','signed','contacted','arrived')"),
    )
    op.create_table(
        "hot_issue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("growth", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("members", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("jsonb_array_length(members) > 0", name=op.f("ck_hot_issue_members")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_hot_issue_rank")),
        sa.ForeignKeyConstraint(
            ["day"], ["hot_issue_run.day"], name=op.f("fk_hot_issue_day"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_issue")),
        sa.UniqueConstraint("day", "rank", name=op.f("uq_hot_issue_day_rank")),
    )
    op.create_table(
        "open311_request",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("intake_id", sa.Uuid(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("media_url", sa.String(length=500), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR intake_id IS NOT NULL",
            name=op.f("ck_open311_request_leads_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["open311_api_key.id"], name=op.f("fk_open311_request_api_key_id")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_open311_request")),
        sa.UniqueConstraint("intake_id", name=op.f("uq_open311_request_intake_id")),
    )
    op.create_index(
        op.f("ix_open311_request_api_key_id"), "open311_request", ["api_key_id"], unique=False
    )
    op.create_index(
        op.f("ix_open311_request_event_id"), "open311_request", ["event_id"], unique=False
    )
    op.create_table(
        "supervision_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open','replied','closed')", name=op.f("ck_supervision_order_state")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_supervision_order_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
    )
    op.create_index(
        "ix_supervision_order_event_id", "supervision_order", ["event_id"], unique=False
    )
    op.create_index(
        "ix_supervision_order_open",
        "supervision_order",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(level = 'department' AND department_id IS NOT NULL) OR (level IN ('worker','deputy','leader','street') AND area_id IS NOT NULL)",
            name=op.f("ck_duty_level"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(area_id, department_id) = 1", name=op.f("ck_duty_one_place")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_duty_area_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_duty_department_id")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["duty_shift.id"], name=op.f("fk_duty_shift_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_account.id"], name=op.f("fk_duty_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_area_id"), "duty", ["area_id"], unique=False)
    op.create_index(op.f("ix_duty_department_id"), "duty", ["department_id"], unique=False)
    op.create_index(op.f("ix_duty_staff_id"), "duty", ["staff_id"], unique=False)
    op.create_index(
        "uq_duty_once",
        "duty",
        ["area_id", "department_id", "staff_id", "level", "category_code", "shift_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "duty_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_absence_ends_later")),
        sa.CheckConstraint("substitute_id <> staff_id", name=op.f("ck_duty_absence_another")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_duty_absence_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["staff_account.id"], name=op.f("fk_duty_absence_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_absence")),
    )
    op.create_index(op.f("ix_duty_absence_staff_id"), "duty_absence", ["staff_id"], unique=False)
    op.create_index("ix_duty_absence_when", "duty_absence", ["ends_at", "starts_at"], unique=False)
    op.create_table(
        "patrol",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=False),
        sa.Column("points_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'open' OR finished_at IS NOT NULL", name=op.f("ck_patrol_finished")
        ),
        sa.CheckConstraint("state IN ('open','lapsed','finished')", name=op.f("ck_patrol_state")),
        sa.CheckConstraint("finished_at >= started_at", name=op.f("ck_patrol_order")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_patrol_staff_id")
        ),
        sa.ForeignKeyConstraint(["street_id"], ["street.id"], name=op.f("fk_patrol_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol")),
        sa.UniqueConstraint("staff_id", "started_at", name=op.f("uq_patrol_staff_id_started_at")),
    )
    op.create_index(op.f("ix_patrol_started_at"), "patrol", ["started_at"], unique=False)
    op.create_index("ix_patrol_street_day", "patrol", ["street_id", "started_at"], unique=False)
    op.create_index(
        "uq_patrol_open", "patrol", ["staff_id"], unique=True, postgresql_where="state = 'open'"
    )
    op.create_table(
        "check_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patrol_id", sa.Uuid(), nullable=False),
        sa.Column("place_type", sa.String(length=40), nullable=False),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(length=40), nullable=False),
        sa.Column("place_name", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("cell_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_check_record_failed")),
        sa.ForeignKeyConstraint(["cell_id"], ["area.id"], name=op.f("fk_check_record_cell_id")),
        sa.ForeignKeyConstraint(
            ["patrol_id"], ["patrol.id"], name=op.f("fk_check_record_patrol_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_record")),
        sa.UniqueConstraint(
            "patrol_id",
            "place_type",
            "place_name",
            "checked_at",
            name=op.f("uq_check_record_patrol_id_place_type_place_name_checked_at"),
        ),
    )
    op.create_index(op.f("ix_check_record_patrol_id"), "check_record", ["patrol_id"], unique=False)
    op.create_table(
        "patrol_point",
        sa.Column("patrol_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_patrol_point_latitude")),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_patrol_point_longitude")
        ),
        sa.ForeignKeyConstraint(
            ["patrol_id"], ["patrol.id"], name=op.f("fk_patrol_point_patrol_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patrol_id", "at", name=op.f("pk_patrol_point")),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Take it back."""
    op.drop_table("patrol_point")
    op.drop_index(op.f("ix_check_record_patrol_id"), table_name="check_record")
    op.drop_table("check_record")
    op.drop_index("uq_patrol_open", table_name="patrol", postgresql_where="state = 'open'")
    op.drop_index("ix_patrol_street_day", table_name="patrol")
    op.drop_index(op.f("ix_patrol_started_at"), table_name="patrol")
    op.drop_table("patrol")
    op.drop_index("ix_duty_absence_when", table_name="duty_absence")
    op.drop_index(op.f("ix_duty_absence_staff_id"), table_name="duty_absence")
    op.drop_table("duty_absence")
    op.drop_index("uq_duty_once", table_name="duty", postgresql_nulls_not_distinct=True)
    op.drop_index(op.f("ix_duty_staff_id"), table_name="duty")
    op.drop_index(op.f("ix_duty_department_id"), table_name="duty")
    op.drop_index(op.f("ix_duty_area_id"), table_name="duty")
    op.drop_table("duty")
    op.drop_index(
        "ix_supervision_order_open",
        table_name="supervision_order",
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index("ix_supervision_order_event_id", table_name="supervision_order")
    op.drop_table("supervision_order")
    op.drop_index(op.f("ix_open311_request_event_id"), table_name="open311_request")
    op.drop_index(op.f("ix_open311_request_api_key_id"), table_name="open311_request")
    op.drop_table("open311_request")
    op.drop_table("hot_issue")
    op.drop_index(
        "uq_event_whistle_open",
        table_name="event_whistle",
        postgresql_where=sa.text("state IN ('called','signed','contacted','arrived')"),
    )
    op.drop_index("ix_event_whistle_event_id", table_name="event_whistle")
    op.drop_index(
        "ix_event_whistle_department",
        table_name="event_whistle",
        postgresql_where=sa.text("state IN ('called','signed','contacted','arrived')"),
    )
    op.drop_table("event_whistle")
    op.drop_index(
        "ix_event_subtask_staff",
        table_name="event_subtask",
        postgresql_where=sa.text("state IN ('waiting','accepted')"),
    )
    op.drop_index("ix_event_subtask_event_id", table_name="event_subtask")
    op.drop_index(
        "ix_event_subtask_department",
        table_name="event_subtask",
        postgresql_where=sa.text("state IN ('waiting','accepted')"),
    )
    op.drop_table("event_subtask")
    op.drop_index(
        "uq_event_request_open",
        table_name="event_request",
        postgresql_where=sa.text("state IN ('pending','approved')"),
    )
    op.drop_index("ix_event_request_event_id", table_name="event_request")
    op.drop_table("event_request")
    op.drop_table("event_release")
    op.drop_index(
        "ix_event_recording_due",
        table_name="event_recording",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_table("event_recording")
    op.drop_index(
        "uq_event_intake_source",
        table_name="event_intake",
        postgresql_where=sa.text("source_key <> ''"),
    )
    op.drop_index(
        "ix_event_intake_waiting",
        table_name="event_intake",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_event_intake_person_id"), table_name="event_intake")
    op.drop_table("event_intake")
    op.drop_index("ix_event_file_file_id", table_name="event_file")
    op.drop_table("event_file")
    op.drop_index(
        "uq_event_clock_open",
        table_name="event_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        "ix_event_clock_open",
        table_name="event_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index("ix_event_clock_event_id", table_name="event_clock")
    op.drop_index(
        "ix_event_clock_due",
        table_name="event_clock",
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.drop_table("event_clock")
    op.drop_index(
        "uq_event_caller_person",
        table_name="event_caller",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_event_caller_staff_id",
        table_name="event_caller",
        postgresql_where=sa.text("staff_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_event_caller_person_id",
        table_name="event_caller",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index("ix_event_caller_event_id", table_name="event_caller")
    op.drop_table("event_caller")
    op.drop_index(
        "ix_event_attempt_staff",
        table_name="event_attempt",
        postgresql_using="gin",
        postgresql_where=sa.text("outcome IN ('waiting','passed')"),
    )
    op.drop_index(
        "ix_event_attempt_open",
        table_name="event_attempt",
        postgresql_where=sa.text("outcome IN ('waiting','passed')"),
    )
    op.drop_index("ix_event_attempt_event_id", table_name="event_attempt")
    op.drop_table("event_attempt")
    op.drop_table("escalation_chain")
    op.drop_index("uq_duty_shift_name", table_name="duty_shift", postgresql_nulls_not_distinct=True)
    op.drop_table("duty_shift")
    op.drop_index("uq_area_of_street", table_name="area", postgresql_where="kind = 'street'")
    op.drop_index(op.f("ix_area_street_id"), table_name="area")
    op.drop_index(op.f("ix_area_parent_id"), table_name="area")
    op.drop_table("area")
    op.drop_table("routing_model")
    op.drop_table("open311_attribute")
    op.drop_table("open311_api_key")
    op.drop_table("hot_issue_run")
    op.drop_index("ix_event_change_xid", table_name="event_change")
    op.drop_index("ix_event_change_at", table_name="event_change")
    op.drop_table("event_change")
    op.drop_index("ix_event_category_parent_code", table_name="event_category")
    op.drop_table("event_category")
    op.drop_index(
        "uq_event_external", table_name="event", postgresql_where=sa.text("external_number <> ''")
    )
    op.drop_index(
        "ix_event_unled_cell",
        table_name="event",
        postgresql_where=sa.text("is_open AND lead_id IS NULL"),
    )
    op.drop_index(
        "ix_event_to_verify", table_name="event", postgresql_where=sa.text("state = 'disposed'")
    )
    op.drop_index("ix_event_street_called_at", table_name="event")
    op.drop_index(
        "ix_event_patrol_id", table_name="event", postgresql_where=sa.text("patrol_id IS NOT NULL")
    )
    op.drop_index(
        "ix_event_parent_id", table_name="event", postgresql_where=sa.text("parent_id IS NOT NULL")
    )
    op.drop_index("ix_event_open_tile", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_street", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_state", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_lead", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_cell", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_category", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_event_open_called", table_name="event", postgresql_where=sa.text("is_open"))
    op.drop_index(
        "ix_event_closed_tile", table_name="event", postgresql_where=sa.text("state = 'closed'")
    )
    op.drop_index(
        "ix_event_closed_at", table_name="event", postgresql_where=sa.text("state = 'closed'")
    )
    op.drop_index("ix_event_called_at", table_name="event")
    op.drop_table("event")
    op.drop_index("uq_clock_rule", table_name="clock_rule", postgresql_nulls_not_distinct=True)
    op.drop_table("clock_rule")
    op.drop_table("check_list")
    op.drop_table("area_revision")
    # ### end Alembic commands ###
    op.drop_column("staff_account", "person_id")
