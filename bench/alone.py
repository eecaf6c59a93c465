"""What the steps alone take of the processor: the events of a comparison, in memory, to the bytes.

    python -m bench.alone [--job everything] [--events 2000] [--manner worker]

There is no broker and no client: the bytes of an event go in, those of all messages and rows come out. It is
a process of its own, as a peer is, and like a peer it handles the books and a tenth of the events first; the
rest counts. Prints how many seconds of processor an event takes.

In the manner of a worker it leaves alone what its start has made, looks for cycles seldom and lets its
threads switch often (`_waste_no_time` in `streams/app.py`); in Python's it has what Python begins with.
"""

import argparse
import asyncio
import sys
from time import process_time
from typing import Literal

from bench.offered import Offered, of_job, offered
from bench.peers.job import JOBS, ONLY, Job
from streams import app
from streams.errors import SlotritError
from streams.processing.pipeline import Pipeline

Manner = Literal["worker", "python"]
MANNERS: tuple[Manner, ...] = ("worker", "python")


async def alone(job: Job, events: int, manner: Manner) -> float:
    """Measure in another process; give seconds of processor an event.

    Raises:
        SlotritError: that process failed.
    """
    command = ["-m", "bench.alone", "--job", job, "--events", str(events), "--manner", manner]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, wrong = await process.communicate()
    if process.returncode != 0:
        raise SlotritError(f"the steps alone failed: {wrong.decode()[-2000:]}")
    return float(said)


def _seconds_an_event(job: Job, given: Offered, manner: Manner) -> float:
    first = max(1, len(given.timing) // 10)
    pipeline = Pipeline(openings=False, only=ONLY[job])
    if manner == "worker":
        app._waste_no_time()  # noqa: SLF001 - the very thing that is to be measured
    for arrivals in ((*of_job(job, given), *given.timing[:first]), given.timing[first:]):
        began = process_time()
        for arrival in arrivals:
            for _ in pipeline.feed(arrival.stream, arrival.key, arrival.value):
                pass
        took = process_time() - began
    return took / (len(given.timing) - first)


def main() -> None:
    """Measure here, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.alone", description=__doc__)
    parser.add_argument("--job", choices=JOBS, default="everything")
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--manner", choices=MANNERS, default="worker")
    told = parser.parse_args()
    print(_seconds_an_event(told.job, offered(told.events), told.manner))


if __name__ == "__main__":
    main()
