"""What must hold in the end, found out from logs alone.

A message that is said again is a repetition: the same identity, the same bytes. After a crash the next worker
says some versions of a race again, in order, until it is where the one before it was. That is what at least
once means, and it ends with the newest version. It is another matter where the next new version comes while
an older one stands last, or where the log ends with an older one: then somebody who had been left behind
spoke over the others, and whoever read the compacted topic in between was told an older truth.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.expected import LAST, Truth
from streams.processing.messages import Stream


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a log, as little of it as is needed.

    `digest` stands for key, value and headers, `at_ms` is when the broker took it, `version` None where it
    has none.
    """

    stream: Stream
    key: bytes | None
    identity: bytes
    digest: bytes
    version: int | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Older:
    """An older version that was published at `at_ms` and stood over a newer one until a yet newer came.

    `until_ms` is when that was, in milliseconds since 1970 like `at_ms`; None where none ever came.
    """

    stream: Stream
    key: bytes | None
    version: int
    newer: int
    at_ms: int
    until_ms: int | None

    def __str__(self) -> str:
        """Say it in one line."""
        until = "at the end" if self.until_ms is None else f"for {self.until_ms - self.at_ms} ms"
        return f"{self.stream} {(self.key or b'').decode()}: {self.version} stood over {self.newer} {until}"


@dataclass(slots=True)
class Log:
    """What is found in one partition of an output, message by message.

    Attributes:
        again_at_ms: when something was said again.
        conflicts: identities under which there were two contents.
        older: older versions over newer ones.
    """

    again_at_ms: list[int] = field(default_factory=list)
    conflicts: list[bytes] = field(default_factory=list)
    older: list[Older] = field(default_factory=list)
    _seen: dict[bytes, bytes] = field(default_factory=dict)
    _newest: dict[bytes | None, int] = field(default_factory=dict)
    _latest: dict[bytes | None, Said] = field(default_factory=dict)

    def is_new(self, said: Said) -> bool:
        """Take in the next message; whether it is said for the first time."""
        self._follow(said)
        known = self._seen.get(said.identity)
        if known is None:
            self._seen[said.identity] = said.digest
            return True
        self.again_at_ms.append(said.at_ms)
        if known != said.digest:
            self.conflicts.append(said.identity)
        return False

    def _follow(self, said: Said) -> None:
        if said.version is None:
            return
        newest, latest = self._newest.get(said.key, said.version), self._latest.get(said.key)
        # The older one is noted with its own moment, which tells whose doing it was.
        if latest is not None and said.version > newest and (latest.version or 0) < newest:
            self.older.append(_older(latest, newest, said.at_ms))
        self._newest[said.key] = max(newest, said.version)
        self._latest[said.key] = said

    def end(self) -> None:
        """Hear that nothing more comes."""
        for key, latest in self._latest.items():
            if (latest.version or 0) < self._newest[key]:
                self.older.append(_older(latest, self._newest[key], None))


def _older(said: Said, newer: int, until_ms: int | None) -> Older:
    return Older(said.stream, said.key, said.version or 0, newer, said.at_ms, until_ms)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must hold, and what shows that it does not."""

    name: str
    broken: tuple[str, ...] = ()


def missing(expected: Truth, found: Truth) -> list[str]:
    """Name what should have been said and was not, or was said otherwise."""
    lost = []
    for (stream, key), wanted in expected.in_order.items():
        got = set(found.in_order.get((stream, key), ()))
        gone = [place for place, each in enumerate(wanted, start=1) if each not in got]
        lost += [f"{stream} {(key or b'').decode()}: message {place} of {len(wanted)}" for place in gone]
    lost += [f"pace {name.decode()}" for name in expected.pace if name not in found.pace]
    lost += [f"dead letter {reason.decode()}" for reason, _ in (expected.letters - found.letters).elements()]
    return lost


def promises(
    expected: Truth, found: Truth, logs: Sequence[Log], lag: int, stood: Iterable[str]
) -> list[Promise]:
    """Hold what was found against what was expected.

    Args:
        expected: what memory says.
        found: what was published.
        logs: of each partition of an output.
        lag: how many messages wait in the end.
        stood: the faults that were not got over, in words.
    """
    differ = [
        (stream, f"{stream} {(key or b'').decode()}")
        for stream, key in expected.in_order.keys() | found.in_order.keys()
        if expected.in_order.get((stream, key)) != found.in_order.get((stream, key))
    ]
    last = [
        f"{stream} {(key or b'').decode()}"
        for stream, key in expected.last.keys() | found.last.keys()
        if stream in LAST and expected.last.get((stream, key)) != found.last.get((stream, key))
    ]
    pace = [
        name.decode()
        for name in expected.pace.keys() | found.pace.keys()
        if expected.pace.get(name) != found.pace.get(name)
    ]
    boards = [
        name
        for name in expected.boards.keys() | found.boards.keys()
        if expected.boards.get(name) != found.boards.get(name)
    ]
    older = [each for log in logs for each in log.older]
    conflicts = [name.decode(errors="replace") for log in logs for name in log.conflicts]
    return [
        Promise(
            "brokers have every event that they acknowledged, once and in order",
            _told(name for stream, name in differ if stream == "timing"),
        ),
        Promise(
            "standings and podium of every race as in memory, to the byte",
            _told(name for stream, name in differ if stream not in {"timing", "field"}),
        ),
        Promise(
            "every front, row and part of races in parts as in memory, to the byte",
            _told(name for stream, name in differ if stream == "field"),
        ),
        Promise("no version missing", _told(missing(expected, found))),
        Promise("rankings and needs end as in memory", _told(last)),
        Promise("every pace as in memory", _told(pace)),
        Promise("boards end as in memory", _told(boards)),
        Promise("what is said twice is said in the same bytes", _told(conflicts)),
        Promise(
            "the log of every key ends with its newest version",
            _told(each for each in older if each.until_ms is None),
        ),
        Promise("no older version over a newer one", _told(older)),
        Promise("no unexplained dead letter", _told(_letters(expected, found))),
        Promise("every fault got over", _told(stood)),
        Promise("lag back to zero", () if lag == 0 else (f"{lag} messages wait",)),
    ]


def _letters(expected: Truth, found: Truth) -> list[str]:
    return [f"{reason.decode()}" for reason, _ in (found.letters - expected.letters).elements()] + [
        f"our own code failed: {bug.splitlines()[-1]}" for bug in expected.bugs
    ]


def _told(broken: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(str(each) for each in broken))


def by_fault(moments: Iterable[int], begins_ms: Sequence[int]) -> Counter[int]:
    """Count moments by the fault that was the last to begin before them; -1 for before any."""
    counted: Counter[int] = Counter()
    for at_ms in moments:
        counted[sum(begin <= at_ms for begin in begins_ms) - 1] += 1
    return counted
