"""Plain lines: what a change says in words."""

import pytest

from schemas.race import RaceDefinition
from schemas.records import RecordEqualled, RecordMissed
from streams.watching.state import Message, Watched, heard
from streams.watching.words import final_words, news_words, plain_lines, race_title
from tests.watching.watched import (
    DUBREUIL,
    KROL,
    LORENTZEN,
    RACE_ID,
    entry,
    pace,
    podium,
    record,
    revoked,
    secured,
    standings,
)


def lines(*messages: Message) -> list[str]:
    """Give the lines of the last message, without time and race."""
    state = Watched()
    for message in messages[:-1]:
        state = heard(state, message, 0.0)
    return [line.removeprefix(f"16:30:00 {RACE_ID}  ") for line in plain_lines(state, messages[-1])]


def test_a_new_race_is_introduced_with_who_is_on_the_ice() -> None:
    """The first line names race, meeting and status, the second the pair, inner lane first."""
    race = standings(1, entry(KROL, lane="outer"), entry(DUBREUIL), on_ice=(1,))

    assert lines(race) == [
        "Men 1000 m, Winter Games: LIVE",
        "on the ice: pair 1: Laurent Dubreuil CAN, Thomas Krol NED",
    ]


def test_only_the_result_that_changed_is_told() -> None:
    """A finish is one line, though others move down; unchecked times have an asterisk."""
    before = standings(1, entry(DUBREUIL, rank=1, time="1:08.32"), entry(KROL))
    after = standings(
        2,
        entry(KROL, rank=1, time="1:07.92", behind=""),
        entry(DUBREUIL, rank=2, time="1:08.32", behind="+0.40"),
    )

    assert lines(before, after) == ["1. Thomas Krol NED 1:07.92 *"]


def test_a_ruling_is_told_with_its_marks() -> None:
    """Who gets an IRM has no rank and no time."""
    before = standings(1, entry(KROL, rank=1, time="1:07.92"))

    assert lines(before, standings(2, entry(KROL, irm="DQ", marks=("F",)))) == ["Thomas Krol NED DQ (F)"]


def test_ties_and_thousandths_are_told() -> None:
    """A shared rank has a sign of equality, a deciding thousandth stands in brackets."""
    tied = entry(
        KROL, rank=2, rank_equal=True, time="1:07.76", thousandth="3", behind="+0.10", unchecked=False
    )

    assert final_words(standings(1, tied))[1] == "  =2. Thomas Krol NED 1:07.76(3) +0.10"


def test_a_split_tells_the_gaps_that_matter() -> None:
    """A minus is ahead, of the leader as of a record; at the finish the sheet tells enough."""
    assert lines(pace(KROL)) == [
        "pair 1 Thomas Krol 600 m 41.23, 1., leader -0.38, WR +0.12, heads for 1:08.00"
    ]
    assert lines(pace(KROL, basis="finish")) == []


def test_news_are_sentences() -> None:
    """Podium and records say who, what and against whom."""
    known = record(KROL).model_dump(exclude={"type"}, by_alias=False)

    assert [
        news_words(news)
        for news in (
            podium(KROL, DUBREUIL, LORENTZEN),
            secured(KROL),
            record(KROL),
            record(KROL, previous=None),
            RecordEqualled.model_validate(known | {"margin_ms": 0}),
            RecordMissed.model_validate(known | {"margin_ms": 40}),
            revoked(KROL),
        )
    ] == [
        "podium: 1 Thomas Krol, 2 Laurent Dubreuil, 3 Håvard Holmefjord Lorentzen",
        "Thomas Krol cannot drop below 1st",
        "TR Thomas Krol 1:07.92, 0.50 under 1:08.42 Laurent Dubreuil",
        "TR Thomas Krol 1:07.92",
        "TR equalled: Thomas Krol 1:07.92",
        "Thomas Krol 1:07.92 misses the TR 1:08.42 Laurent Dubreuil by 0.04",
        "TR of Thomas Krol 1:07.92 revoked (ruling); 1:08.42 Laurent Dubreuil stands",
    ]


@pytest.mark.parametrize(
    ("discipline", "distance", "division", "run", "title"),
    [
        ("W500", 500, "A", 2, "Women 500 m, A division, race 2"),
        ("MTP", 3200, "-", None, "Men team pursuit"),
        ("XMR", 1200, "-", None, "Mixed relay"),
        ("WMS", 6400, "B", None, "Women mass start, B division"),
    ],
)
def test_races_have_names_for_people(
    discipline: str, distance: int, division: str, run: int | None, title: str
) -> None:
    """A discipline's code is never shown."""
    race_id = f"cup/{discipline}/{division}" + ("" if run is None else f"/{run}")
    race = RaceDefinition.model_validate(
        {
            "race_id": race_id,
            "competition": standings(1).race.competition.model_copy(update={"id": "cup"}),
            "discipline": discipline,
            "distance_m": distance,
            "format": "pairs",
            "division": division,
            "run": run,
        }
    )

    assert race_title(race) == title
