"""The sheet as a `DT_RESULT` message of the Olympic Data Feed, as far as its general dictionary goes.

What every sport shares is written: the envelope, the result status, one `Result` a competitor with rank, time
or invalid result mark and start order, who it is, and the members of a team. What only the dictionary of
speed skating and the codes of one Games define is not: see docs/export.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from xml.etree import ElementTree as ET

from schemas.model import LANES
from schemas.race import Competitor
from schemas.standings import Entry, Standings

_DISCIPLINE = "SSK"
_TEAM_EVENTS = {"TP": "TEAMPURS", "TS": "TEAMSPRN", "MS": "MASSST"}
_TEAMS = frozenset({"team_pursuit", "team_sprint"})
_EVENT_WIDTH, _PHASE, _UNIT = 18, "FNL-", "000100--"


_END = "\n  </Competition>"
"""Before this, which no name can have in it, the results go."""


def odf_pieces(
    standings: Standings, start: Mapping[str, int], several: Iterable[Iterable[Entry]]
) -> Iterator[str]:
    """Write standings as one `DT_RESULT` document, some results at a time.

    `Date`, `Time` and `Version` are those of the standings, never of the export, so that the same standings
    give the same document. Codes that a Games would assign are made from ours: the competition's id, the
    competitors' ids, and a unit code from the discipline.

    Args:
        standings: what is said of all.
        start: the place of everybody in the order of starting, from 1.
        several: everybody, some at a time.
    """
    head, _, tail = _without_results(standings).partition(_END)
    yield head
    for entries in several:
        yield "".join(_result(standings, entry, start[entry.competitor.id]) for entry in entries)
    yield _END + tail


def _without_results(standings: Standings) -> str:
    race, at = standings.race, standings.as_of
    body = ET.Element(
        "OdfBody",
        {
            "CompetitionCode": race.competition.id,
            "DocumentCode": unit_code(standings),
            "DocumentType": "DT_RESULT",
            "Version": str(standings.version),
            "ResultStatus": standings.status,
            "FeedFlag": "T",
            "Date": at.strftime("%Y-%m-%d"),
            "Time": _clock(at),
            "LogicalDate": at.strftime("%Y-%m-%d"),
            "Source": "SLOTRIT",
        },
    )
    competition = ET.SubElement(body, "Competition")
    _infos(competition, standings)
    ET.indent(body)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(body, encoding="unicode") + "\n"


def unit_code(standings: Standings) -> str:
    """Make the 34 characters that name an event unit: discipline, gender, event, phase and unit.

    `M1000` gives `SSKM1000M-------------FNL-000100--`. The division and the run have no place in the code of
    a Games, which has neither; a run's number counts the units.
    """
    told = standings.race
    gender, rest = ("X", "RELAY") if told.discipline == "XMR" else (told.discipline[0], told.discipline[1:])
    event = _TEAM_EVENTS.get(rest, f"{rest}M" if rest.isdigit() else rest)
    unit = f"{told.run:04}00--" if isinstance(told.run, int) else _UNIT
    return f"{_DISCIPLINE}{gender}{event.ljust(_EVENT_WIDTH, '-')}{_PHASE}{unit}"


def _infos(competition: ET.Element, standings: Standings) -> None:
    race = standings.race
    infos = ET.SubElement(competition, "ExtendedInfos")
    if race.scheduled_at is not None:
        ET.SubElement(infos, "UnitDateTime", {"StartDate": race.scheduled_at.isoformat()})
    gender = "X" if race.discipline == "XMR" else race.discipline[0]
    ET.SubElement(
        infos,
        "SportDescription",
        {"DisciplineName": "Speed Skating", "EventName": race.discipline, "Gender": gender},
    )
    venue = race.competition.venue
    ET.SubElement(infos, "VenueDescription", {"Venue": venue.id, "VenueName": venue.name})


def start_order(standings: Standings) -> dict[str, int]:
    """Give the place of everybody in the order of starting, by pair and lane, from 1."""
    lined_up = sorted(
        standings.entries,
        key=lambda entry: (entry.pair, LANES.index(entry.lane) if entry.lane else 0, entry.competitor.id),
    )
    return {entry.competitor.id: number for number, entry in enumerate(lined_up, start=1)}


def _result(standings: Standings, entry: Entry, start: int) -> str:
    told: dict[str, str | None] = {
        "Rank": None if entry.rank is None else str(entry.rank),
        "RankEqual": "Y" if entry.rank_equal else None,
        "ResultType": "IRM" if entry.irm else "TIME" if entry.time else None,
        "Result": entry.time,
        "IRM": {"DQ": "DSQ"}.get(entry.irm or "", entry.irm),
        "Diff": entry.behind or None,
        "Unchecked": "Y" if entry.unchecked and entry.time else None,
        "SortOrder": str(entry.sort_order),
        "StartOrder": str(entry.pair),
        "StartSortOrder": str(start),
    }
    result = ET.Element("Result", {name: value for name, value in told.items() if value})
    is_team = standings.race.format in _TEAMS
    who = entry.competitor
    competitor = ET.SubElement(
        result, "Competitor", {"Code": who.id, "Type": "T" if is_team else "A", "Organisation": who.country}
    )
    if is_team:
        ET.SubElement(competitor, "Description", {"TeamName": who.name})
    _composition(competitor, who, standings, is_team=is_team)
    ET.indent(result, level=2)
    return f"\n    {ET.tostring(result, encoding='unicode')}"


def _composition(competitor: ET.Element, who: Competitor, standings: Standings, *, is_team: bool) -> None:
    people = [(member.id, member.name) for member in who.members or ()] if is_team else [(who.id, who.name)]
    if not people:
        return
    composition = ET.SubElement(competitor, "Composition")
    gender = standings.race.discipline[0]
    for number, (code, name) in enumerate(people, start=1):
        athlete = ET.SubElement(composition, "Athlete", {"Code": code, "Order": str(number)})
        given, _, family = name.partition(" ")
        told = {
            "GivenName": given if family else "",
            "FamilyName": family or given,
            "Gender": gender if gender in "MW" else "",
            "Organisation": who.country,
            "BirthDate": who.birth_date.isoformat() if who.birth_date and not is_team else "",
        }
        ET.SubElement(athlete, "Description", {key: value for key, value in told.items() if value})


def _clock(at: datetime) -> str:
    return f"{at:%H%M%S}{at.microsecond // 1000:03}"
