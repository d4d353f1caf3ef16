"""hotline: pictures of tickets, scripts of operators, targets of the three rates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "ticket_file",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_ticket_file_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_file_ticket_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "file_id", name=op.f("pk_ticket_file")),
    )
    op.create_index(op.f("ix_ticket_file_file_id"), "ticket_file", ["file_id"], unique=False)
    op.create_table(
        "rate_target",
        sa.Column("rate", sa.String(length=10), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "rate IN ('response','solved','satisfied')", name=op.f("ck_rate_target_rate")
        ),
        sa.CheckConstraint("target BETWEEN 0 AND 1", name=op.f("ck_rate_target_target")),
        sa.PrimaryKeyConstraint("rate", name=op.f("pk_rate_target")),
    )
    op.create_check_constraint(
        op.f("ck_article_version_script_inside"),
        "article_version",
        "material_kind <> 'script' or audience = 'internal' or state = 'draft'",
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_constraint(op.f("ck_article_version_script_inside"), "article_version", type_="check")
    op.drop_table("rate_target")
    op.drop_index(op.f("ix_ticket_file_file_id"), table_name="ticket_file")
    op.drop_table("ticket_file")
