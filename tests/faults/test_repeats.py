"""A template message whose answer was lost goes again: once where WeChat keeps its word, and told
to operators wherever it might be twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.demo import standin_messages
from backend.domains.messages import log_filters
from backend.kernel.services import Services
from notifications import health
from notifications.kinds import SERVICE
from notifications.model import OutboxMessage
from notifications.rules import Priority
from tests.faults.test_wechat_outage import Stage
from tests.standin import Standin

SEND = "/cgi-bin/message/template/send"


@pytest.fixture
def lost(standin: Standin, request: pytest.FixtureRequest) -> Callable[..., OutboxMessage]:
    """Sends one message whose first answer is lost, and again after a pause; what became of it."""

    def act(pause: timedelta = timedelta(seconds=40), **environ: str) -> OutboxMessage:
        standin.environ.update(environ)
        services: Services = request.getfixturevalue("talking")
        stage = Stage(services, standin)
        standin.fault(SEND, drop=True, after=True)
        stage.tell(1, Priority.CONFIRMATION, timedelta(hours=12))
        stage.work()
        assert len(stage.arrived()) == 1
        services.clock.advance(pause)
        stage.work()
        (row,) = stage.rows().values()
        with services.unit() as uow:
            assert health.figures(uow.session, uow.now)[SERVICE].unclear == 1
            troubled = log_filters.chosen(uow, {"trouble": True})
            assert [one.id for one in uow.session.scalars(troubled)] == [row.id]
        return row

    return act


def sent(standin: Standin) -> int:
    return len(standin.store.rows("SELECT 1 FROM sent"))


def test_within_nine_minutes_it_goes_again_and_wechat_drops_it(
    lost: Callable[..., OutboxMessage], standin: Standin
) -> None:
    row = lost()
    assert (row.status, row.last_errcode) == ("accepted", "repeated")
    assert (sent(standin), len(standin.calls(SEND))) == (1, 2)


def test_were_the_promise_not_kept_it_would_be_there_twice_and_known_as_such(
    lost: Callable[..., OutboxMessage], standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standin_messages, "REPEATS_KNOWN", -1)
    row = lost()
    assert (row.status, row.last_errcode) == ("accepted", "repeated")
    assert sent(standin) == 2


def test_where_the_promise_is_known_to_be_broken_it_is_not_relied_upon(
    lost: Callable[..., OutboxMessage], standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standin_messages, "REPEATS_KNOWN", -1)
    row = lost(WECHAT_SERVICE_DROPS_REPEATS="false")
    assert (row.status, row.last_errcode) == ("technical_failure", "ambiguous")
    assert (sent(standin), len(standin.calls(SEND))) == (1, 1)


def test_when_nobody_came_for_ten_minutes_it_does_not_go_again(
    lost: Callable[..., OutboxMessage], standin: Standin
) -> None:
    row = lost(timedelta(minutes=10))
    assert (row.status, row.last_errcode) == ("technical_failure", "ambiguous")
    assert (sent(standin), len(standin.calls(SEND))) == (1, 1)
