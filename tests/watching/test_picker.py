"""The picker: what each key does, without a terminal."""

from datetime import timedelta

import pytest

from schemas.standings import Standings
from streams.watching.picker import Picker, Sight, first_line, marked, offered, pressed
from tests.watching.watched import AT, standings

RACES = ("games/W500/-", "games/M1000/-", "games/W3000/-")
SIGHT = Sight(RACES, large="games/M1000/-", step=10, last=25)


def after(*pressed_: str, sight: Sight = SIGHT) -> Picker:
    """Press keys one after the other."""
    picker = Picker()
    for key in pressed_:
        picker = pressed(picker, key, sight)
    return picker


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["down"], "games/W3000/-"),
        (["j"], "games/W3000/-"),
        (["up"], "games/W500/-"),
        (["k"], "games/W500/-"),
        (["up", "up"], "games/W500/-"),
        (["down", "down", "up"], "games/M1000/-"),
    ],
)
def test_the_cursor_starts_from_the_large_race_and_stays_in_the_list(keys: list[str], cursor: str) -> None:
    """Arrows, or j and k as in an editor."""
    assert after(*keys) == Picker(cursor=cursor)


def test_enter_shows_the_marked_race_and_stays_on_it() -> None:
    """Without a marked one it is the one that is shown anyway."""
    assert after("down", "enter") == Picker(chosen="games/W3000/-")
    assert after("enter") == Picker(chosen="games/M1000/-")


@pytest.mark.parametrize("key", ["escape", "a"])
def test_esc_leaves_the_choice_to_the_screen_again(key: str) -> None:
    """From whatever was chosen, marked or scrolled."""
    assert after("down", "enter", "up", "pagedown", key) == Picker()


def test_q_leaves() -> None:
    """Also in the middle of choosing."""
    assert after("q").left
    assert after("down", "q").left
    assert not after("/", "q").left


def test_typing_finds_a_race() -> None:
    """The first one found is marked until one moves; keys that mean something elsewhere are letters here."""
    picker = after("/", "q", "a", "backspace", "j")

    assert picker == Picker(sought="qj")
    assert marked(picker, RACES[1:]) == RACES[1]
    assert pressed(picker, "enter", Sight(RACES[1:], large=RACES[0])) == Picker(chosen=RACES[1])
    moved = pressed(picker, "down", Sight(RACES[1:], large=RACES[0]))
    assert moved == Picker(sought="qj", cursor=RACES[2])
    assert pressed(moved, "enter", Sight(RACES[1:], large=RACES[0])) == Picker(chosen=RACES[2])


def test_typing_is_given_up() -> None:
    """With Esc, or by taking back more than there is; what was chosen before stays."""
    assert after("up", "enter", "/", "x", "escape") == Picker(chosen="games/W500/-")
    assert after("up", "enter", "/", "x", "backspace", "backspace") == Picker(chosen="games/W500/-")


def test_where_nothing_is_found_enter_and_arrows_do_nothing() -> None:
    """Nothing is chosen by mistake."""
    picker = after("/", "x")

    for key in ("enter", "up", "down"):
        assert pressed(picker, key, Sight((), large=RACES[0])) == picker


def test_pages_end_at_the_ends() -> None:
    """The last page is full, and one press up from there does something at once."""
    large = "games/M1000/-"

    assert after("pagedown").scrolled == (large, 10)
    assert after("pagedown", "pagedown", "pagedown", "pagedown").scrolled == (large, 25)
    assert after("end", "pageup").scrolled == (large, 15)
    assert after("end", "home").scrolled == (large, 0)
    assert after("pageup").scrolled == (large, 0)


def test_a_page_belongs_to_its_race() -> None:
    """Another race begins at its top, and a sheet that fits by now is not scrolled."""
    picker = after("pagedown")

    assert first_line(picker, "games/M1000/-", 25) == 10
    assert first_line(picker, "games/M1000/-", 4) == 4
    assert first_line(picker, "games/W500/-", 25) == 0
    assert after("pagedown", "down", "enter").scrolled is None


@pytest.mark.parametrize("key", ["x", "home", "enter", "down", "pagedown", "backspace", "suspend"])
def test_before_the_first_race_no_key_does_anything(key: str) -> None:
    """A topic may be empty for a long time, and somebody impatient."""
    assert after(key, sight=Sight((), None)) == Picker()


def test_a_marked_race_that_is_gone_is_no_longer_marked() -> None:
    """Its topic was made anew; the next press begins at the top."""
    picker = Picker(cursor="gone/M500/-")

    assert marked(picker, RACES) is None
    assert pressed(picker, "down", Sight(RACES, large="gone/M500/-")).cursor == RACES[0]


def race(race_id: str, hours: float | None = None) -> Standings:
    """Make a race that is scheduled some hours after the first one, or nobody knows when."""
    message = standings(1, race_id=race_id)
    at = None if hours is None else AT + timedelta(hours=hours)
    return message.model_copy(update={"race": message.race.model_copy(update={"scheduled_at": at})})


def test_races_are_offered_as_they_are_scheduled() -> None:
    """Not as a broker's partitions happen to tell of them."""
    late, unknown, early = race("b/M500/A", 2), race("a/M500/A"), race("c/W1000/B", 1)

    assert offered([late, unknown, early], None) == (early, late, unknown)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("", 3),
        ("women", 1),
        ("w1000", 1),
        ("MEN 5", 2),
        ("men b div", 0),
        ("winter  games", 3),
        ("2022", 3),
        ("00", 0),
    ],
)
def test_a_race_is_found_by_the_beginnings_of_words(sought: str, found: int) -> None:
    """Of its name, its meeting's or its id, in any order."""
    races = [race("2022-x/M500/A"), race("2022-y/M5000/A"), race("2022-z/W1000/B")]

    assert len(offered(races, sought)) == found
