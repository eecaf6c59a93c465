"""What the log of one partition tells of repetitions: harmless ones, and older truths over newer ones.

A message that is said again is a repetition: the same identity, the same bytes. After a crash the next worker
says some versions of a race again, in order, until it is where the one before it was. That is what at least
once means, and it ends with the newest version. It is another matter where the next new version comes while
an older one stands last, or where the log ends with an older one: then somebody who had been left behind
spoke over the others, and whoever read the compacted topic in between was told an older truth.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
        stream: what lies in it.
        again_at_ms: when something was said again.
        conflicts: identities under which there were two contents.
        older: older versions over newer ones.
    """

    stream: Stream
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


def version_of(value: bytes) -> int:
    """Read the version out of a message of ours without reading all of it; it stands near the beginning.

    Raises:
        ValueError: there is none.
    """
    begin = value.index(b'"version":') + len(b'"version":')
    end = begin
    while value[end : end + 1].isdigit():
        end += 1
    return int(value[begin:end])


def by_fault(moments: Iterable[int], begins_ms: Sequence[int]) -> Counter[int]:
    """Count moments by the fault that was the last to begin before them; -1 for before any."""
    counted: Counter[int] = Counter()
    for at_ms in moments:
        counted[sum(begin <= at_ms for begin in begins_ms) - 1] += 1
    return counted
