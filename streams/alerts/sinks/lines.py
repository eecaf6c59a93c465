"""An alert as readable lines, for terminals."""

import json
from datetime import datetime


def readable(body: bytes, at: datetime, sink: str = "") -> list[str]:
    """Write an alert as two lines: when, what it is and its headline, then its text.

    Args:
        body: the alert as it goes to webhooks.
        at: when.
        sink: to whom, where that is to be said.
    """
    told = json.loads(body)
    to = f"{plain(sink)}  " if sink else ""
    return [
        f"{at:%H:%M:%S}  {to}{plain(told['alert'])}  {plain(told['title'])}",
        f"          {plain(told['text'])}",
    ]


def plain(text: str) -> str:
    """Leave out what would steer a terminal; names come from other people's systems."""
    return "".join(character for character in text if character.isprintable())
