"""What is kept of the last event when a race is drawn and written: never to be told from making it anew."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from schemas.standings import Standings
from streams.event_files import read_events
from streams.processing.messages import Received
from streams.processing.standings import STANDINGS, Row, Shown
from streams.processing.step import run
from streams.skating.roster import Roster
from tests.skating.a_race import RACE, competitor, event, pair, passing, raw, scheduled
from tests.skating.meetings import Made, races

FIXTURES = Path(__file__).parents[2] / "fixtures"
ROW = TypeAdapter(Row)

unhurried = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def hold_against_anew(states: dict[str, Shown], received: Received) -> None:
    """Let a race hear an event, and compare with what its row alone and pydantic alone make of it."""
    outcome = run(STANDINGS, states.get, received)
    if outcome.change is None or outcome.row is None:
        return
    race_id, row = outcome.row
    state = outcome.change.state
    assert isinstance(state, Shown)
    states[race_id] = state

    known = state.row
    plain = replace(known.race, skaters=dict(known.race.skaters), pairs=dict(known.race.pairs))
    assert row == ROW.dump_json(replace(known, race=plain), exclude_defaults=True)
    assert state == STANDINGS.load({race_id: row})
    for message in outcome.published:
        if message.stream == "standings":
            assert message.value == Standings.model_validate_json(message.value).model_dump_json().encode()


@pytest.mark.parametrize("fixture", ["torture", "2021-okt-heerenveen"])
def test_a_race_is_the_same_made_step_by_step_or_at_once(fixture: str) -> None:
    """After every event of a meeting: row, sheet, podium and message as if there had been none before."""
    states: dict[str, Shown] = {}
    lines = [line for line in read_events([FIXTURES / f"{fixture}.jsonl"]) if line.stream == "timing"]
    for offset, line in enumerate(lines):
        hold_against_anew(states, Received("timing", 0, offset, line.key, line.value))

    assert states


@unhurried
@given(races())
def test_any_race_is_the_same_made_step_by_step_or_at_once(made: Made) -> None:
    """The same of races in which everything happens, redrawn start lists and mass starts among it."""
    states: dict[str, Shown] = {}
    for offset, each in enumerate(made.story):
        hold_against_anew(states, Received("timing", 0, offset, made.race_id.encode(), raw(each)))

    assert states


def test_a_race_redrawn_with_others_is_written_like_any() -> None:
    """Three start lists of 250 others each: more skaters and pairs than a dictionary is copied for."""
    states: dict[str, Shown] = {}
    lists = [
        [
            {"pair": number + 1, "lane": "inner", "competitor": competitor(f"skater-{number}")}
            for number in range(first, first + 250)
        ]
        for first in (0, 250, 500)
    ]
    story = [
        scheduled() | {"start_list": lists[0]},
        event("start_list.revised", 1, start_list=lists[1]),
        event("start_list.revised", 2, start_list=lists[2]),
        pair("called", 750, 3),
        passing("skater-749", 750, 35_000, 40),
        passing("skater-1", 2, 36_000, 41),
    ]
    for offset, each in enumerate(story):
        hold_against_anew(states, Received("timing", 0, offset, RACE.encode(), raw(each)))

    race = states[RACE].row.race
    assert isinstance(race.skaters, Roster)
    assert isinstance(race.pairs, Roster)
