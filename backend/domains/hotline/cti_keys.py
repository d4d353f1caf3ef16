"""Keys of the telephone systems that may tell of calls."""

from backend.domains.hotline.desk_model import CtiKey
from backend.kernel.api_keys import ApiKeys, view

__all__ = ["find", "issue", "listed", "revoke", "view"]

_KEYS = ApiKeys(CtiKey, "cti_api_key", "cti_key")
issue, revoke, find, listed = _KEYS.issue, _KEYS.revoke, _KEYS.find, _KEYS.listed
