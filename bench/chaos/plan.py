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

_LASTS_S: dict[Kind, tuple[float, float]] = {
    "freeze a worker": (SESSION_S + 3, SESSION_S + 8),
    "kill a broker": (3.0, 10.0),
    "fill a broker's disk": (3.0, 10.0),
    "refuse all writes": (3.0, 10.0),
}
REST_S = (12.0, 17.0)
"""From the end of one fault to the next, where it does not take longer to recover."""


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


def plan(
    seed: int, lasts_s: float, kinds: Sequence[Kind] = KINDS, rest_s: tuple[float, float] = REST_S
) -> tuple[Fault, ...]:
    """Fill so many seconds with faults, one after the other, every kind about as often as any other.

    Workers are added and removed by turns, so that there is always one more at most than in the beginning.

    Args:
        seed: decides everything.
        lasts_s: how long there are events; at least one fault of each kind is planned however short.
        kinds: what may go wrong.
        rest_s: how long it is quiet between two faults, from and to.
    """
    rng = random.Random(f"plan {seed}")  # noqa: S311 - a seed must repeat it
    faults: list[Fault] = []
    at_s = rng.uniform(*rest_s)
    while True:
        for kind in _round(rng, kinds):
            if at_s > lasts_s and len(faults) >= len(kinds):
                return tuple(faults)
            for_s = rng.uniform(*_LASTS_S[kind]) if kind in _LASTS_S else 0.0
            faults.append(Fault(round(at_s, 1), kind, rng.randrange(60), round(for_s, 1)))
            at_s += for_s + rng.uniform(*rest_s)


def _round(rng: random.Random, kinds: Sequence[Kind]) -> list[Kind]:
    """Shuffle the kinds once; what was added is removed later in the round."""
    mixed = rng.sample(list(kinds), len(kinds))
    if "add a worker" in mixed and "remove a worker" in mixed:
        first, second = sorted((mixed.index("add a worker"), mixed.index("remove a worker")))
        mixed[first], mixed[second] = "add a worker", "remove a worker"
    return mixed
