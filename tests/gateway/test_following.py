"""What one viewer is told: everything once, in order, whatever happens to the connection or the gateway."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.gateway import following
from streams.gateway.channels import Channels
from streams.gateway.following import follow, snapshot
from streams.gateway.frames import Event
from streams.gateway.wants import Wants, wants
from tests.gateway.telling import NOW, channels_of, heard, interleaved

EVERYTHING = Wants()


async def told(
    channels: Channels, wanted: Wants = EVERYTHING, last_id: str | None = None, delay_s: float = 0.0
) -> list[Event]:
    """Follow a gateway that is ending until all has been told, and leave out first and last words."""
    channels.closing = "the test is over"
    batches = [batch async for batch in follow(channels, await channels.with_delay(delay_s), wanted, last_id)]
    return [event for batch in batches[1:-1] for event in batch]


def messages_in(events: Sequence[Event]) -> list[bytes]:
    """Give the messages among events, those of a snapshot too."""
    found: list[bytes] = []
    for event in events:
        if event.name == "snapshot":
            lists = json.loads(event.data)
            found += [compact(one) for kind in lists if isinstance(lists[kind], list) for one in lists[kind]]
        elif event.name not in {"status", "goodbye"}:
            found.append(compact(json.loads(event.data)))
    return found


def compact(message: Any) -> bytes:
    """Write a message so that two that say the same are the same."""
    return json.dumps(message, sort_keys=True).encode()


async def test_a_new_viewer_is_told_the_present_and_then_every_change() -> None:
    """The snapshot has the latest of everything; what follows has the same form, message by message."""
    messages = heard("2022-olympics-beijing")
    channels = channels_of(messages[:200])
    changes: list[Event] = []

    async with aclosing(follow(channels, channels.live, EVERYTHING, None)) as batches:
        first = [await anext(batches), await anext(batches)]
        for message in messages[200:230]:
            channels.history.take(message.told(), message.identity)
            channels.arrived()
            changes += await anext(batches)

    assert [[event.name for event in batch] for batch in first] == [["status"], ["snapshot"]]
    present = json.loads(first[1][0].data)
    sheets = [one for one in messages[:200] if one.stream == "standings"]
    assert present["standings"] == [json.loads(sheets[-1].value)]
    assert {"races", "standings", "podium", "pace", "records", "rankings", "needs"} < present.keys()
    whole = [event for event in changes if event.name != "races"]
    assert [event.data for event in whole] == [one.value for one in messages[200:230]]
    assert len({event.id for event in whole}) == len(whole)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 420), max_size=6), st.booleans())
def test_whoever_comes_back_gets_what_is_missing_and_nothing_twice(
    seed: int, cuts: list[int], another: bool
) -> None:
    """Cut anywhere, also between two events of one message; go on there or in another gateway."""
    messages = heard("torture")
    gateways = [channels_of(interleaved(messages, seed + number)) for number in range(2 if another else 1)]

    async def everything() -> list[Event]:
        received: list[Event] = []
        last_id: str | None = "s0.0"
        for number, cut in enumerate([*cuts, 10**6]):
            events = await told(gateways[number % len(gateways)], last_id=last_id)
            taken = events[:cut]
            received += taken
            last_id = next((event.id for event in reversed(taken) if event.id), last_id)
        return received

    received = asyncio.run(everything())

    whole = Counter(event.data for event in received if event.name != "races")
    assert whole == Counter(message.value for message in messages)
    order = {
        stream: [one.value for one in messages if one.stream == stream] for stream in ("standings", "podium")
    }
    for stream, values in order.items():
        assert [event.data for event in received if event.name == stream] == values


async def test_whoever_missed_more_than_is_kept_is_told_the_present() -> None:
    """A change that is not there any more cannot be told; the whole is, and replaces what the viewer had."""
    messages = heard("torture")
    channels = channels_of(messages)
    known = channels.history.entry(10).positions
    channels.history.trim(NOW + 1_000, 40)

    assert [event.name for event in await told(channels, last_id=known)] == ["snapshot"]
    late = channels.history.entry(60).positions
    assert "snapshot" not in [event.name for event in await told(channels, last_id=late)]


async def test_an_id_of_other_topics_or_of_nothing_is_told_the_present(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A gateway waits a moment for what it may be behind with, and then believes itself."""
    monkeypatch.setattr(following, "AHEAD_S", 0.001)
    channels = channels_of(heard("torture")[:50])

    for last_id in ("s0.99999", "garbage", ""):
        assert [event.name for event in await told(channels, last_id=last_id)] == ["snapshot"]


