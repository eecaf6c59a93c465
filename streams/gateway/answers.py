"""How the API answers: with what there is and its ETag, or with one sentence that says why not."""

import hashlib
from collections.abc import Iterable
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse

from streams.gateway.channels import Channel, Channels, TooManyDelaysError
from streams.gateway.told import Told
from streams.gateway.whole_sheets import InPieces, Written

TOO_MANY_DELAYS = "too many different delays are asked for; take one that others use"


async def view(channels: Channels, delay: float) -> Channel:
    """Give the channel of a delay.

    Raises:
        HTTPException: 429 where it would be one delay too many, 503 before the gateway has read Kafka.
    """
    if not channels.ready:
        raise HTTPException(503, "the gateway has not read what is on Kafka yet", {"Retry-After": "1"})
    try:
        return await channels.with_delay(delay)
    except TooManyDelaysError:
        raise HTTPException(429, TOO_MANY_DELAYS) from None


async def found(channels: Channels, race_id: str, delay: float) -> tuple[Channel, Told]:
    """Give the channel of a delay, and what it has as the standings of a race.

    Raises:
        HTTPException: 404 where it has none, and whatever `view` raises.
    """
    channel = await view(channels, delay)
    told = channel.present.standings(race_id)
    if told is None:
        raise HTTPException(404, f"there is no race {race_id[:200]!r}; /api/races has all")
    return channel, told


def listed(parts: Iterable[bytes]) -> bytes:
    """Write parts that are JSON as a JSON array."""
    return b"[" + b",".join(parts) + b"]"


def payloads(told: Iterable[Told]) -> bytes:
    """Write messages as a JSON array."""
    return listed(one.payload for one in told)


def answer(request: Request, body: bytes, media_type: str = "application/json") -> Response:
    """Answer with a body and its ETag, or with 304 where the asker has it already.

    The tag is made of the content alone, so it is the same in every gateway and after a restart.
    """
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if _is_known(request, tag):
        return Response(status_code=304, headers=_tagged(tag))
    return Response(body, media_type=media_type, headers=_tagged(tag))


def answer_in_pieces(request: Request, written: Written, media_type: str) -> Response:
    """Answer with a document, or with 304 where the asker has it already."""
    if _is_known(request, written.tag):
        return Response(status_code=304, headers=_tagged(written.tag))
    return InPieces(written, media_type, _tagged(written.tag))


def _is_known(request: Request, tag: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag in known or "*" in known


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache"}


def refusal(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Say no in one sentence."""
    return JSONResponse({"detail": detail}, status, headers)


def sentence(errors: Iterable[Any]) -> str:
    """Put what is wrong with a request into one sentence."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'][1:])}: {_small(one['msg'])}" for one in errors
    )


def _small(message: str) -> str:
    return message[:1].lower() + message[1:]
