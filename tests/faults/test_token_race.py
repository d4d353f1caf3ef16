"""The access token is invalidated while four processes send: one of them renews it, once."""

import json
import multiprocessing
import time

from backend.demo.openids import demo_openid
from backend.embedded.valkey import Valkey
from backend.kernel.redis import RedisLink
from tests.standin import Standin
from tests.token_askers import START, send

PROCESSES, EACH = 4, 60
STABLE, SEND = "/cgi-bin/stable_token", "/cgi-bin/message/subscribe/send"
OPENID = demo_openid("chen-zhiyuan")


def test_an_invalidated_token_is_renewed_once_by_four_processes(
    standin: Standin, valkey: Valkey
) -> None:
    RedisLink(valkey.url).client.flushall()
    wechat = standin.settings.wechat
    standin.post("/demo/consents", {
        "openid": OPENID, "results": {wechat.template_booked: "accept"},
        "times": PROCESSES * EACH,
    })  # fmt: skip
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(PROCESSES), context.Queue()
    account = (wechat.app_id, wechat.app_secret)
    args = (
        queue,
        barrier,
        standin.url,
        valkey.url,
        account,
        (OPENID, wechat.template_booked),
        EACH,
    )
    processes = [context.Process(target=send, args=args) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    until = time.monotonic() + START
    while standin.get("/demo/sent")["sent"] < 40 and time.monotonic() < until:
        time.sleep(0.02)
    standin.store.change("DELETE FROM token")
    sent = [queue.get(timeout=START) for _ in processes]
    for process in processes:
        process.join(timeout=30)
    assert sent == [EACH] * PROCESSES
    assert standin.get("/demo/sent")["sent"] == PROCESSES * EACH
    refused = [call for call in standin.calls(SEND) if "40001" in call["answer"]]
    assert refused
    # One call for the first token, one for the second, and nobody forced anything.
    fetched = [json.loads(call["body"]) for call in standin.calls(STABLE)]
    assert len(fetched) == 2
    assert not any(body["force_refresh"] for body in fetched)
