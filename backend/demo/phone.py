"""What happens on a resident's phone in WeChat, acted out for the stand-in.

On a real phone WeChat itself counts the consents given to `wx.requestSubscribeMessage`. In the
demo the page's report is passed on, so that the stand-in counts as WeChat would.
"""

import requests
import structlog

from backend.domains.identity import service as identity
from backend.domains.messages.events import ConsentReported
from backend.kernel.services import Services
from backend.kernel.uow import UnitOfWork

log = structlog.get_logger()
_TIMEOUT = (0.5, 2.0)


def subscribe(services: Services) -> None:
    """Listen when a stand-in is set up."""
    if services.settings.standin_url:
        services.events.subscribe(ConsentReported, on_consent)


def on_consent(uow: UnitOfWork, event: ConsentReported) -> None:
    """Tell the stand-in; without it nothing is lost but the demo's subscribe messages."""
    address = identity.addresses(uow.services, uow.session, event.person_id)
    if not address.mini_openid:
        return
    body = {"openid": address.mini_openid, "results": event.results}
    url = f"{uow.services.settings.standin_url}/demo/consents"
    http = requests.Session()
    http.trust_env = False
    try:
        http.post(url, json=body, timeout=_TIMEOUT).raise_for_status()
    except requests.RequestException as error:
        log.warning("stand-in not told of a consent", error=type(error).__name__)
