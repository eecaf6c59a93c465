"""Where sheets and core are known to differ, and why: all of these must be found, and nothing else."""

from tests.sheets.compared import Difference

KNOWN: dict[str, list[Difference]] = {
    "World Cup 1 prints (N)44 for fourth place of both mass starts of the A division; the scale has 43, as "
    "World Cup 2 prints, and other places that are marked (N) score by the scale": [
        Difference("1/27", 4, "World Cup points", 44, 43),
        Difference("1/28", 4, "World Cup points", 44, 43),
    ],
    "this list of the B division goes from 19 to 17: rank 3 and everybody after it get what one rank lower "
    "scores, and rank 20 nothing; the other three lists of B division mass starts follow the scale": [
        Difference("2/26", rank, "World Cup points", 20 - rank, 21 - rank) for rank in range(3, 21)
    ],
    "the two mass starts with a DQ print a place for it, and its laps; with an irm there is no rank, as on "
    "all sheets of timed races with a DQ": [
        Difference("2/26", 27, "rank", 27, None),
        Difference("2/28", 24, "rank", 24, None),
    ],
}
"""By reason. Ours is what the contract asks for in every one of them."""

TAKEN: dict[tuple[str, int], int] = {
    ("1/22", 25): 6,
    ("1/22", 26): 2,
    ("2/26", 25): 2,
    ("2/28", 22): 3,
}
"""Sprint points, by sheet and rank, that are printed as won and yet missing from the total, which is 0.

The sheets do not say why: two were lapped, two finished all laps more than 40 s behind the winner. It is the
referees' word, not arithmetic, so the events take the points back by scoring those sprints again.
"""
