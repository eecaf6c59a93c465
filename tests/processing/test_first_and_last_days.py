"""All steps together at the first and the last moment that there is: nothing fails."""

import pytest

from streams.processing.messages import Published
from streams.processing.pipeline import Pipeline
from tests.skating.a_race import RACE, closed, competitor, deleted, passing, raw, scheduled

BOARDS = ("WR/", "WRJ/", "NR/NED", "NRJ/NED", "TR/tomaszow", "TRJ/tomaszow", "PB/ann", "SB/ann", "OPENING/")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("0001-01-01T00:00:00+23:59", "0001-01-01"),
        ("0020-07-01T00:00:00Z", "0001-06-30"),
        ("9999-12-31T23:59:59.999999-23:59", "9999-12-31"),
    ],
)
@pytest.mark.parametrize("set_on", [True, False])
def test_no_day_is_too_early_or_too_late(moment: str, day: str, set_on: bool) -> None:
    """Records are listed, set, corrected and taken back in the first year as in the last."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=True, on_bug=bugs.append)
    ann = competitor("ann", birth_date=day)
    out: list[Published] = []
    for board in BOARDS:
        kind, scope = board.split("/")
        listing = {
            "kind": kind,
            "discipline": "M500",
            "scope": scope or None,
            "holder": ann,
            "time_ms": 36_000,
        }
        listed = {
            "type": "record.listed",
            "occurred_at": moment,
            "set_on": day if set_on else None,
            **listing,
        }
        out += pipeline.feed("reference", f"{kind}/M500/{scope}".encode(), raw(listed))
    opened = scheduled("bea ann", scheduled_at=moment)
    opened["start_list"][1]["competitor"] = ann
    story = [
        opened,
        passing("ann", 1, 9_000, 1, distance_m=100),
        passing("ann", 1, 35_000, 1),
        passing("ann", 1, 36_000, 1, method="photo_finish"),
        deleted("ann", 1, method="photo_finish"),
        closed("OFFICIAL", 1),
    ]
    for each in story:
        out += pipeline.feed("timing", RACE.encode(), raw(each | {"occurred_at": moment}))
    assert bugs == []
    streams = {message.stream for message in out}
    assert streams >= {"performances", "standings", "podium", "pace"}
