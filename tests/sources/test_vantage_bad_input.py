"""What a recording may have wrong, and what is said of it."""

import gzip
import json
from collections.abc import Iterable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.sources.vantage.wire import MOST_LAPS
from tests.sources import tape
from tests.sources.outcome import outcome, said
from tests.sources.synthetic import BRAND, FILE, HEAT_1, evening


def _opening() -> list[tape.Line]:
    heat = HEAT_1._replace(skaters=(BRAND,))
    return [
        tape.meeting(0.0),
        tape.distance(1.0),
        tape.activated(2.0, heat),
        tape.started(401.0, heat),
        tape.lap(420.0, heat, tape.measurement(heat, BRAND, 189_000_000)),
    ]


def test_recording_that_breaks_off_within_a_line() -> None:
    """All lines before are converted; the rest of a line is complained of, with its number."""
    lines = tape.text(_opening())
    whole = outcome(lines)
    broken = outcome(lines + lines[:50])

    assert broken.json == whole.json
    assert [(problem.line, problem.reason.split(" (")[0]) for problem in broken.problems] == [(6, "no JSON")]
    assert broken.tally.dropped["unreadable"] == 1


def test_compressed_recording_that_breaks_off(tmp_path: Path) -> None:
    """A compressed file whose end is missing is converted up to there."""
    compressed = gzip.compress(FILE.read_bytes())
    path = tmp_path / "broken.jsonl.gz"
    path.write_bytes(compressed[: len(compressed) // 2])

    broken = outcome(path)

    assert broken.json
    assert "breaks off here" in broken.problems[-1].reason


def test_compressed_recording(tmp_path: Path) -> None:
    """A compressed file is the same as the file."""
    path = tmp_path / "whole.jsonl.gz"
    path.write_bytes(gzip.compress(FILE.read_bytes()))

    assert outcome(path).json == outcome(FILE).json


def test_event_type_never_seen() -> None:
    """An unknown type is named, counted, and stands in nobody's way."""
    unknown = {"_time": tape.local(3.0), "competitionId": tape.MEETING, "typeName": "IceMeltedEvent"}
    found = outcome([*_opening()[:2], unknown, *_opening()[2:]])

    assert found.json == outcome(_opening()).json
    assert [(each.line, each.reason) for each in found.problems] == [
        (3, "typeName: IceMeltedEvent was never seen")
    ]
    assert found.tally.dropped["an event type never seen"] == 1


def test_heat_whose_distance_was_never_activated() -> None:
    """Nothing can be said of such a heat; its lines are complained of, and the next race is converted."""
    lines = [line for line in evening() if line.get("distance", {}).get("name") != "Ladies 1000 meter"]
    found = outcome(lines)
    distance_id = tape.named("Ladies 1000 meter")

    assert [race.definition.discipline for race in found.races.values()] == ["MTP"]
    assert found.problems[0].line == 3
    assert found.problems[0].reason == f"heat 1: its distance {distance_id} was never activated"
    assert found.tally.dropped["of a heat that was never activated"] > 20


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[]", "no JSON object"),
        ("{}", "typeName: missing, so nothing tells what this event is"),
        ('{"typeName": 3}', "typeName: missing, so nothing tells what this event is"),
        ("nonsense", "no JSON (Expecting value: line 1 column 1 (char 0)); is the recording cut off here?"),
    ],
)
def test_line_that_is_no_event(line: str, reason: str) -> None:
    """A line that is no recorded event is complained of for what it is."""
    found = outcome(tape.text(_opening()) + line + "\n")

    assert [str(problem) for problem in found.problems] == [f"stream:6: {reason}"]


def test_field_that_is_wrong_is_named() -> None:
    """The complaint says which field of which event is wrong, and what it holds."""
    lap = _opening()[4]
    wrong = {**lap, "lap": {**lap["lap"], "time": "soon"}}
    missing = {key: value for key, value in lap.items() if key != "raceId"}
    found = outcome([*_opening(), wrong, missing])

    assert found.problems[0].reason.startswith("RaceLapAddedEvent: lap.time: ")
    assert found.problems[0].reason.endswith(", got soon")
    assert found.problems[1].reason == "RaceLapAddedEvent: raceId: Field required"


