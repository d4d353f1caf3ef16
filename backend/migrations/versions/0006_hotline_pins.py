"""hotline: a service item can be what an answer stands on; land registration has its own code.

Two small indexes find what is one person's among millions of tickets.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "ticket_pin",
        sa.Column("kind", sa.String(length=8), nullable=False, server_default="article"),
    )
    op.alter_column("ticket_pin", "kind", server_default=None)
    op.alter_column("ticket_pin", "article_id", new_column_name="source_id")
    op.execute("ALTER INDEX ix_ticket_pin_article_id RENAME TO ix_ticket_pin_source_id")
    op.alter_column("ticket_pin", "number", type_=sa.String(length=80))
    op.alter_column("ticket_pin", "title", type_=sa.String(length=200))
    op.create_check_constraint(
        op.f("ck_ticket_pin_kind"), "ticket_pin", "kind IN ('article','item')"
    )
    op.create_check_constraint(
        op.f("ck_ticket_pin_item_public"), "ticket_pin", "kind = 'article' OR public"
    )
    op.create_index(
        "ix_ticket_open_operator",
        "ticket",
        ["operator_id", "created_at", "id"],
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_ticket_unit_signed_by",
        "ticket_unit",
        ["signed_by", "ticket_id"],
        postgresql_where=sa.text("state IN ('waiting','signed','replied')"),
    )
    # `property` was shown as 不动产登记 on articles, and is 物业服务 on events and tickets. Scripts
    # are found by a ticket's category, so theirs meant the latter.
    op.execute(
        "UPDATE article_version SET category_code = 'real_estate' "
        "WHERE category_code = 'property' AND material_kind <> 'script'"
    )


def downgrade() -> None:
    """Take it back; the pins of items go."""
    op.execute(
        "UPDATE article_version SET category_code = 'property' WHERE category_code = 'real_estate'"
    )
    op.drop_index("ix_ticket_unit_signed_by", "ticket_unit")
    op.drop_index("ix_ticket_open_operator", "ticket")
    op.execute("DELETE FROM ticket_pin WHERE kind = 'item'")
    op.drop_constraint(op.f("ck_ticket_pin_item_public"), "ticket_pin", type_="check")
    op.drop_constraint(op.f("ck_ticket_pin_kind"), "ticket_pin", type_="check")
    op.alter_column("ticket_pin", "title", type_=sa.String(length=128))
    op.alter_column("ticket_pin", "number", type_=sa.String(length=40))
    op.execute("ALTER INDEX ix_ticket_pin_source_id RENAME TO ix_ticket_pin_article_id")
    op.alter_column("ticket_pin", "source_id", new_column_name="article_id")
    op.drop_column("ticket_pin", "kind")
