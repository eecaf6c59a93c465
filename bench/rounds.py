"""Every measurement round after round, so that a noisy minute hits all alike, and the medians of it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.compare import in_turn
from bench.delay import PACES, Delay, delays, needed
from bench.offered import offered
from bench.peers.at_work import PeerFailedError
from bench.peers.starting import PEERS
from bench.recovery import Recovery, recovery
from bench.remembered import Row, rows
from bench.workers import Shared, several

WORKERS = (1, 2, 3, 4)
_MOST_FAILED = 5
_LARGE = 500_000
"""With so many events of state one kill is told and no median."""

Say = Callable[[str], None]


async def delays_of(
    names: Sequence[str], rounds: int, broker: str, folder: Path, say: Say
) -> dict[str, dict[int, Delay | None]]:
    """Measure the delay of every peer at every pace; None where it fell behind in any round.

    Raises:
        SlotritError: a peer ended.
    """
    given = offered(needed())
    runs: dict[str, list[dict[int, Delay | None]]] = {name: [] for name in names}
    for number in range(rounds):
        for name in in_turn(names, number):
            took = await delays(PEERS[name], "standings", given, broker, folder)
            runs[name].append(took)
            told = ", ".join(
                f"{per_s}/s {'behind' if each is None else f'{each.p50_ms:.0f} ms'}"
                for per_s, each in took.items()
            )
            say(f"delay, round {number + 1}: {PEERS[name].title} {told}")
    return {
        name: {per_s: _middle([run[per_s] for run in some]) for per_s, _ in PACES}
        for name, some in runs.items()
    }


def _middle(some: Sequence[Delay | None]) -> Delay | None:
    told = [each for each in some if each is not None]
    if len(told) < len(some):
        return None
    return Delay(median(each.p50_ms for each in told), median(each.p99_ms for each in told))


async def workers_of(
    events: int, rounds: int, broker: str, folder: Path, say: Say
) -> Mapping[int, Sequence[Shared]]:
    """Measure one to four workers.

    Raises:
        SlotritError: they published something else than they should.
    """
    given = offered(events)
    runs: dict[int, list[Shared]] = {count: [] for count in WORKERS}
    for number in range(rounds):
        for count, some in runs.items():
            some.append(await several(count, given, broker, folder))
            say(f"workers, round {number + 1}: {count} at {some[-1].speed.per_s:.0f} events/s")
    return runs


async def recoveries_of(
    sizes: Sequence[int], rounds: int, broker: str, folder: Path, say: Say, failed: list[str]
) -> Mapping[int, Sequence[Recovery]]:
    """Kill a worker that remembers nothing, and with each number of events; where those are many, once.

    Raises:
        SlotritError: its races stood still for five minutes, or workers ended five times.
    """
    known = rows()
    runs: dict[int, list[Recovery]] = {size: [] for size in (0, *sizes)}
    for number in range(rounds):
        for size, some in runs.items():
            if number == 0 or size < _LARGE:
                some.append(await _recovered(known, size, broker, folder, failed))
                say(f"recovery, round {number + 1}: {size} events, {some[-1].stood_still_s:.1f} s")
    return runs


async def _recovered(known: list[Row], size: int, broker: str, folder: Path, failed: list[str]) -> Recovery:
    """Kill a worker; where one ended before or after by itself, say so and begin anew."""
    while True:
        try:
            return await recovery(known, size, broker, folder)
        except PeerFailedError as error:
            failed.append(str(error))
            if len(failed) >= _MOST_FAILED:
                raise
