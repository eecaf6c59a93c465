"""Start lists, rulings, reskates and definitions: what each event makes of a race, and what it refuses."""

from itertools import permutations
from typing import Any

import pytest

from schemas.race import Status
from tests.skating.a_race import (
    RACE,
    Event,
    Told,
    closed,
    competitor,
    deleted,
    event,
    lap,
    lines,
    mass_start,
    pair,
    passing,
    raw,
    reskate,
    ruled,
    scheduled,
    sprint,
    told,
    told_raw,
)

OPENED = scheduled("ann bea", "cor dee", "eva fay")


def revised(second: float, *pairs: str) -> Event:
    """Write a start list that was drawn again."""
    return event("start_list.revised", second, start_list=lines(*pairs))


def places(story: Told) -> list[str]:
    """Write where everybody is on the last sheet: `ann 1 inner`."""
    return [
        f"{entry.competitor.id} {entry.pair} {entry.lane}"
        for entry in sorted(story.standings[-1].entries, key=lambda entry: entry.competitor.id)
    ]


def test_a_definition_opens_the_race_with_its_start_list() -> None:
    """The first message of a race has everybody in the order of the pairs, without a rank, and version 1."""
    (first,) = told(OPENED).standings
    assert (first.version, first.status, first.remaining, first.next) == (1, "START_LIST", 6, (1, 2, 3))
    assert [entry.sort_order for entry in first.entries] == [1, 2, 3, 4, 5, 6]
    assert told(OPENED).sheet == ["- ann", "- bea", "- cor", "- dee", "- eva", "- fay"]


def test_a_race_may_have_nobody_yet() -> None:
    """A definition without start list is one, and the list can come later."""
    empty = scheduled()
    assert told(empty).standings[0].entries == ()
    assert told(empty, revised(1, "ann bea")).sheet == ["- ann", "- bea"]


def test_a_definition_sent_again_replaces_the_list_and_keeps_what_was_skated() -> None:
    """Who was measured stays, who was only listed is gone, who is new is there."""
    again = scheduled("gia -", second=60)
    assert told(OPENED, passing("ann", 1, 35_000, 10), again).sheet == ["1 ann 35.00", "- gia"]


def test_a_definition_that_only_describes_the_race_otherwise_is_published() -> None:
    """The message repeats the definition, so a new hour or points table is a change of the message."""
    hour = scheduled("ann bea", "cor dee", "eva fay", second=60, scheduled_at="2021-11-12T18:00:00Z")
    table = scheduled("ann bea", "cor dee", "eva fay", second=61, points_table="wc-a")
    messages = told(OPENED, hour, table).standings
    assert [message.version for message in messages] == [1, 2, 3]
    assert [message.race.points_table for message in messages] == [None, None, "wc-a"]


def test_an_older_definition_that_arrives_late_replaces_nothing() -> None:
    """The latest definition holds; what was on the older one's list is known from then on, but not listed."""
    newer = scheduled("ann bea", second=60, points_table="wc-a")
    older = scheduled("cor dee", second=30)
    story = told(newer, older, passing("cor", 1, 36_000, 70))
    assert story.standings[-1].race.points_table == "wc-a"
    assert story.sheet == ["1 cor 36.00", "- ann", "- bea"]


def test_of_two_definitions_of_one_instant_the_last_to_arrive_holds() -> None:
    """At equal instants arrival decides, for the definition and for its list."""
    one, other = scheduled("ann bea", points_table="one"), scheduled("cor dee", points_table="other")
    story = told(one, other)
    assert (story.standings[-1].race.points_table, story.sheet) == ("other", ["- cor", "- dee"])


def test_a_redefined_course_counts_only_its_own_lines() -> None:
    """A 500 on a track of 250 m has a split at 250 m; what was measured at 100 m is kept but not shown."""
    opening, finish = passing("ann", 1, 9_900, 5, distance_m=100), passing("ann", 1, 35_000, 10)
    venue = {"id": "small", "name": "Small rink", "track_length_m": 250}
    competition = OPENED["competition"] | {"venue": venue}
    small = scheduled("ann bea", second=60, competition=competition)
    back = scheduled("ann bea", second=90)
    story = told(OPENED, opening, finish, small)
    assert [split.distance_m for split in story.entry("ann").splits] == [500]
    assert [split.distance_m for split in told(OPENED, opening, finish, small, back).entry("ann").splits] == [
        100,
        500,
    ]


