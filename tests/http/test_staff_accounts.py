"""Staff sign in with two factors; administrators keep accounts and roles."""

from datetime import timedelta

import pyotp
import pytest

from backend.demo import seed_grid, seed_identity
from backend.domains.identity.service import create_demo_staff
from backend.kernel.ids import new_id, stable_id
from tests.people import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "用户名、密码或动态码不对"


@pytest.fixture
def account(services):
    from backend.domains.identity.service import RoleAt

    with services.unit() as uow:
        return create_demo_staff(
            uow, id=new_id(), username="linfang", name="林芳", password=PASSWORD,
            roles=[RoleAt("supervisor", "district")], totp_secret=SECRET,
        )  # fmt: skip


def code(clock, ahead=0):
    return pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=ahead))


def sign_in(client, username="linfang", password=PASSWORD, totp=""):
    body = {"username": username, "password": password, "totp": totp}
    answer = client.post("/api/v1/staff/sessions", json=body)
    client.delete_cookie("hy_staff")
    return answer


def headers(answer):
    token = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    return {"Cookie": f"hy_staff={token}", "X-CSRF-Token": answer.json["csrf_token"]}


@pytest.fixture
def admin(sign_in_staff, services):
    seed_identity.seed(services)
    return sign_in_staff(("administrator", "district", None))


@pytest.mark.usefixtures("account")
class TestSignIn:
    def test_both_factors_open(self, client, clock):
        answer = sign_in(client, totp=code(clock))
        assert answer.status_code == 201
        assert answer.json["staff"]["permissions"] == [
            "appointments.view", "audit.view", "campaigns.release", "campaigns.write",
            "events.supervise", "events.view", "items.view", "knowledge.read", "messages.view",
            "reports.view", "tickets.arbitrate",
            "tickets.judge", "tickets.reopen", "tickets.settings", "tickets.supervise",
            "tickets.view", "topics.view", "votes.audit",
        ]  # fmt: skip
        assert "HttpOnly" in answer.headers["Set-Cookie"]
        session = client.get("/api/v1/staff/session", headers=headers(answer)).json
        assert session["staff"]["username"] == "linfang"
        assert session["csrf_token"] == answer.json["csrf_token"]

    @pytest.mark.parametrize("ahead", [-30, 30])
    def test_a_neighbouring_code_is_accepted(self, client, clock, ahead):
        assert sign_in(client, totp=code(clock, ahead)).status_code == 201

    def test_a_code_opens_once(self, client, clock):
        assert sign_in(client, totp=code(clock)).status_code == 201
        again = sign_in(client, totp=code(clock))
        assert again.status_code == 401
        assert "用过" in again.json["detail"]
        assert sign_in(client, totp=code(clock, -30)).status_code == 401
        clock.advance(timedelta(seconds=30))
        assert sign_in(client, totp=code(clock)).status_code == 201

    def test_every_failure_looks_the_same(self, client, clock):
        for answer in (
            sign_in(client, username="nobody", totp=code(clock)),
            sign_in(client, password="not the password", totp=code(clock)),
            sign_in(client, totp="000000"),
            sign_in(client, totp=""),
            sign_in(client, totp="😀"),
        ):
            assert answer.status_code == 401
            assert answer.json["detail"] == WRONG
            assert "Set-Cookie" not in answer.headers

    def test_guessing_locks_and_the_lock_ends(self, client, clock):
        for _ in range(5):
            assert sign_in(client, password="guess", totp=code(clock)).status_code == 401
        locked = sign_in(client, totp=code(clock))
        assert locked.status_code == 429
        assert int(locked.headers["Retry-After"]) <= 61
        clock.advance(timedelta(seconds=61))
        assert sign_in(client, password="guess", totp=code(clock)).status_code == 401
        assert sign_in(client, totp=code(clock)).status_code == 429
        clock.advance(timedelta(seconds=121))
        assert sign_in(client, totp=code(clock)).status_code == 201
        clock.advance(timedelta(seconds=30))
        assert sign_in(client, password="guess", totp=code(clock)).status_code == 401
        assert sign_in(client, totp=code(clock)).status_code == 201

    def test_an_unknown_name_is_slowed_down_too(self, client):
        for _ in range(5):
            assert sign_in(client, username="nobody").status_code == 401
        assert sign_in(client, username="nobody").status_code == 429

    def test_changing_calls_need_the_csrf_token(self, client, clock):
        answer = sign_in(client, totp=code(clock))
        cookie = {"Cookie": headers(answer)["Cookie"]}
        assert client.delete("/api/v1/staff/session", headers=cookie).status_code == 403
        assert client.delete("/api/v1/staff/session", headers=headers(answer)).status_code == 204
        assert client.get("/api/v1/staff/reveals", headers=cookie).status_code == 401

    def test_changing_the_password_ends_other_sessions(self, client, clock):
        first = headers(sign_in(client, totp=code(clock)))
        clock.advance(timedelta(seconds=30))
        second = headers(sign_in(client, totp=code(clock)))
        path = "/api/v1/staff/session/password"
        for body, field in (
            ({"old": "wrong", "new": "a brand new passphrase"}, "old"),
            ({"old": PASSWORD, "new": "short"}, "new"),
            ({"old": PASSWORD, "new": "linfang-likes-tea"}, "new"),
            ({"old": PASSWORD, "new": PASSWORD}, "new"),
        ):
            answer = client.post(path, json=body, headers=first)
            client.delete_cookie("hy_staff")
            assert answer.status_code == 422
            assert list(answer.json["errors"]) == [field]
        body = {"old": PASSWORD, "new": "a brand new passphrase"}
        answer = client.post(path, json=body, headers=first)
        client.delete_cookie("hy_staff")
        assert answer.status_code == 200
        for old in (first, second):
            assert client.get("/api/v1/staff/reveals", headers=old).status_code == 401
        assert client.get("/api/v1/staff/reveals", headers=headers(answer)).status_code == 200


