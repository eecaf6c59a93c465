"""Definitions: which races count, what supersedes what, and what is refused."""

import pytest
from pydantic import ValidationError

from schemas.rankings import MatrixPlace, RankingDefined, Selection
from schemas.results import RaceResults
from streams.skating.rankings.drawn import draw
from streams.skating.rankings.known import Known, Refused, counting_races, fold_known
from tests.skating.rankings.a_season import DAY, TABLE_A, TABLE_B, defined, race, skater, written

WORLD_CUP = "2021-22/worldcup/M500"


def known(*events: RaceResults | RankingDefined) -> Known:
    """Fold events that are all sound, the tables first."""
    folded = Known()
    for event in (TABLE_A, TABLE_B, *events):
        after = fold_known(folded, event)
        assert isinstance(after, Known)
        folded = after
    return folded


def counting(ranking_id: str, *events: RaceResults | RankingDefined) -> list[str]:
    """Name the races that count."""
    return [each.race_id for each in counting_races(known(*events), ranking_id)]


def reason(*events: RaceResults | RankingDefined) -> str:
    """Give the reason why the last of these events is refused."""
    *before, last = events
    refused = fold_known(known(*before), last)
    assert isinstance(refused, Refused)
    return refused.reason


def test_a_world_cup_needs_no_definition() -> None:
    """Both divisions of one discipline and season count, if they have a table."""
    races = (
        race("wc1/M500/B", "1 ann"),
        race("wc1/M500/A", "1 bea", day=1),
        race("wc1/W500/A", "1 cor"),
        race("wc9/M500/A", "1 dee", season="2020-21"),
        race("nk/M500/A", "1 eva", series="national"),
        race("wc1/M500/-", "1 fay"),
    )
    assert counting(WORLD_CUP, *races) == ["wc1/M500/B", "wc1/M500/A"]
    assert draw(known(races[2]), WORLD_CUP) is None


def test_a_cup_of_two_distances_adds_both_up() -> None:
    """The long-distance cup, in the order of the schedule."""
    cup = defined("points", selection=Selection(series="world_cup", disciplines=("M5000", "M10000")))
    races = (
        race("wc2/M10000/A", "1 bob", "2 cor", day=7),
        race("wc1/M5000/A", "1 cor", "3 bob"),
        race("wc1/M1500/A", "1 bob"),
    )
    assert counting("a/ranking", cup, *races) == ["wc1/M5000/A", "wc2/M10000/A"]
    drawn = draw(known(cup, *races), "a/ranking")
    assert drawn is not None
    assert written(drawn.entries) == ["1 cor 114", "2 bob 108"]


def test_races_may_be_listed_before_they_are_scheduled() -> None:
    """They count from when they are, in the order of the list."""
    sprint = defined("samalog", race_ids=("ws/M1000/-/1", "ws/M500/-/1"))
    assert counting("a/ranking", sprint) == []
    races = (race("ws/M500/-/1"), race("ws/M1000/-/1", day=1))
    assert counting("a/ranking", sprint, *races) == ["ws/M1000/-/1", "ws/M500/-/1"]


def test_a_ranking_is_provisional_from_the_first_start_until_all_is_official() -> None:
    """A start list says nothing yet; a protest opens it again."""
    over, to_come = race("wc1/M500/A", "1 ann"), race("wc2/M500/A", "- ann", day=7, status="START_LIST")
    drawn = draw(known(over, to_come), WORLD_CUP)
    assert drawn is not None
    assert (drawn.provisional, written(drawn.entries)) == (False, ["1 ann 60"])
    for status in ("LIVE", "INTERMEDIATE", "UNOFFICIAL", "PROTESTED", "PROVISIONAL"):
        drawn = draw(known(over, race("wc2/M500/A", "- ann", day=7, status=status)), WORLD_CUP)
        assert drawn is not None
        assert drawn.provisional


