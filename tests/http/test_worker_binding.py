"""A resident's phone becomes a work phone only by both factors, and only while the account holds."""

import pyotp
import pytest
from flask.testing import FlaskClient

from backend.app import create_app
from backend.domains.identity.service import create_demo_staff
from backend.domains.identity.staff_accounts import RoleAt
from backend.domains.identity.staff_model import StaffAccount
from backend.domains.organisation.model import Street
from backend.http import guards
from backend.http.context import principal
from backend.kernel.ids import new_id, stable_id
from backend.kernel.services import Services
from tests.people import PASSWORD, SignIn

SECRET = pyotp.random_base32()
STREET = stable_id("street", "yuehe")


@pytest.fixture
def account(services: Services) -> StaffAccount:
    with services.unit() as uow:
        uow.session.merge(Street(id=STREET, code="yuehe", name="越和街道", position=1))
        staff_id = create_demo_staff(
            uow,
            id=new_id(),
            username="gridworker",
            name="陈强",
            password=PASSWORD,
            roles=[RoleAt("grid_worker", "street", STREET)],
            totp_secret=SECRET,
        )
    with services.unit() as uow:
        return uow.session.get_one(StaffAccount, staff_id)


@pytest.fixture
def phone_app(services: Services) -> FlaskClient:
    """An application of its own with a probe that only work phones reach."""
    app = create_app(services.settings, services)

    @guards.worker("events.handle")
    def probe() -> dict[str, str]:
        return {"kind": principal().actor.kind, "name": principal().actor.name}

    app.add_url_rule("/probe/worker", view_func=probe)
    return app.test_client()


def factors(services: Services, **changes: str) -> dict[str, str]:
    code = pyotp.TOTP(SECRET).at(services.clock.now())
    return {"username": "gridworker", "password": PASSWORD, "totp": code, **changes}


def test_both_factors_make_a_phone_a_work_phone(
    client: FlaskClient, phone_app: FlaskClient, services: Services, account: StaffAccount,
    sign_in_person: SignIn,
) -> None:  # fmt: skip
    phone = sign_in_person()
    before = phone_app.get("/probe/worker", headers=phone)
    assert before.status_code == 403
    assert before.get_json()["code"] == "work_account_needed"
    answer = client.post("/api/v1/me/worker-binding", json=factors(services), headers=phone)
    assert answer.status_code == 200
    worker = answer.get_json()["worker"]
    assert worker["name"] == "陈强" and worker["permissions"] == ["events.handle"]
    assert worker["streets"] == [{"id": str(STREET), "name": "越和街道"}]
    assert phone_app.get("/probe/worker", headers=phone).get_json() == {
        "kind": "staff",
        "name": "陈强",
    }


def test_a_wrong_factor_binds_nothing(
    client: FlaskClient, services: Services, account: StaffAccount, sign_in_person: SignIn
) -> None:
    phone = sign_in_person()
    for wrong in ({"password": "not the password at all"}, {"totp": "000000"}):
        answer = client.post(
            "/api/v1/me/worker-binding", json=factors(services, **wrong), headers=phone
        )
        assert answer.status_code == 401
    assert client.get("/api/v1/me", headers=phone).get_json()["worker"] is None


def test_unbinding_and_disabling_end_the_work_at_once(
    client: FlaskClient, phone_app: FlaskClient, services: Services, account: StaffAccount,
    sign_in_person: SignIn,
) -> None:  # fmt: skip
    phone = sign_in_person()
    client.post("/api/v1/me/worker-binding", json=factors(services), headers=phone)
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, account.id).state = "disabled"
    assert phone_app.get("/probe/worker", headers=phone).status_code == 403
    with services.unit() as uow:
        uow.session.get_one(StaffAccount, account.id).state = "active"
    assert phone_app.get("/probe/worker", headers=phone).status_code == 200
    assert client.delete("/api/v1/me/worker-binding", headers=phone).status_code == 200
    assert phone_app.get("/probe/worker", headers=phone).status_code == 403
    assert client.delete("/api/v1/me/worker-binding", headers=phone).status_code == 404


def test_a_console_cookie_is_no_work_phone(phone_app: FlaskClient, sign_in_staff: SignIn) -> None:
    cookie = sign_in_staff(("grid_worker", "street", STREET))
    assert phone_app.get("/probe/worker", headers=cookie).status_code == 401


def test_the_account_moves_to_the_phone_bound_last(
    client: FlaskClient, services: Services, clock, account: StaffAccount, sign_in_person: SignIn
) -> None:
    from datetime import timedelta

    old, new = sign_in_person(name="测试甲"), sign_in_person(name="测试乙")
    client.post("/api/v1/me/worker-binding", json=factors(services), headers=old)
    clock.advance(timedelta(seconds=60))
    answer = client.post("/api/v1/me/worker-binding", json=factors(services), headers=new)
    assert answer.status_code == 200
    assert client.get("/api/v1/me", headers=old).get_json()["worker"] is None


def test_a_closed_account_works_for_nobody(
    client: FlaskClient, services: Services, account: StaffAccount, sign_in_person: SignIn
) -> None:
    phone = sign_in_person()
    client.post("/api/v1/me/worker-binding", json=factors(services), headers=phone)
    closed = client.post("/api/v1/me/close", json={"confirm": "注销账号"}, headers=phone)
    assert closed.status_code in (200, 204)
    with services.unit() as uow:
        assert uow.session.get_one(StaffAccount, account.id).person_id is None
