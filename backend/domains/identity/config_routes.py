"""What the apps ask first, before anybody has signed in."""

from typing import Any

from backend.domains.identity import privacy_policy
from backend.domains.identity.schemas import ConfigSchema
from backend.domains.organisation import service as organisation
from backend.http.blueprint import blueprint
from backend.http.context import services, session
from backend.http.guards import public

# What people come for most; shown until the catalogue tells its own.
HOT_WORDS = (
    "社保卡丢了", "换身份证", "办居住证", "开店办执照",
    "孩子上户口", "医保异地就医", "提取公积金", "老年人优待证",
)  # fmt: skip

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
        "hot_words": _part(parts, "hot_words") or list(HOT_WORDS),
        "map_tile_url": app.settings.map_tile_url,
        "sign_in": {
            "wechat": app.wechat is not None,
            "sms": app.sms is not None,
            "demo": app.settings.demo,
        },
        "demo_links": _part(parts, "demo_links"),
    }


def _part(parts: dict[str, Any], name: str) -> list[Any]:
    """What another domain adds: `services.extensions["config_parts"][name](services)`."""
    return list(parts[name](services())) if name in parts else []
