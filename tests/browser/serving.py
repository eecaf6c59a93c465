"""`slotrit serve` as a process, on the topics of a meeting."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from streams.settings import Settings

SAYS = "Serving at "


def free_port() -> int:
    """Give a port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def serving(settings: Settings, log: Path, *, port: int = 0) -> AsyncIterator[str]:
    """Run the gateway for a block, and end it with SIGTERM.

    Args:
        settings: the broker and the prefix of its topics.
        log: what the gateway's log is appended to.
        port: where to listen; 0 takes a free one.

    Yields:
        the address of the scoreboard, without a slash at its end.
    """
    command = Path(sys.executable).with_name("slotrit")
    brokers = {
        "SLOTRIT_BROKERS": ",".join(settings.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": settings.topic_prefix,
    }
    with log.open("ab") as kept:
        process = await asyncio.create_subprocess_exec(
            command,
            "serve",
            "--port",
            str(port),
            stdout=asyncio.subprocess.PIPE,
            stderr=kept,
            env={**os.environ, **brokers},
        )
    assert process.stdout is not None
    try:
        said = (await process.stdout.readline()).decode()
        assert said.startswith(SAYS), f"the gateway does not start: {said!r}, see {log}"
        yield said.removeprefix(SAYS).strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
