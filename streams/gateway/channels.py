"""The history as it is told now, and as it is told some seconds later: a channel for each delay.

A delayed broadcast must see everything late by the same time: sheet, podium, records, lists, and whether it
is all stale. So a channel is the whole view with that delay, and everybody who asks for the delay shares it.
"""

import asyncio
import time
from dataclasses import dataclass, field
from math import inf

from streams.gateway.frames import Event
from streams.gateway.history import History
from streams.gateway.present import Present
from streams.gateway.turns import BITE, give_way
from streams.gateway.wants import Wants

UNUSED_S = 60.0
"""For how long a delayed channel stays that nobody asks for."""
MOST_DELAYS = 32
BEAT_S = 10.0
"""How often every stream gets a sign of life."""


class TooManyDelaysError(Exception):
    """So many different delays are asked for at once that another one would cost too much."""


@dataclass(slots=True)
class Channel:
    """The view of a history with a delay in seconds.

    `told_to` is the number of the first entry that is not told yet. `beats` counts signs of life.
    `snapshots` are those of this very moment, by what they were asked for: after an interruption hundreds of
    viewers come back at once.
    """

    history: History
    delay_s: float
    present: Present
    told_to: int
    stale: bool = False
    beats: int = 0
    followers: int = 0
    used_at: float = field(default_factory=time.monotonic)
    snapshots: dict[Wants, Event] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def generation(self) -> int:
        """How often everything began anew."""
        return self.history.generation

    def advance(self, now: float, most: float = inf) -> bool:
        """Tell what is due.

        Args:
            now: seconds since 1970.
            most: after how many bytes to leave the others for the next time.

        Returns:
            Whether anything was.
        """
        before, done = self.told_to, 0
        for number, entry in self.history.entries(self.told_to, self.history.end):
            if done >= most or (self.delay_s and entry.told.at + self.delay_s > now):
                break
            self.present.take(entry.told)
            self.told_to = number + 1
            done += len(entry.told.payload)
        if self.told_to != before:
            self.snapshots.clear()
        return self.told_to != before

    async def catch_up(self) -> None:
        """Tell all that is due, in bites, and then wake who follows."""
        before = self.told_to
        try:
            while self.advance(time.time(), BITE):
                await give_way()
        finally:
            if self.told_to != before:
                self.wake()

    def begin_anew(self, other: "Channel") -> None:
        """Go on with the history of another channel of the same delay, from where that is."""
        self.history, self.present, self.told_to = other.history, other.present, other.told_to
        self.snapshots.clear()

    def due_at(self) -> float | None:
        """Say when the next entry is due, in seconds since 1970; None where all are told."""
        if self.told_to >= self.history.end:
            return None
        return self.history.entry(self.told_to).told.at + self.delay_s

    def wake(self) -> None:
        """Tell all followers that there is something new."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def news(self) -> None:
        """Wait until there is something new after now."""
        await self._news.wait()


def _channel(history: History, delay_s: float) -> Channel:
    return Channel(history, delay_s, history.settled.copy(), history.first)


class Channels:
    """All channels of a history: the live one, and one for each delay that somebody uses.

    `ready` says whether everything has been read that was on Kafka at the start, `closing` why all streams
    are to end.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.live = _channel(history, 0.0)
        self.live.advance(time.time())
        self._delayed: dict[float, Channel] = {}
        self._stale: list[tuple[float, bool]] = []
        self._arrived = asyncio.Event()
        self.ready = False
        self.closing = ""

    @property
    def followers(self) -> int:
        """How many streams there are."""
        return self.live.followers + sum(channel.followers for channel in self._delayed.values())

    def all(self) -> tuple[Channel, ...]:
        """Give every channel, the live one first."""
        return (self.live, *self._delayed.values())

    async def with_delay(self, delay_s: float) -> Channel:
        """Give the channel of a delay, to the tenth of a second, with all told that is due.

        Raises:
            TooManyDelaysError: where it would be one too many.
        """
        delay_s = round(delay_s, 1)
        channel = self.live
        if delay_s:
            found = self._delayed.get(delay_s)
            if found is None:
                if len(self._delayed) >= MOST_DELAYS:
                    raise TooManyDelaysError
                found = _channel(self.history, delay_s)
                found.stale = self._stale_as_of(time.time() - delay_s)
                self._delayed[delay_s] = found
                self._arrived.set()
            channel = found
        channel.used_at = time.monotonic()
        await channel.catch_up()
        return channel

    def arrived(self) -> None:
        """Tell what has come to the history; delayed channels tell it when it is due."""
        if self.live.advance(time.time()):
            self.live.wake()
        self._arrived.set()

    async def settle(self) -> None:
        """Let what is too old settle, in bites."""
        while self.history.trim(time.time(), min(channel.told_to for channel in self.all()), BITE):
            await give_way()

    async def begin_anew(self, history: History) -> None:
        """Go on with another history, once all of it can be told; until then what was there is shown."""
        fresh: dict[float, Channel] = {}
        while lacking := [one.delay_s for one in self.all() if one.delay_s not in fresh]:
            for delay_s in lacking:
                fresh[delay_s] = _channel(history, delay_s)
                await fresh[delay_s].catch_up()
        self.history = history
        for channel in self.all():
            channel.begin_anew(fresh[channel.delay_s])

    def set_ready(self) -> None:
        """Say that what is told now is all that there is."""
        self.ready = True
        self.arrived()
        for channel in self.all():
            channel.wake()

    def set_stale(self, stale: bool) -> None:
        """Say whether Kafka is away. Delayed channels say so when what they show is that old."""
        if stale != self.live.stale:
            self.live.stale = stale
            self.live.snapshots.clear()
            self._stale.append((time.time(), stale))
            self.live.wake()
            self._arrived.set()

    def close(self, reason: str) -> None:
        """Ask all streams to end, and say why."""
        self.closing = reason
        for channel in self.all():
            channel.wake()

    async def keep_time(self) -> None:
        """Let delayed channels tell what is due, give signs of life, and drop channels that nobody uses."""
        beat_at = time.monotonic() + BEAT_S
        while True:
            self._arrived.clear()
            wait_s = max(0.0, min(beat_at - time.monotonic(), self._until_due(time.time())))
            try:
                async with asyncio.timeout(wait_s):
                    await self._arrived.wait()
            except TimeoutError:
                pass
            await self._tell_delayed()
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + BEAT_S
                self._beat()
                await self.settle()

    def _until_due(self, now: float) -> float:
        due = [at for channel in self._delayed.values() if (at := channel.due_at()) is not None]
        due += [at + channel.delay_s for channel in self._delayed.values() for at, _ in self._stale]
        return min((at for at in due if at > now), default=now + BEAT_S) - now

    def _stale_as_of(self, at: float) -> bool:
        """Say whether Kafka was away at a moment, in seconds since 1970."""
        since = [stale for changed_at, stale in self._stale if changed_at <= at]
        if since:
            return since[-1]
        return not self._stale[0][1] if self._stale else self.live.stale

    async def _tell_delayed(self) -> None:
        for channel in list(self._delayed.values()):
            await channel.catch_up()
            stale = self._stale_as_of(time.time() - channel.delay_s)
            if stale != channel.stale:
                channel.stale = stale
                channel.snapshots.clear()
                channel.wake()
        longest = max((channel.delay_s for channel in self._delayed.values()), default=0.0)
        self._stale = [(at, stale) for at, stale in self._stale if at + longest + BEAT_S > time.time()]

    def _beat(self) -> None:
        now = time.monotonic()
        for delay_s, channel in list(self._delayed.items()):
            if not channel.followers and channel.used_at < now - UNUSED_S:
                del self._delayed[delay_s]
        for channel in self.all():
            channel.beats += 1
            channel.wake()
