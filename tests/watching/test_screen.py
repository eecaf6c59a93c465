"""The screen, as text: what is shown where, and how it fits into narrow and low terminals."""

import io

import pytest
from rich.console import Console

from schemas.standings import Standings
from streams.watching.picker import Picker, Sight, pressed
from streams.watching.screen import Screen, sight
from streams.watching.sheet import FRESH_S
from streams.watching.state import Message, Watched, heard
from tests.watching.watched import (
    DUBREUIL,
    KROL,
    LORENTZEN,
    RACE_ID,
    entry,
    front,
    pace,
    podium,
    record,
    secured,
    standings,
)


def evening() -> list[Message]:
    """Tell a race with a finisher, a record, a disqualification, and a pair on the ice."""
    return [
        standings(
            4,
            entry(KROL, rank=1, rank_equal=True, time="1:07.92", thousandth="8", behind="", lane="outer"),
            entry(DUBREUIL, sort_order=2, pair=2, lane="inner"),
            entry(LORENTZEN, sort_order=3, irm="DQ", marks=("F",)),
            on_ice=(2,),
            remaining=1,
        ),
        record(KROL),
        pace(DUBREUIL, pair=2),
        podium(KROL),
        secured(KROL),
    ]


def told(messages: list[Message]) -> Watched:
    """Fold messages."""
    state = Watched()
    for message in messages:
        state = heard(state, message, 0.0)
    return state


def picture(state: Watched, width: int = 84, height: int = 24) -> list[str]:
    """Draw the screen without colours; give its lines without blanks at their ends."""
    console = Console(file=io.StringIO(), width=width, height=height, record=True, color_system=None)
    console.print(Screen(state, now=100.0), height=height)
    return [line.rstrip() for line in console.export_text().splitlines() if line.strip()]


def test_of_a_race_in_parts_it_is_told_how_many_are_not_shown() -> None:
    """Whoever is on the ice may be far behind the front, and then only the pair is known."""
    krol = entry(KROL, rank=1, time="1:07.92")
    lines = picture(told([front(4, krol, competitors=20_000, on_ice=(9_412,), remaining=1_177)]))

    assert lines[1].split("  ")[:2] == ["On the ice", "pair 9412"]
    assert lines[1].endswith("1 of 20,000 shown, 1,177 to come")
    assert "Thomas Krol" in lines[3]


def test_a_race_is_shown_with_its_news() -> None:
    """Header, sheet, footer: everything that a broadcaster's operator looks for, calmly."""
    rule = "─" * 84

    assert picture(told(evening())) == [
        "Men 1000 m  Winter Games                                                       LIVE",
        "On the ice  pair 2: Laurent Dubreuil CAN                                   1 to come",
        rule,
        " =1 Thomas Krol                      NED   1o 1:07.92(8)*          TR",
        "  ▸ Laurent Dubreuil                 CAN   2i       41.23   -0.38 600 m",
        "    Håvard Holmefjord Lorentzen      NOR   1i          DQ         F",
        rule,
        "Thomas Krol cannot drop below 1st",
        "podium: 1 Thomas Krol",
        "TR Thomas Krol 1:07.92, 0.50 under 1:08.42 Laurent Dubreuil",
    ]


@pytest.mark.parametrize("width", [200, 80, 60, 45, 30, 20])
def test_it_fits_into_any_width(width: int) -> None:
    """No line is longer than the terminal is wide, and rank, name and time stay."""
    lines = picture(told(evening()), width=width)

    assert all(len(line) <= width for line in lines)
    (leader,) = (line for line in lines if line.startswith(" =1"))
    assert "1:07.92" in leader
    assert "Krol" in leader or width < 30


def test_in_a_low_terminal_who_is_on_the_ice_stays() -> None:
    """The first lines and the pair on the ice are shown, the others give way."""
    skaters = [
        entry(KROL.model_copy(update={"id": str(n), "name": f"Skater {n}"}), rank=n, time="1:10.00")
        for n in range(1, 30)
    ]
    last = entry(DUBREUIL, sort_order=30, pair=7)

    lines = picture(told([standings(1, *skaters, last, on_ice=(7,), remaining=1)]), height=10)

    assert len(lines) <= 10
    assert any("Laurent Dubreuil" in line and "▸" in line for line in lines)
    assert any("Skater 1 " in line for line in lines)


