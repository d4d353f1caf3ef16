"""Callbacks of WeChat and of SMS providers as they came in: stored first, handled after."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.database import Base
from backend.kernel.ids import new_id


class WeChatPush(Base):
    """One push. ``nonce_key`` refuses a replay, ``event_key`` a repetition by the sender itself.

    ``account`` is mini or service, or the SMS provider whose reports these are. ``sealed`` is the
    encrypted message (it names an openid) and is emptied once handled.
    """

    __tablename__ = "wechat_push"
    __table_args__ = (
        Index("ix_wechat_push_waiting", "next_at", postgresql_where=text("handled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nonce_key: Mapped[str] = mapped_column(String(64), unique=True)
    event_key: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
