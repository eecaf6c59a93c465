"""Giving others their turn: what takes long is done in bites, and between two of them the loop goes round.

A race of 20,000 is half a second of reading, telling and settling, and nobody who follows another race, or
asks whether the gateway lives, must wait for that.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

BITE = 32_768
"""How much is done at once, in bytes of messages: a millisecond or two. One message is never divided."""


async def give_way() -> None:
    """Let others have their turn."""
    await asyncio.sleep(0)


class Turns:
    """Counts what was done, and gives others their turn after each bite."""

    def __init__(self) -> None:
        self._done = 0

    async def after(self, size: int) -> None:
        """Count so many bytes as done."""
        self._done += size
        if self._done >= BITE:
            self._done = 0
            await give_way()


@contextmanager
def unswept() -> Iterator[None]:
    """Keep Python's collector of garbage from a block, and from what the block has made where it succeeds.

    It would go through all of a large race again and again, a quarter of a second each time. What was made
    is freed as ever when nobody has it any more.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
