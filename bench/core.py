"""What the pure core costs: each step a message of the fixtures, and a race by how many are in it.

    python -m bench.core [COMPETITORS …]

Processor time without a broker, medians of five. The fixtures go through all steps, down to bytes. Of a race
over 1000 m half is skated, and the events that come next are measured, with COMPETITORS (default 20, 200,
2000, 20000) in the start list: the order alone (an event that was read; fold, order, and the line of who was
measured), the whole sheet (fold, and everybody's line), and to the bytes (from the bytes of an event to those
of all messages and of the row to remember), with the sheet whole and in parts. No whole one has more than 250
lines, so of a larger race there are no such messages.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from bench.long_race import RACE, announced, announced_in_parts, definition, skated_by
from schemas.timing import TIMING, PassingRecorded, TimingEvent
from streams.event_files import Line, read_events
from streams.processing.ledger import Ledger
from streams.processing.messages import Received
from streams.processing.pipeline import Pipeline
from streams.processing.standings import STANDINGS, AnyRace
from streams.processing.step import Outcome, Step, run
from streams.skating.field import field, followed
from streams.skating.fold import Refused, fold
from streams.skating.front import entry
from streams.skating.race import Race
from streams.skating.sheet import everybody, sheet
from tests.skating.a_race import raw

FIXTURES = Path(__file__).parents[1] / "fixtures"
COMPETITORS = (20, 200, 2_000, 20_000)
LARGEST_START_LIST = 250
"""Of more there is no race whose sheet is whole."""

TIMES = 5
EVENTS, LEAST_EVENTS = 45, 9


@dataclass(frozen=True, slots=True)
class StepCost:
    """What a step took for the fixtures: how many messages it handled, in how many seconds of processor."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RaceCost:
    """Seconds of processor an event of a race.

    `to_bytes` is with a whole sheet, null where there can be none, `in_parts` with one in parts.
    """

    competitors: int
    order: float
    whole_sheet: float
    to_bytes: float | None
    in_parts: float


def fixtures() -> tuple[int, dict[str, StepCost]]:
    """Put every fixture through all steps, five times.

    Returns:
        How many events the fixtures have, and by step the median of what it took for all of them.
    """
    evenings = [
        sorted(read_events([file]), key=lambda line: line.stream != "reference")
        for file in sorted(FIXTURES.glob("*.jsonl"))
    ]
    rounds = [_through_the_steps(evenings) for _ in range(TIMES)]
    costs = {
        name: StepCost(cost.messages, median(each[name].seconds for each in rounds))
        for name, cost in rounds[0].items()
    }
    return sum(len(evening) for evening in evenings), costs


class Timed(Ledger[Any]):
    """A ledger that counts its messages, and the seconds of processor they take."""

    def __init__(self, step: Step[Any]) -> None:
        super().__init__(step)
        self.messages, self.seconds = 0, 0.0

    def handle(self, received: Received) -> Outcome[Any] | None:
        """Put a message through the step, by the clock."""
        began = process_time()
        outcome = super().handle(received)
        self.seconds += process_time() - began
        self.messages += 1
        return outcome

    def settle(self, outcome: Outcome[Any], received: Received) -> None:
        """Take over the new state, by the clock."""
        began = process_time()
        super().settle(outcome, received)
        self.seconds += process_time() - began


def _through_the_steps(evenings: Sequence[Sequence[Line]]) -> dict[str, StepCost]:
    messages: Counter[str] = Counter()
    seconds: dict[str, float] = {}
    for evening in evenings:
        pipeline = Pipeline(openings=False)
        timed = [Timed(ledger.step) for ledger in pipeline.ledgers.values()]
        pipeline.ledgers.update({ledger.step.reads: ledger for ledger in timed})
        for line in evening:
            for _ in pipeline.feed(line.stream, line.key, line.value):
                pass
        for ledger in timed:
            messages[ledger.step.name] += ledger.messages
            seconds[ledger.step.name] = seconds.get(ledger.step.name, 0.0) + ledger.seconds
    return {name: StepCost(messages[name], seconds[name]) for name in seconds}


