"""Apache Kafka as one process, broker and controller in one (KRaft), for this machine only.

Formatting and settings follow Kafka's operations guide, chapter KRaft: a combined server with itself as the
only voter, `--standalone`.
"""

import asyncio
import base64
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from streams.brokers.failure import BrokerError, with_log
from streams.brokers.jars import KAFKA, cache_folder, fetch, verified
from streams.brokers.java import INSTALL_JAVA, JAVA_NEEDED, Java, find_java
from streams.brokers.launch import Doors, Launch
from streams.brokers.ports import free_ports
from streams.brokers.process import completed, last_lines

NAME = f"Apache Kafka {KAFKA}"
FORMAT_WITHIN_S = 120.0
# A broker for one machine needs little memory, and the serial collector starts fastest.
JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
# A run of a second is over before the optimising compiler pays.
BRIEF = "-XX:TieredStopAtLevel=1"

LOG4J = """status = error
rootLogger.level = warn
rootLogger.appenderRefs = out
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %m (%c)%n
"""


EVERYBODY = Doors()


def server_properties(data: Path, ports: Mapping[str, int], controller_port: int, doors: Doors) -> str:
    """Write the settings of the broker.

    Clients and controller listen on 127.0.0.1 only. What is set beside the addresses: topics are created by
    us or not at all; a lone consumer starts at once; internal topics have one copy and one partition; a
    broker that was killed may register again after 4 s instead of 9; records stay while the broker lives,
    however old their timestamps are, since replays of old meetings carry the meeting's.

    Args:
        data: The folder for Kafka's logs.
        ports: For clients, by listener.
        controller_port: For the controller.
        doors: What is special about the listeners.
    """
    for_clients = ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"{for_clients},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": for_clients,
        "log.dirs": _escaped(data),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "500",
        "log.retention.ms": "-1",
        "log.cleaner.dedupe.buffer.size": "16777216",
        **doors.settings,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


async def prepare(folder: Path, *, say: Callable[[str], None], doors: Doors = EVERYBODY) -> Launch:
    """Get Kafka ready to start: jars fetched and verified, settings written, storage formatted.

    Args:
        folder: An empty folder for everything this broker writes.
        say: Gets a line for the reader where something takes long.
        doors: Where clients come in, and who may.

    Raises:
        BrokerError: No Java 17, the jars cannot be had or are damaged (see `jars`), or formatting failed.
    """
    java = await asyncio.to_thread(_usable_java)
    cache = cache_folder()
    await fetch(cache, say=say)
    jars = await asyncio.to_thread(verified, cache)
    controller_port, *free = free_ports(1 + len(doors.names))
    ports = dict(zip(doors.names, free, strict=True))
    properties, log4j = folder / "server.properties", folder / "log4j2.properties"
    properties.write_text(server_properties(folder / "data", ports, controller_port, doors), "utf-8")
    log4j.write_text(LOG4J, "utf-8")
    run = (*JVM, f"-Dlog4j2.configurationFile={log4j}", "-cp", os.pathsep.join(map(str, jars)))
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    log = folder / "broker.log"
    await _format((java.path, BRIEF, *run), properties, cluster_id, log, doors)
    command = (java.path, *run, "kafka.Kafka", str(properties))
    addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    address = addresses[doors.names[0]]
    return Launch("apache", NAME, command, address, cluster_id, log, addresses, doors.log_in)


def _usable_java() -> Java:
    java = find_java()
    if java is None or java.major < JAVA_NEEDED:
        found = "none was found" if java is None else f"{java.path} is {java.major}"
        raise BrokerError(f"{NAME} needs Java {JAVA_NEEDED} or newer, {found}; {INSTALL_JAVA}")
    return java


async def _format(run: tuple[str, ...], properties: Path, cluster_id: str, log: Path, doors: Doors) -> None:
    storage = ["kafka.tools.StorageTool", "format", "--standalone", "--config", str(properties)]
    for name, password in doors.users.items():
        storage += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
    code = await completed((*run, *storage, f"--cluster-id={cluster_id}"), log, FORMAT_WITHIN_S)
    if code != 0:
        raise with_log(f"{NAME}: its storage could not be formatted (exit code {code})", last_lines(log))


def _escaped(path: Path) -> str:
    """Escape a path as Java's properties files want it."""
    return str(path).replace("\\", "\\\\")
