"""Many viewers of one gateway: what each is told, how late, and what it costs.

    python -m bench.viewers [CLIENTS] [EVENTS_PER_S]

Runs Apache Kafka, a worker and a gateway, connects 2,000 clients (or CLIENTS) of Server-Sent Events from
processes of their own, and publishes the men's 1000 m of Beijing at 2 events a second (or EVENTS_PER_S),
which is several times what a real race brings. Each client must be told every version of the standings, once
and in order. Prints what was delivered and lost, from publishing an event to the clients' having its
standings (median and 99th percentile, and the same for the finishes), and the gateway's memory with no
clients and with all of them. Then one client, with and without compression, measures what a viewer costs in
bytes; the race took 46 minutes. Everything shares this machine.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]

from bench.taken import cpu_s, memory_mb
from streams.brokers import running
from streams.brokers.ports import free_ports
from streams.demo.children import Child, child, environment, until_said
from streams.event_files import Line
from streams.processing.pipeline import Pipeline
from streams.settings import kafka_client
from tests.kafka.meeting import Meeting, events, meeting

FIXTURE = "2022-olympics-beijing"
RACE = "2022-olympics-beijing/M1000/-"
RACE_H = 46 / 60
PROCESSES = 2
SETTLE_S = 3.0
QUERY = "/api/stream?kind=races,standings,podium,pace,records,needs&race="
_SHEET = re.compile(rb'event: standings\ndata: \{"type":"standings","race_id":"[^"]+","version":(\d+),')


class _Viewer(asyncio.Protocol):
    """A client that notes when each version of the standings came, and counts bytes."""

    def __init__(self, port: int, race: str = RACE, *, gzip: bool = False) -> None:
        self.arrived: list[tuple[int, float]] = []
        self.bytes = 0
        self.ready = asyncio.Event()
        self.closed = False
        self._host, self._path, self._gzip = f"127.0.0.1:{port}", QUERY + race, gzip
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        encoding = "gzip" if self._gzip else "identity"
        head = f"GET {self._path} HTTP/1.1\r\nhost: {self._host}\r\naccept-encoding: {encoding}\r\n\r\n"
        transport.write(head.encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.bytes += len(data)
        if self._gzip:
            self.ready.set()
            return
        whole, end, rest = (self._held + data).rpartition(b"\n\n")
        self._held = rest if end else whole + end + rest
        if b"event: snapshot" in whole:
            self.ready.set()
        self.arrived += [(int(version), now) for version in _SHEET.findall(whole)]

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.closed = True


def _view(port: int, count: int, told: Connection) -> None:
    asyncio.run(_viewing(port, count, told))


async def _viewing(port: int, count: int, told: Connection) -> None:
    """Be so many clients until told to stop, then tell what each was told."""
    loop = asyncio.get_running_loop()
    viewers = []
    for _ in range(count):
        _, viewer = await loop.create_connection(lambda: _Viewer(port), "127.0.0.1", port)
        viewers.append(viewer)
        await viewer.ready.wait()
    told.send("ready")
    await loop.run_in_executor(None, told.recv)
    told.send([(viewer.arrived, viewer.bytes, viewer.closed) for viewer in viewers])


def versions(lines: Sequence[Line]) -> list[int | None]:
    """Say which version of the standings each timing event leads to; None where it changes nothing."""
    pipeline = Pipeline(openings=False)
    found: list[int | None] = []
    for line in lines:
        sheets = [
            json.loads(message.value)["version"]
            for message in pipeline.feed(line.stream, line.key, line.value)
            if message.stream == "standings"
        ]
        found.append(sheets[-1] if sheets else None)
    return found


async def publish(held: Meeting, timing: Sequence[Line], per_s: float) -> dict[int, tuple[float, bool]]:
    """Publish all but the first at a steady pace.

    Returns:
        By version of the standings when its event was sent, and whether that is a finish.
    """
    sent: dict[int, tuple[float, bool]] = {}
    producer = AIOKafkaProducer(**kafka_client(held.settings))
    await producer.start()
    began = time.monotonic()
    try:
        for number, (line, version) in enumerate(list(zip(timing, versions(timing), strict=True))[1:]):
            await asyncio.sleep(max(0.0, began + number / per_s - time.monotonic()))
            if version is not None:
                sent[version] = (time.time(), json.loads(line.value).get("distance_m") == 1000)
            await producer.send_and_wait(held.topic("timing"), line.value, key=line.key)
    finally:
        await producer.stop()
    return sent


@asynccontextmanager
async def gateway(held: Meeting, folder: Path) -> AsyncIterator[tuple[Child, int]]:
    """Run a gateway for the length of a block, and give it and its port."""
    (port,) = free_ports(1)
    arguments = ["serve", "--port", str(port)]
    async with child("gateway", environment(held.settings), folder, arguments) as process:
        await until_said(process, r"^Serving at (\S+)$", 30)
        while await asyncio.to_thread(_status, port) != 200:  # noqa: ASYNC110 - another process does not call
            await asyncio.sleep(0.1)
        yield process, port


def _status(port: int) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return int(answer.status)
    except OSError:
        return 0


def report(
    sent: dict[int, tuple[float, bool]], viewers: Sequence[tuple[list[tuple[int, float]], int, bool]]
) -> None:
    """Print what was delivered, lost and repeated, and how late."""
    wanted = sorted(sent)
    lost = repeated = disordered = 0
    took: list[tuple[float, bool]] = []
    for arrived, _, _ in viewers:
        got = [version for version, _ in arrived]
        lost += len(set(wanted) - set(got))
        repeated += len(got) - len(set(got))
        disordered += got != sorted(got)
        took += [(at - sent[version][0], sent[version][1]) for version, at in arrived if version in sent]
    print(f"{len(viewers)} clients, {len(wanted)} versions of the standings: {len(took)} delivered")
    print(f"{lost} lost, {repeated} twice, {disordered} clients out of order, "
          f"{sum(closed for _, _, closed in viewers)} closed")  # fmt: skip
    for name, some in (("all", [one for one, _ in took]), ("finishes", [one for one, end in took if end])):
        print(f"{name:<9} p50 {median(some) * 1000:.1f} ms   p99 {quantiles(some, n=100)[98] * 1000:.1f} ms")


async def measure(clients: int, per_s: float) -> None:
    """Run everything, and print what it took."""
    _, timing = events(FIXTURE)
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with running("apache") as broker, meeting(broker.address, folder / "worker.log") as held:
            held.start_worker()
            await held.publish(timing[:1])
            await held.all_done()
            async with gateway(held, folder) as (process, port):
                alone_mb, alone_s = memory_mb(process.process.pid), cpu_s(process.process.pid)
                viewing = _start(port, clients)
                await asyncio.gather(*(asyncio.to_thread(pipe.recv) for _, pipe in viewing))
                began = time.monotonic()
                sent = await publish(held, timing, per_s)
                took_s = time.monotonic() - began
                await asyncio.sleep(SETTLE_S)
                full_mb, full_s = memory_mb(process.process.pid), cpu_s(process.process.pid)
                told = await asyncio.to_thread(_end, viewing)
                report(sent, told)
                print(f"gateway: {alone_mb:.0f} MB with no client, {full_mb:.0f} MB with all: "
                      f"{(full_mb - alone_mb) * 1000 / clients:.0f} kB each; "
                      f"{(full_s - alone_s) / took_s:.0%} of a processor")  # fmt: skip
            await _bytes(held, folder, timing)


def _start(port: int, clients: int) -> list[tuple[Process, Connection]]:
    started = []
    for number in range(PROCESSES):
        ours, theirs = Pipe()
        count = clients // PROCESSES + (number < clients % PROCESSES)
        process = Process(target=_view, args=(port, count, theirs), daemon=True)
        process.start()
        started.append((process, ours))
    return started


def _end(viewing: Sequence[tuple[Process, Connection]]) -> list[tuple[list[tuple[int, float]], int, bool]]:
    told: list[tuple[list[tuple[int, float]], int, bool]] = []
    for process, pipe in viewing:
        pipe.send("stop")
        told += pipe.recv()
        process.join()
    return told


def _same(viewer: _Viewer) -> _Viewer:
    return viewer


async def _bytes(held: Meeting, folder: Path, timing: Sequence[Line]) -> None:
    """Print what one viewer of the whole race costs, plain and compressed."""
    other = [
        Line(line.file, line.number, line.value.replace(b"M1000/-", b"M1000/A").replace(
            b'"division": "-"', b'"division": "A"').replace(b'"division":"-"', b'"division":"A"'),
            line.stream, (line.key or b"").replace(b"M1000/-", b"M1000/A"))
        for line in timing
    ]  # fmt: skip
    loop = asyncio.get_running_loop()
    async with gateway(held, folder) as (_, port):
        viewers = [_Viewer(port, "2022-olympics-beijing/M1000/A", gzip=gzip) for gzip in (False, True)]
        for viewer in viewers:
            await loop.create_connection(partial(_same, viewer), "127.0.0.1", port)
            await viewer.ready.wait()
        before = [viewer.bytes for viewer in viewers]
        for line in other:
            await held.publish([line])
        await held.all_done()
        await asyncio.sleep(SETTLE_S)
    for viewer, start, how in zip(viewers, before, ("plain", "gzip"), strict=True):
        print(f"one viewer, {how}: {(viewer.bytes - start) / 1e6 / RACE_H:.2f} MB an hour")


if __name__ == "__main__":
    told_ = [float(argument) for argument in sys.argv[1:3]]
    count_, pace_ = told_ + [2000.0, 2.0][len(told_) :]
    asyncio.run(measure(int(count_), pace_))
