"""GeoReport v2 over the district's own events: services, requests, tokens."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.domains.dispatch import service as dispatch
from backend.domains.open311 import keys, rules
from backend.domains.open311.model import ApiKey, ServiceAttribute, ServiceRequest
from backend.domains.open311.rules import Attribute, BadRequest
from backend.kernel.clock import local, local_date
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.uow import UnitOfWork

_POSTS_A_DAY = "5000 per day"


def services(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every public category that can be chosen."""
    asked = set(uow.session.scalars(select(ServiceAttribute.service_code).distinct()))
    return [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.hint,
            "metadata": one.code in asked,
            "type": "realtime",
            "keywords": ",".join(one.keywords),
            "group": one.group,
        }
        for one in dispatch.published_categories(uow)
    ]


def definition(uow: UnitOfWork, code: str) -> dict[str, Any]:
    """What a service asks beyond place and words; `NotFound` for an unknown one."""
    _known(uow, code)
    return {
        "service_code": code,
        "attributes": [
            {
                "variable": True,
                "code": one.code,
                "datatype": one.datatype,
                "required": one.required,
                "datatype_description": one.datatype_description,
                "order": one.order,
                "description": one.description,
                "values": [{"key": key, "name": name} for key, name in one.values],
            }
            for one in _asked(uow, code)
        ],
    }


def submit(
    uow: UnitOfWork, form: Mapping[str, Sequence[str]], raw: bytes, repeat_key: str
) -> dict[str, Any]:
    """Take a report: an event at once where its place is known, otherwise a token.

    The same application sending the same bytes (or the same Idempotency-Key) again on one day
    gets the first answer. Raises `Forbidden` for a wrong key, `BadRequest`, `NotFound`.
    """
    first = {key: values[0] for key, values in form.items() if values}
    app = _application(uow, first.get("api_key", ""))
    uow.services.limiter.hit(_POSTS_A_DAY, "open311", str(app.id))
    token = _token(uow, app, raw, repeat_key)
    # Copies of one report wait here for the first, and find what it made.
    uow.session.execute(select(func.pg_advisory_xact_lock(int(token[:15], 16))))
    row = uow.session.get(ServiceRequest, token)
    if row is None:
        row = _accept(uow, app, token, form, first)
    app.used_at = uow.now
    uow.session.flush()
    notice = "已收到" if row.event_id else "已收到，调度员确认地点后生效，请凭 token 查询"
    if row.event_id:
        return {"service_request_id": row.event_id.hex, "service_notice": notice}
    return {"token": row.token, "service_notice": notice}


def _accept(
    uow: UnitOfWork,
    app: ApiKey,
    token: str,
    form: Mapping[str, Sequence[str]],
    first: Mapping[str, str],
) -> ServiceRequest:
    code = first.get("service_code", "").strip()
    if not code:
        raise BadRequest("缺少 service_code")
    _known(uow, code)
    address = first.get("address_string", "").strip()[:200]
    where = rules.place(
        first.get("lat", ""), first.get("long", ""), address, first.get("address_id", "")
    )
    words = rules.description(first.get("description", ""))
    answers = rules.attributes(form, _asked(uow, code))
    media = rules.media_url(first.get("media_url", ""))
    text = _words(words, answers, uow, code)
    row = ServiceRequest(
        token=token, api_key_id=app.id, attributes=answers, media_url=media, received_at=uow.now
    )
    if where is None:
        place = address or first.get("address_id", "").strip()[:200]
        waiting = dispatch.receive(
            uow, channel="open311", words=text, sender=app.name, address=place, category_code=code
        )
        row.intake_id = waiting.id
    else:
        event = dispatch.call(
            uow,
            dispatch.NewCall(
                source="open311", words=text, category_code=code, address=address,
                latitude=where[0], longitude=where[1], caller_name=app.name,
            ),
        )  # fmt: skip
        row.event_id = event.id
    uow.session.add(row)
    uow.session.flush()
    return row


def _words(words: str, answers: Mapping[str, str | list[str]], uow: UnitOfWork, code: str) -> str:
    """Description and answers as one text, so that whoever goes there reads all of it."""
    lines = [words] if words else []
    for one in _asked(uow, code):
        value = answers.get(one.code)
        if value:
            names = dict(one.values)
            shown = [names.get(v, v) for v in (value if isinstance(value, list) else [value])]
            lines.append(f"{one.description}：{'、'.join(shown)}")
    if not lines:
        raise BadRequest("description 和属性至少要有一项")
    return "\n".join(lines)[:4000]


