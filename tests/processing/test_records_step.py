"""The records step: what a pace is held against."""

import json
from typing import Any

import pytest

from schemas.performances import RecordUnlisted
from streams.processing.messages import REASON_HEADER
from streams.processing.pipeline import Pipeline

RACE = "made-up/M500/-"
KROL = {"id": "krol", "name": "Krol", "country": "NED"}


def _event(kind: str, minute: int, second: float, fields: dict[str, Any]) -> bytes:
    at = f"2022-01-01T12:{minute:02}:{second:06.3f}+00:00"
    return json.dumps({"type": kind, "race_id": RACE, "occurred_at": at} | fields).encode()


def _passing(second: float, time_ms: int, method: str, distance_m: int = 500) -> bytes:
    where = {"pair": 1, "lane": "inner", "competitor_id": "krol", "distance_m": distance_m}
    return _event("passing.recorded", 1, second, where | {"time_ms": time_ms, "method": method})


def _paces(*timing: bytes) -> list[dict[str, Any]]:
    record = {"kind": "WR", "discipline": "M500", "scope": None, "time_ms": 34_000}
    holder = {"id": "old", "name": "Old", "country": "USA"}
    listed = json.dumps({"type": "record.listed", "holder": holder, "set_on": "2019-01-01"} | record).encode()
    venue = {"id": "rink", "name": "Rink", "country": "NED", "track_length_m": 400}
    competition = {"id": "made-up", "name": "Made up", "season": "2021-22", "series": None, "venue": venue}
    defined = {"competition": competition, "discipline": "M500", "distance_m": 500, "format": "pairs"}
    lines: dict[str, Any] = {"start_list": [{"pair": 1, "lane": "inner", "competitor": KROL}]}
    pipeline = Pipeline(openings=False)
    said = list(pipeline.feed("reference", b"WR/M500/", listed))
    for value in (_event("race.scheduled", 0, 0, defined | lines), *timing):
        said += pipeline.feed("timing", RACE.encode(), value)
    return [json.loads(message.value) for message in said if message.stream == "pace"]


def test_a_finish_is_held_against_the_record_it_breaks() -> None:
    """A first finish, 0.10 s under the record, is 0.10 s ahead of it."""
    (pace,) = _paces(_passing(34, 33_900, "optical"))

    assert pace["ahead_of_ms"] == {"WR": 100}


def test_a_photo_finish_is_held_against_the_same_record() -> None:
    """The optical time of the same finish is the record by then; it is not what the skater races against."""
    *_, pace = _paces(_passing(34, 33_900, "optical"), _passing(44, 33_885, "photo_finish"))

    assert pace["ahead_of_ms"] == {"WR": 120}


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (b"\xff", "key: must be the discipline in UTF-8"),
        (b"W500", "key: must be the discipline M500, got W500"),
        (None, "key: must be the discipline, got none"),
    ],
)
def test_what_stands_under_another_key_is_set_aside(key: bytes | None, reason: str) -> None:
    """Performances under a key that is not their discipline would be folded into other boards."""
    value = RecordUnlisted(key="WR/M500/").model_dump_json().encode()
    bugs: list[str] = []
    (letter,) = Pipeline(openings=False, on_bug=bugs.append).feed("performances", key, value)
    assert dict(letter.headers)[REASON_HEADER].decode() == reason
    assert bugs == []
