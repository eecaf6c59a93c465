"""The rankings step: what is told and when, versions over several rows, dead letters, any interleaving."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.model import Model
from schemas.rankings import MatrixPlace, Ranking, Selection
from schemas.results import ResultEvent
from streams.event_files import Line
from streams.processing.ledger import Ledger
from streams.processing.messages import REASON_HEADER, Published, Received
from streams.processing.pipeline import Pipeline
from streams.processing.rankings import RANKINGS
from tests.processing.crashing import Broker, Crash, Worker, opened
from tests.skating.a_race import Event, closed, lap, mass_start, pair, passing, raw, ruled, scheduled
from tests.skating.a_race import event as timed
from tests.skating.a_race import lines as drawn_again
from tests.skating.rankings.a_season import TABLE_A, TABLE_B, defined, race, skater, written

M500 = "2021-22/worldcup/M500"
TABLE: Event = {"type": "points_table.listed", "name": "A", "points": [60, 54, 48]}
MEDALS: Event = {
    "type": "ranking.defined",
    "ranking_id": "wc1/medals",
    "basis": "medals",
    "season": "2021-22",
    "selection": {"competition": "2021-wc1"},
    "occurred_at": "2021-11-12T09:00:00Z",
}
SAMALOG: Event = MEDALS | {"ranking_id": "wc1/samalog", "basis": "samalog"}
MATRIX: Event = MEDALS | {
    "ranking_id": "wc1/matrix",
    "basis": "matrix",
    "places": [{"discipline": "M500", "rank": 1}, {"discipline": "M500", "rank": 2}],
    "tickets": 1,
}


def fed(*story: Event) -> list[tuple[Published, ...]]:
    """Tell all steps a story of reference events and timing; none may make our own code fail."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    told = []
    for each in story:
        line = _line(each)
        told.append(tuple(pipeline.feed(line.stream, line.key, line.value)))
    assert bugs == []
    return told


def _line(event: Event) -> Line:
    if "race_id" in event:
        return Line("story", 1, raw(event), "timing", str(event["race_id"]).encode())
    key = event.get("name") or f"ranking/{event['ranking_id']}"
    return Line("story", 1, raw(event), "reference", key.encode())


def rankings(messages: Iterable[Published], ranking_id: str = M500) -> list[Ranking]:
    """Give what was told of one ranking."""
    mine = (each for each in messages if each.stream == "rankings" and each.key == ranking_id.encode())
    return [Ranking.model_validate_json(each.value) for each in mine]


def flat(told: Iterable[tuple[Published, ...]]) -> list[Published]:
    """Give all messages in one list."""
    return [message for each in told for message in each]


EVENING: tuple[Event, ...] = (
    scheduled("ann bea", "cor dee", points_table="A"),
    pair("started", 1, 2),
    passing("ann", 1, 9_900, 12, distance_m=100),
    passing("ann", 1, 35_000, 37),
    passing("bea", 1, 35_100, 38),
    passing("ann", 1, 35_004, 50, method="photo_finish"),
    passing("cor", 2, 35_004, 100),
    passing("dee", 2, 34_900, 101),
    closed("UNOFFICIAL", 200),
    closed("OFFICIAL", 300),
    ruled("dee", "DQ", 400),
)


def test_a_ranking_moves_with_the_race_and_settles_when_it_is_official() -> None:
    """Each finish moves it, a split does not, and a ruling after the race moves it again."""
    told = fed(TABLE, *EVENING)
    said = [(each.provisional, written(each.entries)) for message in told for each in rankings(message)]
    assert said == [
        (False, []),
        (True, []),
        (True, ["1 ann 60"]),
        (True, ["1 ann 60", "2 bea 54"]),
        (True, ["1= ann 60", "1= cor 60", "3 bea 48"]),
        (True, ["1 dee 60", "2= ann 54", "2= cor 54", "4 bea 0"]),
        (False, ["1 dee 60", "2= ann 54", "2= cor 54", "4 bea 0"]),
        (False, ["1= ann 60", "1= cor 60", "3 bea 48"]),
    ]


