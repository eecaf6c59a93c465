"""The commands on a secured broker, each as a user of its own, and everything that they print."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO

from streams.settings import Settings
from tests.security.granting import Acl, grant, owner, read_commands, revoke
from tests.security.guarded import GOOD, PASSWORDS

USERS = {"setup": "setup", "worker": "worker", "viewer": "viewer", "producer": "timing", "operator": "duty"}
"""Who has which role."""

FIXTURES = Path(__file__).parents[2] / "fixtures"
PREFIX, GROUP = "guarded.", "guarded-workers"
PATIENCE_S = 60.0


@dataclass(slots=True)
class Running:
    """A command that runs: the lines that it has printed, standard output and standard error in one."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    reader: Thread | None = None

    def until(self, words: str) -> str:
        """Wait for a line with some words for a minute, and give it."""
        read = iter(self._line_after_line())
        line = next((line for line in read if words in line), None)
        assert line is not None, f"{words!r} was never said:\n" + "".join(self.lines)
        return line

    def _line_after_line(self) -> Iterator[str]:
        seen, deadline = 0, time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            while seen < len(self.lines):
                yield self.lines[seen]
                seen += 1
            assert self.reader is not None
            if not self.reader.is_alive() and seen == len(self.lines):
                return
            self.reader.join(0.05)

    def ended(self) -> int:
        """Wait for its end, and give the return code."""
        code = self.process.wait(PATIENCE_S)
        if self.reader is not None:
            self.reader.join()
        return code


@dataclass(slots=True)
class Installation:
    """A secured broker and what is needed to run commands on it; `said` has everything that they printed."""

    doors: Mapping[str, str]
    authority: Path
    folder: Path
    said: list[str] = field(default_factory=list)

    def environment(self, user: str, **settings: str) -> dict[str, str]:
        """Give the variables for a user's commands; those that are told go before the others."""
        told = {
            "brokers": self.doors[GOOD],
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_username": user,
            "sasl_password": PASSWORDS[user],
            "ssl_cafile": str(self.authority),
            "topic_prefix": PREFIX,
            "app_id": GROUP,
            "partitions": "1",
            "broker_timeout_s": "15",
            "session_timeout_s": "6",
            "log_format": "json",
            **settings,
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("SLOTRIT_")}
        return others | {f"SLOTRIT_{name.upper()}": value for name, value in told.items() if value}

    def run(self, user: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as a user."""
        done = subprocess.run(
            [_slotrit(), *arguments],
            env=self.environment(user, **settings),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.said += [done.stdout, done.stderr]
        return done

    def ran(self, user: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command that succeeds."""
        done = self.run(user, *arguments, **settings)
        assert done.returncode == 0, done.stderr
        return done

    @contextmanager
    def running(self, user: str, *arguments: str, **settings: str) -> Iterator[Running]:
        """Run a command for the length of a block, and end it with SIGTERM if it has not ended by itself."""
        process = subprocess.Popen(
            [_slotrit(), *arguments],
            env=self.environment(user, **settings),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        command = Running(process)
        command.reader = Thread(target=_collect, args=(process.stdout, command.lines.append))
        command.reader.start()
        try:
            yield command
        finally:
            process.terminate()
            try:
                command.ended()
            finally:
                process.kill()
                self.said += command.lines

    def settings(self, user: str) -> Settings:
        """Give the settings of a user, for clients in the test itself."""
        return Settings(
            brokers=(self.doors[GOOD],),
            security_protocol="SASL_SSL",
            sasl_mechanism="SCRAM-SHA-512",
            sasl_username=user,
            sasl_password=PASSWORDS[user],
            ssl_cafile=self.authority,
            topic_prefix=PREFIX,
            app_id=GROUP,
            partitions=1,
        )

    async def grant_printed(self, commands: Iterable[str]) -> None:
        """Grant what `slotrit topics --acls` printed."""
        async with owner(self.doors[GOOD], self.authority) as admin:
            await grant(admin, read_commands(commands))

    @contextmanager
    def without(self, user: str, operation: str, kind: str, name: str) -> Iterator[None]:
        """Take an entry away for the length of a block."""
        acl = Acl(f"User:{user}", operation, kind, name)
        asyncio.run(self._alter(revoke, acl))
        try:
            yield
        finally:
            asyncio.run(self._alter(grant, acl))

    async def _alter(self, alter: Callable[..., object], acl: Acl) -> None:
        async with owner(self.doors[GOOD], self.authority) as admin:
            altered = alter(admin, [acl])
            assert asyncio.iscoroutine(altered)
            await altered


def _slotrit() -> str:
    return str(Path(sys.executable).with_name("slotrit"))


def _collect(stream: IO[str], heard: Callable[[str], None]) -> None:
    with stream:
        for line in stream:
            heard(line)
