"""Identity for the other domains: what they may ask for and take part in.

Inside the domain the use cases live in `persons`, `sign_in`, `real_name`, `consent`,
`own_data`, `staff_accounts` and `staff_sign_in`.
"""

from backend.domains.identity.cards import (
    Addresses,
    PersonCard,
    addresses,
    births,
    identity_mark,
    person_by_channel,
    person_card,
    person_cards,
    reveal_value,
    verified_among,
)
from backend.domains.identity.enrol import create_demo_person
from backend.domains.identity.own_data import register_exporter, register_open_matters
from backend.domains.identity.persons import attach as attach_channel
from backend.domains.identity.real_name import RealNameProvider, Verdict
from backend.domains.identity.staff_accounts import RoleAt, create_demo_staff, staff_names
from backend.domains.identity.staff_binding import bound_phones
from backend.domains.identity.staff_cards import (
    StaffCard,
    staff_by_username,
    staff_cards,
    staff_holding,
)

__all__ = [
    "Addresses",
    "PersonCard",
    "RealNameProvider",
    "RoleAt",
    "StaffCard",
    "Verdict",
    "addresses",
    "attach_channel",
    "births",
    "bound_phones",
    "create_demo_person",
    "create_demo_staff",
    "identity_mark",
    "person_by_channel",
    "person_card",
    "person_cards",
    "register_exporter",
    "register_open_matters",
    "reveal_value",
    "staff_by_username",
    "staff_cards",
    "staff_holding",
    "staff_names",
    "verified_among",
]
