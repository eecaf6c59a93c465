"""Numbers without holes."""

import pytest

from bench.chaos.numbering import Numbering
from streams.processing.messages import Stream


def _holes(*said: tuple[Stream, bytes]) -> list[str]:
    numbers = Numbering()
    for stream, identity in said:
        numbers.add(stream, identity)
    return list(numbers.holes())


WHOLE: tuple[tuple[Stream, bytes], ...] = (
    ("standings", b"cup/M500/A/1@1.0/standings"),
    ("podium", b"cup/M500/A/1@1.1/podium.changed"),
    ("performances", b"cup/M500/A/1@1.2/performances"),
    ("results", b"cup/M500/A/1@2.0/race.results"),
    ("records", b"cup/M500/A/1@1.2.0/record.set"),
    ("records", b"cup/M500/A/1@1.2.1/record.missed"),
    ("pace", b"cup/M500/A/1@1.2.0/pace"),
    ("rankings", b"2030/worldcup/M500@1/ranking"),
    ("rankings", b"2030/worldcup/M500@2/ranking"),
    ("needs", b"2030/allround@1/samalog.needs"),
)


def test_what_is_whole_has_no_hole() -> None:
    """Places of a race count over all streams, in any order; needs of a race are not among them."""
    assert _holes(*reversed(WHOLE), ("needs", b"cup/M500/A/1@7.3/needs")) == []


@pytest.mark.parametrize("left_out", [0, 1, 4, 7])
def test_what_is_left_out_before_the_last_is_a_hole(left_out: int) -> None:
    """In a race, a message or a ranking."""
    assert len(_holes(*WHOLE[:left_out], *WHOLE[left_out + 1 :])) == 1


def test_a_version_that_is_left_out_is_a_hole() -> None:
    """Version 3 of a race without version 2."""
    assert _holes(WHOLE[0], ("standings", b"cup/M500/A/1@3.0/standings")) == ["cup/M500/A/1: 2 versions of 3"]
