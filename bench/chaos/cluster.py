"""Three Apache Kafka brokers on this machine, each of which can be taken away and brought back.

Broker and controller in one process each, the three of them the voters (a static quorum, as in Kafka's
operations guide), so that any one may be away. What `streams.brokers` knows of jars, Java and child processes
is used; what makes a cluster is here.
"""

import asyncio
import base64
import os
import resource
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from streams.brokers import BrokerError
from streams.brokers.apache import LOG4J
from streams.brokers.jars import cache_folder, fetch, verified
from streams.brokers.java import INSTALL_JAVA, find_java
from streams.brokers.ports import free_ports
from streams.brokers.process import completed, kill, spawn, stop

BROKERS = 3
_JVM = ("-Xms96m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
_FORMAT_WITHIN_S = 120.0
_READY_WITHIN_S = 90.0
_ASK_AGAIN_S = 0.1
_ATTEMPTS = 3
_FULL_DISK_BYTES = 512


@dataclass(slots=True)
class Node:
    """One of the brokers: where clients reach it, how it is started, and its process while it runs."""

    number: int
    address: str
    command: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on its data; to be called from the thread of the event loop. Nothing where it runs.

        Raises:
            BrokerError: it cannot be started.
        """
        if self.process is not None and self.process.poll() is not None:
            self.process = None
        if self.process is None:
            self.process = spawn(self.command, self.log)

    def kill(self) -> None:
        """End it with SIGKILL; nothing where it is gone."""
        if self.process is not None:
            kill(self.process)
            self.process = None

    def fill_disk(self) -> None:
        """Let no file of it grow any more, as where its disk is full, until it is started again.

        The kernel refuses what goes beyond; to Kafka that is an error of its disk like any other, and a
        broker with no disk left ends itself.
        """
        if self.process is not None:
            _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (_FULL_DISK_BYTES, hard))


@dataclass(frozen=True, slots=True)
class Cluster:
    """All brokers."""

    nodes: tuple[Node, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """HOST:PORT of each broker."""
        return tuple(node.address for node in self.nodes)


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Run three brokers for the length of a block; their data and logs are in `folder`.

    Raises:
        BrokerError: there is no Java, formatting failed, or one does not answer within 90 s.
    """
    java = await asyncio.to_thread(find_java)
    if java is None:
        raise BrokerError(f"a cluster needs Java: {INSTALL_JAVA}")
    await fetch(cache_folder(), say=lambda _: None)
    jars = await asyncio.to_thread(verified, cache_folder())
    run = (java.path, *_JVM, "-cp", os.pathsep.join(map(str, jars)))
    running = await _started(folder, run)
    try:
        yield running
    finally:
        for node in running.nodes:
            node.kill()


async def _started(folder: Path, run: tuple[str, ...]) -> Cluster:
    """Format and start all; on other ports again where somebody else took one after it was found free."""
    for attempt in range(1, _ATTEMPTS + 1):
        ports = free_ports(2 * BROKERS)
        places = [folder / f"{attempt}-broker-{number}" for number in range(1, BROKERS + 1)]
        nodes = [
            _node(place, number, ports[:BROKERS], ports[BROKERS:], run)
            for number, place in enumerate(places, start=1)
        ]
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if any(await asyncio.gather(*(_format(node, run, cluster_id) for node in nodes))):
            raise BrokerError(f"the storage of the brokers could not be formatted, see {nodes[0].log}")
        try:
            for node in nodes:
                node.start()
            for node in nodes:
                await answers(node)
        except BaseException as failure:
            for node in nodes:
                node.kill()
            if not isinstance(failure, BrokerError) or attempt == _ATTEMPTS:
                raise
        else:
            return Cluster(tuple(nodes))
    raise AssertionError("unreachable")


async def answers(node: Node) -> None:
    """Wait until a broker takes connections.

    Raises:
        BrokerError: it ended, or it did not within 90 s.
    """
    host, _, port = node.address.rpartition(":")
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        if node.process is None or node.process.poll() is not None:
            raise BrokerError(f"broker {node.number} ended before it answered, see {node.log}")
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            await asyncio.sleep(_ASK_AGAIN_S)
        else:
            writer.close()
            return
    raise BrokerError(f"broker {node.number} did not answer within {_READY_WITHIN_S:g} s, see {node.log}")


async def ended(node: Node, within_s: float) -> bool:
    """Wait for a broker to end by itself, and end it where it does not; whether it did."""
    process, node.process = node.process, None
    if process is None:
        return True
    try:
        async with asyncio.timeout(within_s):
            while process.poll() is None:  # noqa: ASYNC110 - a child does not call
                await asyncio.sleep(0.1)
    except TimeoutError:
        await stop(process)
        return False
    return True


def _node(
    folder: Path, number: int, clients: tuple[int, ...], controllers: tuple[int, ...], run: tuple[str, ...]
) -> Node:
    folder.mkdir(parents=True)
    properties, log4j = folder / "server.properties", folder / "log4j2.properties"
    log4j.write_text(LOG4J, "utf-8")
    settings = server_settings(folder / "data", number, clients, controllers)
    properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")
    java, *rest = run
    command = (java, f"-Dlog4j2.configurationFile={log4j}", *rest, "kafka.Kafka", str(properties))
    return Node(number, f"127.0.0.1:{clients[number - 1]}", command, folder / "broker.log")


def server_settings(
    data: Path, number: int, clients: tuple[int, ...], controllers: tuple[int, ...]
) -> Mapping[str, str]:
    """Write down how broker `number` of the three runs: all is copied thrice, and two must have it."""
    client, controller = clients[number - 1], controllers[number - 1]
    voters = ",".join(f"{place}@127.0.0.1:{port}" for place, port in enumerate(controllers, start=1))
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{client}",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(BROKERS),
        "min.insync.replicas": "2",
        "offsets.topic.replication.factor": str(BROKERS),
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": str(BROKERS),
        "transaction.state.log.min.isr": "2",
        "transaction.state.log.num.partitions": "3",
        "group.initial.rebalance.delay.ms": "0",
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "500",
        "leader.imbalance.check.interval.seconds": "10",
        "replica.lag.time.max.ms": "5000",
        "log.retention.ms": "-1",
        "log.segment.bytes": "67108864",
        "log.cleaner.dedupe.buffer.size": "4194304",
        "num.network.threads": "2",
        "num.io.threads": "4",
    }


async def _format(node: Node, run: tuple[str, ...], cluster_id: str) -> int | None:
    properties = node.command[-1]
    # In one word: an id may begin with a hyphen.
    named = f"--cluster-id={cluster_id}"
    command = (*run, "kafka.tools.StorageTool", "format", "--config", properties, named)
    return await completed(command, node.log, _FORMAT_WITHIN_S)
