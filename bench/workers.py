"""One to four of our workers on the same events, which lie in four partitions.

Like `bench/speed.py`: all are suspended while the events are published, and the clock runs from their going
on. With several partitions the order of races is not given, so standings and podium are compared, value by
value for each race, and of the rest it is counted whether it is there.
"""

import asyncio
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.offered import Offered, expected, of_job
from bench.outputs import read
from bench.peers.at_work import AtWork, PeerFailedError, at_work
from bench.peers.starting import PEERS
from bench.speed import Speed
from bench.taken import cpu_s, peak_mb
from streams.errors import SlotritError
from streams.processing.messages import Published, Stream

PARTITIONS = 4
SESSION_S = 12.0
"""Workers that come wait for a sixth of it until the others have heard."""
_SURE: tuple[Stream, ...] = ("standings", "podium", "pace", "performances", "results")
"""What there is as much of, however races interleave."""
_READ: tuple[Stream, ...] = ("reference", "timing", "performances", "results")
_WARM_WITHIN_S, _TRIES = 60.0, 5
_BY_RACE: tuple[Stream, ...] = ("standings", "podium")


@dataclass(frozen=True, slots=True)
class Shared:
    """What several workers came to; `stalls` is how often they had to be started anew before."""

    speed: Speed
    stalls: int


async def several(count: int, given: Offered, broker: str, folder: Path) -> Shared:
    """Let so many workers do everything at full speed; memory is that of the one which took most.

    Raises:
        SlotritError: they published something else than they should, or did not come to work in five tries.
    """
    should = expected("everything", given)
    for stalls in range(_TRIES):
        async with at_work(
            PEERS["ours"], "everything", broker, folder, partitions=PARTITIONS, session_s=SESSION_S
        ) as working:
            first = max(1, len(given.timing) // 10)
            try:
                async with asyncio.timeout(_WARM_WITHIN_S):
                    await _warm(working, count, given, first)
            except (TimeoutError, PeerFailedError):
                continue
            return Shared(await _at_speed(working, given, first, should), stalls)
    raise SlotritError(f"{count} workers left partitions unread for {_WARM_WITHIN_S:g} s, {_TRIES} times")


async def _warm(working: AtWork, count: int, given: Offered, first: int) -> None:
    """Start workers one after the other, and let them share the first events."""
    for number in range(1, count + 1):
        working.start()
        await working.joined(number)
    await working.publish(of_job("everything", given))
    await working.committed(["reference", "performances", "results"])
    await working.publish(given.timing[:first])
    await working.committed(_READ)


async def _at_speed(
    working: AtWork, given: Offered, first: int, should: Mapping[Stream, list[Published]]
) -> Speed:
    counts = {stream: len(should[stream]) for stream in _SURE}
    working.send(signal.SIGSTOP)
    await working.publish(given.timing[first:])
    used = _cpu_s(working)
    began = time.perf_counter()
    working.send(signal.SIGCONT)
    wall_s = await working.until_published(counts) - began
    await working.committed(_READ)
    peak = max(peak_mb(process.pid) for process in working.processes)
    took = Speed(len(given.timing) - first, wall_s, _cpu_s(working) - used, peak)
    for stream in _BY_RACE:
        found = await read(working.settings, stream)
        if _by_race((key, value) for key, value, _ in found) != _of(should[stream]):
            raise SlotritError(f"workers published other {stream} than they should")
    return took


def _cpu_s(working: AtWork) -> float:
    return sum(cpu_s(process.pid) for process in working.processes)


def _of(messages: list[Published]) -> dict[bytes | None, list[bytes]]:
    return _by_race((each.key, each.value) for each in messages)


def _by_race(messages: Iterable[tuple[bytes | None, bytes]]) -> dict[bytes | None, list[bytes]]:
    found: dict[bytes | None, list[bytes]] = {}
    for key, value in messages:
        found.setdefault(key, []).append(value)
    return found
