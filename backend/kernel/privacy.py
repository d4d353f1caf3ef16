"""Personal data: sealed at rest (SM4-GCM), looked up by keyed hash (HMAC-SM3), masked in view."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_TAG = 16


class Privacy:
    """Seals and opens personal values with keys that live outside the database.

    `keys` maps a key id (1-255) to 32 secret bytes; `current` names the one that seals.
    Sealed values start with their key id, so keys can be rotated one row at a time.
    """

    def __init__(self, keys: dict[int, bytes], current: int) -> None:
        if current not in keys:
            raise ValueError("the current key is not among the keys")
        self._current = current
        self._seal_keys = {kid: _derive(key, b"seal", 16) for kid, key in keys.items()}
        # Look-ups must find rows sealed under older keys, so one key (the lowest id) hashes all.
        self._hash_key = _derive(keys[min(keys)], b"fingerprint", 32)
        self._sign_key = _derive(keys[min(keys)], b"sign", 32)

    def seal(self, text: str) -> bytes:
        """`text` encrypted: key id, nonce (12), tag (16), ciphertext. Never twice the same."""
        nonce = os.urandom(_NONCE)
        cipher = Cipher(algorithms.SM4(self._seal_keys[self._current]), modes.GCM(nonce))
        encryptor = cipher.encryptor()
        body = encryptor.update(text.encode()) + encryptor.finalize()
        return bytes([self._current]) + nonce + encryptor.tag + body

    def open(self, sealed: bytes) -> str:
        """What was sealed; raises ValueError if it was altered or its key is not here."""
        key = self._seal_keys.get(sealed[0]) if sealed else None
        if key is None or len(sealed) < 1 + _NONCE + _TAG:
            raise ValueError("sealed value cannot be opened")
        nonce, tag = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : 1 + _NONCE + _TAG]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        try:
            plain = decryptor.update(sealed[1 + _NONCE + _TAG :]) + decryptor.finalize()
        except InvalidTag:
            raise ValueError("sealed value was altered") from None
        return plain.decode()

    def fingerprint(self, text: str, purpose: str) -> bytes:
        """A keyed hash (32 bytes) to find `text` by; differs by `purpose` so tables cannot join."""
        return _hmac(self._hash_key, purpose.encode() + b"\0" + text.encode())

    def sign(self, text: str, purpose: str) -> bytes:
        """A keyed signature (32 bytes) over `text`, for tokens that come back to us."""
        return _hmac(self._sign_key, purpose.encode() + b"\0" + text.encode())


def _derive(key: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=b"huying", info=info).derive(key)


def _hmac(key: bytes, data: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


def mask_name(name: str) -> str:
    """`王*兰`, `王*`: the first and, from three characters on, the last one stay."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def mask_phone(phone: str) -> str:
    """`138****5678`; shorter numbers keep only their last two digits."""
    if len(phone) < 8:
        return "*" * max(0, len(phone) - 2) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_id_number(number: str) -> str:
    """`440***********1234`; what is too short for that becomes stars altogether."""
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_openid(openid: str) -> str:
    """The first four characters of a WeChat openid (28 characters), then stars."""
    return (openid[:4] if len(openid) > 8 else "") + "****"
