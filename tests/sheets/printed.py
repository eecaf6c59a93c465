"""Result sheets as printed, read from a CSV with one printed line a row.

The columns tell who skated where; what came of it is read from `raw`, the printed text behind the name: time
with its thousandth on ties, gap and World Cup points, or in a mass start sprints, total, time and points.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from schemas.model import Irm, Lane
from schemas.race import RaceFormat
from tests.sheets.people import Printed, identified

IRMS: tuple[Irm, ...] = get_args(Irm)
_NO_RESULT = "|".join(IRMS)
_TIMED = re.compile(
    rf"(?P<irm>{_NO_RESULT})?(?:(?P<time>[\d:]+\.\d\d)(?:\((?P<thousandth>\d)\))?)?(?P<mark>F)?"
    r"(?: ?(?P<behind>\+[\d:]+\.\d\d))?(?: ?(?P<points>\d+))?"
)
_MASS_START = re.compile(
    r"(?P<sprints>(?:\d+ )*)(?P<total>\d+) "
    rf"(?:(?P<time>[\d:]+\.\d\d)(?:\((?P<thousandth>\d)\))? (?:\(N\))?(?P<points>\d+)"
    rf"|(?P<irm>{_NO_RESULT})(?P<rule>T\d\d)?)"
)
_RULED = re.compile(r"(?P<name>.+)(?P<rule>T\d\d)(?:,(?P<mark>F|RS|RW))?")
_PURSUIT_M = {"M": 3200, "W": 2400}
LAP_M = 400
_LANES: Mapping[str, tuple[Lane, Lane]] = {
    "I": ("inner", "inner2"),
    "O": ("outer", "outer2"),
    "Finish": ("inner", "inner2"),
    "Crossing": ("outer", "outer2"),
}
_QUARTET_M = 3000
"""From this distance on the B division skates in quartets."""

_TEAMS = {
    "BELGIUM": "BEL",
    "CANADA": "CAN",
    "CHINA": "CHN",
    "CZECHIA": "CZE",
    "FRANCE": "FRA",
    "GERMANY": "GER",
    "HUNGARY": "HUN",
    "ITALY": "ITA",
    "JAPAN": "JPN",
    "KAZAKHSTAN": "KAZ",
    "NETHERLANDS": "NED",
    "NORWAY": "NOR",
    "POLAND": "POL",
    "REPUBLIC OF KOREA": "KOR",
    "SWITZERLAND": "SUI",
    "UNITED STATES": "USA",
    "UNITED STATES OF AMERICA": "USA",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What is printed behind a name.

    `points` are World Cup points, 0 where none are printed. `sprints` and `total` are a mass start's sprint
    points from left to right, and their sum as printed; a sheet does not tell in which sprint they were won.
    """

    time: str | None
    thousandth: str | None
    behind: str
    points: int
    irm: Irm | None
    rule: str | None = None
    marks: tuple[str, ...] = ()
    sprints: tuple[int, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `rank` is None where none is printed, `laps` outside a mass start.

    `who` is the skater's id, the same on all sheets; a team's is its country, whose name is printed in two
    ways.
    """

    rank: int | None
    bib: str
    who: str
    name: str
    country: str
    pair: int
    lane: Lane | None
    laps: int | None
    result: Result


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """One sheet: `number` is World Cup and programme number, such as `1/10`; lines in printed order."""

    number: str
    title: str
    discipline: str
    distance_m: int
    format: RaceFormat
    division: str
    run: int | None
    lines: tuple[Line, ...]


def read_sheets(path: Path) -> tuple[ResultSheet, ...]:
    """Read all sheets of a file, in its order.

    Raises:
        ValueError: where a row makes no sense; the message says which row and what it says.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return sheets_of(rows, path.name)


def sheets_of(rows: Iterable[Mapping[str, str]], name: str) -> tuple[ResultSheet, ...]:
    """Sort rows into sheets; `name` is the file's, for errors. Raises `ValueError`."""
    rows = list(rows)
    names = {row["name"] for row in rows}
    who = identified(_person(row, names) for row in rows)
    by_sheet: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for number, row in enumerate(rows, start=2):
        by_sheet.setdefault(f"{row['wc']}/{row['no']}", []).append((f"{name}:{number}", row))
    return tuple(_sheet(number, those, names, who) for number, those in by_sheet.items())


def _person(row: Mapping[str, str], names: set[str]) -> Printed:
    return Printed(row["gender"], row["ctry"], _name(row["name"], names)[0])


def _sheet(
    number: str, rows: list[tuple[str, Mapping[str, str]]], names: set[str], who: Mapping[Printed, str]
) -> ResultSheet:
    _, head = rows[0]
    race_format, distance_m, run = _race([row for _, row in rows])
    code = {"mass_start": "MS", "team_pursuit": "TP"}.get(race_format, str(distance_m))
    return ResultSheet(
        number=number,
        title=head["title"],
        discipline=head["gender"] + code,
        distance_m=distance_m,
        format=race_format,
        division=head["div"],
        run=run,
        lines=tuple(_lines(rows, race_format, names, who)),
    )


def _race(rows: list[Mapping[str, str]]) -> tuple[RaceFormat, int, int | None]:
    """Tell format, distance in metres and run of a race; a mass start goes over the most laps printed.

    Those are 16 (RULES: splits), but 15 on one sheet.
    """
    head = rows[0]
    if head["dist"] == "Team Pursuit":
        return "team_pursuit", _PURSUIT_M[head["gender"]], None
    if head["dist"] == "Mass Start":
        return "mass_start", max(int(row["laps"]) for row in rows) * LAP_M, None
    run, _, metres = head["dist"].rpartition(" ")
    distance_m = int(metres.removesuffix("m"))
    in_quartets = head["div"] == "B" and distance_m >= _QUARTET_M
    return "quartets" if in_quartets else "pairs", distance_m, int(run[0]) if run else None


def _lines(
    rows: list[tuple[str, Mapping[str, str]]],
    race_format: RaceFormat,
    names: set[str],
    who: Mapping[Printed, str],
) -> Iterator[Line]:
    seen: set[tuple[str, str]] = set()
    for place, row in rows:
        name, rule, marks = _name(row["name"], names)
        result = _result(place, row["raw"], race_format, rule, marks)
        again = race_format == "quartets" and (row["pair"], row["lane"]) in seen
        seen.add((row["pair"], row["lane"]))
        yield Line(
            rank=int(row["rank"]) if row["rank"] else None,
            bib=row["nr"],
            who=who[_person(row, names)] if row["ctry"] else _country(place, name),
            name=name,
            country=row["ctry"] or _country(place, name),
            pair=int(row["pair"] or 1),
            lane=_LANES[row["lane"]][again] if row["lane"] else None,
            laps=int(row["laps"]) if row["laps"] else None,
            result=result,
        )


def _country(place: str, team: str) -> str:
    if team not in _TEAMS:
        raise ValueError(f"{place}: name: a line without a country is a team's; no team is called {team!r}")
    return _TEAMS[team]


def _name(printed: str, names: set[str]) -> tuple[str, str | None, tuple[str, ...]]:
    """Part a name from the rule and the mark that are printed right behind it.

    An F may be a mark or a letter of the name: it is a mark where the name without it is printed elsewhere.
    """
    ruled = _RULED.fullmatch(printed)
    if ruled is not None:
        return ruled["name"], ruled["rule"], (ruled["mark"],) if ruled["mark"] else ()
    if printed.endswith("F") and printed.removesuffix("F") in names:
        return printed.removesuffix("F"), None, ("F",)
    return printed, None, ()


def _result(
    place: str, raw: str, race_format: RaceFormat, rule: str | None, marks: tuple[str, ...]
) -> Result:
    mass_start = race_format == "mass_start"
    found = (_MASS_START if mass_start else _TIMED).fullmatch(raw)
    if found is None or (found["time"] is None) == (found["irm"] is None):
        wanted = "sprints, total, time and points" if mass_start else "a time or DNF, DQ, DNS, WDR"
        raise ValueError(f"{place}: raw: expected {wanted}, got {raw!r}")
    return Result(
        time=found["time"],
        thousandth=found["thousandth"],
        behind="" if mass_start else found["behind"] or "",
        points=int(found["points"] or 0),
        irm=next((irm for irm in IRMS if irm == found["irm"]), None),
        rule=found["rule"] if mass_start else rule,
        marks=marks,
        sprints=tuple(int(number) for number in found["sprints"].split()) if mass_start else (),
        total=int(found["total"]) if mass_start else None,
    )
