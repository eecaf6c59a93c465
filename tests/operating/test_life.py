"""Whether a worker goes on: by its loop, by what its agents finish, and by how long it recovers."""

from dataclasses import dataclass

from streams.operating.life import Life, Seen

PATIENCE_S = 60.0


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def _taking(clock: Clock) -> Life:
    life = Life(PATIENCE_S, clock)
    life.taking()
    return life


def _pass(life: Life, clock: Clock, seconds: float, seen: Seen) -> None:
    """Let time pass, with a beat a second that sees the same each time."""
    for _ in range(int(seconds)):
        clock.now += 1
        life.beat({"races": seen})


def test_a_worker_that_has_nothing_to_do_is_well() -> None:
    """Nothing waits, so nothing has to be finished, however long the night."""
    clock = Clock()
    life = _taking(clock)

    _pass(life, clock, 3600, Seen(finished=10, heard_s=1.0))

    assert life.condition().healthy
    assert life.condition().ready


def test_an_agent_that_finishes_nothing_though_something_waits_is_stuck() -> None:
    """The complaint names the agent and says what it has before it; after the patience, not sooner."""
    clock = Clock()
    life = _taking(clock)
    hangs = Seen(finished=10, in_hand=12, lag=40, waiting=True, heard_s=3.0)
    _pass(life, clock, 1 + PATIENCE_S, hangs)
    assert life.condition().healthy

    _pass(life, clock, 1, hangs)

    told = life.condition()
    assert (told.healthy, told.ready) == (False, False)
    assert told.complaints == {
        "races": "finished nothing for 61 s: 12 in hand, 40 behind, last heard from Kafka 3 s ago"
    }
    assert life.stuck("races")


def test_one_message_finished_is_progress() -> None:
    """A slow agent is not stuck, and one that was is well as soon as it goes on."""
    clock = Clock()
    life = _taking(clock)
    for finished in range(5):
        _pass(life, clock, PATIENCE_S - 1, Seen(finished, in_hand=1, waiting=True))
    _pass(life, clock, PATIENCE_S, Seen(4, in_hand=1, waiting=True))
    assert not life.condition().healthy

    _pass(life, clock, 1, Seen(5, in_hand=1, waiting=True))

    assert life.condition().healthy


def test_an_agent_stands_still_from_when_something_waits() -> None:
    """The night before the first race does not count as standing still."""
    clock = Clock()
    life = _taking(clock)
    _pass(life, clock, 3600, Seen(finished=10))

    _pass(life, clock, PATIENCE_S - 1, Seen(finished=10, in_hand=1, waiting=True))

    assert life.condition().healthy


def test_a_recovery_may_take_its_time_but_not_for_ever() -> None:
    """While a worker starts or recovers it is not ready, and after the patience not healthy either."""
    clock = Clock()
    life = Life(PATIENCE_S, clock)
    clock.now += PATIENCE_S
    life.beat({})
    assert (life.condition().healthy, life.condition().ready) == (True, False)

    clock.now += 1
    life.beat({})

    assert life.condition().complaints == {"worker": "it has been starting or recovering for 61 s"}
    assert life.taking() == PATIENCE_S + 1
    assert life.condition().ready


def test_a_rebalance_within_a_rebalance_counts_from_the_first() -> None:
    """What was seen before does not make an agent stuck after it."""
    clock = Clock()
    life = _taking(clock)
    waits = Seen(finished=1, in_hand=1, waiting=True)
    _pass(life, clock, PATIENCE_S - 10, waits)
    life.rebalancing()
    clock.now += 15
    life.rebalancing()
    clock.now += 5
    assert not life.stuck("races")

    assert life.taking() == 20
    _pass(life, clock, PATIENCE_S, waits)

    assert life.condition().healthy


def test_a_loop_that_does_not_go_round_is_told_by_its_silence() -> None:
    """Nobody has to go on for this to be noticed."""
    clock = Clock()
    life = _taking(clock)
    life.beat({})

    clock.now += PATIENCE_S + 5

    assert life.condition().complaints == {"worker": "its event loop has not gone round for 65 s"}
