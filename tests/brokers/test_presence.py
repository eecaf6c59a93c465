"""What a test run says on a machine without Java: small runs of pytest in an empty folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.kafka
def test_marked(): pass

def test_with_a_broker(kafka_address): pass

def test_plain(): pass
"""


def pytest_run(folder: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Run pytest with the plugin where no program is on the path; gives the code and the lines printed."""
    (folder / "test_it.py").write_text(TESTS)
    settings = "[pytest]\nmarkers =\n  kafka: real\nasyncio_default_fixture_loop_scope = function\n"
    (folder / "pytest.ini").write_text(settings)
    plain = {name: value for name, value in os.environ.items() if name not in {"JAVA_HOME", "REQUIRE_KAFKA"}}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.kafka_presence", "-ra", *arguments],
        cwd=folder,
        env={**plain, "PATH": str(folder), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_without_java_the_last_lines_say_so(tmp_path: Path) -> None:
    """Tests on Kafka are skipped, and after pytest's own summary the run says how many and why."""
    code, lines = pytest_run(tmp_path)
    assert code == 0
    assert "THE KAFKA TESTS DID NOT RUN" in lines[-4]
    assert lines[-3].startswith("2 of the tests need Apache Kafka, and no Java was found; install Java 17")
    assert "REQUIRE_KAFKA=1 makes this a failure" in lines[-2]
    assert "1 passed, 2 skipped" in lines[-1]


def test_without_java_a_required_kafka_is_a_failure(tmp_path: Path) -> None:
    """With REQUIRE_KAFKA=1 each test on Kafka fails and says why; the others still run."""
    code, lines = pytest_run(tmp_path, REQUIRE_KAFKA="1")
    assert code == 1
    assert "THE KAFKA TESTS DID NOT RUN" in lines[-3]
    assert "1 passed, 2 errors" in lines[-1]


@pytest.mark.parametrize("arguments", [("-m", "not kafka"), ("-k", "plain")])
def test_a_run_without_tests_on_kafka_says_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Who selects other tests is not told about Kafka; a test with a broker fixture counts as marked."""
    code, lines = pytest_run(tmp_path, *arguments)
    assert code == 0
    assert not any("KAFKA" in line for line in lines)
    assert "1 passed, 2 deselected" in lines[-1]
