"""The two excerpts of a real evening, where they lie beside the checkout; they are not ours to copy."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.timing import PassingRecorded
from streams.skating import times
from streams.sources.vantage import State, foreseen, step, wire
from tests.sources.outcome import Outcome, lines_of, outcome

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "vantage"
LADIES, PURSUIT = FOLDER / "w1000.jsonl.gz", FOLDER / "mtp.jsonl.gz"
PRESENT = LADIES.exists() and PURSUIT.exists()

pytestmark = pytest.mark.skipif(
    not PRESENT, reason="no excerpts of a real recording in ../shared/data/vantage beside the checkout"
)


@pytest.fixture(scope="module")
def ladies() -> Outcome:
    """The women's 1000 m."""
    return outcome(LADIES)


@pytest.fixture(scope="module")
def pursuit() -> Outcome:
    """The men's team pursuit."""
    return outcome(PURSUIT)


def _sheet(found: Outcome, discipline: str) -> list[tuple[int | None, str, str | None, str | None]]:
    return [
        (entry.rank, entry.competitor.name.split()[-1], entry.time, entry.thousandth)
        for entry in found.entries(discipline)
    ]


def test_official_result_of_the_ladies(ladies: Outcome) -> None:
    """The podium, the tie that thousandths decide and the withdrawn one are those of the official sheet."""
    sheet = _sheet(ladies, "W1000")

    assert sheet[:3] == [
        (1, "Leerdam", "1:13.67", None),
        (2, "Kachanova", "1:13.90", None),
        (3, "Shikhova", "1:14.48", None),
    ]
    assert sheet[14:16] == [(15, "Scholz", "1:19.24", "2"), (16, "Wójcik", "1:19.24", "8")]
    assert sheet[-1] == (None, "Vorobyova", None, None)
    assert ladies.entry("Yeugeniya Vorobyova").irm == "WDR"
    assert len(sheet) == 20


def test_official_result_of_the_pursuit(pursuit: Outcome) -> None:
    """The three best teams are those of the official sheet."""
    assert [(entry.competitor.country, entry.time) for entry in pursuit.entries("MTP")[:3]] == [
        ("NED", "3:40.63"),
        ("RUS", "3:42.48"),
        ("NOR", "3:43.39"),
    ]


@pytest.mark.parametrize("recording", [LADIES, PURSUIT], ids=["ladies", "pursuit"])
def test_every_split_is_the_committed_one(recording: Path) -> None:
    """At every split of everybody the time that counts is the one that the timekeepers committed."""
    found = outcome(recording)
    compared = 0
    for line in lines_of(recording):
        event: dict[str, Any] = json.loads(line)
        if event["typeName"] != "HeatCommittedEvent":
            continue
        for race in (skated["race"] for skated in event["races"]):
            official = [lap["time"] // 10_000 for lap in race["laps"]]
            assert list(found.splits(race["competitor"]["fullName"]).values()) == official
            compared += len(official)

    assert compared == {LADIES: 63, PURSUIT: 96}[recording]


@pytest.mark.parametrize("recording", [LADIES, PURSUIT], ids=["ladies", "pursuit"])
def test_each_lap_is_known_by_the_time_the_scoreboard_shows_it(recording: Path) -> None:
    """What the scoreboard shows was said before its line, at that split; but for the 0.0 s finish."""
    state, said, names, missing = State(), set[tuple[str, int, int]](), dict[str, str](), 0
    for line in lines_of(recording):
        recorded: dict[str, Any] = json.loads(line)
        for skated in recorded.get("races", []):
            who = skated["race"]["competitor"]
            names[skated["race"]["id"]] = who.get("personId") or who["id"]
        event = wire.read(line)
        if not isinstance(event, str):
            state, events, _, _ = step(state, event)
            for each in events:
                if isinstance(each, PassingRecorded):
                    said.add((each.competitor_id, each.distance_m, each.time_ms))
        shown = recorded.get("lap")
        if recorded["typeName"] == "LastPresentedRaceLapChangedEvent" and shown is not None:
            lap = (names[recorded["raceId"]], shown["passedLength"], shown["time"] // 10_000)
            missing += lap not in said

    assert missing == {LADIES: 0, PURSUIT: 1}[recording]


def test_finish_of_zero_is_never_said(pursuit: Outcome) -> None:
    """The 0.0 s finish that led on the day is complained of, and no time faster than the winners' is told."""
    finishes = [
        event.time_ms
        for event in pursuit.told("passing.recorded")
        if isinstance(event, PassingRecorded) and event.distance_m == 3200
    ]

    assert times.text(min(finishes)) == "3:40.63"
    assert ["time below 1 ms" in problem.reason for problem in pursuit.problems] == [True]


@pytest.mark.parametrize("recording", [LADIES, PURSUIT], ids=["ladies", "pursuit"])
def test_excerpt_that_begins_anywhere_ends_alike(recording: Path) -> None:
    """Whatever is missing before a heat is put on the ice, its own result comes out the same."""
    lines = lines_of(recording)
    defined = [line for line in lines if '"DistanceActivatedEvent"' in line][:1]
    heats = [number for number, line in enumerate(lines) if '"HeatActivatedEvent"' in line]
    whole = outcome("".join(lines))
    for first in heats[1::3]:
        part = outcome("".join([*defined, *lines[first:]]))
        for race_id, race in part.races.items():
            for entry in part.entries(race.definition.discipline):
                full = whole.entry(entry.competitor.name)
                assert (entry.time_ms, entry.splits and entry.splits[-1].time_ms) == (
                    full.time_ms,
                    full.splits and full.splits[-1].time_ms,
                ), race_id


def test_tally_of_the_excerpts(ladies: Outcome, pursuit: Outcome) -> None:
    """Every event is accounted for, and nothing but the 0.0 s finish is complained of."""
    for found, read in ((ladies, 1974), (pursuit, 1676)):
        assert found.tally.read == read == found.tally.used + sum(found.tally.dropped.values())
    assert (ladies.tally.problems, pursuit.tally.problems) == (0, 1)
    assert ladies.tally.converted["record.listed"] == 20


@pytest.mark.parametrize("recording", [LADIES, PURSUIT], ids=["ladies", "pursuit"])
def test_excerpt_that_was_looked_through(recording: Path) -> None:
    """With the heats foreseen the start list is never revised, and the result is the same."""
    found, ahead = outcome(recording), outcome(recording, foreseen(recording))
    race = next(iter(found.races.values())).definition

    assert ahead.told("start_list.revised") == []
    assert ahead.entries(race.discipline) == found.entries(race.discipline)
