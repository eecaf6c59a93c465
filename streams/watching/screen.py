"""Drawing what a watcher knows, as calm as a television graphic: one race large, the others a line each."""

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from schemas.standings import Entry, Standings
from streams.skating.times import signed, text
from streams.watching.state import Badge, Race, Watched
from streams.watching.words import news_words, on_ice_words, race_title, result_words, time_words

FRESH_S = 3.0
"""How long a change stays highlighted."""
WIDE, MIDDLE, NARROW = 78, 56, 38
"""From how many columns pairs, gaps and countries are shown."""
LONGEST_NAME = 32
NEWS_LINES = 3
OTHER_RACES = 6
LIVE = ("LIVE", "INTERMEDIATE")
_LANES = {"inner": "i", "outer": "o", "inner2": "i2", "outer2": "o2"}
_STATUS = {
    "LIVE": "bold white on red",
    "INTERMEDIATE": "bold black on yellow",
    "OFFICIAL": "bold white on green",
    "PROTESTED": "bold black on yellow",
}


class Screen:
    """A picture of the races at one moment, which fits itself into whatever space it is given."""

    def __init__(self, state: Watched, now: float, *, cut_off: bool = False) -> None:
        self._state = state
        self._now = now
        self._cut_off = cut_off

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the screen for the width and height that there are now, so that resizing needs nothing."""
        del console
        height = options.height or options.size.height
        if self._cut_off:
            yield _line("The broker does not answer: this may be old.", "bold red")
            height -= 1
        yield drawn(self._state, self._now, options.max_width, height)


def drawn(state: Watched, now: float, width: int, height: int) -> RenderableType:
    """Draw all races: the one that matters now in full, the others in a line each, the latest news below.

    Args:
        state: what is known.
        now: the watcher's clock, on which `state` has its changes; what is fresh is highlighted.
        width: columns that there are.
        height: lines that there are.
    """
    races = [(race, race.standings) for race in state.races.values() if race.standings is not None]
    if not races:
        return Text("Waiting for the first race …", style="dim")
    main, standings = max(races, key=lambda one: (one[1].status in LIVE, one[0].moved))
    others = [one for _, one in races if one is not standings][-OTHER_RACES:]
    news = state.news[:NEWS_LINES]
    below = (len(others) + 1 if others else 0) + (len(news) + 1 if news else 0)
    above = _header(standings, width)
    room = height - len(above) - below - 1
    parts: list[RenderableType] = [*above, _sheet(main, standings, now, width, room)]
    if others:
        parts += [Rule(style="dim"), *(_summary(one) for one in others)]
    if news:
        parts += [
            Rule(style="dim"),
            *(_line(news_words(one), "dim" if n else "") for n, one in enumerate(news)),
        ]
    return Group(*parts)


def _line(words: str, style: str = "") -> Text:
    return Text(words, style=style, no_wrap=True, overflow="ellipsis")


def _header(standings: Standings, width: int) -> list[RenderableType]:
    title = Table.grid(expand=True)
    title.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    title.add_column(width=len(standings.status) + 2, no_wrap=True)
    name = Text(race_title(standings.race), style="bold")
    if width >= MIDDLE:
        name.append(f"  {standings.race.competition.name}", style="dim")
    title.add_row(name, Text(f" {standings.status} ", style=_STATUS.get(standings.status, "reverse")))
    told = on_ice_words(standings)
    if told:
        ice = _line(f"On the ice  {told}", "cyan")
    elif standings.next:
        ice = _line(f"Next  pair {standings.next[0]}", "dim")
    else:
        ice = _line("" if standings.remaining else "All have skated", "dim")
    left = f"{standings.remaining} to come" if standings.remaining else ""
    second = Table.grid(expand=True)
    second.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    second.add_column(justify="right", no_wrap=True)
    second.add_row(ice, Text(left, style="dim"))
    return [title, second, Rule(style="dim")]


def _sheet(race: Race, standings: Standings, now: float, width: int, room: int) -> Table:
    """Draw the lines of the sheet, as many as there is room for."""
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
    for entry in _chosen(standings, max(room, 1)):
        cells = _cells(race, standings, entry, width)
        fresh = now - race.changed.get(entry.competitor.id, float("-inf")) < FRESH_S
        table.add_row(*cells, style="bold yellow" if fresh else "")
    return table


def _chosen(standings: Standings, room: int) -> Sequence[Entry]:
    """Choose the lines to show: the first ones, and always who is on the ice."""
    if len(standings.entries) <= room:
        return standings.entries
    skating = [entry for entry in standings.entries if entry.pair in standings.on_ice]
    first = [entry for entry in standings.entries if entry not in skating]
    chosen = [*first[: max(room - len(skating), 1)], *skating]
    return sorted(chosen, key=lambda entry: entry.sort_order)[:room]


def _cells(race: Race, standings: Standings, entry: Entry, width: int) -> Iterable[Text]:
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


def _summary(standings: Standings) -> Text:
    """Put a race into one line: its name, status and podium."""
    line = _line("")
    line.append(race_title(standings.race), style="bold")
    line.append(f"  {standings.status}  ", style="dim")
    podium = [entry for entry in standings.entries if entry.rank is not None and entry.rank <= 3]  # noqa: PLR2004 - a podium
    line.append("  ".join(result_words(entry) for entry in podium) or f"{standings.remaining} to come")
    return line
