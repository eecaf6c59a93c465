"""The routes of standings, whole sheet and one competitor's line, of any race; one in parts has 20,000."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import ValidationError

from schemas.field import FieldTop
from schemas.gateway import CompetitorLine, SheetPage
from schemas.race import RaceId
from schemas.standings import Standings
from streams.export.whole import Format
from streams.gateway.answers import answer, answer_in_pieces, found
from streams.gateway.channels import Channels
from streams.gateway.sheet_pages import MOST_LINES, Asked, WholeSheet
from streams.gateway.told import SheetHead
from streams.gateway.whole_sheets import WholeSheets

CSV = "text/csv; charset=utf-8"
NEWER = "this sheet is of a newer kind than this gateway; ask for json"
FORMS: dict[str, tuple[str, Format]] = {
    "csv": (CSV, "csv"),
    "flat": ("application/json", "json"),
    "odf": ("application/xml", "odf"),
}
"""The media type of each, and what it is called where it is written."""


@dataclass(frozen=True, slots=True)
class _Forms:
    channels: Channels
    sheets: WholeSheets

    async def sheet(self, race_id: str, delay: float) -> WholeSheet:
        channel, told = await found(self.channels, race_id, delay)
        if not isinstance(told.content, SheetHead):
            raise TypeError(told.kind)
        return WholeSheet(told, told.content, channel.present.field(race_id))

    async def answer(self, request: Request, whole: WholeSheet, form: str) -> Response:
        media, kind = FORMS[form]
        try:
            written = await self.sheets.written(whole, kind, self.channels.history.generation)
        except ValidationError:
            raise HTTPException(503, NEWER) from None
        return answer_in_pieces(request, written, media)


def add_sheets(router: APIRouter, channels: Channels, delay_type: Any) -> None:
    """Add the routes. They go before that of a race, which takes whatever follows as the name of one."""
    forms = _Forms(channels, WholeSheets())
    _add_standings(router, forms, delay_type)

    @router.get(
        "/races/{race_id:path}/competitors/{competitor_id:path}",
        tags=["races"],
        response_model=CompetitorLine,
    )
    async def competitor(
        request: Request, race_id: RaceId, competitor_id: str, delay: delay_type = 0.0
    ) -> Response:
        """One competitor's line, with the rank of now, also where it is not among the first."""
        line = (await forms.sheet(race_id, delay)).line(competitor_id)
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
        format: Literal["json", "csv", "flat", "odf"] = "json",  # noqa: A002 - the name in the address
        delay: delay_type = 0.0,
    ) -> Response:
        """The whole sheet, a page at a time; the other forms have all of it, whatever else is asked for."""
        whole = await forms.sheet(race_id, delay)
        if format != "json":
            return await forms.answer(request, whole, format)
        return answer(request, await whole.page(Asked(search, offset, limit)))


def _add_standings(router: APIRouter, forms: "_Forms", delay_type: Any) -> None:
    @router.get("/races/{race_id:path}/standings", tags=["races"], response_model=Standings | FieldTop)
    async def standings(
        request: Request,
        race_id: RaceId,
        format: Literal["json", "csv", "flat", "odf"] = "json",  # noqa: A002 - the name in the address
        delay: delay_type = 0.0,
    ) -> Response:
        """The sheet as on Kafka, or as `csv`, `odf` or `flat`: an array of flat objects, for vMix.

        Of a race in parts it is the front as on Kafka: the first lines, with how many `competitors` there
        are; in another form everybody is in it.
        """
        whole = await forms.sheet(race_id, delay)
        if format != "json":
            return await forms.answer(request, whole, format)
        return answer(request, whole.told.payload)
