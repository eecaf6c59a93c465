"""What is needed in a samalog, as the rankings step publishes it: when, under which id, and to what end."""

import json
from collections.abc import Iterable

from hypothesis import given

from schemas.needs import SamalogNeeds
from streams.processing.messages import Published
from streams.processing.pipeline import Pipeline
from streams.processing.rankings import RANKINGS, Rankings
from streams.skating.rankings.samalog_needs import SamalogNeeded, samalog_needed
from tests.skating.a_race import Event, closed, event, instant, lines, pair, passing, raw, ruled, scheduled
from tests.skating.needs_evenings import Input, heard, timing, unhurried
from tests.skating.rankings.test_samalog_needs_properties import ALLROUND, Championship, championships

SPRINT = "ec/sprint"
FIRST, SECOND = "ec/M500/-", "ec/M1000/-"
DEFINED: Event = {
    "type": "ranking.defined",
    "ranking_id": SPRINT,
    "basis": "samalog",
    "season": "2021-22",
    "race_ids": [FIRST, SECOND],
    "occurred_at": instant(-60),
}


def first(told: Event) -> Event:
    """Move an event to the first distance."""
    return told | {"race_id": FIRST}


def second(told: Event) -> Event:
    """Move an event to the second distance."""
    distance = {"distance_m": 1000} if told.get("distance_m") == 500 else {}
    return told | {"race_id": SECOND} | distance


STORY: tuple[Event, ...] = (
    scheduled("ann bea", race_id=FIRST),
    first(pair("started", 1, 5)),
    first(passing("ann", 1, 9_900, 14, distance_m=100)),
    first(passing("ann", 1, 35_000, 40)),
    first(passing("bea", 1, 35_100, 41)),
    first(closed("OFFICIAL", 100)),
    scheduled("cor ann", "bea", race_id=SECOND, second=200),
    event("start_list.revised", 210, SECOND, start_list=lines("- ann", "bea")),
    second(passing("ann", 1, 70_000, 300)),
    second(passing("ann", 1, 70_011, 310, method="photo_finish")),
    second(pair("confirmed", 1, 311)),
    first(ruled("ann", "DQ", 320)),
    second(passing("bea", 2, 69_000, 400)),
    second(closed("OFFICIAL", 500)),
)


def book(told: Event) -> Input:
    """Write a definition down with its key."""
    return "reference", f"ranking/{told['ranking_id']}".encode(), raw(told)


def mine(published: Iterable[Published], ranking_id: str = SPRINT) -> list[Published]:
    """Give the messages on what is needed in the samalog."""
    return [each for each in published if each.stream == "needs" and each.key == ranking_id.encode()]


def read(message: Published) -> SamalogNeeds:
    """Read a message on what is needed."""
    return SamalogNeeds.model_validate_json(message.value)


def brief(needs: SamalogNeeds) -> str:
    """Write what is needed to lead: `M1000: ann any, bea 1:09.79`; `-` at the end."""
    entries = (
        f"{each.competitor.id} {each.to_lead.time if each.to_lead else 'any' if each.can_lead else 'none'}"
        for each in needs.entries
    )
    return f"{needs.race_id.split('/')[1]}: {', '.join(entries)}" if needs.race_id else "-"


def test_it_is_told_when_it_changes_and_at_nothing_else() -> None:
    """A list, finishes that matter, a photo finish, a ruling in another race; no split or confirmation."""
    out = heard([book(DEFINED), *map(timing, STORY)])
    assert [[brief(read(each)) for each in mine(told)] for told in out[1:]] == [
        ["M500: ann any, bea any"],
        [],
        [],
        ["M500: bea 34.99"],
        ["-"],
        [],
        ["M1000: cor 1:09.99, ann any, bea any"],
        ["M1000: ann any, bea any"],
        ["M1000: bea 1:09.79"],
        ["M1000: bea 1:09.80"],
        [],
        ["M1000: bea any"],
        ["-"],
        [],
    ]


def test_a_message_is_keyed_by_ranking_and_numbered_apart_from_it() -> None:
    """Versions without gaps from 1, ids of them, and the instant of the event behind it."""
    messages = [each for told in heard([book(DEFINED), *map(timing, STORY)]) for each in mine(told)]
    numbers = range(1, len(messages) + 1)
    assert [read(each).version for each in messages] == list(numbers)
    ids = [dict(each.headers)["ce_id"].decode() for each in messages]
    assert ids == [f"{SPRINT}@{number}/samalog.needs" for number in numbers]
    assert read(messages[1]).as_of.isoformat() == instant(40)


def test_a_definition_in_mid_race_tells_at_once_and_one_that_ends_it_empties_it() -> None:
    """Also one that makes another ranking of it."""
    other = DEFINED | {"basis": "medals", "occurred_at": instant(60)}
    out = heard([*map(timing, STORY[:4]), book(DEFINED), book(other)])
    assert [[brief(read(each)) for each in mine(told)] for told in out[4:]] == [["M500: bea 34.99"], ["-"]]
    assert read(mine(out[-1])[0]).as_of.isoformat() == instant(60)


@unhurried
@given(championships())
def test_what_was_told_last_of_a_samalog_is_what_is_needed(made: Championship) -> None:
    """Who only hears changes knows what the whole state says, after every event."""
    pipeline = Pipeline(openings=False)
    last = SamalogNeeded()
    for stream, key, value in made.story:
        for message in mine(pipeline.feed(stream, key, value), ALLROUND):
            told = read(message)
            last = SamalogNeeded(told.race_id, told.entries)
        for state in pipeline.ledgers["results"].states().values():
            assert last == samalog_needed(state.known, ALLROUND)


def test_rows_from_before_there_were_needs_are_read() -> None:
    """They have no versions of needs and no pairs, so nothing was told; the next message of a race tells."""
    state = rankings_after(STORY[:4])
    names = [f"race|{race_id}" for race_id in state.known.races]
    names += [f"ranking|{ranking_id}" for ranking_id in state.known.definitions]
    rows = {name: RANKINGS.dump(state, name) for name in names}
    old = {name: without(raw_row) for name, raw_row in rows.items()}
    loaded = RANKINGS.load(old)
    assert samalog_needed(loaded.known, SPRINT) == SamalogNeeded()
    assert not loaded.needed.last
    assert RANKINGS.load(rows) == state


def rankings_after(story: Iterable[Event]) -> Rankings:
    """Give what the step knows after a story."""
    pipeline = Pipeline(openings=False)
    for stream, key, value in (book(DEFINED), *map(timing, story)):
        list(pipeline.feed(stream, key, value))
    (state,) = pipeline.ledgers["results"].states().values()
    assert isinstance(state, Rankings)
    return state


def without(row: bytes) -> bytes:
    """Take out of a row what it had not got before there were needs."""
    told = json.loads(row)
    del told["needed"]
    for result in told["event"].get("results", ()):
        del result["next_pair"]
    return raw(told)