def test_versions_have_no_gaps_and_the_time_is_that_of_the_event() -> None:
    """Numbered from 1; `as_of` is when the finish was, not when it came."""
    told = rankings(flat(fed(TABLE, *EVENING)))
    assert [each.version for each in told] == list(range(1, len(told) + 1))
    assert told[2].as_of.isoformat() == "2021-11-12T10:00:37+00:00"
    assert told[-1].as_of.isoformat() == "2021-11-12T10:06:40+00:00"


def test_ids_and_keys() -> None:
    """Keyed by ranking, and identified by ranking and version."""
    messages = [each for each in flat(fed(TABLE, MEDALS, *EVENING)) if each.stream == "rankings"]
    ids = [dict(each.headers)["ce_id"].decode() for each in messages]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "wc1/medals@1/ranking"
    assert {each.key for each in messages} == {M500.encode(), b"wc1/medals"}


def test_one_race_moves_every_ranking_that_counts_it() -> None:
    """Points, medals, samalog and matrix of the same race."""
    out = flat(fed(TABLE, MEDALS, SAMALOG, MATRIX, *EVENING))
    last = {name: rankings(out, name)[-1] for name in (M500, "wc1/medals", "wc1/samalog", "wc1/matrix")}
    assert {name: written(each.entries)[0] for name, each in last.items()} == {
        M500: "1= ann 60",
        "wc1/medals": "1 NED 2-0-1",
        "wc1/samalog": "1= ann 35.000",
        "wc1/matrix": "1= ann 1 waiting",
    }
    assert {each.season for each in last.values()} == {"2021-22"}


def test_tables_and_definitions_may_come_after_the_race() -> None:
    """What they say is then told at once, and is the same."""
    before, after = flat(fed(TABLE, MEDALS, *EVENING)), flat(fed(*EVENING, MEDALS, TABLE))
    for name in (M500, "wc1/medals"):
        one, other = rankings(before, name)[-1], rankings(after, name)[-1]
        assert one.entries == other.entries
    assert rankings(after)[-1].as_of == rankings(before)[-1].as_of


def test_a_race_that_leaves_a_ranking_empties_it() -> None:
    """A race that turns out to be no World Cup takes its points along; back again, it brings them."""
    *_, emptied = rankings(flat(fed(TABLE, *EVENING, scheduled("ann bea", second=500))))
    assert (emptied.entries, emptied.provisional) == ((), False)
    back = scheduled("ann bea", "cor dee", points_table="A", second=600)
    *_, empty, again = rankings(flat(fed(TABLE, *EVENING, scheduled("ann bea", second=500), back)))
    assert (empty.entries, written(again.entries)[0]) == ((), "1= ann 60")


