"""`/healthz`, `/readyz` and `/metrics`: how the gateway is, for whoever looks after it."""

import time

from fastapi import APIRouter, Response

from schemas.gateway import Health
from streams.gateway.channels import Channels
from streams.gateway.metrics import Metrics


def health(channels: Channels, metrics: Metrics) -> APIRouter:
    """Make the routes.

    `/healthz` is 200 as long as the gateway answers, `/readyz` once it has read what was on Kafka: from then
    on it serves, stale or not, because the last state with a mark is better on air than none.
    """
    router = APIRouter(tags=["health"])

    def now() -> Health:
        heard = metrics.heard_at
        return Health(
            ready=channels.ready,
            stale=channels.live.stale,
            behind=metrics.behind,
            silent_s=None if heard is None else round(time.monotonic() - heard, 1),
            streams=channels.followers,
        )

    @router.get("/healthz")
    async def healthz() -> Health:
        """Say how the gateway is; always 200."""
        return now()

    @router.get("/readyz", responses={503: {"model": Health}})
    async def readyz(response: Response) -> Health:
        """Say whether the gateway serves; 503 until it has read what is on Kafka."""
        told = now()
        response.status_code = 200 if told.ready else 503
        return told

    @router.get("/metrics", response_class=Response)
    async def text() -> Response:
        """Everything that is counted, for Prometheus."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