class TestAccounts:
    def test_from_creation_to_work(self, client, admin, clock):
        role = {"role": "item_editor", "scope_kind": "department",
                "scope_id": str(stable_id("department", "rsj"))}  # fmt: skip
        body = {"username": "newhand", "name": "新来的", "roles": [role]}
        made = client.post("/api/v1/staff/accounts", json=body, headers=admin)
        assert made.status_code == 201, made.json
        assert made.json["state_text"] == "待绑定动态码"
        password = made.json["initial_password"]

        answer = sign_in(client, "newhand", password)
        assert answer.json["staff"]["state"] == "enrolling"
        assert answer.json["staff"]["permissions"] == []
        mine = headers(answer)
        enrolment = client.post("/api/v1/staff/session/totp", headers=mine).json
        assert enrolment["qr_image"].startswith("data:image/png;base64,")
        assert "newhand" in enrolment["uri"]
        path = "/api/v1/staff/session/totp/confirmation"
        assert client.post(path, json={"totp": "123"}, headers=mine).status_code == 422
        totp = pyotp.TOTP(enrolment["secret"])
        answer = client.post(path, json={"totp": totp.at(clock.now())}, headers=mine)
        client.delete_cookie("hy_staff")
        assert answer.json["staff"]["state"] == "active"
        assert answer.json["staff"]["must_change_password"] is True
        assert answer.json["staff"]["permissions"] == []
        assert client.get("/api/v1/staff/session", headers=mine).json["staff"] is None

        body = {"old": password, "new": "越和街的榕树下有三只猫"}
        answer = client.post("/api/v1/staff/session/password", json=body, headers=headers(answer))
        client.delete_cookie("hy_staff")
        assert answer.json["staff"]["permissions"] == ["items.edit", "items.publish"]
        assert answer.json["staff"]["roles"][0]["scope_text"] == "区人力资源和社会保障局"
        # The second factor cannot be replaced by whoever holds the session.
        again = client.post("/api/v1/staff/session/totp", headers=headers(answer))
        assert again.status_code == 409

    def test_roles_change_at_once(self, client, admin, sign_in_staff):
        other = sign_in_staff(("supervisor", "district", None))
        assert client.get("/api/v1/staff/reveals", headers=other).status_code == 200
        path = f"/api/v1/staff/accounts/{other.id}"
        answer = client.patch(path, json={"roles": [], "name": "改名"}, headers=admin)
        assert (answer.status_code, answer.json["name"]) == (200, "改名")
        assert client.get("/api/v1/staff/reveals", headers=other).status_code == 403

    def test_disabling_ends_sessions_and_enabling_needs_a_new_factor(
        self, client, admin, sign_in_staff
    ):
        other = sign_in_staff(("supervisor", "district", None))
        path = f"/api/v1/staff/accounts/{other.id}"
        assert client.patch(path, json={"disabled": True}, headers=admin).status_code == 200
        assert client.get("/api/v1/staff/reveals", headers=other).status_code == 401
        answer = client.patch(path, json={"disabled": False}, headers=admin)
        assert answer.json["state"] == "enrolling"

    def test_resets(self, client, admin, sign_in_staff):
        other = sign_in_staff(("supervisor", "district", None))
        path = f"/api/v1/staff/accounts/{other.id}"
        answer = client.post(f"{path}/password-resets", headers=admin)
        assert len(answer.json["temporary_password"]) == 19
        assert client.get("/api/v1/staff/reveals", headers=other).status_code == 401
        answer = client.post(f"{path}/totp-resets", headers=admin)
        assert answer.json["state"] == "enrolling"

    def test_nobody_changes_the_own_rights(self, client, admin):
        path = f"/api/v1/staff/accounts/{admin.id}"
        for body in ({"roles": []}, {"disabled": True}):
            assert client.patch(path, json=body, headers=admin).json["code"] == "own_account"
        for reset in ("password-resets", "totp-resets"):
            assert client.post(f"{path}/{reset}", headers=admin).json["code"] == "own_account"
        assert client.patch(path, json={"name": "新名"}, headers=admin).status_code == 200

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"username": "1x"}, "username"),
            ({"username": "王"}, "username"),
            ({"name": "名" * 31}, "name"),
            ({"name": ""}, "name"),
            ({"roles": [{"role": "king", "scope_kind": "district"}]}, "roles"),
            ({"roles": [{"role": "clerk", "scope_kind": "district"}]}, "roles"),
            ({"roles": [{"role": "clerk", "scope_kind": "hall", "scope_id": str(new_id())}]}, "roles"),
            ({"roles": [{"role": "supervisor", "scope_kind": "street"}]}, "roles"),
            ({"roles": [{"role": "administrator", "scope_kind": "district", "scope_id": str(new_id())}]}, "roles"),
            ({"more": 1}, "more"),
        ],
    )  # fmt: skip
    def test_wrong_input_is_told_at_the_field(self, client, admin, change, field):
        body = {"username": "someone", "name": "某人", "roles": [], **change}
        answer = client.post("/api/v1/staff/accounts", json=body, headers=admin)
        assert answer.status_code == 422
        assert [name.partition(".")[0] for name in answer.json["errors"]] == [field]

    def test_a_role_is_held_at_a_community_of_the_grid(self, client, admin, services):
        seed_grid.seed(services)
        place = str(stable_id("area", "yuehe-01"))
        for where, status in ((place, 201), (str(stable_id("street", "yuehe")), 422)):
            role = {"role": "community_worker", "scope_kind": "community", "scope_id": where}
            body = {"username": f"worker-{status}", "name": "社工", "roles": [role]}
            answer = client.post("/api/v1/staff/accounts", json=body, headers=admin)
            assert answer.status_code == status, answer.json
        roles = client.get("/api/v1/staff/roles", headers=admin).json["items"]
        [scope] = next(row for row in roles if row["role"] == "community_worker")["scopes"]
        assert scope["scope_kind_text"] == "社区"
        assert "榕荫社区" in [one["name"] for one in scope["places"]]

    def test_a_user_name_is_taken_once(self, client, admin):
        body = {"username": "ZhouMin", "name": "另一位", "roles": []}
        answer = client.post("/api/v1/staff/accounts", json=body, headers=admin)
        assert (answer.status_code, answer.json["code"]) == (409, "username_taken")

    def test_unknown_accounts(self, client, admin):
        path = f"/api/v1/staff/accounts/{new_id()}"
        assert client.patch(path, json={"name": "x"}, headers=admin).status_code == 404
        assert client.post(f"{path}/password-resets", headers=admin).status_code == 404
        assert client.post(f"{path}/totp-resets", headers=admin).status_code == 404

    def test_only_administrators(self, client, services, sign_in_staff, sign_in_person):
        clerk = sign_in_staff(("clerk", "hall", stable_id("hall", "yuehe")))
        body = {"username": "someone", "name": "某人", "roles": []}
        for who, status in ((clerk, 403), (sign_in_person(), 401), ({}, 401)):
            answer = client.post("/api/v1/staff/accounts", json=body, headers=who)
            assert answer.status_code == status
        assert client.get("/api/v1/staff/accounts", headers=clerk).status_code == 403
        assert client.get("/api/v1/staff/roles", headers=clerk).status_code == 403
        assert client.get("/api/v1/staff/reveals", headers=clerk).status_code == 403

    def test_a_hall_manager_sees_the_own_hall(self, client, admin, sign_in_staff):
        manager = sign_in_staff(("hall_manager", "hall", stable_id("hall", "yuehe")))
        rows = client.get("/api/v1/staff/accounts", headers=manager).json["items"]
        names = {row["username"] for row in rows}
        assert {"zhoumin", "huangjianguo"} <= names
        assert "sunli" not in names

    def test_lists_are_paged_and_searched(self, client, admin):
        seen, cursor = [], ""
        while cursor is not None:
            query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
            page = client.get("/api/v1/staff/accounts", query_string=query, headers=admin).json
            seen += [row["username"] for row in page["items"]]
            cursor = page["next_cursor"]
        assert seen == sorted(seen)
        assert len(seen) == 26
        found = client.get("/api/v1/staff/accounts?q=周", headers=admin).json["items"]
        assert [row["username"] for row in found] == ["zhoumin"]
        none = client.get("/api/v1/staff/accounts?q=%25", headers=admin).json["items"]
        assert none == []

    def test_roles_name_their_places(self, client, admin):
        rows = {
            r["role"]: r for r in client.get("/api/v1/staff/roles", headers=admin).json["items"]
        }
        places = rows["item_editor"]["scopes"][0]["places"]
        assert len(places) == 21
        assert rows["clerk"]["role_text"] == "窗口人员"


