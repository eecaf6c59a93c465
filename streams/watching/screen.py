"""Drawing what a watcher knows, as calm as a television graphic: one race large, the others a line each."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from streams.watching.picker import Picker, Sight, first_line, marked, offered
from streams.watching.sheet import MIDDLE, page, sheet
from streams.watching.state import Front, Race, Watched
from streams.watching.words import news_words, on_ice_words, race_title, result_words, shown_words

NEWS_LINES = 3
OTHER_RACES = 6
SHEET_LINES = 4
"""How many lines of the sheet come before anything below it, which gives way in a low terminal."""
LIVE = ("LIVE", "INTERMEDIATE")
_ABOVE, _KEYS = 3, 1
"""The lines of the header and of the keys."""
_STATUS = {
    "LIVE": "bold white on red",
    "INTERMEDIATE": "bold black on yellow",
    "OFFICIAL": "bold white on green",
    "PROTESTED": "bold black on yellow",
}


class Screen:
    """A picture of the races at one moment, which fits itself into whatever space it is given.

    Without a picker nobody can press keys, and none are offered. `note` is a line above everything.
    """

    def __init__(
        self,
        state: Watched,
        now: float,
        *,
        cut_off: bool = False,
        picker: Picker | None = None,
        note: str = "",
    ) -> None:
        self._state = state
        self._now = now
        self._cut_off = cut_off
        self._picker = picker
        self._note = note

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the screen for the width and height that there are now, so that resizing needs nothing."""
        del console
        height = options.height or options.size.height
        if self._cut_off:
            yield _line("The broker does not answer: this may be old.", "bold red")
            height -= 1
        if self._note:
            yield _line(self._note, "dim")
            height -= 1
        yield drawn(self._state, self._now, options.max_width, height, self._picker)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is shown where: one race, a list of others, news, and how many lines are left for the sheet."""

    large: Front
    race: Race
    listed: tuple[Front, ...]
    mark: str | None
    news: tuple[str, ...]
    room: int

    @property
    def last(self) -> int:
        """The first line of the sheet's last page."""
        return max(len(self.large.entries) - self.room, 0)


