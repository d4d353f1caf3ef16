"""Checks of places on patrol: answers to the items of a check list, kept with the questions."""

from collections.abc import Iterable
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import select

from backend.domains.grid import service as grid
from backend.domains.patrols import check_lists, rules, service
from backend.domains.patrols.model import CheckRecord
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.files import StoredFile
from backend.kernel.ids import new_id
from backend.kernel.trace import record
from backend.kernel.uow import UnitOfWork


def add(
    uow: UnitOfWork,
    who: Principal,
    patrol_id: UUID,
    body: dict[str, Any],
    place: tuple[float, float] | None,
) -> CheckRecord:
    """Keep a check; the same place at the same moment sent again is the same check.

    `Invalid` names the item without an answer, the fault without words or photo, the photo that
    is not the worker's own. `place` is WGS-84 (latitude, longitude).
    """
    patrol = service.own(uow, who, patrol_id, lock=True)
    at = body["checked_at"] or uow.now
    problem = rules.moment_problem(at, uow.now)
    if problem:
        _refuse("checked_at", problem)
    known = uow.session.scalar(
        select(CheckRecord).where(
            CheckRecord.patrol_id == patrol.id, CheckRecord.checked_at == at,
            CheckRecord.place_type == body["place_type"],
            CheckRecord.place_name == body["place_name"],
        )
    )  # fmt: skip
    if known is not None:
        return known
    versions = check_lists.versions(uow, body["place_type"])
    keys = [answer["key"] for answer in body["answers"]]
    items = {number: found.items for number, found in versions.items()}
    version = rules.fitting(items, keys, body["version"])
    if version is None:
        _refuse("place_type", "没有这类场所的清单")
    used = versions[version]
    wrong = rules.answers_problem(used.items, body["answers"])
    if wrong:
        _refuse(*wrong)
    _check_files(uow, who, body["answers"])
    located = grid.locate(uow, *place) if place else None
    row = CheckRecord(
        id=new_id(), patrol_id=patrol.id, place_type=used.place_type, list_version=used.version,
        list_name=used.name, place_name=body["place_name"],
        latitude=place[0] if place else None, longitude=place[1] if place else None,
        cell_id=located.cell.id if located and located.cell else None, checked_at=at,
        answers=_with_questions(used.items, body["answers"]),
        failed=sum(not answer["ok"] for answer in body["answers"]),
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    text = f"{used.name} {row.place_name}：{len(row.answers)}项，{row.failed}项不合格"
    record(uow, subject=service.subject(patrol.id), action="check", internal_text=text)
    return row


def of_patrols(uow: UnitOfWork, patrol_ids: Iterable[UUID]) -> dict[UUID, list[CheckRecord]]:
    """The checks of each patrol, in the order of time."""
    rows = uow.session.scalars(
        select(CheckRecord)
        .where(CheckRecord.patrol_id.in_(list(patrol_ids)))
        .order_by(CheckRecord.checked_at, CheckRecord.id)
    )
    found: dict[UUID, list[CheckRecord]] = {}
    for row in rows:
        found.setdefault(row.patrol_id, []).append(row)
    return found


def link(
    uow: UnitOfWork, who: Principal, patrol_id: UUID, check_id: UUID, *, key: str, event_id: UUID
) -> CheckRecord:
    """Keep which event came of a fault; `event_id` must be one reported on this patrol."""
    patrol = service.own(uow, who, patrol_id, lock=True)
    row = uow.session.get(CheckRecord, check_id)
    if row is None or row.patrol_id != patrol.id:
        raise NotFound("check_not_found", detail="没有这次检查")
    if event_id not in service.found_events(uow, [patrol.id]).get(patrol.id, []):
        _refuse("event_id", "这件事不是这次巡查上报的")
    if not any(answer["key"] == key and not answer["ok"] for answer in row.answers):
        _refuse("key", "这一项没有不合格")
    row.answers = [
        {**answer, "event_id": str(event_id)} if answer["key"] == key else answer
        for answer in row.answers
    ]
    uow.session.flush()
    return row


def _with_questions(
    items: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    told = {answer["key"]: answer for answer in answers}
    return [
        {
            "key": item["key"],
            "text": item["text"],
            "ok": told[item["key"]]["ok"],
            "note": told[item["key"]]["note"],
            "file_ids": [str(one) for one in told[item["key"]]["file_ids"]],
            "event_id": None,
        }
        for item in items
    ]


def _check_files(uow: UnitOfWork, who: Principal, answers: list[dict[str, Any]]) -> None:
    for number, answer in enumerate(answers):
        for file_id in answer["file_ids"]:
            file = uow.session.get(StoredFile, file_id)
            if file is None or file.owner_id != who.actor.id:
                _refuse(f"answers.{number}.file_ids", "照片没有上传成功，请重新拍")


def _refuse(field: str, text: str) -> NoReturn:
    raise Invalid("bad_check", title=text, fields={field: [text]})
