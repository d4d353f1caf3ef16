"""A complete, publishable item for tests to bend."""

from copy import deepcopy
from typing import Any

from backend.domains.catalog.content import Content
from backend.domains.catalog.model import ItemVersion
from backend.domains.catalog.service import Codes, create, publish
from backend.domains.organisation import service as organisation
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork

_SAMPLE: dict[str, Any] = {
    "name": "社会保障卡挂失/补领",
    "summary": "卡丢了先挂失，再补一张",
    "aliases": ["社保卡丢了", "补社保卡"],
    "level": "street",
    "item_class": "service",
    "case_type": "promise",
    "group_code": "shebao",
    "bookable": True,
    "audience": "person",
    "themes": ["shebao"],
    "legal_limit": {"value": 20, "unit": "workday"},
    "promise_limit": {"value": 1, "unit": "workday"},
    "conditions": ["参加了社会保险，卡丢了"],
    "materials": [
        {
            "name": "居民身份证",
            "form": "original",
            "count": 1,
            "necessity": "required",
            "source": "公安机关核发",
            "replaced_by_licence": "居民身份证",
            "legal_basis": "《中华人民共和国居民身份证法》",
            "note": "",
        }
    ],
    "steps": [
        {
            "key": key,
            "name": name,
            "actor": "窗口人员",
            "limit_text": "",
            "description": "",
            "next": following,
        }
        for key, name, following in (
            ("ask", "申请", ["check"]),
            ("check", "核对", ["fix", "give"]),
            ("fix", "补正", ["check"]),
            ("give", "领卡", []),
        )
    ],
    "special_procedures": [],
    "fees": [],
    "visits": 1,
    "visits_reason": "要当面核对本人",
    "online_depth": 4,
    "places": [{"hall_code": "yuehe", "windows_text": "社保医保窗口"}],
    "consult_phone": "0000-8801001",
    "complaint_phone": "0000-8809001",
    "courier": True,
    "scope": "city",
    "result_type": "licence",
    "result_name": "社会保障卡",
    "remedies": "可以申请行政复议",
    "legal_basis": ["《中华人民共和国社会保险法》"],
}


def sample(**changes: Any) -> Content:
    """The sample item with some fields changed."""
    return {**deepcopy(_SAMPLE), **changes}  # type: ignore[typeddict-item]  # a plain sample


def departments(uow: UnitOfWork, *codes: str) -> None:
    """Departments for items to belong to."""
    organisation.put(uow.session, "department", [(code, f"{code}局") for code in codes])


def drafted(uow: UnitOfWork, code: str = "TEST-0001", **changes: Any) -> ItemVersion:
    """An item of department rsj with a first draft."""
    departments(uow, "rsj", "ga")
    return create(uow, Codes(code, stable_id("department", "rsj")), sample(**changes))


def published(uow: UnitOfWork, code: str = "TEST-0001", **changes: Any) -> ItemVersion:
    """An item of department rsj that is live."""
    return publish(uow, drafted(uow, code, **changes).item_id)
