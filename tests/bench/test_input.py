"""What peers are given is the same every time, and what workers are made to remember is what they would."""

from bench.offered import expected, offered, versions
from bench.remembered import copied, rows
from streams.processing.ledger import Ledger, Stored, seal
from streams.processing.pipeline import steps


def test_the_same_is_offered_every_time() -> None:
    """A difference between two peers is never one of their input."""
    assert offered(300) == offered(300)
    assert len(offered(300).timing) == 300


def test_every_standings_message_is_expected_of_one_event() -> None:
    """Which standings an event leads to is told for all there are, so that none is waited for in vain."""
    given = offered(300)
    leads_to = [version for version in versions(given.timing) if version is not None]

    assert len(leads_to) == len(set(leads_to)) == len(expected("standings", given)["standings"])


def test_copied_rows_are_the_state_of_other_races() -> None:
    """Each step reads the rows back; a copy has as many races, by other names."""
    known = rows(300)
    for step in steps(openings=False):
        once, twice = Ledger(step), Ledger(step)
        for ledger, times in ((once, 1), (twice, 2)):
            told = [row for row in copied(known, times) if row.step == step.name]
            ledger.restore((row.name, seal(Stored(0, 0, row.row))) for row in told)
        if step.name == "races":
            assert len(twice.states()) == 2 * len(once.states()) > 0
        else:
            assert twice.states().keys() == once.states().keys()
    assert len({(row.step, row.name) for row in copied(known, 3)}) == 3 * len(known)
