"""The fuzz target of decoding: bytes as a message of each topic that is consumed, and as what Vantage sends.

The first byte says which topic and which key, the others are the value. The steps know the races and books of
all fixtures, so that a sound message goes through to what is published.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from streams.errors import SlotritError
from streams.event_files import Line, parsed, read_events
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Received, Stream
from streams.sources.vantage import live, wire
from tests.fuzz.draws import Draws
from tests.fuzz.house import House
from tests.fuzz.judging import judge
from tests.skating.a_race import TEN

CONSUMED: tuple[Stream, ...] = ("timing", "reference", "performances", "results")
"""What the steps read, in the order of the first byte's choice; after them come Vantage and files."""

WAYS = (*CONSUMED, "vantage", "file")
FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("*.jsonl"))
RACE = b"2021-wc1-tomaszow/M500/A/1"
_USUAL = 32
"""Which choices of a key, of some 42, give the one that a sound message names."""

_NAMED = {
    "timing": re.compile(rb'"race_id"\s*:\s*"([^"\\]{1,200})"'),
    "performances": re.compile(rb'"discipline"\s*:\s*"([^"\\]{1,200})"'),
}


class Known(NamedTuple):
    """The steps with what they know, and what they told each other of it."""

    ledgers: Mapping[Stream, Ledger[Any]]
    between: Mapping[Stream, list[bytes]]


@cache
def known() -> Known:
    """Make the steps know what the fixtures define; nothing that is decoded changes them."""
    house = House()
    between: dict[Stream, list[bytes]] = {"performances": [], "results": []}
    for line in defining():
        for message in house.feed(line.stream, line.key, line.value):
            between.get(message.stream, []).append(message.value)
    return Known(house.ledgers, between)


def defining() -> Iterator[Line]:
    """Read what the fixtures define: what comes before anybody skates."""
    for line in read_events(FIXTURES):
        if line.stream == "reference" or b'"race.scheduled"' in line.value:
            yield line


def decoded(data: bytes) -> None:
    """Decode bytes in the way that their first one says; whatever they are, nothing raises.

    Raises:
        AssertionError: where our own code fails on them, or what is published is not as it must be.
    """
    choice, way = divmod(Draws(data).byte(), len(WAYS))
    value = data[1:]
    if way < len(CONSUMED):
        stream = CONSUMED[way]
        _from_kafka(stream, _key(stream, choice, value), value)
    elif WAYS[way] == "vantage":
        _from_vantage(value)
    else:
        with suppress(SlotritError):
            parsed(value, "file:1")


def _key(stream: str, choice: int, value: bytes) -> bytes | None:
    """Give the key that a sound message names, or for some choices another."""
    if choice < _USUAL:
        named = _NAMED[stream].search(value) if stream in _NAMED else None
        return RACE if named is None else named[1]
    return (None, b"", value[:80], RACE, b"rankings", b"\xff\xfe", b"M500", b"WR/M500/")[choice % 8]


def _from_kafka(stream: Stream, key: bytes | None, value: bytes) -> None:
    ledger = known().ledgers[stream]
    received = Received(stream, 0, 1 << 40, key, value or None, (("from", b"a fuzzer"), ("from", b"")))
    outcome = ledger.handle(received)
    assert outcome is not None
    assert outcome.bug is None, outcome.bug
    for message in outcome.published:
        judge(message, received)
    row = ledger.row(outcome, received)
    if row is not None:
        ledger.step.load({row[0]: unseal(row[1]).row})


def _from_vantage(value: bytes) -> None:
    text = value.decode(errors="replace")
    with suppress(wire.UnreadableError):
        wire.read(text)
    with suppress(wire.UnreadableError):
        live.hear(live.Live(), text, TEN)
