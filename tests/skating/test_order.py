"""The order of the sheet: shared ranks, thousandths, who is still to skate, and who has no rank at all."""

import pytest

from schemas.model import Irm
from streams.skating.order import ranks
from tests.skating.a_race import (
    Event,
    closed,
    deleted,
    event,
    lap,
    lines,
    mass_start,
    passing,
    pursuit,
    reskate,
    ruled,
    scheduled,
    sprint,
    told,
)

OPENED = scheduled("ann bea", "cor dee", "eva fay")
MASS = "2021-wc1/MMS/A"


def times(**by_name: int) -> list[Event]:
    """Write a finish for each of these, in their own pair."""
    pair_of = {"ann": 1, "bea": 1, "cor": 2, "dee": 2, "eva": 3, "fay": 3}
    return [passing(name, pair_of[name], time_ms, 10 + pair_of[name]) for name, time_ms in by_name.items()]


def test_equal_merits_share_a_rank_and_the_next_is_skipped() -> None:
    """9, 9, 11: ranks of a shared place are skipped."""
    assert [(item, rank, equal) for item, rank, equal in ranks([3, 1, 2, 2, 2], lambda item: item)] == [
        (1, 1, False),
        (2, 2, True),
        (2, 2, True),
        (2, 2, True),
        (3, 5, False),
    ]
    assert ranks([], int) == []


def test_two_gold_medals_and_no_silver() -> None:
    """Equal thousandths share rank 1, both without a gap; the next one is third."""
    story = told(OPENED, *times(ann=35_004, dee=35_004, cor=35_010))
    assert story.sheet[:3] == ["1= ann 35.00", "1= dee 35.00", "3 cor 35.01"]
    assert [story.entry(name).behind for name in ("ann", "dee", "cor")] == ["", "", "+0.01"]
    assert [story.entry(name).behind_ms for name in ("ann", "dee", "cor")] == [0, 0, 10]


def test_equal_hundredths_are_decided_by_the_thousandth() -> None:
    """35.003 is before 35.005, both shown 35.00 with their digit; the gap of what is shown is 0."""
    story = told(OPENED, *times(ann=35_005, dee=35_003, cor=35_010))
    assert story.sheet[:3] == ["1 dee 35.00", "2 ann 35.00", "3 cor 35.01"]
    assert [story.entry(name).thousandth for name in ("dee", "ann", "cor", "eva")] == ["3", "5", None, None]
    assert (story.entry("ann").behind_ms, story.entry("ann").behind) == (0, "")


def test_a_thousandth_is_not_shown_against_somebody_without_a_rank() -> None:
    """The hundredths of a disqualified skater are not on the sheet, so they need no third digit."""
    story = told(OPENED, *times(ann=35_005, dee=35_003), ruled("dee", "DQ", 60))
    assert story.entry("ann").thousandth is None
    assert told(OPENED, *times(ann=35_005, dee=35_003)).entry("ann").thousandth == "5"


def test_equal_ones_stand_by_pair_and_lane() -> None:
    """A dead heat of everybody is printed pair by pair, inner lane first, and everybody is first."""
    everybody = dict.fromkeys(("fay", "dee", "ann", "eva", "bea", "cor"), 35_000)
    story = told(OPENED, *times(**everybody))
    assert story.sheet == [f"1= {name} 35.00" for name in ("ann", "bea", "cor", "dee", "eva", "fay")]


def test_a_quartet_stands_inner_outer_and_again() -> None:
    """Four skaters of one pair number are in the order inner, outer, inner2, outer2."""
    quartet = scheduled("ann bea cor dee", "eva fay gia hop", format="quartets", race_id="2021-wc1/M3000/B")
    assert [entry.lane for entry in told(quartet).standings[0].entries] == [
        "inner",
        "outer",
        "inner2",
        "outer2",
    ] * 2
    shuffled = quartet | {"start_list": quartet["start_list"][::-1]}
    assert told(shuffled).sheet == [
        f"- {name}" for name in ("ann", "bea", "cor", "dee", "eva", "fay", "gia", "hop")
    ]


