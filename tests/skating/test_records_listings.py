"""What the books say, when they say it late, and when they say what a race said already."""

from datetime import date, timedelta

from schemas.performances import RecordUnlisted
from schemas.records import RecordRevoked, RecordSet
from streams.skating.boards import Boards, fold_boards, in_force
from tests.skating.records_evening import (
    DAY,
    GAO,
    GUN,
    KROL,
    KULIZHNIKOV,
    NUIS,
    heard,
    listed,
    raced,
    said,
    skated,
)

OLD = listed("WR", None, 33_610)
RECORD = raced(3, skated(KROL, 33_500))
IN_THE_BOOKS = listed("WR", None, 33_500, KROL, set_on=DAY)


def test_a_record_listed_late_counts_as_if_it_had_been_there() -> None:
    """Times that were nothing become records as soon as the books say what they had to beat."""
    assert said(RECORD) == []
    assert said(RECORD, OLD) == ["set WR krol 33.50 0.11 of 33.61 provisional"]


def test_a_better_record_listed_late_revokes_what_it_was_wrongly_told() -> None:
    """The cause is the listing, the version that of the race, the instant when the listing was made."""
    better = listed("WR", None, 33_400, GAO, set_on=date(2021, 11, 1), occurred_at=GUN + timedelta(days=9))
    _, messages = heard([OLD, RECORD, better])
    (message,) = messages[-1]
    assert isinstance(message, RecordRevoked)
    assert (message.cause, message.version, message.as_of) == ("listing", 3, better.occurred_at)
    assert message.in_force is not None
    assert message.in_force.holder == GAO


def test_a_listing_without_an_instant_is_as_old_as_its_day_or_else_as_the_time() -> None:
    """Without `occurred_at` the message is as of midnight of `set_on`, without both as of the finish."""
    for books, as_of in (
        (listed("WR", None, 33_610), GUN.replace(year=2019, month=3, day=9, hour=0)),
        (listed("WR", None, 33_610, set_on=None), GUN),
    ):
        _, messages = heard([RECORD, books])
        (message,) = messages[-1]
        assert message.as_of == as_of


def test_a_record_of_a_later_day_is_no_predecessor() -> None:
    """A listing counts from its day on: the older time keeps its record, the newer loses its own."""
    between = listed("WR", None, 33_450, GAO, set_on=DAY + timedelta(days=2))
    next_week = raced(
        1, skated(NUIS, 33_480, 10_000), race_id="2021-wc4/M500/A", skated_on=DAY + timedelta(days=7)
    )
    assert said(OLD, RECORD, next_week, between) == ["revoked WR nuis 33.48 now 33.45 listing"]


def test_relisting_a_record_of_ours_revokes_nothing() -> None:
    """The books after the race are the race: the mark stays, and so does what it beat."""
    a_day_off = IN_THE_BOOKS.model_copy(update={"set_on": DAY - timedelta(days=1)})
    undated = IN_THE_BOOKS.model_copy(update={"set_on": None, "occurred_at": GUN + timedelta(days=1)})
    for books in (IN_THE_BOOKS, a_day_off, undated):
        assert said(OLD, RECORD, books) == []
        boards, messages = heard([OLD, books, RECORD])
        (message,) = messages[-1]
        assert isinstance(message, RecordSet)
        assert message.previous is not None
        assert message.previous.time_ms == 33_610
        record = in_force(boards, "WR", None)
        assert record is not None
        assert record.record.race_id == RECORD.race_id


def test_a_record_that_falls_falls_from_the_race_and_stays_in_the_books() -> None:
    """A performance ruled out leaves its listing behind, which is a record of the books then."""
    ruled = raced(4, skated(KROL, None, irm="DQ"), cause="ruling")
    assert said(OLD, RECORD, IN_THE_BOOKS, ruled) == ["revoked WR krol 33.50 now 33.50 ruling"]


def test_undated_listings_of_one_skater_follow_the_season() -> None:
    """A personal best that is listed anew after each meeting leaves every record told as it was."""
    before = listed("PB", "krol", 34_500, KROL, set_on=None, occurred_at=GUN - timedelta(days=1))
    anew = listed("PB", "krol", 33_500, KROL, set_on=None, occurred_at=GUN + timedelta(days=1))
    assert said(before, RECORD, anew) == []
    next_week = raced(1, skated(KROL, 33_400, 10_000), race_id="2021-wc4/M500/A", season="2021-22")
    assert said(before, RECORD, anew, next_week) == [
        "set PB/krol krol 33.40 0.10 of 33.50 provisional",
        "set SB/krol krol 33.40 0.10 of 33.50 provisional",
    ]