async def test_a_viewer_who_is_ahead_waits_for_a_slower_gateway() -> None:
    """Two gateways read a moment apart; a viewer that changes between them never goes back in time."""
    messages = heard("torture")
    ahead = channels_of(messages[:60])
    behind = channels_of(messages[:55])
    known = ahead.history.positions_at(ahead.history.end)
    received: list[Event] = []

    async with aclosing(follow(behind, behind.live, EVERYTHING, known)) as batches:
        assert [event.name for event in await anext(batches)] == ["status"]
        next_one = asyncio.ensure_future(anext(batches))
        for message in messages[55:62]:
            await asyncio.sleep(0)
            assert not next_one.done()
            behind.history.take(message.told(), message.identity)
        behind.arrived()
        received += await next_one
        received += await anext(batches)

    values = [event.data for event in received if event.name != "races"]
    assert values == [message.value for message in messages[60:62]]


@settings(max_examples=60)
@given(st.integers(1, 180), st.integers(0, 240))
def test_a_delayed_viewer_sees_all_of_it_as_it_was(cut: int, jump: int) -> None:
    """Sheet, podium, splits and records are those of the same moment, also in what comes first."""
    messages = heard("2022-olympics-beijing")
    channels = channels_of(())
    for number, message in enumerate(messages):
        channels.history.take(message.told(NOW + number), message.identity)
    channels.arrived()
    channel = asyncio.run(channels.with_delay(60))
    live_then = channels_of(messages[:cut])

    channel.advance(NOW + cut - 1 + 60)

    assert messages_in([snapshot(channel, EVERYTHING)]) == messages_in([snapshot(live_then.live, EVERYTHING)])
    channel.advance(NOW + cut - 1 + 60 + jump)
    later = channels_of(messages[: cut + jump])
    assert messages_in([snapshot(channel, EVERYTHING)]) == messages_in([snapshot(later.live, EVERYTHING)])


async def test_who_reads_slowly_is_told_the_latest_and_loses_nothing_that_holds() -> None:
    """Of more than a few messages that were missed only the last word of each is told, in order."""
    messages = heard("torture")
    channels = channels_of(messages[:40])
    received: list[Event] = []

    async with aclosing(follow(channels, channels.live, EVERYTHING, None)) as batches:
        received += await anext(batches)
        received += await anext(batches)
        for message in messages[40:]:
            channels.history.take(message.told(), message.identity)
        channels.arrived()
        received += await anext(batches)

    sheets = [event for event in received if event.name == "standings"]
    assert len(sheets) == 3
    present = channels_of(messages)
    latest = {compact(json.loads(one.payload)) for one in present.live.present.told()}
    assert latest <= set(messages_in(received))
    assert received[-1].id == channels.history.positions_at(channels.history.end)


