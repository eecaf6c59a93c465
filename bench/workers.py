"""One to four of our workers on the same events, which lie in four partitions.

Like `bench/speed.py`: all are suspended while the events are published, and the clock runs from their going
on. With several partitions the order of races is not given, so standings and podium are compared, value by
value for each race, and of the rest it is counted whether it is there.
"""

import signal
import time
from collections.abc import Iterable
from pathlib import Path

from bench.offered import Offered, expected, of_job
from bench.outputs import read
from bench.peers.at_work import AtWork, at_work
from bench.peers.job import steps_of
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
_BY_RACE: tuple[Stream, ...] = ("standings", "podium")


async def several(count: int, given: Offered, broker: str, folder: Path) -> Speed:
    """Let so many workers do everything at full speed; memory is that of the one which took most.

    Raises:
        SlotritError: they published something else than they should, or came to no end.
    """
    should = expected("everything", given)
    counts = {stream: len(should[stream]) for stream in _SURE}
    steps = [step.reads for step in steps_of("everything")]
    first = max(1, len(given.timing) // 10)
    async with at_work(
        PEERS["ours"], "everything", broker, folder, partitions=PARTITIONS, session_s=SESSION_S
    ) as working:
        for _ in range(count):
            working.start()
        await working.publish(of_job("everything", given))
        await working.committed(["reference", "performances", "results"])
        await working.joined(count)
        await working.publish(given.timing[:first])
        await working.committed(steps)
        working.send(signal.SIGSTOP)
        await working.publish(given.timing[first:])
        used = _cpu_s(working)
        began = time.perf_counter()
        working.send(signal.SIGCONT)
        wall_s = await working.until_published(counts) - began
        await working.committed(steps)
        peak = max(peak_mb(process.pid) for process in working.processes)
        took = Speed(len(given.timing) - first, wall_s, _cpu_s(working) - used, peak)
        for stream in _BY_RACE:
            found = await read(working.settings, stream)
            if _by_race((key, value) for key, value, _ in found) != _of(should[stream]):
                raise SlotritError(f"{count} workers published other {stream} than they should")
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
