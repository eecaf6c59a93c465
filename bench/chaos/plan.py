"""What goes wrong, and when: a list of faults that a seed repeats."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "kill a worker",
    "stop a worker",
    "freeze a worker",
    "add a worker",
    "remove a worker",
    "kill a broker",
    "fill a broker's disk",
    "refuse all writes",
]

KINDS: tuple[Kind, ...] = (
    "kill a worker",
    "stop a worker",
    "freeze a worker",
    "add a worker",
    "remove a worker",
    "kill a broker",
    "fill a broker's disk",
    "refuse all writes",
)

SESSION_S = 6.0
"""After how many seconds without a sign of life a worker's races go to the others."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long things last, in seconds, from and to.

    Attributes:
        rest_s: from the end of one fault to the next, where it does not take longer to recover.
        away_s: for how long a broker is away, or full.
        asleep_s: for how long a worker is frozen, longer than its session in any case.
    """

    rest_s: tuple[float, float] = (12.0, 17.0)
    away_s: tuple[float, float] = (3.0, 10.0)
    asleep_s: tuple[float, float] = (SESSION_S + 3, SESSION_S + 8)

    def of(self, kind: Kind) -> tuple[float, float]:
        """Tell how long a fault of a kind lasts; nothing where it happens at once."""
        if kind == "freeze a worker":
            return self.asleep_s
        return self.away_s if kind in _OF_BROKERS else (0.0, 0.0)


_OF_BROKERS: frozenset[Kind] = frozenset({"kill a broker", "fill a broker's disk", "refuse all writes"})
WAITS = Waits()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        at_s: when, in seconds from the first event; later where the one before has not been got over.
        kind: what.
        target: which worker or broker, counted round among those there are.
        for_s: for how many seconds; 0 for what happens at once.
    """

    at_s: float
    kind: Kind
    target: int
    for_s: float


def plan(seed: int, lasts_s: float, kinds: Sequence[Kind] = KINDS, waits: Waits = WAITS) -> tuple[Fault, ...]:
    """Fill so many seconds with faults, one after the other, every kind about as often as any other.

    Workers are added and removed by turns, so that there is always one more at most than in the beginning.

    Args:
        seed: decides everything.
        lasts_s: how long there are events; at least one fault of each kind is planned however short.
        kinds: what may go wrong.
        waits: how long faults last, and how long it is quiet between them.
    """
    rng = random.Random(f"plan {seed}")  # noqa: S311 - a seed must repeat it
    faults: list[Fault] = []
    at_s = rng.uniform(*waits.rest_s)
    while True:
        for kind in _round(rng, kinds):
            if at_s > lasts_s and len(faults) >= len(kinds):
                return tuple(faults)
            shortest_s, longest_s = waits.of(kind)
            for_s = rng.uniform(shortest_s, longest_s) if longest_s else 0.0
            faults.append(Fault(round(at_s, 1), kind, rng.randrange(60), round(for_s, 1)))
            at_s += for_s + rng.uniform(*waits.rest_s)


def _round(rng: random.Random, kinds: Sequence[Kind]) -> list[Kind]:
    """Shuffle the kinds once; what was added is removed later in the round."""
    mixed = rng.sample(list(kinds), len(kinds))
    if "add a worker" in mixed and "remove a worker" in mixed:
        first, second = sorted((mixed.index("add a worker"), mixed.index("remove a worker")))
        mixed[first], mixed[second] = "add a worker", "remove a worker"
    return mixed