def _laid_out(state: Watched, height: int, picker: Picker | None) -> _Layout | None:
    races = {name: race for name, race in state.races.items() if race.standings is not None}
    if not races:
        return None
    known = [race.standings for race in races.values() if race.standings is not None]
    chosen = [one for one in known if picker is not None and one.race_id == picker.chosen]
    large = chosen[0] if chosen else max(known, key=lambda one: _matters(races[one.race_id], one))
    room = height - _ABOVE - _KEYS
    # A rule stands above each, and takes a line too.
    least = room - SHEET_LINES - 1
    if picker is not None and (picker.cursor is not None or picker.sought is not None):
        listed: Sequence[Front] = offered(known, picker.sought)
        mark = marked(picker, [one.race_id for one in listed])
        listed = _around(listed, mark, max(min(max(OTHER_RACES, height // 2 - _ABOVE), least), 1))
    else:
        mark, others = None, [one for one in known if one is not large]
        listed = others[len(others) - max(min(OTHER_RACES, least), 0) :]
    room -= len(listed) + 1 if listed else 0
    # A record is told again when its status changes, in the same words.
    news = tuple(dict.fromkeys(news_words(one) for one in state.news))
    news = news[: max(min(NEWS_LINES, room - SHEET_LINES - 1), 0)]
    room -= len(news) + 1 if news else 0
    return _Layout(large, races[large.race_id], tuple(listed), mark, news, max(room, 1))


def _matters(race: Race, standings: Front) -> tuple[bool, float]:
    return (standings.status in LIVE, race.moved)


def _around(races: Sequence[Front], mark: str | None, most: int) -> Sequence[Front]:
    """Cut a list to so many lines that the marked one is in the middle, where it can be."""
    place = next((n for n, one in enumerate(races) if one.race_id == mark), 0)
    first = max(0, min(place - most // 2, len(races) - most))
    return races[first : first + most]


def sight(state: Watched, picker: Picker, height: int) -> Sight:
    """Say what there is to choose from and to scroll through, in a terminal of so many lines."""
    layout = _laid_out(state, height, picker)
    if layout is None:
        return Sight((), None)
    known = [race.standings for race in state.races.values() if race.standings is not None]
    races = tuple(one.race_id for one in offered(known, picker.sought))
    return Sight(races, layout.large.race_id, page(layout.large, layout.room), layout.last)


def drawn(
    state: Watched, now: float, width: int, height: int, picker: Picker | None = None
) -> RenderableType:
    """Draw all races: one in full, the others in a line each, the latest news below, and the keys.

    Args:
        state: what is known.
        now: the watcher's clock, on which `state` has its changes; what is fresh is highlighted.
        width: columns that there are.
        height: lines that there are.
        picker: what the viewer has chosen; without, the race that matters now is large and there are no keys.
    """
    layout = _laid_out(state, height, picker)
    if layout is None:
        return Text("Waiting for the first race …", style="dim")
    large, first = layout.large, 0
    if picker is not None:
        first = first_line(picker, large.race_id, layout.last)
    parts: list[RenderableType] = [
        *_header(large, width),
        sheet(layout.race, large, now, width, layout.room, first),
    ]
    if layout.listed:
        parts += [
            Rule(style="dim"),
            *_summaries(layout, several=len({_meeting(one) for one in state.races}) > 1),
        ]
    if layout.news:
        parts += [
            Rule(style="dim"),
            *(_line(words, "dim" if n else "") for n, words in enumerate(layout.news)),
        ]
    if picker is not None:
        spare = layout.room - min(len(large.entries), layout.room)
        parts += [*([Text("")] * spare), _keys(layout, picker, first, several=len(state.races) > 1)]
    return Group(*parts)


def _line(words: str, style: str = "") -> Text:
    return Text(words, style=style, no_wrap=True, overflow="ellipsis")


def _header(standings: Front, width: int) -> list[RenderableType]:
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
    left = [shown_words(standings), f"{standings.remaining:,} to come" if standings.remaining else ""]
    second = Table.grid(expand=True)
    second.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    second.add_column(justify="right", no_wrap=True)
    second.add_row(ice, Text(", ".join(filter(None, left)), style="dim"))
    return [title, second, Rule(style="dim")]


def _summaries(layout: _Layout, *, several: bool) -> list[Text]:
    choosing = layout.mark is not None
    return [
        _summary(one, meeting=several, choosing=choosing, marked=one.race_id == layout.mark)
        for one in layout.listed
    ]


def _meeting(race_id: str) -> str:
    return race_id.split("/", maxsplit=1)[0]


def _summary(standings: Front, *, meeting: bool, choosing: bool, marked: bool) -> Text:
    """Put a race into one line: its name, that of the meeting where there are several, status and podium."""
    line = _line("▸ " if marked else "  " if choosing else "")
    line.append(race_title(standings.race), style="bold")
    if meeting:
        line.append(f"  {standings.race.competition.name}", style="dim")
    line.append(f"  {standings.status}  ", style="dim")
    podium = [entry for entry in standings.entries if entry.rank is not None and entry.rank <= 3]  # noqa: PLR2004 - a podium
    line.append("  ".join(result_words(entry) for entry in podium) or f"{standings.remaining} to come")
    if marked:
        line.stylize("reverse")
    return line


def _keys(layout: _Layout, picker: Picker, first: int, *, several: bool) -> RenderableType:
    """Name the keys that do something now, and where in the sheet one is."""
    if picker.sought is not None:
        nothing = "" if layout.listed else "  no race has that"
        told = f"Find: {picker.sought}▏{nothing}   Enter show  Esc back"
    elif layout.mark is not None:
        told = "↑↓ move  Enter show  / find  Esc back  q quit"
    elif picker.chosen is not None:
        told = "↑↓ other race  / find  Esc whichever is live  q quit"
    else:
        told = "↑↓ choose a race  / find  q quit" if several else "q quit"
    lines = len(layout.large.entries)
    where = f"PgUp PgDn  from {first + 1} of {lines}" if first else f"PgDn  {lines} lines"
    row = Table.grid(expand=True)
    row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    row.add_column(justify="right", no_wrap=True)
    row.add_row(Text(told, style="dim"), Text(where if layout.last else "", style="dim"))
    return row
