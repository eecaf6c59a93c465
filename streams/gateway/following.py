"""Following a channel: first the present, or what was missed, then every change, for one viewer at a time.

A viewer is a place in the history and nothing more. One that reads slowly falls behind, and is then told the
latest of everything instead of all that it missed; one that stays behind is sent away.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from functools import lru_cache

from schemas.gateway import Goodbye, StreamStatus
from streams.export.field_sheet import FieldSheet
from streams.gateway.channels import Channel, Channels
from streams.gateway.frames import Event
from streams.gateway.history import Entry
from streams.gateway.positions import Positions, covers, latest, read, written
from streams.gateway.told import KINDS, Slot
from streams.gateway.wants import Wants

AT_ONCE = 64
"""How many entries a viewer may be behind and still be told each of them; of more than that, the latest."""
BEHIND_S = 60.0
"""For how many seconds a viewer may be behind all the time before it is sent away."""
AHEAD_S = 5.0
"""How long to wait for what a viewer has been told already by another gateway, which was faster."""


@dataclass(slots=True)
class Viewer:
    """How far a viewer has been told.

    `behind_since` is since when that was never all, on a monotonic clock.
    """

    number: int
    generation: int
    beats: int
    stale: bool
    behind_since: float | None = None


def status(channel: Channel) -> Event:
    """Say how a channel is; also a sign of life."""
    return _status(channel.stale, channel.delay_s)


@lru_cache(maxsize=128)
def _status(stale: bool, delay_s: float) -> Event:
    told = StreamStatus(stale=stale, delay_s=delay_s)
    return Event("status", told.model_dump_json().encode())


def goodbye(reason: str) -> Event:
    """Say why a stream ends."""
    return Event("goodbye", Goodbye(reason=reason).model_dump_json().encode())


def snapshot(channel: Channel, wants: Wants) -> Event:
    """Tell everything as it stands in a channel, as far as it is wanted."""
    found = channel.snapshots.get(wants)
    if found is None:
        found = channel.snapshots[wants] = _snapshot(channel, wants)
    return found


def _snapshot(channel: Channel, wants: Wants) -> Event:
    lists: dict[str, list[bytes]] = {kind: [] for kind in KINDS if kind in wants.kinds}
    present = channel.present
    if "races" in lists:
        sheets = present.races()[::-1]
        lists["races"] = [one.summary for one in sheets if wants.includes_race(one)]
    for told in present.told_of(sorted(wants.races)) if wants.races else present.told():
        if wants.includes(told):
            lists[told.kind].append(told.payload)
    for race_id, field in present.fields():
        if wants.includes_lines(race_id):
            _add_lines(lists, field, wants)
    parts = [b'"%s":[%s]' % (kind.encode(), b",".join(told)) for kind, told in lists.items()]
    head = StreamStatus(stale=channel.stale, delay_s=channel.delay_s).model_dump_json().encode()
    data = b",".join([head[:-1], *parts]) + b"}"
    return Event("snapshot", data, channel.history.positions_at(channel.told_to))


def _add_lines(lists: dict[str, list[bytes]], field: FieldSheet, wants: Wants) -> None:
    if "field.part" in lists:
        lists["field.part"].extend(payload for _, payload in field.parts.values())
    if "field.row" in lists and wants.competitors:
        named = sorted(wants.competitors & field.lines.keys())
        lists["field.row"].extend(field.lines[name].row(name) for name in named)
    elif "field.row" in lists:
        lists["field.row"].extend(field.rows())


async def follow(
    channels: Channels, channel: Channel, wants: Wants, last_id: str | None
) -> AsyncGenerator[list[Event], None]:
    """Give the events of one viewer, several at a time, until the gateway ends it.

    What is given next waits until the viewer has taken what was given before, so a viewer that does not read
    holds up nobody else.

    Args:
        channels: all channels; when they close, so does the stream.
        channel: the one to follow.
        wants: which messages.
        last_id: the id of the last event that the viewer has, None for a new one.
    """
    yield [status(channel)]
    while not channels.ready and not channels.closing:
        await channel.news()
        yield [status(channel)]
    known = read(last_id) if last_id else None
    if known is not None:
        await _until_told(channel, known)
    await channel.catch_up()
    viewer = Viewer(channel.told_to, channel.generation, channel.beats, channel.stale)
    missed = None if known is None else _missed(channel, known)
    if known is None or missed is None:
        yield [snapshot(channel, wants)]
    else:
        for entry in missed:
            if events := _again(entry, wants, known):
                yield events
    while not channels.closing:
        if viewer.number == channel.told_to and viewer.generation == channel.generation:
            viewer.behind_since = None
            await _unless_something_new(channel, viewer)
        else:
            viewer.behind_since = viewer.behind_since or time.monotonic()
        if viewer.behind_since and time.monotonic() - viewer.behind_since > BEHIND_S:
            yield [goodbye(f"too slow: behind for {BEHIND_S:g} s, though told only the latest of everything")]
            return
        events = _next(channel, wants, viewer)
        if events:
            yield events
    yield [goodbye(channels.closing)]


async def _until_told(channel: Channel, known: Positions) -> None:
    """Wait for a channel to get as far as a viewer is, or give it up: then its ids are of other topics."""
    try:
        async with asyncio.timeout(AHEAD_S + channel.delay_s):
            while not _as_far(channel, known):
                await channel.news()
    except TimeoutError:
        pass


def _as_far(channel: Channel, known: Positions) -> bool:
    told = read(channel.history.positions_at(channel.told_to))
    return told is not None and covers(told, known)


def _missed(channel: Channel, known: Positions) -> list[Entry] | None:
    """Give what a viewer has not got yet; None where that cannot be told one by one any more."""
    if not _as_far(channel, known) or not channel.history.has_all_since(known):
        return None
    return channel.history.missing(known, channel.told_to)


def _again(entry: Entry, wants: Wants, known: Positions) -> list[Event]:
    """Tell an entry to somebody who may know of others that came after it in this gateway."""
    identity = written(latest(read(entry.positions) or {}, known))
    events = [Event(event.name, event.data) for event in wants.events(entry.frames)]
    for event in events[-1:]:
        event.id = identity
    return events


async def _unless_something_new(channel: Channel, viewer: Viewer) -> None:
    if viewer.beats == channel.beats and viewer.stale == channel.stale:
        await channel.news()


def _next(channel: Channel, wants: Wants, viewer: Viewer) -> list[Event]:
    """Give what a viewer is to be told next, and count it as told."""
    said = _status_if_due(channel, viewer)
    if viewer.generation != channel.generation or viewer.number < channel.history.first:
        events = [*said, snapshot(channel, wants)]
        viewer.generation = channel.generation
    else:
        entries = [entry for _, entry in channel.history.entries(viewer.number, channel.told_to)]
        if len(entries) > AT_ONCE:
            entries = latest_only(entries)
        events = [*said, *(event for entry in entries for event in wants.events(entry.frames))]
    viewer.number = channel.told_to
    return events


def _status_if_due(channel: Channel, viewer: Viewer) -> list[Event]:
    if (viewer.beats, viewer.stale) == (channel.beats, channel.stale):
        return []
    viewer.beats, viewer.stale = channel.beats, channel.stale
    return [status(channel)]


def latest_only(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out entries that a later one of them replaces; the others keep their order."""
    last: dict[Slot, Entry] = {}
    for entry in entries:
        last.pop(entry.told.slot, None)
        last[entry.told.slot] = entry
    return list(last.values())