def test_source_that_is_unknown() -> None:
    """A measurement by something unknown is complained of, alone and in a commit, and the others count."""
    heat = HEAT_1._replace(skaters=(BRAND,))
    guessed = tape.measurement(heat, BRAND, 481_000_000, "Guessed")
    finish = tape.measurement(heat, BRAND, 792_000_000)
    lines = [
        *_opening(),
        tape.lap(450.0, heat, guessed),
        tape.committed(500.0, heat, {BRAND.name: [guessed, finish]}),
    ]
    found = outcome(lines)

    assert [problem.reason for problem in found.problems] == [
        "lap.presentationSource.how: unknown in heat 1, got Guessed",
        "heat 1: laps: presentationSource.how: unknown: Guessed",
    ]
    assert found.entry(BRAND.name).time_ms == 79_200


def test_race_that_nobody_skates() -> None:
    """A measurement for somebody who is not in the heat is complained of."""
    lap = {**_opening()[4], "raceId": "nobody"}
    found = outcome([*_opening(), lap])

    assert found.problems[0].reason == "raceId: nobody skates that race in heat 1, got nobody"


@pytest.mark.parametrize(
    ("fixed", "ticks", "reason"),
    [
        (2, 300_000_000, "faster than 20 m/s"),
        (7, 792_000_000, "fixedIndex beyond the course"),
        (2, -5, "time below 1 ms"),
    ],
)
def test_impossible_measurement(fixed: int, ticks: int, reason: str) -> None:
    """A time that cannot be is complained of and not passed on."""
    heat = HEAT_1._replace(skaters=(BRAND,))
    measured = tape.measurement(heat, BRAND, ticks, "Photofinish", fixed=fixed, when=490.0)
    found = outcome([*_opening(), tape.lap(491.0, heat, measured)])

    assert found.json == outcome(_opening()).json
    assert reason in found.problems[0].reason


def test_skater_without_a_country_is_left_out() -> None:
    """A skater whom the contract cannot name is complained of; the opponent is listed."""
    line = json.loads(json.dumps(tape.activated(2.0, HEAT_1)))
    line["races"][0]["race"]["competitor"]["nationalityCode"] = None
    found = outcome([tape.meeting(0.0), tape.distance(1.0), line])

    assert [entry.competitor.name for entry in found.entries("W1000")] == ["Berit Brand"]
    assert found.problems[0].reason == (
        "heat 1: nationalityCode of Anna Aalto: must be three capitals, got None"
    )


def test_distance_that_the_contract_does_not_know() -> None:
    """A children's 300 m is none of the contract's disciplines, and is said to be so."""
    odd = {**tape.LADIES_1000, "value": 300}
    found = outcome([tape.meeting(0.0), tape.distance(1.0, odd), tape.activated(2.0, HEAT_1)])

    assert found.json == []
    assert found.problems[0].reason.startswith("discipline: ")
    assert found.problems[0].reason.endswith(", got W300")
    assert found.tally.dropped["cannot be converted"] == 1


def test_discipline_that_nobody_heard_of() -> None:
    """A discipline of another sport is said to be none."""
    odd = {**tape.LADIES_1000, "discipline": "Inline.Elimination"}
    found = outcome([tape.distance(1.0, odd), tape.activated(2.0, HEAT_1)])

    assert found.problems[0].reason == (
        "discipline of Ladies 1000 meter: Inline.Elimination is none of the contract's"
    )


