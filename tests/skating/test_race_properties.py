"""What must hold for every race, whatever happens in it and in whatever order it is heard."""

import json
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.standings import Entry, Standings
from schemas.timing import TIMING
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received
from streams.processing.standings import STANDINGS
from streams.skating.fold import Refused, fold
from streams.skating.podium import secured
from streams.skating.race import Race
from streams.skating.sheet import Sheet, everybody, sheet
from tests.skating.a_race import TEN, Event, raw
from tests.skating.meetings import COURSES, IRMS, Made, races

OPEN = ("START_LIST", "LIVE", "INTERMEDIATE")

# What is proved here is no speed, and a busy machine must not fail it.
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def folded(story: Iterable[Event]) -> Race:
    """Fold a story whose first event defines the race; what is refused changes nothing."""
    race: Race | None = None
    for each in story:
        after = fold(race, TIMING.validate_json(raw(each)))
        race = race if isinstance(after, Refused) else after
    assert race is not None
    return race


def drawn(race: Race) -> Sheet:
    """Draw up the sheet of a race."""
    return sheet(race, everybody(race))


class Listener:
    """The standings step with its rows, and what it says, event by event."""

    def __init__(self) -> None:
        self.ledger = Ledger(STANDINGS)
        self.rows: dict[str, bytes] = {}
        self.offset = 0

    def hear(self, each: Event) -> tuple[Published, ...]:
        """Hear one event, and say what came of it; our own code never fails on it."""
        received = Received("timing", 0, self.offset, str(each["race_id"]).encode(), raw(each))
        self.offset += 1
        outcome = self.ledger.handle(received)
        assert outcome is not None
        assert outcome.bug is None, outcome.bug
        row = self.ledger.row(outcome, received)
        if row is not None:
            self.rows.update([row])
        self.ledger.settle(outcome, received)
        return tuple(message for message in outcome.published if message.stream != "dead-letters")

    def restart(self) -> None:
        """Forget everything but the rows."""
        self.ledger = Ledger(STANDINGS)
        self.ledger.restore(self.rows.items())


def sheets(messages: Iterable[Published]) -> list[Standings]:
    """Give the standings among messages."""
    return [Standings.model_validate_json(each.value) for each in messages if each.stream == "standings"]


@unhurried
@given(races(), st.data())
def test_any_order_of_arrival_ends_alike(made: Made, data: st.DataObject) -> None:
    """Measurements, clearings, deletions, rulings and the life of a race told in any order: one sheet."""
    tail = data.draw(st.permutations(made.tail))
    assert drawn(folded((*made.head, *tail))) == drawn(folded(made.story))


@unhurried
@given(races(), st.data())
def test_start_lists_in_any_order_leave_everybody_where_they_are(made: Made, data: st.DataObject) -> None:
    """Lists and definitions in any order after the first one: the same lines, ranks and pairs."""
    first, *others = made.head
    lists = [each for each in others if each["type"] != "reskate.granted"]
    rest = [*(each for each in others if each["type"] == "reskate.granted"), *made.tail]
    shuffled = data.draw(st.permutations(lists))

    def by_name(story: Iterable[Event]) -> dict[str, Entry]:
        there = drawn(folded(story)).entries
        return {each.competitor.id: each.model_copy(update={"sort_order": 0}) for each in there}

    assert by_name((first, *shuffled, *rest)) == by_name((first, *lists, *rest))


@unhurried
@given(races(), st.data())
def test_duplicates_change_nothing_and_publish_nothing(made: Made, data: st.DataObject) -> None:
    """What arrives again, at once or after everything else, says nothing but the dead letter it was."""
    listener = Listener()
    for each in made.story:
        listener.hear(each)
        assert listener.hear(each) == ()
    before = listener.ledger.state(made.race_id)
    for each in data.draw(st.permutations(made.tail)):
        assert listener.hear(each) == ()
    assert listener.ledger.state(made.race_id) == before


