"""What else a standings message says: splits and laps, who is on the ice, who is next, how many remain."""

from itertools import permutations

from schemas.standings import Standings
from tests.skating.a_race import (
    Event,
    closed,
    deleted,
    event,
    instant,
    lines,
    pair,
    passing,
    reskate,
    ruled,
    scheduled,
    told,
)

OPENED = scheduled("ann bea", "cor dee", "eva -")


def after(*story: Event) -> Standings:
    """Tell a story, and give the last standings."""
    return told(OPENED, *story).standings[-1]


def finished(number: int, *names: str, second: float) -> list[Event]:
    """Write the finishes of a pair."""
    return [passing(name, number, 35_000 + int(second), second) for name in names]


def test_splits_have_laps_of_what_is_shown() -> None:
    """9.329 and 35.011 make an opening of 9.32 and a lap of 25.69: 35.01 less 9.32, as people reckon."""
    story = (passing("ann", 1, 9_329, 9, distance_m=100), passing("ann", 1, 35_011, 35))
    splits = told(OPENED, *story).entry("ann").splits
    assert [(split.distance_m, split.time_ms, split.lap_ms) for split in splits] == [
        (100, 9_329, 9_320),
        (500, 35_011, 25_690),
    ]


def test_a_lap_after_a_missing_split_is_unknown() -> None:
    """Without the opening the last lap has no time; the opening that comes late fills it."""
    finish, opening = passing("ann", 1, 35_011, 35), passing("ann", 1, 9_329, 9, distance_m=100)
    assert [split.lap_ms for split in told(OPENED, finish).entry("ann").splits] == [None]
    assert [split.lap_ms for split in told(OPENED, finish, opening).entry("ann").splits] == [9_320, 25_690]


def test_ranks_at_a_split_are_shared_and_skipped() -> None:
    """Three at 100 m, two of them in the same thousandth; who is ruled out keeps the time without a rank."""
    story = [
        passing(name, number, time_ms, 10, distance_m=100)
        for name, number, time_ms in (
            ("ann", 1, 9_900),
            ("bea", 1, 9_900),
            ("cor", 2, 9_950),
            ("dee", 2, 9_800),
        )
    ]
    out = told(OPENED, *story, ruled("dee", "DQ", 20))
    ranked = {name: out.entry(name).splits[0] for name in ("ann", "bea", "cor", "dee")}
    assert {name: (split.rank, split.rank_equal) for name, split in ranked.items()} == {
        "ann": (1, True),
        "bea": (1, True),
        "cor": (3, False),
        "dee": (None, False),
    }


def test_a_pair_is_on_the_ice_from_its_call_to_its_last_finish() -> None:
    """Called, started, one of two finished, both finished: only then the ice is empty."""
    called, started = pair("called", 1, 1), pair("started", 1, 2)
    assert after(called).on_ice == after(called, started).on_ice == after(started).on_ice == (1,)
    ann, bea = finished(1, "ann", "bea", second=40)
    assert (after(called, started, ann).on_ice, after(called, started, ann, bea).on_ice) == ((1,), ())


def test_next_are_the_pairs_that_were_not_called_yet() -> None:
    """In skating order, without the one on the ice, and without those that have finished."""
    assert after().next == (1, 2, 3)
    assert after(pair("called", 1, 1)).next == (2, 3)
    assert after(pair("called", 2, 1)).next == (1, 3)
    assert after(*finished(1, "ann", "bea", second=40)).next == (2, 3)


def test_two_pairs_may_be_on_the_ice_at_once() -> None:
    """The next pair is called while the one before still skates its last lap."""
    assert after(pair("started", 1, 1), pair("called", 2, 30)).on_ice == (1, 2)


def test_a_pair_that_was_cleared_is_still_on_the_ice() -> None:
    """After a false start the pair starts again; its finish is to come."""
    story = (pair("started", 1, 1), *finished(1, "ann", "bea", second=5))
    assert after(*story).on_ice == ()
    cleared = pair("cleared", 1, 6, reason="false_start")
    assert (after(*story, cleared).on_ice, after(*story, cleared).remaining) == ((1,), 5)


def test_a_pair_leaves_the_ice_when_its_last_skater_is_ruled_out() -> None:
    """Ann finished and Bea fell: with the ruling nobody of the pair is out there any more."""
    story = (pair("started", 1, 1), *finished(1, "ann", second=40))
    assert (after(*story).on_ice, after(*story, ruled("bea", "DNF", 50)).on_ice) == ((1,), ())


def test_a_confirmed_pair_is_off_the_ice_although_a_finish_misses() -> None:
    """The timekeepers are done with it; started again afterwards it is back."""
    story = (pair("started", 1, 1), *finished(1, "ann", second=40), pair("confirmed", 1, 60))
    assert after(*story).on_ice == ()
    assert after(*story, pair("started", 1, 70)).on_ice == (1,)
    assert after(*story, pair("started", 1, 60)).on_ice == ()


