"""What is needed in a samalog, by hand: on which distance, by whom, to lead and to pass whom."""

import pytest

from schemas.needs import SamalogCompetitorNeeds
from schemas.race import Competitor
from schemas.rankings import RankingDefined
from schemas.results import RaceResult, RaceResults
from streams.skating.rankings.known import Known, kept_races
from streams.skating.rankings.samalog_needs import MOST_RIVALS, SamalogNeeded, samalog_needed
from tests.skating.rankings.a_season import defined, race

FIRST, SECOND, THIRD = "ec/M500/-", "ec/M1000/-", "ec/M1500/-"
SPRINT = defined("samalog", race_ids=(FIRST, SECOND, THIRD))
SKATED = race(FIRST, "1 ann 35.00", "2 bea 35.10", "3 cor 35.20", "DNF dee")


def needed(*races: RaceResults, by: RankingDefined = SPRINT) -> SamalogNeeded:
    """Say what is needed after these races."""
    return samalog_needed(Known(kept_races(races), {}, {by.ranking_id: by}), by.ranking_id)


def told(each: SamalogCompetitorNeeds) -> str:
    """Write what somebody needs: `bea 1:09.79, cor 1:09.99 ann 1:09.79`, `any` and `none` where so."""
    lead = each.to_lead.time if each.to_lead else "any" if each.can_lead else "none"
    return ", ".join(
        (
            f"{each.competitor.id} {lead}",
            *(f"{rival.competitor.id} {rival.need.time}" for rival in each.to_pass),
        )
    )


def test_what_it_takes_to_lead_and_to_pass_each_of_those_who_have_finished() -> None:
    """35.00 and 1:10.00 make 70.000; who has 35.10 stays below with 1:09.79, and level with 1:09.80."""
    live = race(SECOND, "1 ann 1:10.00", "2 cor 1:10.10", "- bea", "- dee", status="LIVE")
    found = needed(SKATED, live)
    assert found.race_id == SECOND
    assert [told(each) for each in found.entries] == ["bea 1:09.79, ann 1:09.79, cor 1:10.29", "dee none"]


def test_before_anybody_has_finished_any_finish_leads() -> None:
    """More distances go first; who missed one stays behind, if level in distances then by points."""
    found = needed(SKATED, race(SECOND, "- ann", "- bea", "- dee", status="START_LIST"))
    assert [told(each) for each in found.entries] == ["ann any", "bea any", "dee 1:09.99"]


def test_the_distance_under_way_goes_before_one_that_is_to_come() -> None:
    """Whatever the order of the parts; once nobody is to come there, it is the next one."""
    listed = race(SECOND, "- ann", "- bea", status="START_LIST")
    assert needed(SKATED, listed, race(THIRD, "- ann", status="INTERMEDIATE")).race_id == THIRD
    assert needed(SKATED, listed, race(THIRD, "1 ann 1:45.00", status="LIVE")).race_id == SECOND


@pytest.mark.parametrize("status", ["UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL"])
def test_nothing_is_needed_in_a_race_that_is_closed(status: str) -> None:
    """Also where somebody never came."""
    assert needed(SKATED, race(SECOND, "1 ann 1:10.00", "- bea", status=status)) == SamalogNeeded()


def test_nothing_is_needed_where_points_or_times_do_not_decide() -> None:
    """Another basis, a ranking that is not defined, and a mass start."""
    live = race(SECOND, "1 ann 1:10.00", "- bea", status="LIVE")
    assert needed(SKATED, live, by=defined("medals", race_ids=(SECOND,))) == SamalogNeeded()
    assert samalog_needed(Known(), "a/ranking") == SamalogNeeded()
    pack = race("ec/MMS/-", "- ann", status="LIVE", format="mass_start")
    assert needed(pack, by=defined("samalog", race_ids=("ec/MMS/-",))) == SamalogNeeded()


def again(name: str, time: str, rank: str = "2") -> RaceResult:
    """Write the line of somebody who has a time and a reskate as pair 9."""
    (line,) = race(SECOND, f"{rank} {name} {time}").results
    return line.model_copy(update={"to_skate": True, "next_pair": 9})


def test_with_a_reskate_only_those_in_front_or_level_are_to_be_passed() -> None:
    """The better time counts, so who leads already needs nothing more, and an irm ends it."""
    live = race(SECOND, "1 cor 1:10.20", "DQ dee", "- eva", status="LIVE")
    withdrawn = again("dee", "1:12.00").model_copy(update={"rank": None, "irm": "WDR"})
    results = (*live.results, again("ann", "1:10.50"), again("bea", "1:10.60"), withdrawn)
    found = needed(SKATED, live.model_copy(update={"results": results}))
    assert [told(each) for each in found.entries] == [
        "eva none",
        "ann any",
        "bea 1:10.29, ann 1:10.29, cor 1:10.39",
    ]


def test_no_more_rivals_are_named_than_a_message_can_bear() -> None:
    """The first ten of the ranking, in its order."""
    names = [f"s{number:02}" for number in range(MOST_RIVALS + 5)]
    lines = [f"{rank} {name} 35.{rank:02}" for rank, name in enumerate(names, start=1)]
    (entry,) = needed(race(FIRST, *lines, "- zoe", status="LIVE")).entries
    assert [rival.competitor.id for rival in entry.to_pass] == names[:MOST_RIVALS]
    assert entry.to_lead == entry.to_pass[0].need


def test_those_to_come_are_in_skating_order() -> None:
    """By pair, and in a pair as on the sheet; a row from before there were pairs names nobody."""
    live = race(SECOND, "- bea", "- ann", "- cor", status="LIVE")
    pairs = dict(zip(("bea", "ann", "cor"), (4, 3, None), strict=True))
    results = tuple(each.model_copy(update={"next_pair": pairs[each.competitor.id]}) for each in live.results)
    found = needed(live.model_copy(update={"results": results}))
    assert [(each.competitor, each.pair) for each in found.entries] == [
        (Competitor(id="ann", name="Ann", country="NED"), 3),
        (Competitor(id="bea", name="Bea", country="NED"), 4),
    ]
