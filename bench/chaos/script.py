"""What is to be said, line by line, and what is heard of it: what was lost, altered, invented or out of turn.

Lines stand in one order only where one speaker says them in one place: those of one stream, partition and key
that follow from one partition of what was read. Between such places Kafka promises no order, nor do we.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal, NamedTuple

from streams.processing.messages import Header, Stream

Trouble = Literal["lost", "altered", "invented", "out of turn"]
TROUBLES: tuple[Trouble, ...] = ("lost", "altered", "invented", "out of turn")


class Place(NamedTuple):
    """Where lines stand in one order.

    `partition` is None where a message may lie in any, and then there is no order. `origin` names the topic
    and the partition that they follow from; it is empty for events.
    """

    stream: Stream
    partition: int | None
    key: bytes | None
    origin: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One line that was not heard as it is written. `identity` tells it from all others of its place."""

    trouble: Trouble
    place: Place
    identity: bytes

    def __str__(self) -> str:
        """Say it in one line."""
        key = (self.place.key or b"").decode(errors="replace")
        return f"{self.trouble}: {self.place.stream} {key}: {self.identity.decode(errors='replace')}"


@dataclass(slots=True)
class Script:
    """All lines, each of which is forgotten when it was heard.

    Attributes:
        findings: what was not as it is written.
        heard: how many lines of each stream were heard.
    """

    findings: list[Finding] = field(default_factory=list)
    heard: Counter[Stream] = field(default_factory=Counter)
    _to_come: dict[Place, OrderedDict[bytes, bytes]] = field(default_factory=dict)
    _passed_over: dict[Place, dict[bytes, bytes]] = field(default_factory=dict)

    def expect(self, place: Place, identity: bytes, digest: bytes) -> None:
        """Write the next line of a place down; the same identity is one line, however often it is written."""
        self._to_come.setdefault(place, OrderedDict()).setdefault(identity, digest)

    def hear(self, place: Place, identity: bytes, digest: bytes) -> None:
        """Hear a line, which must not have been heard before."""
        self.heard[place.stream] += 1
        to_come = self._to_come.get(place, OrderedDict())
        passed_over = self._passed_over.setdefault(place, {})
        if identity in to_come:
            while (first := next(iter(to_come))) != identity:
                passed_over[first] = to_come.pop(first)
            written = to_come.pop(identity)
        elif identity in passed_over:
            written = passed_over.pop(identity)
            if place.partition is not None:
                self.findings.append(Finding("out of turn", place, identity))
        else:
            self.findings.append(Finding("invented", place, identity))
            return
        if written != digest:
            self.findings.append(Finding("altered", place, identity))

    def end(self) -> None:
        """Hear that nothing more comes: what has not been heard is lost."""
        for lines in (self._passed_over, self._to_come):
            for place, some in lines.items():
                self.findings += [Finding("lost", place, identity) for identity in some]
            lines.clear()


def digest(key: bytes | None, value: bytes | None, headers: tuple[Header, ...]) -> bytes:
    """Give 16 bytes that stand for a whole message."""
    return blake2b(repr((key, headers)).encode() + b"\0" + (value or b""), digest_size=16).digest()
