"""Whatever happened in a samalog: who skates exactly what is needed has it, a hundredth slower has it not."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schemas.needs import SamalogCompetitorNeeds, SamalogNeeds
from schemas.rankings import Ranking, RankingEntry
from streams.skating.rankings.samalog_needs import MOST_RIVALS
from streams.skating.times import parse
from tests.skating.a_race import Event, closed, raw, reskate, ruled, scheduled
from tests.skating.needs_evenings import Input, finish, heard, timing, unhurried

ALLROUND = "ec/allround"
NAMES = ("ann", "bea", "cor", "dee", "eva", "fay")
DISTANCES_M = (500, 1000, 1500, 3000)
SLOWER_MS = (1, 10, 13)
RESKATE_PAIR = 9
FASTEST_MS_A_M, SLOWEST_MS_A_M = 50, 1000


class Championship(NamedTuple):
    """A samalog of some distances with close times, of which at least one is not closed."""

    story: tuple[Input, ...]

    @property
    def needs(self) -> SamalogNeeds | None:
        """What is needed at its end, if ever anything was."""
        told = [
            each.value
            for out in heard(self.story)
            for each in out
            if each.stream == "needs" and each.key == ALLROUND.encode()
        ]
        return SamalogNeeds.model_validate_json(told[-1]) if told else None

    def after(self, needs: SamalogNeeds, who: SamalogCompetitorNeeds, time_ms: int) -> list[RankingEntry]:
        """Let somebody finish the distance in this time after everything else, and give the ranking."""
        race_id = str(needs.race_id)
        last = finish(race_id, who.competitor.id, who.pair, metres(needs), time_ms, second=7200)
        out = heard((*self.story, timing(last)))
        assert not [each for each in out[-1] if each.stream == "dead-letters"]
        told = [each.value for each_out in out for each in each_out if each.stream == "rankings"]
        rankings = [Ranking.model_validate_json(value) for value in told]
        return list([each for each in rankings if each.ranking_id == ALLROUND][-1].entries)


def metres(needs: SamalogNeeds) -> int:
    """Give the length of the distance that needs are about."""
    return int(str(needs.race_id).split("/")[1][1:])


@st.composite
def championships(draw: st.DrawFn) -> Championship:
    """Make up distances that all, some or none have finished, with irms and reskates."""
    distances = draw(st.permutations(DISTANCES_M))[: draw(st.integers(1, 3))]
    ids = [f"ec/W{distance_m}/-" for distance_m in distances]
    story: list[Event] = []
    for number, (race_id, distance_m) in enumerate(zip(ids, distances, strict=True)):
        over = number + 1 < len(ids) and draw(st.booleans())
        story += draw(distance(race_id, distance_m, begin=number * 600))
        story += [closed("OFFICIAL", number * 600 + 599, race_id)] if over else []
    definition: Event = {
        "type": "ranking.defined",
        "ranking_id": ALLROUND,
        "basis": "samalog",
        "season": "2021-22",
        "race_ids": ids,
        "occurred_at": "2021-11-12T09:00:00Z",
    }
    book: Input = ("reference", f"ranking/{ALLROUND}".encode(), raw(definition))
    return Championship((book, *map(timing, story)))


@st.composite
def distance(draw: st.DrawFn, race_id: str, distance_m: int, begin: int) -> list[Event]:
    """Make up one distance: its start list, and who has finished, was ruled out or may skate again."""
    listed = draw(st.permutations(NAMES))[: draw(st.integers(4, len(NAMES)))]
    pairs = [" ".join(listed[at : at + 2]) for at in range(0, len(listed), 2)]
    story = [scheduled(*pairs, race_id=race_id, distance_m=distance_m, second=begin)]
    for at in range(draw(st.integers(0, len(listed)))):
        time_ms = distance_m * 80 + draw(st.integers(0, distance_m // 10))
        story.append(finish(race_id, listed[at], at // 2 + 1, distance_m, time_ms, second=begin + 10 + at))
    for name in draw(st.lists(st.sampled_from(listed), max_size=1)):
        irm = draw(st.sampled_from(("DNF", "DQ", "WDR")))
        story.append(ruled(name, irm, begin + 100) | {"race_id": race_id})
    again = draw(st.lists(st.sampled_from(listed), max_size=1))
    return story + [reskate(name, RESKATE_PAIR, begin + 200) | {"race_id": race_id} for name in again]


def rank_of(entries: list[RankingEntry], name: str) -> int:
    """Give somebody's rank, behind all others for who is not in the ranking."""
    return next((each.rank for each in entries if each.competitor.id == name), len(entries) + 1)


def leads(entries: list[RankingEntry], name: str) -> bool:
    """Tell whether somebody is in front of everybody else."""
    return entries[0].competitor.id == name and not entries[0].rank_equal


@unhurried
@given(championships(), st.data())
def test_exactly_what_is_needed_to_lead_a_samalog_does_it(made: Championship, data: st.DataObject) -> None:
    """With it one leads alone and slower not; without a need the slowest finish leads, or the fastest not."""
    needs = made.needs
    if needs is None or not needs.entries:
        return
    who = data.draw(st.sampled_from(needs.entries))
    name = who.competitor.id
    if who.to_lead is not None:
        assert who.can_lead
        assert leads(made.after(needs, who, who.to_lead.time_ms), name)
        assert leads(made.after(needs, who, parse(who.to_lead.time)), name)
        slower_ms = who.to_lead.time_ms + data.draw(st.sampled_from(SLOWER_MS))
        assert not leads(made.after(needs, who, slower_ms), name)
    elif who.can_lead:
        assert leads(made.after(needs, who, metres(needs) * SLOWEST_MS_A_M), name)
    else:
        assert not leads(made.after(needs, who, metres(needs) * FASTEST_MS_A_M), name)


@unhurried
@given(championships(), st.data())
def test_exactly_what_is_needed_passes_the_named_rival(made: Championship, data: st.DataObject) -> None:
    """With it one is in front of that rival, and with any slower time behind or level."""
    needs = made.needs
    coming = [] if needs is None else [each for each in needs.entries if each.to_pass]
    if needs is None or not coming:
        return
    who = data.draw(st.sampled_from(coming))
    rival = data.draw(st.sampled_from(who.to_pass))
    name, other = who.competitor.id, rival.competitor.id
    assert rival.need.thousandths_at is None
    there = made.after(needs, who, rival.need.time_ms)
    assert rank_of(there, name) < rank_of(there, other)
    slower = made.after(needs, who, rival.need.time_ms + data.draw(st.sampled_from(SLOWER_MS)))
    assert rank_of(slower, name) >= rank_of(slower, other)


@unhurried
@given(championships(), st.data())
def test_everybody_is_named_whom_a_fast_time_passes_and_a_slow_one_does_not(
    made: Championship, data: st.DataObject
) -> None:
    """Of those who have finished the distance, in the order of the ranking, the first ten."""
    needs = made.needs
    if needs is None or not needs.entries:
        return
    who = data.draw(st.sampled_from(needs.entries))
    name = who.competitor.id
    slow = made.after(needs, who, metres(needs) * SLOWEST_MS_A_M)
    fast = made.after(needs, who, metres(needs) * FASTEST_MS_A_M)
    passed = [
        each.competitor.id
        for each in slow
        if each.competitor.id != name
        and needs.race_id in {part.race_id for part in each.parts}
        and each.rank <= rank_of(slow, name)
        and rank_of(fast, name) < rank_of(fast, each.competitor.id)
    ]
    assert [each.competitor.id for each in who.to_pass] == passed[:MOST_RIVALS]
