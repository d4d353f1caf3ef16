"""What the apps ask first, before anybody has signed in."""

from typing import Any

from backend.domains.identity import privacy_policy
from backend.domains.identity.schemas import ConfigSchema
from backend.domains.organisation import service as organisation
from backend.http.blueprint import blueprint
from backend.http.context import services, session
from backend.http.guards import public

bp = blueprint("config", "应用的公共设置")


@bp.route("/config", methods=["GET"])
@public
@bp.response(200, ConfigSchema)
def show_config() -> dict[str, Any]:
    """The district, the ways to sign in, the policy's version, templates and hot words."""
    app = services()
    district = organisation.district(session(), app.settings.district_code)
    parts = app.extensions.get("config_parts", {})
    return {
        "district": {"code": district.code, "name": district.name, "city": district.city},
        "demo": app.settings.demo,
        "hotline": district.hotline,
        "privacy_version": privacy_policy.current_version(),
        "subscribe_templates": _part(parts, "subscribe_templates"),
        "hot_words": _part(parts, "hot_words"),
        "sign_in": {
            "wechat": app.wechat is not None,
            "sms": app.sms is not None,
            "demo": app.settings.demo,
        },
    }


def _part(parts: dict[str, Any], name: str) -> list[Any]:
    """What another domain adds: `services.extensions["config_parts"][name](services)`."""
    return list(parts[name](services())) if name in parts else []