@unhurried
@given(races(extremes=False), st.data())
def test_deleting_what_was_added_restores_the_entries(made: Made, data: st.DataObject) -> None:
    """A measurement and its deletion, at any place of the story, leave all lines as they were."""
    if not made.attempts:
        return
    name, pair = data.draw(st.sampled_from(made.attempts))
    line = data.draw(st.sampled_from(made.course))
    method = data.draw(st.sampled_from(("transponder", "optical", "photo_finish", "manual")))
    before_all = (TEN - timedelta(seconds=1)).isoformat()
    named = {"race_id": made.race_id, "occurred_at": before_all, "competitor_id": name, "distance_m": line}
    measured = {"type": "passing.recorded", "pair": pair, "time_ms": line * 60, "method": method, **named}
    gone: Event = {"type": "passing.deleted", **named}
    gone |= data.draw(
        st.sampled_from(({}, {"pair": pair}, {"method": method}, {"pair": pair, "method": method}))
    )
    cut, later = sorted(data.draw(st.tuples(*[st.integers(0, len(made.tail))] * 2)))
    tail = [*made.tail[:cut], measured | {"lane": "outer"}, *made.tail[cut:later], gone, *made.tail[later:]]
    assert drawn(folded((*made.head, *tail))).entries == drawn(folded(made.story)).entries


def merit(made: Made, entry: Entry) -> Any:
    """Give what ranks an entry, best first."""
    if made.shape == "mass_start":
        return -entry.splits[-1].distance_m, -(entry.points or 0), entry.time_ms
    return entry.time_ms


@unhurried
@given(races())
def test_ranks_are_a_competition_ranking(made: Made) -> None:
    """A rank is one more than the number of those who are better; equal ones share it and say so."""
    entries = drawn(folded(made.story)).entries
    ranked = [each for each in entries if each.rank is not None]
    for each in ranked:
        mine = merit(made, each)
        assert each.rank == 1 + sum(merit(made, other) < mine for other in ranked)
        assert each.rank_equal == (sum(merit(made, other) == mine for other in ranked) > 1)
    assert [each.sort_order for each in entries] == list(range(1, len(entries) + 1))
    groups = [
        0 if each.rank else 1 + ("", "DNF", "DQ", "DNS", "WDR").index(each.irm or "") for each in entries
    ]
    assert groups == sorted(groups)
    assert [each.rank for each in ranked] == sorted(each.rank or 0 for each in ranked)
    assert len({each.competitor.id for each in entries}) == len(entries)


