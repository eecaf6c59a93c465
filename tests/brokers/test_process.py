"""Starting, waiting and stopping, with shell scripts in a broker's place."""

import asyncio
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from streams.brokers import Broker, BrokerError, process, running
from streams.brokers.launch import Launch
from streams.brokers.ports import HIGHEST, LOWEST, free_ports
from tests.brokers.bell import Bell


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The return codes of the processes that a broker's start had to kill, so far."""
    codes: list[int] = []

    def kill(child: subprocess.Popen[bytes]) -> None:
        process.kill(child)
        codes.append(child.returncode)

    monkeypatch.setattr("streams.brokers.local.kill", kill)
    return codes


def script(folder: Path, text: str, address: str = "127.0.0.1:9") -> Launch:
    """Make a launch that runs a shell script; on port 9 nobody answers."""
    return Launch("tansu", "Pretender", ("/bin/sh", "-c", text), address, "no-cluster", folder / "broker.log")


async def test_a_broker_that_ends_at_once_shows_its_last_words(tmp_path: Path) -> None:
    """The message has the name, the address and the code; the end of the log is a note."""
    broker = Broker(script(tmp_path, "echo cannot do this; exit 3"))
    with pytest.raises(BrokerError) as caught:
        await broker.start()
    assert str(caught.value) == "Pretender on 127.0.0.1:9 ended with code 3 before it answered"
    assert caught.value.__notes__ == ["the last lines of the broker's log:\n  cannot do this"]


async def test_a_broker_that_never_answers_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: list[int]
) -> None:
    """The wait is bounded, and the process does not stay."""
    monkeypatch.setattr("streams.brokers.local.READY_WITHIN_S", 0.3)
    with pytest.raises(BrokerError, match=r"Pretender on 127.0.0.1:9 did not answer within 0 s"):
        await Broker(script(tmp_path, "exec sleep 60")).start()
    assert killed == [-signal.SIGKILL]


async def test_a_cancelled_start_ends_the_process(tmp_path: Path, killed: list[int]) -> None:
    """Ctrl-C while a broker starts leaves no process."""
    bell = Bell(tmp_path / "bell")
    starting = asyncio.create_task(Broker(script(tmp_path, f"echo up > {bell.path}; exec sleep 60")).start())
    await bell.rung()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert killed == [-signal.SIGKILL]


@pytest.mark.tansu
async def test_another_broker_on_the_port_is_not_mistaken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer counts only with the cluster id that our broker was given."""
    async with running("tansu") as other:
        monkeypatch.setattr("streams.brokers.local.READY_WITHIN_S", 0.3)
        with pytest.raises(BrokerError, match="did not answer"):
            await Broker(script(tmp_path, "exec sleep 60", other.address)).start()


async def test_what_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a bounded time, SIGKILL."""
    monkeypatch.setattr(process, "STOP_WITHIN_S", 0.1)
    bell = Bell(tmp_path / "bell")
    text = f"trap '' TERM; echo up > {bell.path}; while :; do sleep 60; done"
    child = process.spawn(("/bin/sh", "-c", text), tmp_path / "log")
    await bell.rung()
    await process.stop(child)
    assert child.returncode == -signal.SIGKILL


async def test_what_obeys_sigterm_is_not_killed(tmp_path: Path) -> None:
    """A process that ends by itself gets the time to."""
    bell = Bell(tmp_path / "bell")
    text = f"trap 'exit 7' TERM; echo up > {bell.path}; while :; do sleep 0.05; done"
    child = process.spawn(("/bin/sh", "-c", text), tmp_path / "log")
    await bell.rung()
    await process.stop(child)
    assert child.returncode == 7


async def test_a_command_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    """Its code is None then, as against 0 for one that finishes."""
    assert await process.completed(("/bin/sh", "-c", "exec sleep 60"), tmp_path / "log", 0.1) is None
    assert await process.completed(("/bin/sh", "-c", "echo done"), tmp_path / "log", 20) == 0
    assert process.last_lines(tmp_path / "log") == ("done",)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
async def test_an_orphan_does_not_even_start(tmp_path: Path) -> None:
    """A leash whose parent is gone already, here process 0, runs nothing."""
    leash = (sys.executable, str(process.LEASH), "0", "/bin/echo", "started")
    assert await process.completed(leash, tmp_path / "log", 20) == 1
    assert process.last_lines(tmp_path / "log") == ()


def test_the_log_of_a_process_that_never_wrote_is_empty(tmp_path: Path) -> None:
    """No log, no lines, no error."""
    assert process.last_lines(tmp_path / "none") == ()


def test_free_ports_are_different_and_below_those_of_clients() -> None:
    """Ports lie below the range of outgoing connections, and one that is listened on is not among them."""
    found = free_ports(20)
    assert len(set(found)) == 20
    assert all(LOWEST <= port < HIGHEST for port in found)


def test_no_free_port_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every port is listened on, the error says which range was tried."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr("random.sample", lambda _population, k: [port] * k)
        with pytest.raises(BrokerError, match=r"no 2 free TCP ports between 20000 and 32000"):
            free_ports(2)
