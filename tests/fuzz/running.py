"""Running a target under the coverage-guided fuzzer atheris: counted, timed, weighed, and repeatable.

A run is told by its target, its number of inputs and its seed; the fingerprint that it prints is made of all
inputs in their order, so that two runs that print the same have tried the same.
"""

import gc
import importlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.taken import memory_mb, peak_mb

Target = Callable[[bytes], None]


class Fuzzed(NamedTuple):
    """A target by the names of its module and function, that of its seeds, and how long an input may be.

    `unwatched` is what is imported without counting where the program goes in it, since it guides nobody here
    and costs time. `compares` says whether what the program compares is watched too: bytes that are only
    numbers to choose by, are not what the program compares with anything.
    """

    module: str
    function: str
    seeds: str
    longest: int
    unwatched: tuple[str, ...] = ()
    compares: bool = True


TARGETS = {
    "decoder": Fuzzed("tests.fuzz.decoding", "decoded", "for_decoding", 8_192),
    "fold": Fuzzed(
        "tests.fuzz.folding",
        "folded",
        "for_folding",
        192,
        (
            "schemas.outputs",
            "schemas.timing",
            "schemas.results",
            "schemas.performances",
            "streams.processing.ledger",
            "streams.skating.times",
        ),
        compares=False,
    ),
    "converter": Fuzzed(
        "tests.fuzz.converting",
        "converted",
        "for_converting",
        30_000,
        ("streams.skating.fold", "schemas.reference", "schemas.timing"),
        compares=False,
    ),
}

_EVERY = 50_000
"""After how many inputs each a run says on standard error what it has come to."""

HANGS_AFTER_S = 120
"""Seconds of wall clock after which an input hangs: far more than `slowest_s`, for a busy machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many inputs, from which seed, and what ends a run as failed.

    `slowest_s` are seconds of processor time for one input. `growth_mb` is what the process may grow by after
    the first tenth of its inputs, in which it comes to know its code and builds its collection.
    """

    runs: int
    seed: int
    slowest_s: float
    growth_mb: int


@dataclass(slots=True)
class Count:
    """What a run has come to."""

    inputs: int = 0
    began: float = field(default_factory=time.monotonic)
    slowest_s: float = 0.0
    settled_mb: float = 0.0
    fingerprint: Any = field(default_factory=lambda: blake2b(digest_size=8))


def fuzz(name: str, limits: Limits, artefacts: Path) -> None:
    """Run a target and end the process: with 0, or where something does not hold with another code.

    Args:
        name: one of `TARGETS`.
        limits: see there.
        artefacts: where an input that fails is kept.

    Raises:
        ModuleNotFoundError: atheris is not installed.
    """
    atheris = importlib.import_module("atheris")
    watched = importlib.import_module("atheris.import_hook").HookManager
    fuzzed = TARGETS[name]
    for module in fuzzed.unwatched:
        importlib.import_module(module)
    with watched({"streams", "schemas"}, set(), enable_loader_override=True, trace_dataflow=fuzzed.compares):
        target: Target = getattr(importlib.import_module(fuzzed.module), fuzzed.function)
    seeds: Callable[[], Iterator[bytes]] = getattr(importlib.import_module("tests.fuzz.seeds"), fuzzed.seeds)
    folder = TemporaryDirectory(prefix="slotrit-fuzz-")
    for number, seed in enumerate(seeds()):
        (Path(folder.name) / f"{number:04}").write_bytes(seed)
    count = Count()
    # What there is by now stays, and need not be looked through for rubbish again and again.
    gc.collect()
    gc.freeze()

    def one(data: bytes) -> None:
        _tried(target, data, count, limits)
        if count.inputs % _EVERY == 0:
            print(report(name, count, limits), file=sys.stderr, flush=True)  # noqa: T201 - it takes long
        if count.inputs == limits.runs:
            print(report(name, count, limits), flush=True)  # noqa: T201 - what the run is for
            folder.cleanup()
            os._exit(0)

    arguments = [
        sys.argv[0],
        folder.name,
        # Looking into the folder again every second would make what is tried depend on the clock.
        "-reload=0",
        "-mutate_depth=2",
        f"-seed={limits.seed}",
        f"-max_len={fuzzed.longest}",
        f"-timeout={HANGS_AFTER_S}",
        f"-artifact_prefix={artefacts}{os.sep}",
        "-rss_limit_mb=0",
        "-print_final_stats=0",
        "-verbosity=0",
    ]
    mutator = None if name == "fold" else _mutator(atheris, name)
    atheris.Setup(arguments, one, custom_mutator=mutator) if mutator else atheris.Setup(arguments, one)
    atheris.Fuzz()


def _mutator(atheris: Any, name: str) -> Callable[[bytes, int, int], bytes]:
    mutated = importlib.import_module("tests.fuzz.mutating").mutated

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - a change, not a secret
        changed: bytes = mutated(name, data, chance)
        if changed == data or chance.randrange(4) == 0:
            changed = atheris.Mutate(changed, longest)
        return changed[:longest]

    return mutate


def _tried(target: Target, data: bytes, count: Count, limits: Limits) -> None:
    """Try one input, and hold time and memory against the limits.

    Raises:
        AssertionError: where the input took too long or the process grew too much, or the target says so.
    """
    began = time.thread_time()
    target(data)
    took = time.thread_time() - began
    count.inputs += 1
    count.fingerprint.update(len(data).to_bytes(4) + data)
    count.slowest_s = max(count.slowest_s, took)
    assert took <= limits.slowest_s, f"took {took:.1f} s for {len(data)} bytes"
    if count.inputs == max(1, limits.runs // 10):
        count.settled_mb = memory_mb()
    if count.settled_mb and count.inputs % 1_000 == 0:
        grown = memory_mb() - count.settled_mb
        assert grown <= limits.growth_mb, f"grew by {grown:.0f} MB after {count.inputs} inputs"


def report(name: str, count: Count, limits: Limits) -> str:
    """Say in one line what a run has come to."""
    took, worked = time.monotonic() - count.began, time.process_time()
    grown = memory_mb() - count.settled_mb if count.settled_mb else 0
    return (
        f"{name}: {count.inputs} inputs, seed {limits.seed}, fingerprint {count.fingerprint.hexdigest()}, "
        f"{took:.0f} s ({worked:.0f} s of processor), {count.inputs / took:.0f} inputs/s, "
        f"slowest {count.slowest_s * 1000:.0f} ms, peak {peak_mb():.0f} MB, "
        f"grown by {grown:.0f} MB since the first tenth"
    )
