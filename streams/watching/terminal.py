"""Keys from the terminal, as they are pressed, and the terminal as it was whatever happens."""

import asyncio
import os
import signal
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from streams.watching.keys import keys, overdue

ESCAPE_S = 0.1
"""How long the rest of a key may take to come: a network may tear it apart, and nobody notices a wait."""
SUSPEND = "suspend"
"""What Ctrl-Z is as a key: whoever reads keys puts the terminal back before being stopped."""
READ_BYTES = 1024


def has_keys(source: TextIO) -> bool:
    """Say whether keys can be read: from a terminal, and in its foreground, else asking would stop us."""
    try:
        return source.isatty() and os.tcgetpgrp(source.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


@contextmanager
def pressed_keys(source: TextIO) -> Iterator[asyncio.Queue[str]]:
    """Read keys one by one for the length of a block, without echo, and leave the terminal as it was.

    Ctrl-C stays what it is.

    Args:
        source: a terminal, see `has_keys`.

    Yields:
        The keys by their names, see `keys.py`; and `SUSPEND`.
    """
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str]()
    reader = _Reader(source.fileno(), queue)
    before = termios.tcgetattr(source)
    try:
        tty.setcbreak(source, termios.TCSADRAIN)
        loop.add_signal_handler(signal.SIGTSTP, queue.put_nowait, SUSPEND)
        reader.start()
        yield queue
    finally:
        reader.stop()
        loop.remove_signal_handler(signal.SIGTSTP)
        # Not after draining: a terminal that is held by Ctrl-S would never let go. Gone is gone.
        with suppress(termios.error):
            termios.tcsetattr(source, termios.TCSANOW, before)


class _Reader:
    """Reads bytes when there are some, and waits a moment for the rest of a key."""

    def __init__(self, descriptor: int, queue: asyncio.Queue[str]) -> None:
        self._descriptor = descriptor
        self._queue = queue
        self._loop = asyncio.get_running_loop()
        self._rest = b""
        self._overdue: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._loop.add_reader(self._descriptor, self._readable)

    def stop(self) -> None:
        self._loop.remove_reader(self._descriptor)
        self._no_longer_due()

    def _readable(self) -> None:
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            # The terminal has been closed; without this we would be called for it for ever.
            self.stop()
            return
        self._no_longer_due()
        found, self._rest = keys(self._rest + data)
        self._tell(found)
        if self._rest:
            self._overdue = self._loop.call_later(ESCAPE_S, self._waited)

    def _waited(self) -> None:
        rest, self._rest = self._rest, b""
        self._tell(overdue(rest))

    def _no_longer_due(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _tell(self, found: list[str]) -> None:
        for key in found:
            self._queue.put_nowait(key)