def test_the_sheet_goes_from_ranked_to_withdrawn() -> None:
    """Ranked, then still to skate, then DNF, DQ, DNS and WDR, with a sort order from 1 without gaps."""
    irms: dict[str, Irm] = {"ann": "WDR", "bea": "DNS", "cor": "DQ", "dee": "DNF"}
    story = told(OPENED, *(ruled(name, irm, 5) for name, irm in irms.items()), *times(fay=36_000))
    assert story.sheet == ["1 fay 36.00", "- eva", "DNF dee", "DQ cor", "DNS bea", "WDR ann"]
    assert [entry.sort_order for entry in story.standings[-1].entries] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("irm", ["DNF", "DQ", "DNS", "WDR"])
def test_of_one_irm_the_pairs_decide(irm: str) -> None:
    """Those with the same mark stand by pair and lane, whoever was ruled on first."""
    story = told(OPENED, *(ruled(name, irm, 5) for name in ("fay", "cor", "bea")))
    assert story.sheet == ["- ann", "- dee", "- eva", f"{irm} bea", f"{irm} cor", f"{irm} fay"]


def test_a_reskate_moves_who_waits_and_not_who_has_a_time() -> None:
    """Without a time Ann waits after everybody, with one she keeps the place of the attempt that counts."""
    assert told(OPENED, reskate("ann", 4, 5)).sheet[-1] == "- ann"
    story = told(OPENED, *times(ann=35_000, bea=35_000), reskate("ann", 4, 20))
    assert story.sheet[:2] == ["1= ann 35.00", "1= bea 35.00"]


def test_a_team_pursuit_is_ranked_by_its_time_after_eight_laps() -> None:
    """Half laps are splits with ranks of their own; the finish is at 3200 m."""
    opened = pursuit("ned nor", "can jpn")
    race_id = opened["race_id"]
    story = told(
        opened,
        *(
            passing(team, number, half * slow, half, race_id=race_id, distance_m=half * 200)
            for team, number, slow, halves in (
                ("ned", 1, 14_000, 16),
                ("nor", 1, 14_100, 16),
                ("can", 2, 13_900, 15),
            )
            for half in range(1, halves + 1)
        ),
    )
    assert story.sheet == ["1 ned 3:44.00", "2 nor 3:45.60", "- can", "- jpn"]
    assert [split.distance_m for split in story.entry("ned").splits] == list(range(200, 3201, 200))
    assert [split.rank for split in story.entry("can").splits] == [1] * 15
    assert {split.lap_ms for split in story.entry("ned").splits} == {14_000}
    assert story.standings[-1].remaining == 2


def race(*story: Event) -> list[str]:
    """Tell a mass start of four laps to the sheet, with the points: `1 ann 40.00 3`."""
    out = told(mass_start("ann bea cor"), *story)
    return [
        f"{line} {entry.points}" for line, entry in zip(out.sheet, out.standings[-1].entries, strict=True)
    ]


def test_a_mass_start_is_ranked_by_laps_first() -> None:
    """Who has completed more laps is in front, whatever points the others have."""
    story = (lap("ann", 1, 40_000, 40), lap("bea", 1, 39_000, 39), lap("ann", 2, 80_000, 80))
    assert race(*story, sprint(1, 81, bea=3)) == ["1 ann 1:20.00 0", "2 bea 39.00 3", "- cor 0"]


def test_of_equal_laps_the_points_decide_and_then_the_time() -> None:
    """Points of all sprints are added; without points the time of the last lap decides."""
    story = (lap("ann", 1, 40_000, 40), lap("bea", 1, 39_000, 39), lap("cor", 1, 41_000, 41))
    assert race(*story) == ["1 bea 39.00 0", "2 ann 40.00 0", "3 cor 41.00 0"]
    scored = (sprint(1, 42, cor=3, ann=2), sprint(2, 82, ann=2, bea=3))
    assert race(*story, *scored) == ["1 ann 40.00 4", "2 bea 39.00 3", "3 cor 41.00 3"]


