"""The openids by which the demo's persons are known to the WeChat stand-in."""

import base64
import hashlib


def demo_openid(person_key: str, account: str = "mini") -> str:
    """The same 28 characters each time for a demo person; ``account`` is mini or service."""
    digest = hashlib.sha256(f"huying-demo:{account}:{person_key}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest)[:27].decode()
