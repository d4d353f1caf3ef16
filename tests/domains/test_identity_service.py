"""What identity gives to the other domains."""

import pytest

from backend.domains.identity import own_data, persons, service
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.organisation import service as organisation
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id, stable_id
from tests.people import fictional_id_number


@pytest.fixture
def li(uow):
    return service.create_demo_person(
        uow, id=new_id(), name="李㐂", id_number=fictional_id_number(), phone="13800000031",
        mini_openid="o-mini", service_openid="o-service",
    )  # fmt: skip


def test_a_card_shows_masked_values(uow, li):
    card = service.person_card(uow, li)
    assert (card.name, card.name_masked) == ("李㐂", "李*")
    assert (card.phone, card.phone_masked) == ("13800000031", "138****0031")
    assert card.id_number_masked.startswith("999***")
    assert card.verified is True


def test_cards_come_by_id_and_leave_out_strangers(uow, li):
    nameless = service.create_demo_person(uow, id=new_id())
    found = service.person_cards(uow, [li, nameless, new_id()])
    assert set(found) == {li, nameless}
    assert found[nameless].name_masked == "未实名用户"
    assert found[nameless].phone is None
    assert service.person_cards(uow, []) == {}
    with pytest.raises(NotFound):
        service.person_card(uow, new_id())


def test_values_are_revealed_one_by_one(uow, li):
    assert service.reveal_value(uow, li, "name") == "李㐂"
    assert service.reveal_value(uow, li, "phone") == "13800000031"
    assert len(service.reveal_value(uow, li, "id_number")) == 18
    for field in ("address", "state"):
        with pytest.raises(NotFound):
            service.reveal_value(uow, li, field)
    with pytest.raises(NotFound):
        service.reveal_value(uow, service.create_demo_person(uow, id=new_id()), "phone")


def test_addresses(uow, services, li):
    found = service.addresses(services, uow.session, li)
    assert (found.mini_openid, found.service_openid, found.phone) == (
        "o-mini", "o-service", "13800000031",
    )  # fmt: skip
    nobody = service.addresses(services, uow.session, new_id())
    assert (nobody.mini_openid, nobody.service_openid, nobody.phone) == (None, None, None)
    who = service.person_by_channel(services, uow.session, "mini_openid", "o-mini")
    assert who == li
    assert service.person_by_channel(services, uow.session, "mini_openid", "o-x") is None


def test_a_merged_account_shows_the_person_it_became(uow, services, li):
    heard = []
    services.events.subscribe(PersonMerged, lambda uow, event: heard.append(event))
    other = persons.find_or_create(uow, "phone", "13800000032")
    assert persons.join(uow, li, other) == li
    assert service.person_card(uow, other).name == "李㐂"
    # The phone proved last is the one that counts.
    assert service.person_card(uow, li).phone == "13800000032"
    assert service.addresses(services, uow.session, li).phone == "13800000032"
    assert heard == [PersonMerged(other, li)]
    assert persons.join(uow, li, li) == li


def test_two_provisional_accounts_join_into_the_older(uow):
    first = persons.find_or_create(uow, "mini_openid", "o-a")
    second = persons.find_or_create(uow, "mini_openid", "o-b")
    assert persons.join(uow, second, first) == first


def test_other_domains_take_part_in_export_and_closing(uow, services, li, monkeypatch):
    monkeypatch.setattr(own_data, "_exporters", {})
    monkeypatch.setattr(own_data, "_open_matters", {})
    service.register_exporter("test", lambda uow, person: {"rows": [str(person)]})
    service.register_open_matters("test", lambda uow, person: [])
    assert own_data.export(uow, li)["parts"] == {"test": {"rows": [str(li)]}}
    heard = []
    services.events.subscribe(PersonClosed, lambda uow, event: heard.append(event.person_id))
    own_data.close(uow, li, "注销账号")
    assert heard == [li]
    card = service.person_card(uow, li)
    assert (card.name, card.phone, card.verified) == ("已注销用户", None, False)


def test_the_district_is_loaded_and_renamed(uow):
    document = {
        "district": {"code": "999902", "name": "甲区", "city": "甲市", "hotline": "12345"},
        "streets": [{"code": "b", "name": "乙街"}, {"code": "a", "name": "甲街"}],
        "departments": [{"code": "x", "name": "某局"}],
    }
    organisation.load(uow.session, document)
    document["streets"][0]["name"] = "丙街"
    organisation.load(uow.session, document)
    assert [row.name for row in organisation.streets(uow.session)] == ["丙街", "甲街"]
    assert organisation.departments(uow.session)[0].id == stable_id("department", "x")
    assert organisation.district(uow.session, "999902").name == "甲区"
    assert organisation.district(uow.session, "000000").hotline == "12345"


def test_places_of_other_domains(uow, services):
    hall = organisation.Place(new_id(), "h", "某大厅")
    services.extensions.pop("places", None)
    assert organisation.places(uow, "hall") == []
    organisation.register_places(services.extensions, "hall", lambda uow: [hall])
    assert organisation.place_names(uow, "hall") == {hall.id: "某大厅"}


class TestCommands:
    def run(self, command, services, *args):
        from click.testing import CliRunner

        return CliRunner().invoke(command, list(args), obj=lambda: services)

    def test_the_first_administrator(self, services):
        from backend.domains.identity.commands import add_administrator

        done = self.run(add_administrator, services, "first", "首位管理员")
        assert done.exit_code == 0
        assert "temporary password: " in done.output
        again = self.run(add_administrator, services, "first", "首位管理员")
        assert again.exit_code == 1
        assert "已经有人用了" in again.output

    def test_importing_a_district(self, services, tmp_path):
        from backend.demo.district import DATA
        from backend.domains.identity.commands import import_organisation

        done = self.run(import_organisation, services, str(DATA / "district.json"))
        assert done.output == "5 streets, 21 departments\n"
        wrong = tmp_path / "x.json"
        wrong.write_text("{}", encoding="utf-8")
        assert self.run(import_organisation, services, str(wrong)).exit_code == 1