def token(uow: UnitOfWork, value: str) -> dict[str, Any]:
    """What became of a report that waited for its place."""
    row = uow.session.get(ServiceRequest, value[:40])
    if row is None:
        raise NotFound("token_unknown", title="没有这个 token")
    event_id = row.event_id
    if event_id is None and row.intake_id is not None:
        event_id = dispatch.event_of(uow, row.intake_id)
    if event_id is None:
        return {"token": row.token}
    return {"service_request_id": event_id.hex, "token": row.token}


def requests(uow: UnitOfWork, args: Mapping[str, str]) -> list[dict[str, Any]]:
    """Public matters, newest first, at most 1,000; nothing of whoever called."""
    asked = rules.query(args, uow.now)
    rows = dispatch.published_events(
        uow,
        ids=[one for one in map(_uuid, asked.ids) if one] if asked.ids else None,
        codes=asked.codes,
        start=asked.start,
        end=asked.end,
        open_=_open(asked.statuses),
        limit=rules.MOST_ROWS,
    )
    return [_shown(row, str(args.get("base", ""))) for row in rows]


def request(uow: UnitOfWork, value: str, base: str) -> dict[str, Any]:
    """One public matter; `NotFound` for one that does not exist or is not public."""
    found = _uuid(value)
    rows = dispatch.published_events(uow, ids=[found], limit=1) if found else []
    if not rows:
        raise NotFound("request_unknown", title="没有这个 service_request_id")
    return _shown(rows[0], base)


def _shown(row: dispatch.PublishedEvent, base: str) -> dict[str, Any]:
    return {
        "service_request_id": row.id.hex,
        "status": rules.OPEN if row.open else rules.CLOSED,
        "status_notes": row.state_text,
        "service_name": row.category_name,
        "service_code": row.category_code,
        "description": row.title,
        "agency_responsible": row.street_name,
        "service_notice": row.result,
        "requested_datetime": _w3c(row.called_at),
        "updated_datetime": _w3c(row.updated_at),
        "expected_datetime": _w3c(row.due_at),
        "address": row.address,
        "address_id": None,
        "zipcode": None,
        "lat": row.latitude,
        "long": row.longitude,
        "media_url": f"{base}{row.photo_path}" if row.photo_path else None,
    }


def check_jurisdiction(uow: UnitOfWork, value: str) -> None:
    """One district, one jurisdiction: any other is `NotFound`."""
    if value and value != uow.services.settings.district_code:
        raise NotFound("jurisdiction_unknown", title="没有这个 jurisdiction_id")


def _application(uow: UnitOfWork, key: str) -> ApiKey:
    app = keys.find(uow, key) if key else None
    if app is None:
        raise Forbidden("api_key", title="api_key 缺失或无效")
    return app


def _known(uow: UnitOfWork, code: str) -> None:
    if all(one.code != code for one in dispatch.published_categories(uow)):
        raise NotFound("service_unknown", title="没有这个 service_code")


def _asked(uow: UnitOfWork, code: str) -> list[Attribute]:
    rows = uow.session.scalars(
        select(ServiceAttribute)
        .where(ServiceAttribute.service_code == code)
        .order_by(ServiceAttribute.position, ServiceAttribute.code)
    )
    return [
        Attribute(
            row.code, row.datatype, row.required, row.description, row.datatype_description,
            row.position, tuple((key, name) for key, name in row.choices),
        )
        for row in rows
    ]  # fmt: skip


def _token(uow: UnitOfWork, app: ApiKey, raw: bytes, repeat_key: str) -> str:
    """The same for a repeated report of one day; nobody without our secret can compute it."""
    content = repeat_key or hashlib.sha256(raw).hexdigest()
    text = f"{app.id}|{local_date(uow.now)}|{content}"
    return uow.services.privacy.sign(text, "open311-token").hex()[:40]


def _open(statuses: frozenset[str]) -> bool | None:
    return None if len(statuses) > 1 else rules.OPEN in statuses


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _w3c(moment: datetime | None) -> str | None:
    return None if moment is None else local(moment).isoformat(timespec="seconds")
