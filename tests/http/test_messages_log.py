"""The log of messages at the console: found by person and matter, taken out, sent again."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.domains.identity import names, persons
from backend.domains.identity.model import Person
from backend.domains.messages.kinds import KINDS
from backend.kernel import receipts
from backend.kernel.clock import SHANGHAI, FixedClock
from backend.kernel.reveals import Reveal
from backend.kernel.services import Services
from backend.kernel.trace import Subject, TraceEntry
from notifications import outbox
from notifications.model import OutboxMessage
from tests.conftest import KeyedClient
from tests.http.test_messages_routes import VALUES
from tests.people import Headers, sign_in_person, sign_in_staff
from tests.web import web_app

LOG = "/api/v1/staff/messages"


@pytest.fixture
def http(services: Services) -> FlaskClient:
    app = web_app(services)
    app.test_client_class = KeyedClient
    return app.test_client()


@pytest.fixture
def admin(services: Services) -> Headers:
    return sign_in_staff(services, ("administrator", "district", None), name="测试管理员")


@pytest.fixture
def supervisor(services: Services) -> Headers:
    return sign_in_staff(services, ("supervisor", "district", None))


def tell(
    services: Services, person: UUID, kind: str = "appointment_booked",
    subject: Subject | None = None, **values: Any,
) -> UUID:  # fmt: skip
    with services.unit() as uow:
        made = outbox.enqueue(
            uow.session, uow.now, KINDS[kind], person_key=person,
            subject=subject or Subject("appointment", uuid4()), dedupe_key=uuid4().hex,
            values={**VALUES, "start": uow.now + timedelta(days=1), **values},
        )  # fmt: skip
    assert made is not None
    return made


def put(services: Services, message_id: UUID, **values: Any) -> None:
    with services.unit() as uow:
        uow.session.execute(
            update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
        )


def ids(http: FlaskClient, who: Headers, query: str) -> list[str]:
    answer = http.get(f"{LOG}?{query}", headers=who)
    assert answer.status_code == 200, answer.get_json()
    return [row["id"] for row in answer.get_json()["items"]]


class TestFinding:
    def test_by_the_receipt_number_of_the_matter(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        person = sign_in_person(services)
        subject = Subject("appointment", uuid4())
        with services.unit() as uow:
            number = receipts.issue(
                uow, kind="appointment", subject=subject, person_id=person.id, title="x"
            ).number
        about, _other = tell(services, person.id, subject=subject), tell(services, person.id)
        assert ids(http, supervisor, f"number={number}") == [str(about)]
        assert ids(http, supervisor, f"number={number.lower().replace('-', '')}") == [str(about)]
        assert ids(http, supervisor, "number=A261123-000000-0") == []
        assert ids(http, supervisor, "number=nothing") == []

    def test_by_person_topic_kind_state_and_day(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        mine, other = sign_in_person(services), sign_in_person(services)
        first = tell(services, mine.id)
        put(services, first, created_at=datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI))
        second = tell(services, mine.id, "appointment_called")
        third = tell(services, other.id, "appointment_finished")
        newest_first = [str(second), str(first)]
        assert ids(http, supervisor, f"person={mine.id}") == newest_first
        assert str(third) not in ids(http, supervisor, "kind=appointment_called")
        assert set(ids(http, supervisor, "topic=appointments")) == {*newest_first, str(third)}
        assert ids(http, supervisor, "topic=council") == []
        assert ids(http, supervisor, "state=delivered") == [str(third)]
        assert ids(http, supervisor, "to=2026-11-22") == [str(first)]
        assert str(first) not in ids(http, supervisor, "from=2026-11-23")

    def test_only_what_went_wrong(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        person = sign_in_person(services)
        good, refused, detour = (tell(services, person.id) for _ in range(3))
        put(services, refused, status="permanent_failure", last_errcode="47003")
        put(services, detour, status="accepted", last_errcode="43101")
        found = ids(http, supervisor, "trouble=true")
        assert set(found) == {str(refused), str(detour)}
        assert str(good) in ids(http, supervisor, "trouble=false")

    @pytest.mark.parametrize(
        "query", ["state=x", "channel=x", "topic=x", "from=x", "person=x", "campaign=x", "more=1"]
    )
    def test_wrong_filters_are_refused(
        self, http: FlaskClient, supervisor: Headers, query: str
    ) -> None:
        assert http.get(f"{LOG}?{query}", headers=supervisor).status_code == 422

    def test_the_choices_name_every_kind_once(self, http: FlaskClient, supervisor: Headers) -> None:
        found = http.get(f"{LOG}/choices", headers=supervisor).get_json()
        assert {row["key"] for row in found["kinds"]} == {kind.key for kind in KINDS}
        texts = [row["name"] for row in found["states"]]
        assert len(texts) == len(set(texts))
        assert {row["key"] for row in found["channels"]} >= {"sms", "inbox"}


class TestReaders:
    def look(self, http: FlaskClient, who: Headers, q: str, why: str = "来电问收到没有") -> Any:
        return http.post(f"{LOG}/readers", headers=who, json={"q": q, "purpose": why})

    def reveals(self, services: Services) -> list[tuple[str, str]]:
        with services.unit() as uow:
            return [(row.field, row.purpose) for row in uow.session.scalars(select(Reveal))]

    def test_a_number_is_found_masked_and_the_look_is_kept(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        person = sign_in_person(services, name="测试甲乙", phone="13800001111")
        tell(services, person.id)
        for typed in ("13800001111", "+86 138-0000-1111", "１３８００００１１１１"):
            answer = self.look(http, supervisor, typed)
            assert answer.status_code == 200
            assert answer.get_json() == {
                "items": [
                    {"person_id": str(person.id), "name": "测**乙", "phone": "138****1111",
                     "messages": 1}
                ],
                "complete": True,
            }  # fmt: skip
        assert self.reveals(services) == [("phone_search", "来电问收到没有")] * 3

    def test_a_name_is_found_among_those_written_to(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        twins = [sign_in_person(services, name="测试丙丁") for _ in range(2)]
        for person in twins:
            tell(services, person.id)
        unwritten = sign_in_person(services, name="测试丙丁")
        found = self.look(http, supervisor, " 测试　丙丁").get_json()["items"]
        assert {row["person_id"] for row in found} == {str(one.id) for one in twins}
        assert str(unwritten.id) not in str(found)
        assert len(self.reveals(services)) == 2

    def test_a_common_name_says_that_more_have_it(
        self, services: Services, http: FlaskClient, supervisor: Headers, clock: FixedClock
    ) -> None:
        people = []
        for _ in range(21):
            people.append(sign_in_person(services, name="测试丙丁").id)
            tell(services, people[-1])
            clock.advance(timedelta(minutes=1))
        found = self.look(http, supervisor, "测试丙丁").get_json()
        assert found["complete"] is False
        assert [row["person_id"] for row in found["items"]] == [str(one) for one in people[:0:-1]]

    def test_names_from_before_there_were_hashes_are_found_once_they_are_marked(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        person = sign_in_person(services, name="测试丙丁").id
        tell(services, person)
        with services.unit() as uow:
            uow.session.execute(update(Person).values(name_fingerprint=None))
        before = self.look(http, supervisor, "测试丙丁").get_json()
        assert before == {"items": [], "complete": False}
        names.fill(services)
        found = self.look(http, supervisor, "测试丙丁").get_json()
        assert ([row["person_id"] for row in found["items"]], found["complete"]) == (
            [str(person)], True,
        )  # fmt: skip

    def test_a_closed_account_is_not_found_by_its_name(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        person = sign_in_person(services, name="测试丙丁").id
        with services.unit() as uow:
            persons.close(uow, person)
            assert uow.session.get_one(Person, person).name_fingerprint is None
        assert self.look(http, supervisor, "测试丙丁").get_json()["items"] == []

    def test_that_nobody_was_found_is_kept_too(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        answer = self.look(http, supervisor, "13900009999")
        assert answer.get_json()["items"] == []
        assert self.reveals(services) == [("phone_search", "来电问收到没有")]

    @pytest.mark.parametrize(
        ("q", "why"), [("1", "来电问收到没有"), ("138", "来电问"), ("13800001111", "问")]
    )
    def test_without_a_purpose_or_a_whole_number_nothing_is_told(
        self, services: Services, http: FlaskClient, supervisor: Headers, q: str, why: str
    ) -> None:
        sign_in_person(services, phone="13800001111")
        assert self.look(http, supervisor, q, why).status_code == 422
        assert self.reveals(services) == []

    def test_looks_are_limited(self, http: FlaskClient, supervisor: Headers) -> None:
        answers = [self.look(http, supervisor, "13900009999").status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]


def test_the_workbook_masks_people_and_names_its_filters(
    services: Services, http: FlaskClient, supervisor: Headers
) -> None:
    person = sign_in_person(services, name="测试甲乙")
    tell(services, person.id, item_name="=cmd|calc")
    put(services, tell(services, person.id), title="见 A261123-482073-5")
    answer = http.get(f"{LOG}/export?kind=appointment_booked&from=2026-11-01", headers=supervisor)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "预约成功、2026-11-01起" in rows[0][0]
    assert rows[1][:4] == ["时间", "消息", "发给谁", "内容"]
    assert {row[2] for row in rows[2:]} == {"测**乙"}
    assert {row[3] for row in rows[2:]} == {"约好了：=cmd|calc", "见 A261123-******-5"}
    assert "测试甲乙" not in str(rows)
    nothing = http.get(f"{LOG}/export?state=expired", headers=supervisor)
    assert openpyxl.load_workbook(io.BytesIO(nothing.data)).active.max_row == 2


class TestSendingAgain:
    def again(self, http: FlaskClient, who: Headers, message_id: UUID, **body: Any) -> Any:
        body = {"reason": "群众说没有收到", **body}
        return http.post(f"{LOG}/{message_id}/resends", headers=who, json=body)

    def test_it_is_written_anew_traced_and_shown_from_both_sides(
        self, services: Services, http: FlaskClient, admin: Headers
    ) -> None:
        person = sign_in_person(services)
        old = tell(services, person.id)
        put(services, old, status="permanent_failure", last_errcode="47003")
        shown = http.get(f"{LOG}/{old}", headers=admin).get_json()
        assert shown["resend"] == {
            "allowed": True, "why_not": "", "why_not_text": "", "doubts": [],
        }  # fmt: skip
        answer = self.again(http, admin, old)
        assert answer.status_code == 201
        new = answer.get_json()
        assert (new["state"], new["resent_of"]) == ("created", str(old))
        assert new["body"] == shown["body"]
        assert new["resent_why"] == "测试管理员：群众说没有收到"
        shown = http.get(f"{LOG}/{old}", headers=admin).get_json()
        assert (shown["resent_as"], shown["resend"]["why_not"]) == (new["id"], "resent")
        with services.unit() as uow:
            (entry,) = uow.session.scalars(
                select(TraceEntry).where(TraceEntry.subject_kind == "message")
            )
            assert (entry.action, entry.subject_id, entry.reason) == (
                "resend", old, "群众说没有收到",
            )  # fmt: skip
        assert self.again(http, admin, old).get_json()["code"] == "not_resent"

    def test_what_may_have_arrived_is_asked_about_twice(
        self, services: Services, http: FlaskClient, admin: Headers
    ) -> None:
        old = tell(services, sign_in_person(services).id)
        put(services, old, status="accepted")
        refused = self.again(http, admin, old)
        assert refused.status_code == 409
        assert refused.get_json()["code"] == "resend_doubtful"
        assert refused.get_json()["doubts"] == ["may_have_arrived"]
        assert self.again(http, admin, old, sure=True).status_code == 201

    @pytest.mark.parametrize("state", ["created", "sending", "delivered"])
    def test_what_runs_or_is_there_is_refused_even_when_sure(
        self, services: Services, http: FlaskClient, admin: Headers, state: str
    ) -> None:
        old = tell(services, sign_in_person(services).id)
        put(services, old, status=state)
        refused = self.again(http, admin, old, sure=True)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "not_resent")

    def test_who_may_only_look_is_told_so(
        self, services: Services, http: FlaskClient, supervisor: Headers
    ) -> None:
        old = tell(services, sign_in_person(services).id)
        put(services, old, status="permanent_failure")
        assert self.again(http, supervisor, old).status_code == 403
        shown = http.get(f"{LOG}/{old}", headers=supervisor).get_json()["resend"]
        assert (shown["allowed"], shown["why_not"]) == (False, "forbidden")

    @pytest.mark.parametrize("reason", ["", "重发", "  补  "])
    def test_a_reason_is_needed(
        self, services: Services, http: FlaskClient, admin: Headers, reason: str
    ) -> None:
        old = tell(services, sign_in_person(services).id)
        put(services, old, status="permanent_failure")
        refused = self.again(http, admin, old, reason=reason)
        assert refused.status_code == 422
        assert refused.get_json()["errors"]["reason"]

    def test_an_unknown_message_is_not_there(self, http: FlaskClient, admin: Headers) -> None:
        assert self.again(http, admin, uuid4()).status_code == 404