def test_everybody_moves_up_after_a_withdrawal() -> None:
    """Bea withdraws: who starts in the outer lane moves up one pair, Bea stays on the sheet as WDR."""
    story = told(OPENED, ruled("bea", "WDR", 1), revised(2, "ann dee", "cor fay", "eva -"))
    assert places(story) == [
        "ann 1 inner",
        "bea 1 outer",
        "cor 2 inner",
        "dee 1 outer",
        "eva 3 inner",
        "fay 2 outer",
    ]
    assert story.sheet[-1] == "WDR bea"
    assert (story.standings[-1].remaining, story.standings[-1].next) == (5, (1, 2, 3))


def test_who_is_off_the_list_and_has_nothing_to_show_is_gone() -> None:
    """Entries are the present list plus everybody who was measured or ruled on."""
    assert told(OPENED, revised(1, "ann bea")).sheet == ["- ann", "- bea"]
    measured = passing("cor", 2, 9_900, 1, distance_m=100)
    assert told(OPENED, measured, revised(2, "ann bea")).sheet == ["- ann", "- bea", "- cor"]


def test_an_older_start_list_that_arrives_late_is_not_in_force() -> None:
    """The list drawn last holds, in any order of arrival."""
    lists = (revised(10, "ann bea"), revised(20, "bea ann", "cor dee"), revised(15, "eva fay"))
    sheets = {tuple(told(OPENED, *each).sheet) for each in permutations(lists)}
    assert sheets == {("- bea", "- ann", "- cor", "- dee")}


def test_who_is_off_the_list_stays_where_the_latest_list_had_them() -> None:
    """Eva was in pair 3, then 2, then 1, and withdrew: she is shown in pair 1, however lists arrived."""
    lists = (revised(10, "ann bea", "eva fay"), revised(20, "fay eva", "ann bea"), revised(30, "ann bea"))
    stories = [told(OPENED, *each, ruled("eva", "WDR", 40)) for each in permutations(lists)]
    assert {places(story)[-1] for story in stories} == {"eva 1 outer"}


def test_of_two_lists_of_one_instant_the_last_to_arrive_holds() -> None:
    """At equal instants arrival decides."""
    assert told(OPENED, revised(1, "ann bea"), revised(1, "cor dee")).sheet == ["- cor", "- dee"]


def test_a_new_name_of_a_competitor_is_taken_over() -> None:
    """A corrected spelling in a later list is printed, one of an older list is not."""
    listed = {"pair": 1, "lane": "inner", "competitor": competitor("ann") | {"name": "Anna"}}
    later = event("start_list.revised", 10, start_list=[listed])
    assert told(OPENED, later).entry("ann").competitor.name == "Anna"
    assert told(OPENED, later, revised(5, "ann bea")).entry("ann").competitor.name == "Anna"


def test_a_ruling_is_set_replaced_and_lifted() -> None:
    """The latest ruling holds as a whole; null takes an irm back, and the rank with the time returns."""
    finish = passing("ann", 1, 35_000, 10)
    disqualified = ruled("ann", "DQ", 20, rule="254.6", marks=["RW"])
    other = ruled("ann", "DNF", 30, marks=["F"])
    lifted = ruled("ann", None, 40)
    assert told(OPENED, finish, disqualified).sheet[-1] == "DQ ann"
    entry = told(OPENED, finish, disqualified, other).entry("ann")
    assert (entry.irm, entry.rule, entry.marks) == ("DNF", None, ("F",))
    assert told(OPENED, finish, disqualified, other, lifted).sheet[0] == "1 ann 35.00"


def test_rulings_hold_by_their_instant_not_their_arrival() -> None:
    """In any order of arrival the ruling of 30 holds; at one instant the last to arrive does."""
    rulings = (ruled("ann", "DQ", 20), ruled("ann", None, 30), ruled("ann", "DNF", 10))
    assert {told(OPENED, *each).entry("ann").irm for each in permutations(rulings)} == {None}
    assert told(OPENED, ruled("ann", "DQ", 20), ruled("ann", "DNS", 20)).entry("ann").irm == "DNS"


def test_a_warning_leaves_rank_and_time() -> None:
    """A ruling without irm only prints its marks."""
    entry = told(OPENED, passing("ann", 1, 35_000, 10), ruled("ann", None, 20, marks=["RW"])).entry("ann")
    assert (entry.rank, entry.marks) == (1, ("RW",))


