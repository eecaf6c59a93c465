"""Who comes on the podium, who leaves it and why, and who cannot be pushed off any more."""

import pytest

from schemas.podium import PodiumChanged
from tests.skating.a_race import (
    Event,
    closed,
    deleted,
    event,
    lap,
    lines,
    mass_start,
    pair,
    passing,
    reskate,
    ruled,
    scheduled,
    sprint,
    told,
)

OPENED = scheduled("ann bea", "cor dee")
MASS = "2021-wc1/MMS/A"
ANN, BEA = passing("ann", 1, 35_000, 40), passing("bea", 1, 35_100, 41)
COR, DEE = passing("cor", 2, 35_050, 80), passing("dee", 2, 34_900, 81)


def moves(*story: Event) -> list[str]:
    """Tell a story to its podium changes."""
    return told(OPENED, *story).moves


def sure(*story: Event) -> list[str]:
    """Tell a story to what was secured."""
    return told(OPENED, *story).sure


def test_a_finish_moves_the_podium() -> None:
    """Who comes is named first, in the order of the podium, then who was pushed off."""
    assert moves(ANN, BEA, COR, DEE) == [
        "finish: ann -1",
        "finish: bea -2",
        "finish: cor -2, bea 23",
        "finish: dee -1, ann 12, cor 23, bea 3-",
    ]


def test_a_finish_behind_the_podium_says_nothing() -> None:
    """The fourth time changes the standings and not the podium."""
    out = told(OPENED, ANN, BEA, COR, passing("dee", 2, 36_000, 81))
    assert len(out.moves) == 3


def test_the_message_has_the_podium_as_it_stands() -> None:
    """Places with times, race and version, as of the finish; `from` is spelled so in the JSON."""
    out = told(OPENED, ANN, BEA)
    last = next(message for message in reversed(out.podium) if isinstance(message, PodiumChanged))
    assert [(place.rank, place.competitor.id, place.time) for place in last.podium] == [
        (1, "ann", "35.00"),
        (2, "bea", "35.10"),
    ]
    assert (last.race_id, last.version, last.as_of) == (
        out.standings[-1].race_id,
        out.standings[-1].version,
        out.standings[-1].as_of,
    )
    assert b'"from":null,"to":2' in out.values("podium")[-2]


def test_a_photo_finish_that_swaps_gold_and_silver_is_a_correction() -> None:
    """Both of the swap are named, the bronze is not."""
    photo = passing("bea", 1, 34_990, 60, method="photo_finish")
    assert moves(ANN, BEA, passing("cor", 2, 36_000, 80), photo)[-1] == "correction: bea 21, ann 12"


@pytest.mark.parametrize(
    "event_",
    [
        deleted("ann", 60),
        pair("cleared", 1, 60),
    ],
)
def test_what_takes_a_time_back_is_a_correction(event_: Event) -> None:
    """A deleted time and a cleared pair leave the podium, and the next move up."""
    assert moves(ANN, passing("cor", 2, 35_050, 50), event_)[-1] == "correction: cor 21, ann 1-"


def test_a_new_time_after_a_clearing_is_a_finish() -> None:
    """The pair was started again; its time is not a correction of the void one."""
    assert moves(ANN, pair("cleared", 1, 60), passing("ann", 1, 35_000, 120))[-1] == "finish: ann -1"


def test_a_late_start_list_that_moves_nobody_says_nothing() -> None:
    """A redrawn list leaves those who have finished where they are."""
    drawn = event("start_list.revised", 60, start_list=lines("cor dee"))
    assert moves(ANN, drawn) == ["finish: ann -1"]


def test_a_disqualification_and_its_end_are_rulings() -> None:
    """The disqualified leaves, and comes back when the ruling is lifted."""
    assert moves(ANN, BEA, ruled("ann", "DQ", 60), ruled("ann", None, 70))[-2:] == [
        "ruling: bea 21, ann 1-",
        "ruling: ann -1, bea 12",
    ]


def test_the_finish_of_a_reskate_is_named_so() -> None:
    """Bea skates again and wins; the photo finish of the reskate is a correction like any other."""
    again = (reskate("bea", 3, 60), passing("bea", 3, 34_000, 120))
    photo = passing("bea", 3, 35_040, 130, method="photo_finish")
    assert moves(ANN, BEA, *again, photo)[-2:] == ["reskate: bea 21, ann 12", "correction: ann 21, bea 12"]


def test_a_slower_reskate_says_nothing() -> None:
    """The better time counts, so the podium stays."""
    assert len(moves(ANN, BEA, reskate("ann", 3, 60), passing("ann", 3, 36_000, 120))) == 2


