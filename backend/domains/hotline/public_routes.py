"""The hotline's page for everybody."""

from typing import Any

from backend.domains.hotline import figures_schemas as s
from backend.domains.hotline import published
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import uow

bp = blueprint("public_hotline", "12345 热线：公开数据")


@bp.route("/public/hotline", methods=["GET"])
@guards.public
@bp.response(200, s.PublicHotlineSchema)
def show_hotline() -> dict[str, Any]:
    """Figures, rates, frequent questions and answers; nothing in them tells of a person."""
    return published.show(uow())
