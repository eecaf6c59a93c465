"""What the logs tell: repetitions that are harmless, and older truths over newer ones."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from bench.chaos.expected import Truth, any_order, truth
from bench.chaos.reading import version_of
from bench.chaos.season import Arrival, season
from bench.chaos.verdict import Log, Said, by_fault, missing, promises
from streams.processing.pipeline import Pipeline


def _log(versions: Iterable[int]) -> Log:
    log = Log()
    for place, version in enumerate(versions):
        log.is_new(Said("standings", b"race", b"%d" % version, b"%d" % version, version, place))
    log.end()
    return log


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param([1, 2, 3], id="once"),
        pytest.param([1, 2, 3, 2, 3, 4], id="again after a crash"),
        pytest.param([1, 2, 3, 1, 2, 1, 2, 3, 4], id="again after two crashes"),
        pytest.param([1, 2, 3, 1, 2, 3], id="again and then nothing new"),
        pytest.param([5, 6], id="from any version"),
    ],
)
def test_saying_it_again_up_to_the_newest_is_no_older_truth(versions: list[int]) -> None:
    """A worker that was behind says what was said already, in order, until it is where the other was."""
    assert _log(versions).older == []


@pytest.mark.parametrize(
    ("versions", "older"),
    [
        pytest.param([1, 2, 3, 4, 2, 3, 5], [(3, 4, 5, 6)], id="until the next event"),
        pytest.param([1, 2, 3, 4, 2, 5, 3, 6], [(2, 4, 4, 5), (3, 5, 6, 7)], id="in between"),
        pytest.param([1, 2, 3, 2], [(2, 3, 3, None)], id="to the end"),
    ],
)
def test_an_older_version_that_stays_is_found(
    versions: list[int], older: list[tuple[int, int, int, int | None]]
) -> None:
    """Who was left behind and speaks all the same leaves an older version as the latest."""
    found = _log(versions).older

    assert [(each.version, each.newer, each.at_ms, each.until_ms) for each in found] == older


def test_repetitions_are_counted_and_must_be_the_same() -> None:
    """The same identity again is a repetition; with other bytes it is a conflict."""
    log = Log()
    said = [(b"a", b"1", 10), (b"b", b"2", 20), (b"a", b"1", 30), (b"b", b"3", 40)]
    new = [log.is_new(Said("podium", b"race", name, content, None, at)) for name, content, at in said]

    assert new == [True, True, False, False]
    assert log.again_at_ms == [30, 40]
    assert log.conflicts == [b"b"]


def test_moments_belong_to_the_last_fault_before_them() -> None:
    """Moments are counted by fault, those before any by themselves."""
    assert by_fault([5, 10, 15, 25, 26], [10, 20]) == Counter({-1: 1, 0: 2, 1: 2})


def _found(arrivals: Sequence[Arrival], *, without: int | None = None) -> Truth:
    """Take in what is published but for one message, as one reads it from logs."""
    found = Truth()
    pipeline = Pipeline(openings=False)
    for arrival in arrivals:
        found.add(arrival.stream, arrival.key, arrival.value, ())
    said = [
        each for arrival in arrivals for each in pipeline.feed(arrival.stream, arrival.key, arrival.value)
    ]
    for place, message in enumerate(said):
        if place != without:
            found.add(message.stream, message.key, message.value, message.headers)
    found.settle()
    found.boards = truth(arrivals).boards
    return found


def test_a_season_equals_itself_and_nothing_less() -> None:
    """All promises hold of a whole season; where one message is missing it is named as lost."""
    arrivals = list(season(3, 300, 4))
    expected = truth(arrivals)

    assert [
        each.name for each in promises(expected, _found(arrivals), [_log([1, 2])], 0, ()) if each.broken
    ] == []
    assert missing(expected, _found(arrivals)) == []
    count = len(expected.in_order["standings", arrivals[0].key])
    lost = f"standings {(arrivals[0].key or b'').decode()}: message 1 of {count}"
    assert missing(expected, _found(arrivals, without=0)) == [lost]


def test_fronts_rows_and_parts_are_held_against_memory() -> None:
    """Of races in parts too nothing may be missing, key by key, and nothing be otherwise."""
    arrivals = list(season(3, 600, 4, in_parts=True))
    expected = truth(arrivals)
    fields = [key for stream, key in expected.in_order if stream == "field"]

    assert {(key or b"").partition(b" ")[2].partition(b" ")[0] for key in fields} == {b"", b"row"}
    assert missing(expected, _found(arrivals)) == []
    assert [each.name for each in promises(expected, _found(arrivals), [], 0, ()) if each.broken] == []

    found = _found(arrivals)
    row = found.in_order["field", fields[-1]]
    row[-1] = b"another"

    broken = {each.name: each.broken for each in promises(expected, found, [], 0, ()) if each.broken}
    name = (fields[-1] or b"").decode()
    assert broken == {
        "every front, row and part of races in parts as in memory, to the byte": (f"field {name}",),
        "no version missing": (f"field {name}: message {len(row)} of {len(row)}",),
    }


def test_each_broken_promise_is_named() -> None:
    """Lag, faults not got over, conflicts, older versions, other content: each is a promise of its own."""
    arrivals = list(season(3, 300, 4))
    expected, found = truth(arrivals), truth(arrivals)
    found.boards.clear()
    found.letters[b"nobody knows why", b""] += 1
    log = _log([1, 2, 3, 2])
    log.conflicts.append(b"twice")

    broken = {each.name for each in promises(expected, found, [log], 7, ["add a worker"]) if each.broken}

    assert broken == {
        "boards end as in memory",
        "what is said twice is said in the same bytes",
        "the log of every key ends with its newest version",
        "no older version over a newer one",
        "no unexplained dead letter",
        "every fault got over",
        "lag back to zero",
    }


def test_what_depends_on_other_races_is_left_out() -> None:
    """Versions and moments of rankings, and of pace what was worked out from records."""
    pace = b'{"type":"pace","ahead_of_ms":{"WR":-3},"projected_ms":9,"basis":"record","version":2}'

    assert any_order("needs", b'{"version":3,"as_of":"now","entries":[]}') == b'{"entries": []}'
    assert any_order("pace", pace) == b'{"basis": null, "projected_ms": null, "type": "pace", "version": 2}'


def test_the_version_is_read_without_the_rest() -> None:
    """The number after the first `version`, of any length."""
    assert version_of(b'{"type":"standings","race_id":"a/M500/-","version":1042,"status":"LIVE"}') == 1042