def test_a_tie_puts_more_than_three_on_the_podium() -> None:
    """A dead heat for bronze: four on three steps, all of them named as they come."""
    out = told(OPENED, ANN, COR, BEA, passing("dee", 2, 35_100, 81))
    last = next(message for message in reversed(out.podium) if isinstance(message, PodiumChanged))
    assert out.moves[-1] == "finish: dee -3"
    assert [(place.rank, place.rank_equal) for place in last.podium] == [
        (1, False),
        (2, False),
        (3, True),
        (3, True),
    ]


def test_two_gold_medals_leave_no_silver() -> None:
    """A shared first pushes the second to third."""
    assert moves(ANN, BEA, passing("cor", 2, 35_000, 80))[-1] == "finish: cor -1, bea 23"


def test_who_has_no_time_is_not_on_the_podium() -> None:
    """A definition, calls and splits put nobody on it."""
    assert moves(pair("called", 1, 1), passing("ann", 1, 9_000, 9, distance_m=100)) == []


def test_a_place_is_secured_when_nobody_left_can_take_it() -> None:
    """With n still to skate rank r is certain to be at worst r + n; what gets better is said again."""
    assert sure(ANN) == []
    assert sure(ANN, BEA) == ["ann 3"]
    assert sure(ANN, BEA, COR) == ["ann 3", "ann 2", "cor 3"]
    assert sure(ANN, BEA, COR, DEE) == ["ann 3", "ann 2", "cor 3", "dee 1"]


def test_a_withdrawal_secures_places() -> None:
    """Each who cannot skate any more makes the places of the others more certain."""
    assert sure(ANN, BEA, ruled("cor", "WDR", 60), ruled("dee", "DNS", 61)) == [
        "ann 3",
        "ann 2",
        "bea 3",
        "ann 1",
        "bea 2",
    ]


def test_a_reskate_may_still_push_down() -> None:
    """Bea is third and may skate again: the two in front of her may lose a place, she herself cannot."""
    story = (ANN, BEA, COR, passing("dee", 2, 36_000, 81))
    assert sure(*story)[-3:] == ["ann 1", "cor 2", "bea 3"]
    granted = told(OPENED, *story[:-1], reskate("bea", 3, 70), story[-1])
    assert granted.sure[-3:] == ["ann 2", "cor 3", "bea 3"]


def test_who_is_in_front_and_skates_again_pushes_nobody_down() -> None:
    """The leader's reskate can only make the lead larger, so second and third are certain."""
    story = (ANN, BEA, COR, reskate("ann", 3, 70), passing("dee", 2, 36_000, 81))
    assert sure(*story)[-3:] == ["ann 1", "cor 2", "bea 3"]


def test_one_of_two_equals_who_skates_again_pushes_the_other_down() -> None:
    """Both are first; the one who may get better would leave the other second."""
    story = (ANN, passing("bea", 1, 35_000, 41), ruled("cor", "DNS", 50), ruled("dee", "DNS", 51))
    assert sure(*story)[-2:] == ["ann 1", "bea 1"]
    again = told(OPENED, ANN, reskate("ann", 3, 42), passing("bea", 1, 35_000, 43), *story[2:])
    assert again.sure[-2:] == ["ann 1", "bea 2"]


def test_a_place_that_was_secured_and_lost_is_secured_anew() -> None:
    """A deleted time makes a place uncertain; when it is certain again that is said again."""
    story = (ANN, BEA, COR, DEE)
    assert sure(*story, deleted("dee", 90), passing("dee", 2, 34_900, 95))[-1] == "dee 1"
    assert sure(*story).count("dee 1") == 1


def mass(*story: Event) -> list[str]:
    """Tell a mass start of two laps to its podium changes."""
    return told(mass_start("ann bea cor", laps=2), *story).moves


FINISHED = (lap("ann", 1, 40_000, 40), lap("ann", 2, 80_000, 80), lap("bea", 2, 80_100, 81))


def test_a_mass_start_has_no_podium_before_its_final_sprint() -> None:
    """Sprints on the way and finishes put nobody on it; the points of the last lap do."""
    assert mass(*FINISHED, sprint(1, 41, cor=3)) == []
    assert mass(*FINISHED, sprint(1, 41, cor=3), sprint(2, 82, bea=60, ann=40)) == ["finish: bea -1, ann -2"]


def test_a_mass_start_that_is_closed_has_a_podium_without_points() -> None:
    """Where nobody scored the final sprint the closing decides."""
    assert mass(*FINISHED, closed("UNOFFICIAL", 90, MASS)) == ["finish: ann -1, bea -2"]


def test_who_was_lapped_is_not_on_the_podium_of_a_mass_start() -> None:
    """Only who has completed all laps can stand on it."""
    story = (*FINISHED, lap("cor", 1, 41_000, 42), sprint(2, 82, cor=60))
    assert mass(*story) == ["finish: ann -1, bea -2"]
