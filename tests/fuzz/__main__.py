"""Fuzz targets: `python -m tests.fuzz [decoder] [fold] [converter] [--runs N] [--seed N] [--processes N]`.

Prints one line for each process with what was tried and how; ends with 0, or where something does not hold
with the input that shows it in a file. `make fuzz` runs it.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

from tests.fuzz.repeating import NOT_REPEATABLE, repeatable
from tests.fuzz.running import TARGETS, Limits, fuzz
from tests.fuzz.side_by_side import run_each


def main() -> None:
    """Read the command line and fuzz, in processes that are the same each time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition(":")[0])
    # With `choices` argparse would hold the empty list, which is all targets, against them.
    parser.add_argument(
        "targets", nargs="*", metavar="|".join(TARGETS), help="which; without any all of them"
    )
    parser.add_argument("--runs", type=_positive, default=1_000_000, help="how many inputs of each")
    parser.add_argument("--seed", type=_positive, default=1, help="the same seed tries the same inputs")
    parser.add_argument(
        "--processes", type=_positive, default=1, help="so many seeds side by side, RUNS in all"
    )
    parser.add_argument("--slowest", type=float, default=5.0, help="seconds of processor time for an input")
    parser.add_argument("--growth", type=int, default=300, help="MB that a process may grow by")
    parser.add_argument("--artefacts", type=Path, default=Path(), help="where an input that fails is kept")
    asked = parser.parse_args()
    if unknown := set(asked.targets).difference(TARGETS):
        parser.error(f"there is no target {min(unknown)}; there are {', '.join(TARGETS)}")
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install --group fuzz; it has wheels for Linux on x86-64 only")
    if len(asked.targets) != 1 or asked.processes > 1:
        limits = ("--slowest", asked.slowest, "--growth", asked.growth, "--artefacts", asked.artefacts)
        targets = asked.targets or tuple(TARGETS)
        sys.exit(run_each(targets, asked.runs, asked.seed, asked.processes, [str(each) for each in limits]))
    if not repeatable(("-m", "tests.fuzz", *sys.argv[1:])):
        print(NOT_REPEATABLE, file=sys.stderr)  # noqa: T201
    fuzz(asked.targets[0], Limits(asked.runs, asked.seed, asked.slowest, asked.growth), asked.artefacts)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


if __name__ == "__main__":
    main()
