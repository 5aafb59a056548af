"""The wish to stop, from Ctrl-C or SIGTERM: noted at once, followed between two steps."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):
    """Somebody asked to stop while Jiedui was still starting."""


class Wish:
    """How often a stop was asked for: once is a request, twice means at once."""

    def __init__(self) -> None:
        self.times = 0

    def follow(self) -> None:
        """Go no further with the start once a stop is asked for.

        :raises StopAsked: it is.
        """
        if self.times:
            raise StopAsked

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self.times += 1


@contextmanager
def listening() -> Iterator[Wish]:
    """Note the signals that ask to stop instead of ending at once."""
    wish = Wish()
    before = {number: signal.signal(number, wish.note) for number in _SIGNALS}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
