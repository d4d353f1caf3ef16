"""Who may do what with campaigns; columns as in `access_table`.

`campaign_id` is one that somebody else has submitted: what its state refuses (409) is for those
who may ask for it.
"""

from typing import Any

from tests.security.dispatch_cast import etag

_ALL = "/api/v1/staff/campaigns"
_ONE = f"{_ALL}/<uuid:campaign_id>"
ROWS = {
    "GET /api/v1/staff/campaign-options": "audit",
    f"GET {_ALL}": "audit",
    f"POST {_ALL}": "audit",
    f"GET {_ONE}": "audit",
    f"PUT {_ONE}": "audit",
    f"GET {_ONE}/dry-run": "audit",
    f"POST {_ONE}/steps": "audit",
    f"POST {_ONE}/decisions": "audit",
    f"POST {_ONE}/stops": "audit",
}
_NOTICE = {"name": "停水", "title": "明天停水", "body": "请提前存水。"}
BODIES: dict[str, Any] = {
    f"POST {_ALL}": _NOTICE,
    f"PUT {_ONE}": _NOTICE,
    f"POST {_ONE}/steps": {"action": "recall"},
    f"POST {_ONE}/decisions": {"release": True, "read": True},
    f"POST {_ONE}/stops": {"reason": "写错了"},
}
_SEEN = etag("/staff/campaigns/{campaign_id}", "administrator")
BEFORE: dict[str, Any] = {
    f"PUT {_ONE}": _SEEN,
    f"POST {_ONE}/steps": _SEEN,
    f"POST {_ONE}/decisions": _SEEN,
}