def test_laps_of_a_mass_start_are_no_result() -> None:
    """Nothing moves before somebody finishes; who is lapped at the end counts from the closing on."""
    race_id = "2021-wc1/MMS/A"
    laps = [
        lap(name, number, 40_000 * number + ms, 40 * number)
        for number in (1, 2)
        for ms, name in enumerate(("ann", "bea", "cor"))
        if (name, number) != ("cor", 2)
    ]
    end = closed("UNOFFICIAL", 500) | {"race_id": race_id}
    start = mass_start("ann bea cor", laps=2) | {"points_table": "A"}
    told = rankings(flat(fed(TABLE, start, *laps, end)), "2021-22/worldcup/MMS")
    assert [written(each.entries) for each in told] == [
        [],
        [],
        ["1 ann 60"],
        ["1 ann 60", "2 bea 54"],
        ["1 ann 60", "2 bea 54", "3 cor 48"],
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (
            MEDALS | {"basis": "points", "points_table": "Z"},
            "points_table: 'Z' was never listed; list it first, then define wc1/medals again",
        ),
        (
            MEDALS | {"basis": "applause"},
            "basis: Input should be 'points', 'samalog', 'medals' or 'matrix', got",
        ),
        (MEDALS | {"selection": None, "race_ids": ["nowhere"]}, "race_ids.0: String should match pattern"),
        (TABLE | {"points": [60, -1]}, "points.1: Input should be greater than or equal to 0, got -1"),
        (TABLE | {"points": [60, 61]}, "points: rank 2 must not score more than rank 1, got 61 > 60"),
    ],
)
def test_what_cannot_be_used_is_set_aside_and_changes_nothing(wrong: Event, reason: str) -> None:
    """One dead letter with one reason, and no ranking says anything else afterwards."""
    out = fed(TABLE, wrong, *EVENING)
    letters = [each for each in flat(out) if each.stream == "dead-letters"]
    (said,) = (dict(each.headers)[REASON_HEADER].decode() for each in letters)
    assert reason in said
    assert rankings(flat(out)) == rankings(flat(fed(TABLE, *EVENING)))
    assert rankings(flat(out), "wc1/medals") == []


def test_a_refused_definition_is_set_aside_under_the_place_it_came_from() -> None:
    """It is told once, however often the steps tell it each other: its id is its place on `reference`."""
    (letter,) = fed(MEDALS | {"basis": "points", "points_table": "Z"})[0][-1:]
    headers = dict(letter.headers)
    assert headers["ce_id"] == b"dead-letter@skating.reference/0/0"
    assert headers["slotrit_cause"] == b"skating.reference/0/0"


SEASON: tuple[ResultEvent, ...] = (
    TABLE_A,
    TABLE_B,
    TABLE_A.model_copy(update={"points": (100, 80), "occurred_at": race("a/M500/A").as_of}),
    defined("medals", "medals", selection=Selection(competition="wc2")),
    defined("samalog", "allround", race_ids=("wc1/M500/A", "wc2/M5000/A")),
    defined("points", "cup", selection=Selection(series="world_cup")),
    defined(
        "points", "cup", selection=Selection(series="world_cup", disciplines=("M500",)), season="2022-23"
    ),
    defined(
        "matrix",
        "matrix",
        selection=Selection(competition="wc2"),
        places=(
            MatrixPlace(discipline="M500", rank=1),
            MatrixPlace(discipline="M5000", rank=1),
            MatrixPlace(discipline="MMS", designated=True, competitor=skater("cor")),
        ),
        tickets=2,
    ),
    race("wc1/M500/A", "- ann", "- bea", status="START_LIST"),
    race("wc1/M500/A", "1 ann 35.00", "- bea", status="LIVE", version=2),
    race("wc1/M500/A", "1 ann 35.00", "2 bea 35.10", status="OFFICIAL", version=3),
    race("wc1/M500/A", "1 bea 35.10", "DQ ann", status="OFFICIAL", version=4),
    race("wc1/M500/B", "1 dee 36.00", "2 eva 36.10"),
    race("wc2/M500/A", "1 ann 35.20", "2 bea 35.30", status="LIVE", day=7),
    race("wc2/M500/A", "1 ann 35.20", "2 bea 35.30", status="LIVE", day=7, version=2, series="national"),
    race("wc2/M5000/A", "1 bea 6:30.00", "- dee", "- ann", status="LIVE", day=8),
    race("wc2/M5000/A", "1 bea 6:30.00", "2 ann 6:31.00", "- dee", status="LIVE", day=8, version=2),
)


def through(events: Sequence[Model], *, reload: bool = False) -> tuple[list[Published], dict[str, bytes]]:
    """Put messages through the step; `reload` restarts it from its rows before every one."""
    rows: dict[str, bytes] = {}
    ledger = Ledger(RANKINGS)
    out: list[Published] = []
    for offset, event in enumerate(events):
        if reload:
            ledger = Ledger(RANKINGS)
            ledger.restore(rows.items())
        received = Received("results", 0, offset, b"rankings", event.model_dump_json().encode())
        outcome = ledger.handle(received)
        assert outcome is not None
        assert outcome.bug is None
        row = ledger.row(outcome, received)
        if row is not None:
            rows.update([row])
        ledger.settle(outcome, received)
        out.extend(outcome.published)
    return out, rows