def test_empty_lines_are_no_events() -> None:
    """Empty lines are passed over and not counted."""
    found = outcome("\n" + tape.text(_opening()) + "\n\n")

    assert found.tally.read == 5
    assert found.problems == []


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single dash is standard input, whose bytes need not be sound, and which stays open."""
    stdin = TextIOWrapper(BytesIO(FILE.read_bytes() + b"\xff\n"))
    monkeypatch.setattr("sys.stdin", stdin)

    found = outcome(Path("-"))

    assert found.json == outcome(FILE).json
    assert found.problems[-1].file == "<stdin>"
    assert not stdin.buffer.closed


def test_compressed_recording_that_is_damaged(tmp_path: Path) -> None:
    """A damaged compressed file is converted up to the damage."""
    damaged = bytearray(gzip.compress(FILE.read_bytes()))
    damaged[len(damaged) // 2 :] = b"\xff" * 100
    path = tmp_path / "damaged.jsonl.gz"
    path.write_bytes(damaged)

    assert "breaks off here" in outcome(path).problems[-1].reason


def test_nesting_without_end() -> None:
    """A line that nests too deeply is no event."""
    found = outcome("[" * 100_000 + "\n")

    assert found.problems[0].reason.startswith("no JSON")


_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2031-02-08T13:00:00", 1e400, -1]),
)


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, under in inner:
        yield (*path, key)
        yield from _places(under, (*path, key))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), junk=_JUNK)
def test_no_value_stops_the_conversion(data: st.DataObject, junk: object) -> None:
    """Whatever stands in any field of any line, the rest of the recording is converted and nothing raises."""
    lines = evening()[:60]
    line = data.draw(st.integers(0, len(lines) - 1))
    *way, last = data.draw(st.sampled_from(list(_places(lines[line]))))
    broken = json.loads(json.dumps(lines[line]))
    holder = broken
    for key in way:
        holder = holder[key]
    holder[last] = junk

    said([*lines[:line], broken, *lines[line + 1 :]])


def test_heat_that_nobody_skates() -> None:
    """A heat of which no lane can be listed is none: its pair would be unknown to the contract."""
    nowhere = HEAT_1._replace(skaters=(BRAND._replace(country="?"),))
    lines = [
        tape.activated(2.0, nowhere),
        tape.started(401.0, nowhere),
        tape.committed(500.0, nowhere, {}),
        tape.activated(501.0, HEAT_1._replace(skaters=())),
    ]
    found = outcome([tape.meeting(0.0), tape.distance(1.0), *lines, *_opening()[2:]])

    assert found.json == outcome(_opening()).json
    assert [problem.reason.partition(": must")[0] for problem in found.problems] == [
        "heat 1: nationalityCode of Berit Brand",
        f"heat 1 of distance {tape.named('Ladies 1000 meter')} was never activated",
        "heat 1: nationalityCode of Berit Brand",
    ]
    assert found.tally.dropped["nobody skates in the heat"] == 3


def test_loop_that_chatters() -> None:
    """Of a skater who is measured without end some hundred measurements are read, in bounded time."""
    heat = HEAT_1._replace(skaters=(BRAND,))
    laps = [
        tape.lap(420.0 + number / 100, heat, tape.measurement(heat, BRAND, 189_000_000 + number * 1_000))
        for number in range(2_000)
    ]
    found = outcome([*_opening()[:4], *laps])

    assert len(found.problems) == 2_000 - MOST_LAPS
    assert {problem.reason for problem in found.problems} == {
        "heat 1, Berit Brand: more than 500 measurements; the others are left out"
    }
    assert found.splits(BRAND.name) == {200: 18_900}


def test_line_with_measurements_without_end() -> None:
    """A commit of a million measurements is refused for its first one too many, or its first wrong one."""
    heat = HEAT_1._replace(skaters=(BRAND,))
    one = tape.measurement(heat, BRAND, 189_000_000)
    many = tape.committed(500.0, heat, {BRAND.name: [one] * (MOST_LAPS + 1)})
    wrong = json.loads(json.dumps(many))
    wrong["races"][0]["laps"] = [1] * 1_000_000
    found = outcome([*_opening(), many, wrong])

    assert found.json == outcome(_opening()).json
    too_many, not_one = (problem.reason for problem in found.problems)
    assert too_many.startswith("HeatCommittedEvent: races.0.laps: Tuple should have at most 500 items")
    assert not_one.startswith("HeatCommittedEvent: races.0.laps.0: Input should be a valid dictionary")
