"""Saying in words what a message tells: for the news of the screen, and for plain lines."""

from schemas.model import LANES
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import RaceDefinition
from schemas.records import RecordMissed, RecordRevoked, RecordSet
from schemas.standings import Entry, Standings
from streams.skating.times import signed, text
from streams.watching.state import Front, Message, News, Watched, differs

_GENDERS = {"M": "Men", "W": "Women", "X": "Mixed"}
_EVENTS = {"TP": "team pursuit", "TS": "team sprint", "MS": "mass start", "MR": "relay"}
_PLACES = {1: "1st", 2: "2nd", 3: "3rd"}


def race_title(race: RaceDefinition) -> str:
    """Name a race as an announcer does: `Men 1000 m, A division, race 2`."""
    event = race.discipline[1:]
    title = f"{_GENDERS[race.discipline[0]]} {_EVENTS.get(event, f'{event} m')}"
    if race.division != "-":
        title += f", {race.division} division"
    return title if race.run is None else f"{title}, race {race.run}"


def news_words(news: News) -> str:
    """Tell a podium's or a record's message in one sentence."""
    if isinstance(news, PodiumSecured):
        return f"{news.competitor.name} cannot drop below {_PLACES[news.worst_rank]}"
    if isinstance(news, PodiumChanged):
        places = ", ".join(
            f"{'=' if place.rank_equal else ''}{place.rank} {place.competitor.name}" for place in news.podium
        )
        cause = "" if news.cause == "finish" else f" after a {news.cause}"
        return f"podium{cause}: {places or 'nobody'}"
    if isinstance(news, RecordRevoked):
        back = "" if news.in_force is None else f"; {news.in_force.time} {news.in_force.holder.name} stands"
        return f"{news.kind} of {news.record.holder.name} {news.record.time} revoked ({news.cause}){back}"
    old = "" if news.previous is None else f" {news.previous.time} {news.previous.holder.name}"
    gap = text(abs(news.margin_ms))
    who = f"{news.competitor.name} {news.time}"
    if isinstance(news, RecordMissed):
        return f"{who} misses the {news.kind}{old} by {gap}"
    if isinstance(news, RecordSet):
        return f"{news.kind} {who}" + (f", {gap} under{old}" if old else "")
    return f"{news.kind} equalled: {who}"


def pace_words(pace: Pace) -> str:
    """Tell a split: place, time, and the gaps that matter, a minus being ahead."""
    words = f"{pace.distance_m} m {text(pace.time_ms)}, {pace.rank_at_split}."
    if pace.behind_leader_ms is not None:
        words += f", leader {signed(pace.behind_leader_ms)}"
    for kind, ahead in pace.ahead_of_ms.items():
        words += f", {kind} {signed(-ahead)}"
    return words if pace.projected_ms is None else f"{words}, heads for {text(pace.projected_ms)}"


def result_words(entry: Entry) -> str:
    """Tell a line of the sheet: `1. Thomas Krol NED 1:07.92`."""
    rank = "" if entry.rank is None else f"{'=' if entry.rank_equal else ''}{entry.rank}. "
    result = entry.irm or (None if entry.time is None else time_words(entry)) or "no time yet"
    if entry.points is not None and entry.rank is not None:
        result += f", {entry.points} points"
    marks = f" ({', '.join(entry.marks)})" if entry.marks else ""
    behind = f" {entry.behind}" if entry.behind else ""
    check = " *" if entry.unchecked and entry.time is not None else ""
    return f"{rank}{entry.competitor.name} {entry.competitor.country} {result}{behind}{marks}{check}"


def time_words(entry: Entry) -> str:
    """Write a time, with its thousandth where that decides: `1:07.76(3)`."""
    return f"{entry.time or ''}{f'({entry.thousandth})' if entry.thousandth else ''}"


def plain_lines(before: Watched, message: Message) -> list[str]:
    """Tell what a message changes, one line a change, each beginning with its race.

    Args:
        before: what was known when the message came; the message must be new to it (see `heard`).
        message: what came.
    """
    if isinstance(message, Front):
        words = _standings_words(before, message)
    elif isinstance(message, Pace):
        # At the finish the sheet has told already.
        words = (
            []
            if message.basis == "finish"
            else [f"pair {message.pair} {message.competitor.name} {pace_words(message)}"]
        )
    else:
        words = [news_words(message)]
    return [f"{message.as_of:%H:%M:%S} {message.race_id}  {told}" for told in words]


def _standings_words(before: Watched, message: Front) -> list[str]:
    race = before.races.get(message.race_id)
    known = race.standings if race else None
    words = []
    if known is None:
        words.append(f"{race_title(message.race)}, {message.race.competition.name}: {message.status}")
    elif known.status != message.status:
        words.append(message.status)
    if message.on_ice and (known is None or known.on_ice != message.on_ice):
        words.append(f"on the ice: {on_ice_words(message)}")
    lines = {entry.competitor.id: entry for entry in known.entries} if known else {}
    for entry in message.entries:
        old = lines.get(entry.competitor.id)
        skated = entry.rank is not None or entry.irm is not None
        if skated if old is None else differs(old, entry):
            words.append(result_words(entry))
    return words


def on_ice_words(standings: Front) -> str:
    """Name who is on the ice, pair by pair: `pair 4: Kai Verbij NED, Laurent Dubreuil CAN`.

    Of a race in parts only those in front are known by name.
    """
    pairs = []
    for pair in standings.on_ice:
        skaters = [
            f"{entry.competitor.name} {entry.competitor.country}"
            for entry in sorted(standings.entries, key=_lane)
            if entry.pair == pair
        ]
        pairs.append(f"pair {pair}: {', '.join(skaters)}" if skaters else f"pair {pair}")
    return "; ".join(pairs)


def _lane(entry: Entry) -> int:
    return len(LANES) if entry.lane is None else LANES.index(entry.lane)


def final_words(standings: Front) -> list[str]:
    """Tell a race as it stands: its title, then a line for everybody, or for how many of how many."""
    title = f"{race_title(standings.race)}, {standings.race.competition.name}: {standings.status}"
    shown = shown_words(standings)
    lines = [*map(result_words, standings.entries), *([shown] if shown else [])]
    return [title, *(f"  {line}" for line in lines)]


def shown_words(standings: Front) -> str:
    """Say how many of a race in parts are in its front; nothing where everybody is."""
    shown = len(standings.entries)
    if isinstance(standings, Standings) or standings.competitors == shown:
        return ""
    return f"{shown} of {standings.competitors:,} shown"