def test_older_calls_and_starts_that_arrive_late_are_not_heard() -> None:
    """Called or started again after the confirmation, a pair is on the ice, whatever else arrives late."""
    for what in ("called", "started"):
        words = (pair(what, 1, 1), pair("confirmed", 1, 60), pair(what, 1, 70))
        assert {after(*each).on_ice for each in permutations(words)} == {(1,)}


def test_a_finished_pair_called_up_by_mistake_changes_nothing() -> None:
    """Not a line changes, nobody comes on the ice, and nothing is published while the race is live."""
    story = (pair("started", 1, 1), *finished(1, "ann", "bea", second=40))
    again = told(OPENED, *story, pair("called", 1, 60))
    assert again.by_event[-1] == ()


def test_a_call_by_mistake_after_the_closing_opens_the_race_and_nothing_else() -> None:
    """The contract has every call reopen a race; its lines, the ice and who remains are as before."""
    everybody = [
        *finished(1, "ann", "bea", second=40),
        *finished(2, "cor", "dee", second=80),
        *finished(3, "eva", second=120),
    ]
    official = after(*everybody, closed("OFFICIAL", 200))
    reopened = after(*everybody, closed("OFFICIAL", 200), pair("called", 1, 300))
    changed = {"version": official.version + 1, "status": "LIVE", "as_of": reopened.as_of}
    assert official.model_copy(update=changed) == reopened


def test_a_closed_race_has_nobody_on_the_ice() -> None:
    """Whoever never finished is not out there any more, but still counts as remaining."""
    out = after(pair("started", 1, 1), closed("UNOFFICIAL", 300))
    assert (out.on_ice, out.remaining) == ((), 5)


def test_a_race_that_is_reopened_has_only_the_new_pair_on_the_ice() -> None:
    """Pair 1 never finished before the closing, pair 2 starts after it: only pair 2 is on the ice."""
    story = (pair("started", 1, 1), closed("UNOFFICIAL", 300), pair("started", 2, 400))
    assert after(*story).on_ice == (2,)


def test_remaining_counts_who_has_no_finish_and_no_irm() -> None:
    """Five are listed; a finish, a ruling and a withdrawal leave two; a deletion makes it three."""
    story = [*finished(1, "ann", second=40), ruled("bea", "DNF", 41), ruled("eva", "WDR", 42)]
    assert (after().remaining, after(*story).remaining) == (5, 2)
    assert after(*story, deleted("ann", 60)).remaining == 3


def test_a_granted_reskate_counts_once() -> None:
    """Who has no time and a reskate is one competitor still to finish."""
    assert after(reskate("ann", 4, 10)).remaining == 5
    assert after(*finished(1, "ann", second=40), reskate("ann", 4, 50)).remaining == 5


def test_who_is_listed_twice_finishes_once() -> None:
    """Somebody in two pairs of the list has finished with one time, and the better of two counts."""
    twice = event("start_list.revised", 1, start_list=lines("ann bea", "cor ann"))
    one = after(twice, *finished(1, "ann", "bea", second=40))
    assert (one.remaining, one.next) == (1, (2,))


def test_as_of_is_the_instant_of_the_cause() -> None:
    """Also where that event was told late, after younger ones."""
    messages = told(OPENED, passing("ann", 1, 35_000, 60), passing("bea", 1, 36_000, 59)).standings
    assert [message.as_of.isoformat() for message in messages] == [instant(0), instant(60), instant(59)]


def test_what_changes_nothing_of_the_message_publishes_nothing() -> None:
    """A clock that is reset before anything was measured, the gun after the call, a worse method: silence."""
    story = (
        pair("called", 1, 1),
        pair("started", 1, 2),
        pair("cleared", 1, 3),
        passing("ann", 1, 35_000, 40),
        passing("ann", 1, 35_100, 50, method="transponder"),
        deleted("bea", 60),
        ruled("ann", None, 70),
        event("race.resumed", 80),
        deleted("ann", 90, method="transponder"),
        event("start_list.revised", 100, start_list=lines("ann bea", "cor dee", "eva -")),
        OPENED | {"occurred_at": instant(110)},
    )
    out = told(OPENED, *story)
    published = [
        index
        for index, messages in enumerate(out.by_event)
        for each in messages
        if each.stream == "standings"
    ]
    assert published == [0, 1, 4]
    assert [message.version for message in out.standings] == [1, 2, 3]
    assert out.reasons == []


def test_a_changed_method_is_published_although_the_time_is_the_same() -> None:
    """The photo finish confirms the optical thousandth: method and check change, so the message does."""
    story = (passing("ann", 1, 35_000, 40), passing("ann", 1, 35_000, 55, method="photo_finish"))
    out = told(OPENED, *story)
    assert [(message.version, message.entries[0].unchecked) for message in out.standings[1:]] == [
        (2, True),
        (3, False),
    ]
