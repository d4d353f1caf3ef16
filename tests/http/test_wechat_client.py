"""The one client of WeChat's server, over real HTTP against the stand-in: every trap."""

import json
import logging
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from backend.demo.openids import demo_openid
from backend.embedded.valkey import Valkey
from backend.integrations.wechat import Fault, WeChatError, WeChatServer
from backend.kernel.redis import RedisLink
from tests.standin import Standin, card
from tests.token_askers import START, ask

WANG = demo_openid("wang-xiulan")
DATA = {**card("demo-template-booked"), "thing1": "社会保障卡补领"}
STABLE = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/subscribe/send"


def make(standin: Standin, link: RedisLink | None = None, **changes: Any) -> WeChatServer:
    wechat = standin.settings.wechat
    return WeChatServer(
        changes.pop("appid", wechat.app_id),
        changes.pop("secret", wechat.app_secret),
        redis=link,
        api_base=standin.url,
        **changes,
    )


@pytest.fixture
def link(valkey: Valkey) -> Iterator[RedisLink]:
    made = RedisLink(valkey.url)
    made.client.flushall()
    yield made
    made.client.close()


@pytest.fixture
def client(standin: Standin, link: RedisLink) -> WeChatServer:
    return make(standin, link)


def code(standin: Standin, openid: str = WANG) -> str:
    return str(standin.get("/demo/js-code", openid=openid)["code"])


def test_signing_in_needs_no_access_token(standin: Standin, client: WeChatServer) -> None:
    session = client.code_to_session(code(standin))
    assert session.openid == WANG
    assert standin.calls(STABLE) == []
    (call,) = standin.calls("/sns/jscode2session")
    assert "access_token" not in call["query"]
    assert session.session_key not in repr(session)


def test_a_code_works_once(standin: Standin, client: WeChatServer) -> None:
    once = code(standin)
    client.code_to_session(once)
    with pytest.raises(WeChatError) as used:
        client.code_to_session(once)
    assert (used.value.fault, used.value.code) == (Fault.BAD_CODE, 40163)
    with pytest.raises(WeChatError) as unknown:
        client.code_to_session("made-up")
    assert (unknown.value.fault, unknown.value.code) == (Fault.BAD_CODE, 40029)


def test_the_phone_number_behind_a_code(standin: Standin, client: WeChatServer) -> None:
    minted = standin.get("/demo/phone-code", phone="13800001234")["code"]
    assert client.phone_number(minted) == "13800001234"
    with pytest.raises(WeChatError) as again:
        client.phone_number(minted)
    assert again.value.fault is Fault.BAD_CODE


@pytest.mark.requirement("card.06")
def test_a_subscribe_message_leaves_with_page_state_and_language(
    standin: Standin, client: WeChatServer
) -> None:
    template = standin.settings.wechat.template_booked
    standin.allow(WANG, template)
    number = client.send_subscribe(WANG, template, DATA, page="packages/x?id=1", state="trial")
    assert number and number.isdigit()
    (call,) = standin.calls(SEND)
    body = json.loads(call["body"])
    assert body["data"]["thing1"] == {"value": "社会保障卡补领"}
    assert (body["page"], body["miniprogram_state"], body["lang"]) == (
        "packages/x?id=1", "trial", "zh_CN",
    )  # fmt: skip


@pytest.mark.requirement("card.06")
def test_a_template_message_leaves_through_the_service_account(
    standin: Standin, link: RedisLink
) -> None:
    wechat = standin.settings.wechat
    account = make(standin, link, appid=wechat.service_app_id, secret=wechat.service_app_secret)
    number = account.send_template(
        WANG,
        wechat.service_template,
        card(wechat.service_template),
        miniprogram=(wechat.app_id, "p"),
        client_msg_id="r",
    )
    assert number
    (call,) = standin.calls("/cgi-bin/message/template/send")
    body = json.loads(call["body"])
    assert body["miniprogram"] == {"appid": wechat.app_id, "pagepath": "p"}
    assert body["client_msg_id"] == "r"


def test_json_is_sent_as_json(standin: Standin, client: WeChatServer) -> None:
    # The stand-in reads JSON only where the Content-Type says so; otherwise it answers 40003.
    standin.allow(WANG, standin.settings.wechat.template_booked)
    client.send_subscribe(WANG, standin.settings.wechat.template_booked, DATA)


