"""The reference step: listings go to the boards of their discipline, everything else is set aside or kept."""

import json
from typing import Any

import pytest

from schemas.performances import BOARD_EVENTS, RecordUnlisted
from schemas.rankings import RankingDefined
from schemas.reference import REFERENCE, RecordListed, reference_key
from schemas.results import RESULT_EVENTS
from streams.processing.messages import REASON_HEADER, Published, Received
from streams.processing.reference import REFERENCE_STEP
from streams.processing.step import run

LISTED: dict[str, Any] = {
    "type": "record.listed",
    "kind": "WR",
    "discipline": "W500",
    "time_ms": 36_360,
    "splits": {"100": 10_250},
    "holder": {"id": "lee", "name": "Lee Sang-hwa", "country": "KOR"},
    "set_on": "2013-11-16",
    "venue": "salt-lake-city",
    "occurred_at": "2021-11-01T12:00:00Z",
}
TABLE: dict[str, Any] = {
    "type": "points_table.listed",
    "name": "wc-a",
    "points": [60, 54],
    "irm_scores": {"DNF": "last"},
}
DEFINED: dict[str, Any] = {
    "type": "ranking.defined",
    "ranking_id": "2021-22/medals",
    "basis": "medals",
    "season": "2021-22",
    "selection": {"competition": "2022-olympics-beijing"},
    "occurred_at": "2022-02-01T12:00:00+08:00",
}


def step(value: dict[str, Any] | bytes | None, key: bytes | None = b"WR/W500/") -> tuple[Published, ...]:
    """Put one message through the step; none may make our own code fail."""
    raw = json.dumps(value).encode() if isinstance(value, dict) else value
    outcome = run(REFERENCE_STEP, lambda _: None, Received("reference", 0, 5, key, raw))
    assert outcome.bug is None
    return outcome.published


def reason(value: dict[str, Any] | bytes) -> str:
    """Give the reason of a message that is set aside."""
    (letter,) = step(value)
    assert letter.stream == "dead-letters"
    return dict(letter.headers)[REASON_HEADER].decode()


def test_a_listing_goes_to_its_discipline() -> None:
    """It is keyed by discipline, so that it reaches the boards of its races, and says what it said."""
    (message,) = step(LISTED)
    assert (message.stream, message.key) == ("performances", b"W500")
    told = BOARD_EVENTS.validate_json(message.value)
    assert isinstance(told, RecordListed)
    assert (told.time_ms, told.splits) == (36_360, {100: 10_250})
    assert dict(message.headers)["ce_time"] == b"2021-11-01T12:00:00+00:00"


def test_the_same_listing_has_the_same_id_and_another_one_another() -> None:
    """A redelivered listing is told under the same id; a corrected one is not."""
    ids = [dict(step(each)[0].headers)["ce_id"] for each in (LISTED, LISTED, LISTED | {"time_ms": 36_350})]
    assert ids[0] == ids[1] != ids[2]


def test_a_tombstone_takes_the_listings_of_its_board_back() -> None:
    """Without value, the key says whose record is listed no more."""
    for key, board in (
        (b"NR/W500/NED", "NR/W500/NED"),
        (b"WR/W500", "WR/W500/"),
        (b"PB/W500/a/b", "PB/W500/a/b"),
    ):
        (message,) = step(None, key)
        told = BOARD_EVENTS.validate_json(message.value)
        assert isinstance(told, RecordUnlisted)
        assert (told.key, message.key) == (board, b"W500")


@pytest.mark.parametrize("key", [b"wc-a", b"", b"WR", b"WR/", b"XX/W500/", b"\xff\xfe", None])
def test_a_tombstone_of_no_record_is_nothing(key: bytes | None) -> None:
    """A points table that is taken back, or a key that names no board, says nothing to the boards."""
    assert step(None, key) == ()


def test_a_points_table_goes_to_the_rankings() -> None:
    """All rankings are one partition's, so all tables have one key."""
    (message,) = step(TABLE, b"wc-a")
    assert (message.stream, message.key) == ("results", b"rankings")
    assert RESULT_EVENTS.validate_json(message.value) == REFERENCE.validate_json(json.dumps(TABLE))


def test_a_definition_goes_to_the_rankings() -> None:
    """It has a key of its own on the way in, which no record and no table has."""
    (message,) = step(DEFINED, b"ranking/2021-22/medals")
    assert (message.stream, message.key) == ("results", b"rankings")
    told = RESULT_EVENTS.validate_json(message.value)
    assert isinstance(told, RankingDefined)
    assert reference_key(told) == "ranking/2021-22/medals"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (b"{", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        ({"type": "record.lost"}, "type: "),
        ({}, "type: "),
        (LISTED | {"time_ms": 0}, "time_ms: "),
        (LISTED | {"time_ms": "36360"}, "time_ms: "),
        (LISTED | {"kind": "ER"}, "kind: "),
        (LISTED | {"discipline": "W501"}, "discipline: "),
        (LISTED | {"splits": {"x": 10_250}}, "splits.x"),
        (LISTED | {"splits": {"100": 0}}, "splits.100: "),
        (LISTED | {"scope": "NED"}, "scope: of WR must be null, got NED"),
        (LISTED | {"kind": "NR"}, "scope: of NR must be a country, a venue id or a competitor id, got None"),
        (LISTED | {"set_on": "16-11-2013"}, "set_on: "),
        (LISTED | {"holder": None}, "holder: "),
        (LISTED | {"occurred_at": "2021-11-01T12:00:00"}, "occurred_at: "),
        (TABLE | {"points": []}, "points: "),
        (TABLE | {"points": [54, 60]}, "points: rank 2 must not score more than rank 1, got 60 > 54"),
        (TABLE | {"points": [60, -1]}, "points.1: "),
        (TABLE | {"irm_scores": {"DSQ": "last"}}, "irm_scores.DSQ"),
        (TABLE | {"irm_scores": {"DNF": "first"}}, "irm_scores.DNF: "),
        (DEFINED | {"basis": "applause"}, "basis: "),
        (DEFINED | {"selection": None}, "races: must be told either by race_ids or by a selection"),
        (DEFINED | {"selection": {}}, "selection: must name a competition or a series"),
        (DEFINED | {"ranking_id": "two words"}, "ranking_id: "),
        (DEFINED | {"points_table": "wc-a"}, "points_table: is for basis points only, got medals"),
        (DEFINED | {"occurred_at": None}, "occurred_at: "),
    ],
)
def test_what_is_no_listing_is_set_aside_with_its_reason(wrong: dict[str, Any] | bytes, field: str) -> None:
    """The reason names the field that is wrong."""
    assert field in reason(wrong)
