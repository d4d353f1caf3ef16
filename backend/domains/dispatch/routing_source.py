"""Categories and closed events as examples for the training of suggestions."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from sqlalchemy import select

from backend.domains.dispatch import categories
from backend.domains.dispatch.model import Event, Whistle
from backend.domains.dispatch.settings_model import EventCategory
from backend.domains.organisation import service as organisation
from backend.domains.routing.ports import Finished, Kind
from backend.kernel.uow import UnitOfWork

_PAGE = 1000


class EventExamples:
    """What training asks of dispatch."""

    def kinds(self, uow: UnitOfWork) -> list[Kind]:
        """The active categories that can be chosen, without the one for everything else."""
        names = dict(uow.session.execute(select(EventCategory.code, EventCategory.name)).all())
        return [
            Kind(
                code=row.code,
                name=row.name,
                group=names.get(row.parent_code or "", ""),
                hint=row.hint,
                keywords=tuple(row.keywords),
                department_code=row.department_code,
            )
            for row in categories.leaves(uow).values()
            if row.code != categories.OTHER
        ]

    def finished(self, uow: UnitOfWork, most: int) -> Iterator[Finished]:
        """The newest closed events with the category they ended in.

        The department is the one that answered a whistle to the end; None where none did.
        """
        codes = {place.id: place.code for place in organisation.departments(uow.session)}
        answered = (
            select(Whistle.department_id)
            .where(Whistle.event_id == Event.id, Whistle.state == "finished")
            .order_by(Whistle.finished_at)
            .limit(1)
            .scalar_subquery()
        )
        rows = uow.session.execute(
            select(Event.title, Event.words, Event.category_code, answered, Event.closed_at)
            .where(Event.state == "closed", Event.confidential.is_(False), Event.words != "")
            .order_by(Event.closed_at.desc(), Event.id.desc())
            .limit(most)
            .execution_options(yield_per=_PAGE)
        )
        for title, words, category, department, closed_at in rows:
            yield Finished(title, words, category, codes.get(department), cast(datetime, closed_at))
