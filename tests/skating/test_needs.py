"""What is needed, by example: to lead, to be third, to break records, and in a reskate."""

from datetime import date

import pytest

from schemas.needs import CompetitorNeeds, Need, Needs
from schemas.race import Competitor
from schemas.reference import RecordKind, RecordListed, reference_key
from streams.processing.pipeline import Pipeline
from streams.skating.needs import need
from tests.skating.a_race import (
    RACE,
    Event,
    closed,
    competitor,
    event,
    lap,
    mass_start,
    pair,
    passing,
    raw,
    reskate,
    ruled,
    scheduled,
)

HOLDER = Competitor(id="zoe", name="Zoe", country="NED")
Story = list[Event | RecordListed]

STARTED: list[Event] = [scheduled("ann bea", "cor dee"), pair("called", 1, 10)]


def listed(kind: RecordKind, scope: str | None, time_ms: int, **more: object) -> RecordListed:
    """Write a record of 500 m in the books, of 2019 unless told otherwise."""
    fields = {"holder": HOLDER, "set_on": date(2019, 3, 9), **more}
    return RecordListed.model_validate(
        {"kind": kind, "discipline": "M500", "scope": scope, "time_ms": time_ms, **fields}
    )


def told(*story: Event | RecordListed) -> list[Needs]:
    """Tell a story to all steps, and give every message on what is needed."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    found = []
    for each in story:
        out = (
            pipeline.feed("reference", reference_key(each).encode(), each.model_dump_json().encode())
            if isinstance(each, RecordListed)
            else pipeline.feed("timing", str(each["race_id"]).encode(), raw(each))
        )
        found += [Needs.model_validate_json(one.value) for one in out if one.stream == "needs"]
    assert bugs == []
    return found


def needs(*story: Event | RecordListed) -> dict[str, CompetitorNeeds]:
    """Give what is needed at the end of a story, by competitor."""
    return {each.competitor.id: each for each in told(*story)[-1].entries}


def ms(found: Need | None) -> int | None:
    """Give the exact time of a need."""
    return None if found is None else found.time_ms


@pytest.mark.parametrize(
    ("slowest_ms", "time", "thousandths_at"),
    [
        (67_927, "1:07.91", "1:07.92"),
        (67_929, "1:07.92", None),
        (67_930, "1:07.92", "1:07.93"),
        (67_919, "1:07.91", None),
        (59_999, "59.99", None),
        (60_000, "59.99", "1:00.00"),
    ],
)
def test_the_hundredths_of_a_need(slowest_ms: int, time: str, thousandths_at: str | None) -> None:
    """A hundredth does it where its last thousandth does; the one where only some do is told apart."""
    assert need(slowest_ms) == Need(time_ms=slowest_ms, time=time, thousandths_at=thousandths_at)


def test_the_first_pair_needs_nothing_but_a_finish() -> None:
    """With nobody on the sheet and nothing in the books any finish leads; they stand in skating order."""
    (message,) = told(*STARTED)
    assert (message.race_id, message.version) == (RACE, 2)
    assert [(each.competitor.id, each.pair, each.lane) for each in message.entries] == [
        ("ann", 1, "inner"),
        ("bea", 1, "outer"),
        ("cor", 2, "inner"),
        ("dee", 2, "outer"),
    ]
    assert {(each.to_lead, each.to_podium, len(each.records)) for each in message.entries} == {
        (None, None, 0)
    }


def test_nothing_is_needed_before_the_race_begins_and_after_it_ends() -> None:
    """A start list says nothing; a closing takes everything back, a call brings it again."""
    story = [*STARTED, closed("UNOFFICIAL", 20), pair("called", 2, 30)]
    assert told(story[0]) == []
    assert [len(each.entries) for each in told(*story)] == [4, 0, 4]


def test_to_lead_is_a_thousandth_less_and_the_podium_may_be_shared() -> None:
    """In front alone takes a thousandth less than the leader's; third is also who equals the third."""
    story = [scheduled("ann bea", "cor dee"), passing("ann", 1, 35_004, 50), passing("bea", 1, 35_200, 50)]
    two = needs(*story)["dee"]
    assert (ms(two.to_lead), two.to_podium) == (35_003, None)
    three = needs(*story, passing("cor", 2, 35_300, 60))["dee"]
    assert (ms(three.to_lead), ms(three.to_podium)) == (35_003, 35_300)


def test_who_is_ruled_out_is_nobody_to_beat_and_has_nothing_to_come() -> None:
    """A disqualified leader's time falls away, and a withdrawn skater leaves the list."""
    story = [*STARTED, passing("ann", 1, 35_000, 50), passing("bea", 1, 36_000, 50)]
    found = needs(*story, ruled("ann", "DQ", 60), ruled("cor", "WDR", 61))
    assert list(found) == ["dee"]
    assert ms(found["dee"].to_lead) == 35_999


def test_a_record_takes_a_shown_hundredth_less() -> None:
    """A world record of 34.32 takes 34.31, whatever the thousandths of either."""
    found = needs(listed("WR", None, 34_325), *STARTED)["ann"].records
    assert found == {"WR": Need(time_ms=34_319, time="34.31", thousandths_at=None)}


