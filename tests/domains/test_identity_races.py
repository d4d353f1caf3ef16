"""What holds when many come at once, on real connections; and counts that no refusal takes back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select, update

from backend.demo import register
from backend.domains.identity import consent, persons, real_name, sms, staff_sign_in
from backend.domains.identity.model import ChannelIdentity, Person, SmsCode
from backend.domains.identity.service import RoleAt, create_demo_staff
from backend.domains.identity.staff_model import StaffAccount
from backend.kernel.errors import DomainError, Invalid, RateLimited, Unauthenticated
from backend.kernel.ids import new_id
from tests.identity_fakes import agree, bearer, equip, prove, sign_in_wechat
from tests.people import PASSWORD
from tests.web import web_app

NUMBER, NAME = next((n, name) for n, name in register.register().items() if name == "黎雪")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def at_once(count, work):
    """Run `work(i)` in threads that start together; results or errors in order."""
    barrier = threading.Barrier(count)

    def run(i):
        barrier.wait()
        try:
            return work(i)
        except DomainError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def services(live_services):
    equip(live_services)
    return live_services


def test_one_openid_opens_one_account(services):
    def work(i):
        with services.unit() as uow:
            return persons.find_or_create(uow, "mini_openid", "o-same")

    assert len(set(at_once(8, work))) == 1
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Person)) == 1
        assert uow.session.scalar(select(func.count()).select_from(ChannelIdentity)) == 1


@pytest.mark.requirement("000.01")
def test_one_number_is_one_person_however_many_prove_it_at_once(services):
    """The unique key on the identity number decides, and everybody ends as the same person."""
    accounts = []
    for i in range(6):
        with services.unit() as uow:
            accounts.append(persons.find_or_create(uow, "mini_openid", f"o-{i}"))
            consent.answer(
                uow, accounts[i], document="privacy", version=consent.current_version(),
                agreed=True, channel="h5",
            )  # fmt: skip

    def work(i):
        with services.unit() as uow:
            return real_name.verify(uow, accounts[i], NAME, NUMBER)

    results = at_once(6, work)
    # Joining takes turns; who met another's turn tries again, as the apps do.
    results = [work(i) if isinstance(r, DomainError) else r for i, r in enumerate(results)]
    assert len(set(results)) == 1
    with services.unit() as uow:
        states = uow.session.scalars(select(Person.state)).all()
        assert sorted(states) == ["merged"] * 5 + ["verified"]
        owners = uow.session.scalars(select(ChannelIdentity.person_id)).all()
        assert set(owners) == set(results)


def test_the_key_would_refuse_a_second_person(services):
    """Even by hand: the same number twice does not fit into the table."""
    from sqlalchemy.exc import IntegrityError

    with services.unit() as uow:
        first = persons.find_or_create(uow, "mini_openid", "o-1")
        second = persons.find_or_create(uow, "mini_openid", "o-2")
    for person, works in ((first, True), (second, False)):
        change = update(Person).where(Person.id == person).values(
            state="verified", id_number_fingerprint=b"same", id_number_sealed=b"x",
            name_sealed=b"x", verified_at=services.clock.now(),
        )  # fmt: skip
        if works:
            with services.unit() as uow:
                uow.session.execute(change)
        else:
            with pytest.raises(IntegrityError), services.unit() as uow:
                uow.session.execute(change)


def test_guesses_of_a_code_are_counted_one_by_one(services):
    with services.unit() as uow:
        sms.send_code(uow, phone="13800000021", purpose="sign_in", address="::1")
    right = services.sms.last_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def work(i):
        with services.unit() as uow:
            return sms.use_code(uow, phone="13800000021", code=wrong, purpose="sign_in")

    assert all(isinstance(result, Invalid) for result in at_once(12, work))
    with services.unit() as uow:
        assert uow.session.scalars(select(SmsCode.tries)).one() == 5
    with pytest.raises(Invalid), services.unit() as uow:
        sms.use_code(uow, phone="13800000021", code=right, purpose="sign_in")


def test_one_code_is_sent_however_often_the_button_is_pressed(services):
    def work(i):
        with services.unit() as uow:
            return sms.send_code(uow, phone="13800000022", purpose="sign_in", address="::1")

    results = at_once(6, work)
    assert sum(isinstance(result, RateLimited) for result in results) == 5
    assert len(services.sms.sent) == 1


@pytest.fixture
def account(services):
    with services.unit() as uow:
        return create_demo_staff(
            uow, id=new_id(), username="linfang", name="林芳", password=PASSWORD,
            roles=[RoleAt("supervisor", "district")], totp_secret=SECRET,
        )  # fmt: skip


def staff_sign_in_with(services, password, totp):
    with services.unit() as uow:
        return staff_sign_in.sign_in(
            uow, username="linfang", password=password, totp=totp, address="::1", old_session=None
        )


def test_a_staff_code_opens_one_door_of_many(services, account):
    code = pyotp.TOTP(SECRET).at(services.clock.now())
    results = at_once(4, lambda i: staff_sign_in_with(services, PASSWORD, code))
    refused = [result for result in results if isinstance(result, Unauthenticated)]
    assert len(refused) == 3
    assert all("用过" in error.detail for error in refused)


def test_guessing_at_once_does_not_outrun_the_lock(services, account):
    results = at_once(12, lambda i: staff_sign_in_with(services, "guess", "000000"))
    assert sum(isinstance(result, Unauthenticated) for result in results) == 5
    assert sum(isinstance(result, RateLimited) for result in results) == 7
    with services.unit() as uow:
        row = uow.session.get_one(StaffAccount, account)
        assert row.failures == 5
        assert row.locked_until == services.clock.now() + timedelta(minutes=1)


def test_real_name_tries_are_counted_though_refused(services, clock):
    """Over HTTP, where a refusal rolls the request back: five a day, then tomorrow."""
    client = web_app(services).test_client()

    class Keyed:
        def post(self, path, **kwargs):
            kwargs["headers"] = {**kwargs.get("headers", {}), "Idempotency-Key": new_id().hex}
            return client.post(path, **kwargs)

    keyed = Keyed()
    headers = bearer(sign_in_wechat(keyed, "o-guess"))
    agree(keyed, headers)
    for _ in range(5):
        assert prove(keyed, headers, "黎霜", NUMBER).status_code == 422
    answer = prove(keyed, headers, NAME, NUMBER)
    assert answer.status_code == 429
    assert "明天" in answer.json["action"]
    other = bearer(sign_in_wechat(keyed, "o-other"))
    agree(keyed, other)
    for _ in range(5):
        assert prove(keyed, other, "黎霜", NUMBER).status_code == 422
    third = bearer(sign_in_wechat(keyed, "o-third"))
    agree(keyed, third)
    assert prove(keyed, third, NAME, NUMBER).status_code == 429
    clock.advance(timedelta(hours=16))
    assert prove(keyed, headers, NAME, NUMBER).status_code == 200
