"""How bodies and queries are read: strictly, and every way to break them is a refusal."""

import re
from typing import Any, NoReturn

from flask import Request, json
from webargs.core import missing
from webargs.flaskparser import FlaskParser, abort
from werkzeug.datastructures import MultiDict

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class StrictParser(FlaskParser):
    """webargs' parser, which would drop unknown query fields and stumble over odd JSON."""

    # None: the schema's own rule, which is to refuse what it does not know.
    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None, "upload": None,
    }  # fmt: skip
    __location_map__ = {**FlaskParser.__location_map__, "upload": "load_upload"}  # noqa: RUF012 - as webargs declares it

    def load_upload(self, req: Request, schema: Any) -> Any:
        """The fields and files of a form as one body."""
        parts = [*req.form.items(multi=True), *req.files.items(multi=True)]
        return self._makeproxy(MultiDict(parts), schema)

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body, or a 400 for what is no JSON, nests too deep or holds half characters."""
        if not req.is_json:
            return missing
        raw = req.get_data(cache=True)
        if not raw:
            return missing
        try:
            found = json.loads(raw)
            if _SURROGATE.search(raw):
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            _refuse()
        return found


def _refuse() -> NoReturn:
    abort(400, messages={"json": ["内容不是有效的 JSON"]})
