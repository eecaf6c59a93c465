"""Workers as processes, and somebody who starts them again when they end."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from streams.brokers.process import LEASH
from streams.settings import Settings

_AGAIN_AFTER_S = 0.5
_LOOK_S = 0.1
_STOP_WITHIN_S = 60.0
_JOIN_WITHIN_S = 60.0
_STARTED = b"worker.started"


def environment(settings: Settings) -> Mapping[str, str]:
    """Give what a command of ours has to find in its environment to work with these settings."""
    return {
        **os.environ,
        "SLOTRIT_BROKERS": ",".join(settings.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": settings.topic_prefix,
        "SLOTRIT_APP_ID": settings.app_id,
        "SLOTRIT_PARTITIONS": str(settings.partitions),
        "SLOTRIT_REPLICATION": str(settings.replication),
        "SLOTRIT_SESSION_TIMEOUT_S": str(settings.session_timeout_s),
        "SLOTRIT_BROKER_TIMEOUT_S": str(settings.broker_timeout_s),
        "SLOTRIT_LOG_FORMAT": "json",
    }


def last_words(log: str) -> str:
    """Find what a worker said of its end: the reason or exception of its last crash, else its last line."""
    lines = [line for line in log.splitlines() if line.strip()]
    for line in reversed(lines):
        if line.startswith("{") and '"worker.crash"' in line:
            crash = json.loads(line)
            trace = str(crash.get("exception", "")).strip().splitlines()
            return str(crash.get("reason") or (trace[-1] if trace else "worker.crash"))
    return lines[-1] if lines else "nothing"


def slotrit(*arguments: str) -> list[str]:
    """Spell our own command as it is installed beside this Python."""
    return [str(Path(sys.executable).with_name("slotrit")), *arguments]


@dataclass(slots=True)
class Workers:
    """The workers there are; whoever ends is started again, as a supervisor would.

    Attributes:
        settings: what they work with.
        folder: where each writes its log.
        wanted: how many there are to be.
        running: those there are, the oldest first.
        crashes: the last words of those that ended with a code other than 0 without having been told to.
        unclean: how often one that was told to stop ended with a code other than 0.
    """

    settings: Settings
    folder: Path
    wanted: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    unclean: list[int] = field(default_factory=list)
    _told: set[int] = field(default_factory=set)
    _logs: dict[int, Path] = field(default_factory=dict)
    _started: int = 0

    def start(self) -> None:
        """Start one more; to be called from the thread of the event loop, see `leash`."""
        self._started += 1
        leashed = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *slotrit("worker")]
        with self._log().open("ab") as log:
            worker = subprocess.Popen(
                leashed,
                env=environment(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(worker)
        self._logs[worker.pid] = self._log()

    def one(self, target: int) -> subprocess.Popen[bytes]:
        """Give one of them, counted round."""
        return self.running[target % len(self.running)]

    def send(self, worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal; one that ends it is remembered, so that its end is no crash."""
        if number in {signal.SIGKILL, signal.SIGTERM}:
            self._told.add(worker.pid)
        worker.send_signal(number)

    async def joined(self) -> None:
        """Wait until there are as many as are wanted and the newest has started, at most a minute."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_JOIN_WITHIN_S):
                while len(self.running) < self.wanted or _STARTED not in self._log().read_bytes():  # noqa: ASYNC110 - a child does not call
                    await asyncio.sleep(_LOOK_S)

    def _log(self) -> Path:
        return self.folder / f"worker-{self._started:03}.log"

    async def supervise(self) -> None:
        """Start whoever ends again, and as many as are wanted, for ever."""
        while True:
            gone = [worker for worker in self.running if worker.poll() is not None]
            for worker in gone:
                self._note(worker)
            if gone:
                await asyncio.sleep(_AGAIN_AFTER_S)
            while len(self.running) < self.wanted:
                self.start()
            await asyncio.sleep(_LOOK_S)

    async def stop(self) -> None:
        """Stop all, with SIGKILL those that have not gone after 60 s."""
        for worker in self.running:
            self.send(worker, signal.SIGCONT)
            self.send(worker, signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_WITHIN_S):
                while any(worker.poll() is None for worker in self.running):  # noqa: ASYNC110 - a child does not call
                    await asyncio.sleep(_LOOK_S)
        finally:
            for worker in list(self.running):
                worker.kill()
                worker.wait()
                self._note(worker)

    def _note(self, worker: subprocess.Popen[bytes]) -> None:
        self.running.remove(worker)
        log = self._logs.pop(worker.pid)
        if worker.pid not in self._told and worker.returncode:
            self.crashes.append(f"{log.name}: code {worker.returncode}: {last_words(log.read_text('utf-8'))}")
        elif worker.returncode not in {0, -signal.SIGKILL}:
            self.unclean.append(worker.returncode)
        self._told.discard(worker.pid)
