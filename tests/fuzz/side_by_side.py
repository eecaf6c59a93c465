"""Running targets in processes of their own, several seeds side by side, one line printed by each."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, NamedTuple

_SHOWN_OF_A_FAILURE = 12_000
"""How many bytes of what a process said at its end are shown where it failed; a traceback takes some."""


class _Running(NamedTuple):
    process: subprocess.Popen[bytes]
    said: IO[bytes]


def shares(runs: int, processes: int) -> Iterator[int]:
    """Split a number of inputs into as many parts that sum to it, none of them 0."""
    for number in range(min(processes, runs)):
        yield runs // processes + (number < runs % processes)


def run_each(targets: Sequence[str], runs: int, seed: int, processes: int, limits: Sequence[str]) -> int:
    """Run targets one after the other, each in several processes at once with seeds that follow each other.

    What they print goes to standard output; of what the fuzzer tells about itself only the end, of one that
    fails.

    Args:
        targets: which.
        runs: inputs of each target, those of all its processes together.
        seed: that of the first process.
        processes: how many at once, at least 1.
        limits: further options, for each process.

    Returns:
        0, or where a process failed 1; targets after that are not run.
    """
    for target in targets:
        started = [
            _started(target, ("--runs", str(share), "--seed", str(seed + number), *limits))
            for number, share in enumerate(shares(runs, processes))
        ]
        # All of them are waited for, so that none goes on alone.
        failed = [each for each in started if each.process.wait() != 0]
        for each in failed:
            each.said.seek(max(0, each.said.seek(0, 2) - _SHOWN_OF_A_FAILURE))
            sys.stderr.write(each.said.read().decode(errors="replace"))
        if failed:
            return 1
    return 0


def _started(target: str, options: Sequence[str]) -> _Running:
    said = TemporaryFile()  # noqa: SIM115 - read when the process has ended
    command = [sys.executable, "-m", "tests.fuzz", target, *options]
    return _Running(subprocess.Popen(command, stderr=said), said)
