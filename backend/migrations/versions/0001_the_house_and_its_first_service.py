"""the house and its first service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

TRACE_GUARD = """
CREATE OR REPLACE FUNCTION trace_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'trace_entry is append-only'; END $$;
CREATE TRIGGER trace_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trace_entry
FOR EACH STATEMENT EXECUTE FUNCTION trace_entry_is_append_only();
"""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "catalog_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalog_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_revision")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("code", name=op.f("uq_department_code")),
    )
    op.create_table(
        "district",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("hotline", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("etag", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"], unique=False
    )
    op.create_table(
        "life_event",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_life_event")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("id_number_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=True),
        sa.Column("elder_mode", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_person_merged_somewhere"),
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (id_number_fingerprint IS NOT NULL AND id_number_sealed IS NOT NULL AND name_sealed IS NOT NULL AND verified_at IS NOT NULL)",
            name=op.f("ck_person_verified_has_identity"),
        ),
        sa.CheckConstraint(
            "state = 'verified' OR (id_number_fingerprint IS NULL AND id_number_sealed IS NULL)",
            name=op.f("ck_person_number_only_when_verified"),
        ),
        sa.CheckConstraint(
            "state IN ('provisional','verified') OR (name_sealed IS NULL AND phone_sealed IS NULL AND phone_fingerprint IS NULL)",
            name=op.f("ck_person_nothing_left_when_ended"),
        ),
        sa.CheckConstraint(
            "state IN ('provisional','verified','merged','closed')", name=op.f("ck_person_state")
        ),
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"], name=op.f("fk_person_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number_fingerprint", name=op.f("uq_person_id_number_fingerprint")),
        sa.UniqueConstraint("phone_fingerprint", name=op.f("uq_person_phone_fingerprint")),
    )
    op.create_table(
        "receipt",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_receipt")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_receipt_subject_id")),
    )
    op.create_index(op.f("ix_receipt_person_id"), "receipt", ["person_id"], unique=False)
    op.create_table(
        "reveal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("staff_name", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index(op.f("ix_reveal_at"), "reveal", ["at"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("principal_kind", sa.String(length=10), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_principal_id"), "session", ["principal_id"], unique=False)
    op.create_table(
        "sms_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("phone_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('sign_in','bind_phone')", name=op.f("ck_sms_code_purpose")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_sms_code_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_code")),
    )
    op.create_index(op.f("ix_sms_code_created_at"), "sms_code", ["created_at"], unique=False)
    op.create_index(
        "ix_sms_code_latest",
        "sms_code",
        ["phone_fingerprint", "purpose", "created_at"],
        unique=False,
    )
    op.create_table(
        "staff_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_pending_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' OR totp_sealed IS NOT NULL",
            name=op.f("ck_staff_account_active_has_totp"),
        ),
        sa.CheckConstraint(
            "state IN ('enrolling','active','disabled')", name=op.f("ck_staff_account_state")
        ),
        sa.CheckConstraint(
            "username = lower(username)", name=op.f("ck_staff_account_username_lower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_account_username")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_owner_id"), "stored_file", ["owner_id"], unique=False)
    op.create_index(op.f("ix_stored_file_sha256"), "stored_file", ["sha256"], unique=False)
    op.create_table(
        "street",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
        sa.UniqueConstraint("code", name=op.f("uq_street_code")),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    op.create_index(
        "ix_timer_due", "timer", ["due"], unique=False, postgresql_where=sa.text("fired_at IS NULL")
    )
    op.create_index(
        "uq_timer_pending",
        "timer",
        ["kind", "subject_kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_table(
        "trace_checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("horizon", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_checkpoint")),
        sa.UniqueConstraint("horizon", name=op.f("uq_trace_checkpoint_horizon")),
    )
    op.create_table(
        "trace_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=False),
        sa.Column("internal_text", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_entry")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "seq",
            name=op.f("uq_trace_entry_subject_kind_subject_id_seq"),
        ),
    )
    op.create_table(
        "wechat_push",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nonce_key", sa.String(length=64), nullable=False),
        sa.Column("event_key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_push")),
        sa.UniqueConstraint("event_key", name=op.f("uq_wechat_push_event_key")),
        sa.UniqueConstraint("nonce_key", name=op.f("uq_wechat_push_nonce_key")),
    )
    op.create_index(
        op.f("ix_wechat_push_received_at"), "wechat_push", ["received_at"], unique=False
    )
    op.create_index(
        "ix_wechat_push_waiting",
        "wechat_push",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "workday_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_workday_override")),
    )
    op.create_table(
        "channel_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('mini_openid','service_openid','unionid','phone')",
            name=op.f("ck_channel_identity_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_channel_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_identity")),
        sa.UniqueConstraint(
            "kind", "fingerprint", name=op.f("uq_channel_identity_kind_fingerprint")
        ),
    )
    op.create_index(
        op.f("ix_channel_identity_person_id"), "channel_identity", ["person_id"], unique=False
    )
    op.create_index(
        "uq_channel_identity_one_phone",
        "channel_identity",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'phone'"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_newest", "consent", ["person_id", "document", "at"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("implementation_code", sa.String(length=80), nullable=False),
        sa.Column("base_code", sa.String(length=40), nullable=False),
        sa.Column("business_code", sa.String(length=80), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_item_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("implementation_code", name=op.f("uq_item_implementation_code")),
    )
    op.create_index(op.f("ix_item_department_id"), "item", ["department_id"], unique=False)
    op.create_table(
        "real_name_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_real_name_check_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_real_name_check")),
    )
    op.create_index(
        "ix_real_name_check_number", "real_name_check", ["number_fingerprint", "at"], unique=False
    )
    op.create_index(
        op.f("ix_real_name_check_person_id"), "real_name_check", ["person_id"], unique=False
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=12), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(scope_kind = 'district') = (scope_id IS NULL)", name=op.f("ck_staff_role_scope_id")
        ),
        sa.CheckConstraint(
            "scope_kind IN ('hall','department','street','district')",
            name=op.f("ck_staff_role_scope_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_account.id"],
            name=op.f("fk_staff_role_staff_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
    )
    op.create_index(op.f("ix_staff_role_staff_id"), "staff_role", ["staff_id"], unique=False)
    op.create_index(
        "uq_staff_role_held_once",
        "staff_role",
        ["staff_id", "role", "scope_kind", "scope_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "item_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("item_class", sa.String(length=12), nullable=False),
        sa.Column("case_type", sa.String(length=12), nullable=False),
        sa.Column("group_code", sa.String(length=20), nullable=False),
        sa.Column("bookable", sa.Boolean(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("online_depth", sa.Integer(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' or published_at is not null",
            name=op.f("ck_item_version_published_when"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'live', 'superseded')", name=op.f("ck_item_version_state_known")
        ),
        sa.CheckConstraint(
            "online_depth between 1 and 7", name=op.f("ck_item_version_online_depth_known")
        ),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_item_version_visits_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    op.create_index(op.f("ix_item_version_item_id"), "item_version", ["item_id"], unique=False)
    op.create_index(
        "ix_item_version_themes", "item_version", ["themes"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_item_version_draft",
        "item_version",
        ["item_id"],
        unique=True,
        postgresql_where="state = 'draft'",
    )
    op.create_index(
        "uq_item_version_live",
        "item_version",
        ["item_id"],
        unique=True,
        postgresql_where="state = 'live'",
    )
    op.create_table(
        "life_event_step",
        sa.Column("event_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("after", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_life_event_step_position_from_one")),
        sa.ForeignKeyConstraint(
            ["event_code"], ["life_event.code"], name=op.f("fk_life_event_step_event_code")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_life_event_step_item_id")),
        sa.PrimaryKeyConstraint("event_code", "position", name=op.f("pk_life_event_step")),
    )
    op.create_index(
        op.f("ix_life_event_step_item_id"), "life_event_step", ["item_id"], unique=False
    )
    op.create_table(
        "hall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("floor", sa.String(length=50), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("opening_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("days_ahead", sa.Integer(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("early_check_in_minutes", sa.Integer(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("every_day", sa.Boolean(), nullable=False),
        sa.Column("slots_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "lead_minutes >= 0 AND days_ahead BETWEEN 0 AND 20 AND cancel_minutes >= 0 AND early_check_in_minutes >= 0 AND late_minutes >= 0 AND grace_minutes >= 0",
            name=op.f("ck_hall_limits"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("code", name=op.f("uq_hall_code")),
    )
    op.create_table(
        "item_group",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_item_group")),
        sa.UniqueConstraint("letter", name=op.f("uq_item_group_letter")),
    )
    op.create_table(
        "hall_day_override",
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall.id"], name=op.f("fk_hall_day_override_hall_id")
        ),
        sa.PrimaryKeyConstraint("hall_id", "day", name=op.f("pk_hall_day_override")),
    )
    op.create_table(
        "hall_schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("slot_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'on_site', 'elderly')", name=op.f("ck_hall_schedule_channel")
        ),
        sa.CheckConstraint(
            "starts < ends AND slot_minutes > 0 AND capacity >= 0",
            name=op.f("ck_hall_schedule_shape"),
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_hall_schedule_weekday")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_hall_schedule_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_hall_schedule_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_schedule")),
    )
    op.create_index(op.f("ix_hall_schedule_hall_id"), "hall_schedule", ["hall_id"], unique=False)
    op.create_table(
        "hall_ticket_counter",
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_hall_ticket_counter_group_code")
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall.id"], name=op.f("fk_hall_ticket_counter_hall_id")
        ),
        sa.PrimaryKeyConstraint(
            "hall_id", "day", "group_code", name=op.f("pk_hall_ticket_counter")
        ),
    )
    op.create_table(
        "hall_window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'paused', 'closed')", name=op.f("ck_hall_window_status")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_hall_window_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_window")),
        sa.UniqueConstraint("hall_id", "number", name=op.f("uq_hall_window_hall_id_number")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("adjusted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'on_site', 'elderly')", name=op.f("ck_slot_channel")
        ),
        sa.CheckConstraint("booked BETWEEN 0 AND capacity", name=op.f("ck_slot_never_oversold")),
        sa.CheckConstraint("start_at < end_at", name=op.f("ck_slot_times")),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_slot_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_slot_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "hall_id",
            "group_code",
            "start_at",
            "channel",
            name=op.f("uq_slot_hall_id_group_code_start_at_channel"),
        ),
    )
    op.create_index(
        op.f("ix_slot_hall_id_day_group_code"),
        "slot",
        ["hall_id", "day", "group_code"],
        unique=False,
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("check_in_code", sa.String(length=6), nullable=False),
        sa.Column("qr_nonce", sa.LargeBinary(length=8), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue_day", sa.Date(), nullable=True),
        sa.Column("queue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_no", sa.String(length=8), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_count", sa.SmallInteger(), nullable=False),
        sa.Column("serving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('booked', 'called', 'cancelled', 'checked_in', 'finished', 'no_show', 'serving', 'skipped')",
            name=op.f("ck_appointment_state"),
        ),
        sa.CheckConstraint(
            "state IN ('booked', 'cancelled', 'no_show') OR (ticket_no IS NOT NULL AND queue_day IS NOT NULL AND queue_at IS NOT NULL)",
            name=op.f("ck_appointment_ticket"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('called', 'serving', 'finished') OR window_id IS NOT NULL",
            name=op.f("ck_appointment_window"),
        ),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_appointment_group_code")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_appointment_hall_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_appointment_slot_id")),
        sa.ForeignKeyConstraint(
            ["window_id"], ["hall_window.id"], name=op.f("fk_appointment_window_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint(
            "hall_id",
            "queue_day",
            "ticket_no",
            name=op.f("uq_appointment_hall_id_queue_day_ticket_no"),
        ),
    )
    op.create_index(
        "ix_appointment_finished",
        "appointment",
        ["hall_id", "group_code", "finished_at"],
        unique=False,
        postgresql_where=sa.text("state = 'finished'"),
    )
    op.create_index("ix_appointment_hall_day", "appointment", ["hall_id", "day"], unique=False)
    op.create_index(
        "ix_appointment_person", "appointment", ["person_key", "start_at"], unique=False
    )
    op.create_index(
        "ix_appointment_queue",
        "appointment",
        ["hall_id", "queue_day", "state", "group_code"],
        unique=False,
    )
    op.create_index("ix_appointment_slot", "appointment", ["slot_id"], unique=False)
    op.create_index(
        "uq_appointment_at_window",
        "appointment",
        ["window_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_appointment_live_code",
        "appointment",
        ["hall_id", "check_in_code"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('booked', 'called', 'checked_in', 'serving', 'skipped')"
        ),
    )
    op.create_index(
        "uq_appointment_one_live",
        "appointment",
        ["person_key", "item_key", "day"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('booked', 'called', 'checked_in', 'serving', 'skipped')"
        ),
    )
    op.create_table(
        "hall_window_group",
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"], ["item_group.code"], name=op.f("fk_hall_window_group_group_code")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["hall_window.id"], name=op.f("fk_hall_window_group_window_id")
        ),
        sa.PrimaryKeyConstraint("window_id", "group_code", name=op.f("pk_hall_window_group")),
    )
    op.create_table(
        "appointment_rating",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_appointment_rating_score")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_rating_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointment_rating")),
    )
    op.create_table(
        "message_grant",
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.String(length=100), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("long_term", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_message_grant_remaining")),
        sa.PrimaryKeyConstraint("person_key", "template_id", name=op.f("pk_message_grant")),
    )
    op.create_table(
        "message_grant_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=True),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("paired", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_grant_event")),
        sa.UniqueConstraint("event_key", name=op.f("uq_message_grant_event_event_key")),
    )
    op.create_index(
        "ix_message_grant_event_of",
        "message_grant_event",
        ["person_key", "template_id", "at"],
        unique=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ladder", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("patience", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_template", sa.String(length=100), nullable=True),
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("provider_msgid", sa.String(length=80), nullable=False),
        sa.Column("last_errcode", sa.String(length=60), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "status IN ('created', 'leased', 'sending', 'accepted', 'temporary_failure', 'delivered', 'permanent_failure', 'technical_failure', 'expired', 'suppressed')",
            name=op.f("ck_outbox_status"),
        ),
        sa.CheckConstraint("attempts >= 0 AND step >= 0", name=op.f("ck_outbox_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["priority", "next_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('created', 'temporary_failure')"),
    )
    op.create_index(
        "ix_outbox_leases",
        "outbox",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status IN ('leased', 'sending')"),
    )
    op.create_index("ix_outbox_log", "outbox", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_outbox_person_key"), "outbox", ["person_key"], unique=False)
    op.create_index(
        "ix_outbox_receipt",
        "outbox",
        ["provider_msgid"],
        unique=False,
        postgresql_where=sa.text("provider_msgid <> ''"),
    )
    op.create_index("ix_outbox_subject", "outbox", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("errcode", sa.String(length=60), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("provider_msgid", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_delivery_attempt_outbox_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index(
        "ix_delivery_attempt_of", "delivery_attempt", ["outbox_id", "started_at"], unique=False
    )
    op.create_table(
        "delivery_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("provider_msgid", sa.String(length=80), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_delivery_event_outbox_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
        sa.UniqueConstraint("event_key", name=op.f("uq_delivery_event_event_key")),
    )
    op.create_index(
        op.f("ix_delivery_event_outbox_id"), "delivery_event", ["outbox_id"], unique=False
    )
    op.create_index(
        op.f("ix_delivery_event_provider_msgid"), "delivery_event", ["provider_msgid"], unique=False
    )
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["outbox.id"], name=op.f("fk_inbox_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
    )
    op.create_index(
        "ix_inbox_message_list", "inbox_message", ["person_key", "visible_from", "id"], unique=False
    )
    op.execute(TRACE_GUARD)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_inbox_message_list", table_name="inbox_message")
    op.drop_table("inbox_message")
    op.drop_index(op.f("ix_delivery_event_provider_msgid"), table_name="delivery_event")
    op.drop_index(op.f("ix_delivery_event_outbox_id"), table_name="delivery_event")
    op.drop_table("delivery_event")
    op.drop_index("ix_delivery_attempt_of", table_name="delivery_attempt")
    op.drop_table("delivery_attempt")
    op.drop_index("ix_outbox_subject", table_name="outbox")
    op.drop_index(
        "ix_outbox_receipt", table_name="outbox", postgresql_where=sa.text("provider_msgid <> ''")
    )
    op.drop_index(op.f("ix_outbox_person_key"), table_name="outbox")
    op.drop_index("ix_outbox_log", table_name="outbox")
    op.drop_index(
        "ix_outbox_leases",
        table_name="outbox",
        postgresql_where=sa.text("status IN ('leased', 'sending')"),
    )
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        postgresql_where=sa.text("status IN ('created', 'temporary_failure')"),
    )
    op.drop_table("outbox")
    op.drop_index("ix_message_grant_event_of", table_name="message_grant_event")
    op.drop_table("message_grant_event")
    op.drop_table("message_grant")
    op.drop_table("appointment_rating")
    op.drop_table("hall_window_group")
    op.drop_index(
        "uq_appointment_one_live",
        table_name="appointment",
        postgresql_where=sa.text(
            "state IN ('booked', 'called', 'checked_in', 'serving', 'skipped')"
        ),
    )
    op.drop_index(
        "uq_appointment_live_code",
        table_name="appointment",
        postgresql_where=sa.text(
            "state IN ('booked', 'called', 'checked_in', 'serving', 'skipped')"
        ),
    )
    op.drop_index(
        "uq_appointment_at_window",
        table_name="appointment",
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.drop_index("ix_appointment_slot", table_name="appointment")
    op.drop_index("ix_appointment_queue", table_name="appointment")
    op.drop_index("ix_appointment_person", table_name="appointment")
    op.drop_index("ix_appointment_hall_day", table_name="appointment")
    op.drop_index(
        "ix_appointment_finished",
        table_name="appointment",
        postgresql_where=sa.text("state = 'finished'"),
    )
    op.drop_table("appointment")
    op.drop_index(op.f("ix_slot_hall_id_day_group_code"), table_name="slot")
    op.drop_table("slot")
    op.drop_table("hall_window")
    op.drop_table("hall_ticket_counter")
    op.drop_index(op.f("ix_hall_schedule_hall_id"), table_name="hall_schedule")
    op.drop_table("hall_schedule")
    op.drop_table("hall_day_override")
    op.drop_table("item_group")
    op.drop_table("hall")
    op.drop_index(op.f("ix_life_event_step_item_id"), table_name="life_event_step")
    op.drop_table("life_event_step")
    op.drop_index(
        "uq_item_version_live", table_name="item_version", postgresql_where="state = 'live'"
    )
    op.drop_index(
        "uq_item_version_draft", table_name="item_version", postgresql_where="state = 'draft'"
    )
    op.drop_index("ix_item_version_themes", table_name="item_version", postgresql_using="gin")
    op.drop_index(op.f("ix_item_version_item_id"), table_name="item_version")
    op.drop_table("item_version")
    op.drop_index(
        "uq_staff_role_held_once", table_name="staff_role", postgresql_nulls_not_distinct=True
    )
    op.drop_index(op.f("ix_staff_role_staff_id"), table_name="staff_role")
    op.drop_table("staff_role")
    op.drop_index(op.f("ix_real_name_check_person_id"), table_name="real_name_check")
    op.drop_index("ix_real_name_check_number", table_name="real_name_check")
    op.drop_table("real_name_check")
    op.drop_index(op.f("ix_item_department_id"), table_name="item")
    op.drop_table("item")
    op.drop_index("ix_consent_newest", table_name="consent")
    op.drop_table("consent")
    op.drop_index(
        "uq_channel_identity_one_phone",
        table_name="channel_identity",
        postgresql_where=sa.text("kind = 'phone'"),
    )
    op.drop_index(op.f("ix_channel_identity_person_id"), table_name="channel_identity")
    op.drop_table("channel_identity")
    op.drop_table("workday_override")
    op.drop_index(
        "ix_wechat_push_waiting",
        table_name="wechat_push",
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.drop_index(op.f("ix_wechat_push_received_at"), table_name="wechat_push")
    op.drop_table("wechat_push")
    op.drop_table("trace_entry")
    op.drop_table("trace_checkpoint")
    op.drop_index(
        "uq_timer_pending", table_name="timer", postgresql_where=sa.text("fired_at IS NULL")
    )
    op.drop_index("ix_timer_due", table_name="timer", postgresql_where=sa.text("fired_at IS NULL"))
    op.drop_table("timer")
    op.drop_table("street")
    op.drop_index(op.f("ix_stored_file_sha256"), table_name="stored_file")
    op.drop_index(op.f("ix_stored_file_owner_id"), table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_table("staff_account")
    op.drop_index("ix_sms_code_latest", table_name="sms_code")
    op.drop_index(op.f("ix_sms_code_created_at"), table_name="sms_code")
    op.drop_table("sms_code")
    op.drop_index(op.f("ix_session_principal_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_reveal_at"), table_name="reveal")
    op.drop_table("reveal")
    op.drop_index(op.f("ix_receipt_person_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_table("person")
    op.drop_table("life_event")
    op.drop_index(op.f("ix_idempotency_key_created_at"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_table("heartbeat")
    op.drop_table("district")
    op.drop_table("department")
    op.drop_table("catalog_revision")
    op.execute("DROP FUNCTION IF EXISTS trace_entry_is_append_only()")
