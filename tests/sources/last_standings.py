"""What input events come to, without the moments at which they were received."""

import json
from collections.abc import Sequence
from typing import Any

from streams.event_files import Line
from streams.processing.pipeline import Pipeline


def final(lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """Run events in memory and give the last standings of each race, without the moments of receipt."""
    pipeline = Pipeline(openings=False)
    found: dict[str, dict[str, Any]] = {}
    for line in sorted(lines, key=lambda line: line.stream != "reference"):
        for message in pipeline.feed(line.stream, line.key, line.value):
            assert message.stream != "dead-letters", message
            if message.stream == "standings":
                found[(message.key or b"").decode()] = json.loads(message.value)
    for standings in found.values():
        for field in ("as_of", "version"):
            del standings[field]
    return found
