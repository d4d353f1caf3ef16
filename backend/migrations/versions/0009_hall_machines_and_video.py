"""hall machines and video: kiosks, queue rules of a hall, rooms of video consultations."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_kiosk_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_kiosk_key_hash")),
    )
    op.create_index(op.f("ix_kiosk_hall_id"), "kiosk", ["hall_id"])
    op.create_table(
        "video_room",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("joined_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_video_room_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_video_room")),
    )
    op.add_column("hall", sa.Column("return_behind", sa.SmallInteger(), nullable=True))
    for name, default in (("most_skips", "3"), ("priority_run", "0"), ("hall_late_minutes", "60")):
        op.add_column(
            "hall",
            sa.Column(name, sa.SmallInteger(), server_default=sa.text(default), nullable=False),
        )
    op.create_check_constraint(
        op.f("ck_hall_queue"),
        "hall",
        "return_behind BETWEEN 0 AND 99 AND most_skips BETWEEN 1 AND 20"
        " AND priority_run BETWEEN 0 AND 20 AND hall_late_minutes BETWEEN 10 AND 480",
    )
    op.add_column(
        "appointment",
        sa.Column("skip_count", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("appointment", sa.Column("place_at", _MOMENT, nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("appointment", "place_at")
    op.drop_column("appointment", "skip_count")
    op.drop_constraint(op.f("ck_hall_queue"), "hall", type_="check")
    for name in ("hall_late_minutes", "priority_run", "most_skips", "return_behind"):
        op.drop_column("hall", name)
    op.drop_table("video_room")
    op.drop_index(op.f("ix_kiosk_hall_id"), table_name="kiosk")
    op.drop_table("kiosk")
