"""A newsroom's own server: it checks signatures, remembers what it got, and fails as it is told to."""

import asyncio
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import web

SIGNED_WITH = "between us"


@dataclass(frozen=True, slots=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """Read the alert."""
        alert: dict[str, Any] = json.loads(self.body)
        return alert


@dataclass(slots=True)
class Hook:
    """The server: `answers` are statuses for the next requests, then 200; 0 never answers, -1 hangs up.

    `everything` has each request, `once` the first of each id, as somebody has it who drops repeats.
    """

    url: str = ""
    answers: deque[int] = field(default_factory=deque)
    headers: dict[str, str] = field(default_factory=dict)
    everything: list[Got] = field(default_factory=list)
    accepted: list[Got] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def once(self) -> list[dict[str, Any]]:
        """Give what was accepted, each id once."""
        first: dict[str, dict[str, Any]] = {}
        for got in self.accepted:
            if "Idempotency-Key" in got.headers:
                first.setdefault(got.headers["Idempotency-Key"], got.told)
        return list(first.values())

    async def until(self, count: int, *, accepted: bool = True) -> None:
        """Wait for so many requests."""
        async with asyncio.timeout(30):
            while len(self.accepted if accepted else self.everything) < count:
                self.came.clear()
                await self.came.wait()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take a request as a careful receiver does."""
        got = Got(request.path, dict(request.headers), await request.read())
        if not request.path.endswith("/apprise"):
            stamped = got.headers["Slotrit-Timestamp"].encode() + b"." + got.body
            expected = hmac.new(SIGNED_WITH.encode(), stamped, sha256)
            assert hmac.compare_digest(got.headers["Slotrit-Signature"], f"v1={expected.hexdigest()}")
        self.everything.append(got)
        status = self.answers.popleft() if self.answers else 200
        if status == 200:
            self.accepted.append(got)
        self.came.set()
        if status == 0:
            await self.closing.wait()
        if status <= 0:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return web.Response(status=status, headers=self.headers, text="x" * 100_000)


@asynccontextmanager
async def hook(port: int = 0) -> AsyncIterator[Hook]:
    """Serve on a free port of this machine for the length of a block."""
    served = Hook()
    app = web.Application()
    app.router.add_post("/hook", served.handle)
    app.router.add_post("/hook/apprise", served.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    (address,) = runner.addresses
    served.url = f"http://127.0.0.1:{address[1]}/hook"
    try:
        yield served
    finally:
        served.closing.set()
        await runner.cleanup()
