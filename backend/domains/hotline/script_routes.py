"""Scripts for frequent matters over HTTP."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma

from backend.domains.hotline import script_rules
from backend.domains.knowledge import service as knowledge
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import principal, uow
from backend.http.schemas import Schema

bp = blueprint("answer_scripts", "12345热线：话术")


class AnswerScriptSchema(Schema):
    """What to ask and say on a frequent matter; `id` is the article it is kept as.

    `text` is all of it (Markdown); `ask`, `say` and `form` are its parts. `keywords` are words of
    a caller that bring it up before a category is chosen.
    """

    id = ma.fields.UUID()
    title = ma.fields.String()
    text = ma.fields.String()
    category_code = ma.fields.String()
    keywords = ma.fields.List(ma.fields.String())
    ask = ma.fields.List(ma.fields.String())
    say = ma.fields.String()
    form = ma.fields.String()


class AnswerScriptListSchema(Schema):
    """The scripts in force."""

    items = ma.fields.List(ma.fields.Nested(AnswerScriptSchema))


@bp.route("/staff/answer-scripts", methods=["GET"])
@guards.staff("knowledge.read")
@bp.response(200, AnswerScriptListSchema)
def list_scripts() -> dict[str, Any]:
    """What operators ask and say on frequent matters."""
    return {
        "items": [
            {**asdict(one), **asdict(script_rules.parts(one.text))}
            for one in knowledge.scripts(uow(), principal())
        ]
    }
