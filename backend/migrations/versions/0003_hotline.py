"""hotline: tickets, calls, the knowledge base and its search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.execute("CREATE SEQUENCE search_revision")
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=10), server_default="cti", nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rang_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state <> 'missed' OR answered_at IS NULL", name=op.f("ck_call_missed")),
        sa.CheckConstraint(
            "state IN ('ringing','answered','ended','missed')", name=op.f("ck_call_state")
        ),
        sa.CheckConstraint(
            "(number_sealed IS NULL) = (number_hash IS NULL)", name=op.f("ck_call_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("external_id", name=op.f("uq_call_external_id")),
    )
    op.create_index(op.f("ix_call_began_at"), "call", ["began_at"], unique=False)
    op.create_index("ix_call_number", "call", ["number_hash", "began_at"], unique=False)
    op.create_index(
        "ix_call_open",
        "call",
        ["agent_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('ringing','answered')"),
    )
    op.create_table(
        "cti_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cti_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_cti_key_fingerprint")),
    )
    op.create_table(
        "hotline_agent",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('ready','away','off')", name=op.f("ck_hotline_agent_state")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_hotline_agent")),
    )
    op.create_table(
        "search_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("region_codes", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("material_kind", sa.String(length=20), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("boost", sa.Double(), nullable=False),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("written_in", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "audience in ('public', 'internal')", name=op.f("ck_search_document_audience_known")
        ),
        sa.CheckConstraint("boost > 0", name=op.f("ck_search_document_boost_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "ref_id", name=op.f("uq_search_document_kind_ref_id")),
    )
    op.create_index(
        op.f("ix_search_document_written_in"), "search_document", ["written_in"], unique=False
    )
    op.create_table(
        "ticket_draft",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_ticket_draft_version")),
        sa.PrimaryKeyConstraint("staff_id", "key", name=op.f("pk_ticket_draft")),
    )
    op.create_index(op.f("ix_ticket_draft_saved_at"), "ticket_draft", ["saved_at"], unique=False)
    op.create_table(
        "ticket_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("qualifier", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "unit IN ('minutes','hours','work_hours','working_days')",
            name=op.f("ck_ticket_limit_unit"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ticket_limit_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_limit")),
    )
    op.create_index(
        "uq_ticket_limit",
        "ticket_limit",
        ["kind", "category_code", "qualifier"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title_key", sa.String(length=128), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('unpublished', 'published', 'expired', 'withdrawn', 'archived')",
            name=op.f("ck_article_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_article_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("serial", name=op.f("uq_article_serial")),
    )
    op.create_index(op.f("ix_article_department_id"), "article", ["department_id"], unique=False)
    op.create_index("ix_article_updated_at_id", "article", ["updated_at", "id"], unique=False)
    op.create_index(
        "uq_article_live_title",
        "article",
        ["title_key"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "call_event",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_event_call_id")),
        sa.PrimaryKeyConstraint("call_id", "event", name=op.f("pk_call_event")),
    )
    op.create_table(
        "search_passage",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("ordinal >= 0", name=op.f("ck_search_passage_ordinal")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_document.id"],
            name=op.f("fk_search_passage_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "ordinal", name=op.f("pk_search_passage")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("difficulty", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "is_open",
            sa.Boolean(),
            sa.Computed(
                "state IN ('pending','to_dispatch','to_sign','return_review','arbitration','handling','extension_review','hold_review','on_hold','unit_review','centre_review','callback','judgement')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("caller_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("caller_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("caller_phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("confidential", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.String(length=200), server_default="", nullable=False),
        sa.Column("lead_unit_id", sa.Uuid(), nullable=True),
        sa.Column("first_unit_id", sa.Uuid(), nullable=True),
        sa.Column("first_signer_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("returns_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("return_final", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("extended", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("redo_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("urges_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answered_version_id", sa.Uuid(), nullable=True),
        sa.Column("reject_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_internal", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_public", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("contacted", sa.Boolean(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("callback_result", sa.String(length=12), nullable=True),
        sa.Column("excluded", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("responded_in_time", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT (state IN ('to_sign','return_review','arbitration','handling','extension_review','hold_review','on_hold','unit_review','centre_review','callback','judgement','closed')) OR lead_unit_id IS NOT NULL",
            name=op.f("ck_ticket_unit"),
        ),
        sa.CheckConstraint(
            "callback_result <> 'unreached' OR satisfied IS NOT TRUE",
            name=op.f("ck_ticket_unreached"),
        ),
        sa.CheckConstraint(
            "callback_result IN ('satisfied','dissatisfied','unreached')",
            name=op.f("ck_ticket_callback_result"),
        ),
        sa.CheckConstraint(
            "difficulty IN ('consult','general','complex')", name=op.f("ck_ticket_difficulty")
        ),
        sa.CheckConstraint(
            "kind IN ('consult','request','complaint','report','suggestion','praise')",
            name=op.f("ck_ticket_kind"),
        ),
        sa.CheckConstraint(
            "source IN ('phone','mini','web','wechat','letter','transfer','ask')",
            name=op.f("ck_ticket_source"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_version_id IS NOT NULL",
            name=op.f("ck_ticket_answered"),
        ),
        sa.CheckConstraint(
            "state <> 'merged' OR parent_id IS NOT NULL", name=op.f("ck_ticket_merged")
        ),
        sa.CheckConstraint(
            "state IN ('pending','to_dispatch','to_sign','return_review','arbitration','handling','extension_review','hold_review','on_hold','unit_review','centre_review','callback','judgement','closed','archived','rejected','answered','merged','cancelled')",
            name=op.f("ck_ticket_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed','archived') OR closed_at IS NOT NULL",
            name=op.f("ck_ticket_closed"),
        ),
        sa.CheckConstraint(
            "urgency IN ('emergency','utility','normal')", name=op.f("ck_ticket_urgency")
        ),
        sa.CheckConstraint(
            "(caller_phone_sealed IS NULL) = (caller_phone_hash IS NULL)",
            name=op.f("ck_ticket_phone"),
        ),
        sa.CheckConstraint(
            "(first_unit_id IS NULL) = (first_signer_id IS NULL)", name=op.f("ck_ticket_first")
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_ticket_place")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_ticket_parent")),
        sa.CheckConstraint("redo_count BETWEEN 0 AND 1", name=op.f("ck_ticket_redo_count")),
        sa.CheckConstraint("returns_count BETWEEN 0 AND 2", name=op.f("ck_ticket_returns_count")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_ticket_call_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["ticket.id"], name=op.f("fk_ticket_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
        postgresql_with={"fillfactor": "85"},
    )
    op.create_index(
        "ix_ticket_call_id",
        "ticket",
        ["call_id"],
        unique=False,
        postgresql_where=sa.text("call_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_category_code", "ticket", ["category_code", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_ticket_closed_at",
        "ticket",
        ["closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index("ix_ticket_created_at", "ticket", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_ticket_lead_unit_id", "ticket", ["lead_unit_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_ticket_open_created",
        "ticket",
        ["created_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_open_state",
        "ticket",
        ["state", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_open_unit",
        "ticket",
        ["lead_unit_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_operator_id",
        "ticket",
        ["operator_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("operator_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_parent_id",
        "ticket",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_person_id",
        "ticket",
        ["person_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_phone",
        "ticket",
        ["caller_phone_hash", "created_at"],
        unique=False,
        postgresql_where=sa.text("caller_phone_hash IS NOT NULL"),
    )
    op.create_index("ix_ticket_state", "ticket", ["state", "created_at", "id"], unique=False)
    op.create_table(
        "article_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=False),
        sa.Column("internal_text", sa.Text(), nullable=False),
        sa.Column("material_kind", sa.String(length=20), nullable=False),
        sa.Column("keywords", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("issuing_unit", sa.String(length=100), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("region_codes", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("change_note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("writer_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("department_reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("centre_reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("return_reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience in ('public', 'internal')", name=op.f("ck_article_version_audience_known")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'department_review', 'centre_review', 'waiting', 'published', 'superseded', 'withdrawn')",
            name=op.f("ck_article_version_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('published', 'superseded') or published_at is not null",
            name=op.f("ck_article_version_published_when"),
        ),
        sa.CheckConstraint(
            "state not in ('waiting', 'published', 'superseded') or (department_reviewer_id is not null and centre_reviewer_id is not null)",
            name=op.f("ck_article_version_reviewed_twice"),
        ),
        sa.CheckConstraint(
            "centre_reviewer_id <> department_reviewer_id",
            name=op.f("ck_article_version_reviewers_differ"),
        ),
        sa.CheckConstraint(
            "expires_on >= effective_on", name=op.f("ck_article_version_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "not (centre_reviewer_id = any(writer_ids))",
            name=op.f("ck_article_version_centre_other"),
        ),
        sa.CheckConstraint(
            "not (department_reviewer_id = any(writer_ids))",
            name=op.f("ck_article_version_department_other"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_version_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_version")),
        sa.UniqueConstraint(
            "article_id", "number", name=op.f("uq_article_version_article_id_number")
        ),
    )
    op.create_index(
        "ix_article_version_expires_on",
        "article_version",
        ["expires_on"],
        unique=False,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        "uq_article_version_live",
        "article_version",
        ["article_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        "uq_article_version_open",
        "article_version",
        ["article_id"],
        unique=True,
        postgresql_where=sa.text(
            "state in ('draft', 'department_review', 'centre_review', 'waiting')"
        ),
    )
    op.create_table(
        "search_miss",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'filled', 'dismissed')", name=op.f("ck_search_miss_state_known")
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_search_miss_count_positive")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_search_miss_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_search_miss_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_miss")),
        sa.UniqueConstraint("words", "audience", name=op.f("uq_search_miss_words_audience")),
    )
    op.create_index(op.f("ix_search_miss_last_on"), "search_miss", ["last_on"], unique=False)
    op.create_index(
        "ix_search_miss_state_count", "search_miss", ["state", "count", "id"], unique=False
    )
    op.create_table(
        "ticket_callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(solved IS NULL) = (satisfied IS NULL)", name=op.f("ck_ticket_callback_solved")
        ),
        sa.CheckConstraint(
            "contacted = (satisfied IS NOT NULL)", name=op.f("ck_ticket_callback_contacted")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_callback_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_callback")),
    )
    op.create_index(
        "uq_ticket_callback_attempt",
        "ticket_callback",
        ["ticket_id", "round", "attempt"],
        unique=True,
    )
    op.create_index(
        "uq_ticket_callback_hour",
        "ticket_callback",
        ["ticket_id", "round", "hour"],
        unique=True,
        postgresql_where=sa.text("NOT contacted"),
    )
    op.create_table(
        "ticket_clock",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
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
            "limit_unit IN ('minutes','hours','work_hours','working_days')",
            name=op.f("ck_ticket_clock_limit_unit"),
        ),
        sa.CheckConstraint(
            "outcome <> 'running' OR stopped_at IS NULL", name=op.f("ck_ticket_clock_running")
        ),
        sa.CheckConstraint(
            "outcome IN ('running','met','overdue','cancelled')",
            name=op.f("ck_ticket_clock_outcome"),
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR outcome <> 'running'", name=op.f("ck_ticket_clock_ended")
        ),
        sa.CheckConstraint("limit_amount > 0", name=op.f("ck_ticket_clock_limit_amount")),
        sa.CheckConstraint("paused_seconds >= 0", name=op.f("ck_ticket_clock_paused_seconds")),
        sa.CheckConstraint(
            "stopped_at IS NULL OR paused_at IS NULL", name=op.f("ck_ticket_clock_paused")
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR stopped_at >= started_at", name=op.f("ck_ticket_clock_stopped")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_clock_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_clock")),
    )
    op.create_index(
        "ix_ticket_clock_due",
        "ticket_clock",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.create_index(
        "ix_ticket_clock_open",
        "ticket_clock",
        ["ticket_id"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index("ix_ticket_clock_ticket_id", "ticket_clock", ["ticket_id"], unique=False)
    op.create_index(
        "uq_ticket_clock_open",
        "ticket_clock",
        ["subject_id", "kind"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "ticket_correction",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("suggested_code", sa.String(length=40), server_default="", nullable=False),
        sa.Column("sure", sa.Float(), server_default="0", nullable=False),
        sa.Column("chosen_code", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "target IN ('category','department')", name=op.f("ck_ticket_correction_target")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_correction_ticket_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "target", name=op.f("pk_ticket_correction")),
    )
    op.create_index(op.f("ix_ticket_correction_at"), "ticket_correction", ["at"], unique=False)
    op.create_table(
        "ticket_intake",
        sa.Column("intake_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["event_intake.id"], name=op.f("fk_ticket_intake_intake_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_intake_ticket_id")
        ),
        sa.PrimaryKeyConstraint("intake_id", name=op.f("pk_ticket_intake")),
    )
    op.create_index(
        op.f("ix_ticket_intake_ticket_id"), "ticket_intake", ["ticket_id"], unique=False
    )
    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'event' OR ref_id IS NOT NULL", name=op.f("ck_ticket_link_event")
        ),
        sa.CheckConstraint("kind IN ('event','case')", name=op.f("ck_ticket_link_kind")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_link_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
    )
    op.create_index(
        "ix_ticket_link_ref_id",
        "ticket_link",
        ["ref_id"],
        unique=False,
        postgresql_where=sa.text("ref_id IS NOT NULL"),
    )
    op.create_index("uq_ticket_link", "ticket_link", ["ticket_id", "kind", "number"], unique=True)
    op.create_table(
        "ticket_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open','replied','closed')", name=op.f("ck_ticket_order_state")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_order_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_order")),
    )
    op.create_index(
        "ix_ticket_order_open",
        "ticket_order",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("ix_ticket_order_ticket_id", "ticket_order", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_pin",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_pin_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "version_id", name=op.f("pk_ticket_pin")),
    )
    op.create_index(op.f("ix_ticket_pin_article_id"), "ticket_pin", ["article_id"], unique=False)
    op.create_table(
        "ticket_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("legal_basis", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suggested_department_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("given_department_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'extension') = (days IS NOT NULL)", name=op.f("ck_ticket_request_days")
        ),
        sa.CheckConstraint(
            "(kind = 'hold') = (until IS NOT NULL)", name=op.f("ck_ticket_request_until")
        ),
        sa.CheckConstraint(
            "kind IN ('return','arbitration','extension','hold','exclude')",
            name=op.f("ck_ticket_request_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('return','arbitration') OR legal_basis <> ''",
            name=op.f("ck_ticket_request_legal_basis"),
        ),
        sa.CheckConstraint(
            "state IN ('pending','approved','rejected')", name=op.f("ck_ticket_request_state")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by",
            name=op.f("ck_ticket_request_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_request_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_request")),
    )
    op.create_index("ix_ticket_request_ticket_id", "ticket_request", ["ticket_id"], unique=False)
    op.create_index(
        "uq_ticket_request_extension",
        "ticket_request",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'extension'"),
    )
    op.create_index(
        "uq_ticket_request_open",
        "ticket_request",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "ticket_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('lead','co')", name=op.f("ck_ticket_unit_role")),
        sa.CheckConstraint(
            "state <> 'signed' OR signed_by IS NOT NULL", name=op.f("ck_ticket_unit_signed")
        ),
        sa.CheckConstraint(
            "state IN ('waiting','signed','replied','returned','over')",
            name=op.f("ck_ticket_unit_state"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_unit_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_unit")),
    )
    op.create_index(
        "ix_ticket_unit_department",
        "ticket_unit",
        ["department_id", "ticket_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'returned'"),
    )
    op.create_index("ix_ticket_unit_ticket_id", "ticket_unit", ["ticket_id"], unique=False)
    op.create_index(
        "uq_ticket_unit_lead",
        "ticket_unit",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("role = 'lead' AND state IN ('waiting','signed','replied')"),
    )
    op.create_index(
        "uq_ticket_unit_open",
        "ticket_unit",
        ["ticket_id", "department_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting','signed','replied')"),
    )
    op.create_table(
        "ticket_urge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_urge_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_urge")),
    )
    op.create_index("uq_ticket_urge_day", "ticket_urge", ["ticket_id", "day"], unique=True)
    op.create_table(
        "article_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("quote", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), server_default="", nullable=False),
        sa.Column("draft_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at is null)",
            name=op.f("ck_article_correction_answered_when"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'rejected')",
            name=op.f("ck_article_correction_state_known"),
        ),
        sa.CheckConstraint(
            "answered_by <> asked_by", name=op.f("ck_article_correction_answered_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_correction_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_correction_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_correction")),
    )
    op.create_index(
        op.f("ix_article_correction_article_id"), "article_correction", ["article_id"], unique=False
    )
    op.create_index(
        "ix_article_correction_state_asked",
        "article_correction",
        ["state", "asked_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_article_correction_open",
        "article_correction",
        ["article_id", "asked_by"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "article_file",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience in ('public', 'internal')", name=op.f("ck_article_file_audience_known")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_article_file_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_file_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "file_id", name=op.f("pk_article_file")),
    )
    op.create_index(op.f("ix_article_file_file_id"), "article_file", ["file_id"], unique=False)
    op.create_table(
        "article_relation",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('article', 'item')", name=op.f("ck_article_relation_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_relation_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "kind", "target_id", name=op.f("pk_article_relation")
        ),
    )
    op.create_index(
        "ix_article_relation_target", "article_relation", ["kind", "target_id"], unique=False
    )
    op.create_table(
        "article_use",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_article_use_count_positive")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_use_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_use_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "article_id", "version_id", "day", "kind", "audience", name=op.f("pk_article_use")
        ),
    )
    op.create_index(op.f("ix_article_use_day"), "article_use", ["day"], unique=False)
    op.create_table(
        "correction_clock",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
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
            "limit_unit IN ('working_days')", name=op.f("ck_correction_clock_limit_unit")
        ),
        sa.CheckConstraint(
            "outcome <> 'running' OR stopped_at IS NULL", name=op.f("ck_correction_clock_running")
        ),
        sa.CheckConstraint(
            "outcome IN ('running','met','overdue','cancelled')",
            name=op.f("ck_correction_clock_outcome"),
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR outcome <> 'running'", name=op.f("ck_correction_clock_ended")
        ),
        sa.CheckConstraint("limit_amount > 0", name=op.f("ck_correction_clock_limit_amount")),
        sa.CheckConstraint("paused_seconds >= 0", name=op.f("ck_correction_clock_paused_seconds")),
        sa.CheckConstraint(
            "stopped_at IS NULL OR paused_at IS NULL", name=op.f("ck_correction_clock_paused")
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR stopped_at >= started_at",
            name=op.f("ck_correction_clock_stopped"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["article_correction.id"],
            name=op.f("fk_correction_clock_correction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_clock")),
    )
    op.create_index(
        "ix_correction_clock_correction_id", "correction_clock", ["correction_id"], unique=False
    )
    op.create_index(
        "ix_correction_clock_due",
        "correction_clock",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.create_index(
        "ix_correction_clock_open",
        "correction_clock",
        ["correction_id"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index(
        "uq_correction_clock_open",
        "correction_clock",
        ["subject_id", "kind"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "uq_correction_clock_open",
        table_name="correction_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        "ix_correction_clock_open",
        table_name="correction_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        "ix_correction_clock_due",
        table_name="correction_clock",
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.drop_index("ix_correction_clock_correction_id", table_name="correction_clock")
    op.drop_table("correction_clock")
    op.drop_index(op.f("ix_article_use_day"), table_name="article_use")
    op.drop_table("article_use")
    op.drop_index("ix_article_relation_target", table_name="article_relation")
    op.drop_table("article_relation")
    op.drop_index(op.f("ix_article_file_file_id"), table_name="article_file")
    op.drop_table("article_file")
    op.drop_index(
        "uq_article_correction_open",
        table_name="article_correction",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_article_correction_state_asked", table_name="article_correction")
    op.drop_index(op.f("ix_article_correction_article_id"), table_name="article_correction")
    op.drop_table("article_correction")
    op.drop_index("uq_ticket_urge_day", table_name="ticket_urge")
    op.drop_table("ticket_urge")
    op.drop_index(
        "uq_ticket_unit_open",
        table_name="ticket_unit",
        postgresql_where=sa.text("state IN ('waiting','signed','replied')"),
    )
    op.drop_index(
        "uq_ticket_unit_lead",
        table_name="ticket_unit",
        postgresql_where=sa.text("role = 'lead' AND state IN ('waiting','signed','replied')"),
    )
    op.drop_index("ix_ticket_unit_ticket_id", table_name="ticket_unit")
    op.drop_index(
        "ix_ticket_unit_department",
        table_name="ticket_unit",
        postgresql_where=sa.text("state <> 'returned'"),
    )
    op.drop_table("ticket_unit")
    op.drop_index(
        "uq_ticket_request_open",
        table_name="ticket_request",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_index(
        "uq_ticket_request_extension",
        table_name="ticket_request",
        postgresql_where=sa.text("kind = 'extension'"),
    )
    op.drop_index("ix_ticket_request_ticket_id", table_name="ticket_request")
    op.drop_table("ticket_request")
    op.drop_index(op.f("ix_ticket_pin_article_id"), table_name="ticket_pin")
    op.drop_table("ticket_pin")
    op.drop_index("ix_ticket_order_ticket_id", table_name="ticket_order")
    op.drop_index(
        "ix_ticket_order_open",
        table_name="ticket_order",
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_table("ticket_order")
    op.drop_index("uq_ticket_link", table_name="ticket_link")
    op.drop_index(
        "ix_ticket_link_ref_id",
        table_name="ticket_link",
        postgresql_where=sa.text("ref_id IS NOT NULL"),
    )
    op.drop_table("ticket_link")
    op.drop_index(op.f("ix_ticket_intake_ticket_id"), table_name="ticket_intake")
    op.drop_table("ticket_intake")
    op.drop_index(op.f("ix_ticket_correction_at"), table_name="ticket_correction")
    op.drop_table("ticket_correction")
    op.drop_index(
        "uq_ticket_clock_open",
        table_name="ticket_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index("ix_ticket_clock_ticket_id", table_name="ticket_clock")
    op.drop_index(
        "ix_ticket_clock_open",
        table_name="ticket_clock",
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.drop_index(
        "ix_ticket_clock_due",
        table_name="ticket_clock",
        postgresql_where=sa.text("stopped_at IS NULL AND paused_at IS NULL"),
    )
    op.drop_table("ticket_clock")
    op.drop_index(
        "uq_ticket_callback_hour",
        table_name="ticket_callback",
        postgresql_where=sa.text("NOT contacted"),
    )
    op.drop_index("uq_ticket_callback_attempt", table_name="ticket_callback")
    op.drop_table("ticket_callback")
    op.drop_index("ix_search_miss_state_count", table_name="search_miss")
    op.drop_index(op.f("ix_search_miss_last_on"), table_name="search_miss")
    op.drop_table("search_miss")
    op.drop_index(
        "uq_article_version_open",
        table_name="article_version",
        postgresql_where=sa.text(
            "state in ('draft', 'department_review', 'centre_review', 'waiting')"
        ),
    )
    op.drop_index(
        "uq_article_version_live",
        table_name="article_version",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "ix_article_version_expires_on",
        table_name="article_version",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_table("article_version")
    op.drop_index("ix_ticket_state", table_name="ticket")
    op.drop_index(
        "ix_ticket_phone",
        table_name="ticket",
        postgresql_where=sa.text("caller_phone_hash IS NOT NULL"),
    )
    op.drop_index(
        "ix_ticket_person_id",
        table_name="ticket",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_ticket_parent_id",
        table_name="ticket",
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_ticket_operator_id",
        table_name="ticket",
        postgresql_where=sa.text("operator_id IS NOT NULL"),
    )
    op.drop_index("ix_ticket_open_unit", table_name="ticket", postgresql_where=sa.text("is_open"))
    op.drop_index("ix_ticket_open_state", table_name="ticket", postgresql_where=sa.text("is_open"))
    op.drop_index(
        "ix_ticket_open_created", table_name="ticket", postgresql_where=sa.text("is_open")
    )
    op.drop_index("ix_ticket_lead_unit_id", table_name="ticket")
    op.drop_index("ix_ticket_created_at", table_name="ticket")
    op.drop_index(
        "ix_ticket_closed_at",
        table_name="ticket",
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.drop_index("ix_ticket_category_code", table_name="ticket")
    op.drop_index(
        "ix_ticket_call_id", table_name="ticket", postgresql_where=sa.text("call_id IS NOT NULL")
    )
    op.drop_table("ticket")
    op.drop_table("search_passage")
    op.drop_table("call_event")
    op.drop_index(
        "uq_article_live_title",
        table_name="article",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index("ix_article_updated_at_id", table_name="article")
    op.drop_index(op.f("ix_article_department_id"), table_name="article")
    op.drop_table("article")
    op.drop_index("uq_ticket_limit", table_name="ticket_limit", postgresql_nulls_not_distinct=True)
    op.drop_table("ticket_limit")
    op.drop_index(op.f("ix_ticket_draft_saved_at"), table_name="ticket_draft")
    op.drop_table("ticket_draft")
    op.drop_index(op.f("ix_search_document_written_in"), table_name="search_document")
    op.drop_table("search_document")
    op.drop_table("hotline_agent")
    op.drop_table("cti_key")
    op.drop_index(
        "ix_call_open",
        table_name="call",
        postgresql_where=sa.text("state IN ('ringing','answered')"),
    )
    op.drop_index("ix_call_number", table_name="call")
    op.drop_index(op.f("ix_call_began_at"), table_name="call")
    op.drop_table("call")
    # ### end Alembic commands ###
    op.execute("DROP SEQUENCE search_revision")
