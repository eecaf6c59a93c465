"""The rankings step: results of races, points tables and definitions in; rankings and samalog needs out.

One key, so one partition and one worker, for all rankings: a ranking adds up races of any key by tables of
any key, a definition may come before or after either, and none of them knows which rankings there are. That
makes this step the one that more workers do not make faster. It can bear it: a race says something here when
somebody finishes, not at every split, which is a message every few seconds even with rinks on three
continents.

Versions. An event may change several rankings, but only one row, because only one record is atomic. So a
version is stored with what caused it: each row, of a race, a table or a definition, keeps for each ranking
the last version that a message from this row made. The version of a ranking is the largest that any row has
of it. An event makes the next one, and writes it in its own row, over a smaller one; the row it came from and
the versions it made are stored together or not at all. After a crash before that the old rows give the same
versions again, and so the same bytes. What is needed in a samalog is numbered in the same way, apart from the
ranking: a redrawn start list moves the one and not the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from schemas.needs import SamalogNeeds
from schemas.rankings import Ranking, RankingDefined
from schemas.reference import PointsTableListed
from schemas.results import RESULT_EVENTS, RaceResults, ResultEvent
from streams.processing.messages import Published, Received, published
from streams.processing.results import RANKINGS_KEY
from streams.processing.step import Change, Step, UnusableError, one_line
from streams.processing.versions import Versions, stored_versions
from streams.skating.rankings.drawn import Drawn, draw, emptied
from streams.skating.rankings.known import Known, Refused, concerned, fold_known, kept_races, world_cup
from streams.skating.rankings.samalog_needs import SamalogNeeded, samalog_needed


@dataclass(frozen=True, slots=True)
class Row:
    """What is stored of a race, a table or a definition: itself, and the versions it made, by ranking.

    `made` are those of rankings, `needed` those of what is needed in them.
    """

    event: ResultEvent
    made: Mapping[str, int]
    needed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rankings:
    """All rankings. `made` and `needed` are versions; `drawn` follows from what is known."""

    known: Known = field(default_factory=Known)
    made: Versions = field(default_factory=Versions)
    needed: Versions = field(default_factory=Versions)
    drawn: Mapping[str, Drawn] = field(default_factory=dict)


_RACE_ROW, _TABLE_ROW, _RANKING_ROW = "race", "table", "ranking"
_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def _group(_: Received) -> str:
    return RANKINGS_KEY


def _handle(state: Rankings | None, received: Received) -> Change[Rankings]:
    if received.value is None:
        raise UnusableError("value: must be results, a points table or a ranking's definition, got none")
    try:
        event = RESULT_EVENTS.validate_json(received.value)
    except ValidationError as error:
        raise UnusableError(one_line(error)) from None
    before = state or Rankings()
    known = fold_known(before.known, event)
    if isinstance(known, Refused):
        raise UnusableError(known.reason)
    if known is before.known:
        return Change(before, None, ())
    names = concerned(before.known, known, event)
    anew = {ranking_id: draw(known, ranking_id) for ranking_id in names}
    changed = _changed(before.drawn, anew)
    needed = _needed(before.known, known, names)
    row = _row(event)
    versions, needed_versions = before.made.following(changed), before.needed.following(needed)
    after = Rankings(
        known=known,
        made=before.made.made(row, versions),
        needed=before.needed.made(row, needed_versions),
        drawn=_there({**before.drawn, **anew}),
    )
    if not (changed or needed):
        return Change(after, row, ())
    as_of = _as_of(event, known)
    told = _messages(changed, versions, as_of, received)
    return Change(after, row, told + _needs_messages(needed, needed_versions, as_of, received))


def _row(event: ResultEvent) -> str:
    if isinstance(event, RaceResults):
        return f"{_RACE_ROW}|{event.race_id}"
    if isinstance(event, PointsTableListed):
        return f"{_TABLE_ROW}|{event.name}"
    return f"{_RANKING_ROW}|{event.ranking_id}"


def _changed(before: Mapping[str, Drawn], anew: Mapping[str, Drawn | None]) -> dict[str, Drawn]:
    """Keep the rankings that say something else than before; nothing for one that nobody ever heard of."""
    changed = {}
    for ranking_id, drawn in anew.items():
        old = before.get(ranking_id)
        new = emptied(old) if drawn is None and old is not None else drawn
        if new is not None and new != old:
            changed[ranking_id] = new
    return changed


def _needed(before: Known, after: Known, ranking_ids: Iterable[str]) -> dict[str, SamalogNeeded]:
    """Keep the samalogs in which something else is needed than before."""
    anew = {ranking_id: samalog_needed(after, ranking_id) for ranking_id in ranking_ids}
    return {name: each for name, each in anew.items() if each != samalog_needed(before, name)}


def _there(drawn: Mapping[str, Drawn | None]) -> dict[str, Drawn]:
    return {ranking_id: each for ranking_id, each in drawn.items() if each is not None}


def _as_of(event: ResultEvent, known: Known) -> datetime:
    """Give the moment of an event; a table without one, where it changes a ranking, speaks of its races."""
    if isinstance(event, RaceResults):
        return event.as_of
    return event.occurred_at or max(race.as_of for _, race in known.races.facts())


def _messages(
    changed: Mapping[str, Drawn],
    versions: Mapping[str, int],
    as_of: datetime,
    received: Received,
) -> tuple[Published, ...]:
    told = []
    for ranking_id, drawn in changed.items():
        ranking = Ranking(
            ranking_id=ranking_id,
            version=versions[ranking_id],
            basis=drawn.basis,
            season=drawn.season,
            provisional=drawn.provisional,
            entries=drawn.entries,
            as_of=as_of,
        )
        identity = f"{ranking_id}@{ranking.version}"
        told.append(
            published("rankings", ranking_id, ranking, identity=identity, at=ranking.as_of, cause=received)
        )
    return tuple(told)


def _needs_messages(
    needed: Mapping[str, SamalogNeeded],
    versions: Mapping[str, int],
    as_of: datetime,
    received: Received,
) -> tuple[Published, ...]:
    told = []
    for ranking_id, each in needed.items():
        needs = SamalogNeeds(
            ranking_id=ranking_id,
            version=versions[ranking_id],
            race_id=each.race_id,
            as_of=as_of,
            entries=each.entries,
        )
        identity = f"{ranking_id}@{needs.version}"
        told.append(published("needs", ranking_id, needs, identity=identity, at=as_of, cause=received))
    return tuple(told)


def _dump(state: Rankings, row: str) -> bytes:
    what, _, name = row.partition("|")
    known = state.known
    event: ResultEvent
    if what == _RACE_ROW:
        event = known.races[name]
    elif what == _TABLE_ROW:
        event = known.tables[name]
    else:
        event = known.definitions[name]
    made, needed = state.made.by_row.get(row, {}), state.needed.by_row.get(row, {})
    return _ROW.dump_json(Row(event, made, needed))


def _load(rows: Mapping[str, bytes]) -> Rankings:
    made, needed = dict[str, Mapping[str, int]](), dict[str, Mapping[str, int]]()
    tables, definitions = dict[str, PointsTableListed](), dict[str, RankingDefined]()

    def races() -> Iterator[RaceResults]:
        """Read all rows, and give the races one by one: there may be more than there is room for."""
        for name, raw in sorted(rows.items()):
            row = _ROW.validate_json(raw)
            made.update({name: row.made} if row.made else {})
            needed.update({name: row.needed} if row.needed else {})
            if isinstance(row.event, RaceResults):
                yield row.event
            elif isinstance(row.event, PointsTableListed):
                tables[row.event.name] = row.event
            else:
                definitions[row.event.ranking_id] = row.event

    known = Known(races=kept_races(races()), tables=tables, definitions=definitions)
    world_cups = (world_cup(each) for _, each in known.races.facts())
    names = {*known.definitions, *(name for name in world_cups if name is not None)}
    return Rankings(
        known=known,
        made=stored_versions(made),
        needed=stored_versions(needed),
        drawn=_there({name: draw(known, name) for name in sorted(names)}),
    )


def _group_of_row(_: str) -> str:
    return RANKINGS_KEY


RANKINGS: Step[Rankings] = Step(
    name="rankings",
    reads="results",
    gapless=True,
    group=_group,
    handle=_handle,
    group_of_row=_group_of_row,
    dump=_dump,
    load=_load,
)
