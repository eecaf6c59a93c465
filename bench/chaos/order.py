"""What a run is told to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.chaos.arrival import Arrival
from bench.chaos.books import books
from bench.chaos.plan import SESSION_S, Fault
from bench.chaos.season import season
from streams.event_files import Line

SLOWEST_S = 18.0
"""The longest that a fault of any kind took in a full run, on two processors (half of them took 8 s)."""
_BUSY = 4
"""How much slower it may go where the machine has other things to do."""
RECOVERED_WITHIN_S = SESSION_S + _BUSY * (SLOWEST_S - SESSION_S)
"""How many seconds after its end a fault must have been got over: the session, in which nobody can know that
somebody is gone, is as long on any machine; what comes after it (the group, a worker that starts, rows that
are read back, what has piled up) is work, and may be four times as slow as was measured."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to run.

    Attributes:
        seed: decides season and plan.
        events: how many events to generate besides the fixtures'.
        workers: how many workers there are in the beginning.
        per_s: how many events are published a second at most.
        concurrent: how many races go on at once.
        partitions: of every topic.
        plan: what goes wrong, at least one fault.
        fixtures: events of recorded races that are run as well.
        within_s: how many seconds after its end a fault may take before it counts as not got over.
    """

    seed: int
    events: int
    workers: int
    per_s: float
    plan: Sequence[Fault]
    concurrent: int = 20
    partitions: int = 4
    fixtures: Sequence[Line] = ()
    within_s: float = RECOVERED_WITHIN_S

    @property
    def timing(self) -> int:
        """How many events there are in all."""
        return self.events + sum(line.stream == "timing" for line in self.fixtures)

    def everything(self) -> Iterator[Arrival]:
        """Give the reference events, then the timing events."""
        yield from self.books()
        yield from self.season()

    def books(self) -> Iterator[Arrival]:
        """Give the reference events."""
        yield from books(self.seed)
        for line in self.fixtures:
            if line.stream == "reference":
                yield Arrival("reference", line.key, line.value)

    def season(self) -> Iterator[Arrival]:
        """Give the timing events, the same each time."""
        return season(self.seed, self.events, self.concurrent, self.fixtures, in_parts=True)

    def allowed(self, begun: int) -> float:
        """Tell how many events may be published when so many faults have begun.

        Where recovery takes longer than the plan thought, later faults would otherwise meet workers that have
        nothing to do any more.
        """
        return self.timing * (begun + 1) / (len(self.plan) + 1)
