"""Timing events as models: strict about values, lenient about unknown fields."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from schemas.timing import TIMING, PassingRecorded, RaceScheduled, TimingEvent
from tests.skating.a_race import (
    Event,
    closed,
    competitor,
    deleted,
    event,
    lines,
    pair,
    passing,
    raw,
    reskate,
    ruled,
    scheduled,
    sprint,
)

EVERY_TYPE = (
    scheduled("ann bea"),
    event("start_list.revised", 1, start_list=lines("ann bea")),
    event("start_list.added", 1, part=1, start_list=lines("ann bea")),
    pair("called", 1, 1),
    pair("started", 1, 1),
    pair("cleared", 1, 1),
    passing("ann", 1, 35_000, 1),
    deleted("ann", 1),
    ruled("ann", "DQ", 1),
    reskate("ann", 2, 1),
    sprint(1, 1, ann=3),
    pair("confirmed", 1, 1),
    event("race.paused", 1, reason="delay"),
    event("race.resumed", 1, reason="delay"),
    closed("OFFICIAL", 1),
)


def faults(story: Event) -> list[str]:
    """Read an event, and give where it is wrong."""
    with pytest.raises(ValidationError) as caught:
        TIMING.validate_json(raw(story))
    return [".".join(str(part) for part in fault["loc"][1:]) for fault in caught.value.errors()]


@pytest.mark.parametrize("story", EVERY_TYPE, ids=lambda story: str(story["type"]))
def test_every_type_of_the_contract_is_read_and_written(story: Event) -> None:
    """Unknown fields are passed over, and what is written reads back equal."""
    read = TIMING.validate_json(raw(story | {"wind_m_s": 1.5, "newer": {"deep": [None]}}))
    assert read.type == story["type"]
    assert TIMING.validate_json(read.model_dump_json()) == read
    assert not hasattr(read, "newer")


def test_the_contract_has_fifteen_types() -> None:
    """Each row of the contract's table is one model."""
    assert {each["type"] for each in EVERY_TYPE} == {
        each.model_fields["type"].default for each in get_args(TimingEvent)
    }


def test_events_are_frozen() -> None:
    """What was read cannot be changed."""
    read = TIMING.validate_json(raw(passing("ann", 1, 35_000, 1)))
    assert isinstance(read, PassingRecorded)
    with pytest.raises(ValidationError):
        read.time_ms = 1  # type: ignore[misc]


@pytest.mark.parametrize("field", ["race_id", "occurred_at"])
@pytest.mark.parametrize("story", EVERY_TYPE, ids=lambda story: str(story["type"]))
def test_every_event_needs_its_race_and_its_instant(story: Event, field: str) -> None:
    """Without one of them, or with null, no event is read."""
    assert field in faults({name: value for name, value in story.items() if name != field})
    assert field in faults(story | {field: None})


@pytest.mark.parametrize(
    "wrong",
    [
        1_637_000_000,
        1_637_000_000.5,
        "1637000000",
        "2021-11-12T10:00:00",
        "2021-11-12",
        "10:00:00Z",
        "2021-13-12T10:00:00Z",
        "2021-11-12T25:00:00Z",
        "2021-11-12T10:00:60Z",
        "2021-11-12T10:00:00+24:00",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "yesterday",
        "",
        True,
        [],
    ],
)
def test_an_instant_is_a_date_and_time_with_an_offset(wrong: Any) -> None:
    """Seconds since 1970, naive and impossible moments are refused, in every field that is an instant."""
    assert faults(passing("ann", 1, 35_000, 1) | {"occurred_at": wrong}) == ["occurred_at"]
    assert faults(pair("started", 1, 1, started_at=wrong)) == ["started_at"]


@pytest.mark.parametrize(
    "right",
    [
        "2021-11-12T10:00:00Z",
        "2021-11-12t10:00:00z",
        "2021-11-12T10:00:00.123456789+05:45",
        "2021-11-12T10:00:00-00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
    ],
)
def test_any_moment_of_rfc_3339_is_read(right: str) -> None:
    """Whatever offset, and from the first year to the last."""
    assert TIMING.validate_json(raw(passing("ann", 1, 35_000, 1) | {"occurred_at": right})).race_id


