"""Whose turn it is among the processes of one server.

A process works on its requests in the order they came, but one that happens to have the easier
ones gets ahead of the others. Where something runs out that would be unfair: a call that asks for
it waits for a moment while another process still has older requests in its line.
"""

import multiprocessing
import threading
import time

#: How much older (s) another's request has to be; at 5,000 a second that is fifty of them.
AHEAD = 0.01
#: How long a call waits at most, and how often it looks. A process that is slow for reasons of its
#: own so holds up nobody for longer.
PATIENCE, _STEP = 0.1, 0.002
#: A process that has begun nothing for so long is stuck or gone: nobody waits for it.
_STUCK = 0.5


class Turns:
    """How far each process of a server is with its line, in memory they share.

    Moments are those of `time.monotonic`, which is one clock for all processes of a machine.
    """

    MOST = 64

    def __init__(self) -> None:
        # When the request came that was begun last, while others wait behind it; 0: nobody waits.
        self._came = multiprocessing.RawArray("d", self.MOST)
        self._begun = multiprocessing.RawArray("d", self.MOST)
        self._place = 0
        self._own = threading.local()

    def here(self, place: int) -> None:
        """This process has this place (its running number) from now on."""
        self._place = place % self.MOST

    def begin(self, came: float, *, others_wait: bool) -> None:
        """This thread begins on a request that came at that moment."""
        self._own.came = came
        self._begun[self._place] = time.monotonic()
        self._came[self._place] = came if others_wait else 0.0

    def wait(self) -> None:
        """Let what came earlier go first, as long as it moves; for `PATIENCE` at most.

        Does nothing for a thread that no process began a request in.
        """
        came = getattr(self._own, "came", 0.0)
        ends = time.monotonic() + PATIENCE
        while came and self._older_waits(came - AHEAD) and time.monotonic() < ends:
            time.sleep(_STEP)

    def _older_waits(self, than: float) -> bool:
        lines = self._came[:]
        # Nearly always nobody is so far behind; every call for a place asks.
        if min(filter(None, lines), default=than) >= than:
            return False
        alive = time.monotonic() - _STUCK
        return any(
            0.0 < came < than and begun > alive and place != self._place
            for place, (came, begun) in enumerate(zip(lines, self._begun[:], strict=True))
        )


turns = Turns()
