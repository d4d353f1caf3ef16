"""The index of this process, kept in step with the database.

Whoever finds documents that changed brings the index up to date, one process at a time (a file
lock); the worker looks every second, web processes every two. Requests never wait for that: what
changed and is not yet indexed is left out by the query itself. Only without any index (the first
start, damage) does a request wait, for at most `FIRST_WAIT_SECONDS`.
"""

import fcntl
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from backend.domains.retrieval import meaning, meanings, store
from backend.domains.retrieval.ranking import Deep
from backend.domains.retrieval.tantivy_index import SCHEMA_NUMBER, TantivyIndex
from backend.kernel.errors import Unavailable
from backend.kernel.services import Services

log = structlog.get_logger()
EXTENSION = "search_index"
LOOK_EVERY_SECONDS = 2.0
FIRST_WAIT_SECONDS = 5.0
BATCH = 2000
_POINTER = "current"
_MEANINGS = "meanings"


class NotReady(Unavailable):
    """The index is being made: for the first time, or because it was damaged."""

    code = "search_not_ready"
    title = "搜索正在准备"


class LiveIndex:
    """Hands out the present index. `background=False`: in memory, up to date at each use."""

    def __init__(self, services: Services, *, background: bool = True) -> None:
        self._services = services
        self.background = background
        self._place = Path(services.settings.data_dir) / "search"
        self._working = threading.Lock()
        self._opening = threading.Lock()
        self._index: TantivyIndex | None = None
        self._opened: tuple[str, int] | None = None
        self._looked = float("-inf")
        self._meanings = meanings.NOTHING
        self._meanings_name = ""

    def current(self, session: Session) -> TantivyIndex:
        """The index to search in; `NotReady` while there is none."""
        if not self.background:
            with self._working:
                return self._in_memory(session)
        if self._index is None or time.monotonic() - self._looked > LOOK_EVERY_SECONDS:
            self._looked = time.monotonic()
            self._reopen()
            self._open_meanings()
            if self._index is None or self._behind(session, self._index):
                self._start()
        index = self._index
        if index is None:
            index = self._wait()
        return index

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Around a reading of the index: one that cannot be read is given up and made anew."""
        try:
            yield
        except (OSError, ValueError) as error:
            log.warning("search index damaged, made anew", error=str(error))
            (self._place / _POINTER).unlink(missing_ok=True)
            self._index, self._opened = None, None
            raise NotReady(detail="索引坏了，正在重建", action="请过一会儿再试") from error

    def deep(self, session: Session, text: str) -> Deep | None:
        """What a deep search needs besides the index; None where there is no model."""
        embedder = meaning.embedder(self._services)
        if embedder is None:
            return None
        found = self._meanings if self.background else meanings.read(session)
        return Deep(found, embedder.query(text.strip()))

    def refresh_meanings(self) -> bool:
        """Put newly computed vectors on disk; whether there were any. For the worker."""
        with self._alone() as alone:
            if not alone:
                return False
            with self._services.db.transaction() as session:
                state = "{}:{}:{}".format(*meanings.state(session), store.horizon(session).lineage)
                if self._read_meanings_state() == state:
                    return False
                found = meanings.read(session)
            name = meanings.save(found, self._place / _MEANINGS)
            draft = self._place / f"{_MEANINGS}.new"
            draft.write_text(f"{name} {state}", encoding="utf-8")
            draft.replace(self._place / f"{_MEANINGS}.{_POINTER}")
        self._open_meanings()
        return True

    def _read_meanings_state(self) -> str:
        pointer = self._place / f"{_MEANINGS}.{_POINTER}"
        return pointer.read_text(encoding="utf-8").partition(" ")[2] if pointer.exists() else ""

    def _open_meanings(self) -> None:
        """Map the vectors on disk, if they are not those that are mapped already."""
        try:
            text = (self._place / f"{_MEANINGS}.{_POINTER}").read_text(encoding="utf-8")
            name = text.partition(" ")[0]
            if name != self._meanings_name:
                self._meanings = meanings.load(self._place / _MEANINGS, name)
                self._meanings_name = name
        except FileNotFoundError:
            return
        except (OSError, ValueError, EOFError) as error:
            log.warning("vectors not readable", error=str(error))

    def _in_memory(self, session: Session) -> TantivyIndex:
        if self._index is None:
            self._index = TantivyIndex()
        _catch_up(session, self._index)
        return self._index

    def _behind(self, session: Session, index: TantivyIndex) -> bool:
        seen, now = index.horizon(), store.horizon(session)
        if seen is None or seen.lineage != now.lineage:
            return True
        return bool(store.changed(session, seen))

    def _start(self) -> None:
        threading.Thread(target=self._work, name="search-index", daemon=True).start()

    def _work(self) -> None:
        try:
            self.upkeep()
        except Exception:
            # The index in use stays; the next look tries again.
            log.exception("search index not brought up to date")

    def _wait(self) -> TantivyIndex:
        until = time.monotonic() + FIRST_WAIT_SECONDS
        while self._index is None:
            if time.monotonic() > until:
                raise NotReady(detail="索引还没建好", action="请过一会儿再试")
            time.sleep(0.05)
            self._reopen()
        return self._index

    def _reopen(self) -> None:
        """Open what lies on disk, if it is not what is open already."""
        with self._opening:
            try:
                name = (self._place / _POINTER).read_text(encoding="utf-8")
                stamp = (name, (self._place / name / "meta.json").stat().st_mtime_ns)
                if stamp == self._opened:
                    return
                if self._index is not None and self._opened and self._opened[0] == name:
                    self._index.reload()
                else:
                    self._index = _opened(self._place / name)
                self._opened = stamp
            except FileNotFoundError:
                return
            except (OSError, ValueError) as error:
                log.warning("search index not readable", error=str(error))

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether this thread of this process may write; nobody else does meanwhile."""
        if not self._working.acquire(blocking=False):
            yield False
            return
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            with (self._place / "lock").open("a") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield False
                    return
                yield True
        finally:
            self._working.release()

    def upkeep(self) -> int:
        """Bring the index on disk up to date, or make it; how many documents were written."""
        with self._alone() as alone:
            if not alone:
                return 0
            self._reopen()
            index = self._index
            with self._services.db.transaction() as session:
                seen = index.horizon() if index else None
                if index is None or seen is None or seen.lineage != store.horizon(session).lineage:
                    return self._rebuild(session)
            try:
                with self._services.db.transaction() as session:
                    count = _catch_up(session, index)
            except (OSError, ValueError) as error:
                log.warning("search index damaged, made anew", error=str(error))
                with self._services.db.transaction() as session:
                    return self._rebuild(session)
            self._reopen()
            return count

    def rebuild(self) -> int:
        """Make the index anew from the database; how many documents it has."""
        with self._alone() as alone:
            if not alone:
                raise NotReady(detail="另一个进程正在更新索引", action="请过一会儿再试")
            with self._services.db.transaction() as session:
                return self._rebuild(session)

    def _rebuild(self, session: Session) -> int:
        """Beside the old one, which serves until the new one is whole."""
        name = f"{SCHEMA_NUMBER}-{uuid4().hex[:12]}"
        (self._place / name).mkdir(parents=True)
        store.settle(session)
        horizon = store.horizon(session)
        count = TantivyIndex(self._place / name).write(store.everything(session), (), horizon)
        draft = self._place / f"{_POINTER}.new"
        draft.write_text(name, encoding="utf-8")
        draft.replace(self._place / _POINTER)
        for old in self._place.iterdir():
            if old.is_dir() and old.name not in (name, _MEANINGS):
                shutil.rmtree(old, ignore_errors=True)
        self._reopen()
        return count


def _opened(path: Path) -> TantivyIndex | None:
    """The index at `path`, or None for one of another schema."""
    if not path.name.startswith(f"{SCHEMA_NUMBER}-"):
        return None
    index = TantivyIndex(path)
    return index if index.horizon() is not None else None


def _catch_up(session: Session, index: TantivyIndex) -> int:
    """Write what changed since the index's horizon; how many documents."""
    seen, now = index.horizon(), store.horizon(session)
    if seen is None or seen.lineage != now.lineage:
        return index.write(store.everything(session), (), now)
    changed = store.changed(session, seen)
    outdated = index.outdated(changed)
    if not outdated and (not changed or now.transaction <= seen.transaction):
        return 0
    return index.write(store.stored(session, outdated), outdated, now)


def of(services: Services) -> LiveIndex:
    """The index of this process."""
    return cast(LiveIndex, services.extensions[EXTENSION])