def test_the_live_race_is_large_and_the_others_are_a_line() -> None:
    """A race that is over gives way to the one that is skated."""

    def race(race_id: str, status: str) -> Standings:
        return standings(1, entry(KROL, rank=1, time="1:07.92"), race_id=race_id, status=status)

    lines = picture(told([race("games/W500/A", "LIVE"), race("games/M1000/A", "OFFICIAL")]))

    assert lines[0].startswith("Women 500 m, A division")
    assert lines[-1].startswith("Men 1000 m, A division  OFFICIAL  1. Thomas Krol NED 1:07.92")


def test_what_is_told_again_in_the_same_words_is_one_line() -> None:
    """A record comes once more when the race is official."""
    lines = picture(told([*evening(), record(KROL, status="official")]))

    assert lines[-3:] == [
        "TR Thomas Krol 1:07.92, 0.50 under 1:08.42 Laurent Dubreuil",
        "Thomas Krol cannot drop below 1st",
        "podium: 1 Thomas Krol",
    ]


def test_nothing_yet_is_said() -> None:
    """An empty topic is no empty screen."""
    assert picture(Watched()) == ["Waiting for the first race …"]


def test_a_screen_without_a_broker_says_so() -> None:
    """What is shown may be old then, and the sheet still fits."""
    console = Console(file=io.StringIO(), width=84, height=10, record=True, color_system=None)
    console.print(Screen(told(evening()), now=100.0, cut_off=True), height=10)

    lines = console.export_text().splitlines()
    assert lines[0].rstrip() == "The broker does not answer: this may be old."
    assert len(lines) <= 10


def test_a_change_is_highlighted_for_a_while() -> None:
    """A fresh result is bold, and calm again after some seconds."""
    state = heard(told([standings(1, entry(KROL))]), standings(2, entry(KROL, rank=1, time="1:07.92")), 50.0)

    def drawn(now: float) -> str:
        console = Console(
            file=io.StringIO(), width=80, height=9, force_terminal=True, color_system="standard"
        )
        with console.capture() as captured:
            console.print(Screen(state, now), height=9)
        return captured.get()

    assert "\x1b[1;33mThomas Krol" in drawn(50.0 + FRESH_S / 2)
    assert "\x1b[1;33mThomas Krol" not in drawn(50.0 + FRESH_S * 2)


def many(race_id: str = RACE_ID, status: str = "OFFICIAL", skaters: int = 40) -> Standings:
    """Make a race with more skaters than a terminal has lines."""
    lines = [
        entry(KROL.model_copy(update={"id": str(n), "name": f"Skater {n}"}), rank=n, time="1:10.00", pair=n)
        for n in range(1, skaters + 1)
    ]
    return standings(1, *lines, race_id=race_id, status=status)


def with_keys(state: Watched, picker: Picker, width: int = 84, height: int = 24) -> list[str]:
    """Draw the screen of somebody who can press keys."""
    console = Console(file=io.StringIO(), width=width, height=height, record=True, color_system=None)
    console.print(Screen(state, now=100.0, picker=picker), height=height)
    return [line.rstrip() for line in console.export_text().splitlines()]


def meeting() -> Watched:
    """Tell of three races, of which the 1000 m is live."""
    others = [many(f"games/{code}/-") for code in ("W500", "W3000")]
    return told([*others, many("games/M1000/-", "LIVE")])


def test_the_keys_stand_in_the_last_line() -> None:
    """However little there is above it; without keys, as in a pipe's reader, there is no such line."""
    lines = with_keys(told(evening()), Picker())

    assert len(lines) == 24
    assert lines[-1] == "q quit"
    assert with_keys(meeting(), Picker())[-1].startswith("↑↓ choose a race")
    assert "q quit" not in picture(told(evening()))


def test_a_chosen_race_is_large_though_another_is_live() -> None:
    """It stays until the viewer says otherwise; one that is gone gives way to the live one."""
    chosen = with_keys(meeting(), Picker(chosen="games/W3000/-"))

    assert chosen[0].startswith("Women 3000 m")
    assert chosen[-1].startswith("↑↓ other race  / find  Esc whichever is live  q quit")
    assert with_keys(meeting(), Picker(chosen="gone/W3000/-"))[0].startswith("Men 1000 m")


