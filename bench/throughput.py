"""Events per second: of the sport alone, of all steps in memory, and of one worker on Apache Kafka.

    python -m bench.throughput [COPIES]

The same events each time, COPIES (default 3) times a World Cup weekend. Broker, worker and this program share
the machine, so the figures are good for ratios within one run and for nothing else.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load import copies
from schemas.timing import TIMING
from streams.brokers import running
from streams.event_files import Line
from streams.processing.pipeline import Pipeline
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from streams.skating.sheet import everybody, sheet
from tests.kafka.meeting import meeting


def sport_alone(lines: Sequence[Line]) -> float:
    """Fold every event and draw up the sheet after it; seconds."""
    began = time.perf_counter()
    races: dict[str, Race] = {}
    for line in lines:
        event = TIMING.validate_json(line.value)
        race = fold(races.get(event.race_id), event)
        if not isinstance(race, Refused):
            races[event.race_id] = race
            sheet(race, everybody(race))
    return time.perf_counter() - began


def in_memory(lines: Sequence[Line]) -> float:
    """Put every event through all steps, down to the bytes that would be published; seconds."""
    pipeline = Pipeline(openings=False)
    began = time.perf_counter()
    for line in lines:
        for _ in pipeline.feed(line.stream, line.key, line.value):
            pass
    return time.perf_counter() - began


async def on_kafka(reference: Sequence[Line], timing: Sequence[Line]) -> float:
    """Have everything waiting on a broker, then start counting with a worker's first commit; seconds."""
    with TemporaryDirectory() as folder:
        async with running("apache") as broker, meeting(broker.address, Path(folder) / "worker.log") as held:
            held.start_worker()
            await held.publish(reference)
            await held.done("reference", "performances")
            began = time.perf_counter()
            await held.publish(timing)
            await held.all_done()
            return time.perf_counter() - began


def main() -> None:
    """Measure and print a table."""
    lines = list(copies(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
    reference = [line for line in lines if line.stream == "reference"]
    timing = [line for line in lines if line.stream == "timing"]
    took = {
        "the sport alone: parse, fold, sheet": sport_alone(timing),
        "all steps in memory, to the bytes": in_memory(lines),
        "one worker on Apache Kafka": asyncio.run(on_kafka(reference, timing)),
    }
    fastest = min(took.values())
    print(f"{len(timing)} timing events")
    for name, seconds in took.items():
        print(f"{name:<38} {len(timing) / seconds:>8.0f} events/s   {fastest / seconds:.2f} of the fastest")


if __name__ == "__main__":
    main()