@pytest.mark.parametrize(
    ("openid", "template", "data", "page", "expected"),
    [
        (WANG, "", {**DATA, "thing1": "长" * 21}, "", (Fault.BAD_VALUE, 47003)),
        (WANG, "", {**DATA, "thing1": ""}, "", (Fault.BAD_VALUE, 47003)),
        (WANG, "", {**DATA, "thing1": "一\n二"}, "", (Fault.BAD_VALUE, 47003)),
        (WANG, "", DATA, "", (Fault.NO_CONSENT, 43101)),
        (WANG, "no-such-template", DATA, "", (Fault.BAD_TEMPLATE, 40037)),
        ("short", "", DATA, "", (Fault.BAD_OPENID, 40003)),
        (WANG, "", DATA, "/pages/x", (Fault.BAD_PAGE, 41030)),
    ],
)
def test_refusals_are_told_apart_by_code(
    standin: Standin, client: WeChatServer, openid: str, template: str, data: dict[str, str],
    page: str, expected: tuple[Fault, int],
) -> None:  # fmt: skip
    with pytest.raises(WeChatError) as refused:
        client.send_subscribe(
            openid, template or standin.settings.wechat.template_booked, data, page=page
        )
    assert (refused.value.fault, refused.value.code) == expected


def test_a_stale_token_is_renewed_once_and_the_call_repeated(
    standin: Standin, client: WeChatServer
) -> None:
    template = standin.settings.wechat.template_booked
    standin.allow(WANG, template, 2)
    client.send_subscribe(WANG, template, DATA)
    standin.store.change("DELETE FROM token")
    client.send_subscribe(WANG, template, DATA)
    assert len(standin.calls(SEND)) == 3
    assert len(standin.calls(STABLE)) == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_never_works_ends_after_one_retry(
    standin: Standin, client: WeChatServer, errcode: int
) -> None:
    standin.fault(SEND, times=50, errcode=errcode)
    with pytest.raises(WeChatError) as refused:
        client.send_subscribe(WANG, standin.settings.wechat.template_booked, DATA)
    assert refused.value.fault is Fault.CREDENTIAL
    assert len(standin.calls(SEND)) == 2
    # First token, its plain renewal, one forced renewal: not one more.
    assert len(standin.calls(STABLE)) == 3


def test_forced_renewals_are_rare(standin: Standin, client: WeChatServer) -> None:
    standin.fault(SEND, times=50, errcode=40001)
    for _ in range(5):
        with pytest.raises(WeChatError):
            client.send_subscribe(WANG, standin.settings.wechat.template_booked, DATA)
    forced = [c for c in standin.calls(STABLE) if json.loads(c["body"])["force_refresh"]]
    assert len(forced) == 1


def test_many_threads_make_one_token_call(standin: Standin, link: RedisLink) -> None:
    clients = [make(standin, link) for _ in range(8)]
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(lambda n: clients[n % 8].access_token, range(32)))
    assert len(tokens) == 1
    assert len(standin.calls(STABLE)) == 1


def test_cold_processes_make_one_token_call(standin: Standin, valkey: Valkey) -> None:
    RedisLink(valkey.url).client.flushall()
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(4), context.Queue()
    wechat = standin.settings.wechat
    args = (queue, barrier, standin.url, valkey.url, (wechat.app_id, wechat.app_secret))
    processes = [context.Process(target=ask, args=args) for _ in range(4)]
    for process in processes:
        process.start()
    tokens = {queue.get(timeout=START) for _ in processes}
    for process in processes:
        process.join(timeout=30)
    assert len(tokens) == 1
    assert len(standin.calls(STABLE)) == 1


def test_one_invalidated_token_is_renewed_once_by_many(standin: Standin, link: RedisLink) -> None:
    template = standin.settings.wechat.template_booked
    standin.allow(WANG, template, 40)
    clients = [make(standin, link) for _ in range(4)]
    _ = clients[0].access_token
    standin.store.change("DELETE FROM token")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: clients[n % 4].send_subscribe(WANG, template, DATA), range(24)))
    assert len(standin.calls(STABLE)) == 2


