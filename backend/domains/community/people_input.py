"""Names and numbers as people write them, checked before they enter the register."""

from collections.abc import Iterable
from datetime import date

from backend.domains.community import rules
from backend.domains.community.parties import Named
from backend.kernel import identity_number
from backend.kernel.clock import local_date
from backend.kernel.errors import Invalid
from backend.kernel.uow import UnitOfWork

PHONE_LENGTH = 11


def checked(uow: UnitOfWork, people: Iterable[Named]) -> tuple[Named, ...]:
    """The people with numbers in normal form; `Invalid` names the first fault at `owners`."""
    today = local_date(uow.now)
    found = []
    for position, one in enumerate(people, 1):
        problem, fixed = normal(one, today)
        if problem:
            raise Invalid(
                "bad_owner", title="请核对产权人", fields={"owners": [f"第{position}位：{problem}"]}
            )
        found.append(fixed)
    return tuple(found)


def normal(person: Named, today: date) -> tuple[str | None, Named]:
    """What is wrong with the entry (None: nothing), and the entry in its normal form."""
    number = person.number.strip().upper()
    fixed = Named(
        person.kind, person.name.strip(), number, person.phone.strip(), person.party_member
    )
    if not fixed.name:
        return "没有姓名", fixed
    if fixed.phone and not (fixed.phone.isascii() and fixed.phone.isdigit()):
        return "手机号应为数字", fixed
    if fixed.phone and len(fixed.phone) != PHONE_LENGTH:
        return "手机号应为11位", fixed
    if person.kind == rules.COMPANY:
        return rules.company_problem(number), fixed
    try:
        identity_number.validate(number, today=today)
    except Invalid as error:
        return error.detail, fixed
    return None, fixed
