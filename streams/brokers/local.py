"""A broker that runs while a block of code does, and that can be killed and started again inside it."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.brokers import apache, tansu
from streams.brokers.failure import BrokerError, with_log
from streams.brokers.folders import broker_folder
from streams.brokers.launch import Doors, Kind, Launch
from streams.brokers.process import exited, kill, last_lines, spawn, stop

READY_WITHIN_S = 120.0
ANSWER_WITHIN_S = 5.0
RETRY_S = 0.05
PORT_ATTEMPTS = 3
# As Java and as Rust say it.
PORT_TAKEN = ("Address already in use", "AddrInUse")


class Broker:
    """A broker that runs on this machine.

    Attributes:
        kind: `apache` or `tansu`.
        address: HOST:PORT for clients; stays the same when the broker is started again.
        doors: HOST:PORT of each listener by its name, where there are several.
    """

    def __init__(self, launch: Launch) -> None:
        self.kind: Kind = launch.kind
        self.address = launch.address
        self.doors: Mapping[str, str] = launch.doors
        self._launch = launch
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the broker; another one after it was started again.

        Raises:
            BrokerError: It does not run.
        """
        if self._process is None:
            raise BrokerError(f"{self._launch.name} on {self.address} does not run; start it first")
        return self._process.pid

    async def start(self) -> None:
        """Start the broker on its data and its port, and return when it answers.

        To be called from a thread that lives as long as the broker shall (see `leash`).

        Raises:
            BrokerError: It runs already, it ended, or it did not answer within 120 s.
        """
        if self._process is not None:
            raise BrokerError(f"{self._launch.name} on {self.address} runs already; stop or kill it first")
        process = spawn(self._launch.command, self._launch.log)
        try:
            await _answering(process, self._launch)
        except BaseException:
            kill(process)
            raise
        self._process = process

    def kill(self) -> None:
        """End the broker at once with SIGKILL; its data stays. Does nothing if it is gone."""
        if self._process is not None:
            kill(self._process)
            self._process = None

    async def stop(self) -> None:
        """End the broker: SIGTERM, and SIGKILL after 10 s; its data stays. Does nothing if it is gone."""
        if self._process is not None:
            try:
                await stop(self._process)
            finally:
                self._process = None


@asynccontextmanager
async def running(
    kind: Kind, *, say: Callable[[str], None] = lambda _: None, doors: Doors = apache.EVERYBODY
) -> AsyncIterator[Broker]:
    """Run a broker for the length of a block, with its data in a temporary folder that is removed at the end.

    The broker is gone after the block however it is left. If this process is killed with SIGKILL, on Linux
    the kernel kills the broker too (see `leash`), and the next broker removes the folder (see `folders`).

    Args:
        kind: Which broker.
        say: Gets a line for the reader where something takes long, such as the first download.
        doors: Where clients come in, and who may; Apache Kafka only.

    Yields:
        The broker, which answers requests.

    Raises:
        BrokerError: It cannot be had or does not start; one line, with the end of its log as a note.
    """
    with broker_folder(kind) as folder:
        broker = await _started(kind, folder, say, doors)
        try:
            yield broker
        finally:
            # Nobody needs its data any more, so it need not put them in order first.
            broker.kill()


async def _started(kind: Kind, folder: Path, say: Callable[[str], None], doors: Doors) -> Broker:
    """Start a broker; on other ports again where somebody else took one after it was found free."""
    for attempt in range(1, PORT_ATTEMPTS + 1):
        place = folder / str(attempt)
        place.mkdir()
        if kind == "apache":
            launch = await apache.prepare(place, say=say, doors=doors)
        else:
            launch = tansu.prepare(place)
        broker = Broker(launch)
        try:
            await broker.start()
        except BrokerError:
            if attempt == PORT_ATTEMPTS or not _port_was_taken(launch):
                raise
        else:
            return broker
    raise AssertionError("unreachable")


def _port_was_taken(launch: Launch) -> bool:
    said = "\n".join(last_lines(launch.log, 100))
    return any(words in said for words in PORT_TAKEN)


async def _answering(process: subprocess.Popen[bytes], launch: Launch) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        code = await exited(process, RETRY_S)
        if code is not None:
            raise with_log(
                f"{launch.name} on {launch.address} ended with code {code} before it answered",
                last_lines(launch.log),
            )
        if await _answers(launch):
            return
    raise with_log(
        f"{launch.name} on {launch.address} did not answer within {READY_WITHIN_S:.0f} s",
        last_lines(launch.log),
    )


async def _answers(launch: Launch) -> bool:
    """Say whether the broker answers, as itself, with itself as a usable broker that takes care of groups."""
    host, _, port = launch.address.rpartition(":")
    try:
        # The client logs every refused connection; a bare one is quiet.
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()
    except OSError:
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=launch.address, **launch.log_in)
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await admin.start()
            cluster = await admin.describe_cluster()
            # The first question after a group has Kafka make the topic of its offsets; until that is there,
            # the first worker would only collect errors.
            await admin.find_coordinator("slotrit")
    except (KafkaError, TimeoutError):
        return False
    finally:
        await admin.close()
    return cluster["cluster_id"] == launch.cluster_id and bool(cluster["brokers"])
