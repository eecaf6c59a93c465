"""Whatever happened in a race: who skates exactly what is needed has it, a hundredth slower has it not."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schemas.needs import CompetitorNeeds, Needs
from schemas.standings import Standings
from streams.skating.course import too_fast
from streams.skating.needs import need
from streams.skating.times import parse, shown
from tests.skating.needs_evenings import Evening, evenings, finish, heard, timing, unhurried

SLOWER_MS = (1, 10, 13)


def last_needs(evening: Evening) -> tuple[CompetitorNeeds, ...]:
    """Give what is needed at the end of a story."""
    values = [each.value for told in heard(evening.story) for each in told if each.stream == "needs"]
    return Needs.model_validate_json(values[-1]).entries if values else ()


class Skated(NamedTuple):
    """What came of a last finish: the skater's rank, whether it is shared, and the records it set."""

    rank: int | None
    rank_equal: bool
    set: frozenset[str]


def skate(evening: Evening, who: CompetitorNeeds, time_ms: int) -> Skated:
    """Let somebody finish in this time, after everything else."""
    name = who.competitor.id
    last = finish(evening.race_id, name, who.pair, evening.distance_m, time_ms, second=3600)
    out = heard((*evening.story, timing(last)))
    assert not [each for each in out[-1] if each.stream == "dead-letters"]
    sheets = [each.value for told in out for each in told if each.stream == "standings"]
    sheet = Standings.model_validate_json(sheets[-1]).entries
    (entry,) = (each for each in sheet if each.competitor.id == name)
    told = [json.loads(each.value) for each in out[-1] if each.stream == "records"]
    broken = {each["kind"] for each in told if each["type"] == "record.set"}
    return Skated(entry.rank, entry.rank_equal, frozenset(broken))


def one_of(everybody: Sequence[CompetitorNeeds], data: st.DataObject) -> list[CompetitorNeeds]:
    """Draw one of those still to come, if there is any."""
    return [data.draw(st.sampled_from(everybody))] if everybody else []


def leads(skated: Skated) -> bool:
    """Tell whether somebody is in front of everybody else."""
    return skated.rank == 1 and not skated.rank_equal


def on_podium(skated: Skated) -> bool:
    """Tell whether somebody is third or better."""
    return skated.rank is not None and skated.rank <= 3


@unhurried
@given(evenings(), st.data())
def test_exactly_what_is_needed_to_lead_does_it(evening: Evening, data: st.DataObject) -> None:
    """That time leads alone and nothing slower does; where nothing is needed, the slowest finish does it."""
    for who in one_of(last_needs(evening), data):
        if who.to_lead is None:
            assert leads(skate(evening, who, evening.distance_m * 1000))
        elif not too_fast(evening.distance_m, who.to_lead.time_ms):
            assert leads(skate(evening, who, who.to_lead.time_ms))
            slower_ms = who.to_lead.time_ms + data.draw(st.sampled_from(SLOWER_MS))
            assert not leads(skate(evening, who, slower_ms))


@unhurried
@given(evenings(), st.data())
def test_exactly_what_is_needed_for_the_podium_does_it(evening: Evening, data: st.DataObject) -> None:
    """That time is third or better and nothing slower is; without a need the slowest finish does it."""
    for who in one_of(last_needs(evening), data):
        if who.to_podium is None:
            assert on_podium(skate(evening, who, evening.distance_m * 1000))
        else:
            assert on_podium(skate(evening, who, who.to_podium.time_ms))
            slower_ms = who.to_podium.time_ms + data.draw(st.sampled_from(SLOWER_MS))
            assert not on_podium(skate(evening, who, slower_ms))


@unhurried
@given(evenings(), st.data())
def test_exactly_what_is_needed_sets_the_record(evening: Evening, data: st.DataObject) -> None:
    """That time sets the record, and whichever need no slower time meets; anything slower does not."""
    for who in one_of([who for who in last_needs(evening) if who.records], data):
        kind = data.draw(st.sampled_from(sorted(who.records)))
        needed_ms = who.records[kind].time_ms
        assert skate(evening, who, needed_ms).set == {
            other for other, its in who.records.items() if its.time_ms >= needed_ms
        }
        slower_ms = needed_ms + data.draw(st.sampled_from(SLOWER_MS))
        assert kind not in skate(evening, who, slower_ms).set


@given(st.integers(20, 5_000_000))
def test_the_hundredths_of_a_need_are_as_exact_as_hundredths_can_be(slowest_ms: int) -> None:
    """Every thousandth of the one does it, of the other some do, and the next slower hundredth never does."""
    found = need(slowest_ms)
    sure_ms = parse(found.time)
    assert sure_ms + 9 <= slowest_ms < sure_ms + 19
    if found.thousandths_at is None:
        assert slowest_ms == sure_ms + 9
    else:
        assert parse(found.thousandths_at) == sure_ms + 10 == shown(slowest_ms)
