"""What providers of text messages report: where it is taken from, and what it changes."""

from collections.abc import Mapping
from typing import Any

from backend.domains.messages import rules
from backend.domains.messages.providers import message_id
from backend.integrations.sms import SmsProvider
from backend.integrations.sms_pool import SmsPool
from backend.integrations.sms_reports import Batch
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork
from notifications import receipts
from notifications.kinds import SMS

#: The `MsgType` under which reports wait beside WeChat's pushes.
STORED = "sms_reports"


def provider(services: Services, name: str) -> SmsProvider | None:
    """The provider of this name; None where it is not set up."""
    pool = services.sms
    return pool.providers.get(name) if isinstance(pool, SmsPool) else None


def written(batch: Batch) -> dict[str, Any]:
    """A callback as it is kept for the worker."""
    rows = [{"id": one.message_id, "ok": one.ok, "code": one.code} for one in batch.reports]
    return {"MsgType": STORED, "reports": rows}


def enter(uow: UnitOfWork, name: str, message: Mapping[str, Any]) -> None:
    """Enter each report of provider ``name``; one told before changes nothing."""
    for row in message["reports"]:
        number = message_id(name, str(row["id"]))
        receipts.record(
            uow.session,
            uow.now,
            event_key=f"{SMS}:{number}:{'ok' if row['ok'] else 'no'}"[:120],
            channel=SMS,
            provider_msgid=number,
            ok=bool(row["ok"]),
            text=rules.report_text(str(row["code"])),
        )
