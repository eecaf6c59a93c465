"""What the worker serves beside its work, and that a loop that hangs does not keep it from doing so."""

import asyncio
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from streams.errors import SlotritError
from streams.operating.endpoint import endpoint
from streams.operating.life import Life, Seen
from streams.operating.metrics import Metrics

HANGS_S = 2.0


def _get(address: str, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _told(address: str, path: str) -> tuple[int, Any]:
    status, body = _get(address, path)
    return status, json.loads(body)


def test_metrics_and_health_are_served() -> None:
    """Metrics are text for Prometheus; a worker that starts is healthy, not ready; nothing else is there."""
    life = Life(60)
    with endpoint("127.0.0.1", 0, Metrics(("races",)), life) as address:
        status, text = _get(address, "/metrics?name=any")
        starting = _told(address, "/readyz"), _told(address, "/healthz")
        life.taking()
        life.beat({"races": Seen(finished=1, in_hand=2, lag=3, heard_s=0.5)})
        ready = _told(address, "/readyz")
        elsewhere = _get(address, "/config")

    assert status == 200
    assert b"slotrit_worker_events_total{" in text
    assert [status for status, _ in starting] == [503, 200]
    assert ready[0] == 200
    assert ready[1]["agents"]["races"] == {"in_hand": 2, "lag": 3, "still_s": 0.0}
    assert elsewhere[0] == 404


async def test_a_loop_that_hangs_is_told_while_it_hangs() -> None:
    """The answer comes from a thread, so the loop need not go round for it, and it is 503."""
    life = Life(HANGS_S / 4)
    life.taking()
    with endpoint("127.0.0.1", 0, Metrics(("races",)), life) as address, ThreadPoolExecutor(1) as asking:
        life.beat({})
        before = await asyncio.to_thread(_told, address, "/healthz")

        def ask_late() -> tuple[int, Any]:
            time.sleep(HANGS_S * 3 / 4)
            return _told(address, "/healthz")

        answer = asking.submit(ask_late)
        time.sleep(HANGS_S)  # noqa: ASYNC251 - it is to hang
        while_hanging = answer.result()
        life.beat({})
        after = await asyncio.to_thread(_told, address, "/healthz")

    assert (before[0], while_hanging[0], after[0]) == (200, 503, 200)
    assert "event loop" in while_hanging[1]["complaints"]["worker"]


def test_an_address_that_is_taken_is_one_line() -> None:
    """The error names both settings, and the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(
                SlotritError, match=rf"worker_metrics_port: 127\.0\.0\.1:{port} cannot be listened on"
            ),
            endpoint("127.0.0.1", port, Metrics(()), Life(60)),
        ):
            pass


def test_who_says_nothing_does_not_keep_others_from_asking() -> None:
    """A connection that is only held open costs a thread for some seconds and nothing else."""
    with (
        endpoint("127.0.0.1", 0, Metrics(()), Life(60)) as address,
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))),
    ):
        status, _ = _get(address, "/healthz")

    assert status == 200
