"""What the demo's Open311 services ask, and a key to try them with."""

import json

from sqlalchemy.dialects.postgresql import insert

from backend.demo.district import DATA
from backend.domains.open311.model import ApiKey, ServiceAttribute
from backend.kernel.database import table_of
from backend.kernel.ids import stable_id
from backend.kernel.services import Services

#: Works in the demo only: production never runs this seed.
DEMO_KEY = "demo-open311-key"


def seed(services: Services) -> None:
    """Attributes and the demo's key; running it again changes nothing."""
    rows = json.loads((DATA / "open311_attributes.json").read_text(encoding="utf-8"))
    with services.unit() as uow:
        table = table_of(ServiceAttribute)
        uow.session.execute(insert(table).values(rows).on_conflict_do_nothing())
        key = {
            "id": stable_id("open311-key", "demo"), "name": "演示应用", "hint": DEMO_KEY[:4],
            "fingerprint": services.privacy.fingerprint(DEMO_KEY, "open311_api_key"),
            "created_at": uow.now,
        }  # fmt: skip
        uow.session.execute(insert(table_of(ApiKey)).values(key).on_conflict_do_nothing())