async def test_who_stays_behind_is_sent_away_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viewer that never gets to the end of what there is holds a place that others may need."""
    monkeypatch.setattr(following, "BEHIND_S", 0.0)
    messages = heard("torture")
    channels = channels_of(messages[:10])

    async with aclosing(follow(channels, channels.live, EVERYTHING, None)) as batches:
        names = [event.name for _ in range(2) for event in await anext(batches)]
        rest: list[Event] = []
        for message in messages[10:]:
            channels.history.take(message.told(), message.identity)
            channels.arrived()
            try:
                rest += await anext(batches)
            except StopAsyncIteration:
                break

    assert names == ["status", "snapshot"]
    assert rest[-1].name == "goodbye"
    assert json.loads(rest[-1].data)["reason"].startswith("too slow: behind for")


async def test_only_what_was_asked_for_is_told() -> None:
    """By kind, race and discipline; lists of races are not narrowed by a race."""
    messages = heard("torture")
    channels = channels_of(messages)
    wanted = wants(["standings,podium", "races"], ["torture/M500/-"], [])

    events = await told(channels, wanted, last_id="s0.0")

    sheets = [json.loads(event.data) for event in events if event.name == "standings"]
    assert {sheet["race_id"] for sheet in sheets} == {"torture/M500/-"}
    lines = [json.loads(event.data)["race_id"] for event in events if event.name == "races"]
    assert set(lines) == {"torture/M500/-", "torture/W1000/-", "torture/W3000/B"}
    assert {event.name for event in events} == {"races", "standings", "podium"}
    only = await told(channels, wants(["races"], [], ["W1000"]), last_id="s0.0")
    assert {json.loads(event.data)["race_id"] for event in only} == {"torture/W1000/-"}
    assert all(event.id for event in only)


async def test_who_comes_back_to_one_race_is_told_nothing_of_others() -> None:
    """Not even that there was something: each batch that is given has an event in it."""
    messages = heard("torture")
    channels = channels_of(messages)
    channels.closing = "the test is over"
    wanted = wants(["standings"], ["torture/M500/-"], [])

    batches = [batch async for batch in follow(channels, channels.live, wanted, "s0.0")]

    assert all(batches)
    assert all(event.id for batch in batches[1:-1] for event in batch)
    told = [json.loads(event.data)["race_id"] for batch in batches[1:-1] for event in batch]
    assert told == ["torture/M500/-"] * len(
        [one for one in messages if b'"standings","race_id":"torture/M500/-"' in one.value]
    )


async def test_topics_that_are_made_anew_replace_everything() -> None:
    """Whoever follows is told the present of the new topics, and nothing of the old ones is left in it."""
    messages = heard("torture")
    other = heard("2022-olympics-beijing")
    channels = channels_of(messages)

    async with aclosing(follow(channels, channels.live, EVERYTHING, None)) as batches:
        await anext(batches)
        await anext(batches)
        history = channels.history.anew()
        for message in other:
            history.take(message.told(), message.identity)
        await channels.begin_anew(history)
        channels.set_ready()
        events = await anext(batches)

    assert [event.name for event in events] == ["snapshot"]
    assert {race["race_id"] for race in json.loads(events[0].data)["races"]} == {
        "2022-olympics-beijing/M1000/-"
    }


async def test_a_stale_gateway_says_so_and_a_delayed_viewer_hears_it_when_it_matters() -> None:
    """What is shown with a delay is stale that much later."""
    channels = channels_of(heard("torture"))
    delayed = await channels.with_delay(0.1)
    keeping = asyncio.create_task(channels.keep_time())
    try:
        async with aclosing(follow(channels, channels.live, EVERYTHING, None)) as batches:
            await anext(batches)
            await anext(batches)
            channels.set_stale(stale=True)
            assert json.loads((await anext(batches))[0].data) == {"stale": True, "delay_s": 0.0}
        before = delayed.stale
        async with asyncio.timeout(5):
            await delayed.news()
        assert (before, delayed.stale) == (False, True)
        assert (await channels.with_delay(0.2)).stale is False
    finally:
        keeping.cancel()


async def test_a_gateway_that_ends_says_goodbye() -> None:
    """And the stream is over."""
    channels = channels_of(heard("torture"))
    channels.close("it is late")

    events = [
        event
        for batch in [one async for one in follow(channels, channels.live, EVERYTHING, None)]
        for event in batch
    ]

    assert [event.name for event in events] == ["status", "snapshot", "goodbye"]
    assert json.loads(events[-1].data) == {"reason": "it is late"}


@pytest.mark.parametrize(
    ("kinds", "races", "wrong"),
    [
        (["sheet"], [], r"^kind: there is no 'sheet'; there are races, standings"),
        ([], ["x"] * 101, r"^race, discipline, competitor: must be at most 100 each$"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(kinds: list[str], races: list[str], wrong: str) -> None:
    """It says what there is."""
    with pytest.raises(ValueError, match=wrong):
        wants(kinds, races, [])


def test_identity_makes_a_message_not_its_place() -> None:
    """The same message at another offset is told once, and its place counts as read."""
    messages = heard("torture")[:5]
    channels = channels_of([*messages, replace(messages[-1], offset=messages[-1].offset + 1)])

    assert channels.history.end == 5
