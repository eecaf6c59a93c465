"""The comparison itself, on a made-up sheet: it finds nothing where all is well, and everything else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.sheets.compared import Difference, differences, replayed
from tests.sheets.printed import ResultSheet, sheets_of
from tests.sheets.skated import events, points_taken
from tests.sheets.tables import TABLES

_RACE = {"wc": "9", "no": "1", "title": "1000m Women", "dist": "1000m", "gender": "W", "div": "A"}
_COLUMNS = ("rank", "nr", "name", "ctry", "pair", "lane", "laps", "raw")
_TIMED = (
    ("1", "11", "Ada AARD", "NED", "2", "I", "", "1:15.10(4) 60"),
    ("2", "12", "Bea BLANCHARD", "CAN", "1", "O", "", "1:15.10(6) 54"),
    ("3", "13", "Cleo CARTERT02,RW", "USA", "1", "I", "", "1:16.00(1) +0.90 48"),
    ("3", "14", "Dora DAHL", "NOR", "3", "O", "", "1:16.00(1) +0.90 48"),
    ("5", "15", "Eva EKF", "SWE", "2", "O", "", "1:31.55 +16.45 40"),
    ("", "16", "Fay FUCHST09", "GER", "3", "I", "", "DQ"),
    ("", "17", "Eva EK", "DEN", "4", "I", "", "WDR"),
    ("", "18", "Gil GALL", "SUI", "4", "O", "", "WDR 0"),
)
_LAPPED = (
    ("1", "21", "Hal HOLM", "DEN", "", "", "16", "1 60 61 8:00.00 60"),
    ("2", "22", "Ivo IRIS", "ITA", "", "", "16", "40 40 8:00.10(1) 54"),
    ("3", "23", "Jon JOST", "BEL", "", "", "16", "3 3 8:20.00 (N)48"),
    ("4", "24", "Kim KOK", "NED", "", "", "16", "2 0 8:00.10(3) 43"),
    ("5", "25", "Leo LANG", "AUT", "", "", "9", "0 4:44.00 40"),
)
_FALLEN = (
    ("1", "31", "Mia MOE", "NOR", "1", "I", "", "37.10 60"),
    ("2", "32", "Nel NOOR", "NED", "1", "O", "", "37.20 +0.10 54"),
    ("", "33", "Oda OLSEN", "NOR", "2", "I", "", "DNF 48"),
    ("", "34", "Pia PONT", "SUI", "2", "O", "", "DQ"),
)


def _sheet(lines: tuple[tuple[str, ...], ...], race: Mapping[str, str] = _RACE) -> ResultSheet:
    rows = [{**race, **dict(zip(_COLUMNS, line, strict=True))} for line in lines]
    return sheets_of(rows, "made-up.csv")[0]


TIMED = _sheet(_TIMED)
FALLEN = _sheet(_FALLEN, {**_RACE, "title": "1st 500m Women", "dist": "1st 500m"})
MASS_START = _sheet(_LAPPED, {**_RACE, "title": "Mass Start Women", "dist": "Mass Start"})


def _found(printed: ResultSheet, skated: ResultSheet) -> list[Difference]:
    (outcome,) = replayed([*TABLES.values(), *events(skated, 7)])
    return differences(printed, outcome)


def _places(printed: ResultSheet) -> list[tuple[int, str]]:
    """Say where and in what the made-up sheet, skated as it is, differs from another."""
    return [(each.place, each.what) for each in _found(printed, TIMED)]


@pytest.mark.parametrize("sheet", [TIMED, FALLEN, MASS_START], ids=["timed", "fallen", "mass start"])
def test_sound_sheet_has_no_differences(sheet: ResultSheet) -> None:
    """Ties, a dead heat, marks, a DQ, a DNF's points, withdrawals and a lapped skater come out as printed."""
    assert _found(sheet, sheet) == []


def test_text_behind_a_name_is_read() -> None:
    """Rule and mark behind a name are parted from it, and an F where the name is printed without it too."""
    names = [(line.name, line.result.rule, line.result.marks) for line in TIMED.lines]

    assert names[2:6] == [
        ("Cleo CARTER", "T02", ("RW",)),
        ("Dora DAHL", None, ()),
        ("Eva EK", None, ("F",)),
        ("Fay FUCHS", "T09", ()),
    ]


