"""The gateway's application: routes, gate and answers to what goes wrong, around some channels."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from streams.asyncapi import asyncapi_document
from streams.gateway.answers import refusal, sentence
from streams.gateway.api import api
from streams.gateway.channels import Channels
from streams.gateway.gate import Door, Gate
from streams.gateway.health import health
from streams.gateway.metrics import Metrics
from streams.gateway.page_routes import add_pages
from streams.settings import Settings


def create_gateway(settings: Settings, channels: Channels, metrics: Metrics, door: Door) -> ASGIApp:
    """Make the application that serves some channels; it reads nothing from Kafka itself.

    Args:
        settings: limits.
        channels: what there is to tell.
        metrics: where everything is counted.
        door: who may connect.
    """
    app: FastAPI = FastAPIOffline(
        title="Slotrit",
        version=_version(),
        description="Live results of long-track speed skating: races, sheets, podium, records and rankings.",
        redoc_url=None,
        swagger_ui_parameters={"tryItOutEnabled": True},
    )
    app.include_router(
        api(
            channels,
            metrics,
            longest_delay_s=settings.gateway_longest_delay_s,
            most_streams=settings.gateway_most_streams,
        )
    )
    app.include_router(health(channels, metrics))
    add_pages(app)
    _add_documents(app, settings)
    _add_refusals(app)
    gate: ASGIApp = Gate(app, door=door, metrics=metrics)
    if not door.origins:
        return gate
    return CORSMiddleware(
        gate,
        allow_origins=door.origins,
        allow_methods=["GET", "HEAD"],
        allow_headers=["Authorization", "Cache-Control", "If-None-Match", "Last-Event-ID"],
        expose_headers=["ETag"],
    )


def _version() -> str:
    try:
        return version("slotrit")
    except PackageNotFoundError:
        return "0"


def _add_documents(app: FastAPI, settings: Settings) -> None:
    @lru_cache(maxsize=16)
    def document(host: str) -> dict[str, Any]:
        # Viewers get to know this gateway, not where Kafka is inside.
        return asyncapi_document(gateway=host, prefix=settings.topic_prefix)

    @app.get("/asyncapi.json", tags=["documents"])
    async def what_goes_over_kafka(request: Request) -> dict[str, Any]:
        """What goes over Kafka and the WebSocket, as an AsyncAPI 3 document."""
        return document(request.url.netloc)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        del request
        return refusal(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def misunderstood(request: Request, error: RequestValidationError) -> JSONResponse:
        del request
        return refusal(422, sentence(error.errors()))

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        # The server logs it, with its trace.
        del request, error
        return refusal(500, "something is wrong in the gateway; its log says what")
