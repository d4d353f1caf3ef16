"""The keys of votes: what seals ballots, what opens them after the end, what signs checkpoints.

Three keys, none of which is the privacy key:
- each vote has its own X25519 key; its private part is sealed under BALLOT_KEY and opened only
  after the vote's end (`ballot_opening`);
- secret ballots that wait for their batch are sealed once more, under a key whose private part is
  a file below DATA_DIR/ballot-keys and nothing else; the file goes when the batch is taken in;
- BALLOT_SIGNING_KEY (Ed25519) signs checkpoints.
"""

import contextlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.domains.deliberation import record_rules
from backend.kernel.services import Services

_KEY, _NONCE, _TAG = 32, 12, 16
OVERHEAD = _KEY + _TAG


class Unopened(ValueError):
    """A sealed ballot was altered, or this is not its key."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A public key and its private part, raw bytes each."""

    public: bytes
    private: bytes


def new_pair() -> KeyPair:
    """A fresh X25519 key."""
    made = X25519PrivateKey.generate()
    return KeyPair(made.public_key().public_bytes_raw(), made.private_bytes_raw())


def seal(public: bytes, body: bytes, context: bytes) -> bytes:
    """`body` for whoever holds the private key: ephemeral key (32), ciphertext, tag (16).

    Never twice the same; `context` is not in it and must be given again to open it.
    """
    own = X25519PrivateKey.generate()
    sent = own.public_key().public_bytes_raw()
    key, nonce = _derived(own.exchange(X25519PublicKey.from_public_bytes(public)), sent, public)
    return sent + AESGCM(key).encrypt(nonce, body, context)


def unseal(private: bytes, sealed: bytes, context: bytes) -> bytes:
    """What was sealed; `Unopened` when it was altered or is for another key or context."""
    own = X25519PrivateKey.from_private_bytes(private)
    sent = sealed[:_KEY]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sent))
        key, nonce = _derived(shared, sent, own.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, sealed[_KEY:], context)
    except (InvalidTag, ValueError) as error:
        raise Unopened("a ballot cannot be opened") from error


def _derived(shared: bytes, sent: bytes, public: bytes) -> tuple[bytes, bytes]:
    made = HKDF(hashes.SHA256(), _KEY + _NONCE, sent + public, b"huying ballot").derive(shared)
    return made[:_KEY], made[_KEY:]


class VoteKeys:
    """What is done with BALLOT_KEY and BALLOT_SIGNING_KEY."""

    def __init__(self, ballot_key: bytes, signing_key: bytes) -> None:
        self._wrap = _expanded(ballot_key, b"wrap")
        self._mark = _expanded(ballot_key, b"mark")
        self._signer = Ed25519PrivateKey.from_private_bytes(signing_key)

    def new_vote_key(self, vote_id: UUID) -> tuple[bytes, bytes]:
        """A vote's public key, and its private part sealed under BALLOT_KEY."""
        pair, nonce = new_pair(), os.urandom(_NONCE)
        sealed = AESGCM(self._wrap).encrypt(nonce, pair.private, vote_id.bytes)
        return pair.public, nonce + sealed

    def vote_key(self, vote_id: UUID, sealed: bytes) -> bytes:
        """The private part of a vote's key. Only `ballot_opening` calls this."""
        try:
            return AESGCM(self._wrap).decrypt(sealed[:_NONCE], sealed[_NONCE:], vote_id.bytes)
        except InvalidTag as error:
            raise Unopened("the vote's key was altered, or BALLOT_KEY is another one") from error

    def mark(self, *parts: bytes) -> bytes:
        """A keyed mark: equal for equal parts, and telling nothing to who lacks the key."""
        return hmac.digest(self._mark, record_rules.digest(*parts), "sha256")

    def sign(self, text: str) -> bytes:
        """The Ed25519 signature (64 bytes)."""
        return self._signer.sign(text.encode())

    @property
    def public_key(self) -> bytes:
        """What checkpoints are verified with."""
        return self._signer.public_key().public_bytes_raw()


def _expanded(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY, b"huying votes", purpose).derive(key)


class PendingKeys:
    """Private parts of pending keys, one file each, for as long as their batch waits.

    Never in the database, never in a log, and to be left out of every backup.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self) -> tuple[UUID, bytes]:
        """A new key, on the disk before anybody seals with it; its id and public part."""
        pair, key_id = new_pair(), uuid4()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path(key_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pair.private)
            file.flush()
            os.fsync(file.fileno())
        self._settle()
        return key_id, pair.public

    def load(self, key_id: UUID) -> bytes:
        """The private part; `FileNotFoundError` when it is gone for good."""
        return self._path(key_id).read_bytes()

    def destroy(self, key_id: UUID) -> None:
        """Overwrite and unlink it; nothing happens when it is gone."""
        with contextlib.suppress(FileNotFoundError):
            # A journalling file system or flash may keep the old block: see the decision record.
            with self._path(key_id).open("r+b") as file:
                file.write(secrets.token_bytes(_KEY))
                file.flush()
                os.fsync(file.fileno())
            self._path(key_id).unlink()
            self._settle()

    def known(self) -> set[UUID]:
        """The keys that exist."""
        return {UUID(path.stem) for path in self._folder.glob("*.key")}

    def sweep(self, needed: Iterable[UUID]) -> int:
        """Destroy what no batch waits for; how many."""
        spare = self.known() - set(needed)
        for key_id in spare:
            self.destroy(key_id)
        return len(spare)

    def _path(self, key_id: UUID) -> Path:
        return self._folder / f"{key_id}.key"

    def _settle(self) -> None:
        """Make the folder's own change durable."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keys_of(services: Services) -> VoteKeys:
    """The installation's keys of votes."""
    found = services.extensions["vote_keys"]
    assert isinstance(found, VoteKeys)
    return found


def pending_of(services: Services) -> PendingKeys:
    """The installation's pending keys."""
    found = services.extensions["pending_keys"]
    assert isinstance(found, PendingKeys)
    return found