def test_the_later_of_two_definitions_holds_whichever_came_first() -> None:
    """By `occurred_at`; of one instant always the same one."""
    games = Selection(competition="og")
    old = defined("medals", selection=games)
    new = defined("samalog", selection=games, occurred_at="2021-12-01T00:00:00Z")
    same = defined("medals", selection=Selection(competition="wk"))
    for one, other in ((old, new), (old, same)):
        assert known(one, other) == known(other, one)
    assert known(old, new).definitions["a/ranking"] == new


def test_a_message_of_a_race_that_comes_again_changes_nothing() -> None:
    """Neither the same nor an earlier one."""
    first, second = race("wc1/M500/A", "1 ann"), race("wc1/M500/A", "1 bea", version=1, place=3)
    folded = known(first, second)
    assert fold_known(folded, first) is folded
    assert fold_known(folded, second) is folded


def test_a_definition_that_names_an_unlisted_table_is_refused() -> None:
    """It says which, and what to do."""
    cup = defined("points", selection=Selection(series="world_cup"), points_table="A+")
    assert reason(cup) == ("points_table: 'A+' was never listed; list it first, then define a/ranking again")


def matrix(name: str | None, at: int) -> RankingDefined:
    """Define a matrix whose designated place is this one's."""
    chosen = None if name is None else skater(name)
    return defined(
        "matrix",
        selection=Selection(competition="okt"),
        places=(
            MatrixPlace(discipline="M500", rank=1),
            MatrixPlace(discipline="MMS", designated=True, competitor=chosen),
        ),
        occurred_at=DAY.replace(minute=at).isoformat(),
    )


def test_a_designated_place_that_is_taken_cannot_be_given_away() -> None:
    """Not before it has been taken back."""
    assert reason(matrix("bob", 1), matrix("cor", 2)) == (
        "places: place 2 is taken by bob, got cor; define a/ranking without a competitor there first"
    )
    folded = known(matrix("bob", 1), matrix(None, 2), matrix("cor", 3))
    assert folded.definitions["a/ranking"] == matrix("cor", 3)


ONE = {"discipline": "M500", "rank": 1}
GIVEN = {"discipline": "MMS", "designated": True, "competitor": skater("bob").model_dump(mode="json")}


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "places: a matrix must have some"),
        ([ONE, ONE], "places: place 2: M500 rank 1 is place 1 already"),
        ([ONE, ONE | {"discipline": "W500"}], "places: must be of one gender"),
        ([GIVEN, GIVEN | {"discipline": "MTP"}], "places: place 2: bob is given place 1 already"),
        ([ONE | {"designated": True}], "place: must have either a rank or be designated"),
        ([ONE | {"competitor": GIVEN["competitor"]}], "only designated ones have a competitor"),
        ([{"rank": 1}], "place: must name either a race_id or a discipline"),
        ([ONE | {"race_id": "okt/M500/-"}], "place: must name either a race_id or a discipline"),
        ([ONE | {"rank": 0}], "places.0.rank"),
    ],
)
def test_a_matrix_with_unsound_places_is_no_definition(places: list[object], said: str) -> None:
    """Each place once, of one gender, with a rank or a name."""
    with pytest.raises(ValidationError) as refused:
        defined("matrix", selection=Selection(competition="okt"), places=places)
    assert said in str(refused.value)


def test_a_place_must_be_of_a_race_that_counts() -> None:
    """One that is not listed would never be skated for."""
    with pytest.raises(ValidationError, match="the race okt/M500/-/2 is not among race_ids"):
        defined("matrix", race_ids=["okt/M500/-/1"], places=[{"race_id": "okt/M500/-/2", "rank": 1}])
    with pytest.raises(ValidationError, match="must name a race once, got okt/M500/- twice"):
        defined("medals", race_ids=["okt/M500/-", "okt/M500/-"])


@pytest.mark.parametrize("season", ["2021 22", "2021\u00a022", "2021\t22"])
def test_a_season_with_spaces_has_a_world_cup_too(season: str) -> None:
    """A season is free text and a ranking's name has no spaces: it goes without them."""
    drawn = draw(known(race("wc1/M500/A", "1 ann", season=season)), "2021-22/worldcup/M500")
    assert drawn is not None
    assert drawn.season == season
    assert written(drawn.entries) == ["1 ann 60"]
