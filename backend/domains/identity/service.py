"""Identity for the other domains: what they may ask for and take part in.

Inside the domain the use cases live in `persons`, `sign_in`, `real_name`, `consent`,
`own_data`, `staff_accounts` and `staff_sign_in`.
"""

from backend.domains.identity.cards import (
    Addresses,
    PersonCard,
    addresses,
    addresses_of,
    births,
    identity_mark,
    person_by_channel,
    person_by_id_number,
    person_by_identity,
    person_by_mark,
    person_card,
    person_cards,
    reveal_value,
    verified_among,
)
from backend.domains.identity.enrol import create_demo_person
from backend.domains.identity.names import all_marked, named
from backend.domains.identity.own_data import register_exporter, register_open_matters
from backend.domains.identity.persons import attach as attach_channel
from backend.domains.identity.persons import detach as detach_channel
from backend.domains.identity.reach import MINI, PHONE, SERVICE, query_people, query_reachable
from backend.domains.identity.real_name import RealNameProvider, Verdict
from backend.domains.identity.staff_accounts import RoleAt, create_demo_staff, staff_names
from backend.domains.identity.staff_binding import bound_phones
from backend.domains.identity.staff_binding import of_person as work_account
from backend.domains.identity.staff_cards import (
    StaffCard,
    staff_by_username,
    staff_cards,
    staff_holding,
)

__all__ = [
    "MINI",
    "PHONE",
    "SERVICE",
    "Addresses",
    "PersonCard",
    "RealNameProvider",
    "RoleAt",
    "StaffCard",
    "Verdict",
    "addresses",
    "addresses_of",
    "all_marked",
    "attach_channel",
    "births",
    "bound_phones",
    "create_demo_person",
    "create_demo_staff",
    "detach_channel",
    "identity_mark",
    "named",
    "person_by_channel",
    "person_by_id_number",
    "person_by_identity",
    "person_by_mark",
    "person_card",
    "person_cards",
    "query_people",
    "query_reachable",
    "register_exporter",
    "register_open_matters",
    "reveal_value",
    "staff_by_username",
    "staff_cards",
    "staff_holding",
    "staff_names",
    "verified_among",
    "work_account",
]