def race(competitors: int) -> RaceCost:
    """Measure the events in the middle of a race.

    Args:
        competitors: how many are in the start list; an even number of at least 20.
    """
    half = competitors // 4
    skated = [raw(each) for number in range(1, half + 1) for each in skated_by(number)]
    to_come = [raw(each) for number in range(half + 1, half + 1 + EVENTS // 9) for each in skated_by(number)]
    began = _accepted(fold(None, definition(competitors)))
    for each in skated:
        began = _accepted(fold(began, TIMING.validate_json(each)))
    events = [TIMING.validate_json(each) for each in to_come]
    whole = None if competitors > LARGEST_START_LIST else [raw(announced(competitors))]
    parts = [raw(each) for each in announced_in_parts(competitors)]
    return RaceCost(
        competitors=competitors,
        order=_ordered(began, events),
        whole_sheet=_drawn(began, events[: max(LEAST_EVENTS, 180_000 // competitors)]),
        to_bytes=None if whole is None else _with_messages([*whole, *skated], to_come),
        in_parts=_with_messages([*parts, *skated], to_come),
    )


def _ordered(began: Race, events: Sequence[TimingEvent]) -> float:
    """Follow events with the order alone; seconds an event."""
    first = field(began)
    rounds = []
    for _ in range(TIMES):
        race, known, start = began, first, process_time()
        for event in events:
            race = _accepted(fold(race, event))
            known = followed(known, race, event)
            if isinstance(event, PassingRecorded):
                entry(known, event.competitor_id)
        rounds.append(process_time() - start)
    return median(rounds) / len(events)


def _drawn(began: Race, events: Sequence[TimingEvent]) -> float:
    """Follow events with the whole sheet; seconds an event."""
    first = everybody(began)
    first_sheet = sheet(began, first)
    rounds = []
    for _ in range(TIMES):
        race, present, drawn, start = began, first, first_sheet, process_time()
        for event in events:
            after = _accepted(fold(race, event))
            present = everybody(after, race, present)
            race, drawn = after, sheet(after, present, drawn)
        rounds.append(process_time() - start)
    return median(rounds) / len(events)


def _accepted(folded: Race | Refused) -> Race:
    if isinstance(folded, Refused):
        raise TypeError(folded.reason)
    return folded


def _with_messages(skated: Sequence[bytes], to_come: Sequence[bytes]) -> float:
    state = _told(None, skated)
    rounds = []
    for _ in range(TIMES):
        began = process_time()
        _told(state, to_come)
        rounds.append(process_time() - began)
    return median(rounds) / len(to_come)


def _told(state: AnyRace | None, events: Sequence[bytes]) -> AnyRace | None:
    for offset, event in enumerate(events):
        known = {} if state is None else {RACE: state}
        outcome = run(STANDINGS, known.get, Received("timing", 0, offset, RACE.encode(), event))
        if outcome.change is None:
            raise TypeError(outcome.published)
        state = outcome.change.state
    return state


def markdown(events: int, costs: Mapping[str, StepCost], races: Sequence[RaceCost]) -> list[str]:
    """Write two tables for a page of figures: the steps on the fixtures, and races by their size."""
    whole = sum(cost.seconds for cost in costs.values())
    messages = sum(cost.messages for cost in costs.values())
    an_event = f"{whole / events * 1e6:,.0f} an event"
    return [
        "| step | messages | µs a message | share |",
        "|---|--:|--:|--:|",
        *(
            f"| {name} | {cost.messages:,} | {cost.seconds / cost.messages * 1e6:,.0f} "
            f"| {cost.seconds / whole:.0%} |"
            for name, cost in costs.items()
        ),
        f"| all, of {events:,} events | {messages:,} | {an_event} | {events / whole:,.0f} events/s |",
        "",
        "| competitors | order, µs | events/s | sheet | events/s | whole | events/s | parts | events/s |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {each.competitors:,} | {_cells(each.order)} | {_cells(each.whole_sheet)} "
            f"| {_cells(each.to_bytes)} | {_cells(each.in_parts)} |"
            for each in races
        ),
    ]


def _cells(seconds: float | None) -> str:
    return "none | none" if seconds is None else f"{seconds * 1e6:,.0f} | {1 / seconds:,.0f}"


def measured(competitors: Sequence[int] = COMPETITORS) -> list[str]:
    """Measure everything, and give the lines of the tables; some minute of processor."""
    return markdown(*fixtures(), [race(each) for each in competitors])


def main() -> None:
    """Measure and print the tables."""
    print("\n".join(measured([int(each) for each in sys.argv[1:]] or COMPETITORS)))


if __name__ == "__main__":
    main()
