"""How far off are projected finishes? Prints a table, by distance and split, from recorded events.

    python -m bench.projection [FILE…]

FILE holds contract events, one JSON object a line; without any it reads all fixtures. No clock is involved:
the same files give the same table. Every split of everybody who finished is projected as it would have been
live, knowing what was known then, and compared with the time at the end. Errors are in seconds.

`others` is what `pace_at` says where somebody has finished; `scaled` and `gap` are what it would be with two
simpler rules in the same places: the leader's finish scaled by the ratio of the splits, and the leader's
finish plus the gap to him. `record` and `laps` are what `pace_at` says with the finishers, and then the
records too, kept from it.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from schemas.performances import Passed, Performance, RacePerformances
from schemas.race import Competitor
from schemas.reference import REFERENCE, RecordKind, RecordListed, ReferenceEvent
from schemas.timing import TIMING, TimingEvent
from streams.processing.performed import Moment, performed
from streams.skating.fold import Refused, fold
from streams.skating.pace import pace_at
from streams.skating.sheet import everybody, sheet

FIXTURES = Path(__file__).parent.parent / "fixtures"
METHODS = ("others", "scaled", "gap", "record", "laps")

Records = Mapping[RecordKind, Mapping[int, int]]


class Line(NamedTuple):
    """A row of the table: where on which course, such as 3200 m of a pursuit after 200 m."""

    distance_m: int
    at_m: int


class Said(NamedTuple):
    """What the methods said of somebody at a split of one attempt, in ms by method."""

    competitor_id: str
    pair: int
    line: Line
    finishes: Mapping[str, int]


class Live(NamedTuple):
    """A race as far as it has come."""

    moment: Moment
    performances: dict[str, Performance]
    said: list[Said]


def read(path: Path) -> Iterator[TimingEvent | ReferenceEvent]:
    """Read the events of a file; comments, and what is made to be bad, are passed over."""
    for line in path.read_text(encoding="utf-8").splitlines():
        for reader in (TIMING, REFERENCE):
            with suppress(ValidationError):
                yield reader.validate_json(line)
                break


def applying(listings: Iterable[RecordListed], race: RacePerformances, competitor: Competitor) -> Records:
    """Choose what stood in the books for a competitor, with the splits that are known."""
    scopes = {None, competitor.country, race.venue_id, competitor.id}
    return {
        listed.kind: {**(listed.splits or {}), race.distance_m: listed.time_ms}
        for listed in listings
        if listed.discipline == race.discipline and listed.scope in scopes and listed.kind != "OPENING"
    }


def leader(passed: Passed, performances: Iterable[Performance]) -> tuple[int, int] | None:
    """Find the split and the finish, in ms, of the fastest other finisher."""
    finished = [
        (one.time_ms, one.splits[passed.distance_m])
        for one in performances
        if one.competitor.id != passed.competitor_id
        and one.irm is None
        and one.time_ms is not None
        and passed.distance_m in one.splits
    ]
    return min(finished, default=None)


def projections(
    passed: Passed, race: RacePerformances, performances: Mapping[str, Performance], records: Records
) -> dict[str, int]:
    """Project a finish by every method that has what it needs."""
    alone = {passed.competitor_id: performances[passed.competitor_id]}
    said: dict[str, int] = {}
    for name, known, books in (("record", alone, records), ("laps", alone, {})):
        pace = pace_at(passed, race, known, books)
        if pace.projected_ms is not None and pace.basis == name:
            said[name] = pace.projected_ms
    found = leader(passed, performances.values())
    pace = pace_at(passed, race, performances, records)
    if found is not None and pace.projected_ms is not None:
        finish_ms, split_ms = found
        own_ms = passed.splits[passed.distance_m]
        said["others"] = pace.projected_ms
        said["scaled"] = finish_ms * own_ms // split_ms
        said["gap"] = finish_ms + own_ms - split_ms
    return said


def follow(races: dict[str, Live], listings: Iterable[RecordListed], event: TimingEvent) -> None:
    """Fold an event into its race and note what is projected because of it."""
    before = races.get(event.race_id)
    folded = fold(None if before is None else before.moment[0], event)
    if isinstance(folded, Refused):
        return
    present = everybody(folded)
    moment = (folded, present, sheet(folded, present).status)
    live = Live(moment, {}, []) if before is None else before._replace(moment=moment)
    races[event.race_id] = live
    race = performed(None if before is None else before.moment, moment, event, version=1, place=0)
    if race is None:
        return
    live.performances.update({one.competitor.id: one for one in race.changed})
    for name in race.gone:
        live.performances.pop(name, None)
    for passed in race.passed:
        if passed.distance_m < race.distance_m and passed.competitor_id in live.performances:
            books = applying(listings, race, live.performances[passed.competitor_id].competitor)
            said = projections(passed, race, live.performances, books)
            line = Line(race.distance_m, passed.distance_m)
            live.said.append(Said(passed.competitor_id, passed.pair, line, said))


def errors(races: Iterable[Live]) -> dict[Line, dict[str, list[int]]]:
    """Collect the absolute errors in ms, of the last word on each split of the attempt that counted."""
    found: dict[Line, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for live in races:
        last = {(said.competitor_id, said.pair, said.line): said for said in live.said}
        for said in last.values():
            end = live.performances.get(said.competitor_id)
            if end is None or end.irm is not None or end.time_ms is None or end.pair != said.pair:
                continue
            for method, finish_ms in said.finishes.items():
                found[said.line][method].append(abs(finish_ms - end.time_ms))
    return found


def cell(misses: list[int]) -> str:
    """Write how many there were, their mean and their 95th percentile (nearest rank), in seconds."""
    if not misses:
        return "              -"
    ninety_fifth = sorted(misses)[-(-len(misses) * 95 // 100) - 1]
    return f"{len(misses):3} {sum(misses) / len(misses) / 1000:5.2f} {ninety_fifth / 1000:5.2f}"


def main() -> None:
    """Print the table of the files named on the command line, else of all fixtures."""
    races: dict[str, Live] = {}
    for path in [Path(name) for name in sys.argv[1:]] or sorted(FIXTURES.glob("*.jsonl")):
        listings: list[RecordListed] = []
        for event in read(path):
            if isinstance(event, RecordListed):
                listings.append(event)
            elif isinstance(event, TimingEvent):
                follow(races, listings, event)
    print("              " + " ".join(f"{method:>15}" for method in METHODS))
    print(" finish split " + " ".join("  n  mean   95%" for _ in METHODS))
    for line, by_method in sorted(errors(races.values()).items()):
        cells = " ".join(f"{cell(by_method[method]):>15}" for method in METHODS)
        print(f"{line.distance_m:7} {line.at_m:5} {cells}")


if __name__ == "__main__":
    main()