@unhurried
@given(races())
def test_a_line_of_the_sheet_agrees_with_itself(made: Made) -> None:
    """Rank, time, text, method and gap come and go together; an irm takes them all and leaves the splits."""
    for each in drawn(folded(made.story)).entries:
        there = each.rank is not None
        assert [each.time_ms is not None, each.time is not None, each.method is not None] == [there] * 3
        assert (each.behind_ms is not None) == (there and made.shape != "mass_start")
        assert not (there and each.irm)
        assert (each.points is not None) == (made.shape == "mass_start")
        if there:
            assert each.splits[-1].time_ms == each.time_ms
        assert each.behind_ms is None or each.behind_ms >= 0
        shown = [split.time_ms // 10 for split in each.splits]
        assert [split.distance_m for split in each.splits] == sorted(
            split.distance_m for split in each.splits
        )
        if len(shown) == len(made.course):
            assert sum(split.lap_ms or 0 for split in each.splits) == shown[-1] * 10


@unhurried
@given(races())
def test_a_thousandth_is_shown_where_it_decides(made: Made) -> None:
    """Of the ranked, exactly those have their third digit whose hundredths somebody else has too."""
    entries = [each for each in drawn(folded(made.story)).entries if each.rank is not None]
    for each in entries:
        others = [other.time for other in entries if other is not each]
        assert (each.thousandth is not None) == (each.time in others)


@unhurried
@given(races())
def test_nobody_is_on_the_ice_and_next_at_once(made: Made) -> None:
    """The two never meet, both are in order, and only who has still to finish is in either."""
    now = drawn(folded(made.story))
    assert not set(now.on_ice) & set(now.next)
    assert list(now.on_ice) == sorted(now.on_ice)
    assert list(now.next) == sorted(now.next)
    assert now.remaining <= len(now.entries)
    assert now.remaining or not (now.on_ice or now.next)
    if now.status not in OPEN:
        assert now.on_ice == ()


@unhurried
@given(races())
def test_versions_have_no_gaps_and_every_message_is_new(made: Made) -> None:
    """1, 2, 3 …, each standings message says something else than the one before, and no id comes twice."""
    listener = Listener()
    messages = [message for each in made.story for message in listener.hear(each)]
    told = sheets(messages)
    assert [each.version for each in told] == list(range(1, len(told) + 1))
    bare = [each.model_copy(update={"version": 0, "as_of": TEN}) for each in told]
    assert all(one != other for one, other in pairwise(bare))
    ids = [dict(message.headers)["ce_id"] for message in messages]
    assert len(ids) == len(set(ids))


@unhurried
@given(races())
def test_who_only_hears_podium_changes_knows_the_podium(made: Made) -> None:
    """Changes replayed by a subscriber give the podium of the last message, and that of the standings."""
    listener = Listener()
    places: dict[str, int | None] = {}
    standings: Standings | None = None
    for each in made.story:
        for message in listener.hear(each):
            if message.stream == "standings":
                standings = Standings.model_validate_json(message.value)
            told = json.loads(message.value)
            if told["type"] != "podium.changed":
                continue
            for change in told["changes"]:
                assert places.get(change["competitor"]["id"]) == change["from"] != change["to"]
                places[change["competitor"]["id"]] = change["to"]
            places = {name: place for name, place in places.items() if place is not None}
            assert places == {place["competitor"]["id"]: place["rank"] for place in told["podium"]}
        if standings is not None and (places or made.shape != "mass_start"):
            assert places == {
                entry.competitor.id: entry.rank
                for entry in standings.entries
                if entry.rank is not None
                and entry.rank <= 3
                and entry.splits[-1].distance_m == made.course[-1]
            }


@unhurried
@given(races())
def test_going_on_from_stored_rows_gives_identical_bytes(made: Made) -> None:
    """A step restarted after every event holds an equal state, and publishes the same bytes and ids."""
    steady, restarted = Listener(), Listener()
    for each in made.story:
        restarted.restart()
        assert restarted.hear(each) == steady.hear(each)
        assert restarted.rows == steady.rows
        state = steady.ledger.state(made.race_id)
        assert state is not None
        assert STANDINGS.load({made.race_id: STANDINGS.dump(state, made.race_id)}) == state


@unhurried
@given(races(extremes=False, shapes=("pairs", "quartets", "team_pursuit")))
def test_a_secured_place_survives_whoever_is_still_to_skate(made: Made) -> None:
    """Everybody who is still to skate wins by far: who has secured a place is at worst where that said."""
    race = folded(made.story)
    now, present = drawn(race), everybody(race)
    sure = secured(race, now, present)
    for each in present:
        if not each.to_skate:
            continue
        best: Event = {
            "type": "passing.recorded",
            "race_id": made.race_id,
            "occurred_at": "2030-01-01T00:00:00Z",
            "pair": each.to_skate[0],
            "competitor_id": each.competitor.id,
            "distance_m": made.course[-1],
            "time_ms": made.course[-1] * 50,
            "method": "photo_finish",
        }
        after = fold(race, TIMING.validate_json(raw(best)))
        assert not isinstance(after, Refused), after
        race = after
    final = {each.competitor.id: each.rank for each in drawn(race).entries}
    for certain in sure:
        rank = final[certain.competitor.id]
        assert rank is not None
        assert rank <= certain.worst_rank <= 3


def test_every_shape_has_its_course() -> None:
    """What is made up here is what the contract derives: the splits of all four kinds of race."""
    for shape, (discipline, distance_m, course) in COURSES.items():
        story: Event = {
            "type": "race.scheduled",
            "race_id": f"c/{discipline}/-",
            "occurred_at": TEN.isoformat(),
            "competition": {"id": "c", "name": "C", "season": "s", "venue": {"id": "v", "name": "V"}},
            "discipline": discipline,
            "distance_m": distance_m,
            "format": shape,
            "start_list": [],
        }
        assert folded([story]).course == course
    assert len(IRMS) == 4
