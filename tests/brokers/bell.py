"""A named pipe that a child process writes to when it has got somewhere."""

import asyncio
import os
from pathlib import Path

WITHIN_S = 20


class Bell:
    """A bell for one child process to ring, by writing to `path`, and for one test to wait for."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    async def rung(self) -> None:
        """Wait until the bell rings, at most 20 s; it can be waited for once."""
        rang = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._descriptor, rang.set)
        try:
            async with asyncio.timeout(WITHIN_S):
                await rang.wait()
        finally:
            loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
