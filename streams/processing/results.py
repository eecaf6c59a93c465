"""What an event changed in the result of a race: the message from the races to the rankings."""

from collections.abc import Sequence

from schemas.results import RaceResult, RaceResults
from schemas.timing import TimingEvent
from streams.skating.counting import Skated
from streams.skating.life import is_closed
from streams.skating.race import Race
from streams.skating.sheet import Sheet

RANKINGS_KEY = "rankings"
"""The one key of the topic between the races and the rankings, so that one partition orders it all."""

Moment = tuple[Race, Sequence[Skated], Sheet]
"""A race with what everybody has to show in it, and its sheet."""


def results(
    before: Moment | None, after: Moment, event: TimingEvent, *, version: int, place: int
) -> RaceResults | None:
    """Tell the rankings what a race has come to; None where an event changed nothing that they look at.

    Splits on the way change nothing, so a race of 20 costs some 50 messages, not hundreds.
    """
    now = _results(*after)
    if before is not None and _context(before) == _context(after) and _results(*before) == now:
        return None
    race, _, drawn = after
    return RaceResults(
        race_id=event.race_id,
        version=version,
        place=place,
        as_of=event.occurred_at,
        race=race.definition,
        status=drawn.status,
        finish_m=race.course[-1],
        results=now,
    )


def _context(moment: Moment) -> tuple[object, ...]:
    race, _, drawn = moment
    return race.definition, drawn.status


def _results(race: Race, present: Sequence[Skated], drawn: Sheet) -> tuple[RaceResult, ...]:
    """Give everybody's result, in the order of the sheet."""
    finish_m = race.course[-1]
    over = is_closed(drawn.status) or not race.is_mass_start
    skated = {each.competitor.id: each for each in present}
    told = []
    for entry in drawn.entries:
        each = skated[entry.competitor.id]
        finished = finish_m in each.splits
        counts = finished or over
        told.append(
            RaceResult(
                competitor=entry.competitor,
                rank=entry.rank if counts else None,
                rank_equal=entry.rank_equal and counts,
                time_ms=entry.time_ms if counts else None,
                irm=entry.irm,
                finished=finished,
                to_skate=bool(each.to_skate),
                next_pair=min(each.to_skate, default=None),
            )
        )
    return tuple(told)
