"""What was aimed at, held against what was measured, in the same run and with its arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.alone import Manner
from bench.delay import Delay
from bench.peers.job import Job
from bench.peers.starting import PEERS
from bench.speed import Speed

MORE_THAN_QUIX = 1.5
"""So many times the events per second of processor of Quix Streams were aimed at."""

SLOWER_THAN_BARE = 1.5
"""And a 99th percentile of the delay of at most so many times that of the bare loop."""

_TITLES: Mapping[Job, str] = {"standings": "Standings only", "everything": "Everything"}
_STEPS_OF: Mapping[str, Manner] = {"ours": "worker", "quix": "python", "bare": "python"}
"""The peers that run our steps, and in which manner."""

Delays = Mapping[str, Mapping[int, Delay | None]]
"""By peer and events a second; None where it falls behind."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of processor an event in one job: of each peer with all it does, and of the steps alone."""

    peers: Mapping[str, float]
    alone: Mapping[Manner, float]


def costs(runs: Mapping[str, Sequence[Speed]], alone: Mapping[Manner, Sequence[float]]) -> Costs:
    """Take the medians of some rounds."""
    return Costs(
        {name: 1 / median(run.per_cpu_s for run in some) for name, some in runs.items()},
        {manner: median(some) for manner, some in alone.items()},
    )


def shares(jobs: Mapping[Job, Costs]) -> list[str]:
    """Draw up what of a peer's time the steps are; only of peers that run ours. Nothing without figures."""
    rows = [row for job, told in jobs.items() for row in _shares(job, told)]
    if not rows:
        return []
    return ["| | µs an event | steps alone | the rest | share of the steps |", "|---|--:|--:|--:|--:|", *rows]


def _shares(job: Job, told: Costs) -> Iterator[str]:
    for name, whole in told.peers.items():
        if name in _STEPS_OF:
            steps = told.alone[_STEPS_OF[name]]
            yield (
                f"| {_TITLES[job]}: {PEERS[name].title} | {whole * 1e6:,.0f} | {steps * 1e6:,.0f} "
                f"| {(whole - steps) * 1e6:,.0f} | {steps / whole:.0%} |"
            )


def verdicts(jobs: Mapping[Job, Costs], delays: Delays) -> list[str]:
    """Say of each aim whether it is met, as items of a list; of those that were not measured nothing."""
    speeds = [_speed(job, told) for job, told in jobs.items() if {"ours", "quix"} <= told.peers.keys()]
    if not {"ours", "bare"} <= delays.keys():
        return speeds
    paces = [_delay(pace, delays["ours"][pace], delays["bare"][pace]) for pace in delays["ours"]]
    return [*speeds, *paces]


def _speed(job: Job, told: Costs) -> str:
    ours, quix, steps = (
        cost * 1e6 for cost in (told.peers["ours"], told.peers["quix"], told.alone["worker"])
    )
    wanted, title = quix / MORE_THAN_QUIX, PEERS["quix"].title
    room = (
        f"That leaves {wanted - steps:,.0f} µs for reading, publishing, remembering and committing, and ours "
        f"takes {ours - steps:,.0f} for that."
    )
    if wanted < steps:
        room = (
            f"That is {steps - wanted:,.0f} µs less than they take: no foundation gets there with these "
            "steps, not even one that costs nothing."
        )
    return (
        f"- {_TITLES[job]}, {MORE_THAN_QUIX:g} times the events per second of processor of {title}: "
        f"**{_word(met=ours <= wanted)}**, it is {quix / ours:.2f} times. {title} takes "
        f"{quix:,.0f} µs an event, so {wanted:,.0f} µs would be needed, and the steps alone take "
        f"{steps:,.0f}. {room}"
    )


def _delay(per_s: int, ours: Delay | None, bare: Delay | None) -> str:
    aim = f"- At {per_s:,} events a second a p99 of at most {SLOWER_THAN_BARE:g} times that of the bare loop"
    if ours is None:
        too = " and so does the bare loop" if bare is None else ""
        return f"{aim}: **{_word(met=False)}**, ours falls behind{too}."
    if bare is None:
        return f"{aim}: **{_word(met=True)}**, the bare loop falls behind and ours does not."
    met = ours.p99_ms <= SLOWER_THAN_BARE * bare.p99_ms
    return (
        f"{aim}: **{_word(met=met)}**, it is {ours.p99_ms / bare.p99_ms:.2f} times: {ours.p99_ms:.1f} ms, "
        f"and {bare.p99_ms:.1f} of the bare loop."
    )


def _word(*, met: bool) -> str:
    return "met" if met else "missed"


def priced(told: Costs) -> str:
    """Say what the manner of a worker, in which the other peers in Python are not, brings the steps."""
    worker, python = (told.alone[manner] * 1e6 for manner in ("worker", "python"))
    less = (python - worker) / python
    return (
        "With the collector and the switch interval as Python has them, and the other peers in Python too, "
        f"the steps alone take {python:,.0f} µs an event of “everything” above; as a worker sets them "
        f"{worker:,.0f} µs, {abs(less):.1%} {'less' if less >= 0 else 'more'}."
    )