@pytest.mark.parametrize(
    "wrong", [0, -3, 35.5, 35_000.0, "35000", True, None, [], {}, float("nan"), float("inf")]
)
@pytest.mark.parametrize("field", ["time_ms", "distance_m", "pair"])
def test_a_number_is_a_whole_one_from_1(field: str, wrong: Any) -> None:
    """Neither text nor a flag nor a fraction is a number of ours, and zero and less are none."""
    assert faults(passing("ann", 1, 35_000, 1) | {field: wrong}) == [field]


def test_a_distance_has_an_end() -> None:
    """A course is a list of splits, so a distance without bound would never end."""
    assert faults(passing("ann", 1, 35_000, 1, distance_m=100_001)) == ["distance_m"]
    endless = scheduled("ann", race_id="2021-wc1/MMS/A", format="mass_start", distance_m=10**18)
    assert faults(endless) == ["distance_m"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("competitor_id", ""),
        ("competitor_id", "x" * 201),
        ("competitor_id", 7),
        ("lane", "middle"),
        ("lane", 0),
        ("method", "guess"),
        ("method", None),
        ("source", None),
        ("event_id", 7),
    ],
)
def test_a_measurement_names_what_the_contract_names(field: str, wrong: Any) -> None:
    """Lanes and methods are those of the contract, names are text."""
    assert faults(passing("ann", 1, 35_000, 1) | {field: wrong}) == [field]


@pytest.mark.parametrize(
    ("story", "field"),
    [
        (ruled("ann", "DSQ", 1), "irm"),
        (ruled("ann", "", 1), "irm"),
        (event("result.ruled", 1, competitor_id="ann"), "irm"),
        (ruled("ann", None, 1, marks=["X"]), "marks.0"),
        (ruled("ann", None, 1, rule=254.6), "rule"),
        (pair("cleared", 1, 1, reason="coffee"), "reason"),
        (event("pair.started", 1, pair=1), "started_at"),
        (event("race.paused", 1), "reason"),
        (event("race.paused", 1, reason="lunch"), "reason"),
        (closed("LIVE", 1), "status"),
        (closed("official", 1), "status"),
        (sprint(0, 1, ann=3), "lap"),
        (sprint(1, 1, ann=-1), "points.ann"),
        (event("sprint.scored", 1, lap=1, points={"": 3}), "points..[key]"),
        (event("sprint.scored", 1, lap=1, points=[3]), "points"),
        (event("reskate.granted", 1, competitor_id="ann"), "pair"),
    ],
)
def test_other_events_take_only_what_the_contract_names(story: Event, field: str) -> None:
    """Marks, reasons, statuses and points are those of the contract."""
    assert faults(story) == [field]


@pytest.mark.parametrize("key", ["type", "kind"])
def test_a_type_that_was_never_seen_is_refused(key: str) -> None:
    """The type says which model: without it, or with an unknown one, nothing is read."""
    with pytest.raises(ValidationError, match="union_tag"):
        TIMING.validate_json(raw({"race_id": "c/M500/A", key: "race.flagged"}))


def test_a_deletion_of_all_may_say_so_with_null() -> None:
    """`pair` and `method` of a deletion may be left out or null."""
    assert TIMING.validate_json(raw(deleted("ann", 1, pair=None, method=None))) == TIMING.validate_json(
        raw(deleted("ann", 1))
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (
            {"race_id": "2021-wc1/M500/B"},
            "race_id: competition, discipline, division and run spell 2021-wc1/M500/A",
        ),
        ({"run": 2}, "race_id: competition, discipline, division and run spell 2021-wc1/M500/A/2"),
        ({"distance_m": 1000}, "distance_m: M500 is 500 m, got 1000"),
        ({"discipline": "X500"}, "discipline"),
        ({"division": "C"}, "division"),
        ({"format": "relay"}, "format"),
        ({"scheduled_at": "2021-11-12T10:00:00"}, "scheduled_at"),
        ({"competition": None}, "competition"),
    ],
)
def test_a_definition_agrees_with_itself(changed: Event, field: str) -> None:
    """The race id is made of its parts, a distance is that of its discipline."""
    with pytest.raises(ValidationError) as caught:
        TIMING.validate_json(raw(scheduled("ann bea") | changed))
    assert field in str(caught.value)


