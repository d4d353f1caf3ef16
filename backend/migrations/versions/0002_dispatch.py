"""dispatch: grid, events, routing, hot issues, Open311."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("staff_account", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_staff_account_person_id"), "staff_account", "person", ["person_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_staff_account_person_id"), "staff_account", ["person_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_column("staff_account", "person_id")
