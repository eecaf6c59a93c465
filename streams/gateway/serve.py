"""`slotrit serve`: the gateway's process, from its settings to its end."""

import asyncio
import ipaddress
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import structlog
import uvicorn
import uvloop

from streams.errors import SlotritError
from streams.gateway.app import create_gateway
from streams.gateway.bounded_http import BoundedHttp
from streams.gateway.channels import Channels
from streams.gateway.gate import Door, hash_of
from streams.gateway.history import History
from streams.gateway.metrics import Metrics
from streams.gateway.reading import Reader
from streams.settings import Settings, kafka_client

log = structlog.get_logger("gateway")

KEPT_S = 300.0
"""For how many seconds everything is kept that was told, so that who comes back misses nothing."""
MOST_BYTES = 256_000_000
LARGEST_MESSAGE = 4_096
"""What a viewer may say on a WebSocket, in bytes; nobody listens."""
FAREWELL_S = 3
FILES_BESIDE = 100
CONNECTIONS_BESIDE = 200
"""How many connections there may be besides streams: pages, polls, Prometheus."""


class _Server(uvicorn.Server):
    """A server whose streams end when it is told to stop; else it would wait for them for ever."""

    def __init__(self, config: uvicorn.Config, channels: Channels, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._channels = channels
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell so."""
        await super().startup(sockets)
        self._tell_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in order on SIGTERM and Ctrl-C; the library would let the process die of the signal then."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then the server."""
        self._channels.close("the gateway is being stopped; another one, or the next, goes on")
        super().handle_exit(sig, frame)


def door_of(settings: Settings, *, everybody: bool) -> Door:
    """Say who may connect.

    Args:
        settings: tokens and web sites.
        everybody: let everybody in who can reach the gateway, also without tokens.

    Raises:
        SlotritError: where the gateway can be reached from outside this machine and nothing says by whom.
    """
    tokens = tuple(hash_of(token) for token in settings.gateway_tokens)
    if not tokens and not everybody and not _on_loopback(settings.gateway_host):
        raise SlotritError(
            f"gateway_host: {settings.gateway_host} can be reached from outside this machine: put the hash "
            "that `slotrit token` prints into gateway_tokens, or use --open to let everybody in"
        )
    return Door(() if everybody else tokens, settings.gateway_cors_origins)


def _on_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def new_channels(settings: Settings) -> Channels:
    """Make channels without anything in them yet."""
    kept_s = max(KEPT_S, settings.gateway_longest_delay_s + KEPT_S / 5)
    return Channels(History(kept_s, settings.gateway_longest_delay_s, MOST_BYTES))


def serve(settings: Settings, *, everybody: bool, started: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        settings: where Kafka is, where to listen, and limits.
        everybody: let everybody in, also without tokens.
        started: called with the gateway's address once it listens.

    Raises:
        SlotritError: where the address is taken or cannot be listened on, no broker is configured, or
            nothing says who may connect from outside.
    """
    kafka_client(settings)
    _allow_files(settings.gateway_most_streams + CONNECTIONS_BESIDE + FILES_BESIDE)
    door = door_of(settings, everybody=everybody)
    with _listening(settings) as listener:
        uvloop.run(_serve(settings, door, listener, started))


async def _serve(
    settings: Settings, door: Door, listener: socket.socket, started: Callable[[str], None]
) -> None:
    metrics = Metrics()
    channels = new_channels(settings)
    server = server_of(settings, channels, metrics, door, lambda: started(_address(listener)))
    reading = asyncio.create_task(Reader(settings, channels, metrics).read_for_ever())
    timing = asyncio.create_task(channels.keep_time())
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.wait({reading, timing, serving}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        for task in (reading, timing):
            if task.done():
                task.result()
        await serving
    finally:
        for task in (reading, timing):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def server_of(
    settings: Settings, channels: Channels, metrics: Metrics, door: Door, started: Callable[[], None]
) -> uvicorn.Server:
    """Make the server of some channels; `started` is called once it listens."""
    config = uvicorn.Config(
        create_gateway(settings, channels, metrics, door),
        http=BoundedHttp,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=settings.gateway_most_streams + CONNECTIONS_BESIDE,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=FAREWELL_S,
    )
    return _Server(config, channels, started)


def _allow_files(wanted: int) -> None:
    """Raise how many files this process may have open, as each stream is one; systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        log.warning("gateway.too_few_files", allowed=most, wanted=wanted)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen on the address, before anything is started that would have to be stopped again."""
    host, port = settings.gateway_host, settings.gateway_port
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, number)
    except OSError as error:
        raise SlotritError(f"gateway_host: {host} is no address here: {error.strerror or error}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
        yield listener
    except OSError as error:
        raise SlotritError(
            f"{host}:{port} cannot be listened on: {error.strerror or error}; choose another with --port"
        ) from None
    finally:
        listener.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - to show it
    return f"http://{host}:{port}"
