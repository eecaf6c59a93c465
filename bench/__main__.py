"""`make bench`: all figures in one run, printed; where nothing is left out, written to docs/benchmarks.md."""

import argparse
import asyncio
import shlex
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.aims import costs
from bench.alone import MANNERS, alone
from bench.compare import compared, table, warm
from bench.core import measured
from bench.machine import described
from bench.offered import offered
from bench.page import Figures, page
from bench.peers.job import JOBS
from bench.peers.starting import PEERS
from bench.rounds import delays_of, recoveries_of, workers_of
from streams.broker_connection import quiet_client
from streams.brokers import BrokerError, running
from streams.errors import SlotritError

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PARTS = ("core", *JOBS, "delay", "workers", "recovery")
ROUNDS, EVENTS, REMEMBERED = 5, 2000, "100000,1000000"
"""What the page has; of less a run is a quick look."""


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"of which medians are told (default {ROUNDS})"
    )
    parser.add_argument(
        "--events", type=int, default=EVENTS, help=f"timing events of a run (default {EVENTS})"
    )
    parser.add_argument(
        "--remembered", default=REMEMBERED, help=f"events to remember at a kill (default {REMEMBERED})"
    )
    parser.add_argument("--peers", default=",".join(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--out", type=Path, help="the page (default docs/benchmarks.md, and none where that has more)"
    )
    told = parser.parse_args()
    if told.out is None and is_whole(told):
        told.out = PAGE
    told.peers, told.parts = told.peers.split(","), told.parts.split(",")
    told.remembered = [int(each) for each in told.remembered.split(",")]
    if told.rounds < 1 or told.events < 100 or not {*told.peers} <= {*PEERS} or not {*told.parts} <= {*PARTS}:
        parser.error("--rounds must be at least 1, --events at least 100, --peers and --parts known ones")
    return told


def is_whole(told: argparse.Namespace) -> bool:
    """Say whether a run has all that the page has; a quick look does not take its place."""
    return bool(
        told.rounds >= ROUNDS
        and told.events >= EVENTS
        and told.remembered == REMEMBERED
        and {*PEERS} <= {*told.peers.split(",")}
        and {*PARTS} <= {*told.parts.split(",")}
    )


def expected_min(rounds: int, events: int) -> float:
    """Say how many minutes a whole run takes, roughly, on two cores."""
    return 5 + rounds * (3 + events / 2500)


async def _measure(told: argparse.Namespace, figures: Figures) -> None:
    lacking = {name: PEERS[name].lacks() for name in told.peers}
    able = [name for name, lacks in lacking.items() if lacks is None]
    missing = [f"- {PEERS[name].title} is left out: {why}" for name, why in lacking.items() if why]
    figures.machine = described() + missing
    for line in missing:
        _say(line)
    if "core" in told.parts:
        figures.core = measured()
        _say("core: done")
        if "everything" not in told.parts:
            steps = {
                manner: [await alone("everything", told.events, manner) for _ in range(told.rounds)]
                for manner in MANNERS
            }
            figures.costs["everything"] = costs({}, steps)
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        async with running("apache", say=_say) as broker:
            at = broker.address
            given = offered(told.events)
            await warm(given, at, folder)
            for job in JOBS:
                if job in told.parts:
                    names = [each for each in able if job in PEERS[each].jobs]
                    runs, took = await compared(job, names, given, told.rounds, at, folder, _say)
                    figures.jobs[job], figures.costs[job] = table(runs), took
            if "delay" in told.parts:
                figures.delays = await delays_of(able, told.rounds, at, folder, _say)
            if "workers" in told.parts:
                figures.workers = await workers_of(told.events, told.rounds, at, folder, _say)
            if "recovery" in told.parts:
                failed: list[str] = []
                figures.recoveries = await recoveries_of(
                    told.remembered, told.rounds, at, folder, _say, failed
                )
                ended = "one worker ended by itself"
                if len(failed) != 1:
                    ended = f"{len(failed)} workers ended by themselves"
                figures.machine.append(f"- In the measurements of kills, {ended}")


def main() -> int:
    """Measure all, and write the page; nothing is written where a peer published what it should not."""
    told = _arguments()
    if not Path("/proc/self/stat").exists():
        print("bench: processor time and memory are read from /proc: run it on Linux", file=sys.stderr)
        return 1
    _say(f"this takes some {expected_min(told.rounds, told.events):.0f} minutes where nothing else runs")
    figures = Figures(shlex.join(["python", "-m", "bench", *sys.argv[1:]]), told.rounds, told.events)
    began = time.monotonic()
    try:
        with quiet_client():
            asyncio.run(_measure(told, figures))
    except (SlotritError, BrokerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    text = page(figures, (time.monotonic() - began) / 60)
    print(text)
    if told.out is None:
        _say("this was a quick look, and docs/benchmarks.md is as it was; --out FILE writes one")
    else:
        told.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