class TestDemo:
    def test_the_shown_password_and_code_really_work(self, client, services, clock):
        seed_identity.seed(services)
        seed_identity.seed(services)
        for member in client.get("/api/v1/demo/staff").json["items"]:
            answer = sign_in(client, member["username"], member["password"], member["totp"])
            assert answer.status_code == 201, answer.json
            assert answer.json["staff"]["name"] == member["name"]

    def test_one_tap(self, client, services):
        seed_identity.seed(services)
        answer = client.post("/api/v1/staff/sessions/demo", json={"username": "wulei"})
        assert answer.json["staff"]["permissions"]
        client.delete_cookie("hy_staff")
        answer = client.post("/api/v1/staff/sessions/demo", json={"username": "root"})
        assert answer.status_code == 404


def test_reveals_are_listed_newest_first(client, services, sign_in_staff):
    from backend.kernel.access import Actor
    from backend.kernel.reveals import log_reveal
    from backend.kernel.trace import Subject

    boss = sign_in_staff(("supervisor", "district", None))
    with services.unit(Actor("staff", boss.id, "郑洁", "监督员")) as uow:
        log_reveal(uow, Subject("appointment", new_id()), "phone", "核对来人身份")
    rows = client.get("/api/v1/staff/reveals", headers=boss).json["items"]
    assert rows[0]["field_text"] == "手机号"
    assert rows[0]["purpose"] == "核对来人身份"
    assert rows[0]["staff_name"] == "郑洁"
    assert rows[0]["subject"].startswith("预约 ")
