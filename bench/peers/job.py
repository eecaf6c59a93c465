"""What every peer is told, and which steps a job has."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from streams.processing.pipeline import steps
from streams.processing.step import Step

Job = Literal["standings", "everything"]
JOBS: tuple[Job, ...] = ("standings", "everything")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer works.

    Attributes:
        broker: HOST:PORT.
        prefix: what stands before every topic's name.
        group: the consumer group.
        partitions: how many each topic has.
        session_s: after how many seconds without a sign of life the group goes on without it.
        job: which steps it runs.
        batch_bytes: how much it sends to a partition at once, as a worker does.
        largest_bytes: the largest message that our topics take.
        commit_every_s: how often it commits, if by the clock, as a worker does.
        state: a folder of its own; who keeps nothing on disk leaves it empty.
    """

    broker: str
    prefix: str
    group: str
    partitions: int
    session_s: float
    job: Job
    batch_bytes: int
    largest_bytes: int
    commit_every_s: float
    state: str

    def arguments(self) -> list[str]:
        """Spell it as `told` reads it."""
        return [
            *("--broker", self.broker, "--prefix", self.prefix, "--group", self.group),
            *("--partitions", str(self.partitions), "--session-s", str(self.session_s)),
            *("--batch-bytes", str(self.batch_bytes), "--largest-bytes", str(self.largest_bytes)),
            *("--commit-every-s", str(self.commit_every_s)),
            *("--job", self.job, "--state", self.state),
        ]


def told() -> Place:
    """Read what this process was told on its command line."""
    parser = argparse.ArgumentParser()
    for name in ("broker", "prefix", "group", "state"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("partitions", "batch-bytes", "largest-bytes"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("session-s", "commit-every-s"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--job", choices=JOBS, required=True)
    return Place(**vars(parser.parse_args()))


ONLY: Mapping[Job, frozenset[str] | None] = {"standings": frozenset({"races"}), "everything": None}
"""The names of the steps of a job; None stands for all."""


def steps_of(job: Job) -> tuple[Step[Any], ...]:
    """Give the steps of a job, in the order in which messages flow."""
    only = ONLY[job]
    return tuple(step for step in steps(openings=False) if only is None or step.name in only)
