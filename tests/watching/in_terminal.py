"""Our command in a terminal of its own, with somebody at the keys."""

import codecs
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[2]
WITHIN_S = 30.0
LINES, COLUMNS = 24, 90
_IN_ITS_TERMINAL = (
    "import fcntl, termios; fcntl.ioctl(1, termios.TIOCSCTTY, 0); from streams.cli import main; main()"
)
_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A terminal in which a process of ours runs, and what it has shown.

    Attributes:
        process: the process; it leads a session, as one does that a window was opened for.
        settings: how the terminal was before it.
        raw: all that has been written to it.
        shown: what has been written since keys were pressed last, without colours and the like.
    """

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int, settings: list[Any]) -> None:
        self.process = process
        self.settings = settings
        self.raw = ""
        self.shown = ""
        self._keyboard = keyboard
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def settings_now(self) -> list[Any]:
        """Give the settings as they are."""
        return termios.tcgetattr(self._keyboard)

    def is_put_back(self) -> bool:
        """Say whether the terminal is as it was: its settings, its first screen, its cursor."""
        left = [self.raw.rfind(one) for one in ("\x1b[?1049l", "\x1b[?25h")]
        entered = [self.raw.rfind(one) for one in ("\x1b[?1049h", "\x1b[?25l")]
        return self.settings_now() == self.settings and min(left) > max(entered)

    def press(self, keys: str) -> None:
        """Press keys, and forget what was shown before."""
        self.shown = ""
        os.write(self._keyboard, keys.encode())

    def until(self, words: str) -> None:
        """Wait until something is shown."""
        self._read(lambda: words in self.shown, words)

    def until_over(self) -> int:
        """Wait until the process has ended; give its code."""
        self._read(lambda: self.process.poll() is not None, "the end")
        return self.process.wait()

    def _read(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not done():
            assert time.monotonic() < deadline, f"no sign of {what!r} in {self.shown[-3000:]}"
            self._read_on(0.05)
        self._read_on(0)

    def _read_on(self, wait_s: float) -> None:
        while select.select([self._keyboard], [], [], wait_s)[0]:
            told = self._decoder.decode(os.read(self._keyboard, 65536))
            self.raw += told
            self.shown = _STYLE.sub("", self.shown + told)
            wait_s = 0


@contextmanager
def in_terminal(*arguments: str, environment: Mapping[str, str], keys: bool = True) -> Iterator[Terminal]:
    """Run `slotrit` in a terminal for the length of a block.

    Args:
        arguments: of the command.
        environment: variables; none of ours are there otherwise.
        keys: whether standard input is the terminal, too.
    """
    keyboard, screen = pty.openpty()
    termios.tcsetwinsize(screen, (LINES, COLUMNS))
    settings = termios.tcgetattr(screen)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLOTRIT_")}
    process = subprocess.Popen(
        [sys.executable, "-c", _IN_ITS_TERMINAL, *arguments],
        stdin=screen if keys else subprocess.DEVNULL,
        stdout=screen,
        stderr=screen,
        start_new_session=True,
        env=kept | {"TERM": "xterm-256color", "PYTHONPATH": str(HOME), **environment},
    )
    try:
        yield Terminal(process, keyboard, settings)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)
        os.close(screen)
