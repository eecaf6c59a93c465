"""Who was lapped in a mass start: waited for while the race goes on, and not any more when it is closed."""

from tests.skating.a_race import Event, closed, lap, mass_start, sprint, told

MASS = "2021-wc1/MMS/A"
STORY: tuple[Event, ...] = (
    mass_start("ann bea cor", laps=2),
    lap("ann", 2, 80_000, 80),
    lap("bea", 2, 80_100, 81),
    lap("cor", 1, 41_000, 42),
    sprint(2, 82, ann=60, bea=40),
)


def test_lapped_skater_is_waited_for_until_the_closing() -> None:
    """Before the closing the missing lap may still come, and could cost places; afterwards it cannot."""
    before, after = told(*STORY), told(*STORY, closed("OFFICIAL", 90, MASS))

    assert (before.standings[-1].remaining, after.standings[-1].remaining) == (1, 0)
    assert before.sheet == after.sheet == ["1 ann 1:20.00", "2 bea 1:20.10", "3 cor 41.00"]
    assert before.sure == ["ann 2", "bea 3"]
    assert after.sure == ["ann 2", "bea 3", "ann 1", "bea 2"]


def test_skater_without_a_lap_stays_missing_after_the_closing() -> None:
    """Whom nobody measured or ruled on is missing still, since nothing says what became of the skater."""
    story = [event for event in STORY if event.get("competitor_id") != "cor"]

    assert told(*story, closed("UNOFFICIAL", 90, MASS)).standings[-1].remaining == 1
