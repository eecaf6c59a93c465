"""A load for measuring: a fixture's races, as often as asked, each copy a competition of its own."""

from collections.abc import Iterator
from pathlib import Path

from streams.event_files import Line, read_events

FIXTURE = Path(__file__).parents[1] / "fixtures" / "2021-wc3-salt-lake-city.jsonl"
_COMPETITION = b"2021-wc3-salt-lake-city"


def copies(count: int) -> Iterator[Line]:
    """Give the fixture's reference events once, then its timing `count` times, copy after copy."""
    lines = list(read_events([FIXTURE]))
    yield from (line for line in lines if line.stream == "reference")
    for number in range(count):
        name = b"copy-%d" % number
        for line in lines:
            if line.stream == "timing" and line.key is not None:
                value = line.value.replace(_COMPETITION, name)
                yield Line(line.file, line.number, value, line.stream, line.key.replace(_COMPETITION, name))
