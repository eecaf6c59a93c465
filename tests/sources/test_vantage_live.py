"""A live connection without a network: drops and kills anywhere, and always the same evening."""

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reference import REFERENCE
from schemas.timing import TIMING, TimingEvent
from streams.event_files import Line
from streams.ingest import as_line
from streams.sources.vantage import ContractEvent, Converted, Tally, convert_recording, wire
from streams.sources.vantage.live import Live, connected, hear, restored
from tests.sources import tape
from tests.sources.last_standings import final
from tests.sources.live_server import again
from tests.sources.synthetic import HEAT_1, evening
from tests.sources.tape import Line as Recorded

EVENING = evening()


class Published(NamedTuple):
    """An event on the topic, with what was kept with it."""

    event: ContractEvent
    journal: tuple[str, ...] = ()


def text(line: Recorded) -> str:
    """Write a line as the connection brings it."""
    return json.dumps({name: value for name, value in line.items() if name != "_time"})


def played(
    drops: set[int], kills: dict[int, int], torn_again: int = 99, recorded: Sequence[Recorded] = EVENING
) -> list[Published]:
    """Play an evening with connections that drop and processes that are killed.

    Args:
        drops: before which lines the connection drops.
        kills: at which line the process is killed, having published so many of its events.
        torn_again: how many events a successor completes before it is killed as well, once.
        recorded: the evening.
    """
    topic: list[Published] = []
    live = Live()
    for place, line in enumerate(recorded):
        now = datetime.fromisoformat(line["_time"])
        if place in drops:
            live = connected(live)
            for sent in again(recorded[:place]):
                live = _publish(topic, live, sent, now)
        if place not in kills:
            live = _publish(topic, live, line, now)
            continue
        _publish(topic, live, line, now, at_most=kills[place])
        _complete(topic, torn_again)
        live = connected(_complete(topic, 99))
        for sent in again(recorded[: place + 1]):
            live = _publish(topic, live, sent, now)
    return topic


def _publish(
    topic: list[Published], live: Live, line: Recorded, now: datetime, at_most: int | None = None
) -> Live:
    heard = hear(live, text(line), now)
    journal = heard.journal
    for event in heard.events[:at_most]:
        carries = isinstance(event, TimingEvent)
        topic.append(Published(event, journal if carries else ()))
        journal = () if carries else journal
    return heard.live


def _complete(topic: list[Published], at_most: int) -> Live:
    past = restored(kept.journal for kept in topic)
    said = {kept.event.event_id for kept in topic}
    missing = [event for event in past.last_events if event.event_id not in said]
    topic.extend(Published(event) for event in missing[:at_most])
    return past.live


def lines(topic: list[Published]) -> list[Line]:
    """Give what is on the topic as lines of a file."""
    return [as_line(kept.event) for kept in topic]


def _expected() -> list[Line]:
    converted = convert_recording(StringIO(tape.text(EVENING)), Tally())
    texts = [each.json for each in converted if isinstance(each, Converted)]
    return [
        as_line((REFERENCE if '"record.listed"' in each else TIMING).validate_json(each)) for each in texts
    ]


EXPECTED = final(_expected())


def test_without_trouble_it_is_the_converted_recording() -> None:
    """A connection that never drops brings what the recording has."""
    assert final(lines(played(set(), {}))) == EXPECTED


@settings(max_examples=60, deadline=None)
@given(
    drops=st.sets(st.integers(1, len(EVENING) - 1), max_size=6),
    kills=st.dictionaries(st.integers(1, len(EVENING) - 1), st.integers(0, 4), max_size=4),
    torn_again=st.integers(0, 3),
)
def test_neither_drops_nor_kills_change_the_evening(
    drops: set[int], kills: dict[int, int], torn_again: int
) -> None:
    """Wherever connections drop and processes die, the standings are the same and no timing is doubled."""
    topic = played(drops, kills, torn_again)
    ids = [kept.event.event_id for kept in topic if isinstance(kept.event, TimingEvent)]

    assert len(ids) == len(set(ids))
    assert final(lines(topic)) == EXPECTED


def test_the_clock_may_go_back() -> None:
    """Receipts never go back, so that what is told later counts later."""
    now = datetime.fromisoformat("2031-02-08T14:00:00+00:00")
    first = hear(Live(), text(EVENING[0]), now)
    second = hear(first.live, text(EVENING[2]), now.replace(hour=13))

    assert first.live.last is not None
    assert second.live.last is not None
    assert second.live.last > first.live.last


def test_a_second_clearing_is_no_copy() -> None:
    """After the copies of a new connection are over, a reset of the clock is a new one."""
    cleared = next(place for place, line in enumerate(EVENING) if line["typeName"] == "HeatClearedEvent")
    started = cleared + 1
    topic: list[Published] = []
    live = Live()
    now = datetime.fromisoformat(EVENING[started + 6]["_time"])
    for line in EVENING[: started + 3]:
        live = _publish(topic, live, line, now)
    live = connected(live)
    for line in [*again(EVENING[: started + 3]), EVENING[cleared]]:
        live = _publish(topic, live, line, now)

    assert [kept.event.type for kept in topic].count("pair.cleared") == 2


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "typeName: missing"),
        ('{"typeName": "Curling"}', "Curling was never seen"),
        ('{"typeName": "HeatStartedEvent", "name": "\\ud800"}', "half a character"),
    ],
)
def test_garbage_changes_nothing(message: str, reason: str) -> None:
    """What cannot be read is refused with the reason."""
    with pytest.raises(wire.UnreadableError, match=reason):
        hear(Live(), message, datetime.fromisoformat("2031-02-08T14:00:00+00:00"))


def test_what_leads_to_nothing_yet_is_kept_where_it_changes_what_comes() -> None:
    """A heat that lost a lane without a word, and gets it back: a successor says what was said."""
    both = HEAT_1._replace(number=5, gun=0.0)
    one = both._replace(skaters=both.skaters[:1])
    recorded = [
        tape.meeting(0.0),
        tape.distance(1.0),
        tape.activated(2.0, HEAT_1),
        tape.started(401.0, HEAT_1),
        tape.activated(500.0, both),
        tape.activated(510.0, one),
        tape.activated(520.0, both),
    ]
    live, journals = Live(), []
    last: tuple[ContractEvent, ...] = ()
    for line in recorded:
        heard = hear(live, text(line), datetime.fromisoformat(line["_time"]))
        live = heard.live
        if heard.journal:
            journals.append(heard.journal)
            last = heard.events
    assert [event.type for event in last] == ["reskate.granted"]
    assert restored(journals).last_events == last