@pytest.mark.parametrize("run", [2, "2"])
def test_a_second_race_of_a_weekend_has_its_run_in_the_id(run: int | str) -> None:
    """`run` may be a number or a name; the id ends with it."""
    story = scheduled("ann bea") | {"race_id": "2021-wc1/M500/A/2", "run": run}
    read = TIMING.validate_json(raw(story))
    assert isinstance(read, RaceScheduled)
    assert read.run == run


@pytest.mark.parametrize(
    ("start_list", "reason"),
    [
        (lines("ann bea") + lines("- ann"), "pair 1 lists"),
        (lines("ann ann"), "pair 1 lists competitor ann twice"),
        (lines("ann bea") + lines("cor"), "pair 1 lists lane inner twice"),
    ],
)
def test_a_start_list_has_nobody_twice_in_a_pair(start_list: list[Event], reason: str) -> None:
    """A lane and a competitor stand once in a pair; both lists of the contract are checked."""
    for story in (
        event("start_list.revised", 1, start_list=start_list),
        scheduled("ann") | {"start_list": start_list},
    ):
        with pytest.raises(ValidationError, match=reason):
            TIMING.validate_json(raw(story))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"country": "NL"}, "country"),
        ({"country": "ned"}, "country"),
        ({"name": ""}, "name"),
        ({"birth_date": "1992-13-01"}, "birth_date"),
        ({"birth_date": 7}, "birth_date"),
        ({"members": [{"id": "kramer"}]}, "members.0.name"),
    ],
)
def test_a_competitor_has_id_name_and_country(changed: Event, field: str) -> None:
    """The country is that of the IOC, the birth date a day, a member has a name."""
    line = {"pair": 1, "lane": "inner", "competitor": competitor("ann") | changed}
    assert faults(event("start_list.revised", 1, start_list=[line])) == [f"start_list.0.competitor.{field}"]


@pytest.mark.parametrize("track", [99, 1001, float("nan"), "400", True, None])
def test_a_track_has_a_plausible_length(track: Any) -> None:
    """From 100 to 1000 m; a number, not its text."""
    story = scheduled("ann")
    venue = story["competition"]["venue"] | {"track_length_m": track}
    assert faults(story | {"competition": story["competition"] | {"venue": venue}})


def test_a_whole_length_is_written_without_a_fraction() -> None:
    """400 and 400.0 are one length, and one text, so that a definition is the same to the byte."""
    story = scheduled("ann")
    texts = set()
    for track in (400, 400.0):
        venue = story["competition"]["venue"] | {"track_length_m": track}
        read = TIMING.validate_json(raw(story | {"competition": story["competition"] | {"venue": venue}}))
        texts.add(read.model_dump_json())
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("story", "where"),
    [
        (scheduled("ann", race_id="c/M500/A") | {"race_id": "c" * 200 + "/M500/A"}, "race_id"),
        (pair("called", 100_001, 1), "pair"),
        (event("start_list.added", 1, part=0, start_list=[]), "part"),
        (event("start_list.added", 1, part=401, start_list=[]), "part"),
        (ruled("ann", "DQ", 1, rule="x" * 501), "rule"),
        (ruled("ann", "DQ", 1, marks=["F"] * 11), "marks"),
        (sprint(1, 1, ann=1_000_001), "points.ann"),
        (sprint(1, 1, **{f"n{number}": 1 for number in range(251)}), "points"),
    ],
)
def test_whatever_every_message_repeats_has_an_end(story: Event, where: str) -> None:
    """A standings message holds it all, and there is a largest message that a broker takes."""
    assert faults(story) == [where]


def test_only_the_first_wrong_line_of_a_start_list_is_told() -> None:
    """A million wrong lines would take gigabytes to tell."""
    assert faults(scheduled() | {"start_list": [1] * 100_000}) == ["start_list.0"]
