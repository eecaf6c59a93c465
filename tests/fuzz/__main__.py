"""Fuzz a target: `python -m tests.fuzz {decoder,fold,converter} [--runs N] [--seed N]`.

Prints one line with what was tried and how; ends with 0, or where something does not hold with the input that
shows it in a file.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

from tests.fuzz.repeating import NOT_REPEATABLE, repeatable
from tests.fuzz.running import TARGETS, Limits, fuzz


def main() -> None:
    """Read the command line and fuzz, in a process that is the same each time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition(":")[0])
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--runs", type=int, default=1_000_000, help="how many inputs")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same inputs; not 0")
    parser.add_argument("--slowest", type=float, default=5.0, help="seconds of processor time for an input")
    parser.add_argument("--growth", type=int, default=300, help="MB that the process may grow by")
    parser.add_argument("--artefacts", type=Path, default=Path(), help="where an input that fails is kept")
    asked = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install --group fuzz; it has wheels for Linux on x86-64 only")
    if not repeatable(("-m", "tests.fuzz", *sys.argv[1:])):
        print(NOT_REPEATABLE, file=sys.stderr)  # noqa: T201
    fuzz(asked.target, Limits(asked.runs, asked.seed, asked.slowest, asked.growth), asked.artefacts)


if __name__ == "__main__":
    main()
