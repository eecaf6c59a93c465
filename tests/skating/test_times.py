"""Milliseconds and the text people read: always truncated, in whichever way it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.skating import times


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (1, "0.00"),
        (9_320, "9.32"),
        (34_260, "34.26"),
        (59_999, "59.99"),
        (60_000, "1:00.00"),
        (67_098, "1:07.09"),
        (67_929, "1:07.92"),
        (372_290, "6:12.29"),
        (3_600_000, "60:00.00"),
    ],
)
def test_text_is_truncated_to_hundredths(time_ms: int, text: str) -> None:
    """67.098 s is 1:07.09, never 1:07.10; minutes are written only where there are some."""
    assert times.text(time_ms) == text


@pytest.mark.parametrize(
    ("written", "time_ms"),
    [
        ("1:07.92", 67_920),
        ("1.07,92", 67_920),
        ("36.09", 36_090),
        ("36,09", 36_090),
        ("1:19.24(8)", 79_248),
        ("1:07.9289", 67_928),
        ("1:07.9", 67_900),
        (" 6:12.29 ", 372_290),
        ("1:00:00.00", 3_600_000),
        ("9.3267899", 9_326),
    ],
)
def test_parse_reads_what_people_write(written: str, time_ms: int) -> None:
    """Colon or the Dutch point and comma, with the thousandth of a tie; what is finer is cut off."""
    assert times.parse(written) == time_ms


@pytest.mark.parametrize("written", ["", "1:7:", "abc", "1:67.92", "-1.00", "36", "1:07.92(12)", "36.", "1:"])
def test_parse_says_what_it_could_not_read(written: str) -> None:
    """What is no time is an error that quotes it."""
    with pytest.raises(ValueError, match=r"^time: ") as caught:
        times.parse(written)
    assert repr(written) in str(caught.value)


def test_a_gap_is_the_difference_of_what_is_shown() -> None:
    """67.929 and 67.530 are shown 0.40 apart, although it is 0.399; so what is on the screen adds up."""
    assert times.difference(67_929, 67_530) == 390
    assert times.difference(67_930, 67_539) == 400
    assert times.difference(67_539, 67_530) == 0


@pytest.mark.parametrize(
    ("gap", "text"), [(400, "+0.40"), (-1_190, "-1.19"), (0, "+0.00"), (61_000, "+1:01.00")]
)
def test_a_gap_is_written_with_its_sign(gap: int, text: str) -> None:
    """Slower is plus, faster is minus."""
    assert times.signed(gap) == text


def test_the_thousandth_is_the_last_digit() -> None:
    """The sheet prints 79.248 of a tie as 1:19.24(8), and 79.240 as (0)."""
    assert (times.thousandth(79_248), times.thousandth(79_240)) == ("8", "0")


@given(st.integers(min_value=0, max_value=3_599_999))
def test_what_is_written_reads_back_as_what_is_shown(time_ms: int) -> None:
    """Text, with or without the thousandth, in English or Dutch, reads back without loss of what it says."""
    text = times.text(time_ms)
    assert times.parse(text) == times.shown(time_ms) == time_ms - time_ms % 10
    assert times.parse(text.replace(".", ",").replace(":", ".")) == times.shown(time_ms)
    assert times.parse(f"{text}({times.thousandth(time_ms)})") == time_ms
