"""Drawing the sheet of a race: a line for each competitor, as many columns and lines as there is room for."""

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text

from schemas.standings import Entry
from streams.skating.times import signed, text
from streams.watching.state import Badge, Front, Race
from streams.watching.words import time_words

FRESH_S = 3.0
"""How long a change stays highlighted."""
WIDE, MIDDLE, NARROW = 78, 56, 38
"""From how many columns pairs, gaps and countries are shown."""
LONGEST_NAME = 32
_LANES = {"inner": "i", "outer": "o", "inner2": "i2", "outer2": "o2"}


def sheet(race: Race, standings: Front, now: float, width: int, room: int, first: int = 0) -> Table:
    """Draw the lines of the sheet, as many as there is room for.

    Args:
        race: what else is known of it.
        standings: the race as it stands.
        now: the watcher's clock, on which `race` has its changes.
        width: columns that there are.
        room: lines that there are, at least 1.
        first: the line to begin with; from 0 the first ones are shown, and always who is on the ice.
    """
    columns: list[tuple[int, Literal["left", "right"]]] = [(3, "right"), (0, "left")]
    if width >= NARROW:
        columns.append((3, "left"))
    if width >= WIDE:
        columns.append((4, "right"))
    columns.append((11, "right"))
    if width >= MIDDLE:
        columns += [(7, "right"), (12, "left")]
    name = max(5, min(LONGEST_NAME, width - sum(wide for wide, _ in columns) - len(columns)))
    table = Table.grid(padding=(0, 1))
    for wide, justify in columns:
        table.add_column(width=wide or name, justify=justify, no_wrap=True, overflow="ellipsis")
    for entry in _chosen(standings, room, first):
        cells = _cells(race, standings, entry, width)
        fresh = now - race.changed.get(entry.competitor.id, float("-inf")) < FRESH_S
        table.add_row(*cells, style="bold yellow" if fresh else "")
    return table


def page(standings: Front, room: int) -> int:
    """Give the lines that one scrolls by, at least 1: those that the first page surely has from the top."""
    skating = sum(entry.pair in standings.on_ice for entry in standings.entries)
    return max(room - skating, 1)


def _chosen(standings: Front, room: int, first: int) -> Sequence[Entry]:
    if first or len(standings.entries) <= room:
        return standings.entries[first : first + room]
    skating = [entry for entry in standings.entries if entry.pair in standings.on_ice]
    others = [entry for entry in standings.entries if entry not in skating]
    chosen = [*others[: page(standings, room)], *skating]
    return sorted(chosen, key=lambda entry: entry.sort_order)[:room]


def _cells(race: Race, standings: Front, entry: Entry, width: int) -> Iterable[Text]:
    on_ice = entry.pair in standings.on_ice and entry.time is None and entry.irm is None
    waits = entry.rank is None and not on_ice
    rank = "" if entry.rank is None else f"{'=' if entry.rank_equal else ''}{entry.rank}"
    yield Text("▸" if on_ice else rank, style="cyan" if on_ice else "")
    yield Text(_name(entry, width), style="dim" if waits else "")
    if width >= NARROW:
        yield Text(entry.competitor.country, style="dim")
    if width >= WIDE:
        lane = _LANES[entry.lane] if entry.lane else ""
        yield Text(f"{entry.pair}{lane}", style="red" if entry.lane in {"outer", "outer2"} else "dim")
    if on_ice:
        yield from _on_the_way(race, entry, width)
        return
    yield _time(entry)
    if width >= MIDDLE:
        points = "" if entry.points is None else f"{entry.points} pts"
        yield Text(points or entry.behind or "", style="dim")
        yield _marks(race.badges.get(entry.competitor.id, ()), entry)


def _on_the_way(race: Race, entry: Entry, width: int) -> Iterable[Text]:
    """Give somebody's latest split in the place where the time will be."""
    pace = race.pace.get(entry.competitor.id)
    if pace is None or pace.pair != entry.pair:
        yield Text("…", style="cyan")
        yield from (Text(""), Text("")) if width >= MIDDLE else ()
        return
    yield Text(text(pace.time_ms), style="cyan")
    if width < MIDDLE:
        return
    gap = pace.behind_leader_ms
    style = "dim" if gap is None else "green" if gap < 0 else "red"
    yield Text("" if gap is None else signed(gap), style=style)
    yield Text(f"{pace.distance_m} m", style="cyan")


def _name(entry: Entry, width: int) -> str:
    name = entry.competitor.name
    return name if width >= NARROW else name.rsplit(" ", 1)[-1]


def _time(entry: Entry) -> Text:
    if entry.irm:
        return Text(entry.irm, style="red")
    shown = Text(time_words(entry))
    if entry.time is not None:
        # A blank in the same place keeps the times in one column.
        shown.append("*" if entry.unchecked else " ", style="dim")
    return shown


def _marks(badges: Sequence[Badge], entry: Entry) -> Text:
    shown = Text()
    for badge in badges:
        label = f"={badge.kind}" if badge.equalled else badge.kind
        shown.append(f" {label} ", style="bold black on yellow" if badge.kind in {"WR", "OR"} else "reverse")
        shown.append(" ")
    shown.append(" ".join(entry.marks), style="dim")
    return shown
