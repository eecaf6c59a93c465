"""What was told, in order: all of the last minutes, and before that what still holds.

One gateway has one history. Streams, delayed ones too, are places in it, so nothing is kept per viewer.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from math import inf

from schemas.needs import SamalogNeeds
from schemas.rankings import Ranking
from streams.export.field_heads import PartHead, RowHead
from streams.gateway.frames import Frames
from streams.gateway.positions import Place, Positions, written
from streams.gateway.present import Present
from streams.gateway.told import SheetHead, Slot, Told

REPEATS = 65_536
"""How many identities of messages are kept to know one that comes again. A worker that is started again
repeats what it said since its last commit, which is half a second old."""


WARM = 256
"""For how many of the latest entries it is kept how they are written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message in the history, and how far Kafka had been read with it; `frames` is how it is written."""

    told: Told
    positions: str
    frames: Frames


@dataclass(slots=True)
class History:
    """Numbered entries, from `first` up to and without `end`, and the present before them.

    `kept_s` is for how many seconds every entry is kept, `most_bytes` the size of the messages above which
    the oldest go earlier, though never before `delay_s`, the longest delay that there may be. `generation`
    counts how often everything began anew.
    """

    kept_s: float
    delay_s: float
    most_bytes: int
    generation: int = 0
    first: int = 0
    bytes_held: int = 0
    positions: dict[Place, int] = field(default_factory=dict)
    settled: Present = field(default_factory=Present)
    settled_to: dict[Place, int] = field(default_factory=dict)
    _entries: deque[Entry] = field(default_factory=deque)
    _versions: dict[Slot, int] = field(default_factory=dict)
    _known: set[int] = field(default_factory=set)
    _order: deque[int] = field(default_factory=deque)
    _last_at: float = 0.0

    @property
    def end(self) -> int:
        """The number that the next entry will get."""
        return self.first + len(self._entries)

    def anew(self) -> "History":
        """Give an empty one that may follow upon this: what is read from the beginning goes there."""
        return History(self.kept_s, self.delay_s, self.most_bytes, self.generation + 1, self.end)

    def passed(self, place: Place, offset: int) -> None:
        """Note that a message has been read, whether or not it told anything."""
        self.positions[place] = offset + 1

    def take(self, told: Told, identity: str) -> bool:
        """Append a message, unless it repeats one, or is older than what holds.

        Args:
            told: the message.
            identity: its `ce_id`, the same when a worker says it again.

        Returns:
            Whether it told something new.
        """
        self.passed(told.place, told.offset)
        if self._repeats(told, identity):
            return False
        self._last_at = max(told.at, self._last_at)
        positions = written(self.positions)
        self._entries.append(Entry(told, positions, Frames(told, positions)))
        self.bytes_held += len(told.payload)
        if len(self._entries) > WARM:
            self._entries[-WARM - 1].frames.forget()
        return True

    def _repeats(self, told: Told, identity: str) -> bool:
        known = hash((told.kind, identity))
        if known in self._known:
            return True
        self._known.add(known)
        self._order.append(known)
        if len(self._order) > REPEATS:
            self._known.discard(self._order.popleft())
        content = told.content
        if not isinstance(content, SheetHead | RowHead | PartHead | Ranking | SamalogNeeds):
            return False
        # Versions count up. A worker that was frozen and wakes up says old ones over the new.
        if content.version <= self._versions.get(told.slot, 0):
            return True
        self._versions[told.slot] = content.version
        return False

    def entry(self, number: int) -> Entry:
        """Give the entry of a number from `first` up to and without `end`."""
        return self._entries[number - self.first]

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, Entry]]:
        """Give entries with their numbers, those that are still here."""
        start = max(start, self.first)
        yield from enumerate(islice(self._entries, start - self.first, stop - self.first), start)

    def trim(self, now: float, needed: int, most: float = inf) -> bool:
        """Settle entries that are older than `kept_s`, or too many.

        Args:
            now: seconds since 1970.
            needed: no entry from this number on is settled, because a delayed stream has still to tell it.
            most: after how many bytes to leave the others for the next time.

        Returns:
            Whether others were left.
        """
        done = 0
        while self._entries and self.first < needed:
            entry = self._entries[0]
            kept_s = self.kept_s if self.bytes_held <= self.most_bytes else self.delay_s
            if entry.told.at > now - kept_s:
                return False
            if done >= most:
                return True
            done += len(entry.told.payload)
            self._entries.popleft()
            self.first += 1
            self.bytes_held -= len(entry.told.payload)
            self.settled.take(entry.told)
            self.settled_to[entry.told.place] = entry.told.offset + 1
        return False

    def has_all_since(self, positions: Positions) -> bool:
        """Say whether everything told after these positions is still here, one by one."""
        return all(positions.get(place, 0) >= offset for place, offset in self.settled_to.items())

    def missing(self, positions: Positions, stop: int) -> list[Entry]:
        """Give the entries before `stop` that somebody who was told up to these positions has not got."""
        return [
            entry
            for _, entry in self.entries(self.first, stop)
            if entry.told.offset >= positions.get(entry.told.place, 0)
        ]

    def positions_at(self, number: int) -> str:
        """Write up to where Kafka had been read before the entry of this number was."""
        if number == self.end:
            return written(self.positions)
        if number > self.first:
            return self.entry(number - 1).positions
        return written(self.settled_to)
