"""Milliseconds, and the text people read.

Results show hundredths, truncated and never rounded: 67.098 s is 1:07.09 (RULES: times and ties).
"""

import re

_SECONDS_IN_A_MINUTE = 60
_WRITTEN = re.compile(
    r"(?:(?:(?P<h>\d+):)?(?P<m>\d{1,2})[:.])?(?P<s>\d{1,2})[.,](?P<f>\d{1,7})(?:\((?P<t>\d)\))?"
)


def shown(time_ms: int) -> int:
    """Truncate a time to the hundredths that are shown, still in milliseconds: 67098 gives 67090."""
    return time_ms - time_ms % 10


def difference(time_ms: int, other_ms: int) -> int:
    """Subtract what is shown of `other_ms` from what is shown of `time_ms`, in milliseconds.

    Laps and gaps are differences of shown times, so that what is on the screen adds up.
    """
    return shown(time_ms) - shown(other_ms)


def text(time_ms: int) -> str:
    """Write a time of at least 0 ms as people read it: 36090 gives `36.09`, 67929 gives `1:07.92`."""
    seconds, hundredths = divmod(time_ms // 10, 100)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes}:{seconds:02}.{hundredths:02}" if minutes else f"{seconds}.{hundredths:02}"


def signed(gap_ms: int) -> str:
    """Write a gap as people read it: 400 gives `+0.40`, -1190 gives `-1.19`."""
    return f"{'-' if gap_ms < 0 else '+'}{text(abs(gap_ms))}"


def thousandth(time_ms: int) -> str:
    """Give the digit that decides between equal hundredths: 79248 gives `8`."""
    return str(time_ms % 10)


def parse(written: str) -> int:
    """Read a time as people write it, to whole milliseconds; what is finer is cut off.

    `1:07.92`, the Dutch `1.07,92`, `36.09`, and a sheet's `1:19.24(8)` for 1:19.248 are all read.

    Raises:
        ValueError: where `written` is no such time.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"time: expected one like 1:07.92 or 1.07,92, got {written!r}")
    fraction = found["f"] + (found["t"] or "")
    whole = (int(found["h"] or 0) * 60 + int(found["m"] or 0)) * 60 + int(found["s"])
    if found["m"] is not None and int(found["s"]) >= _SECONDS_IN_A_MINUTE:
        raise ValueError(f"time: seconds go to 59 where there are minutes, got {written!r}")
    return whole * 1000 + int(fraction[:3].ljust(3, "0"))
