"""`/api`: the present as JSON, and the streams."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response, WebSocket

from schemas.gateway import RaceAsItStands, RaceSummary, RankingSummary, Refusal, Snapshot
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import RaceId
from schemas.rankings import Ranking
from schemas.records import RecordMessage
from schemas.reference import RecordKind
from streams.gateway.answers import TOO_MANY_DELAYS, answer, found, listed, payloads, view
from streams.gateway.channels import Channel, Channels, TooManyDelaysError
from streams.gateway.metrics import Metrics
from streams.gateway.sheet_routes import CSV, add_sheets
from streams.gateway.streaming import EventStream, accepts_gzip, over_websocket
from streams.gateway.tables import rankings_csv, records_csv
from streams.gateway.told import SheetHead
from streams.gateway.wants import Wants, wants

WRONG_USE, TRY_AGAIN_LATER = 1008, 1013
"""WebSocket's codes for a request that makes no sense, and for one that may be made again later."""
NO_ROOM = "this gateway has no room for another stream"
Answer = dict[int | str, dict[str, Any]]
REFUSED: Answer = {code: {"model": Refusal} for code in (401, 404, 422, 429, 503)}

STREAM_ANSWER: Answer = {
    200: {
        "content": {"text/event-stream": {"schema": Snapshot.model_json_schema()}},
        "description": "Events.",
    }
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stream was asked for, and the channel of its delay."""

    channel: Channel
    wants: Wants


def api(channels: Channels, metrics: Metrics, *, longest_delay_s: float, most_streams: int) -> APIRouter:
    """Make the routes below `/api`.

    Args:
        channels: what there is to tell.
        metrics: where streams are counted.
        longest_delay_s: the longest delay that may be asked for, in seconds.
        most_streams: how many streams there may be at once.
    """
    router = APIRouter(prefix="/api", responses=REFUSED)
    Delay = Annotated[  # noqa: N806 - a type
        float, Query(ge=0, le=longest_delay_s, description="Seconds by which everything is held back.")
    ]
    _add_races(router, channels, Delay)
    _add_lists(router, channels, Delay)
    _add_streams(router, channels, metrics, Delay, most_streams)
    return router


def _add_races(router: APIRouter, channels: Channels, delay_type: Any) -> None:
    @router.get("/races", tags=["races"], response_model=list[RaceSummary])
    async def races(
        request: Request,
        discipline: str | None = None,
        competition: str | None = None,
        delay: delay_type = 0.0,
    ) -> Response:
        """All races in a line each, the one with the latest news first."""
        told = [
            one.summary
            for one in (await view(channels, delay)).present.races()
            if isinstance(one.content, SheetHead)
            and discipline in {None, one.discipline}
            and competition in {None, one.content.race.competition.id}
        ]
        return answer(request, listed(told))

    add_sheets(router, channels, delay_type)

    @router.get(
        "/races/{race_id:path}/podium", tags=["races"], response_model=list[PodiumChanged | PodiumSecured]
    )
    async def podium(request: Request, race_id: RaceId, delay: delay_type = 0.0) -> Response:
        """The latest change of the podium, and who cannot be pushed lower any more."""
        channel, _ = await found(channels, race_id, delay)
        return answer(request, payloads(channel.present.of("podium", race_id)))

    @router.get("/races/{race_id:path}/records", tags=["races"], response_model=list[RecordMessage])
    async def records(request: Request, race_id: RaceId, delay: delay_type = 0.0) -> Response:
        """The last word on each record of this race."""
        channel, _ = await found(channels, race_id, delay)
        return answer(request, payloads(channel.present.of("records", race_id)))

    @router.get("/races/{race_id:path}", tags=["races"], response_model=RaceAsItStands)
    async def race(request: Request, race_id: RaceId, delay: delay_type = 0.0) -> Response:
        """Everything that is known of a race."""
        channel, told = await found(channels, race_id, delay)
        present = channel.present
        needs = present.needs(race_id)
        parts = {
            "summary": told.summary,
            "standings": told.payload,
            "podium": payloads(present.of("podium", race_id)),
            "pace": payloads(present.of("pace", race_id)),
            "records": payloads(present.of("records", race_id)),
            "needs": b"null" if needs is None else needs.payload,
        }
        body = b",".join(b'"%s":%s' % (name.encode(), part) for name, part in parts.items())
        return answer(request, b"{" + body + b"}")


def _add_lists(router: APIRouter, channels: Channels, delay_type: Any) -> None:
    @router.get("/records", tags=["records"], response_model=list[RecordMessage])
    async def records(
        request: Request,
        race: str | None = None,
        discipline: str | None = None,
        kind: RecordKind | None = None,
        format: Literal["json", "csv"] = "json",  # noqa: A002 - the name in the address
        delay: delay_type = 0.0,
    ) -> Response:
        """The last word on every record: set, equalled, missed by little or revoked; the latest last."""
        told = [
            one
            for one in (await view(channels, delay)).present.of("records", race)
            if discipline in {None, one.discipline} and kind in {None, getattr(one.content, "kind", None)}
        ]
        if format == "csv":
            return answer(request, records_csv(one.content for one in told).encode(), CSV)
        return answer(request, payloads(told))

    @router.get("/rankings", tags=["rankings"], response_model=list[RankingSummary])
    async def rankings(request: Request, delay: delay_type = 0.0) -> Response:
        """All rankings in a line each."""
        found = (await view(channels, delay)).present.rankings()
        return answer(request, listed(one.model_dump_json().encode() for one in found))

    @router.get("/rankings/{ranking_id:path}", tags=["rankings"], response_model=Ranking)
    async def ranking(
        request: Request,
        ranking_id: str,
        format: Literal["json", "csv"] = "json",  # noqa: A002 - the name in the address
        delay: delay_type = 0.0,
    ) -> Response:
        """A ranking: World Cup points, samalog, medals or a selection matrix."""
        told = (await view(channels, delay)).present.ranking(ranking_id)
        if told is None or not isinstance(told.content, Ranking):
            raise HTTPException(404, f"there is no ranking {ranking_id[:200]!r}; /api/rankings has all")
        if format == "csv":
            return answer(request, rankings_csv(told.content).encode(), CSV)
        return answer(request, told.payload)


Many = Annotated[list[str], Query(default_factory=list)]


def _add_streams(
    router: APIRouter, channels: Channels, metrics: Metrics, delay_type: Any, most_streams: int
) -> None:
    async def asked(
        kind: Many, race: Many, discipline: Many, competitor: Many, delay: delay_type = 0.0
    ) -> Asked:
        return Asked(await _followed(channels, delay), _wanted(kind, race, discipline, competitor))

    def has_room() -> bool:
        if channels.followers >= most_streams:
            metrics.refused("streams")
            return False
        return True

    @router.get("/stream", tags=["streams"], responses=STREAM_ANSWER, response_class=Response)
    async def stream(
        request: Request,
        what: Annotated[Asked, Depends(asked)],
        last_event_id: Annotated[str | None, Query()] = None,
    ) -> Response:
        """Server-Sent Events: `snapshot`, then every change; `Last-Event-ID` goes on where a stream ended.

        Events have the names of the kinds (`races`, `standings`, `podium`, `pace`, `records`, `rankings`,
        `needs`, and of races in parts `field.top`, `field.row`, `field.part`) and one message each; besides
        there are `status` (also a sign of life, every 10 s) and `goodbye` with the reason. `kind` may be
        repeated or have commas; `race` narrows what belongs to a race, `discipline` everything but rankings.
        Rows and parts come only where their kind is named. `competitor` names `field.row` and narrows it:
        these competitors' lines come as rows, also where a part told them.
        """
        if not has_room():
            raise HTTPException(503, NO_ROOM, {"Retry-After": "5"})
        last_id = request.headers.get("last-event-id") or last_event_id
        gzip = accepts_gzip(request.headers)
        return EventStream(channels, what.channel, what.wants, last_id, metrics, gzip=gzip)

    @router.websocket("/ws")
    async def websocket(
        socket: WebSocket, kind: Many, race: Many, discipline: Many, competitor: Many,
        last_event_id: str | None = None, delay: delay_type = 0.0,
    ) -> None:  # fmt: skip
        await socket.accept()
        try:
            what = await asked(kind, race, discipline, competitor, delay)
        except HTTPException as error:
            await socket.close(WRONG_USE, str(error.detail)[:120])
            return
        if not has_room():
            await socket.close(TRY_AGAIN_LATER, NO_ROOM)
            return
        last_id = socket.headers.get("last-event-id") or last_event_id
        await over_websocket(socket, channels, what.channel, what.wants, last_id, metrics)


async def _followed(channels: Channels, delay: float) -> Channel:
    try:
        return await channels.with_delay(delay)
    except TooManyDelaysError:
        raise HTTPException(429, TOO_MANY_DELAYS) from None


def _wanted(kinds: list[str], races: list[str], disciplines: list[str], competitors: list[str]) -> Wants:
    try:
        return wants(kinds, races, disciplines, competitors)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
