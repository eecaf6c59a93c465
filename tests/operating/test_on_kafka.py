"""Metrics and health of a real worker on a real broker."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from streams.event_files import Line
from streams.processing.messages import Stream
from streams.topics import CHANGELOGS, on_broker
from tests.kafka.meeting import OUTPUTS, PATIENCE_S, Meeting, assert_equal, events, meeting
from tests.kafka_presence import HostedBroker

FIXTURE = "torture"
PATIENCE_OF_HEALTH_S = 1
LOT = 30
LOOKS = 10
"""How often a worker says that it has nothing in hand, ten times a second, before that is believed."""


class Looking:
    """Whoever looks after a worker: Prometheus, and what restarts it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def metrics(self) -> dict[tuple[str, ...], float]:
        """Read all samples, by name and the values of their labels in the order of the labels' names."""
        _, text = self._get("/metrics")
        return {
            (sample.name.removeprefix("slotrit_worker_"), *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
        }

    def health(self, path: str = "/healthz") -> tuple[int, Any]:
        """Ask how it is: status and body."""
        status, body = self._get(path)
        return status, json.loads(body)

    def _get(self, path: str) -> tuple[int, bytes]:
        connection = HTTPConnection(self.address.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    async def until(self, status: int, path: str = "/healthz") -> Any:
        """Wait until that is the answer, and give its body."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await asyncio.to_thread(self.health, path)
                if answer[0] == status:
                    return answer[1]
                await asyncio.sleep(0.1)


async def _looking(held: Meeting) -> Looking:
    """Wait until a worker says where it can be looked at."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for line in held.log.read_text().splitlines() if held.log.exists() else ():
                told = json.loads(line)
                if told["event"] == "worker.looked_after":
                    return Looking(told["metrics"].removesuffix("/metrics"))
            await asyncio.sleep(0.1)


async def _frozen_with_events_in_hand(
    held: Meeting, looking: Looking, broker: HostedBroker, lots: Sequence[Sequence[Line]]
) -> tuple[int, Any]:
    """Publish lots until the broker is frozen while the worker has events in hand, and it complains of them.

    When that is nobody can tell from outside: the broker is frozen as soon as it has a lot, each time a
    little later than the last, and let go again where the worker turns out to have nothing in hand.

    Returns:
        How many lots were published, and what the worker said of its health.
    """
    for tried, lot in enumerate(lots):
        await held.publish(lot)
        await asyncio.sleep(tried * 0.005)
        os.kill(broker.pid, signal.SIGSTOP)
        told = await _complaint_of_events_in_hand(looking)
        if told is not None:
            return tried + 1, told
        os.kill(broker.pid, signal.SIGCONT)
        await held.done("timing")
    raise AssertionError(f"the worker had nothing in hand, {len(lots)} times")


async def _complaint_of_events_in_hand(looking: Looking) -> Any:
    """Wait until a worker complains of what it has in hand; None where it has nothing, or nothing any more.

    What it has in hand it says at once, of its health what it saw when it last looked. On a busy machine it
    may complain of other things before.
    """
    empty_handed = 0
    while empty_handed < LOOKS:
        await asyncio.sleep(0.1)
        found = await asyncio.to_thread(looking.metrics)
        empty_handed = 0 if found["in_hand_messages", "races"] else empty_handed + 1
        _, told = await asyncio.to_thread(looking.health)
        if "races" in told["complaints"] and told["agents"]["races"]["in_hand"]:
            return told
    return None


async def test_metrics_say_what_is_on_kafka_and_health_when_it_hangs(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """While a broker is frozen the worker says so, and in the end what it counted is what is on Kafka."""
    reference, timing = events(FIXTURE)
    lots = [timing[start : start + LOT] for start in range(0, len(timing), LOT)]
    broker = await asyncio.to_thread(private_kafka)
    async with meeting(broker.address, tmp_path / "worker.log") as held:
        held.extra = {
            "SLOTRIT_WORKER_METRICS_PORT": "0",
            "SLOTRIT_WORKER_STUCK_AFTER_S": str(PATIENCE_OF_HEALTH_S),
        }
        worker = held.start_worker()
        looking = await _looking(held)
        await held.publish(reference)
        await held.done("reference", "performances")
        assert (await looking.until(200, "/readyz"))["complaints"] == {}

        try:
            published, told = await _frozen_with_events_in_hand(held, looking, broker, lots)
            unready = await asyncio.to_thread(looking.health, "/readyz")
        finally:
            os.kill(broker.pid, signal.SIGCONT)
        await held.publish([line for lot in lots[published:] for line in lot])
        await held.all_done()
        well = await looking.until(200)

        assert "in hand" in told["complaints"]["races"]
        assert unready[0] == 503
        assert well["complaints"] == {}
        await _assert_counted(held, looking)
        worker.terminate()
        assert await asyncio.to_thread(worker.wait, 40) == 0
        await assert_equal(held, [*reference, *timing])


async def _at_rest(looking: Looking) -> dict[tuple[str, ...], float]:
    """Wait until nothing lags, is in hand or stuck, and give all samples: the worker looks once a second."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await asyncio.to_thread(looking.metrics)
            lags = [found["lag_messages", str(number), "timing"] for number in range(4)]
            if not any(
                [*lags, found["in_hand_messages", "races"], found["stuck", "races"], found["recovering",]]
            ):
                return found
            await asyncio.sleep(0.1)


async def _assert_counted(held: Meeting, looking: Looking) -> None:
    """Hold every counter against the topics as they are."""
    found = await _at_rest(looking)
    outputs: tuple[Stream, ...] = ("performances", "results", *OUTPUTS)
    read = {stream: await held.read(held.topic(stream)) for stream in (*outputs, "timing")}
    for stream in outputs:
        assert found["messages_published_total", stream] == len(read[stream]), stream
    records = Counter(
        (json.loads(one.value)["kind"], json.loads(one.value)["type"]) for one in read["records"]
    )
    assert records == {
        (kind, type_): count
        for (name, kind, type_), count in _three(found).items()
        if name == "records_total" and count
    }
    for step, changelog in CHANGELOGS.items():
        written = await held.read(on_broker(changelog.name, held.settings.topic_prefix))
        assert found["changelog_writes_total", step] == len(written)
    fates = {
        fate: found["events_total", fate, "races"] for fate in ("handled", "repeated", "unusable", "bug")
    }
    assert sum(fates.values()) - fates["repeated"] == len(read["timing"])
    assert fates["unusable"] == found["dead_letters_total", "unusable", "races"] == len(read["dead-letters"])
    assert found["latency_seconds_count", "races"] == sum(fates.values())
    assert found["occurred_latency_seconds_count", "races"] == 0
    assert found["out_of_time_total", "races", "old"] > 0
    assert found["rebalances_total",] >= 1
    assert found["recovery_seconds_count",] >= 1


def _three(found: dict[tuple[str, ...], float]) -> dict[tuple[str, str, str], float]:
    return {(key[0], key[1], key[2]): value for key, value in found.items() if len(key) == 3}
