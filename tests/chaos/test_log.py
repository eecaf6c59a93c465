"""What logs tell: repetitions that are harmless, and older truths over newer ones."""

from collections import Counter
from collections.abc import Iterable

import pytest

from bench.chaos.log import Log, Said, by_fault, version_of


def _log(versions: Iterable[int]) -> Log:
    log = Log("standings")
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
    log = Log("podium")
    said = [(b"a", b"1", 10), (b"b", b"2", 20), (b"a", b"1", 30), (b"b", b"3", 40)]
    new = [log.is_new(Said("podium", b"race", name, content, None, at)) for name, content, at in said]

    assert new == [True, True, False, False]
    assert log.again_at_ms == [30, 40]
    assert log.conflicts == [b"b"]


def test_moments_belong_to_the_last_fault_before_them() -> None:
    """Moments are counted by fault, those before any by themselves."""
    assert by_fault([5, 10, 15, 25, 26], [10, 20]) == Counter({-1: 1, 0: 2, 1: 2})


def test_the_version_is_read_without_the_rest() -> None:
    """The number after the first `version`, of any length."""
    assert version_of(b'{"type":"standings","race_id":"a/M500/-","version":1042,"status":"LIVE"}') == 1042
