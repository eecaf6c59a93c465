"""Short runs of the fuzzers, the same each time; `make fuzz` tries a million inputs of each."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.repeating import NOT_REPEATABLE
from tests.fuzz.running import TARGETS
from tests.fuzz.side_by_side import shares

RUNS = {"decoder": 5_000, "fold": 500, "converter": 800}
"""How many inputs take some seconds."""

_WORD = re.compile(
    r"(?P<name>\w+): (?P<inputs>\d+) inputs, seed (?P<seed>\d+), fingerprint (?P<print>[0-9a-f]{16}), "
    r"\d+ s \(\d+ s of processor\), \d+ inputs/s, slowest \d+ ms, peak \d+ MB, "
    r"grown by -?\d+ MB since the first tenth"
)

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed; it has wheels for Linux on x86-64: pip install --group fuzz",
)


def run(target: str, runs: int, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Fuzz in a process of its own."""
    command = [sys.executable, "-m", "tests.fuzz", target, "--runs", str(runs), "--artefacts", str(folder)]
    return subprocess.run(
        [*command, *more],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )


def last_word(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Read what a run says of itself at its end."""
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-8_000:]
    found = _WORD.fullmatch(done.stdout.splitlines()[-1])
    assert found is not None, done.stdout
    return found.groupdict()


@needs_atheris
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_nothing_raises_hangs_or_grows(target: str, tmp_path: Path) -> None:
    """As many inputs as asked for are tried, and all holds for each."""
    told = last_word(run(target, RUNS[target], tmp_path, "--seed", "7"))
    assert (told["name"], told["inputs"], told["seed"]) == (target, str(RUNS[target]), "7")
    assert list(tmp_path.iterdir()) == []


@needs_atheris
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_run_can_be_repeated(target: str, tmp_path: Path) -> None:
    """The same seed tries the same inputs, another one others."""
    done = [run(target, 400, tmp_path, "--seed", seed) for seed in ("3", "3", "4")]
    one, again, other = (last_word(each)["print"] for each in done)
    assert one != other
    if NOT_REPEATABLE in done[0].stderr:
        pytest.skip(NOT_REPEATABLE)
    assert one == again


@needs_atheris
@pytest.mark.parametrize(("limit", "reason"), [("--slowest", "took "), ("--growth", "grew by ")])
def test_a_limit_that_is_passed_fails_the_run(limit: str, reason: str, tmp_path: Path) -> None:
    """An input that takes too long, or a process that grows, is a failure with the input in a file."""
    too_low = {"--slowest": "0", "--growth": "-100000"}[limit]
    done = run("decoder", 1_000, tmp_path, limit, too_low)
    assert done.returncode != 0
    assert reason in done.stdout + done.stderr
    assert len(list(tmp_path.iterdir())) == 1


@needs_atheris
def test_a_target_runs_with_several_seeds_side_by_side(tmp_path: Path) -> None:
    """All inputs together are as many as asked for, and each process says its own."""
    done = run("decoder", 401, tmp_path, "--seed", "7", "--processes", "2")
    assert done.returncode == 0, done.stderr[-8_000:]
    said = [_WORD.fullmatch(line) for line in done.stdout.splitlines()]
    assert sorted((int(each["seed"]), int(each["inputs"])) for each in said if each) == [(7, 201), (8, 200)]
    assert len({each["print"] for each in said if each}) == 2


@needs_atheris
def test_one_of_several_that_fails_fails_the_run(tmp_path: Path) -> None:
    """And what it said of why is shown."""
    done = run("decoder", 400, tmp_path, "--processes", "2", "--slowest", "0")
    assert done.returncode == 1
    assert "took " in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("runs", "processes", "parts"), [(10, 1, [10]), (10, 3, [4, 3, 3]), (2, 3, [1, 1]), (1, 1, [1])]
)
def test_inputs_are_shared_out(runs: int, processes: int, parts: list[int]) -> None:
    """As evenly as they can be; a process without any is not started."""
    assert list(shares(runs, processes)) == parts
