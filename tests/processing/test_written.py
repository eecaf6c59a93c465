"""What is kept of the last event when a race is drawn and written: never to be told from making it anew."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import TypeAdapter

from schemas.standings import Standings
from streams.event_files import read_events
from streams.processing.messages import Received
from streams.processing.standings import STANDINGS, Row, Shown
from streams.processing.step import run
from tests.skating.a_race import raw
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
    states[race_id] = outcome.change.state

    assert row == ROW.dump_json(outcome.change.state.row, exclude_defaults=True)
    assert outcome.change.state == STANDINGS.load({race_id: row})
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