def test_who_chooses_sees_all_races_and_the_marked_one() -> None:
    """Also the one that is large already; the mark is seen without colours too."""
    lines = with_keys(meeting(), Picker(cursor="games/W500/-"))

    assert lines[0].startswith("Men 1000 m")
    assert [line[:14] for line in lines if " m  " in line][1:] == [
        "  Men 1000 m  ",
        "  Women 3000 m",
        "▸ Women 500 m ",
    ]


def test_the_marked_race_is_in_sight_in_a_long_list() -> None:
    """The list moves with the mark, and leaves room for the sheet."""
    races = [f"cup{n:02}/M1000/-" for n in range(40)]
    state = told([many(race_id) for race_id in races])

    for n in (0, 1, 20, 38, 39):
        lines = with_keys(state, Picker(cursor=races[n]))
        assert len(lines) == 24
        assert sum(line.startswith("▸ ") for line in lines) == 1
        assert sum("Skater 1 " in line for line in lines) >= 1
        assert sight(state, Picker(cursor=races[n]), 24).races == tuple(races)


def test_what_is_sought_is_shown_with_what_is_found() -> None:
    """Where nothing is found it says so."""
    lines = with_keys(meeting(), Picker(sought="wom"))

    assert lines[-1].startswith("Find: wom▏   Enter show  Esc back")
    assert [line[:14] for line in lines if line.startswith(("▸ ", "  W", "  M"))] == [
        "▸ Women 3000 m",
        "  Women 500 m ",
    ]
    assert "no race has that" in with_keys(meeting(), Picker(sought="xyz"))[-1]


def test_a_long_sheet_is_scrolled() -> None:
    """Page after page everybody is seen, and the last line says where one is."""
    state = told([many()])
    picker, seen = Picker(), set[str]()
    for _ in range(5):
        lines = with_keys(state, picker)
        assert len(lines) == 24
        seen |= {line[4:14].strip() for line in lines if "Skater" in line}
        picker = pressed(picker, "pagedown", sight(state, picker, 24))

    assert seen == {f"Skater {n}" for n in range(1, 41)}
    assert with_keys(state, Picker())[-1].endswith("PgDn  40 lines")
    assert with_keys(state, picker)[-1].endswith("PgUp PgDn  from 21 of 40")
    assert sight(state, picker, 24) == Sight((RACE_ID,), RACE_ID, step=20, last=20)


def test_nobody_is_left_out_between_pages_while_a_pair_is_on_the_ice() -> None:
    """The first page has those on the ice at its end, so the next begins earlier."""
    sheet = many()
    state = told([sheet.model_copy(update={"on_ice": (30, 31)})])
    picker = pressed(Picker(), "pagedown", sight(state, Picker(), 24))

    first = [line[4:14].strip() for line in with_keys(state, Picker())[3:] if "Skater" in line]
    second = [line[4:14].strip() for line in with_keys(state, picker)[3:] if "Skater" in line]

    assert first[-2:] == ["Skater 30", "Skater 31"]
    assert second[0] == "Skater 19"
    assert first[-3] == "Skater 18"


def test_a_race_of_another_meeting_is_told_with_its_name() -> None:
    """Two races may have the same title."""
    lines = picture(told([many("a/M1000/-"), many("b/M1000/-")]), height=10)

    assert lines[-1].startswith("Men 1000 m  Winter Games  OFFICIAL")


@pytest.mark.parametrize("height", [7, 8, 9, 12, 24, 200])
@pytest.mark.parametrize(
    "picker",
    [Picker(), Picker(cursor="games/W500/-"), Picker(sought=""), Picker(chosen="games/W500/-")],
    ids=["automatic", "choosing", "seeking", "chosen"],
)
def test_it_fits_into_any_height(picker: Picker, height: int) -> None:
    """In a low terminal news and other races give way, but neither the mark nor the keys."""
    state = meeting()
    for n in range(5):
        state = heard(state, podium(KROL).model_copy(update={"version": n}), 0.0)

    lines = with_keys(state, picker, height=height)

    assert len(lines) == height
    assert lines[-1]
    assert any("Skater 1 " in line for line in lines)
    choosing = picker.cursor is not None or picker.sought is not None
    assert sum(line.startswith("▸ ") for line in lines) == choosing
    assert with_keys(Watched(), picker, height=height)[0] == "Waiting for the first race …"