def test_a_lifted_ruling_of_somebody_off_the_list_leaves_no_line() -> None:
    """Who is not listed and has neither times nor a ruling any more is not on the sheet."""
    story = (OPENED, ruled("eva", "WDR", 1), revised(2, "ann bea", "cor dee"))
    assert told(*story).sheet[-1] == "WDR eva"
    assert told(*story, ruled("eva", None, 3)).sheet == ["- ann", "- bea", "- cor", "- dee"]


def test_a_reskate_is_to_come_until_it_is_finished() -> None:
    """Its pair is next, then on the ice, and the skater counts as remaining although there is a time."""
    first = told(OPENED, passing("ann", 1, 35_100, 10), reskate("ann", 4, 20)).standings[-1]
    assert (first.remaining, first.next) == (6, (1, 2, 3, 4))
    story = (passing("ann", 1, 35_100, 10), reskate("ann", 4, 20), pair("started", 4, 30))
    assert told(OPENED, *story).standings[-1].on_ice == (4,)
    done = told(OPENED, *story, passing("ann", 4, 35_000, 70)).standings[-1]
    assert (done.remaining, done.on_ice) == (5, ())


def test_a_reskate_of_somebody_ruled_out_is_not_to_come() -> None:
    """With an irm nobody is to skate, until it is lifted."""
    story = (OPENED, reskate("ann", 4, 20), ruled("ann", "WDR", 30))
    assert told(*story).standings[-1].next == (1, 2, 3)
    assert told(*story, ruled("ann", None, 40)).standings[-1].next == (1, 2, 3, 4)


def test_who_may_skate_again_stays_on_the_sheet() -> None:
    """Somebody off the list is there with a granted reskate, in its pair, although nothing was measured."""
    story = told(OPENED, reskate("eva", 5, 10), revised(20, "ann bea"))
    assert (story.sheet, story.entry("eva").pair) == (["- ann", "- bea", "- eva"], 5)


def test_a_reskate_granted_twice_is_one() -> None:
    """The second grant of the same pair changes nothing and publishes nothing."""
    assert told(OPENED, reskate("ann", 4, 20), reskate("ann", 4, 25)).by_event[-1] == ()


def refusal(*story: Event) -> str:
    """Tell a story whose last event is refused: it is the only dead letter, and the race goes on unharmed."""
    out = told(OPENED, *story)
    (letter,) = out.by_event[-1]
    assert (letter.stream, letter.value) == ("dead-letters", raw(story[-1]))
    after = told(OPENED, *story, passing("fay", 3, 36_000, 999))
    assert after.standings[-1].version == len(out.standings) + 1
    assert (
        after.values("standings")[-1]
        == told(OPENED, *story[:-1], passing("fay", 3, 36_000, 999)).values("standings")[-1]
    )
    return out.reasons[-1]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (passing("zoe", 1, 35_000, 10), f"competitor_id: zoe was never in a start list of {RACE}"),
        (passing("ann", 9, 35_000, 10), f"pair: 9 was never in a start list of {RACE}, nor a reskate"),
        (passing("ann", 2, 35_000, 10), f"competitor_id: ann was never in pair 2 of {RACE}"),
        (
            passing("ann", 1, 35_000, 10, distance_m=400),
            f"distance_m: 400 is no split of {RACE}; those are 100, 500",
        ),
        (passing("ann", 1, 24_999, 10), "time_ms: 500 m in 24999 ms is faster than 20 m/s"),
        (passing("ann", 1, 1, 10), "time_ms: 500 m in 1 ms is faster than 20 m/s"),
        (deleted("zoe", 10), f"competitor_id: zoe was never in a start list of {RACE}"),
        (deleted("ann", 10, pair=9), f"pair: 9 was never in a start list of {RACE}, nor a reskate"),
        (deleted("ann", 10, pair=2), f"competitor_id: ann was never in pair 2 of {RACE}"),
        (
            deleted("ann", 10, distance_m=300),
            f"distance_m: 300 is no split of {RACE}; those are 100, 500",
        ),
        (ruled("zoe", "DQ", 10), f"competitor_id: zoe was never in a start list of {RACE}"),
        (reskate("zoe", 4, 10), f"competitor_id: zoe was never in a start list of {RACE}"),
        (
            event("sprint.scored", 10, lap=1, points={"ann": 3}),
            f"lap: must be sprints only in a mass start, got 1 in {RACE}",
        ),
        *(
            (pair(what, 9, 10), f"pair: 9 was never in a start list of {RACE}, nor a reskate")
            for what in ("called", "started", "cleared", "confirmed")
        ),
    ],
)
def test_what_cannot_be_used_is_set_aside_with_its_reason(wrong: Event, reason: str) -> None:
    """A dead letter says which field is wrong, with which value, in which race, and changes no state."""
    assert refusal(wrong) == reason


