"""An agent knows the next offset of each partition, and a jump is loss."""

import pytest

from streams.agents.positions import MessagesLostError, Positions


def test_offsets_that_follow_one_another_arrive() -> None:
    """Reading goes on from where it began, in each partition by itself."""
    positions = Positions("skating.timing")
    positions.begin(0, 7)
    positions.begin(1, 0)

    positions.arrived(0, 7)
    positions.arrived(1, 0)
    positions.arrived(0, 8)

    assert positions.knows(0)
    assert not positions.knows(2)


def test_a_jump_is_loss() -> None:
    """The error says which messages of which topic are missing, and what to do."""
    positions = Positions("skating.timing")
    positions.begin(3, 10)
    positions.arrived(3, 10)

    with pytest.raises(MessagesLostError, match=r"partition 3: expected offset 11, got 14: 3 mess"):
        positions.arrived(3, 14)


def test_a_jump_at_the_very_beginning_is_loss_too() -> None:
    """The first message after a rebalance must be the committed one."""
    positions = Positions("skating.timing")
    positions.begin(0, 5)

    with pytest.raises(MessagesLostError, match="expected offset 5, got 6"):
        positions.arrived(0, 6)


def test_what_comes_again_is_no_loss() -> None:
    """A message that was read before may come again; the one that is due stays due."""
    positions = Positions("skating.timing")
    positions.begin(0, 5)
    positions.arrived(0, 5)
    positions.arrived(0, 5)

    with pytest.raises(MessagesLostError):
        positions.arrived(0, 7)


def test_a_rebalance_begins_anew() -> None:
    """What was read before the group was rebalanced says nothing about where reading goes on."""
    positions = Positions("skating.timing")
    positions.begin(0, 5)
    positions.forget()

    assert not positions.knows(0)
