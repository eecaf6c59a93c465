"""How many events a second a peer handles, and what they take of the machine.

A peer first handles a tenth of the events, so that it is connected and warm. Then it is suspended while the
rest is published, and the clock runs from its going on until all that must come of it can be read.
"""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

from bench.offered import Offered, expected, of_job, warm_up
from bench.outputs import hold_against
from bench.peers.at_work import at_work
from bench.peers.job import Job, steps_of
from bench.peers.starting import Peer
from bench.taken import cpu_s, peak_mb
from streams.processing.messages import Stream

_OF_THE_STANDINGS: frozenset[Stream] = frozenset({"standings"})


@dataclass(frozen=True, slots=True)
class Speed:
    """What a run came to.

    Attributes:
        events: how many timing events the clock ran for.
        wall_s: seconds from the first of them to the last message that came of them.
        cpu_s: seconds of processor of the peer's process, until all was committed.
        peak_mb: the most memory that the process took.
    """

    events: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def per_s(self) -> float:
        """Events a second of the clock."""
        return self.events / self.wall_s

    @property
    def per_cpu_s(self) -> float:
        """Events a second of processor."""
        return self.events / self.cpu_s


async def speed(peer: Peer, job: Job, given: Offered, broker: str, folder: Path) -> Speed:
    """Let a peer do a job at full speed, and hold what it published against what must come of it.

    Raises:
        SlotritError: it published something else, or came to no end.
    """
    should = expected(job, given)
    counts = {
        stream: len(messages)
        for stream, messages in should.items()
        if peer.to_the_byte or stream in _OF_THE_STANDINGS
    }
    first = max(1, len(given.timing) // 10)
    read = [step.reads for step in steps_of(job)]
    async with at_work(peer, job, broker, folder) as working:
        process = working.start()
        await working.publish(warm_up(peer.warms_with))
        await working.committed(read)
        already = await working.published(counts)
        reference = of_job(job, given)
        if reference:
            await working.publish(reference)
            await working.committed(["reference", "performances", "results"])
        await working.publish(given.timing[:first])
        await working.committed(read)
        working.send(signal.SIGSTOP)
        await working.publish(given.timing[first:])
        used = cpu_s(process.pid)
        began = time.perf_counter()
        working.send(signal.SIGCONT)
        all_of_it = {stream: already[stream] + count for stream, count in counts.items()}
        wall_s = await working.until_published(all_of_it) - began
        await working.committed(read)
        took = Speed(len(given.timing) - first, wall_s, cpu_s(process.pid) - used, peak_mb(process.pid))
        await hold_against(
            working.settings,
            {stream: should[stream] for stream in counts},
            bytes_of=frozenset(counts) if peer.to_the_byte else frozenset(),
            since=already,
        )
    return took
