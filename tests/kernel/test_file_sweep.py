"""Bytes whose record is gone are removed; nothing else is."""

import io
import os
import time

from PIL import Image
from sqlalchemy import delete

from backend.kernel.files import FileStore, StoredFile
from backend.kernel.uow import UnitOfWork

DAYS_AGO = time.time() - 3 * 86400


def picture(colour: str) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(made, "PNG")
    made.seek(0)
    return made


def aged(store: FileStore, file: StoredFile) -> None:
    os.utime(store.path(file), (DAYS_AGO, DAYS_AGO))


def test_only_old_bytes_without_a_record_go(uow: UnitOfWork, tmp_path) -> None:
    store = FileStore(tmp_path)
    kept, gone, fresh = (
        store.store(uow, picture(c), "event_photo") for c in ("red", "blue", "teal")
    )
    small = store.small_path(gone)
    os.utime(small, (DAYS_AGO, DAYS_AGO))
    aged(store, kept)
    aged(store, gone)
    uow.session.execute(delete(StoredFile).where(StoredFile.id.in_([gone.id, fresh.id])))
    assert store.sweep(uow.session) == 2
    assert store.path(kept).exists() and store.path(fresh).exists()
    assert not store.path(gone).exists() and not small.exists()


def test_bytes_uploaded_again_stay(uow: UnitOfWork, tmp_path) -> None:
    store = FileStore(tmp_path)
    first = store.store(uow, picture("red"), "event_photo")
    aged(store, first)
    uow.session.execute(delete(StoredFile).where(StoredFile.id == first.id))
    again = store.store(uow, picture("red"), "event_photo")
    assert store.sweep(uow.session) == 0
    assert store.path(again).exists()
