"""What a gateway remembers, and for how long."""

from dataclasses import replace

from streams.gateway.history import History
from tests.gateway.telling import NOW, Heard, heard, history_of


def payloads(history: History) -> list[bytes]:
    """Give what the history has in its entries."""
    return [entry.told.payload for _, entry in history.entries(history.first, history.end)]


def test_a_message_that_comes_again_tells_nothing() -> None:
    """A worker that was started again says things twice, the same to the byte; viewers hear them once."""
    messages = heard("torture")
    history = history_of(messages)
    again = [replace(message, offset=message.offset + 1_000) for message in messages[-40:]]

    told = [history.take(message.told(), message.identity) for message in again]

    assert not any(told)
    assert payloads(history) == [message.value for message in messages]
    assert history.positions["s", 0] == max(one.offset for one in again if one.stream == "standings") + 1


def test_an_older_sheet_never_follows_a_newer_one() -> None:
    """A frozen worker that wakes up publishes what it had in hand, under another identity."""
    sheets = [message for message in heard("2022-olympics-beijing") if message.stream == "standings"]
    history = history_of(sheets)
    zombie = Heard("standings", 9_000, sheets[20].value, "another id")

    assert not history.take(zombie.told(), zombie.identity)
    assert payloads(history)[-1] == sheets[-1].value


def test_what_is_old_settles_into_what_holds() -> None:
    """After its time only the latest of everything is kept, and together they tell the same present."""
    messages = heard("torture")
    history = history_of(messages[:100], at=NOW)
    for message in messages[100:]:
        history.take(message.told(NOW + 200), message.identity)
    everything = history_of(messages)
    everything.trim(NOW + 10_000, everything.end)

    history.trim(NOW + 301, history.end)

    assert (history.first, history.end) == (100, len(messages))
    assert len(list(history.settled.told())) < 100
    history.trim(NOW + 501, history.end)
    assert [one.payload for one in history.settled.told()] == [
        one.payload for one in everything.settled.told()
    ]


def test_nothing_settles_that_a_delayed_stream_has_still_to_tell() -> None:
    """However old or large it is."""
    messages = heard("torture")
    history = history_of(messages)
    history.most_bytes = 1

    history.trim(NOW + 10_000, 30)

    assert history.first == 30


def test_too_much_goes_early_but_not_before_the_longest_delay() -> None:
    """A viewer who asks for the longest delay now is still told everything in its order."""
    messages = heard("torture")
    history = history_of(messages)
    history.most_bytes = 1

    history.trim(NOW + 119, history.end)
    kept = history.first
    history.trim(NOW + 121, history.end)

    assert (kept, history.first) == (0, history.end)


def test_what_somebody_misses_is_known_as_long_as_it_is_all_there() -> None:
    """After that the present has to be told instead."""
    messages = heard("torture")
    history = history_of(messages)
    place = {("s", 0): 10, ("p", 0): 2, ("t", 0): 5, ("r", 0): 0, ("n", 0): 0}

    missing = [entry.told.payload for entry in history.missing(place, history.end)]

    limits = {"standings": 10, "podium": 2, "pace": 5}
    assert missing == [one.value for one in messages if one.offset >= limits.get(one.stream, 0)]
    assert history.has_all_since(place)
    history.trim(NOW + 400, 40)
    assert not history.has_all_since(place)
    assert history.has_all_since(history.positions)


def test_made_anew_means_nothing_is_known() -> None:
    """Versions and offsets of other topics say nothing of these; numbers of entries go on."""
    messages = heard("torture")
    history = history_of(messages)
    end = history.end

    history = history.anew()

    assert (history.first, history.end, history.positions, history.generation) == (end, end, {}, 1)
    assert history.take(messages[0].told(), messages[0].identity)