def test_each_has_the_records_that_apply() -> None:
    """World and track records are everybody's, the nation's its skaters', a personal best one's own."""
    books = [
        listed("PB", "ann", 35_000),
        listed("TR", "tomaszow", 34_500),
        listed("TR", "heerenveen", 34_400),
        listed("NR", "NED", 34_320),
        listed("NR", "NOR", 34_310),
        listed("NRJ", "NED", 34_900),
        listed("WR", None, 33_610),
    ]
    start_list: list[Event] = [
        {"pair": 1, "lane": "inner", "competitor": competitor("ann")},
        {"pair": 1, "lane": "outer", "competitor": competitor("bea", country="NOR")},
        {"pair": 2, "lane": "inner", "competitor": competitor("cor", birth_date="2003-01-01")},
    ]
    found = needs(*books, scheduled(start_list=start_list), pair("called", 1, 10))
    assert [(kind, each.time) for kind, each in found["ann"].records.items()] == [
        ("WR", "33.60"),
        ("NR", "34.31"),
        ("TR", "34.49"),
        ("PB", "34.99"),
    ]
    assert list(found["bea"].records) == ["WR", "NR", "TR"]
    assert found["bea"].records["NR"].time == "34.30"
    assert list(found["cor"].records) == ["WR", "NR", "NRJ", "TR"]


def test_a_record_set_in_the_race_is_the_one_to_break() -> None:
    """It stands in force at once, and falls again with the time."""
    story: Story = [listed("TR", "tomaszow", 34_500), *STARTED]
    after = needs(*story, passing("ann", 1, 34_300, 50))
    assert after["cor"].records["TR"].time == "34.29"
    restored = needs(*story, passing("ann", 1, 34_300, 50), ruled("ann", "DQ", 60))
    assert restored["cor"].records["TR"].time == "34.49"


def test_books_of_a_later_day_say_nothing_yet() -> None:
    """Who replays an old race with the books of today is told what was needed then."""
    book: Story = [listed("WR", None, 34_000), listed("WR", None, 33_610, set_on=date(2022, 1, 1))]
    assert needs(*book, *STARTED)["ann"].records["WR"].time == "33.99"


def test_a_record_that_nobody_can_break_is_not_told() -> None:
    """A slip of the keyboard in the books is no aim: 20 m/s is the most that a time may ask for."""
    assert needs(listed("WR", None, 3), listed("NR", "NED", 25_009), *STARTED)["ann"].records == {}
    assert needs(listed("NR", "NED", 25_010), *STARTED)["ann"].records["NR"].time == "25.00"


def test_in_a_reskate_the_better_time_counts() -> None:
    """Who leads already needs nothing for that; a record needs more than the own first time."""
    story: Story = [
        listed("WR", None, 34_000),
        listed("TR", "tomaszow", 35_500),
        *STARTED,
        passing("ann", 1, 35_000, 50),
        passing("bea", 1, 36_000, 50),
        reskate("ann", 3, 60),
        reskate("bea", 3, 60),
    ]
    found = needs(*story)
    assert [(name, each.pair) for name, each in found.items()][2:] == [("ann", 3), ("bea", 3)]
    assert (found["ann"].to_lead, found["ann"].to_podium) == (None, None)
    assert {kind: each.time for kind, each in found["ann"].records.items()} == {"WR": "33.99"}
    assert (ms(found["bea"].to_lead), found["bea"].to_podium) == (34_999, None)
    assert {kind: each.time for kind, each in found["bea"].records.items()} == {"WR": "33.99", "TR": "34.99"}


def test_who_shares_the_lead_needs_a_thousandth_to_have_it_alone() -> None:
    """A reskate of one of two leaders, who is on the podium already."""
    story = [*STARTED, passing("ann", 1, 35_000, 50), passing("bea", 1, 35_000, 50), reskate("bea", 3, 60)]
    found = needs(*story)["bea"]
    assert (ms(found.to_lead), found.to_podium) == (34_999, None)


def test_who_shares_third_place_needs_nothing_for_the_podium() -> None:
    """A reskate of somebody who has what the third has."""
    times = {"ann": 35_000, "bea": 35_100, "cor": 35_200, "dee": 35_200}
    finishes = [passing(name, 1 + index // 2, ms, 50) for index, (name, ms) in enumerate(times.items())]
    assert needs(*STARTED, *finishes, reskate("dee", 3, 60))["dee"].to_podium is None
    assert ms(needs(*STARTED, *finishes, reskate("dee", 3, 60))["dee"].to_lead) == 34_999


def test_a_mass_start_needs_nothing() -> None:
    """Its order is not one of times."""
    assert told(mass_start("ann bea"), lap("ann", 1, 40_000, 40)) == []


def test_a_team_has_its_records_too() -> None:
    """Lead and records of a team pursuit, by its team's name."""
    record = RecordListed(
        kind="WR", discipline="MTP", time_ms=214_040, holder=HOLDER, set_on=date(2020, 2, 15)
    )
    race = scheduled("ned nor", "can jpn", race_id="2021-wc1/MTP/A", format="team_pursuit", distance_m=3200)
    more: Event = {"race_id": "2021-wc1/MTP/A", "distance_m": 3200}
    first = passing("ned", 1, 224_567, 300, **more)
    found = needs(record, race, event("pair.called", 9, "2021-wc1/MTP/A", pair=1), first)["can"]
    assert ms(found.to_lead) == 224_566
    assert {kind: each.time for kind, each in found.records.items()} == {"WR": "3:34.03"}
