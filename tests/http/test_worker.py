"""The web process: threads for requests, fresh ones for streams, none for silence."""

import copy
import http.client
import os
import socket
import threading
import time
import urllib.request
from collections import Counter

import pytest

from backend.http import turns
from backend.http.turns import Turns
from backend.http.worker import Pool, Shares
from tests.live import Server

PATIENCE = 20


def test_no_more_jobs_at_once_than_threads() -> None:
    pool, lock = Pool(3), threading.Lock()
    at_work = most = 0

    def work(number: int) -> int:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.01)
        with lock:
            at_work -= 1
        return number

    jobs = [pool.submit(work, number) for number in range(20)]
    assert [job.result(PATIENCE) for job in jobs] == list(range(20))
    assert most == 3
    pool.shutdown()


def test_a_stream_takes_no_thread_from_requests_and_none_is_left_over() -> None:
    pool, ended = Pool(2), threading.Event()
    names = Counter(thread.name for thread in threading.enumerate())

    def stream() -> str:
        pool.lend()
        pool.lend()
        ended.wait(PATIENCE)
        return "ended"

    streams = [pool.submit(stream) for _ in range(10)]
    assert pool.submit(lambda: "answered").result(PATIENCE) == "answered"
    ended.set()
    assert [one.result(PATIENCE) for one in streams] == ["ended"] * 10
    pool.shutdown()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if Counter(thread.name for thread in threading.enumerate())["request"] <= (
            names["request"] - 2
        ):
            break
        time.sleep(0.01)
    else:
        pytest.fail("threads were left over")


def test_what_a_job_raises_is_its_own() -> None:
    pool = Pool(1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(PATIENCE)
    assert pool.submit(lambda: "still there").result(PATIENCE) == "still there"
    pool.shutdown()


def test_who_is_gone_is_not_waited_for() -> None:
    shares = Shares()
    assert shares.least() == 0
    shares.tell(1, 30)
    shares.tell(2, 7)
    assert shares.least() == 7
    shares.end(2)
    assert shares.least() == 30
    shares.begin(2)
    assert shares.least() == 0


@pytest.fixture
def server():
    made = Server(dict(os.environ), workers=2, threads=2, target="tests.http.which:app")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def in_turn():
    made = Server(dict(os.environ), workers=2, threads=2, target="tests.http.in_turn:app")
    made.start()
    yield made
    made.stop()


def _send(line: socket.socket, path: str = "/") -> None:
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def _read(line: socket.socket) -> bytes:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.read()


def _ask(line: socket.socket) -> bytes:
    """Who answers on this connection."""
    _send(line)
    return _read(line)


def _both_at_work(server: Server) -> None:
    seen, ends = set(), time.monotonic() + PATIENCE
    while len(seen) < 2 and time.monotonic() < ends:
        lines = [
            socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(20)
        ]
        seen |= {_ask(one).split()[0] for one in lines}
        for one in lines:
            one.close()
    # What they held is told once a second.
    time.sleep(1.1)


def test_silent_connections_hold_no_thread(server) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(40)]
    try:
        begun = time.monotonic()
        for _ in range(10):
            urllib.request.urlopen(f"{server.url}/", timeout=PATIENCE).close()
        # gthread would wait for five seconds on each of them.
        assert time.monotonic() - begun < 4
        for one in silent:
            assert _ask(one)
            assert _ask(one)
    finally:
        for one in silent:
            one.close()


def _post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _in_chunks(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize("at_once", [False, True], ids=["in turn", "all at once"])
def test_a_body_read_or_not_never_becomes_the_next_request(server, at_once: bool) -> None:
    sent = [
        (_post("/all", b"first body"), b"first body"),
        (_post("/some", b"second body"), b"sec"),
        (_post("/none", b"GET /all HTTP/1.1\r\n\r\n"), b"nothing"),
        (_in_chunks("/all", b"fourth body"), b"fourth body"),
        (_in_chunks("/some", b"fifth body"), b"fif"),
        (_post("/all", b""), b""),
        (_post("/all", b"last body"), b"last body"),
    ]
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as line:
        if at_once:
            line.sendall(b"".join(wire for wire, _ in sent))
        answers = line.makefile("rb")
        for wire, told in sent:
            if not at_once:
                line.sendall(wire)
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            headers = http.client.parse_headers(answers)
            assert answers.read(int(headers["Content-Length"])) == told


def test_connections_that_stay_open_are_shared_out(server) -> None:
    lines, told = [], Counter()
    _both_at_work(server)
    try:
        for _ in range(60):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            lines.append(one)
            told[_ask(one)] += 1
    finally:
        for one in lines:
            one.close()
    assert len(told) == 2
    assert min(told.values()) >= 10


def _begun(server: Server, path: str) -> tuple[float, float]:
    """When a process began on the last of many older calls, and another one on a newer at `path`."""
    _both_at_work(server)
    lines = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(60)]
    try:
        held: dict[bytes, list[socket.socket]] = {}
        for one in lines:
            held.setdefault(_ask(one).split()[0], []).append(one)
        many, (newer, *_) = sorted(held.values(), key=len, reverse=True)
        for one in many:
            _send(one, "/slow")
        time.sleep(0.1)
        _send(newer, path)
        last = max(float(_read(one).split()[1]) for one in many)
        return last, float(_read(newer).split()[1])
    finally:
        for one in lines:
            one.close()


def test_a_call_that_keeps_its_turn_lets_older_ones_of_another_process_go_first(in_turn) -> None:
    older, newer = _begun(in_turn, "/turn")
    assert newer > older
    # The control: any other call is worked on as soon as its process has time.
    older, newer = _begun(in_turn, "/")
    assert newer < older


def test_what_was_loaded_is_not_looked_through_for_garbage(in_turn) -> None:
    with urllib.request.urlopen(f"{in_turn.url}/", timeout=PATIENCE) as answer:
        assert int(answer.read().split()[2]) > 10_000


def test_nobody_waits_for_a_process_that_is_stuck_or_has_no_line() -> None:
    mine = Turns()
    theirs = copy.copy(mine)
    mine.here(1)
    theirs.here(2)
    now = time.monotonic()
    theirs.begin(now - 5, others_wait=True)
    mine.begin(now, others_wait=False)
    assert mine._older_waits(now - turns.AHEAD)
    assert not mine._older_waits(now - 6), "what came earlier itself"
    theirs._begun[2] = now - 1
    assert not mine._older_waits(now), "stuck for a second"
    theirs.begin(now - 5, others_wait=False)
    assert not mine._older_waits(now), "nobody else in line"
    begun = time.monotonic()
    theirs.begin(now - 5, others_wait=True)
    mine.begin(now, others_wait=True)
    mine.wait()
    assert turns.PATIENCE <= time.monotonic() - begun < PATIENCE
