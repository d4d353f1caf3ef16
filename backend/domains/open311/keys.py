"""Keys of the applications that may report over Open311."""

from backend.domains.open311.model import ApiKey
from backend.kernel.api_keys import ApiKeys, view

__all__ = ["find", "issue", "listed", "revoke", "view"]

_KEYS = ApiKeys(ApiKey, "open311_api_key", "api_key")
issue, revoke, find, listed = _KEYS.issue, _KEYS.revoke, _KEYS.find, _KEYS.listed