def final(messages: Iterable[Published]) -> Mapping[tuple[str, str], Any]:
    """Give how each ranking and its needs ended, but for how it came about; versions have no gaps."""
    last: dict[tuple[str, str], Any] = {}
    for message in messages:
        told = json.loads(message.value)
        what = told["type"], told["ranking_id"]
        assert told["version"] == last.get(what, {"version": 0})["version"] + 1
        last[what] = told
    return {
        name: {field: value for field, value in told.items() if field not in ("version", "as_of")}
        for name, told in last.items()
    }


@settings(deadline=None)
@given(st.permutations(SEASON), st.lists(st.sampled_from(SEASON), max_size=6))
def test_rankings_end_alike_in_whatever_order_all_of_it_comes(
    order: list[ResultEvent], again: list[ResultEvent]
) -> None:
    """Races, tables and definitions in any order, some twice: what is told last is the same."""
    expected, (told, _) = final(through(SEASON)[0]), through([*order, *again])
    assert _with_entries(final(told)) == _with_entries(expected)


def _with_entries(last: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """Leave out what nothing counts for: whether it was ever told to be empty depends on the order."""
    return {name: each for name, each in last.items() if each["entries"]}


@settings(deadline=None)
@given(st.permutations(SEASON))
def test_a_step_that_is_restarted_before_every_message_says_the_same(order: list[ResultEvent]) -> None:
    """What is remembered is all that matters: versions, bytes and rows."""
    assert through(order, reload=True) == through(order)


def test_a_state_comes_back_equal_from_its_rows() -> None:
    """What is known, the versions, and what follows from both."""
    ledger = Ledger(RANKINGS)
    rows: dict[str, bytes] = {}
    for offset, event in enumerate(SEASON):
        received = Received("results", 0, offset, b"rankings", event.model_dump_json().encode())
        outcome = ledger.handle(received)
        assert outcome is not None
        assert outcome.change is not None
        ledger.settle(outcome, received)
        if outcome.change.row is not None:
            rows[outcome.change.row] = RANKINGS.dump(outcome.change.state, outcome.change.row)
    assert RANKINGS.load(rows) == ledger.state("rankings")


def test_every_gap_of_a_short_evening_with_all_kinds_of_rankings() -> None:
    """Wherever it dies, an event that moves four rankings and a samalog's needs is told once, and alike."""
    refused = MEDALS | {"ranking_id": "refused", "basis": "points", "points_table": "Z"}
    next_day = "2021-wc1/M1000/A"
    then: tuple[Event, ...] = (
        scheduled("ann bea", race_id=next_day, second=500),
        timed("start_list.revised", 510, next_day, start_list=drawn_again("- bea", "ann")),
        passing("bea", 1, 70_000, 600, race_id=next_day, distance_m=1000),
    )
    lines = [_line(each) for each in (TABLE, MEDALS, refused, SAMALOG, MATRIX, *EVENING, *then)]
    expected = opened(lines)
    worker = Worker(expected)
    worker.work()

    for gap in range(worker.gaps):
        survived = _crashed(lines, gap)

        assert survived.said() == expected.said(), gap
        assert survived.remembered() == expected.remembered(), gap
    assert len(expected.said()["rankings"]) > 20
    assert sum(b'"samalog.needs"' in (value or b"") for _, value in expected.said()["needs"]) == 8


def _crashed(lines: list[Line], gap: int) -> Broker:
    broker = opened(lines)
    with pytest.raises(Crash):
        Worker(broker, crash_in_gap=gap).work()
    Worker(broker).work()
    return broker
