"""A season that never was: races of all distances, with everything that operators and wires do to them.

Everything comes from the seed and nothing is kept: a season of any length is made while it is published, and
made again for the replay in memory.
"""

import json
import random
from collections.abc import Iterator, Sequence

from bench.chaos.arrival import Arrival
from bench.chaos.races import race
from bench.chaos.skaters import Event
from streams.event_files import Line

_IN_PARTS = 10
"""Every which race, from the first one on, is in parts."""


def season(
    seed: int, events: int, concurrent: int, fixtures: Sequence[Line] = (), *, in_parts: bool = False
) -> Iterator[Arrival]:
    """Give so many events of races of which `concurrent` go on at a time, and all timing of the fixtures.

    Args:
        seed: decides everything.
        events: how many to generate; the last races are cut off there.
        concurrent: how many races go on at once, at least 1.
        fixtures: timing events of recorded races, which are among the first to go on.
        in_parts: whether the sheet of every tenth race, of 40 to 60 skaters, is in parts, from the first on.
    """
    rng = random.Random(f"season {seed}")  # noqa: S311 - a seed must repeat it
    sources = _races(seed, fixtures, in_parts=in_parts)
    going = [next(sources) for _ in range(concurrent)]
    left = events
    told = len([line for line in fixtures if line.stream == "timing"])
    while left > 0 or told > 0:
        place = rng.randrange(len(going))
        is_fixture, going_on = going[place]
        arrival = next(going_on, None)
        if arrival is None:
            going[place] = next(sources)
        elif is_fixture:
            told -= 1
            yield arrival
        elif left > 0:
            left -= 1
            yield arrival
        else:
            going[place] = next(sources) if told > sum(1 for known, _ in going if known) else going[place]


def _races(
    seed: int, fixtures: Sequence[Line], *, in_parts: bool
) -> Iterator[tuple[bool, Iterator[Arrival]]]:
    """Give one race after the other: those of the fixtures, then made-up ones for ever."""
    by_race: dict[bytes | None, list[Arrival]] = {}
    for line in fixtures:
        if line.stream == "timing":
            by_race.setdefault(line.key, []).append(Arrival("timing", line.key, line.value))
    for recorded in by_race.values():
        yield True, iter(recorded)
    number = 0
    while True:
        rng = random.Random(f"race {seed} {number}")  # noqa: S311 - as above
        yield False, _arriving(rng, number, in_parts=in_parts and number % _IN_PARTS == 0)
        number += 1


def _arriving(rng: random.Random, number: int, *, in_parts: bool) -> Iterator[Arrival]:
    """Give a race as it arrives: most in order, some late, some twice, some as nobody can read it."""
    happened = list(race(rng, number, in_parts=in_parts))
    key = happened[0]["race_id"].encode()
    arriving: list[tuple[int, bytes]] = []
    for place, event in enumerate(happened):
        value = json.dumps(event, separators=(",", ":")).encode()
        late = place > 0 and rng.random() < 0.06
        arriving.append((place * 10 + (rng.randint(10, 60) if late else 0), value))
        if rng.random() < 0.05:
            arriving.append((place * 10 + rng.randint(1, 100), value))
        if place > 0 and rng.random() < 0.004:
            arriving.append((place * 10 + 1, _malformed(rng, event)))
    for _, value in sorted(arriving, key=lambda each: each[0]):
        yield Arrival("timing", key, value)


def _malformed(rng: random.Random, event: Event) -> bytes:
    broken = rng.choice(("cut", "type", "pair", "fast"))
    if broken == "cut":
        return json.dumps(event).encode()[: rng.randint(2, 40)]
    wrong: Event = {
        "type": {**event, "type": "pair.teleported"},
        "pair": {"type": "pair.called", **_of(event), "pair": 900 + rng.randint(0, 99)},
        "fast": {**event, "time_ms": -1, "type": "passing.recorded"},
    }[broken]
    return json.dumps(wrong).encode()


def _of(event: Event) -> Event:
    return {name: event[name] for name in ("race_id", "occurred_at", "source")}
