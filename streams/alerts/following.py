"""Following the feed: what comes is taken in, also after the broker was away, from where we were."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from pydantic import ValidationError

from streams.alerts.answers import pause_s
from streams.alerts.audience import Audience
from streams.alerts.intake import Arrived, Position, begin_at, positions, take_in, unlocated
from streams.alerts.reading import Reader, reader, start_of
from streams.alerts.rules import Retry
from streams.alerts.state_file import transaction
from streams.errors import SlotritError
from streams.settings import Settings

RECONNECT = Retry(first_s=0.5, longest_s=15.0)
LONGEST_WAIT_FOR_A_RACE_S = 10.0
"""How long a message waits for the standings that say where its race is skated. They were published before
it, but topics have no common order."""

_SAID = {
    "made anew": "the topic was made anew, reading it from its beginning",
    "cut off": "messages were deleted before they were read, going on with the first that is there",
}


@dataclass(slots=True)
class Following:
    """What is needed to take messages in: the state, who is told what, and whom to wake.

    `tells_history`: whether what is there at the very first start is told. `lost` are races whose standings
    never came.
    """

    settings: Settings
    db: sqlite3.Connection
    audience: Audience
    wake: Callable[[frozenset[str]], None]
    tells_history: bool
    lost: set[str] = field(default_factory=set)

    def begin(self, bounds: Mapping[TopicPartition, tuple[int, int]]) -> dict[TopicPartition, Position]:
        """Give where to read each partition from, and write down where a first start begins."""
        log = structlog.stdlib.get_logger("alert")
        found = {}
        with transaction(self.db):
            stored = {topic: positions(self.db, topic) for topic in {place.topic for place in bounds}}
            for place, (first, end) in bounds.items():
                at, what = start_of(
                    stored[place.topic], place.partition, first, end, tells_history=self.tells_history
                )
                if what:
                    log.warning(_SAID[what], topic=place.topic, partition=place.partition)
                begin_at(self.db, place.topic, place.partition, at)
                found[place] = at
        return found

    def anew(self, place: TopicPartition) -> None:
        """Take notice that a topic was deleted and made again: nothing in it is history."""
        structlog.stdlib.get_logger("alert").warning(
            _SAID["made anew"], topic=place.topic, partition=place.partition
        )
        with transaction(self.db):
            begin_at(self.db, place.topic, place.partition, Position(0, 0, None))

    def take_in(self, arrived: Sequence[Arrived]) -> None:
        """Take messages in, and wake whoever is to be told."""
        if arrived:
            self.wake(take_in(self.db, self.audience, arrived, time.time(), passed_over=_passed_over))


async def follow(following: Following) -> None:
    """Take in what comes until cancelled; a broker that is away is waited for."""
    log = structlog.stdlib.get_logger("alert")
    failed, said = 0, ""
    while True:
        try:
            async with reader(following.settings, following.begin, following.anew) as source:
                if failed:
                    log.info("reading again")
                failed, said = 0, ""
                while not await source.has_read("standings"):
                    following.take_in(await source.poll("standings"))
                while True:
                    await _one_batch(following, source)
        except SlotritError as error:
            if str(error) != said:
                log.warning("cannot read, trying again", reason=str(error))
            failed, said = failed + 1, str(error)
        await asyncio.sleep(pause_s(failed, RECONNECT, 0.5 + random.random() / 2))  # noqa: S311 - no secret


async def _one_batch(following: Following, source: Reader) -> None:
    arrived = await source.poll()
    following.take_in([one for one in arrived if one.stream == "standings"])
    others = [one for one in arrived if one.stream != "standings"]
    deadline = time.monotonic() + LONGEST_WAIT_FOR_A_RACE_S
    while missing := unlocated(following.db, others) - following.lost:
        if time.monotonic() > deadline:
            following.lost |= missing
            structlog.stdlib.get_logger("alert").warning(
                "there are no standings of a race, so nobody knows where it is skated", races=sorted(missing)
            )
            break
        following.take_in(await source.poll("standings"))
    following.take_in(others)


def _passed_over(one: Arrived, error: Exception) -> None:
    log = structlog.stdlib.get_logger("alert").bind(place=f"{one.topic}/{one.partition}/{one.offset}")
    if isinstance(error, ValidationError):
        log.warning("a message is not understood and passed over", reason=error.errors()[0]["msg"])
    else:
        log.error("a message makes our own code fail, please report it", exc_info=error)
