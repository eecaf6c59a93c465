"""The books of the made-up season: records, personal bests, and a points table."""

import json
import random
from collections.abc import Iterator

from bench.chaos.arrival import Arrival
from bench.chaos.skaters import DISTANCES, SKATERS, Event, fast_ms, skater

_POINTS = (60, 54, 48, 43, 40, 38, 36, 34, 32, 31, 30, 29)


def books(seed: int) -> Iterator[Arrival]:
    """List the records of every distance, personal bests of half the skaters, and a points table."""
    rng = random.Random(f"books {seed}")  # noqa: S311 - a seed must repeat it
    yield _reference(
        "chaos-points", {"type": "points_table.listed", "name": "chaos-points", "points": _POINTS}
    )
    for gender in "MW":
        for distance_m in DISTANCES:
            discipline, known_ms = f"{gender}{distance_m}", int(fast_ms(gender, distance_m))
            for kind, scope, per_mille in (("WR", None, 985), ("NR", "NED", 992), ("TR", "rink-1", 995)):
                yield _listed(kind, discipline, scope, known_ms * per_mille // 1000, skater(gender, 0))
            for number in range(0, SKATERS, 2):
                holder = skater(gender, number)
                best_ms = known_ms * rng.randint(1000, 1060) // 1000
                yield _listed("PB", discipline, holder["id"], best_ms, holder)


def _listed(kind: str, discipline: str, scope: str | None, time_ms: int, holder: Event) -> Arrival:
    event = {"type": "record.listed", "kind": kind, "discipline": discipline, "time_ms": time_ms}
    event |= {"holder": holder, "set_on": "2029-03-01", **({} if scope is None else {"scope": scope})}
    return _reference(f"{kind}/{discipline}/{scope or ''}", event)


def _reference(key: str, event: Event) -> Arrival:
    return Arrival("reference", key.encode(), json.dumps(event).encode())
