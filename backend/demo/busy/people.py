"""The operators of the busy hour: accounts nobody can sign in to, each with an open console."""

import secrets

from backend.domains.identity.service import RoleAt, create_demo_staff
from backend.kernel import sessions
from backend.kernel.ids import stable_id
from backend.kernel.services import Services


def hire(services: Services, count: int) -> list[tuple[str, dict[str, str]]]:
    """User names and the headers of their consoles; running it again finds the same people."""
    crew = []
    with services.unit() as uow:
        for place in range(1, count + 1):
            username = f"busy.o{place}"
            id_ = stable_id("demo-staff", username)
            create_demo_staff(
                uow, id=id_, username=username, name=f"话务员{place}号",
                password=secrets.token_urlsafe(24), roles=[RoleAt("operator", "district")],
            )  # fmt: skip
            opened = sessions.open_session(
                uow, principal_kind="staff", principal_id=id_, channel="console"
            )
            headers = {"Cookie": f"hy_staff={opened.token}", "X-CSRF-Token": opened.csrf_token}
            crew.append((username, headers))
    return crew
