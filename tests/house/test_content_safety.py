"""Whatever residents and grid workers write is either checked before others see it, or nobody sees it.

A new route that takes words or pictures has to be entered here: among those that are checked, with
the module that puts them to the check, or among those that only staff read, with who that is.
"""

import re
from pathlib import Path
from typing import Any

import marshmallow as ma
import pytest
from flask_smorest.fields import Upload

from backend.http.guards import GUARDED
from tests.house.tree import ROOT, named, text

_API = "/api/v1"
#: Who writes here writes for others; the module puts it to `content.check` first.
CHECKED = {
    "POST /topics": "deliberation/proposing.py",
    "PUT /topics/<uuid:topic_id>": "deliberation/proposing.py",
    "POST /topics/<uuid:topic_id>/comments": "deliberation/posts.py",
    "PUT /comments/<uuid:comment_id>": "deliberation/posts.py",
    "POST /topics/<uuid:topic_id>/statements": "deliberation/posts.py",
    "POST /topic-files": "deliberation/posts.py",
    "POST /wishes": "neighbourhood/texts.py",
    "POST /wishes/<uuid:wish_id>/rewrites": "neighbourhood/texts.py",
    "POST /help-requests": "neighbourhood/texts.py",
    "POST /help-requests/<uuid:help_id>/rewrites": "neighbourhood/texts.py",
    "POST /worker/events/<uuid:event_id>/dispose": "dispatch/showing.py",
    "POST /worker/files": "dispatch/showing.py",
    # of a consultation the title may be published, and nothing else
    "POST /tickets": "hotline/publishing.py",
    "POST /questions": "hotline/publishing.py",
}
_CASE = "staff who decide about the words"
_EVENT = "staff at work on the event; on the map stands its kind"
_TICKET = "staff at work on the ticket"
_HOME = "the community's staff, who check papers"
_WORK = "colleagues at work on the event"
#: Nobody but these reads it.
READ_BY = {
    "POST /agent-consents": "nobody: the name finds a person, and is kept masked for the asker",
    "POST /answers/feedback": "editors, as counts and queries",
    "POST /appointments/<uuid:appointment_id>/cancel": "the hall's staff",
    "POST /kiosk/check-ins": "nobody: what finds an appointment",
    "POST /video-rooms/<uuid:room_id>/entries": "nobody: the word of a link",
    "POST /kiosk/walk-ins": "the hall's staff, masked",
    "POST /visits/<uuid:visit_id>/cancel": "the hall's staff",
    "POST /appointments/<uuid:appointment_id>/rating": "the hall's staff",
    "POST /missed-appointments/<uuid:appointment_id>/appeal": _CASE,
    "POST /activities/<uuid:activity_id>/check-ins": "nobody: a code",
    "POST /comments/<uuid:comment_id>/appeals": _CASE,
    "POST /comments/<uuid:comment_id>/reports": _CASE,
    "POST /statements/<uuid:statement_id>/appeals": _CASE,
    "POST /statements/<uuid:statement_id>/reports": _CASE,
    "POST /topics/<uuid:topic_id>/appeals": _CASE,
    "POST /topics/<uuid:topic_id>/objections": "the street, which decides; others see how many",
    "POST /topics/<uuid:topic_id>/withdrawals": "staff; neighbours read that it was withdrawn",
    "POST /wishes/<uuid:wish_id>/appeals": _CASE,
    "POST /help-requests/<uuid:help_id>/appeals": _CASE,
    "POST /party/reports": "the party branch's staff; sealed",
    "POST /resources/<uuid:resource_id>/bookings": "the community's staff",
    "POST /event-suggestions": "nobody: nothing is kept",
    "POST /events": _EVENT,
    "POST /events/<uuid:event_id>/callers": _EVENT,
    "POST /events/<uuid:event_id>/notes": _EVENT,
    "POST /events/<uuid:event_id>/cancellations": _EVENT,
    "POST /events/<uuid:event_id>/confirmations": _EVENT,
    "POST /events/<uuid:event_id>/ratings": _EVENT,
    "POST /events/<uuid:event_id>/reopenings": _EVENT,
    "POST /files": _EVENT,
    "POST /tickets/<uuid:ticket_id>/cancellations": _TICKET,
    "POST /tickets/<uuid:ticket_id>/notes": _TICKET,
    "POST /tickets/<uuid:ticket_id>/ratings": _TICKET,
    "POST /tickets/<uuid:ticket_id>/urges": _TICKET,
    "POST /homes": _HOME,
    "POST /homes/<uuid:home_id>/transfers": _HOME,
    "POST /home-files": _HOME,
    "POST /proxies": _HOME,
    "POST /votes/<uuid:vote_id>/ballots": "nobody: one of the choices",
    "POST /worker/events/<uuid:event_id>/callers/<uuid:caller_id>/reveals": "auditors",
    "POST /worker/events": _WORK,
    "POST /worker/events/<uuid:event_id>/contact": _WORK,
    "POST /worker/events/<uuid:event_id>/decline": _WORK,
    "POST /worker/events/<uuid:event_id>/notes": _WORK,
    "POST /worker/events/<uuid:event_id>/release": _WORK,
    "POST /worker/events/<uuid:event_id>/requests": _WORK,
    "POST /worker/events/<uuid:event_id>/schedule": _WORK,
    "POST /worker/events/<uuid:event_id>/subtasks": _WORK,
    "POST /worker/events/<uuid:event_id>/transfers": _WORK,
    "POST /worker/events/<uuid:event_id>/verify": _WORK,
    "POST /worker/events/<uuid:event_id>/whistles": _WORK,
    "POST /worker/patrols/<uuid:patrol_id>/checks": "the grid's staff",
    "POST /worker/subtasks/<uuid:subtask_id>/finish": _WORK,
    "POST /worker/subtasks/<uuid:subtask_id>/return": _WORK,
    "POST /worker/supervisions/<uuid:order_id>/reply": "the supervisor",
    "POST /worker/whistles/<uuid:whistle_id>/arrive": _WORK,
    "POST /worker/whistles/<uuid:whistle_id>/contact": _WORK,
    "POST /worker/whistles/<uuid:whistle_id>/finish": _WORK,
    "POST /worker/whistles/<uuid:whistle_id>/return": _WORK,
    "POST /worker/whistles/<uuid:whistle_id>/sign": _WORK,
    "POST /worker/whistles/<uuid:whistle_id>/withdraw": _WORK,
}
#: Fields that are no words: numbers, codes, keys, what is looked up.
_NO_WORDS = re.compile(
    r"(^|_)(id|ids|code|codes|key|nonce|version|receipt_number|query_code|sms_code|phone|username"
    r"|password|totp|coordinate_system|as|until|way|topic|document|confirm)$"
)


