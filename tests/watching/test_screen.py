"""The screen, as text: what is shown where, and how it fits into narrow and low terminals."""

import io

import pytest
from rich.console import Console

from schemas.standings import Standings
from streams.watching.screen import Screen
from streams.watching.sheet import FRESH_S
from streams.watching.state import Message, Watched, heard
from tests.watching.watched import DUBREUIL, KROL, LORENTZEN, entry, pace, podium, record, secured, standings


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
