"""Voice notes become text: by the worker, off the request path, as often as it may help."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update

from backend.domains.dispatch import moves
from backend.domains.dispatch.events import EventCalled
from backend.domains.dispatch.model import Event, EventFile
from backend.domains.dispatch.recording_model import Recording
from backend.integrations.speech import HttpSpeechRecogniser, SpeechError, SpeechRecogniser
from backend.kernel.files import StoredFile
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

EXTENSION = "speech"
EVERY_SECONDS = 2
MOST_TRIES = 6
# While one try lasts nobody else takes the note; a worker that dies gives it back this way.
_LEASE = timedelta(minutes=2)
_PAUSES = (1, 4, 15, 60, 240)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note whose turn it is."""

    file_id: UUID
    body: bytes
    media_type: str


def wire(services: Services) -> None:
    """Put the configured recogniser in place and have waiting notes looked at."""
    speech = services.settings.speech
    if speech.api_url:
        services.extensions[EXTENSION] = HttpSpeechRecogniser(speech.api_url, speech.api_key)
    services.events.subscribe(EventCalled, ask)
    services.upkeep.add("voice notes", EVERY_SECONDS, run)


def ask(uow: UnitOfWork, event: EventCalled) -> None:
    """Have the voice notes of a fresh call turned into text soon, if a recogniser is set."""
    if not event.first or uow.services.extensions.get(EXTENSION) is None:
        return
    notes = select(EventFile.file_id).where(
        EventFile.event_id == event.event_id, EventFile.role == "voice"
    )
    uow.session.execute(
        update(Recording)
        .where(Recording.file_id.in_(notes), Recording.recognised_at.is_(None))
        .values(due_at=uow.now)
        .execution_options(synchronize_session=False)
    )


def run(services: Services) -> int:
    """Ask about the notes that are due; how many were asked about.

    The recogniser is asked outside of any transaction: it may take its time.
    """
    recogniser: SpeechRecogniser | None = services.extensions.get(EXTENSION)
    done = 0
    while recogniser is not None and (note := _next(services)) is not None:
        done += 1
        try:
            text = recogniser.recognise(note.body, note.media_type)
        except SpeechError as error:
            log.warning("voice not recognised", code=error.code)
            with services.unit() as uow:
                _failed(uow, note.file_id, again=error.again)
            # Others would fail alike; deadlines and other chores should not wait for them.
            break
        with services.unit() as uow:
            _understood(uow, note.file_id, text)
    return done


def _next(services: Services) -> Note | None:
    with services.unit() as uow:
        row = uow.session.execute(
            select(Recording, StoredFile)
            .join(StoredFile, StoredFile.id == Recording.file_id)
            .where(Recording.due_at <= uow.now)
            .order_by(Recording.due_at)
            .limit(1)
            .with_for_update(skip_locked=True, of=Recording)
        ).first()
        if row is None:
            return None
        recording, file = row
        recording.tried += 1
        recording.due_at = uow.now + _LEASE
        body = services.files.path(file).read_bytes()
        return Note(recording.file_id, body, file.media_type)


def _failed(uow: UnitOfWork, file_id: UUID, *, again: bool) -> None:
    row = uow.session.get_one(Recording, file_id, with_for_update=True)
    if again and row.tried < MOST_TRIES:
        pause = _PAUSES[min(row.tried, len(_PAUSES)) - 1]
        row.due_at = uow.now + timedelta(minutes=pause)
    else:
        _understood(uow, file_id, "")


def _understood(uow: UnitOfWork, file_id: UUID, text: str) -> None:
    row = uow.session.get_one(Recording, file_id, with_for_update=True)
    if row.recognised_at is not None:
        return
    row.text, row.recognised_at, row.due_at = text, uow.now, None
    events = uow.session.scalars(
        select(Event)
        .join(EventFile, EventFile.event_id == Event.id)
        .where(EventFile.file_id == file_id)
        .order_by(Event.id)
        .with_for_update(of=Event)
    )
    for event in events.unique():
        _tell(uow, event, text)


def _tell(uow: UnitOfWork, event: Event, text: str) -> None:
    """The trace says that it was done; the words themselves go with the caller's account."""
    said = "语音已转成文字" if text else "语音没有转出文字，请听录音"
    moves.note(uow, event, "voice_text", internal=said)
