"""A race's status, from what happened and when, whatever the order in which it was heard."""

from datetime import timedelta
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.race import ClosedStatus, Status
from streams.skating import life
from streams.skating.life import LifeEvent
from tests.skating.a_race import TEN, Event, closed, deleted, event, pair, passing, ruled, scheduled, told

CALLED, MEASURED = pair("called", 1, 10), passing("ann", 1, 35_000, 20)
PAUSED, RESUMED = event("race.paused", 30, reason="ice_resurfacing"), event("race.resumed", 40)
OPENED = scheduled("ann bea", "cor dee")


def status(*story: Event) -> str:
    """Tell a story of the race, and give its status."""
    return told(OPENED, *story).standings[-1].status


@pytest.mark.parametrize("opener", [CALLED, pair("started", 1, 15), MEASURED])
def test_a_race_is_live_from_the_first_sign_of_life(opener: Event) -> None:
    """START_LIST until the first pair is called or started, or something is measured; then LIVE."""
    assert (status(), status(opener)) == ("START_LIST", "LIVE")


def test_other_events_do_not_make_a_race_live() -> None:
    """Rulings, deletions, clearings and confirmations before the start leave START_LIST."""
    story = (
        ruled("dee", "WDR", 1),
        deleted("ann", 2),
        pair("cleared", 1, 3),
        pair("confirmed", 1, 4),
        event("race.paused", 5, reason="delay"),
    )
    assert status(*story) == "START_LIST"


def test_a_pause_lasts_until_the_race_is_resumed() -> None:
    """While the ice is made the race is INTERMEDIATE."""
    assert status(CALLED, PAUSED) == "INTERMEDIATE"
    assert status(CALLED, PAUSED, RESUMED) == "LIVE"


@pytest.mark.parametrize(
    "waker", [pair("called", 2, 35), pair("started", 2, 35), passing("cor", 2, 36_000, 35)]
)
def test_a_pause_ends_with_the_next_pair_or_measurement(waker: Event) -> None:
    """A race that goes on without being resumed is LIVE all the same."""
    assert status(CALLED, PAUSED, waker) == "LIVE"


def test_a_measurement_from_before_the_pause_does_not_end_it() -> None:
    """A time that is told late does not wake a race that was paused after it was taken."""
    assert status(CALLED, PAUSED, MEASURED) == "INTERMEDIATE"


def test_an_older_pause_or_resumption_that_arrives_late_is_not_heard() -> None:
    """Paused, resumed and paused again, in any order: the race stands still."""
    story = (PAUSED, RESUMED, event("race.paused", 50, reason="delay"))
    assert {status(CALLED, *each) for each in permutations(story)} == {"INTERMEDIATE"}
    story = (MEASURED, PAUSED, passing("bea", 1, 35_100, 35))
    assert {status(*each) for each in permutations(story)} == {"LIVE"}


@pytest.mark.parametrize("closed_as", get_args(ClosedStatus))
def test_closing_sets_its_status(closed_as: str) -> None:
    """Whatever the race is closed as is its status, also where it is closed once more."""
    assert status(CALLED, closed("UNOFFICIAL", 100), closed(closed_as, 200)) == closed_as


def test_a_closing_from_earlier_that_arrives_later_changes_nothing() -> None:
    """The latest closing holds, not the last to arrive; at one instant it is the last to arrive."""
    assert status(CALLED, closed("OFFICIAL", 200), closed("UNOFFICIAL", 100)) == "OFFICIAL"
    assert status(CALLED, closed("OFFICIAL", 200), closed("PROTESTED", 200)) == "PROTESTED"


@pytest.mark.parametrize(
    "later",
    [
        ruled("ann", "DQ", 300),
        passing("ann", 1, 35_001, 300, method="photo_finish"),
        deleted("ann", 300),
        pair("confirmed", 1, 300),
        pair("cleared", 1, 300),
        event("race.paused", 300, reason="delay"),
        event("race.resumed", 300),
        event("reskate.granted", 300, competitor_id="ann", pair=3),
    ],
)
def test_a_closed_race_stays_closed_through_corrections(later: Event) -> None:
    """Its status stays through later rulings and corrections."""
    assert status(CALLED, MEASURED, closed("OFFICIAL", 200), later) == "OFFICIAL"


@pytest.mark.parametrize("what", ["called", "started"])
def test_a_pair_that_is_called_or_started_reopens_a_closed_race(what: str) -> None:
    """A reskate after the closing makes the race LIVE again, until it is closed again."""
    again = pair(what, 1, 300)
    assert status(CALLED, MEASURED, closed("UNOFFICIAL", 200), again) == "LIVE"
    assert status(CALLED, MEASURED, closed("UNOFFICIAL", 200), again, closed("OFFICIAL", 400)) == "OFFICIAL"


def test_a_call_from_before_the_closing_does_not_reopen() -> None:
    """A call that is told late, from before the closing, changes nothing."""
    assert status(CALLED, closed("OFFICIAL", 200), pair("called", 2, 199)) == "OFFICIAL"


def test_a_status_does_not_depend_on_the_order_of_arrival() -> None:
    """Called, measured, paused, resumed and closed in all orders end alike."""
    story = (CALLED, MEASURED, PAUSED, RESUMED, closed("PROVISIONAL", 50))
    assert {status(*each) for each in permutations(story)} == {"PROVISIONAL"}
    assert {status(*each) for each in permutations(story[:3])} == {"INTERMEDIATE"}


def _step(now: Status, kind: LifeEvent, closed_as: ClosedStatus) -> Status:
    """Give the next status as the contract words it."""
    if kind == "closed":
        return closed_as
    if kind in ("called", "started"):
        return "LIVE"
    if now in get_args(ClosedStatus):
        return now
    if kind == "measured":
        return "LIVE"
    if kind == "paused":
        return "INTERMEDIATE" if now != "START_LIST" else now
    return "LIVE" if now == "INTERMEDIATE" else now


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9), st.sampled_from(life.ORDER), st.sampled_from(sorted(get_args(ClosedStatus)))
        ),
        max_size=12,
        unique_by=lambda each: each[:2],
    )
)
def test_remembering_only_the_latest_of_each_kind_loses_nothing(
    history: list[tuple[int, LifeEvent, ClosedStatus]],
) -> None:
    """The status of any history is that of the latest event of each kind, so a race needs no log."""
    history.sort(key=lambda each: (each[0], life.ORDER.index(each[1])))
    walked: Status = "START_LIST"
    for _, kind, closed_as in history:
        walked = _step(walked, kind, closed_as)
    latest = {kind: TEN + timedelta(seconds=at) for at, kind, _ in history}
    last_closing = next((closed_as for _, kind, closed_as in reversed(history) if kind == "closed"), None)
    assert life.status(latest, last_closing) == walked