def test_points_taken_back_are_seen() -> None:
    """Whose total is 0 in spite of sprint points has lost them."""
    assert [line.name for line in points_taken(MASS_START)] == ["Kim KOK"]


@pytest.mark.parametrize(
    ("place", "change", "what"),
    [
        (5, {"rank": 6}, "rank"),
        (6, {"rank": 6}, "rank"),
        (3, {"name": "Cleo CARTIER"}, "who"),
        (4, {"lane": "inner"}, "pair and lane"),
        (4, {"pair": 2}, "pair and lane"),
    ],
)
def test_wrong_line_is_found(place: int, change: Mapping[str, Any], what: str) -> None:
    """A sheet that says something else about who, where or which rank differs in just that."""
    lines = list(TIMED.lines)
    lines[place - 1] = replace(lines[place - 1], **change)

    assert _places(replace(TIMED, lines=tuple(lines))) == [(place, what)]


def test_dead_heat_that_is_none_is_found() -> None:
    """Where a sheet does not share a rank that we share, both lines differ."""
    lines = list(TIMED.lines)
    lines[3] = replace(lines[3], rank=4)

    assert _places(replace(TIMED, lines=tuple(lines))) == [(3, "rank_equal"), (4, "rank"), (4, "rank_equal")]


@pytest.mark.parametrize(
    ("place", "change", "what"),
    [
        (1, {"time": "1:15.11"}, "time"),
        (1, {"thousandth": "5"}, "thousandth"),
        (5, {"thousandth": "7"}, "thousandth"),
        (2, {"behind": "+0.01"}, "behind"),
        (3, {"points": 43}, "World Cup points"),
        (6, {"irm": "DNF"}, "irm"),
        (6, {"rule": None}, "rule"),
        (5, {"marks": ()}, "marks"),
    ],
)
def test_wrong_result_is_found(place: int, change: Mapping[str, Any], what: str) -> None:
    """A sheet that says something else about a result differs in just that."""
    lines = list(TIMED.lines)
    line = lines[place - 1]
    lines[place - 1] = replace(line, result=replace(line.result, **change))

    assert _places(replace(TIMED, lines=tuple(lines))) == [(place, what)]


def test_wrong_order_and_missing_line_are_found() -> None:
    """Two lines that changed places differ in who they are of, and a line that is missing is counted."""
    first, second, *others = TIMED.lines
    swapped = _found(replace(TIMED, lines=(second, first, *others)), TIMED)
    shorter = _found(replace(TIMED, lines=TIMED.lines[:-1]), TIMED)

    assert {each.place for each in swapped if each.what == "who"} == {1, 2}
    assert shorter == [Difference("9/1", 0, "lines", 7, 8)]


def test_wrong_laps_and_sprint_points_are_found() -> None:
    """Laps and sprint points of a mass start are compared as well."""
    first, *others = MASS_START.lines
    wrong = replace(first, laps=15, result=replace(first.result, total=60))

    found = _found(replace(MASS_START, lines=(wrong, *others)), MASS_START)

    assert [(each.what, each.printed, each.ours) for each in found] == [
        ("laps", 15, 16),
        ("sprint points", 60, 61),
    ]


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        (7, "1:15", "made-up.csv:2: raw: expected a time or DNF, DQ, DNS, WDR, got '1:15'"),
        (7, "", "made-up.csv:2: raw: expected a time or DNF, DQ, DNS, WDR, got ''"),
        (3, "", "made-up.csv:2: name: a line without a country is a team's; no team is called 'Ada AARD'"),
    ],
)
def test_unreadable_line_is_told(column: int, text: str, message: str) -> None:
    """A line that makes no sense is refused with its place, and what it says."""
    line = list(_TIMED[0])
    line[column] = text

    with pytest.raises(ValueError, match="made-up") as refused:
        _sheet((tuple(line),))
    assert str(refused.value) == message
