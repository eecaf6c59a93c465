"""What `.ci/run` runs is what is promised of it."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_ci_takes_the_same_examples_at_every_run() -> None:
    """It says that it is one before the tests begin; `conftest.py` looks for that."""
    before = (ROOT / ".ci" / "run").read_text("utf-8").partition("\nmake check")[0]

    assert re.search(r"^export CI=\S", before, re.MULTILINE)


def test_what_promises_hang_on_is_pinned_and_is_what_is_tested() -> None:
    """Private methods of these two are overridden, and any release may change them."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]

    for name in ("faust-streaming", "aiokafka"):
        assert f"{name}=={version(name)}" in needed