def test_equal_laps_points_and_times_share_a_rank() -> None:
    """Two who cross the line together are both first."""
    story = (lap("ann", 1, 40_000, 40), lap("bea", 1, 40_000, 40), lap("cor", 1, 41_000, 41))
    assert race(*story) == ["1= ann 40.00 0", "1= bea 40.00 0", "3 cor 41.00 0"]


def test_a_sprint_is_scored_anew_by_the_latest_word_on_its_lap() -> None:
    """The points of a lap are replaced as a whole, and an older word that arrives late is not heard."""
    story = (lap("ann", 1, 40_000, 40), lap("bea", 1, 39_000, 39))
    first, second = sprint(1, 42, ann=3, bea=2), sprint(1, 50, bea=3)
    for order in ((first, second), (second, first)):
        assert race(*story, *order) == ["1 bea 39.00 3", "2 ann 40.00 0", "- cor 0"]


def test_of_two_words_on_a_sprint_of_one_instant_the_last_to_arrive_holds() -> None:
    """At equal instants arrival decides."""
    story = (lap("ann", 1, 40_000, 40), sprint(1, 42, bea=3), sprint(1, 42, ann=2))
    assert race(*story) == ["1 ann 40.00 2", "- bea 0", "- cor 0"]


def test_points_alone_rank_nobody() -> None:
    """Everybody measured is ranked; who has points without a lap is not, and a mark takes the rank."""
    assert race(sprint(1, 42, ann=3)) == ["- ann 3", "- bea 0", "- cor 0"]
    out = race(lap("ann", 1, 40_000, 40), event("result.ruled", 50, MASS, competitor_id="ann", irm="DNF"))
    assert out == ["- bea 0", "- cor 0", "DNF ann 0"]


def test_a_deleted_lap_puts_back() -> None:
    """Without the second lap the rank is again that of the first."""
    story = (lap("ann", 1, 40_000, 40), lap("bea", 1, 39_000, 39), lap("ann", 2, 80_000, 80))
    gone = deleted("ann", 90, race_id=MASS, distance_m=800)
    assert race(*story, gone) == ["1 bea 39.00 0", "2 ann 40.00 0", "- cor 0"]


def test_only_a_mass_start_has_points_and_only_others_have_gaps() -> None:
    """Points are null outside a mass start; a gap in time says nothing inside one."""
    assert told(OPENED, *times(ann=35_000)).entry("ann").points is None
    out = told(mass_start("ann bea"), lap("ann", 1, 40_000, 40), lap("bea", 1, 41_000, 41))
    assert [(entry.behind_ms, entry.behind) for entry in out.standings[-1].entries] == [(None, None)] * 2


def test_a_mass_start_counts_as_remaining_who_has_not_finished() -> None:
    """Who still has laps to skate is remaining; who finished all of them, or is out, is not."""
    story = (lap("ann", 4, 160_000, 160), lap("bea", 3, 125_000, 125))
    out = told(
        mass_start("ann bea cor"), *story, event("result.ruled", 170, MASS, competitor_id="cor", irm="DNF")
    )
    assert out.standings[-1].remaining == 1


def test_the_order_does_not_depend_on_the_order_of_the_list() -> None:
    """A start list read from the bottom gives the same sheet."""
    turned = OPENED | {"start_list": lines("ann bea", "cor dee", "eva fay")[::-1]}
    story = (*times(ann=35_000, fay=35_000, cor=36_000), ruled("eva", "DNF", 50), ruled("dee", "DNF", 50))
    assert told(turned, *story).sheet == told(OPENED, *story).sheet


def test_closing_a_race_does_not_reorder_it() -> None:
    """Who never skated stays among those still to skate, until somebody rules."""
    story = times(ann=35_000)
    assert told(OPENED, *story, closed("OFFICIAL", 100)).sheet == told(OPENED, *story).sheet
