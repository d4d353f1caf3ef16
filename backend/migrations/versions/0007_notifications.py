"""notifications: campaigns, templates, caps, rates, providers' weights, preferences, staff hooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATES = (
    "status IN ('created', 'leased', 'sending', 'accepted', 'temporary_failure', 'delivered', "
    "'permanent_failure', 'technical_failure', 'expired', 'suppressed'{more})"
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.String(length=900), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("sms", sa.String(length=469), nullable=False),
        sa.Column("ladder", postgresql.JSONB(), nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'released', 'running', 'done', 'stopped')",
            name=op.f("ck_campaign_state"),
        ),
        sa.CheckConstraint("released_by <> created_by", name=op.f("ck_campaign_not_the_author")),
        sa.CheckConstraint("released_by <> submitted_by", name=op.f("ck_campaign_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(
        "ix_campaign_due",
        "campaign",
        ["send_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('released','running')"),
    )
    op.create_index("ix_campaign_list", "campaign", ["created_at", "id"], unique=False)
    op.create_table(
        "staff_hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("dialect", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("shown", sa.String(length=80), nullable=False),
        sa.Column("kinds", postgresql.JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("dialect IN ('wecom', 'webhook')", name=op.f("ck_staff_hook_dialect")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_hook")),
    )
    op.create_index("ix_staff_hook_unit", "staff_hook", ["unit_id"], unique=False)
    op.create_table(
        "service_follower",
        sa.Column("openid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("openid", sa.LargeBinary(), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("union_hash", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "following = (length(openid) > 0)", name=op.f("ck_service_follower_openid")
        ),
        sa.PrimaryKeyConstraint("openid_hash", name=op.f("pk_service_follower")),
    )
    op.create_index(
        "ix_service_follower_unknown", "service_follower", ["next_at"], unique=False,
        postgresql_where=sa.text("following AND union_hash IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_service_follower_union", "service_follower", ["union_hash"], unique=False,
        postgresql_where=sa.text("union_hash IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_service_follower_person", "service_follower", ["person_id"], unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index("ix_message_grant_event_at", "message_grant_event", ["at"], unique=False)
    op.create_table(
        "channel_rate",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("per_second", sa.Double(), nullable=False),
        sa.Column("burst", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("per_day > 0", name=op.f("ck_channel_rate_per_day")),
        sa.CheckConstraint("per_second > 0 AND burst > 0", name=op.f("ck_channel_rate_bucket")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_channel_rate")),
    )
    op.create_table(
        "message_cap",
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("per_day", sa.SmallInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("per_day > 0", name=op.f("ck_message_cap_per_day")),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_message_cap")),
    )
    op.create_table(
        "message_day_count",
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("sent", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("sent >= 0", name=op.f("ck_message_day_count_sent")),
        sa.PrimaryKeyConstraint("person_key", "day", "scope", name=op.f("pk_message_day_count")),
    )
    op.create_index("ix_message_day_count_day", "message_day_count", ["day"], unique=False)
    op.create_table(
        "message_preference",
        sa.Column("person_key", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_key", "topic", "channel", name=op.f("pk_message_preference")
        ),
    )
    op.create_table(
        "message_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'retired')", name=op.f("ck_message_template_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_message_template_kind_version")),
    )
    op.create_index(
        "ix_message_template_active",
        "message_template",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "provider_state",
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("base_weight", sa.SmallInteger(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "base_weight BETWEEN 0 AND 100", name=op.f("ck_provider_state_base_weight")
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_provider_state_weight")),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_state")),
    )
    op.add_column(
        "delivery_attempt",
        sa.Column("provider", sa.String(length=30), nullable=False, server_default=""),
    )
    op.create_index("ix_delivery_attempt_recent", "delivery_attempt", ["started_at"], unique=False)
    op.create_index(
        "ix_delivery_event_waiting",
        "delivery_event",
        ["at"],
        unique=False,
        postgresql_where=sa.text("outbox_id IS NULL"),
    )
    op.add_column("outbox", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.add_column(
        "outbox", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("outbox", sa.Column("digest_id", sa.Uuid(), nullable=True))
    op.add_column("outbox", sa.Column("counted_on", sa.Date(), nullable=True))
    op.add_column("outbox", sa.Column("resent_of", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_outbox_campaign",
        "outbox",
        ["campaign_id", "status"],
        unique=False,
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_digest",
        "outbox",
        ["next_at", "person_key"],
        unique=False,
        postgresql_where=sa.text("digest AND status = 'created'"),
    )
    op.create_index(
        "ix_outbox_unreported",
        "outbox",
        ["channel", "updated_at"],
        unique=False,
        postgresql_where=sa.text("status = 'accepted' AND provider_msgid <> ''"),
    )
    for name in ("digest_id", "resent_of"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_outbox_{name}", "outbox", [name], postgresql_where=where)
    op.create_foreign_key(
        op.f("fk_outbox_resent_of"), "outbox", "outbox", ["resent_of"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("fk_outbox_digest_id"), "outbox", "outbox", ["digest_id"], ["id"], ondelete="SET NULL"
    )
    op.drop_constraint(op.f("ck_outbox_status"), "outbox", type_="check")
    op.create_check_constraint(
        op.f("ck_outbox_status"), "outbox", _STATES.format(more=", 'gathered'")
    )
    op.alter_column("outbox", "digest", server_default=None)
    op.alter_column("delivery_attempt", "provider", server_default=None)
    op.add_column("person", sa.Column("name_fingerprint", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_person_hash_of_a_name"),
        "person",
        "name_fingerprint IS NULL OR name_sealed IS NOT NULL",
    )
    op.create_index(
        "ix_person_name",
        "person",
        ["name_fingerprint"],
        postgresql_where=sa.text("name_fingerprint IS NOT NULL"),
    )
    op.create_index(
        "ix_person_name_unmarked",
        "person",
        ["id"],
        postgresql_where=sa.text("name_sealed IS NOT NULL AND name_fingerprint IS NULL"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "ix_person_name_unmarked",
        table_name="person",
        postgresql_where=sa.text("name_sealed IS NOT NULL AND name_fingerprint IS NULL"),
    )
    op.drop_index(
        "ix_person_name",
        table_name="person",
        postgresql_where=sa.text("name_fingerprint IS NOT NULL"),
    )
    op.drop_constraint(op.f("ck_person_hash_of_a_name"), "person", type_="check")
    op.drop_column("person", "name_fingerprint")
    op.execute("UPDATE outbox SET status = 'suppressed' WHERE status = 'gathered'")
    op.drop_constraint(op.f("ck_outbox_status"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_status"), "outbox", _STATES.format(more=""))
    op.drop_constraint(op.f("fk_outbox_digest_id"), "outbox", type_="foreignkey")
    op.drop_constraint(op.f("fk_outbox_resent_of"), "outbox", type_="foreignkey")
    op.drop_index(
        "ix_outbox_unreported",
        table_name="outbox",
        postgresql_where=sa.text("status = 'accepted' AND provider_msgid <> ''"),
    )
    op.drop_index(
        "ix_outbox_digest",
        table_name="outbox",
        postgresql_where=sa.text("digest AND status = 'created'"),
    )
    op.drop_index(
        "ix_outbox_campaign",
        table_name="outbox",
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )
    op.drop_index("ix_outbox_digest_id", "outbox")
    op.drop_index("ix_outbox_resent_of", "outbox")
    op.drop_column("outbox", "resent_of")
    op.drop_column("outbox", "counted_on")
    op.drop_column("outbox", "digest_id")
    op.drop_column("outbox", "digest")
    op.drop_column("outbox", "campaign_id")
    op.drop_index("ix_delivery_event_waiting", table_name="delivery_event")
    op.drop_index("ix_delivery_attempt_recent", table_name="delivery_attempt")
    op.drop_column("delivery_attempt", "provider")
    op.drop_table("provider_state")
    op.drop_index(
        "ix_message_template_active",
        table_name="message_template",
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_table("message_template")
    op.drop_table("message_preference")
    op.drop_index("ix_message_day_count_day", table_name="message_day_count")
    op.drop_table("message_day_count")
    op.drop_table("message_cap")
    op.drop_table("channel_rate")
    op.drop_index("ix_message_grant_event_at", table_name="message_grant_event")
    op.drop_table("service_follower")
    op.drop_index("ix_staff_hook_unit", table_name="staff_hook")
    op.drop_table("staff_hook")
    op.drop_index("ix_campaign_list", table_name="campaign")
    op.drop_index(
        "ix_campaign_due",
        table_name="campaign",
        postgresql_where=sa.text("state IN ('released','running')"),
    )
    op.drop_table("campaign")
