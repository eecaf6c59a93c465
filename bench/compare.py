"""Our worker beside the same job on other foundations, at full speed.

    python -m bench.compare --job everything --peers ours,quix,bare --events 3000 --rounds 3

Runs Apache Kafka, and round after round every peer on the same events, one after the other, and the steps
alone; each round begins with another. Everything that is published is read back and must be right. Prints
medians; broker and peer share the machine, so the ratios count.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from bench.aims import Costs, costs, shares
from bench.alone import MANNERS, Manner, alone
from bench.offered import Offered, offered
from bench.peers.job import JOBS, Job
from bench.peers.starting import PEERS
from bench.speed import Speed, speed
from streams.broker_connection import quiet_client
from streams.brokers import running
from streams.errors import SlotritError

Runs = Mapping[str, Sequence[Speed]]
"""The runs of each peer, by its name in `PEERS`."""

_Name = TypeVar("_Name")


def in_turn(names: Sequence[_Name], number: int) -> list[_Name]:
    """Give the order of a round: the next one begins in each, and whoever began comes last in the next.

    Args:
        names: in the order of the first round.
        number: of the round, from 0.
    """
    first = number % len(names) if names else 0
    return [*names[first:], *names[:first]]


def able(names: Sequence[str], job: Job) -> list[str]:
    """Choose those peers that can do a job.

    Raises:
        SlotritError: one of them is not installed; says what to do.
    """
    for name in names:
        lacking = PEERS[name].lacks()
        if lacking is not None:
            raise SlotritError(f"{PEERS[name].title}: {lacking}, or leave it out: --peers")
    return [name for name in names if job in PEERS[name].jobs]


async def warm(given: Offered, broker: str, folder: Path) -> None:
    """Let the broker compile what it runs, before the first peer would pay for it; measures nothing.

    Raises:
        SlotritError: the loop around aiokafka published something else than it should.
    """
    for _ in range(2):
        await speed(PEERS["bare"], "everything", given, broker, folder)


async def compared(
    job: Job,
    names: Sequence[str],
    given: Offered,
    rounds: int,
    broker: str,
    folder: Path,
    say: Callable[[str], None],
) -> tuple[Runs, Costs]:
    """Run every peer, and the steps alone in every manner, once a round.

    Returns:
        All runs by peer, and the medians of what an event takes.

    Raises:
        SlotritError: one published something else than it should.
    """
    runs: dict[str, list[Speed]] = {name: [] for name in names}
    steps: dict[Manner, list[float]] = {manner: [] for manner in MANNERS}
    for number in range(rounds):
        for manner in in_turn(MANNERS, number):
            steps[manner].append(await alone(job, len(given.timing), manner))
            say(f"{job}, round {number + 1}: {1 / steps[manner][-1]:.0f} events/s by the steps alone")
        for name in in_turn(names, number):
            took = await speed(PEERS[name], job, given, broker, folder)
            runs[name].append(took)
            say(f"{job}, round {number + 1}: {PEERS[name].title} {took.per_s:.0f} events/s")
    return runs, costs(runs, steps)


def table(runs: Runs) -> list[str]:
    """Draw up the medians as lines of Markdown; the first peer is what the others are compared with."""
    lines = [
        "| | events/s | beside ours | events/s of processor | beside ours | peak memory, MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    first = next(iter(runs.values()))
    ours, ours_cpu = median(run.per_s for run in first), median(run.per_cpu_s for run in first)
    for name, some in runs.items():
        per_s, per_cpu_s = median(run.per_s for run in some), median(run.per_cpu_s for run in some)
        lines.append(
            f"| {PEERS[name].title} | {per_s:.0f} | {per_s / ours:.2f} | {per_cpu_s:.0f} "
            f"| {per_cpu_s / ours_cpu:.2f} | {median(run.peak_mb for run in some):.0f} |"
        )
    return lines


def _say(line: str) -> None:
    print(line, file=sys.stderr)


async def _main(told: argparse.Namespace) -> None:
    names = able(told.peers.split(","), told.job)
    given = offered(told.events)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with running("apache") as broker:
            await warm(given, broker.address, Path(folder))
            runs, took = await compared(
                told.job, names, given, told.rounds, broker.address, Path(folder), _say
            )
    print("\n".join([*table(runs), "", *shares({told.job: took})]))


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("--job", choices=JOBS, default="everything")
    parser.add_argument("--peers", default="ours,quix,bare", help=f"of {', '.join(PEERS)}; the first is 1.00")
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    try:
        with quiet_client():
            asyncio.run(_main(parser.parse_args()))
    except SlotritError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