@pytest.mark.parametrize("gone", [False, True])
def test_without_redis_each_process_keeps_its_own_token(standin: Standin, gone: bool) -> None:
    client = make(standin, RedisLink("redis://127.0.0.1:1/0") if gone else None)
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: client.access_token, range(16)))
    assert len(tokens) == 1
    assert len(standin.calls(STABLE)) == 1
    standin.store.change("DELETE FROM token")
    template = standin.settings.wechat.template_booked
    standin.allow(WANG, template)
    client.send_subscribe(WANG, template, DATA)
    assert len(standin.calls(STABLE)) == 2


def test_a_wrong_secret_is_named_without_being_shown(standin: Standin, link: RedisLink) -> None:
    client = make(standin, link, secret="canary-secret-value")
    with pytest.raises(WeChatError) as refused:
        _ = client.access_token
    assert (refused.value.fault, refused.value.code) == (Fault.CREDENTIAL, 40125)
    assert "canary" not in f"{refused.value!r} {refused.value} {client!r}"


def test_no_secret_and_no_token_in_logs_or_errors(
    standin: Standin, link: RedisLink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = make(standin, link)
    client.code_to_session(code(standin))
    token = client.access_token
    problems = []
    standin.fault(SEND, status=502)
    standin.fault(SEND, errcode=-1)
    for path in (SEND, SEND, SEND):
        with pytest.raises(WeChatError) as refused:
            client.send_subscribe(WANG, standin.settings.wechat.template_called, DATA, page=path)
        problems.append(refused.value)
    dead = WeChatServer(client.appid, client.secret, redis=None, api_base="http://127.0.0.1:9")
    for call in (lambda: dead.code_to_session("c0de"), lambda: dead.phone_number("c0de")):
        with pytest.raises(WeChatError) as failed:
            call()
        problems.append(failed.value)
    logged = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    for problem in problems:
        chain = problem
        while chain is not None:
            logged += f"\n{chain!r} {chain} {vars(chain)}"
            chain = chain.__cause__ or chain.__context__  # type: ignore[assignment]  # any error
    for canary in (client.secret, token):
        assert canary not in logged
    assert {problem.fault for problem in problems} == {
        Fault.BUSY, Fault.BAD_PAGE, Fault.UNREACHABLE,
    }  # fmt: skip


def test_silence_ends_by_a_timeout_and_is_unclear(standin: Standin, link: RedisLink) -> None:
    client = make(standin, link, timeout=(0.5, 0.3))
    _ = client.access_token
    standin.fault(SEND, delay=1.0)
    with pytest.raises(WeChatError) as silent:
        client.send_subscribe(WANG, standin.settings.wechat.template_booked, DATA)
    assert silent.value.fault is Fault.UNCLEAR


def test_the_token_call_has_a_timeout_too(standin: Standin, link: RedisLink) -> None:
    client = make(standin, link, timeout=(0.5, 0.3))
    standin.fault(STABLE, delay=1.0)
    with pytest.raises(WeChatError) as silent:
        _ = client.access_token
    assert silent.value.fault is Fault.UNREACHABLE


def test_a_busy_server_is_told_apart_from_a_refusal(standin: Standin, client: WeChatServer) -> None:
    for fault, expected in (
        ({"errcode": 45009}, Fault.QUOTA),
        ({"errcode": -1}, Fault.BUSY),
        ({"status": 503}, Fault.BUSY),
        ({"errcode": 99999}, Fault.OTHER),
    ):
        standin.fault(SEND, **fault)
        with pytest.raises(WeChatError) as refused:
            client.send_subscribe(WANG, standin.settings.wechat.template_booked, DATA)
        assert refused.value.fault is expected


class _Odd(BaseHTTPRequestHandler):
    answer = b""
    status = 200

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        body = self.answer
        if self.path.startswith("/cgi-bin/stable_token"):
            body = b'{"access_token": "t", "expires_in": 7200}'
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("answer", "fault"),
    [(b"<html>", Fault.UNCLEAR), (b"[]", Fault.UNCLEAR), (b"", Fault.UNCLEAR)],
)
def test_answers_that_are_not_json_are_unclear(answer: bytes, fault: Fault) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Odd", (_Odd,), {"answer": answer}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        with pytest.raises(WeChatError) as odd:
            WeChatServer("a", "b", api_base=base).send_subscribe("o", "t", {})
        assert odd.value.fault is fault
    finally:
        server.shutdown()
        server.server_close()
