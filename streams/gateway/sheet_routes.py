"""The routes of a whole sheet and of one competitor's line, of any race; one in parts has 20,000 of them."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import ValidationError

from schemas.gateway import CompetitorLine, SheetPage
from schemas.race import RaceId
from streams.gateway.answers import answer, found
from streams.gateway.channels import Channels
from streams.gateway.sheet_pages import MOST_LINES, Asked, WholeSheet
from streams.gateway.told import SheetHead

CSV = "text/csv; charset=utf-8"
NEWER = "this sheet is of a newer kind than this gateway; ask for json"
WRITTEN = 4
"""How many tables are kept; a large one is some megabytes."""

_State: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Tables:
    """The last few tables that were written, each by what it was made of.

    One is written at a time, in a thread: streams go on meanwhile, and who asks for the same waits for it.
    """

    held: OrderedDict[_State, bytes] = field(default_factory=OrderedDict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def csv(self, sheet: WholeSheet, generation: int) -> bytes:
        """Give a sheet as CSV.

        Raises:
            ValidationError: where it is of a newer kind.
        """
        told = sheet.told
        state = generation, told.race_id, told.place, told.offset, sheet.field.changes
        async with self.turn:
            table = self.held.pop(state, None)
            if table is None:
                table = await asyncio.to_thread(sheet.csv)
            self.held[state] = table
            while len(self.held) > WRITTEN:
                self.held.popitem(last=False)
        return table


def add_sheets(router: APIRouter, channels: Channels, delay_type: Any) -> None:
    """Add the routes. They go before that of a race, which takes whatever follows as the name of one."""
    tables = Tables()

    async def sheet_of(race_id: str, delay: float) -> WholeSheet:
        channel, told = await found(channels, race_id, delay)
        if not isinstance(told.content, SheetHead):
            raise TypeError(told.kind)
        return WholeSheet(told, told.content, channel.present.field(race_id))

    @router.get(
        "/races/{race_id:path}/competitors/{competitor_id:path}",
        tags=["races"],
        response_model=CompetitorLine,
    )
    async def competitor(
        request: Request, race_id: RaceId, competitor_id: str, delay: delay_type = 0.0
    ) -> Response:
        """One competitor's line, with the rank of now, also where it is not among the first."""
        line = (await sheet_of(race_id, delay)).line(competitor_id)
        if line is None:
            raise HTTPException(
                404,
                f"there is no competitor {competitor_id[:200]!r} in {race_id!r}; "
                f"/api/races/{race_id}/sheet?search= finds names and ids",
            )
        return answer(request, line)

    @router.get("/races/{race_id:path}/sheet", tags=["races"], response_model=SheetPage)
    async def sheet(
        request: Request,
        race_id: RaceId,
        search: Annotated[str, Query(max_length=200, description="Words in a name or an id.")] = "",
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="Lines to pass over.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="Most lines.")] = MOST_LINES,
        format: Literal["json", "csv"] = "json",  # noqa: A002 - the name in the address
        delay: delay_type = 0.0,
    ) -> Response:
        """The whole sheet, a page at a time; `csv` has all of it, whatever else is asked for."""
        whole = await sheet_of(race_id, delay)
        if format == "json":
            return answer(request, whole.page(Asked(search, offset, limit)))
        still = WholeSheet(whole.told, whole.head, whole.field.copy())
        try:
            table = await tables.csv(still, channels.history.generation)
        except ValidationError:
            raise HTTPException(503, NEWER) from None
        return answer(request, table, CSV)
