"""Uploaded files: typed by content, limited, re-encoded, stripped and kept by hash."""

import hashlib
import io
import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kernel.audio import CleanAudio, clean_audio
from backend.kernel.database import Base
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.uow import UnitOfWork

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_EDGE = 2560
_BATCH = 500
SMALL_EDGE = 320
_FORMATS = {
    "JPEG": ("JPEG", "image/jpeg"),
    "PNG": ("PNG", "image/png"),
    "WEBP": ("JPEG", "image/jpeg"),
    # What Pillow calls a JPEG with a preview or a second picture behind it, as phones make them.
    "MPO": ("JPEG", "image/jpeg"),
}
_OPENED = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class StoredFile(Base):
    """A file's record; its bytes lie under their SHA-256 outside the web root."""

    __tablename__ = "stored_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class CleanFile:
    """Bytes that are safe to keep and to serve as `media_type`."""

    body: bytes
    media_type: str


def clean_image(stream: IO[bytes]) -> CleanFile:
    """Decode the picture, turn it upright, drop every tag and encode it anew.

    What does not decode as JPEG, PNG or WebP is refused whatever its name says; so are
    files over 10 MiB and pictures over 50 megapixels (decompression bombs).
    """
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _refuse("图片太大，请选10MB以内的")
    try:
        with Image.open(io.BytesIO(raw), formats=_OPENED) as picture:
            kind, media_type = _FORMATS[picture.format or ""]
            if picture.width * picture.height > MAX_PIXELS:
                raise _refuse("图片尺寸太大，请压缩后再传")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_EDGE, MAX_EDGE))
            fresh = upright.convert("RGB" if kind == "JPEG" else "RGBA")
            fresh.info.clear()
    except _UNREADABLE:
        raise _refuse("这不是能打开的图片，请选 JPG 或 PNG 图片") from None
    out = io.BytesIO()
    fresh.save(out, kind, quality=85)
    return CleanFile(out.getvalue(), media_type)


@dataclass(frozen=True, slots=True)
class Served:
    """What an answer with a file needs."""

    path: Path
    media_type: str
    etag: str


class FileStore:
    """Bytes by content hash in a private folder; writing the same bytes twice is harmless."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def store(self, uow: UnitOfWork, stream: IO[bytes], purpose: str) -> StoredFile:
        """Clean the picture, keep its bytes and record it in the caller's transaction."""
        return self._keep(uow, clean_image(stream), purpose)

    def store_audio(
        self, uow: UnitOfWork, stream: IO[bytes], purpose: str
    ) -> tuple[StoredFile, float]:
        """As `store` for a voice note; answers its seconds too."""
        clean = clean_audio(stream)
        return self._keep(uow, clean, purpose), clean.seconds

    def keep(self, uow: UnitOfWork, clean: CleanFile, purpose: str) -> StoredFile:
        """Keep what the caller has made sure is safe to keep, and record it."""
        return self._keep(uow, clean, purpose)

    def _keep(self, uow: UnitOfWork, clean: CleanFile | CleanAudio, purpose: str) -> StoredFile:
        digest = hashlib.sha256(clean.body).hexdigest()
        self._write(digest, clean.body)
        row = StoredFile(
            sha256=digest,
            media_type=clean.media_type,
            size=len(clean.body),
            purpose=purpose,
            owner_id=uow.actor.id,
            created_at=uow.now,
        )
        uow.session.add(row)
        uow.session.flush()
        return row

    def path(self, file: StoredFile) -> Path:
        """Where the bytes lie."""
        return self.root / file.sha256[:2] / file.sha256

    def served(self, file: StoredFile, size: str = "full") -> Served:
        """The file for an answer; `small` is a picture of at most 320 pixels."""
        mark = file.sha256[:32]
        if size == "small" and file.media_type.startswith("image/"):
            return Served(self.small_path(file), "image/jpeg", f"{mark}-small")
        return Served(self.path(file), file.media_type, mark)

    def small_path(self, file: StoredFile) -> Path:
        """Where a JPEG of at most 320 pixels of the picture lies; made when first wanted."""
        target = self.path(file).with_name(f"{file.sha256}.small")
        if not target.exists():
            with Image.open(self.path(file), formats=_OPENED) as picture:
                # Asks the decoder for a reduced picture at once, which is far cheaper.
                picture.draft("RGB", (SMALL_EDGE * 2, SMALL_EDGE * 2))
                picture.thumbnail((SMALL_EDGE, SMALL_EDGE))
                flat = Image.new("RGB", picture.size, "white")
                seen = picture.convert("RGBA")
                flat.paste(seen, mask=seen)
            out = io.BytesIO()
            flat.save(out, "JPEG", quality=78)
            self._put(target, out.getvalue())
        return target

    def sweep(self, session: Session, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove bytes that no record names any more; how many files.

        Only what has lain for a day: an upload under way has bytes before it has a record.
        """
        before = time.time() - older_than.total_seconds()
        old = [path for path in self.root.glob("??/*") if path.stat().st_mtime < before]
        known = select(StoredFile.sha256)
        removed = 0
        for start in range(0, len(old), _BATCH):
            part = old[start : start + _BATCH]
            named = set(
                session.scalars(known.where(StoredFile.sha256.in_({one.name[:64] for one in part})))
            )
            for path in part:
                # Somebody may have uploaded the same bytes since, which touches the file.
                if path.name[:64] not in named and path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _write(self, digest: str, body: bytes) -> None:
        self._put(self.root / digest[:2] / digest, body)

    @staticmethod
    def _put(target: Path, body: bytes) -> None:
        if target.exists():
            target.touch()
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written beside and renamed, so that a crash leaves no half file under a true hash.
        part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
        try:
            with part.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _refuse(text: str) -> Invalid:
    return Invalid("bad_file", title="图片不能用", detail=text, fields={"file": [text]})
