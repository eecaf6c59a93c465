"""From a finish on `skating.timing` to the sheet on a screen, through Kafka, worker and gateway.

    python -m bench.pixels [SPEED] [RACES]

Skates the Olympic 1000 m of 2022 RACES times (default 3) at SPEED times (default 60) the pace at which it was
skated, and looks at each race on the scoreboard in Chromium. Prints for all finish times, those of the photo
finish too, how long after the broker had them their standings were published, the page's sheet had them, and
the browser had painted them. Everything shares this machine, so all clocks are one.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]
from playwright.async_api import Page

from streams.brokers import running
from streams.event_files import Line
from streams.pacing import instant, pauses
from streams.settings import kafka_client
from tests.browser.chromium import launched
from tests.browser.serving import serving
from tests.browser.sheets import until
from tests.kafka.meeting import Meeting, events, in_memory, meeting

COMPETITION = b"2022-olympics-beijing"
DISCIPLINE = "M1000/-"
DISTANCE_M = 1000
LONGEST_PAUSE_S = 2.0

NOTE_WHEN_THE_SHEET_CHANGES = """
window.seen = [];
const now = () => performance.timeOrigin + performance.now();
addEventListener("DOMContentLoaded", () => {
  const sheet = document.getElementById("standings");
  new MutationObserver(() => {
    const one = { version: Number(sheet.dataset.version), changed: now(), painted: null };
    window.seen.push(one);
    // The page draws in an animation frame: what comes after that frame comes after its paint.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { one.painted = now(); };
    port2.postMessage(null);
  }).observe(sheet, { attributeFilter: ["data-version"] });
});
"""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from a finish's acknowledgement to each station on its way."""

    published: float
    changed: float
    painted: float


def races(count: int) -> Iterator[tuple[str, list[Line]]]:
    """Give the race's id and timing events, each time as a competition of its own."""
    _, timing = events(COMPETITION.decode())
    for number in range(count):
        name = b"copy-%d" % number
        yield (
            f"{name.decode()}/{DISCIPLINE}",
            [
                Line(
                    line.file,
                    line.number,
                    line.value.replace(COMPETITION, name),
                    line.stream,
                    None if line.key is None else line.key.replace(COMPETITION, name),
                )
                for line in timing
            ],
        )


async def skate(held: Meeting, lines: Sequence[Line], speed: float) -> dict[str, float]:
    """Publish a race at its pace; give by place when each finish was acknowledged, in ms since 1970."""
    told = [json.loads(line.value) for line in lines]
    waits = pauses([instant(event.get("occurred_at")) for event in told], speed, LONGEST_PAUSE_S)
    producer = AIOKafkaProducer(**kafka_client(held.settings))
    await producer.start()
    finishes: dict[str, float] = {}
    due = time.perf_counter()
    try:
        for line, event, wait in zip(lines, told, waits, strict=True):
            due += wait
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            stood = await producer.send_and_wait(held.topic("timing"), line.value, key=line.key)
            if event["type"] == "passing.recorded" and event["distance_m"] == DISTANCE_M:
                finishes[f"skating.timing/{stood.partition}/{stood.offset}"] = time.time() * 1000
    finally:
        await producer.stop()
    return finishes


async def read_causes(held: Meeting, found: dict[str, tuple[str, int, float]]) -> None:
    """Note of each event which version of which race came of it, and when that was published, in ms."""
    consumer = AIOKafkaConsumer(
        held.topic("standings"), **kafka_client(held.settings), auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async for message in consumer:
            told = json.loads(message.value)
            cause = dict(message.headers)["slotrit_cause"].decode()
            found.setdefault(cause, (told["race_id"], told["version"], message.timestamp))
    finally:
        await consumer.stop()


def last_version(lines: Sequence[Line]) -> int:
    """Give the version of the standings that a race ends with."""
    said = in_memory(lines).messages
    return max(int(json.loads(one.value)["version"]) for one in said if one.stream == "standings")


async def one_race(
    held: Meeting, page: Page, address: str, race: tuple[str, list[Line]], speed: float
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Skate a race while a page shows it; give when finishes were acknowledged, and what the page saw."""
    race_id, lines = race
    await page.goto(f"{address}/?race={race_id}")
    finishes = await skate(held, lines, speed)
    await until(page, race_id, last_version(lines))
    seen: list[dict[str, float]] = await page.evaluate("seen")
    return finishes, seen


async def measure(speed: float, count: int) -> None:
    """Run a broker, a worker, a gateway and a browser, and print what it took."""
    took: list[Took] = []
    with TemporaryDirectory() as folder:
        logs = Path(folder)
        async with (
            running("apache") as broker,
            meeting(broker.address, logs / "worker.log") as held,
            serving(held.settings, logs / "gateway.log") as address,
            launched() as browser,
        ):
            held.start_worker()
            await held.publish(events(COMPETITION.decode())[0])
            await held.done("reference", "performances")
            causes: dict[str, tuple[str, int, float]] = {}
            reading = asyncio.create_task(read_causes(held, causes))
            page = await browser.new_page()
            await page.add_init_script(NOTE_WHEN_THE_SHEET_CHANGES)
            for race in races(count):
                finishes, seen = await one_race(held, page, address, race, speed)
                took += list(_matched(finishes, causes, seen))
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    _print(took, speed, count)


def _matched(
    finishes: dict[str, float], causes: dict[str, tuple[str, int, float]], seen: list[dict[str, float]]
) -> Iterator[Took]:
    for place, at in finishes.items():
        if place not in causes:
            continue
        _, version, published = causes[place]
        # Of versions that come within one frame a page draws the last one.
        shown = next(one for one in seen if one["version"] >= version)
        yield Took(published - at, shown["changed"] - at, shown["painted"] - at)


def _print(took: Sequence[Took], speed: float, count: int) -> None:
    print(f"{len(took)} finish times that changed the sheet, in {count} races at {speed:g} times their pace")
    print(f"{'ms after the acknowledgement':<34}{'p50':>8}{'p99':>8}{'most':>8}")
    for name, some in (
        ("standings published", [one.published for one in took]),
        ("sheet on the page", [one.changed for one in took]),
        ("painted", [one.painted for one in took]),
    ):
        rare = quantiles(some, n=100, method="inclusive")[98]
        print(f"{name:<34}{median(some):>8.1f}{rare:>8.1f}{max(some):>8.1f}")


if __name__ == "__main__":
    asked = [float(argument) for argument in sys.argv[1:3]]
    pace, how_many = asked + [60.0, 3.0][len(asked) :]
    asyncio.run(measure(pace, int(how_many)))