def test_a_time_listed_before_the_race_is_a_rival_however_often_it_is_listed() -> None:
    """Who equals his best equals it, also where that best is listed once more after the race."""
    before = listed("PB", "krol", 33_500, KROL, set_on=None, occurred_at=GUN - timedelta(days=1))
    again = before.model_copy(update={"occurred_at": GUN + timedelta(days=1)})
    assert said(before, RECORD) == ["equalled PB/krol krol 33.50 0.00 of 33.50 provisional"]
    assert said(before, RECORD, again) == []


def test_the_only_listing_of_a_board_may_be_our_own_time() -> None:
    """Nothing is known of what it beat, so nothing was set; but from then on there is a record."""
    assert said(RECORD, IN_THE_BOOKS) == []
    assert said(RECORD, IN_THE_BOOKS, raced(4, skated(NUIS, 33_450, 5))) == [
        "set WR nuis 33.45 0.05 of 33.50 provisional"
    ]


def test_a_listing_of_the_same_holder_and_day_is_a_correction() -> None:
    """It replaces the wrong one, whether that was too fast or too slow."""
    wrong = listed("WR", None, 33_400)
    assert said(wrong, RECORD, OLD) == ["set WR krol 33.50 0.11 of 33.61 provisional"]
    boards, _ = heard([wrong, OLD])
    assert boards.listings == {"WR/M500/": (OLD,)}


def test_a_listing_without_a_day_replaces_the_others_without() -> None:
    """The last undated listing is in force, also when it is slower or another holder's."""
    undated = [
        listed("WR", None, time_ms, holder, set_on=None)
        for time_ms, holder in ((33_400, GAO), (33_610, KULIZHNIKOV))
    ]
    assert said(*undated, RECORD) == ["set WR krol 33.50 0.11 of 33.61 provisional"]


def test_an_older_record_stays_in_the_books() -> None:
    """A listing of another day is added: a late time of the years between is measured against the older."""
    newest = listed("WR", None, 33_300, GAO, set_on=date(2022, 3, 1))
    assert said(OLD, newest, RECORD) == ["set WR krol 33.50 0.11 of 33.61 provisional"]
    boards, _ = heard([OLD, newest, RECORD])
    record = in_force(boards, "WR", None)
    assert record is not None
    assert record.record.holder == GAO


def test_a_listing_that_says_nothing_new_changes_nothing() -> None:
    """Listed twice, the boards are the very same object."""
    for books in (OLD, OLD.model_copy(update={"set_on": None})):
        boards = fold_boards(Boards(), books)
        assert fold_boards(boards, books) is boards


def test_what_is_listed_no_more_is_unknown() -> None:
    """A tombstone clears the board: the marks against the books are revoked, nothing is in force."""
    gone = RecordUnlisted(key="WR/M500/")
    assert said(OLD, RECORD, gone) == ["revoked WR krol 33.50 now none listing"]
    boards, _ = heard([OLD, gone])
    assert boards == Boards()
    assert fold_boards(boards, gone) is boards


def test_a_tombstone_of_a_skaters_best_leaves_the_first_time_in_force() -> None:
    """Without the listing the race's time is the first one, which is in force silently."""
    books = listed("PB", "krol", 34_000, KROL)
    assert said(books, RECORD, RecordUnlisted(key="PB/M500/krol")) == [
        "revoked PB/krol krol 33.50 now 33.50 listing"
    ]


def test_a_listing_moves_behind_our_own_time_as_soon_as_we_hear_of_it() -> None:
    """Who skated before it, on the same day, had the older record to beat, and is told so."""
    books = listed("WR", None, 33_550, KROL, set_on=DAY)
    earlier = raced(1, skated(NUIS, 33_520, 5))
    assert said(OLD, books, earlier) == ["set WR nuis 33.52 0.03 of 33.55 provisional"]
    assert said(OLD, books, earlier, raced(2, skated(KROL, 33_550, 10))) == [
        "set WR nuis 33.52 0.09 of 33.61 provisional"
    ]


def test_a_season_with_days_of_two_years_has_the_books_of_both() -> None:
    """A race that was dated wrongly, and one of the right season: its listed best counts from then on."""
    books = listed("SB", "krol", 34_900, KROL, set_on=None, occurred_at=GUN)
    wrong = raced(1, skated(KROL, 34_800), skated_on=date(2021, 2, 1))
    right = raced(1, skated(KROL, 34_850, 10_000), race_id="2021-wc4/M500/A")
    assert said(books, wrong) == []
    assert said(books, wrong, right) == ["set SB/krol krol 34.80 0.10 of 34.90 provisional"]
