"""gunicorn's threaded worker, made for a rush and for live streams.

Seven things differ from `gthread`. A connection gets a thread once its request has arrived, not
while it is silent, so idle connections hold no thread. There are only as many threads as requests
that are to be worked on at once: hundreds that wait for each other would cost more than the work
(measured: docs/measurements.md). A live stream that begins is replaced by a fresh thread, so
streams take nothing away from requests. And a process that holds many more connections than another
lets that one go first, else connections that are kept open may all end up with one of them. And each
tells the others how far it is with its line, for calls that have to keep their turn. Garbage is
looked for only among what came after the start. A body that was read is not read once more.
"""

import gc
import multiprocessing
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers import gthread

from backend.http import streams
from backend.http.turns import turns

#: Who sends half a request and then nothing for so long is cut off.
SILENT_SECONDS = 15
#: How many connections are taken in before those at hand are looked at again.
_ACCEPT_AT_ONCE = 16

#: A process that holds so many more than another waits so long (s), then takes only so many: if
#: the other one is stuck, 800 a second still get in.
_LEAD, _AFTER_YOU, _ACCEPT_THEN = 4, 0.005, 4

_Job = tuple[float, Future[Any], Callable[..., Any], tuple[Any, ...]]


class Shares:
    """How many connections each process of a server holds, in memory they share."""

    MOST = 64
    _NOBODY = -1

    def __init__(self) -> None:
        self._held = multiprocessing.RawArray("i", [self._NOBODY] * self.MOST)

    def begin(self, place: int) -> None:
        """A process begins at this place (its running number)."""
        self._held[place % self.MOST] = 0

    def end(self, place: int) -> None:
        """That process is gone, however it ended."""
        self._held[place % self.MOST] = self._NOBODY

    def tell(self, place: int, count: int) -> None:
        """What this process holds now."""
        self._held[place % self.MOST] = count

    def least(self) -> int:
        """What the process with the fewest holds."""
        return min((count for count in self._held if count != self._NOBODY), default=0)


shares = Shares()


class Pool:
    """`threads` threads that work; one that says `lend()` is replaced and ends with its job."""

    def __init__(self, threads: int) -> None:
        self._size = threads
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._own = threading.local()
        for _ in range(threads):
            self._start()

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Let a thread call `work(*given)`."""
        future: Future[Any] = Future()
        self._jobs.put((time.monotonic(), future, work, given))
        return future

    def lend(self) -> None:
        """This thread will be busy for long: another takes its place now."""
        if getattr(self._own, "lent", True):
            return
        self._own.lent = True
        self._start()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let threads end after the jobs at hand; none of them keeps the process from ending."""
        for _ in range(self._size):
            self._jobs.put(None)

    def _start(self) -> None:
        threading.Thread(target=self._run, name="request", daemon=True).start()

    def _run(self) -> None:
        self._own.lent = False
        while not self._own.lent and (job := self._jobs.get()) is not None:
            came, future, work, given = job
            turns.begin(came, others_wait=not self._jobs.empty())
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = work(*given)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            # Nothing of a request may live on while its thread waits for the next one.
            del job, future, work, given


class Worker(gthread.ThreadWorker):  # type: ignore[misc]  # untyped upstream
    """See above. The queue of connections, keep-alive and stopping are gunicorn's."""

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """As gunicorn does, and tell the other processes what this one holds."""
        super().wait_for_and_dispatch_events(timeout)
        shares.tell(self.age, self.nr_conns)

    def run(self) -> None:
        """Work, without looking for garbage among what was loaded before.

        A full collection over all of it stops a process for a third of a second (measured while
        5,000 pressed at once); what is loaded stays until the process ends.
        """
        gc.collect()
        gc.freeze()
        super().run()

    def get_thread_pool(self) -> Pool:
        """Threads for requests only; streams bring their own."""
        turns.here(self.age)
        pool = Pool(self.cfg.threads)
        streams.on_begin(pool.lend)
        streams.watch(lambda: not self.alive)
        return pool

    def accept(self, listener: socket.socket) -> None:
        """Take in connections; those with a request to read are worked on in the order they came."""
        shares.tell(self.age, self.nr_conns)
        leads = self.nr_conns > shares.least() + _LEAD
        if leads:
            time.sleep(_AFTER_YOU)
        for _ in range(_ACCEPT_THEN if leads else _ACCEPT_AT_ONCE):
            try:
                client, address = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            self.nr_conns += 1
            span = struct.pack("ll", SILENT_SECONDS, 0)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)
            conn = gthread.TConn(self.cfg, client, address, listener.getsockname())
            if _silent(client):
                conn.timeout = time.monotonic() + self.cfg.keepalive
                self.pending_conns.append(conn)
                ready = partial(self.on_pending_socket_readable, conn)
                self.poller.register(client, EVENT_READ, ready)
            else:
                conn.data_ready = True
                self.enqueue_req(conn)
            if self.nr_conns >= self.worker_connections:
                return

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        # Nothing is left to be read where the answer needed the whole body: asking the socket
        # for more would change its mode twice and let another thread in each time.
        body = conn.parser.mesg.body
        if keepalive and getattr(body.reader, "length", None) == 0 and not body.buf.tell():
            return True
        return bool(super()._keepalive_after(conn, keepalive))

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Another request, or the end of the connection, which needs no thread."""
        if not _ended(client):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()


def _peek(client: socket.socket) -> bytes | None:
    """The first byte that waits to be read; empty at the end, None where nothing has come."""
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _silent(client: socket.socket) -> bool:
    return _peek(client) is None


def _ended(client: socket.socket) -> bool:
    return _peek(client) == b""