def test_the_limit_of_speed_is_allowed() -> None:
    """500 m in 25 s is 20 m/s exactly, which is not above it."""
    assert told(OPENED, passing("ann", 1, 25_000, 10)).sheet[0] == "1 ann 25.00"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (sprint(1, 10, zoe=3), "competitor_id: zoe was never in a start list of 2021-wc1/MMS/A"),
        (sprint(5, 10, ann=3), "lap: must be 1 to 4, got 5 in 2021-wc1/MMS/A"),
    ],
)
def test_a_sprint_of_nobody_or_nowhere_is_set_aside(wrong: Event, reason: str) -> None:
    """Points for somebody who is not in the race, or of a lap that it does not have, are dead letters."""
    story = told(mass_start("ann bea"), lap("ann", 1, 40_000, 5), wrong)
    assert (story.reasons, len(story.standings)) == ([reason], 2)


def test_an_event_before_its_definition_is_set_aside_for_good() -> None:
    """Producers send the definition first; what came before it does not come back."""
    story = told(passing("ann", 1, 35_000, 10), OPENED)
    assert story.reasons == [f"race_id: no race {RACE} is defined; send its race.scheduled first"]
    assert story.sheet[0] == "- ann"


@pytest.mark.parametrize("early", [pair("called", 1, 1), closed("OFFICIAL", 1), revised(1, "ann bea")])
def test_nothing_but_a_definition_begins_a_race(early: Event) -> None:
    """Neither a call nor a closing nor a start list defines a race."""
    assert told(early).reasons == [f"race_id: no race {RACE} is defined; send its race.scheduled first"]


def test_who_was_in_any_start_list_or_reskate_can_be_measured() -> None:
    """The pair of an earlier list is known, and that of a reskate."""
    story = (OPENED, revised(5, "ann bea"), passing("eva", 3, 35_500, 10), reskate("bea", 7, 20))
    after = told(*story, passing("bea", 7, 36_000, 30))
    assert (after.reasons, after.sheet) == ([], ["1 eva 35.50", "2 bea 36.00", "- ann"])


def test_other_races_are_not_touched() -> None:
    """Two races side by side have their own versions and entries."""
    other = scheduled("ann bea", race_id="2021-wc1/M1000/A")
    story = told(OPENED, other, passing("ann", 1, 35_000, 10))
    assert [(message.race_id, message.version) for message in story.standings] == [
        (RACE, 1),
        ("2021-wc1/M1000/A", 1),
        (RACE, 2),
    ]


def test_a_key_that_is_not_the_race_is_set_aside() -> None:
    """All events of a race must reach one partition, so a message under another key is a dead letter."""
    opened, finish = raw(OPENED), raw(passing("ann", 1, 35_000, 10))
    key = RACE.encode()
    wrong: tuple[bytes | None, ...] = (None, b"", b"2021-wc1/M500/B", b"\xff\xfe")
    out = told_raw([(key, opened), *((each, finish) for each in wrong), (key, None), (key, finish)])
    assert out.reasons == [
        "key: must be the race_id, got none",
        f"key: must be the race_id {RACE}, got ",
        f"key: must be the race_id {RACE}, got 2021-wc1/M500/B",
        "key: must be the race_id in UTF-8",
        "value: must be a timing event, got none",
    ]
    assert [message.version for message in out.standings] == [1, 2]


STATUSES: dict[Status, Event] = {
    "LIVE": pair("called", 1, 10),
    "OFFICIAL": closed("OFFICIAL", 10),
}


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_change_of_status_is_published(status: Any) -> None:
    """A status that changes is a change of the message, even where no line does."""
    assert [message.status for message in told(OPENED, STATUSES[status]).standings] == ["START_LIST", status]
