"""Memory and time of very many races with one event each, through all steps in memory.

    python -m bench.many_races [RACES …]

Prints a line of JSON for each number of RACES (default 10000, 100000, 1000000), on the way to the largest: MB
over what the program takes with nothing in it, and events per second since the number before.
"""

import gc
import json
import sys
import time

from bench.taken import memory_mb
from streams.processing.pipeline import Pipeline
from tests.skating.a_race import raw, scheduled

DISCIPLINES = tuple(
    gender + metres for metres in ("500", "1000", "1500", "3000", "5000", "10000") for gender in "MW"
)


def main() -> None:
    """Schedule races and print what they take."""
    steps = sorted(int(count) for count in sys.argv[1:]) or [10_000, 100_000, 1_000_000]
    pipeline = Pipeline(openings=False)
    nothing, races, dead = memory_mb(), 0, 0
    for count in steps:
        began, first = time.perf_counter(), races
        for number in range(first, count):
            races += 1
            discipline = DISCIPLINES[number % len(DISCIPLINES)]
            race_id = f"meeting-{number // len(DISCIPLINES)}/{discipline}/A"
            pairs = f"skater-{number % 997} skater-{number % 991}x", f"skater-{number % 983}y -"
            event = raw(scheduled(*pairs, race_id=race_id))
            dead += sum(
                each.stream == "dead-letters" for each in pipeline.feed("timing", race_id.encode(), event)
            )
        took = time.perf_counter() - began
        gc.collect()
        told = {
            "races": races,
            "memory_mb": round(memory_mb() - nothing, 1),
            "events_per_s": round((races - first) / took) if took else 0,
            "dead_letters": dead,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
