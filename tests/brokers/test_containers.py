"""The container files agree with the code; what was checked of them in other ways, their comments say."""

import re
from pathlib import Path

import pytest

from streams.agents.ending import END_WITHIN_S, STOP_TIMEOUT_S
from streams.brokers.jars import KAFKA

ROOT = Path(__file__).parents[2]


def service(name: str) -> str:
    """Give what the compose file says of a service, up to the comment or the service after it."""
    said = (ROOT / "docker-compose.yml").read_text("utf-8").partition(f"\n  {name}:\n")[2]
    return re.split(r"\n\n|\n\S", said, maxsplit=1)[0]


def test_compose_shows_the_gateway_to_this_machine_only() -> None:
    """It lets everybody in who can reach it, so nobody else may."""
    gateway = service("gateway")
    assert '"--open"' in gateway
    assert re.findall(r"- \"(\S+:8080:8080)\"", gateway) == ["127.0.0.1:8080:8080"]


def test_compose_runs_the_kafka_that_everything_is_tested_on() -> None:
    """The image in docker-compose.yml has the version of the jars."""
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert re.findall(r"image: apache/kafka:(\S+)", compose) == [KAFKA]


def test_compose_lets_workers_scale() -> None:
    """A worker has neither a container name nor a port on the host, and waits for the topics."""
    worker = service("worker")
    assert "condition: service_completed_successfully" in worker
    assert "container_name:" not in worker
    assert "ports:" not in worker


def test_compose_lets_a_worker_finish_what_it_has_in_hand() -> None:
    """Docker kills ten seconds after it has asked to end; a worker may take longer than that."""
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", service("worker"))
    assert int(grace) > STOP_TIMEOUT_S + END_WITHIN_S


@pytest.mark.parametrize("name", ["topics", "worker", "gateway"])
def test_compose_runs_ours_read_only(name: str) -> None:
    """Nothing has to be written, so nothing may be."""
    said = service(name)
    assert "read_only: true" in said
    assert "cap_drop: [ALL]" in said


def test_the_image_runs_as_nobody_special() -> None:
    """The last stage of the Dockerfile switches to a user that is not root before its entry point."""
    last = (ROOT / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$.*^ENTRYPOINT", last, re.DOTALL | re.MULTILINE)


def test_the_image_can_do_what_settings_switch_on() -> None:
    """`tracing` needs an extra, and nobody installs anything into an image."""
    (install,) = re.findall(r"pip install .*/dist/.*", (ROOT / "Dockerfile").read_text("utf-8"))
    assert re.search(r"\.whl\)\[otel\]\"$", install)
