"""What a test run says on a machine without a browser: small runs of pytest in an empty folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.browser
def test_marked(): pass

@pytest.fixture
def visit(): pass

def test_with_a_page(visit): pass

def test_plain(): pass
"""


def pytest_run(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Run pytest with the plugin where no program is on the path; gives the code and the lines printed."""
    (folder / "test_it.py").write_text(TESTS)
    settings = "[pytest]\nmarkers =\n  browser: real\nasyncio_default_fixture_loop_scope = function\n"
    (folder / "pytest.ini").write_text(settings)
    plain = {name: value for name, value in os.environ.items() if name not in {"CHROMIUM", "REQUIRE_BROWSER"}}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.browser_presence",
            "-ra",
            "--strict-markers",
            *arguments,
        ],
        cwd=folder,
        env={**plain, "PATH": str(folder), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({}, "there is none: apt-get install chromium, or name one with CHROMIUM"),
        ({"CHROMIUM": "/no/browser"}, "CHROMIUM names /no/browser, which cannot be run"),
    ],
)
def test_without_a_browser_the_last_lines_say_so(
    tmp_path: Path, environment: dict[str, str], why: str
) -> None:
    """Tests in a browser are skipped, and after pytest's own summary the run says how many and why."""
    code, lines = pytest_run(tmp_path, **environment)
    assert code == 0
    assert "THE BROWSER TESTS DID NOT RUN" in lines[-4]
    assert lines[-3] == f"2 of the tests need Chromium, and {why}."
    assert "REQUIRE_BROWSER=1 makes this a failure" in lines[-2]
    assert "1 passed, 2 skipped" in lines[-1]


def test_without_a_browser_a_required_one_is_a_failure(tmp_path: Path) -> None:
    """With REQUIRE_BROWSER=1 each test in a browser fails and says why; the others still run."""
    code, lines = pytest_run(tmp_path, REQUIRE_BROWSER="1")
    assert code == 1
    assert "THE BROWSER TESTS DID NOT RUN" in lines[-3]
    assert "1 passed, 2 errors" in lines[-1]


@pytest.mark.parametrize("arguments", [("-m", "not browser"), ("-k", "plain")])
def test_a_run_without_tests_in_a_browser_says_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Who selects other tests is not told about browsers; a test that visits a page counts as marked."""
    code, lines = pytest_run(tmp_path, *arguments)
    assert code == 0
    assert not any("BROWSER" in line for line in lines)
    assert "1 passed, 2 deselected" in lines[-1]
