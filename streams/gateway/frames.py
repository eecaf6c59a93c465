"""How events are written on a stream: as Server-Sent Events, also compressed, and as WebSocket messages.

What goes to two thousand viewers is written once and compressed once. Compressed events are pieces of one
gzip stream that need nothing of the pieces before them, so every viewer's stream is made of the same bytes.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from streams.export.field_heads import PartHead, row_of
from streams.gateway.told import Told

GZIP_HEAD = bytes.fromhex("1f8b08000000000000ff")
"""What a gzip stream begins with: deflate, no name, no time, no particular system (RFC 1952)."""
SMALL = 200
"""Under this size, in bytes, compressing costs more than it saves."""


def compressed(plain: bytes) -> bytes:
    """Compress a piece of a gzip stream so that it can stand behind any other piece.

    A full flush ends the piece on a byte and refers to nothing outside it (RFC 1951).
    """
    deflate = zlib.compressobj(level=6 if len(plain) > SMALL else 1, wbits=-zlib.MAX_WBITS)
    return deflate.compress(plain) + deflate.flush(zlib.Z_FULL_FLUSH)


@dataclass
class Event:
    """One event: its name, its data (JSON in one line), and its id where it moves the stream on."""

    name: str
    data: bytes
    id: str | None = None

    @cached_property
    def sse(self) -> bytes:
        """Write it as a Server-Sent Event."""
        head = b"" if self.id is None else b"id: %s\n" % self.id.encode()
        return head + b"event: %s\ndata: %s\n\n" % (self.name.encode(), self.data)

    @cached_property
    def sse_compressed(self) -> bytes:
        """Write it as a piece of a compressed stream of Server-Sent Events."""
        return compressed(self.sse)

    @cached_property
    def message(self) -> str:
        """Write it as a WebSocket message: `{"id": …, "event": …, "data": …}`."""
        identity = "null" if self.id is None else f'"{self.id}"'
        return f'{{"id":{identity},"event":"{self.name}","data":{self.data.decode()}}}'


COMMENT = b": \n\n"
"""A line that readers of Server-Sent Events pass over."""


@dataclass(slots=True)
class Frames:
    """The events of one message as all who follow get them, each made when first wanted."""

    told: Told
    id: str
    _whole: Event | None = None
    _race: Event | None = None
    _race_alone: Event | None = None

    def whole(self) -> Event:
        """Give the message as an event."""
        if self._whole is None:
            self._whole = Event(self.told.kind, self.told.payload, self.id)
        return self._whole

    def race(self, *, alone: bool) -> Event:
        """Give the race in one line; it moves the stream on where the standings do not follow."""
        if alone:
            if self._race_alone is None:
                self._race_alone = Event("races", self.told.summary, self.id)
            return self._race_alone
        if self._race is None:
            self._race = Event("races", self.told.summary)
        return self._race

    def rows(self, names: Sequence[str], *, whole: bool) -> list[Event]:
        """Give the lines of some in a part as rows, and the part itself behind them where that is wanted."""
        part = self.told.content
        if not isinstance(part, PartHead):
            raise TypeError(f"only a part has the lines of several, this is {self.told.kind}")
        events = [Event("field.row", row_of(self.told.payload, part, name)) for name in names]
        if whole:
            return [*events, self.whole()]
        events[-1].id = self.id
        return events

    def forget(self) -> None:
        """Drop what was made; it is made anew for who still wants it."""
        self._whole = self._race = self._race_alone = None
