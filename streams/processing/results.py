"""What an event changed in the result of a race: the message from the races to the rankings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.race import RaceDefinition, Status
from schemas.results import RaceResult, RaceResults
from schemas.standings import Entry
from schemas.timing import TimingEvent
from streams.skating.counting import Skated
from streams.skating.life import is_closed
from streams.skating.race import Race
from streams.skating.sheet import Sheet

RANKINGS_KEY = "rankings"
"""The one key of the topic between the races and the rankings, so that one partition orders it all."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a race has come to, and what each result follows from: a line of the sheet, what it shows."""

    definition: RaceDefinition
    status: Status
    results: tuple[RaceResult, ...]
    sources: Mapping[str, tuple[Entry, Skated, RaceResult]] = field(compare=False, repr=False)


def came(race: Race, present: Sequence[Skated], drawn: Sheet, before: Came | None = None) -> Came:
    """Give everybody's result, in the order of the sheet.

    Args:
        race: the race.
        present: what everybody has to show in it.
        drawn: its sheet.
        before: what it had come to before; a result that follows from the same is taken over.
    """
    known: Mapping[str, tuple[Entry, Skated, RaceResult]] = {}
    if before is not None and before.definition is race.definition and before.status == drawn.status:
        known = before.sources
    finish_m = race.course[-1]
    over = is_closed(drawn.status) or not race.is_mass_start
    skated = {each.competitor.id: each for each in present}
    sources = {}
    for entry in drawn.entries:
        name = entry.competitor.id
        each, old = skated[name], known.get(name)
        if old is None or old[1] is not each or _place(old[0]) != _place(entry):
            old = entry, each, _result(entry, each, finish_m, over=over)
        sources[name] = old
    results = tuple(result for _, _, result in sources.values())
    return Came(race.definition, drawn.status, results, sources)


def _place(entry: Entry) -> tuple[int | None, bool]:
    return entry.rank, entry.rank_equal


def _result(entry: Entry, each: Skated, finish_m: int, *, over: bool) -> RaceResult:
    finished = finish_m in each.splits
    counts = finished or over
    return RaceResult(
        competitor=entry.competitor,
        rank=entry.rank if counts else None,
        rank_equal=entry.rank_equal and counts,
        time_ms=entry.time_ms if counts else None,
        irm=entry.irm,
        finished=finished,
        to_skate=bool(each.to_skate),
        next_pair=min(each.to_skate, default=None),
    )


def results(
    before: Came | None, after: Came, event: TimingEvent, *, finish_m: int, version: int, place: int
) -> RaceResults | None:
    """Tell the rankings what a race has come to; None where an event changed nothing that they look at.

    Splits on the way change nothing, so a race of 20 costs some 50 messages, not hundreds.
    """
    if before == after:
        return None
    return RaceResults(
        race_id=event.race_id,
        version=version,
        place=place,
        as_of=event.occurred_at,
        race=after.definition,
        status=after.status,
        finish_m=finish_m,
        results=after.results,
    )
