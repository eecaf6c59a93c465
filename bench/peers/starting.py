"""Which peers there are, what each needs, and how it is started."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.peers.job import JOBS, Job, Place
from streams.brokers.java import find_java
from streams.brokers.process import spawn

ROOT = Path(__file__).parents[2]
QUIX_PYTHON = ROOT / ".venv" / "quix" / "bin" / "python"
JAR = Path(__file__).with_name("kafka_streams") / "target" / "kafka-streams-peer.jar"


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to do the job.

    Attributes:
        title: its name in tables.
        jobs: those it can do.
        command: how it is started; for a place.
        lacks: says what is missing here and how to get it; None where nothing is.
        to_the_byte: whether it publishes our very bytes, headers included; else the same JSON.
        warms_with: how many other events it handles before anything is measured, as a virtual machine is slow
            until it has compiled what it runs.
    """

    title: str
    jobs: tuple[Job, ...]
    command: Callable[[Place], list[str]]
    lacks: Callable[[], str | None]
    to_the_byte: bool = True
    warms_with: int = 0


def _module(python: str, name: str) -> Callable[[Place], list[str]]:
    return lambda place: [python, "-m", f"bench.peers.{name}", *place.arguments()]


def _nothing() -> None:
    return None


def _quix_lacks() -> str | None:
    return None if QUIX_PYTHON.exists() else "its environment is not there: run `make .venv/quix/ready`"


def _java() -> str:
    java = find_java()
    return "java" if java is None else java.path


def _kafka_streams(place: Place) -> list[str]:
    return [
        *(_java(), "-Xmx512m", "-jar", str(JAR), "--brokers", place.broker, "--prefix", place.prefix),
        *("--app-id", place.group, "--state-dir", place.state),
        *("--session-timeout-s", str(round(place.session_s))),
    ]


def _kafka_streams_lacks() -> str | None:
    return None if JAR.exists() else f"it is not built: run `make {JAR.relative_to(ROOT)}`"


PEERS: Mapping[str, Peer] = {
    "ours": Peer("Slotrit (Faust)", JOBS, _module(sys.executable, "ours"), _nothing),
    "quix": Peer("Quix Streams", JOBS, _module(str(QUIX_PYTHON), "quix"), _quix_lacks),
    "bare": Peer("aiokafka alone", JOBS, _module(sys.executable, "bare"), _nothing),
    "streams": Peer(
        "Kafka Streams",
        ("standings",),
        _kafka_streams,
        _kafka_streams_lacks,
        to_the_byte=False,
        warms_with=30_000,
    ),
}


def start(peer: Peer, place: Place, log: Path) -> subprocess.Popen[bytes]:
    """Start a peer that dies with this process; to be called from the thread of the event loop.

    Raises:
        BrokerError: it cannot be started.
    """
    return spawn(peer.command(place), log)
