"""What the steps tell each other as models: whoever publishes there too cannot make our own code fail."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.performances import BOARD_EVENTS, RacePerformances
from schemas.results import RESULT_EVENTS, RaceResults
from streams.processing.pipeline import Pipeline
from tests.skating.a_race import RACE, passing, raw, scheduled


def told() -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the last performances and results that a race makes the steps tell each other."""
    pipeline = Pipeline(openings=False)
    messages = [
        message
        for event in (scheduled("ann bea"), passing("ann", 1, 35_000, 1))
        for message in pipeline.feed("timing", RACE.encode(), raw(event))
    ]
    by_stream = {message.stream: message.value for message in messages}
    performances = BOARD_EVENTS.validate_json(by_stream["performances"])
    results = RESULT_EVENTS.validate_json(by_stream["results"])
    assert isinstance(performances, RacePerformances)
    assert isinstance(results, RaceResults)
    return performances.model_dump(mode="json"), results.model_dump(mode="json")


@pytest.mark.parametrize(
    ("field", "value"), [("rank", 0), ("rank", -(2**64)), ("time_ms", 0), ("next_pair", 0)]
)
def test_a_result_that_cannot_be_is_refused(field: str, value: int) -> None:
    """A rank below 1 would look for points at the end of the table, or beyond all numbers."""
    _, results = told()
    results["results"][0][field] = value
    with pytest.raises(ValidationError) as caught:
        RESULT_EVENTS.validate_json(raw(results))
    assert [fault["loc"][-1] for fault in caught.value.errors()] == [field]


@pytest.mark.parametrize(
    ("field", "value"), [("course", []), ("version", 0), ("place", -1), ("distance_m", 0)]
)
def test_performances_that_cannot_be_are_refused(field: str, value: object) -> None:
    """A race without a line has no opening."""
    performances, _ = told()
    performances[field] = value
    with pytest.raises(ValidationError) as caught:
        BOARD_EVENTS.validate_json(raw(performances))
    assert [fault["loc"][-1] for fault in caught.value.errors()] == [field]
