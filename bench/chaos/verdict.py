"""What must hold in the end: a table of checks, each of which names what shows that it does not.

Every message of every stream is held against what it follows from (`hearing` says how); numbers must have no
holes, whoever gave them; and what it all comes to is held against the same season in memory, run in another
order. What cannot be promised for a reason of nature is in `LIMITS`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.chaos.announced import differing
from bench.chaos.ends import Ends
from bench.chaos.hearing import IN_TURN, Hearing
from bench.chaos.log import Older
from bench.chaos.script import TROUBLES
from streams.processing.messages import Stream


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to judge.

    Attributes:
        heard: what was published.
        memory: what the season ends as in memory.
        lag: how many messages wait in the end.
        stood: the faults that were not got over, in words.
    """

    heard: Hearing
    memory: Ends
    lag: int = 0
    stood: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must hold, and what shows that it does not."""

    name: str
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one stream: how many messages were heard, what was wrong by kind, and how many were said again."""

    heard: int
    wrong: tuple[int, ...]
    again: int


Check = Callable[[Case], Iterable[Any]]

AGAINST: Mapping[Stream, str] = {
    "timing": "the season, race by race",
    "reference": "the books",
    "performances": "the events and books as they were read",
    "results": "the events and books as they were read",
    "standings": "the events as they were read",
    "field": "the events as they were read",
    "podium": "the events as they were read",
    "pace": "the performances as they were read",
    "records": "the performances as they were read",
    "rankings": "the results as they were read",
    "needs": "the performances and results as they were read",
    "dead-letters": "all that steps read",
}
"""What each stream is held against, to the byte and in order."""

LIMITS: tuple[str, ...] = (
    "An event has no identity: one that is altered counts as one lost and one invented.",
    "Events without a key lie in any partition: their order is not promised.",
    "Races of a discipline have no common order: which records are told on the way follows from the order in",
    "which performances lie; what they come to is held against memory.",
    "A near miss that is none any more is taken back by silence.",
)
"""What cannot be promised, for a reason of nature."""


def _of(stream: Stream) -> Check:
    return lambda case: (each for each in case.heard.script.findings if each.place.stream == stream)


def _unlike(name: str) -> Check:
    """Make the check that two dictionaries of `Ends` are the same."""

    def check(case: Case) -> Iterable[str]:
        told, there = getattr(case.heard.ends, name), getattr(case.memory, name)
        return [_named(each) for each in told.keys() | there.keys() if told.get(each) != there.get(each)]

    return check


def _named(place: Any) -> str:
    if isinstance(place, bytes):
        return place.decode(errors="replace")
    return place if isinstance(place, str) else " ".join(map(_named, filter(None, place)))


def _older(case: Case) -> list[Older]:
    return [each for log in case.heard.logs.values() for each in log.older]


def _older_in_the_end(case: Case) -> Iterable[Older]:
    return (each for each in _older(case) if each.until_ms is None)


def _records(case: Case) -> Iterable[str]:
    return differing(case.heard.ends.records, case.memory.records)


def _conflicts(case: Case) -> Iterable[str]:
    return (f"{log.stream} {_named(name)}" for log in case.heard.logs.values() for name in log.conflicts)


def _failures(case: Case) -> Iterable[str]:
    ends = (case.heard.ends, case.memory)
    return [bug.splitlines()[-1] for each in ends for bug in each.bugs]


CHECKS: tuple[tuple[str, Check], ...] = (
    *((f"{stream}: nothing lost, altered, invented or out of turn", _of(stream)) for stream in IN_TURN),
    ("every message is one of ours", lambda case: case.heard.ends.unreadable),
    ("the numbers of races, rankings and records have no hole", lambda case: case.heard.numbering.holes()),
    ("records announced come to those in memory", _records),
    ("boards as workers remember them end as in memory", _unlike("boards")),
    ("rankings and needs end as in memory", _unlike("last")),
    ("every pace as in memory, but for records", _unlike("pace")),
    ("what is said twice is said in the same bytes", _conflicts),
    ("the log of every key ends with its newest version", _older_in_the_end),
    ("no older version over a newer one", _older),
    ("our own code failed on nothing", _failures),
    ("every fault got over", lambda case: case.stood),
    ("lag back to zero", lambda case: [f"{case.lag} messages wait"] if case.lag else []),
)
"""What must hold, and what finds evidence that it does not."""


def promises(case: Case) -> list[Promise]:
    """Judge."""
    return [Promise(name, tuple(sorted(map(str, check(case))))) for name, check in CHECKS]


def counted(heard: Hearing) -> dict[Stream, Counted]:
    """Count by stream, in the order in which they follow from one another."""
    wrong = {(stream, trouble): 0 for stream in IN_TURN for trouble in TROUBLES}
    for each in heard.script.findings:
        wrong[each.place.stream, each.trouble] += 1
    again = dict.fromkeys(IN_TURN, 0)
    for log in heard.logs.values():
        again[log.stream] += len(log.again_at_ms)
    return {
        stream: Counted(
            heard.script.heard[stream], tuple(wrong[stream, trouble] for trouble in TROUBLES), again[stream]
        )
        for stream in IN_TURN
    }