def _made(schema: Any) -> ma.Schema:
    return schema() if isinstance(schema, type) else schema


def _takes_words(schema: ma.Schema) -> list[str]:
    """The fields of a body in which somebody can write freely, or send a file."""
    found = []
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, Upload):
            found.append(name)
        elif isinstance(inner, ma.fields.Nested):
            found += [f"{name}.{one}" for one in _takes_words(inner.schema)]
        elif type(inner) is ma.fields.String or type(inner).__name__ == "ShortText":
            chosen = [one for one in inner.validators if isinstance(one, ma.validate.OneOf)]
            if not chosen and not _NO_WORDS.search(name):
                found.append(name)
    return found


def _writing(api_rules: list[tuple[Any, str, Any]]) -> dict[str, list[str]]:
    """Changing routes of residents and of workers' phones that take words or files."""
    found = {}
    for rule, method, view in api_rules:
        guard = getattr(view, GUARDED, "")
        if method == "GET" or guard.startswith(("staff", "public")) or "/demo/" in rule.rule:
            continue
        arguments = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
        fields = [
            one for part in arguments if part["in"] != "query"
            for one in _takes_words(_made(part["schema"]))
        ]  # fmt: skip
        if fields:
            found[f"{method} {rule.rule.removeprefix(_API)}"] = fields
    return found


def test_whoever_lets_people_write_says_who_reads_it(api_rules) -> None:
    writing = _writing(api_rules)
    assert len(writing) > 30, "the test sees the routes"
    new = {
        route: fields for route, fields in writing.items() if route not in {**CHECKED, **READ_BY}
    }
    assert not new, f"words or files that nobody thought of: {new}"


def test_what_is_listed_is_there(api_rules) -> None:
    there = {f"{method} {rule.rule.removeprefix(_API)}" for rule, method, _ in api_rules}
    assert not (set(CHECKED) | set(READ_BY)) - there
    assert not set(CHECKED) & set(READ_BY)


@pytest.mark.parametrize("module", sorted(set(CHECKED.values())))
def test_what_others_see_is_put_to_the_check_and_hidden_until_it_passed(module: str) -> None:
    words = text(Path("backend/domains") / module)
    assert "content.check(" in words
    folder = Path("backend/domains") / Path(module).parent
    inside = [path for path in named(".py", under=("backend",)) if path.parent == folder]
    assert any("content.PASSED" in text(path) for path in inside)


def test_nobody_asks_wechat_about_words_but_the_content_check() -> None:
    asking = [
        str(path) for path in named(".py", under=("backend",))
        if re.search(r"\.(msg_sec_check|media_check_async)\(", text(path))
    ]  # fmt: skip
    assert asking == ["backend/domains/content/asking.py"]
    assert (ROOT / asking[0]).is_file()
