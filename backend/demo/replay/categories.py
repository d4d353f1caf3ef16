"""What a replayed resident may call about: the district's own categories, in their own words."""

from backend.domains.dispatch import published
from backend.kernel.services import Services


def leaves(services: Services) -> list[tuple[str, str]]:
    """Every public category with words made of its name and first keyword."""
    with services.unit() as uow:
        found = published.categories(uow)
    return [
        (one.code, f"{one.name}，{one.keywords[0] if one.keywords else '请来看看'}")
        for one in found
    ]


def pipe(services: Services) -> str:
    """The category of burst pipes: the one whose name or keywords speak of water pipes."""
    with services.unit() as uow:
        found = published.categories(uow)
    for one in found:
        if any("水管" in word for word in (one.name, one.hint, *one.keywords)):
            return one.code
    return found[0].code
