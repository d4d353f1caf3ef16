"""What sweeps over every route that can be read share: who need be asked, and what was answered."""

import io
import zipfile
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from backend.domains.identity.staff_rules import ROLES
from backend.http.guards import GUARDED


def worth_asking(app: Flask, rule: Rule, name: str) -> bool:
    """Whether the door opens at all; that it stays shut else is the ownership matrix's to try.

    `name` is a role of staff, or visitor, resident, worker (a bound phone); anybody else is asked
    everything.
    """
    guard = getattr(app.view_functions[rule.endpoint], GUARDED, "public")
    if guard.startswith("staff:"):
        needed = guard.removeprefix("staff:")
        return name not in ROLES or needed == "self" or needed in ROLES[name].permissions
    if name in ROLES:
        # What anybody may read is the same for staff: visitors are asked.
        return bool(guard == "public-staff")
    return name != "worker" or guard.startswith("worker:")


def texts(answer: Any) -> str:
    """Everything an answer holds, unpacked where it is a package."""
    raw = answer.get_data()
    found = [raw.decode("utf-8", "replace"), str(answer.headers)]
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            found += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return "\n".join(found)
