"""What was aimed at is held against the figures of the same run, whichever way it comes out."""

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.aims import Costs, costs, priced, shares, verdicts
from bench.alone import MANNERS, alone
from bench.compare import in_turn
from bench.delay import Delay
from bench.page import Figures, page
from bench.peers.job import JOBS
from bench.peers.starting import PEERS
from bench.speed import Speed


def told(ours: float, quix: float, steps: float) -> Costs:
    """Say what an event takes, in µs."""
    return Costs(
        {"ours": ours / 1e6, "quix": quix / 1e6}, {"worker": steps / 1e6, "python": steps * 1.1 / 1e6}
    )


def test_an_aim_that_is_missed_is_called_so() -> None:
    """With the room that there is; where the steps alone take too long, that nothing can meet it."""
    tight, hopeless = verdicts(
        {"standings": told(400, 330, 200), "everything": told(400, 330, 300)},
        {},
    )

    assert "**missed**, it is 0.82 times" in tight
    assert "so 220 µs would be needed, and the steps alone take 200." in tight
    assert "That leaves 20 µs" in tight
    assert "ours takes 200 for that." in tight
    assert "That is 80 µs less than they take: no foundation gets there" in hopeless


def test_an_aim_that_is_met_is_called_so() -> None:
    """At the very limit too."""
    (met,) = verdicts({"standings": told(200, 300, 150)}, {})

    assert "**met**, it is 1.50 times" in met


@pytest.mark.parametrize(
    ("ours", "bare", "said"),
    [
        (Delay(1, 6.1), Delay(1, 4), "**missed**, it is 1.52 times: 6.1 ms, and 4.0 of the bare loop."),
        (Delay(1, 6), Delay(1, 4), "**met**, it is 1.50 times: 6.0 ms, and 4.0 of the bare loop."),
        (None, Delay(1, 4), "**missed**, ours falls behind."),
        (None, None, "**missed**, ours falls behind and so does the bare loop."),
        (Delay(1, 6), None, "**met**, the bare loop falls behind and ours does not."),
    ],
)
def test_delays_are_held_against_the_bare_loop(ours: Delay | None, bare: Delay | None, said: str) -> None:
    """Whoever falls behind has no figure, and is no better for that."""
    (verdict,) = verdicts({}, {"ours": {100: ours}, "bare": {100: bare}})

    assert verdict == f"- At 100 events a second a p99 of at most 1.5 times that of the bare loop: {said}"


def test_what_was_not_measured_is_not_judged() -> None:
    """Without the other peer there is nothing to hold ours against."""
    assert verdicts({"standings": Costs({"ours": 0.1}, {"worker": 0.1, "python": 0.1})}, {"ours": {}}) == []


def test_shares_and_prices_are_told_on_the_page() -> None:
    """The steps are those in the manner of the peer; whose steps are not ours has no line."""
    runs = {
        name: [Speed(1000, 1.0, cpu_s, 90.0)]
        for name, cpu_s in (("ours", 0.4), ("quix", 0.5), ("streams", 0.2))
    }
    took = costs(runs, {"worker": [0.0003], "python": [0.0004]})

    table = shares({"everything": took})
    text = page(Figures("make bench", 1, 100, costs={"everything": took}), 1.0)

    assert table[2:] == [
        "| Everything: Slotrit (Faust) | 400 | 300 | 100 | 75% |",
        "| Everything: Quix Streams | 500 | 400 | 100 | 80% |",
    ]
    assert "\n".join(table) in text
    assert priced(took).endswith("300 µs, 25.0% less.")


async def test_the_steps_alone_take_some_time_in_every_manner() -> None:
    """In a process of its own, whose settings are nobody else's."""
    assert all([await alone("standings", 100, manner) > 0 for manner in MANNERS])


def test_peers_take_turns() -> None:
    """Nobody is always the first after a pause."""
    assert [in_turn("abc", number) for number in range(4)] == [
        list("abc"),
        list("bca"),
        list("cab"),
        list("abc"),
    ]


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ([], True),
        (["--rounds", "6", "--events", "3000"], True),
        (["--rounds", "1"], False),
        (["--events", "600"], False),
        (["--parts", ",".join(JOBS)], False),
        (["--peers", "ours,bare"], False),
        (["--remembered", "0"], False),
    ],
)
def test_a_quick_look_does_not_take_the_place_of_the_page(
    asked: list[str], whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a run that leaves nothing out is written there."""
    monkeypatch.setattr(sys, "argv", ["bench", *asked])

    assert (bench._arguments().out == bench.PAGE) is whole  # noqa: SLF001 - what a user types


def test_a_page_goes_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that of a quick look."""
    monkeypatch.setattr(sys, "argv", ["bench", "--rounds", "1", "--out", "mine.md"])
    arguments: Namespace = bench._arguments()  # noqa: SLF001 - alike

    assert arguments.out == Path("mine.md")
    assert {*arguments.peers} == {*PEERS}
