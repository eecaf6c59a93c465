"""The pages' own modules keep what their tests say, run by Node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).parent / "pages").glob("*.test.mjs"))


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        reason = "node is not installed: the pages' modules were not tested"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1, but {reason}")
        pytest.skip(reason)
    return node


def test_there_are_tests_of_the_pages() -> None:
    """An empty folder must not pass for tested pages."""
    assert TESTS, "no tests/gateway/pages/*.test.mjs"


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_the_modules_of_the_pages_keep_their_promises(file: Path) -> None:
    """Every `node --test` file beside this one passes."""
    done = subprocess.run(
        [_node(), "--test", str(file)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
