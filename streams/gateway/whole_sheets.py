"""Whole sheets in other forms: written in bites, so that others have their turn, and kept for a while."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from streams.export.whole import Format
from streams.gateway.sheet_pages import WholeSheet
from streams.gateway.turns import give_way

PIECE = 65_536
"""How many bytes are handed over before waiting for the asker to take them."""
MOST_BYTES = 48_000_000
"""How much is kept; of 20,000 competitors CSV is 3 MB, and ODF and flat JSON are 10 to 20."""

_State: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A document in pieces, its size in bytes, and its ETag, which is made of the content alone."""

    pieces: tuple[bytes, ...]
    size: int
    tag: str


@dataclass(slots=True)
class WholeSheets:
    """The last few documents that were written of races in parts, each by what it was made of.

    One of these is written at a time, and who asks for the same waits for it. Of an ordinary race one is
    written in no time, and waits for no other.
    """

    held: OrderedDict[_State, Written] = field(default_factory=OrderedDict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def written(self, sheet: WholeSheet, kind: Format, generation: int) -> Written:
        """Give everybody in a form.

        Args:
            sheet: a race as it is now; while it is written others may come in.
            kind: the form.
            generation: how often the gateway has begun anew.

        Raises:
            ValidationError: where the sheet is of a newer kind.
        """
        if not sheet.is_in_parts:
            return await _written(sheet.whole().pieces(kind))
        told = sheet.told
        state = kind, generation, told.race_id, told.place, told.offset, sheet.field.changes
        still = sheet.still()
        async with self.turn:
            found = self.held.pop(state, None) or await _written(still.whole().pieces(kind))
            self.held[state] = found
            while len(self.held) > 1 and sum(one.size for one in self.held.values()) > MOST_BYTES:
                self.held.popitem(last=False)
        return found


async def _written(texts: Iterable[str]) -> Written:
    digest, pieces, some = hashlib.blake2b(digest_size=12), list[bytes](), bytearray()
    for text in texts:
        some += text.encode()
        if len(some) >= PIECE:
            pieces.append(bytes(some))
            digest.update(some)
            some.clear()
        await give_way()
    pieces.append(bytes(some))
    digest.update(some)
    return Written(tuple(pieces), sum(map(len, pieces)), f'"{digest.hexdigest()}"')


class InPieces(Response):
    """A document that is handed over as the asker takes it, and never put together."""

    def __init__(self, written: Written, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(media_type=media_type, headers=headers | {"Content-Length": str(written.size)})
        self._pieces = written.pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand it over."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await give_way()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
